/* The host's own parts that name a machine, as they see each other. */
#ifndef MOTE_MACHINE_H
#define MOTE_MACHINE_H

#include "xs.h"

/* arena.c */
void arenaMeasure(xsMachine* the, ArenaUse* use);
/* After a collection: takes more slots when few are free and there is plenty of room. */
void arenaBreathe(xsMachine* the);
/* Called by the marker of a host object that the machine holds: once a collection. */
void arenaCollected(void);

/* flash.c */
void flashAlias(const char* from, const char* to);
void flashAdd(xsMachine* root, const char* name, const char* source, size_t size);
void flashSeal(xsMachine* root);

/* values.c; xsmc.h declares the first too, but takes most of xs.h away */
#ifndef __XSALL__
mxImport xsIntegerValue _xsmcGetBuffer(xsMachine*, xsSlot*, void**, xsUnsignedValue*, xsBooleanValue);
#endif
void putValue(xsMachine* the, xsSlot* slot);
/* `slot` must be one that the collector sees: making the value may collect. */
void getValue(xsMachine* the, xsSlot* slot);
/* Sends the exception that was caught. */
void sendError(xsMachine* the);

/* calls.c */
void hostCall(xsMachine* the);
void hostFill(xsMachine* the);
void hostCallbacks(xsMachine* the);
void callsReady(xsMachine* the);
void callsServe(xsMachine* machine);

/* natives.c */
void nativesInstall(xsMachine* root);

#endif
