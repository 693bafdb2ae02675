// SPDX-License-Identifier: GPL-2.0
/*
 * usage: powerwrite DEVICE OFFSET SECONDS SEED
 *
 * Writes sectors that say who they are, some with FUA, some flushed, and remembers what
 * of that is safe. A command that takes long is taken for a power cut of the device: then
 * every sector must say something that is at least as new as what was safe, and not newer
 * than what was written. Prints how many cuts there were; ends with 1 at the first lie.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SECTORS		2048
#define MOST		8	/* sectors of one write */
#define CUT_MS		900

struct sector {
	uint64_t magic, number, version, fill[61];
};

static struct sector data[SECTORS] __attribute__((aligned(4096)));
static uint64_t safe[SECTORS], newest[SECTORS], version, magic;
static off_t base;
static int fd;

static uint64_t ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

static void fail(const char *what)
{
	printf("powerwrite: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void fill(struct sector *s, uint32_t n, uint64_t v)
{
	s->magic = magic;
	s->number = n;
	s->version = v;
	for (int i = 0; i < 61; i++)
		s->fill[i] = v * 0x9e3779b97f4a7c15ULL + n + i;
}

static void flush(void)
{
	if (fsync(fd))
		fail("flush");
}

/* What the device has now; from now on all of it is safe. */
static void look(const char *when)
{
	struct sector want;

	if (pread(fd, data, sizeof(data), base) != sizeof(data))
		fail("read");
	flush();
	for (uint32_t n = 0; n < SECTORS; n++) {
		uint64_t v = data[n].version;

		fill(&want, n, v);
		if (memcmp(&want, &data[n], sizeof(want)) || v < safe[n] || v > newest[n]) {
			printf("powerwrite: sector %u %s: version %llu, safe %llu, newest %llu\n",
			       n, when, (unsigned long long)v, (unsigned long long)safe[n],
			       (unsigned long long)newest[n]);
			exit(1);
		}
		safe[n] = v;
		newest[n] = v;
	}
}

/* True: that took so long that the power must have been cut. */
static int write_some(void)
{
	static struct sector buf[MOST] __attribute__((aligned(4096)));
	uint32_t n = 1 + random() % MOST, at = random() % (SECTORS - n + 1);
	int fua = random() % 8 == 0;
	struct iovec iov = { buf, n * sizeof(*buf) };
	uint64_t t0 = ms();
	int cut;

	version++;
	for (uint32_t i = 0; i < n; i++) {
		fill(&buf[i], at + i, version);
		newest[at + i] = version;
	}
	if (pwritev2(fd, &iov, 1, base + at * sizeof(*buf), fua ? RWF_DSYNC : 0) !=
	    (ssize_t)iov.iov_len)
		fail("write");
	cut = ms() - t0 >= CUT_MS;
	for (uint32_t i = 0; fua && !cut && i < n; i++)
		safe[at + i] = version;
	return cut;
}

int main(int argc, char **argv)
{
	uint64_t end, t0;
	uint32_t cuts = 0, flushes = 0;

	if (argc != 5) {
		fprintf(stderr, "usage: powerwrite DEVICE OFFSET SECONDS SEED\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_DIRECT);
	if (fd < 0)
		fail(argv[1]);
	base = strtoull(argv[2], NULL, 0);
	end = ms() + strtoull(argv[3], NULL, 0) * 1000;
	srandom(strtoul(argv[4], NULL, 0));
	magic = (uint64_t)getpid() << 32 | base;

	for (uint32_t n = 0; n < SECTORS; n++)
		fill(&data[n], n, 0);
	if (pwrite(fd, data, sizeof(data), base) != sizeof(data))
		fail("write");
	flush();
	while (ms() < end) {
		int cut;

		if (random() % 32) {
			cut = write_some();
		} else {
			/* a flush that was cut off and sent again vouches for nothing */
			t0 = ms();
			flush();
			cut = ms() - t0 >= CUT_MS;
			if (!cut) {
				memcpy(safe, newest, sizeof(safe));
				flushes++;
			}
		}
		if (cut) {
			cuts++;
			look("after a cut");
		}
	}
	flush();
	look("at the end");
	printf("powerwrite: %u cuts, %llu writes, %u flushes\n", cuts, (unsigned long long)version,
	       flushes);
	return 0;
}
