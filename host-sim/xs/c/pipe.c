/*
 * Frames to and from Node over two inherited descriptors, 3 in and 4 out, strictly in turn. A frame
 * is its length (u32, of what follows), its type (u8), then its fields, little-endian; a frame from
 * Node has the board's clock (f64, ms) before its fields. The end of the input ends the process.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "host.h"

#define INPUT 3
#define OUTPUT 4

typedef struct {
	uint8_t* bytes;
	size_t capacity;
	size_t count;
} Buffer;

static Buffer out, in;
static size_t inUsed;     /* bytes of `in` that earlier frames took */
static size_t frameEnd;   /* where the frame being read ends */
static double nowMs;

static void reserve(Buffer* buffer, size_t capacity)
{
	if (capacity <= buffer->capacity)
		return;
	buffer->capacity = capacity < 4096 ? 4096 : capacity * 2;
	buffer->bytes = realloc(buffer->bytes, buffer->capacity);
	if (!buffer->bytes)
		die(EXIT_ENGINE, "this computer is out of memory");
}

void pipePutBytes(const void* bytes, uint32_t count)
{
	reserve(&out, out.count + count);
	memcpy(out.bytes + out.count, bytes, count);
	out.count += count;
}

void pipePutU8(uint8_t value)
{
	pipePutBytes(&value, 1);
}

void pipePutU32(uint32_t value)
{
	pipePutBytes(&value, 4);
}

void pipePutF64(double value)
{
	pipePutBytes(&value, 8);
}

void pipeBegin(uint8_t type)
{
	out.count = 0;
	pipePutU32(0);
	pipePutU8(type);
}

void pipeSend(void)
{
	uint32_t length = (uint32_t)(out.count - 4);
	size_t sent = 0;
	memcpy(out.bytes, &length, 4);
	while (sent < out.count) {
		ssize_t count = write(OUTPUT, out.bytes + sent, out.count - sent);
		if (count > 0)
			sent += (size_t)count;
		else if (errno != EINTR)
			exit(EXIT_ORDERLY);
	}
}

static void fill(size_t wanted)
{
	while (in.count - inUsed < wanted) {
		ssize_t count;
		if (inUsed) {
			memmove(in.bytes, in.bytes + inUsed, in.count - inUsed);
			in.count -= inUsed;
			inUsed = 0;
		}
		reserve(&in, wanted + 4096);
		count = read(INPUT, in.bytes + in.count, in.capacity - in.count);
		if (count > 0)
			in.count += (size_t)count;
		else if ((count == 0) || (errno != EINTR))
			exit(EXIT_ORDERLY);
	}
}

uint8_t pipeReceive(void)
{
	uint32_t length;
	uint8_t type;
	fill(4);
	memcpy(&length, in.bytes + inUsed, 4);
	if (length < 9)
		die(EXIT_PROTOCOL, "a frame of %u bytes", length);
	fill(4 + (size_t)length);
	frameEnd = inUsed + 4 + length;
	inUsed += 4;
	type = pipeGetU8();
	nowMs = pipeGetF64();
	return type;
}

static const uint8_t* take(uint32_t count)
{
	const uint8_t* bytes = in.bytes + inUsed;
	if (frameEnd - inUsed < count)
		die(EXIT_PROTOCOL, "a frame shorter than its fields");
	inUsed += count;
	return bytes;
}

uint8_t pipeGetU8(void)
{
	return *take(1);
}

uint32_t pipeGetU32(void)
{
	uint32_t value;
	memcpy(&value, take(4), 4);
	return value;
}

double pipeGetF64(void)
{
	double value;
	memcpy(&value, take(8), 8);
	return value;
}

/* Valid until the next frame is received. */
const char* pipeGetBytes(uint32_t* count)
{
	*count = pipeGetU32();
	return (const char*)take(*count);
}

uint32_t pipeLeft(void)
{
	return (uint32_t)(frameEnd - inUsed);
}

double pipeNowMs(void)
{
	return nowMs;
}
