/*
 * Calls between the device machine and Node, both ways and one inside the other: hostCall and hostFill
 * ask Node; Node calls functions that stand in the machine's table of callbacks, by index.
 */
#include "xs.h"
#include "host.h"
#include "machine.h"

static int running;
static xsSlot callbacks;
static xsSlot witness;

/* Runs callback `index`; with `once` its place in the table is free again before it runs. */
static void dispatch(xsMachine* the)
{
	xsTry {
		xsIndex index = pipeGetU32();
		int once = pipeGetU8();
		int count = 0;
		xsOverflow(-8);
		fxPush(xsUndefined);
		fxPush(xsAccess(callbacks));
		fxGetIndex(the, index);
		if (once)
			xsSetIndex(xsAccess(callbacks), index, xsUndefined);
		fxCall(the);
		while (pipeLeft()) {
			xsOverflow(-1);
			fxPush(xsUndefined);
			getValue(the, the->stack);
			count++;
		}
		fxRunCount(the, count);
		pipeBegin(FRAME_DONE);
		putValue(the, the->stack);
		the->stack++;
		pipeSend();
	}
	xsCatch {
		sendError(the);
	}
}

static void sendMemory(xsMachine* the)
{
	ArenaUse use;
	arenaMeasure(the, &use);
	pipeBegin(FRAME_USE);
	pipePutF64((double)arenaBytes());
	pipePutF64((double)arenaSlotSize());
	pipePutF64(use.fixedBytes);
	pipePutF64(use.slotBytes);
	pipePutF64(use.chunkBytes);
	pipePutF64(use.collections);
	pipePutF64(use.reservedBytes);
	pipeSend();
}

/* Waits for the answer to a call. Node may dispatch callbacks before it answers. */
static uint8_t awaitReply(xsMachine* the)
{
	for (;;) {
		uint8_t type = pipeReceive();
		switch (type) {
		case FRAME_REPLY:
		case FRAME_FILL:
			return type;
		case FRAME_DISPATCH:
			dispatch(the);
			break;
		case FRAME_THROW: {
			uint32_t count;
			const char* text = pipeGetBytes(&count);
			xsResult = xsStringBuffer((xsStringValue)text, (xsIntegerValue)count);
			xsThrow(xsNew1(xsGlobal, xsID("Error"), xsResult));
		}
		default: die(EXIT_PROTOCOL, "frame %c while waiting for a reply", type);
		}
	}
}

static void call(xsMachine* the, uint8_t type, int first)
{
	int i, count = xsToInteger(xsArgc);
	if (!running)
		xsUnknownError("the host cannot be called while modules are preloaded");
	pipeBegin(type);
	putValue(the, &xsArg(0));
	for (i = first; i < count; i++)
		putValue(the, &xsArg(i));
}

/* hostCall(operation, …arguments): what Node returns, or throws. */
void hostCall(xsMachine* the)
{
	call(the, FRAME_CALL, 1);
	pipeSend();
	awaitReply(the);
	getValue(the, &xsResult);
}

/* hostFill(operation, into, …arguments): Node fills a buffer of into's length; its bytes land in `into`. */
void hostFill(xsMachine* the)
{
	void* data;
	xsUnsignedValue size;
	uint32_t count;
	const char* bytes;
	_xsmcGetBuffer(the, &xsArg(1), &data, &size, 1);
	call(the, FRAME_FILL_CALL, 2);
	pipePutU8(TAG_NUMBER);
	pipePutF64(size);
	pipeSend();
	if (awaitReply(the) != FRAME_FILL)
		die(EXIT_PROTOCOL, "a reply where a filled buffer was due");
	bytes = pipeGetBytes(&count);
	_xsmcGetBuffer(the, &xsArg(1), &data, &size, 1);
	if (count > size)
		die(EXIT_PROTOCOL, "more bytes than there is room for");
	memcpy(data, bytes, count);
	getValue(the, &xsResult);
}

void hostCallbacks(xsMachine* the)
{
	if (!running)
		xsUnknownError("there are no callbacks while modules are preloaded");
	xsResult = xsAccess(callbacks);
}

static void markWitness(xsMachine* the, void* data, xsMarkRoot markRoot)
{
	(void)the; (void)data; (void)markRoot;
	arenaCollected();
}

static const xsHostHooks witnessHooks = { NULL, markWitness, NULL };

void callsReady(xsMachine* the)
{
	callbacks = xsNewArray(0);
	xsRemember(callbacks);
	witness = xsNewHostObject(NULL);
	fxSetHostData(the, &witness, &witness);
	fxSetHostHooks(the, &witness, &witnessHooks);
	xsRemember(witness);
	running = 1;
}

void callsServe(xsMachine* machine)
{
	for (;;) {
		uint8_t type = pipeReceive();
		switch (type) {
		case FRAME_GO: {
			uint32_t count;
			const char* bytes = pipeGetBytes(&count);
			char* entry = strndup(bytes, count);
			xsBeginHost(machine);
			xsTry {
				xsResult = xsAwaitImport(entry, XS_IMPORT_NAMESPACE);
				pipeBegin(FRAME_DONE);
				pipePutU8(TAG_UNDEFINED);
				pipeSend();
			}
			xsCatch {
				sendError(the);
			}
			xsEndHost(machine);
			free(entry);
		} break;
		case FRAME_DISPATCH:
			xsBeginHost(machine);
			dispatch(the);
			xsEndHost(machine);
			break;
		case FRAME_MEMORY:
			if (pipeGetU8()) {
				fxCollectGarbage(machine);
				arenaBreathe(machine);
			}
			sendMemory(machine);
			break;
		default: die(EXIT_PROTOCOL, "frame %c while idle", type);
		}
	}
}
