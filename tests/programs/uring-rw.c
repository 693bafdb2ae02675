// SPDX-License-Identifier: GPL-2.0
/*
 * One direct read or write through io_uring, with what only io_uring can say:
 *
 *	uring-rw read|write DISK OFFSET BYTES [WORD=VALUE...]
 *
 *	stream=N	the write stream
 *	meta=FILE	8 bytes of protection information per 512 bytes: written from FILE, or read into it
 *	seed=N		reference tag of the first block
 *	tag=N		application tag
 *	check=gra	what is checked: guard, reference tag, application tag
 *
 * Prints what came of it: bytes, or the error. Data is zeroes. Exit status 0: all bytes; 3: this
 * kernel does not know the word.
 *
 * The headers of the machine that builds it may be older than the kernel: the few fields that are
 * not in all of them are written at their offsets.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/io_uring.h>

/* offsets in struct io_uring_sqe */
#define SQE_WRITE_STREAM 44
#define SQE_ATTR_PTR 48
#define SQE_ATTR_MASK 56
#define ATTR_PI 1
#define FEAT_RW_ATTR (1U << 16)

/* struct io_uring_attr_pi - protection information of a read or write */
struct attr_pi {
	uint16_t flags;
	uint16_t app_tag;
	uint32_t len;
	uint64_t addr;
	uint64_t seed;
	uint64_t rsvd;
};

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void usage(void)
{
	fprintf(stderr, "usage: uring-rw read|write DISK OFFSET BYTES [stream=N] [meta=FILE] [seed=N] [tag=N] [check=gra]\n");
	exit(2);
}

/* One entry, and its answer. */
static int run(const struct io_uring_sqe *sqe, int attr)
{
	struct io_uring_params p = { 0 };
	int fd = syscall(SYS_io_uring_setup, 1, &p);
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqe;
	char *sq, *cq;

	if (fd < 0)
		die("io_uring_setup");
	if (attr && !(p.features & FEAT_RW_ATTR)) {
		printf("unknown\n");
		exit(3);
	}
	sq = mmap(NULL, p.sq_off.array + 4 * p.sq_entries, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		  IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*cqe), PROT_READ | PROT_WRITE,
		  MAP_SHARED, fd, IORING_OFF_CQ_RING);
	sqes = mmap(NULL, sizeof(*sqes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqes == MAP_FAILED)
		die("mmap");
	*sqes = *sqe;
	*(uint32_t *)(sq + p.sq_off.array) = 0;
	__atomic_store_n((uint32_t *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		die("io_uring_enter");
	cqe = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	return cqe->res;
}

static void *file(const char *path, size_t len)
{
	void *p;
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || ftruncate(fd, len))
		die(path);
	p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		die(path);
	return p;
}

static uint16_t checks(const char *s)
{
	uint16_t flags = 0;

	for (; *s; s++)
		flags |= *s == 'g' ? 1 : *s == 'r' ? 2 : *s == 'a' ? 4 : 0;
	return flags;
}

int main(int argc, char **argv)
{
	struct io_uring_sqe sqe = { 0 };
	struct attr_pi pi = { 0 };
	char *raw = (char *)&sqe, *meta = NULL, *meta_file = NULL;
	int i, ret, with_meta = 0;
	size_t len;
	void *buf;

	if (argc < 5)
		usage();
	len = strtoull(argv[4], NULL, 0);
	sqe.opcode = strcmp(argv[1], "read") ? IORING_OP_WRITE : IORING_OP_READ;
	sqe.fd = open(argv[2], O_RDWR | O_DIRECT);
	if (sqe.fd < 0)
		die(argv[2]);
	if (posix_memalign(&buf, 4096, len))
		return 2;
	memset(buf, 0, len);
	sqe.off = strtoull(argv[3], NULL, 0);
	sqe.addr = (uintptr_t)buf;
	sqe.len = len;
	for (i = 5; i < argc; i++) {
		char *v = strchr(argv[i], '=');

		if (!v)
			usage();
		*v++ = '\0';
		if (!strcmp(argv[i], "stream"))
			raw[SQE_WRITE_STREAM] = strtoul(v, NULL, 0);
		else if (!strcmp(argv[i], "meta"))
			meta_file = v;
		else if (!strcmp(argv[i], "seed"))
			pi.seed = strtoull(v, NULL, 0);
		else if (!strcmp(argv[i], "tag"))
			pi.app_tag = strtoul(v, NULL, 0);
		else if (!strcmp(argv[i], "check"))
			pi.flags = checks(v);
		else
			usage();
	}
	if (meta_file) {
		pi.len = len / 512 * 8;
		meta = file(meta_file, pi.len);
		pi.addr = (uintptr_t)meta;
		*(uint64_t *)(raw + SQE_ATTR_PTR) = (uintptr_t)&pi;
		*(uint64_t *)(raw + SQE_ATTR_MASK) = ATTR_PI;
		with_meta = 1;
	}
	ret = run(&sqe, with_meta);
	if (ret < 0)
		printf("%s\n", strerror(-ret));
	else
		printf("%d\n", ret);
	return ret != (int)len;
}
