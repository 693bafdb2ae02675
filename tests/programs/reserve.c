// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent reservations, one ioctl each; prints what came of it, and fails if it was not "ok":
 *
 *	reserve register|replace DISK OLD-KEY NEW-KEY	(replace: whatever the old one is)
 *	reserve acquire|release DISK KEY TYPE
 *	reserve preempt|abort DISK KEY OTHER-KEY TYPE
 *	reserve clear DISK KEY
 *	reserve keys|held DISK			(kernels from 7.0 on)
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pr.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

struct read_keys {
	uint32_t generation, num_keys;
	uint64_t keys_ptr;
};

struct read_held {
	uint64_t key;
	uint32_t generation, type;
};

#define READ_KEYS	_IOWR('p', 206, struct read_keys)
#define READ_HELD	_IOR('p', 207, struct read_held)

static int keys(int fd)
{
	uint64_t list[64];
	struct read_keys k = { .num_keys = 64, .keys_ptr = (uintptr_t)list };
	int rc = ioctl(fd, READ_KEYS, &k);

	for (uint32_t i = 0; !rc && i < k.num_keys; i++)
		printf("%#llx ", (unsigned long long)list[i]);
	return rc;
}

static int held(int fd)
{
	struct read_held h;
	int rc = ioctl(fd, READ_HELD, &h);

	if (!rc)
		printf("%#llx by type %u ", (unsigned long long)h.key, h.type);
	return rc;
}

static int order(int fd, const char *what, const uint64_t *n)
{
	struct pr_registration reg = { .old_key = n[0], .new_key = n[1] };
	struct pr_reservation res = { .key = n[0], .type = n[1] };
	struct pr_preempt pre = { .old_key = n[0], .new_key = n[1], .type = n[2] };
	struct pr_clear clear = { .key = n[0] };

	if (!strcmp(what, "register"))
		return ioctl(fd, IOC_PR_REGISTER, &reg);
	reg.flags = PR_FL_IGNORE_KEY;
	if (!strcmp(what, "replace"))
		return ioctl(fd, IOC_PR_REGISTER, &reg);
	if (!strcmp(what, "acquire"))
		return ioctl(fd, IOC_PR_RESERVE, &res);
	if (!strcmp(what, "release"))
		return ioctl(fd, IOC_PR_RELEASE, &res);
	if (!strcmp(what, "preempt"))
		return ioctl(fd, IOC_PR_PREEMPT, &pre);
	if (!strcmp(what, "abort"))
		return ioctl(fd, IOC_PR_PREEMPT_ABORT, &pre);
	if (!strcmp(what, "clear"))
		return ioctl(fd, IOC_PR_CLEAR, &clear);
	fprintf(stderr, "reserve: %s?\n", what);
	exit(2);
}

int main(int argc, char **argv)
{
	uint64_t n[3] = { 0 };
	int fd, rc;

	if (argc < 3 || argc > 6) {
		fprintf(stderr, "usage: reserve WHAT DISK [KEY...]\n");
		return 2;
	}
	for (int i = 3; i < argc; i++)
		n[i - 3] = strtoull(argv[i], NULL, 0);
	fd = open(argv[2], O_RDWR);
	if (fd < 0) {
		perror(argv[2]);
		return 2;
	}
	if (!strcmp(argv[1], "keys"))
		rc = keys(fd);
	else if (!strcmp(argv[1], "held"))
		rc = held(fd);
	else
		rc = order(fd, argv[1], n);
	if (rc < 0)
		printf("%s\n", strerror(errno));
	else if (rc)
		printf(rc == 0x18 ? "conflict\n" : "status %#x\n", rc);
	else
		printf("ok\n");
	return !!rc;
}
