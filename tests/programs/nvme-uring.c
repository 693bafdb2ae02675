// SPDX-License-Identifier: GPL-2.0
/*
 * usage: nvme-uring GROUP DEVICE [ARGUMENT...]
 *
 * Passes commands through io_uring, good ones and bad ones, and says what did not come out as it
 * should. Exit status 0: all as it should be.
 *
 *	io DEVICE		ngXnY: IO and IO_VEC, plain and with registered buffers
 *	poll DEVICE COMMANDS	ngXnY: so many reads on a ring that polls
 *	load DEVICE SECONDS	ngXnY: reads; only resets may interfere
 *	user DEVICE		ngXnY opened for reading only, by uid 65534
 *	meta DEVICE MS		ngXnY: MS bytes of metadata per block, no PI
 *	admin DEVICE		nvmeX: ADMIN and ADMIN_VEC
 *	format DEVICE NSID	nvmeX: a command that must be alone
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <linux/io_uring.h>
#include <linux/nvme_ioctl.h>

#include "verdict.h"

#define ENTRIES 32
#define BUFFER (64 * 1024)
#define PAYLOAD offsetof(struct io_uring_sqe, addr3)

enum {
	GET_LOG = 0x02,
	IDENTIFY = 0x06,
	SET_FEATURES = 0x09,
	GET_FEATURES = 0x0a,
	FORMAT = 0x80,
	FLUSH = 0x00,
	WRITE_BLOCKS = 0x01,
	READ_BLOCKS = 0x02,
	SC_LBA_RANGE = 0x80,
	SC_MASK = 0x7ff,
};

/* struct ring - as much of an io_uring as one command after the other needs, or ENTRIES at once */
struct ring {
	int fd;
	unsigned int flags;
	unsigned int *sq_tail, *sq_array, sq_mask;
	unsigned int *cq_head, *cq_tail, cq_mask;
	char *sqes, *cqes;
};

/* struct answer - res and big_cqe[0] */
struct answer {
	int res;
	uint64_t result, user;
};

static unsigned int nsid, block = 512;

static void expect(const char *what, int got, int want)
{
	if (got > 0)
		got &= SC_MASK;
	check(got == want, "%s: %d (%#x), not %d", what, got, got, want);
}

/* ---- the ring --------------------------------------------------------------------------------- */

static void *map(int fd, size_t len, off_t what)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, what);

	if (p == MAP_FAILED)
		die("mmap of the ring");
	return p;
}

static unsigned int sqe_bytes(const struct ring *r)
{
	return r->flags & IORING_SETUP_SQE128 ? 128 : 64;
}

static unsigned int cqe_bytes(const struct ring *r)
{
	return r->flags & IORING_SETUP_CQE32 ? 32 : 16;
}

static void ring_open(struct ring *r, unsigned int flags)
{
	struct io_uring_params p = { .flags = flags };
	char *rings;
	size_t len;

	r->flags = flags;
	r->fd = syscall(SYS_io_uring_setup, ENTRIES, &p);
	if (r->fd < 0)
		die("io_uring_setup");
	len = p.cq_off.cqes + p.cq_entries * cqe_bytes(r);
	if (len < p.sq_off.array + p.sq_entries * 4)
		len = p.sq_off.array + p.sq_entries * 4;
	rings = map(r->fd, len, IORING_OFF_SQ_RING);
	r->sqes = map(r->fd, p.sq_entries * sqe_bytes(r), IORING_OFF_SQES);
	r->sq_tail = (void *)(rings + p.sq_off.tail);
	r->sq_array = (void *)(rings + p.sq_off.array);
	r->sq_mask = p.sq_entries - 1;
	r->cq_head = (void *)(rings + p.cq_off.head);
	r->cq_tail = (void *)(rings + p.cq_off.tail);
	r->cq_mask = p.cq_entries - 1;
	r->cqes = rings + p.cq_off.cqes;
}

static struct nvme_uring_cmd *ring_add(struct ring *r, int fd, unsigned int op, uint64_t user)
{
	unsigned int tail = *r->sq_tail, i = tail & r->sq_mask;
	struct io_uring_sqe *sqe = (void *)(r->sqes + i * sqe_bytes(r));

	memset(sqe, 0, sqe_bytes(r));
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = fd;
	/* cmd_op, in the lower half */
	sqe->off = op;
	sqe->user_data = user;
	r->sq_array[i] = i;
	__atomic_store_n(r->sq_tail, tail + 1, __ATOMIC_RELEASE);
	return (void *)((char *)sqe + PAYLOAD);
}

static void ring_fixed(void *payload)
{
	struct io_uring_sqe *sqe = (void *)((char *)payload - PAYLOAD);

	/* uring_cmd_flags; buffer 0 */
	sqe->rw_flags = IORING_URING_CMD_FIXED;
	sqe->buf_index = 0;
}

static void ring_enter(struct ring *r, unsigned int submit, unsigned int wait)
{
	int ret;

	do
		ret = syscall(SYS_io_uring_enter, r->fd, submit, wait, IORING_ENTER_GETEVENTS, NULL, 0);
	while (ret < 0 && errno == EINTR);
	if (ret < 0)
		die("io_uring_enter");
}

static bool ring_take(struct ring *r, struct answer *a)
{
	unsigned int head = *r->cq_head;
	struct io_uring_cqe *cqe;

	if (head == __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE))
		return false;
	cqe = (void *)(r->cqes + (head & r->cq_mask) * cqe_bytes(r));
	a->res = cqe->res;
	a->user = cqe->user_data;
	a->result = r->flags & IORING_SETUP_CQE32 ? *(uint64_t *)(cqe + 1) : 0;
	__atomic_store_n(r->cq_head, head + 1, __ATOMIC_RELEASE);
	return true;
}

/* Submits the one command that was added and waits for it. */
static struct answer ring_run(struct ring *r)
{
	struct answer a;

	ring_enter(r, 1, 1);
	while (!ring_take(r, &a))
		ring_enter(r, 0, 1);
	return a;
}

static void *memory(void)
{
	void *p = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

static void ring_register(struct ring *r, void *buf)
{
	struct iovec iov = { buf, BUFFER };

	if (syscall(SYS_io_uring_register, r->fd, IORING_REGISTER_BUFFERS, &iov, 1))
		die("io_uring_register");
}

static uint64_t addr(const void *p)
{
	return (uintptr_t)p;
}

static void fill(void *buf, size_t len, unsigned int seed)
{
	unsigned char *p = buf;

	while (len--)
		*p++ = (seed = seed * 1103515245 + 12345) >> 16;
}

/* ---- I/O -------------------------------------------------------------------------------------- */

static struct nvme_uring_cmd *rw(struct ring *r, int fd, int opcode, void *buf, unsigned int len)
{
	struct nvme_uring_cmd *cmd = ring_add(r, fd, NVME_URING_CMD_IO, 0);

	cmd->opcode = opcode;
	cmd->nsid = nsid;
	cmd->addr = addr(buf);
	cmd->data_len = len;
	cmd->cdw10 = 8;
	cmd->cdw12 = len / block - 1;
	return cmd;
}

static void to_vec(struct nvme_uring_cmd *cmd, const struct iovec *iov, unsigned int n)
{
	struct io_uring_sqe *sqe = (void *)((char *)cmd - PAYLOAD);

	sqe->off = NVME_URING_CMD_IO_VEC;
	cmd->addr = addr(iov);
	cmd->data_len = n;
}

static void vectors(struct ring *r, int fd, char *out, char *in)
{
	struct iovec iov[] = { { in, 4096 }, { in + 8192, 8192 }, { in + 4096, 4096 } };
	struct answer a;

	memset(in, 0, BUFFER);
	to_vec(rw(r, fd, READ_BLOCKS, in, 16384), iov, 3);
	a = ring_run(r);
	expect("IO_VEC", a.res, 0);
	check(!memcmp(in, out, 4096) && !memcmp(in + 8192, out + 4096, 8192) &&
	      !memcmp(in + 4096, out + 12288, 4096), "IO_VEC: other data");

	/* registered and vectored: newer kernels; the older ones say no, and must forget it */
	memset(in, 0, BUFFER);
	iov[0] = (struct iovec){ in + 512, 16384 };
	to_vec(rw(r, fd, READ_BLOCKS, in, 16384), iov, 1);
	ring_fixed(r->sqes + ((*r->sq_tail - 1) & r->sq_mask) * 128 + PAYLOAD);
	a = ring_run(r);
	if (a.res)
		expect("registered IO_VEC", a.res, -EOPNOTSUPP);
	else
		check(!memcmp(in + 512, out, 16384), "registered IO_VEC: other data");
}

static void refused(struct ring *r, int fd, char *buf)
{
	struct nvme_uring_cmd *cmd;
	struct ring small;

	rw(r, fd, READ_BLOCKS, buf, 4096)->nsid = nsid + 1;
	expect("another namespace", ring_run(r).res, -EINVAL);
	rw(r, fd, READ_BLOCKS, buf, 4096)->flags = 1;
	expect("flags", ring_run(r).res, -EINVAL);
	rw(r, fd, READ_BLOCKS, buf, 4096)->rsvd1 = 1;
	expect("reserved", ring_run(r).res, -EINVAL);
	rw(r, fd, READ_BLOCKS, buf, 4096)->cdw12 = 8192 / block - 1;
	expect("short data", ring_run(r).res, -EINVAL);
	rw(r, fd, READ_BLOCKS, NULL, 4096);
	expect("no data", ring_run(r).res, -EINVAL);
	rw(r, fd, READ_BLOCKS, (void *)4096, 4096);
	expect("not our memory", ring_run(r).res, -EFAULT);
	rw(r, fd, READ_BLOCKS, buf, 4096)->data_len = 64 << 20;
	expect("too much", ring_run(r).res, -EINVAL);
	cmd = rw(r, fd, READ_BLOCKS, buf, 4096);
	cmd->cdw11 = 0x10000;
	expect("beyond the end", ring_run(r).res, SC_LBA_RANGE);
	cmd = rw(r, fd, READ_BLOCKS, buf + BUFFER, 4096);
	ring_fixed(cmd);
	expect("outside of the registered buffer", ring_run(r).res, -EFAULT);
	ring_add(r, fd, 0x4e7f, 0);
	expect("another command", ring_run(r).res, -ENOTTY);

	ring_open(&small, 0);
	ring_add(&small, fd, NVME_URING_CMD_IO, 0);
	expect("a ring of small entries", ring_run(&small).res, -EOPNOTSUPP);
	close(small.fd);
	ring_open(&small, IORING_SETUP_SQE128);
	rw(&small, fd, READ_BLOCKS, buf, 4096);
	expect("a ring of small completions", ring_run(&small).res, 0);
	close(small.fd);
}

static void io(int fd)
{
	char *out = memory(), *in = memory();
	struct nvme_uring_cmd *cmd;
	struct ring r;

	ring_open(&r, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
	ring_register(&r, in);
	fill(out, BUFFER, getpid());
	rw(&r, fd, WRITE_BLOCKS, out, 32768);
	expect("write", ring_run(&r).res, 0);
	rw(&r, fd, READ_BLOCKS, in, 32768);
	expect("read", ring_run(&r).res, 0);
	check(!memcmp(in, out, 32768), "read: other data");
	/* not where a page begins, not even a dword: copied */
	rw(&r, fd, READ_BLOCKS, in + 33, 8192);
	expect("read to an odd place", ring_run(&r).res, 0);
	check(!memcmp(in + 33, out, 8192), "read to an odd place: other data");

	memset(in, 0, BUFFER);
	cmd = rw(&r, fd, READ_BLOCKS, in + 1024, 16384);
	ring_fixed(cmd);
	expect("registered read", ring_run(&r).res, 0);
	check(!memcmp(in + 1024, out, 16384), "registered read: other data");
	fill(in, BUFFER, 1);
	cmd = rw(&r, fd, WRITE_BLOCKS, in, 16384);
	ring_fixed(cmd);
	expect("registered write", ring_run(&r).res, 0);
	rw(&r, fd, READ_BLOCKS, out, 16384);
	expect("read", ring_run(&r).res, 0);
	check(!memcmp(in, out, 16384), "registered write: other data");

	cmd = ring_add(&r, fd, NVME_URING_CMD_IO, 0);
	cmd->opcode = FLUSH;
	cmd->nsid = nsid;
	expect("flush", ring_run(&r).res, 0);
	vectors(&r, fd, out, in);
	refused(&r, fd, in);
	close(r.fd);
}

/* Keeps ENTRIES / 2 reads going, @count of them or until @end. Returns how many there were. */
static unsigned int reads(struct ring *r, int fd, char *buf, unsigned int count, time_t end)
{
	unsigned int sent = 0, done = 0, add;
	struct answer a;

	for (;;) {
		for (add = 0; sent < count && sent - done < ENTRIES / 2 && (!end || time(NULL) < end);
		     add++)
			rw(r, fd, READ_BLOCKS, buf, 4096)->cdw10 = sent++ % 1024 * 8;
		if (done == sent)
			return done;
		ring_enter(r, add, 1);
		for (; ring_take(r, &a); done++)
			check(!a.res || (end && a.res == -EINTR), "read: %d (%#x)", a.res, a.res);
	}
}

static void poll_reads(int fd, unsigned int count)
{
	struct ring r;

	ring_open(&r, IORING_SETUP_SQE128 | IORING_SETUP_CQE32 | IORING_SETUP_IOPOLL);
	reads(&r, fd, memory(), count, 0);
	close(r.fd);
}

static void load(int fd, int seconds)
{
	struct ring r;

	ring_open(&r, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
	printf("%u reads\n", reads(&r, fd, memory(), ~0U, time(NULL) + seconds));
	close(r.fd);
}

static void user(int fd)
{
	char *buf = memory();
	struct ring r;

	ring_open(&r, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
	rw(&r, fd, READ_BLOCKS, buf, 4096);
	expect("read", ring_run(&r).res, 0);
	rw(&r, fd, WRITE_BLOCKS, buf, 4096);
	expect("write", ring_run(&r).res, -EACCES);
	rw(&r, fd, 0x82, buf, 4096);
	expect("a vendor's command", ring_run(&r).res, -EACCES);
	close(r.fd);
}

static void meta(int fd, unsigned int ms)
{
	char *out = memory(), *in = memory();
	struct nvme_uring_cmd *cmd;
	struct ring r;
	int i;

	fill(out, BUFFER, 7);
	ring_open(&r, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
	for (i = 0; i < 2; i++) {
		cmd = rw(&r, fd, i ? READ_BLOCKS : WRITE_BLOCKS, i ? in : out, 8 * block);
		cmd->metadata = addr((i ? in : out) + 32768);
		cmd->metadata_len = 8 * ms;
		expect("with metadata", ring_run(&r).res, 0);
	}
	check(!memcmp(in, out, 8 * block), "other data");
	check(!memcmp(in + 32768, out + 32768, 8 * ms), "other metadata");
	rw(&r, fd, READ_BLOCKS, in, 8 * block);
	expect("without metadata", ring_run(&r).res, -EINVAL);
	close(r.fd);
}

/* ---- the controller --------------------------------------------------------------------------- */

static struct nvme_uring_cmd *identify(struct ring *r, int fd, unsigned int op, void *buf,
				       unsigned int len)
{
	struct nvme_uring_cmd *cmd = ring_add(r, fd, op, 0);

	cmd->opcode = IDENTIFY;
	cmd->addr = addr(buf);
	cmd->data_len = len;
	cmd->cdw10 = 1;
	return cmd;
}

static void admin(int fd)
{
	char *buf = memory(), *other = memory();
	struct iovec iov[] = { { other, 1024 }, { other + 4096, 3072 } };
	struct nvme_uring_cmd *cmd;
	struct answer a;
	struct ring r;

	ring_open(&r, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
	identify(&r, fd, NVME_URING_CMD_ADMIN, buf, 4096);
	expect("identify", ring_run(&r).res, 0);
	check(buf[4] > ' ', "identify: no serial number");
	identify(&r, fd, NVME_URING_CMD_ADMIN_VEC, iov, 2);
	expect("identify, vectors", ring_run(&r).res, 0);
	check(!memcmp(buf, other, 1024) && !memcmp(buf + 1024, other + 4096, 3072),
	      "identify, vectors: other data");
	identify(&r, fd, NVME_URING_CMD_ADMIN, buf, 2048);
	expect("identify, short", ring_run(&r).res, -EINVAL);

	cmd = ring_add(&r, fd, NVME_URING_CMD_ADMIN, 0);
	cmd->opcode = GET_FEATURES;
	cmd->cdw10 = 7;
	a = ring_run(&r);
	expect("get features", a.res, 0);
	check((a.result & 0xffff) > 0, "get features: result %#llx", (unsigned long long)a.result);
	cmd = ring_add(&r, fd, NVME_URING_CMD_ADMIN, 0);
	cmd->opcode = SET_FEATURES;
	cmd->cdw10 = 7;
	expect("the driver's own feature", ring_run(&r).res, -EACCES);
	ring_add(&r, fd, NVME_URING_CMD_IO, 0);
	expect("IO on a controller", ring_run(&r).res, -ENOTTY);
	close(r.fd);

	ring_open(&r, IORING_SETUP_SQE128 | IORING_SETUP_CQE32 | IORING_SETUP_IOPOLL);
	identify(&r, fd, NVME_URING_CMD_ADMIN, buf, 4096);
	a = ring_run(&r);
	/* newer kernels wait for what cannot be polled */
	if (a.res)
		expect("on a ring that polls", a.res, -EOPNOTSUPP);
	close(r.fd);
}

static void format(int fd, unsigned int id)
{
	struct nvme_uring_cmd *cmd;
	struct ring r;

	ring_open(&r, IORING_SETUP_SQE128 | IORING_SETUP_CQE32);
	cmd = ring_add(&r, fd, NVME_URING_CMD_ADMIN, 0);
	cmd->opcode = FORMAT;
	cmd->nsid = id;
	expect("format", ring_run(&r).res, 0);
	close(r.fd);
}

static int open_device(const char *path, int flags)
{
	int fd = open(path, flags), id;

	if (fd < 0)
		die(path);
	id = ioctl(fd, NVME_IOCTL_ID);
	nsid = id > 0 ? id : 0;
	return fd;
}

int main(int argc, char **argv)
{
	const char *group = argc > 2 ? argv[1] : "";
	int fd, n = argc > 3 ? atoi(argv[3]) : 0;

	if (!strcmp(group, "user") && setresuid(65534, 65534, 65534))
		die("setresuid");
	fd = argc > 2 ? open_device(argv[2], strcmp(group, "user") ? O_RDWR : O_RDONLY) : -1;
	if (!strcmp(group, "io"))
		io(fd);
	else if (!strcmp(group, "poll") && n)
		poll_reads(fd, n);
	else if (!strcmp(group, "load") && n)
		load(fd, n);
	else if (!strcmp(group, "user"))
		user(fd);
	else if (!strcmp(group, "meta") && n)
		meta(fd, n);
	else if (!strcmp(group, "admin"))
		admin(fd);
	else if (!strcmp(group, "format") && n)
		format(fd, n);
	else
		return fprintf(stderr, "see the head of %s.c for how to call it\n", argv[0]), 2;
	if (failures || !checks)
		printf("%d of %d checks failed\n", failures, checks);
	return failures || !checks;
}
