/*
 * The device machine's memory: one block of fixed size. Chunks grow from its bottom, slots and the
 * machine's tables from its top, and nothing is ever taken outside of it. Before arenaOpen the root
 * machine ("flash") allocates from the computer at will.
 */
#include "xsAll.h"
#include "host.h"
#include "machine.h"

extern void fxGrowSlots(txMachine* the, txSize count);

static struct {
	txByte* bottom;
	txByte* top;
	txByte* chunksEnd;
	txByte* slotsBegin;
	size_t fixed;
	double collections;
} arena;

#define ALIGNMENT 16
#define ALIGNED(SIZE) (((SIZE) + (ALIGNMENT - 1)) & ~(size_t)(ALIGNMENT - 1))

void arenaOpen(size_t bytes)
{
	bytes = ALIGNED(bytes);
	arena.bottom = aligned_alloc(ALIGNMENT, bytes);
	if (!arena.bottom)
		die(EXIT_ENGINE, "this computer has no %lu bytes for the arena", (unsigned long)bytes);
	arena.top = arena.bottom + bytes;
	arena.chunksEnd = arena.bottom;
	arena.slotsBegin = arena.top;
}

size_t arenaBytes(void)
{
	return (size_t)(arena.top - arena.bottom);
}

size_t arenaSlotSize(void)
{
	return sizeof(txSlot);
}

static size_t room(void)
{
	return (size_t)(arena.slotsBegin - arena.chunksEnd);
}

static void* takeFromTop(size_t size)
{
	size = ALIGNED(size);
	if (size > room())
		return NULL;
	arena.slotsBegin -= size;
	return arena.slotsBegin;
}

void* arenaTable(size_t size)
{
	void* table;
	if (!arena.bottom)
		return malloc(size);
	table = takeFromTop(size);
	if (table)
		arena.fixed += ALIGNED(size);
	return table;
}

void arenaTableFree(void* table)
{
	if (!arena.bottom)
		free(table);
}

void* fxAllocateChunks(txMachine* the, txSize size)
{
	txBlock* block = the->firstBlock;
	if (!arena.bottom)
		return malloc(size);
	if (block) {
		/* XS asks for a whole further block and will add its size to this one's limit. What the block
		   still has free counts towards it, so only the rest is taken. */
		size_t wanted = (size_t)size - sizeof(txBlock);
		size_t tail = (size_t)(block->limit - block->current);
		size_t rest = wanted > tail ? wanted - tail : 0;
		if (rest > room())
			return NULL;
		arena.chunksEnd += rest;
		block->limit = arena.chunksEnd - size;
		return block->limit;
	}
	if ((size_t)size > room())
		return NULL;
	arena.chunksEnd += size;
	return arena.bottom;
}

void fxFreeChunks(txMachine* the, void* chunks)
{
	(void)the;
	if (!arena.bottom)
		free(chunks);
}

txSlot* fxAllocateSlots(txMachine* the, txSize count)
{
	size_t size = (size_t)count * sizeof(txSlot);
	txSlot* slots;
	if (!arena.bottom)
		return malloc(size);
	slots = takeFromTop(size);
	if (!slots && the->firstBlock && the->collectFlag) {
		/* The chunks may have shrunk since they were given their room: compact them and take the tail back. */
		fxCollect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
		arena.chunksEnd = arena.bottom + ALIGNED(the->firstBlock->current - arena.bottom);
		the->firstBlock->limit = arena.chunksEnd;
		slots = takeFromTop(size);
	}
	if (slots && !the->stackBottom)
		arena.fixed += size;
	return slots;
}

void fxFreeSlots(txMachine* the, void* slots)
{
	(void)the;
	if (!arena.bottom)
		free(slots);
}

/*
 * XS 13 adds slots only when a collection frees none at all, so a heap that is nearly full collects at
 * every few allocations. Later releases keep some free; so does this, while there is plenty of room.
 */
void arenaBreathe(txMachine* the)
{
	txSize free = the->maximumHeapCount - the->currentHeapCount;
	if ((free < the->minimumHeapCount) && (room() >= 4 * (size_t)the->minimumHeapCount * sizeof(txSlot)))
		fxGrowSlots(the, the->minimumHeapCount);
}

void arenaCollected(void)
{
	arena.collections += 1;
}

void arenaMeasure(txMachine* the, ArenaUse* use)
{
	use->fixedBytes = (double)arena.fixed;
	use->slotBytes = (double)the->currentHeapCount * sizeof(txSlot);
	use->chunkBytes = (double)the->currentChunksSize;
	use->collections = arena.collections;
	use->reservedBytes = (double)(arenaBytes() - room());
}
