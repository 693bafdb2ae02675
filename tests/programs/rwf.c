// SPDX-License-Identifier: GPL-2.0
/*
 * One direct write with a flag; prints what came of it:
 *
 *	rwf atomic|nowait DISK OFFSET BYTES
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#ifndef RWF_ATOMIC
#define RWF_ATOMIC 0x40
#endif

int main(int argc, char **argv)
{
	struct iovec v = { 0 };
	ssize_t n;
	int fd;

	if (argc != 5) {
		fprintf(stderr, "usage: rwf atomic|nowait DISK OFFSET BYTES\n");
		return 2;
	}
	fd = open(argv[2], O_RDWR | O_DIRECT);
	if (fd < 0) {
		perror(argv[2]);
		return 2;
	}
	v.iov_len = strtoull(argv[4], NULL, 0);
	if (posix_memalign(&v.iov_base, 1 << 21, v.iov_len))
		return 2;
	memset(v.iov_base, 0x5a, v.iov_len);
	n = pwritev2(fd, &v, 1, strtoull(argv[3], NULL, 0),
		     !strcmp(argv[1], "atomic") ? RWF_ATOMIC : RWF_NOWAIT);
	if (n < 0)
		printf("%s\n", strerror(errno));
	else
		printf("%zd\n", n);
	return n != (ssize_t)v.iov_len;
}
