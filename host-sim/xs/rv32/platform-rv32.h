/*
 * What the XS sources need to know of the emulated ESP32-C3 (named by -DXSPLATFORM): no operating system,
 * no threads, no atomics. Tables go through the arena, as on the computer: see ../../c/arena.c.
 */
#ifndef MOTE_RV32_PLATFORM_H
#define MOTE_RV32_PLATFORM_H

#define XS_FUNCTION_NORETURN __attribute__((noreturn))

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* picolibc has no such clock: board.c does. */
#ifndef CLOCK_MONOTONIC
	#define CLOCK_MONOTONIC 4
#endif
int clock_gettime(clockid_t clock, struct timespec* now);

#define mxUseDefaultMachinePlatform 1
#define mxUseDefaultBuildKeys 1
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1
#define mxUseDefaultQueuePromiseJobs 1

#define mxMachinePlatform \
	void* waiterCondition; \
	void* waiterData; \
	void* waiterLink;

void* arenaTable(size_t size);
void arenaTableFree(void* table);
#define c_malloc_uint32 arenaTable
#define c_free_uint32 arenaTableFree

#endif
