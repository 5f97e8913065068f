/*
 * What the host's C takes from an operating system, for an emulated board without one. Descriptors 3 and
 * 4 are the emulator's own, reached by semihosting. The clock counts retired instructions, one a
 * nanosecond, which is also how the emulator's time goes. A trap ends the emulator instead of spinning.
 */
#include <errno.h>
#include <semihost.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "host.h"

static uint64_t instructions(void)
{
	uint32_t high, low, again;
	do {
		__asm__ volatile ("csrr %0, minstreth\n\tcsrr %1, minstret\n\tcsrr %2, minstreth" : "=r"(high), "=r"(low), "=r"(again));
	} while (high != again);
	return ((uint64_t)high << 32) | low;
}

int clock_gettime(clockid_t clock, struct timespec* now)
{
	uint64_t ns = instructions();
	(void)clock;
	now->tv_sec = (time_t)(ns / 1000000000u);
	now->tv_nsec = (long)(ns % 1000000000u);
	return 0;
}

/* For XS's Date: the time since the board was switched on. */
int gettimeofday(struct timeval* restrict now, void* restrict zone)
{
	uint64_t us = instructions() / 1000u;
	(void)zone;
	now->tv_sec = (time_t)(us / 1000000u);
	now->tv_usec = (suseconds_t)(us % 1000000u);
	return 0;
}

static int opened(int descriptor, int* handle)
{
	if (*handle < 0)
		*handle = sys_semihost_open(descriptor == 3 ? "/dev/fd/3" : "/dev/fd/4", descriptor == 3 ? SH_OPEN_R_B : SH_OPEN_W_B);
	return *handle;
}

ssize_t read(int descriptor, void* bytes, size_t count)
{
	static int input = -1;
	uintptr_t left = sys_semihost_read(opened(descriptor, &input), bytes, count);
	return left > count ? 0 : (ssize_t)(count - left);
}

ssize_t write(int descriptor, const void* bytes, size_t count)
{
	static int output = -1;
	uintptr_t left = sys_semihost_write(opened(descriptor, &output), bytes, count);
	if (left < count)
		return (ssize_t)(count - left);
	errno = EIO;
	return -1;
}

static __attribute__((aligned(4))) void trapped(void)
{
	uint32_t cause, place;
	__asm__ volatile ("csrr %0, mcause\n\tcsrr %1, mepc" : "=r"(cause), "=r"(place));
	die(EXIT_ENGINE, "trap %u at %08x", (unsigned)cause, (unsigned)place);
}

static __attribute__((constructor)) void catchTraps(void)
{
	__asm__ volatile ("csrw mtvec, %0" : : "r"(trapped));
}
