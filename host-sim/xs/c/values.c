/* JavaScript values and errors as fields of frames: undefined, null, booleans, numbers, strings, bytes. */
#include "xs.h"
#include "host.h"
#include "machine.h"

void putValue(xsMachine* the, xsSlot* slot)
{
	double number;
	void* data;
	xsUnsignedValue count;
	switch (fxTypeOf(the, slot)) {
	case xsUndefinedType: pipePutU8(TAG_UNDEFINED); break;
	case xsNullType: pipePutU8(TAG_NULL); break;
	case xsBooleanType: pipePutU8(fxToBoolean(the, slot) ? TAG_TRUE : TAG_FALSE); break;
	case xsIntegerType:
	case xsNumberType:
		number = fxToNumber(the, slot);
		pipePutU8(TAG_NUMBER);
		pipePutF64(number);
		break;
	case xsStringType:
	case xsStringXType: {
		xsStringValue string = fxToString(the, slot);
		pipePutU8(TAG_STRING);
		pipePutU32((uint32_t)strlen(string));
		pipePutBytes(string, (uint32_t)strlen(string));
	} break;
	default:
		_xsmcGetBuffer(the, slot, &data, &count, 0);
		pipePutU8(TAG_BYTES);
		pipePutU32(count);
		pipePutBytes(data, count);
		break;
	}
}

void getValue(xsMachine* the, xsSlot* slot)
{
	uint32_t count;
	const char* bytes;
	double number;
	switch (pipeGetU8()) {
	case TAG_UNDEFINED: fxUndefined(the, slot); break;
	case TAG_NULL: fxNull(the, slot); break;
	case TAG_FALSE: fxBoolean(the, slot, 0); break;
	case TAG_TRUE: fxBoolean(the, slot, 1); break;
	case TAG_NUMBER:
		number = pipeGetF64();
		if ((number == (xsIntegerValue)number) && !((number == 0) && signbit(number)))
			fxInteger(the, slot, (xsIntegerValue)number);
		else
			fxNumber(the, slot, number);
		break;
	case TAG_STRING:
		bytes = pipeGetBytes(&count);
		fxStringBuffer(the, slot, (xsStringValue)bytes, (xsIntegerValue)count);
		break;
	case TAG_BYTES:
		bytes = pipeGetBytes(&count);
		fxArrayBuffer(the, slot, (void*)bytes, (xsIntegerValue)count, -1);
		break;
	default: die(EXIT_PROTOCOL, "a value of an unknown kind");
	}
}

void sendError(xsMachine* the)
{
	/* The text is made first: making it may throw, and then nothing half-written may be left. */
	xsStringValue text;
	xsTry {
		xsResult = xsException;
		text = xsToString(xsResult);
		pipeBegin(FRAME_ERROR);
		pipePutU32((uint32_t)strlen(text));
		pipePutBytes(text, (uint32_t)strlen(text));
	}
	xsCatch {
		const char* unknown = "an error that cannot be shown as text";
		pipeBegin(FRAME_ERROR);
		pipePutU32((uint32_t)strlen(unknown));
		pipePutBytes(unknown, (uint32_t)strlen(unknown));
	}
	pipeSend();
}
