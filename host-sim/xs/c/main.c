/*
 * The process: reads options and modules, makes flash of them, makes the device machine in its arena,
 * and serves Node until the pipe ends. It never outlives Node and never ends without saying why.
 */
#include "xs.h"
#include "host.h"
#include "machine.h"

#define NAME_MODULO 53
#define SYMBOL_MODULO 3

static int dying;

void die(int status, const char* format, ...)
{
	char text[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fprintf(stderr, "mote-xs: %s\n", text);
	if (!dying) {
		dying = 1;
		pipeBegin(FRAME_DEATH);
		pipePutU32((uint32_t)status);
		pipePutU32((uint32_t)strlen(text));
		pipePutBytes(text, (uint32_t)strlen(text));
		pipeSend();
	}
	_exit(status);
}

void fxAbort(xsMachine* the, int status)
{
	(void)the;
	switch (status) {
	case xsNotEnoughMemoryExit:
		die(EXIT_ARENA_FULL, "the arena of %lu bytes is full", (unsigned long)arenaBytes());
	case xsStackOverflowExit:
		die(EXIT_STACK_FULL, "the stack is full");
	case xsNoMoreKeysExit:
		die(EXIT_KEYS_FULL, "no more property names fit: give more keys");
	default:
		die(EXIT_ENGINE, "the engine gave up (%d)", status);
	}
}

static char* getText(void)
{
	uint32_t count;
	const char* bytes = pipeGetBytes(&count);
	return strndup(bytes, count);
}

static void preload(xsMachine* root, const char* name)
{
	xsBeginHost(root);
	xsTry {
		xsResult = xsAwaitImport(name, XS_IMPORT_NAMESPACE);
	}
	xsCatch {
		xsResult = xsException;
		die(EXIT_LINK, "preload of %s: %s", name, xsToString(xsResult));
	}
	xsEndHost(root);
	fxCollectGarbage(root);
}

static void addModule(xsMachine* root)
{
	char* name = getText();
	char* source = getText();
	xsBeginHost(root);
	xsTry {
		flashAdd(the, name, source, strlen(source));
	}
	xsCatch {
		xsResult = xsException;
		die(EXIT_LINK, "%s: %s", name, xsToString(xsResult));
	}
	xsEndHost(root);
	free(source);
	free(name);
}

int main(void)
{
	xsCreation rootCreation = {
		16 * 1024 * 1024, 1024 * 1024, 256 * 1024, 64 * 1024, 16 * 1024,
		32 * 1024, 1024, NAME_MODULO, SYMBOL_MODULO, 256 * 1024, 1993, 0
	};
	xsCreation creation = { 1536, 512, 512, 64, 384, 32, 0, NAME_MODULO, SYMBOL_MODULO, 1024, 17, 0 };
	xsMachine *root, *device;
	uint32_t arenaSize = 0;
	int sealed = 0;

	root = fxCreateMachine(&rootCreation, "flash", NULL, xsNoID);
	if (!root)
		die(EXIT_ENGINE, "no root machine");
	nativesInstall(root);
	while (!sealed) {
		uint8_t type = pipeReceive();
		switch (type) {
		case FRAME_OPTIONS:
			arenaSize = pipeGetU32();
			creation.stackCount = (xsIntegerValue)pipeGetU32();
			creation.initialKeyCount = (xsIntegerValue)pipeGetU32();
			creation.initialHeapCount = (xsIntegerValue)pipeGetU32();
			creation.initialChunkSize = (xsIntegerValue)pipeGetU32();
			break;
		case FRAME_ALIAS: {
			char* from = getText();
			char* to = getText();
			flashAlias(from, to);
			free(from);
			free(to);
		} break;
		case FRAME_MODULE: addModule(root); break;
		case FRAME_PRELOAD: {
			char* name = getText();
			preload(root, name);
			free(name);
		} break;
		case FRAME_MEMORY: sealed = 1; break;
		default: die(EXIT_PROTOCOL, "frame %c before there is a machine", type);
		}
	}
	flashSeal(root);
	arenaOpen(arenaSize);
	device = fxCloneMachine(&creation, root, "device", NULL);
	if (!device)
		die(EXIT_ARENA_FULL, "the arena of %lu bytes is too small for an empty machine", (unsigned long)arenaBytes());
	xsBeginHost(device);
	callsReady(the);
	xsEndHost(device);
	fxCollectGarbage(device);
	{
		/* Answers the frame that sealed flash: here is a machine. */
		ArenaUse use;
		arenaMeasure(device, &use);
		pipeBegin(FRAME_DONE);
		pipePutU8(TAG_NUMBER);
		pipePutF64(use.fixedBytes + use.slotBytes + use.chunkBytes);
		pipeSend();
	}
	callsServe(device);
	return EXIT_ORDERLY;
}
