// SPDX-License-Identifier: GPL-2.0
/*
 * usage: iovecs DEVICE MAX_BYTES ROUNDS [SEED [KIND]]
 *
 * Writes to and reads from a block device, O_DIRECT, through iovecs in odd places. Each round
 * writes by one layout, reads back by another, and once more by aligned pieces of 4 KiB, and
 * compares; what lies between the iovecs must not have changed. Destroys what is in the first
 * 64 MiB.
 *
 * Layouts: (whole) one iovec that starts at an odd offset in a page; (pages) aligned pages out of
 * order; (odd) blocks at odd offsets with gaps; (mixed) an odd start, then whole pages, then an odd
 * end, as a virtual boundary allows in one command; (huge) one iovec in huge pages.
 * "Odd" is a multiple of four bytes, the DMA alignment of the device.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define AREA (64u << 20)
#define PAGE 4096u
#define MAX_IOV 1024
#define GUARD 0xa5

enum kind { WHOLE, PAGES, ODD, MIXED, HUGE, KINDS };

static const char *const kind_names[] = { "whole", "pages", "odd", "mixed", "huge" };

struct layout {
	enum kind kind;
	struct iovec iov[MAX_IOV];
	unsigned int n;
};

static unsigned char *area, *huge;
static size_t area_bytes, huge_bytes;
static unsigned int block;
static uint64_t seed = 1;

static uint32_t rnd(uint32_t n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(seed >> 33) % n;
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "iovecs: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* What byte @pos of the device holds after round @round; each dword differs from its neighbours. */
static unsigned char content(uint64_t pos, unsigned int round)
{
	uint32_t x = (uint32_t)(pos >> 2) * 2654435761u + round * 40503u;

	x ^= x >> 15;
	return (unsigned char)(x >> (8 * (pos & 3)));
}

static void add(struct layout *l, unsigned char *base, size_t len)
{
	l->iov[l->n].iov_base = base;
	l->iov[l->n++].iov_len = len;
}

/* Divides @bytes into iovecs of the wanted kind. */
static void lay_out(struct layout *l, enum kind kind, size_t bytes)
{
	size_t left = bytes, len, pages;
	unsigned char *p = area + PAGE;

	l->kind = kind;
	l->n = 0;
	switch (kind) {
	case HUGE:
		add(l, huge + rnd(2) * 4 * rnd(PAGE / 4), bytes);
		break;
	case WHOLE:
		add(l, p + 4 * rnd(PAGE / 4), bytes);
		break;
	case PAGES:
		/* every second page, from the end to the start, the last one as long as it must be */
		pages = (bytes + PAGE - 1) / PAGE;
		if (pages > MAX_IOV) {
			add(l, p, bytes);
			break;
		}
		while (left) {
			len = left < PAGE ? left : PAGE;
			add(l, p + --pages * 2 * PAGE, len);
			left -= len;
		}
		break;
	case ODD:
		while (left) {
			if (l->n == MAX_IOV - 1)
				len = left;
			else
				len = (size_t)block * (1 + rnd(l->n % 8 ? 16384 / block : 65536 / block));
			if (len > left)
				len = left;
			p += 4 + 4 * rnd(PAGE / 2);
			add(l, p, len);
			p += len;
			left -= len;
		}
		break;
	default:
		/* its first iovec ends with a page, its last starts with one */
		len = (size_t)block * (1 + rnd(PAGE / block));
		if (len > left)
			len = left;
		add(l, p + PAGE - len, len);
		left -= len;
		p += 3 * PAGE;
		while (left) {
			len = (size_t)PAGE * (1 + rnd(16));
			if (len > left || l->n == MAX_IOV - 1)
				len = left;
			add(l, p, len);
			p += ((len + PAGE - 1) / PAGE + rnd(3)) * PAGE;
			left -= len;
		}
	}
}

static void guard_all(void)
{
	memset(area, GUARD, area_bytes);
	memset(huge, GUARD, huge_bytes);
}

static void fill(const struct layout *l, uint64_t pos, unsigned int round)
{
	for (unsigned int i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->iov[i].iov_len; k++)
			((unsigned char *)l->iov[i].iov_base)[k] = content(pos++, round);
}

static void wrong(const char *what, const struct layout *l, unsigned int round, uint64_t pos,
		  size_t bytes, size_t at)
{
	fprintf(stderr, "iovecs: round %u: %s by layout %s, %u iovecs, %zu bytes at %llu: differs %zu bytes from the start\n",
		round, what, kind_names[l->kind], l->n, bytes, (unsigned long long)pos, at);
	exit(1);
}

/* Compares and takes away; what is left of the memory must be guard. */
static void check(struct layout *l, uint64_t pos, unsigned int round, size_t bytes)
{
	uint64_t at = pos;

	for (unsigned int i = 0; i < l->n; i++) {
		unsigned char *p = l->iov[i].iov_base;

		for (size_t k = 0; k < l->iov[i].iov_len; k++, at++)
			if (p[k] != content(at, round))
				wrong("read", l, round, pos, bytes, at - pos);
		memset(p, GUARD, l->iov[i].iov_len);
	}
	for (size_t k = 0; k < area_bytes; k += 8)
		if (*(uint64_t *)(area + k) != 0x0101010101010101ULL * GUARD)
			wrong("memory beside what was read", l, round, pos, bytes, k);
	for (size_t k = 0; k < huge_bytes; k += 8)
		if (*(uint64_t *)(huge + k) != 0x0101010101010101ULL * GUARD)
			wrong("memory beside what was read", l, round, pos, bytes, k);
}

/* The same once more, by the simplest commands that there are. */
static void check_plain(int fd, struct layout *l, uint64_t pos, unsigned int round, size_t bytes)
{
	uint64_t from = pos & ~(uint64_t)(PAGE - 1), at;
	unsigned char *page = area;

	for (at = from; at < pos + bytes; at += PAGE) {
		if (pread(fd, page, PAGE, (off_t)at) != PAGE)
			die("read of a page");
		for (unsigned int k = 0; k < PAGE; k++)
			if (at + k >= pos && at + k < pos + bytes && page[k] != content(at + k, round))
				wrong("written", l, round, pos, bytes, at + k - pos);
	}
	memset(page, GUARD, PAGE);
}

static void *map(size_t bytes, int advice)
{
	unsigned char *p = mmap(NULL, bytes + (2u << 20), PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("memory");
	p = (void *)(((uintptr_t)p + (2u << 20) - 1) & ~(uintptr_t)((2u << 20) - 1));
	madvise(p, bytes, advice);
	return p;
}

int main(int argc, char **argv)
{
	static struct layout out, in;
	unsigned int rounds, round, kind;
	size_t max, bytes;
	uint64_t pos;
	int fd;

	if (argc < 4) {
		fprintf(stderr, "usage: iovecs DEVICE MAX_BYTES ROUNDS [SEED [KIND]]\n");
		return 2;
	}
	max = strtoul(argv[2], NULL, 0);
	rounds = (unsigned int)strtoul(argv[3], NULL, 0);
	if (argc > 4)
		seed = strtoul(argv[4], NULL, 0);
	fd = open(argv[1], O_RDWR | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		die(argv[1]);
	/* a file will do, to try the program itself */
	if (ioctl(fd, BLKSSZGET, &block))
		block = 512;
	area_bytes = 2 * max + (8u << 20) + 16 * PAGE;
	huge_bytes = ((max + 2 * PAGE) | ((2u << 20) - 1)) + 1;
	area = map(area_bytes, MADV_NOHUGEPAGE);
	huge = map(huge_bytes, MADV_HUGEPAGE);
	guard_all();

	for (round = 0; round < rounds; round++) {
		/* each kind gets the largest size, and a block, from time to time */
		bytes = max;
		if (round >= KINDS)
			bytes = (size_t)block * (1 + rnd((uint32_t)(max >> rnd(12)) / block + 1));
		if (bytes > max)
			bytes = max;
		pos = (uint64_t)block * rnd((uint32_t)((AREA - bytes) / block));
		kind = argc > 5 ? 0 : round % KINDS;
		while (argc > 5 && strcmp(kind_names[kind], argv[5]))
			if (++kind == KINDS) {
				fprintf(stderr, "iovecs: no such layout\n");
				return 2;
			}
		lay_out(&out, kind, bytes);
		fill(&out, pos, round);
		if (pwritev(fd, out.iov, (int)out.n, (off_t)pos) != (ssize_t)bytes)
			die("write");
		for (unsigned int i = 0; i < out.n; i++)
			memset(out.iov[i].iov_base, GUARD, out.iov[i].iov_len);
		lay_out(&in, argc > 5 ? kind : rnd(KINDS), bytes);
		if (preadv(fd, in.iov, (int)in.n, (off_t)pos) != (ssize_t)bytes)
			die("read");
		check(&in, pos, round, bytes);
		check_plain(fd, &out, pos, round, bytes);
	}
	printf("iovecs: %u rounds of up to %zu bytes compared\n", rounds, max);
	return 0;
}
