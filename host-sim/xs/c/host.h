/* The host's own parts, as they see each other. Each source opens with what it owns. */
#ifndef MOTE_HOST_H
#define MOTE_HOST_H

#include <stddef.h>
#include <stdint.h>

/* How the process ends. Whoever reads the status finds the same word in the last frame and on stderr. */
enum {
	EXIT_ORDERLY = 0,
	EXIT_PROTOCOL = 2,
	EXIT_LINK = 3,
	EXIT_ARENA_FULL = 11,
	EXIT_STACK_FULL = 12,
	EXIT_KEYS_FULL = 13,
	EXIT_ENGINE = 14,
};

/* main.c */
void die(int status, const char* format, ...) __attribute__((noreturn, format(printf, 2, 3)));

/* arena.c */
typedef struct {
	double fixedBytes;   /* stack, key, name and alias tables: taken once, when the machine is made */
	double slotBytes;    /* bytes in slots that are in use, garbage not yet collected included */
	double chunkBytes;   /* bytes in chunks likewise, headers included */
	double collections;  /* garbage collections so far */
	double reservedBytes; /* taken from the arena so far by whatever means: never comes back */
} ArenaUse;
void arenaOpen(size_t bytes);
size_t arenaBytes(void);
size_t arenaSlotSize(void);

/* pipe.c: frames out and in; see protocol.ts for the bytes */
void pipeBegin(uint8_t type);
void pipePutU8(uint8_t value);
void pipePutU32(uint32_t value);
void pipePutF64(double value);
void pipePutBytes(const void* bytes, uint32_t count);
void pipeSend(void);
uint8_t pipeReceive(void);
uint8_t pipeGetU8(void);
uint32_t pipeGetU32(void);
double pipeGetF64(void);
const char* pipeGetBytes(uint32_t* count);
uint32_t pipeLeft(void);
/* The board's clock as of the last frame, ms. */
double pipeNowMs(void);

/* Types of frames from Node (capitals) and from here (small letters). */
enum {
	FRAME_OPTIONS = 'O',
	FRAME_ALIAS = 'A',
	FRAME_MODULE = 'M',
	FRAME_PRELOAD = 'P',
	FRAME_GO = 'G',
	FRAME_DISPATCH = 'D',
	FRAME_REPLY = 'R',
	FRAME_FILL = 'F',
	FRAME_THROW = 'T',
	FRAME_MEMORY = 'Y',
	FRAME_CALL = 'c',
	FRAME_FILL_CALL = 'f',
	FRAME_DONE = 'd',
	FRAME_ERROR = 'e',
	FRAME_USE = 'u',
	FRAME_DEATH = 'x',
};

/* Tags of values. */
enum { TAG_UNDEFINED, TAG_NULL, TAG_FALSE, TAG_TRUE, TAG_INTEGER, TAG_NUMBER, TAG_STRING, TAG_BYTES };

#endif
