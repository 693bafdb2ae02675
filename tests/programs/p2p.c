// SPDX-License-Identifier: GPL-2.0
/*
 * usage: p2p DEVICE ALLOCATE
 *
 * Writes to and reads from a block device, O_DIRECT, with buffers in the memory of a PCI device:
 * ALLOCATE is its p2pmem/allocate in sysfs. Each transfer is checked through ordinary memory.
 * Destroys what is in the first 2 MiB. Exit status 2: the kernel refuses such a buffer (EINVAL,
 * EREMOTEIO or EFAULT), and says so.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define AREA (1u << 20)
#define PLACE (AREA / 2)

static const struct {
	unsigned int at, len;
} transfers[] = {
	{ 0, 512 }, { 0, 4096 }, { 512, 512 }, { 512, 4096 }, { 3584, 1024 }, { 0, 8192 },
	{ 1024, 16384 }, { 0, 131072 }, { 0, AREA }, { 512, AREA - 512 },
};

static _Noreturn void die(const char *what, unsigned int at, unsigned int len)
{
	int refused = errno == EINVAL || errno == EREMOTEIO || errno == EFAULT;

	fprintf(stderr, "p2p: %s of %u bytes at %u: %s\n", what, len, at, strerror(errno));
	exit(refused ? 2 : 1);
}

static void fill(unsigned char *p, unsigned int len, unsigned int seed)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		p[i] = (i >> 8) + i * 7 + seed;
}

static void check(const char *what, const unsigned char *a, const unsigned char *b,
		  unsigned int at, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len && a[i] == b[i]; i++)
		;
	if (i == len)
		return;
	fprintf(stderr, "p2p: %s of %u bytes at %u: byte %u is %#x, not %#x\n", what, len, at, i,
		a[i], b[i]);
	exit(1);
}

/* Writes a pattern out of one memory, and reads it back into the other. */
static void one_way(int fd, const char *what, unsigned char *from, unsigned char *to,
		    unsigned char *want, unsigned int n, unsigned int seed)
{
	unsigned int at = transfers[n].at, len = transfers[n].len;

	fill(want, len, seed);
	memcpy(from, want, len);
	if (pwrite(fd, from, len, PLACE) != (ssize_t)len)
		die("write", at, len);
	if (pread(fd, to, len, PLACE) != (ssize_t)len)
		die("read", at, len);
	check(what, to, want, at, len);
}

static void both_ways(int fd, unsigned char *theirs, unsigned char *ours, unsigned char *want,
		      unsigned int n)
{
	theirs += transfers[n].at;
	one_way(fd, "write", theirs, ours, want, n, n);
	one_way(fd, "read", ours, theirs, want, n, n + 100);
}

int main(int argc, char **argv)
{
	unsigned int n, count = sizeof(transfers) / sizeof(transfers[0]);
	unsigned char *theirs, *ours, *want = malloc(AREA);
	int fd, mem;

	if (argc != 3 || !want) {
		fprintf(stderr, "usage: p2p DEVICE ALLOCATE\n");
		return 1;
	}
	fd = open(argv[1], O_RDWR | O_DIRECT);
	mem = open(argv[2], O_RDWR);
	if (fd < 0 || mem < 0 || posix_memalign((void **)&ours, 4096, AREA))
		die("open", 0, 0);
	theirs = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_SHARED, mem, 0);
	if (theirs == MAP_FAILED)
		die("mapping", 0, AREA);
	for (n = 0; n < count; n++)
		both_ways(fd, theirs, ours, want, n);
	printf("%u transfers both ways\n", count);
	return 0;
}
