/*
 * What the XS sources need to know of the computer they are built on (named by -DXSPLATFORM).
 * Tables that a machine keeps beside its heap go through the arena too: see arena.c.
 */
#ifndef MOTE_PLATFORM_H
#define MOTE_PLATFORM_H

#undef mxLittleEndian
#define mxLittleEndian 1
#if defined(__APPLE__)
	#undef mxMacOSX
	#define mxMacOSX 1
#else
	#undef mxLinux
	#define mxLinux 1
#endif
#define XS_FUNCTION_NORETURN __attribute__((noreturn))

#include <arpa/inet.h>
#include <ctype.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define mxUseGCCAtomics 1
#define mxUsePOSIXThreads 1
#define mxUseDefaultMachinePlatform 1
#define mxUseDefaultBuildKeys 1
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1
/* Firmware has no promises: whoever makes a promise job gets an error. */
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
