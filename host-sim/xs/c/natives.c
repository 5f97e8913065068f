/*
 * What the device machine may call, as globals kept in flash: the host, the clock, and, for benches
 * alone, real time and what memory is in use.
 */
#include "xs.h"
#include "host.h"
#include "machine.h"

static void setNumber(xsMachine* the, double number)
{
	if (number == (xsIntegerValue)number)
		xsResult = xsInteger((xsIntegerValue)number);
	else
		xsResult = xsNumber(number);
}

static void hostNowMs(xsMachine* the)
{
	setNumber(the, pipeNowMs());
}

static void nowUs(xsMachine* the)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	xsResult = xsNumber((double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3);
}

static void slotsInUse(xsMachine* the)
{
	ArenaUse use;
	arenaMeasure(the, &use);
	setNumber(the, use.slotBytes / (double)arenaSlotSize());
}

static void chunkBytesInUse(xsMachine* the)
{
	ArenaUse use;
	arenaMeasure(the, &use);
	setNumber(the, use.chunkBytes);
}

static void collections(xsMachine* the)
{
	ArenaUse use;
	arenaMeasure(the, &use);
	setNumber(the, use.collections);
}

static void collect(xsMachine* the)
{
	xsCollectGarbage();
}

static void install(xsMachine* the, const char* name, xsCallback function, int length)
{
	xsVars(1);
	xsVar(0) = xsNewHostFunction(function, length);
	xsDefine(xsGlobal, xsID(name), xsVar(0), xsDontEnum);
}

void nativesInstall(xsMachine* root)
{
	static const struct { const char* name; xsCallback function; int length; } natives[] = {
		{ "hostCall", hostCall, 1 },
		{ "hostFill", hostFill, 2 },
		{ "hostCallbacks", hostCallbacks, 0 },
		{ "hostNowMs", hostNowMs, 0 },
		{ "nowUs", nowUs, 0 },
		{ "slotsInUse", slotsInUse, 0 },
		{ "chunkBytesInUse", chunkBytesInUse, 0 },
		{ "collections", collections, 0 },
		{ "collect", collect, 0 },
	};
	size_t i;
	for (i = 0; i < sizeof(natives) / sizeof(natives[0]); i++) {
		xsBeginHost(root);
		install(the, natives[i].name, natives[i].function, natives[i].length);
		xsEndHost(root);
	}
}
