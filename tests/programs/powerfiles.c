// SPDX-License-Identifier: GPL-2.0
/*
 * usage: powerfiles write DIRECTORY LOG SEED	until something fails
 *        powerfiles check DIRECTORY LOG
 *
 * Writes small files under new names, some renamed over older ones, flushes each and its
 * directory, and only then notes in LOG (on another file system) what is safe. After a power cut
 * each name in LOG has to be there with what it had then or, if it was being replaced, with what
 * came next.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES	64
#define MOST	8192	/* words in a file */

static uint64_t data[MOST], back[MOST];

static uint32_t fill(uint64_t *p, uint32_t name, uint64_t version)
{
	uint32_t n = 2 + (version * 7919 + name) % (MOST - 2);

	for (uint32_t i = 0; i < n; i++)
		p[i] = version * 0x9e3779b97f4a7c15ULL + name + i;
	p[0] = name;
	p[1] = version;
	return n;
}

/* False: it cannot be had, the power is off. */
static int put(int dir, uint32_t name, uint64_t version)
{
	uint32_t n = fill(data, name, version);
	char tmp[16], final[16];
	int fd, ok;

	snprintf(final, sizeof(final), "f%u", name);
	snprintf(tmp, sizeof(tmp), "t%u", name);
	fd = openat(dir, tmp, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		return 0;
	ok = write(fd, data, n * sizeof(*data)) == (ssize_t)(n * sizeof(*data)) && !fsync(fd);
	close(fd);
	return ok && !renameat(dir, tmp, dir, final) && !fsync(dir);
}

static int write_files(int dir, const char *log, uint32_t seed)
{
	uint64_t started[NAMES] = { 0 }, safe[NAMES] = { 0 }, version = 0;
	FILE *f;

	srandom(seed);
	for (;;) {
		uint32_t name = random() % NAMES;

		started[name] = ++version;
		if (!put(dir, name, version))
			break;
		safe[name] = version;
	}
	f = fopen(log, "w");
	if (!f)
		return 2;
	for (uint32_t i = 0; i < NAMES; i++)
		fprintf(f, "%u %llu %llu\n", i, (unsigned long long)safe[i],
			(unsigned long long)started[i]);
	fclose(f);
	printf("powerfiles: %llu versions\n", (unsigned long long)version - 1);
	return version < 2;
}

static int check_one(int dir, uint32_t name, uint64_t safe, uint64_t started)
{
	char final[16];
	ssize_t len;
	int fd;

	snprintf(final, sizeof(final), "f%u", name);
	fd = openat(dir, final, O_RDONLY);
	if (fd < 0)
		return safe ? -1 : 0;
	len = read(fd, back, sizeof(back));
	close(fd);
	if (len < 16 || (back[1] != safe && back[1] != started) || back[0] != name)
		return -1;
	return len == (ssize_t)(fill(data, name, back[1]) * 8) && !memcmp(data, back, len) ? 0 : -1;
}

static int check_files(int dir, const char *log)
{
	unsigned long long safe, started;
	FILE *f = fopen(log, "r");
	unsigned int name;
	int bad = 0;

	if (!f)
		return 2;
	while (fscanf(f, "%u %llu %llu", &name, &safe, &started) == 3) {
		if (check_one(dir, name, safe, started)) {
			printf("powerfiles: file %u should have version %llu or %llu\n", name, safe,
			       started);
			bad = 1;
		}
	}
	fclose(f);
	return bad;
}

int main(int argc, char **argv)
{
	int dir = argc > 3 ? open(argv[2], O_RDONLY | O_DIRECTORY) : -1;

	if (dir < 0) {
		fprintf(stderr, "usage: powerfiles write|check DIRECTORY LOG [SEED]\n");
		return 2;
	}
	if (!strcmp(argv[1], "check"))
		return check_files(dir, argv[3]);
	return write_files(dir, argv[3], argc > 4 ? strtoul(argv[4], NULL, 0) : 1);
}
