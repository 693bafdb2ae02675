// SPDX-License-Identifier: GPL-2.0
/*
 * usage: nvme-ioctl GROUP DEVICE [ARGUMENT...]
 *
 * Calls the NVMe ioctls of one device, each with good and with bad arguments, and says what did
 * not come out as it should. Exit status 0: all as it should be.
 *
 *	id DEVICE NSID		NVME_IOCTL_ID; NSID 0: must be refused
 *	admin DEVICE		ADMIN_CMD, ADMIN64_CMD: any of nvmeX, nvmeXnY, ngXnY
 *	io DEVICE BYTES		IO_CMD, IO64_CMD on a namespace; BYTES: the largest transfer
 *	vec DEVICE		IO64_CMD_VEC on a namespace
 *	submit DEVICE		SUBMIT_IO on a namespace
 *	compat DEVICE		the same by 32-bit system calls
 *	meta DEVICE MS		metadata on a namespace that has MS bytes per block, and no PI
 *	ctrl DEVICE NAMESPACES	what only nvmeX takes
 *	user DEVICE ro|rw	what uid 65534 may do through a namespace
 *	user-part DEVICE	... and through a partition
 *	user-ctrl DEVICE	... and through nvmeX
 *	gone DEVICE FILE	open; create FILE; when it is gone again, all must end in ENODEV
 *	detached DEVICE FILE	the same for a namespace whose controller is still there
 *	dead DEVICE		nvmeX of a controller that is dead, and stays so
 *	loop DEVICE SECONDS	identify again and again; only resets may interfere
 *	bigread DEVICE BYTES	one read of so many bytes
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <linux/fs.h>
#include <linux/nvme_ioctl.h>

#include "verdict.h"

#ifndef NVME_IOCTL_IO64_CMD_VEC
#define NVME_IOCTL_IO64_CMD_VEC _IOWR('N', 0x49, struct nvme_passthru_cmd64)
#endif

#define PAGE 4096UL

enum {
	ADMIN_CREATE_SQ = 0x01,
	ADMIN_GET_LOG = 0x02,
	ADMIN_CREATE_CQ = 0x05,
	ADMIN_IDENTIFY = 0x06,
	ADMIN_SET_FEATURES = 0x09,
	ADMIN_GET_FEATURES = 0x0a,
	ADMIN_AER = 0x0c,
	ADMIN_DBBUF = 0x7c,
	ADMIN_FORMAT = 0x80,
	CMD_FLUSH = 0x00,
	CMD_WRITE = 0x01,
	CMD_READ = 0x02,
	CMD_COMPARE = 0x05,
	CMD_WRITE_ZEROES = 0x08,
	CMD_DSM = 0x09,
	SC_INVALID_OPCODE = 0x001,
	SC_LBA_RANGE = 0x080,
	SC_COMPARE_FAILED = 0x285,
	SC_MASK = 0x7ff,
};

static uint32_t nsid, block;
static uint64_t blocks;

/* ---- verdicts --------------------------------------------------------------------------- */

static const char *outcome(int ret)
{
	static char buf[2][64];
	static int which;
	char *b = buf[which ^= 1];

	if (ret < 0)
		snprintf(b, sizeof(buf[0]), "%s", strerror(-ret));
	else
		snprintf(b, sizeof(buf[0]), "%#x", ret);
	return b;
}

/* A status is compared without its DNR and MORE bits. */
static void expect(const char *what, int got, int want)
{
	if (got > 0)
		got &= SC_MASK;
	check(got == want, "%s: %s, not %s", what, outcome(got), outcome(want));
}

/* ---- system calls ------------------------------------------------------------------------- */

static bool compat;

/* The 32-bit entry of a 64-bit process: the kernel sees a compat ioctl. */
static long ioctl32(int fd, unsigned long cmd, void *arg)
{
#ifdef __x86_64__
	long ret;

	asm volatile("int $0x80" : "=a"(ret)
		     : "a"(54L), "b"((long)fd), "c"(cmd), "d"(arg)
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
#else
	(void)fd, (void)cmd, (void)arg;
	return -ENOSYS;
#endif
}

static int call(int fd, unsigned long cmd, void *arg)
{
	int ret;

	if (compat)
		return ioctl32(fd, cmd, arg);
	ret = ioctl(fd, cmd, arg);
	return ret < 0 ? -errno : ret;
}

/* Memory below 4 GiB, for the 32-bit calls; @len is rounded up, the page behind it is a hole. */
static void *memory(size_t len)
{
	size_t size = (len + PAGE - 1) & ~(PAGE - 1);
	char *p = mmap(NULL, size + PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	munmap(p + size, PAGE);
	return p;
}

static uintptr_t hole(void)
{
	char *p = memory(PAGE);

	munmap(p, PAGE);
	return (uintptr_t)p;
}

static uint64_t addr(const void *p)
{
	return (uintptr_t)p;
}

static int open_device(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		die(path);
	return fd;
}

static void fill(void *buf, size_t len, unsigned int seed)
{
	unsigned char *p = buf;
	size_t i;

	for (i = 0; i < len; i++) {
		seed = seed * 1103515245 + 12345;
		p[i] = seed >> 16;
	}
}

/* ---- commands ----------------------------------------------------------------------------- */

static struct nvme_passthru_cmd *new_cmd(void)
{
	return memory(sizeof(struct nvme_passthru_cmd));
}

static struct nvme_passthru_cmd64 *new_cmd64(void)
{
	return memory(sizeof(struct nvme_passthru_cmd64));
}

static struct nvme_passthru_cmd identify_cmd(void *buf)
{
	return (struct nvme_passthru_cmd){
		.opcode = ADMIN_IDENTIFY, .addr = addr(buf), .data_len = 4096, .cdw10 = 1,
	};
}

static int identify(int fd, uint32_t cns, uint32_t ns, void *buf)
{
	struct nvme_passthru_cmd *c = new_cmd();
	int ret;

	*c = identify_cmd(buf);
	c->cdw10 = cns;
	c->nsid = ns;
	ret = call(fd, NVME_IOCTL_ADMIN_CMD, c);
	munmap(c, PAGE);
	return ret;
}

static void learn_namespace(int fd)
{
	unsigned char *id = memory(4096);
	int ret = call(fd, NVME_IOCTL_ID, NULL);

	if (ret <= 0 || identify(fd, 0, ret, id)) {
		printf("cannot identify the namespace: %s\n", outcome(ret));
		exit(2);
	}
	nsid = ret;
	block = 1U << id[128 + 4 * (id[26] & 15) + 2];
	memcpy(&blocks, id, sizeof(blocks));
}

static struct nvme_passthru_cmd rw_cmd(int opcode, uint64_t lba, uint32_t nr, void *buf)
{
	return (struct nvme_passthru_cmd){
		.opcode = opcode, .nsid = nsid, .addr = addr(buf), .data_len = nr * block,
		.cdw10 = lba, .cdw11 = lba >> 32, .cdw12 = nr - 1,
	};
}

static int rw(int fd, int opcode, uint64_t lba, uint32_t nr, void *buf)
{
	struct nvme_passthru_cmd *c = new_cmd();
	int ret;

	*c = rw_cmd(opcode, lba, nr, buf);
	ret = call(fd, NVME_IOCTL_IO_CMD, c);
	munmap(c, PAGE);
	return ret;
}

static struct nvme_passthru_cmd64 wide(const struct nvme_passthru_cmd *c)
{
	struct nvme_passthru_cmd64 w = {};

	/* the two are one up to the time-out */
	memcpy(&w, c, offsetof(struct nvme_passthru_cmd, timeout_ms));
	return w;
}

/* What a malformed structure of either size must give, whatever it asks for. */
static void malformed(int fd, const char *name, unsigned long nr, bool is64,
		      struct nvme_passthru_cmd good)
{
	struct nvme_passthru_cmd64 *w = new_cmd64();
	struct nvme_passthru_cmd *c = (void *)w;
	char what[96];

#define MALFORMED(text, want, change) do {					\
	if (is64)								\
		*w = wide(&good);						\
	else									\
		*c = good;							\
	change;									\
	snprintf(what, sizeof(what), "%s, %s", name, text);			\
	expect(what, call(fd, nr, w), want);					\
} while (0)
	MALFORMED("as it should be", 0, (void)0);
	MALFORMED("flags", -EINVAL, c->flags = 1);
	MALFORMED("rsvd1", -EINVAL, c->rsvd1 = 1);
	if (is64)
		MALFORMED("rsvd2", -EINVAL, w->rsvd2 = 1);
	MALFORMED("no buffer", -EINVAL, c->addr = 0);
	MALFORMED("no length", -EINVAL, c->data_len = 0);
	MALFORMED("length too short", -EINVAL, c->data_len = good.data_len - 4);
	MALFORMED("4 GiB", -EINVAL, c->data_len = 0xfffffffc);
	MALFORMED("buffer in a hole", -EFAULT, c->addr = hole());
	MALFORMED("buffer that ends in a hole", -EFAULT,
		  c->addr = addr(memory(PAGE)) + PAGE - good.data_len / 2);
	MALFORMED("kernel address", -EFAULT, c->addr = compat ? 0xfffff000 : 0xffff888000001000);
	MALFORMED("metadata where there is none", -EINVAL,
		  (c->metadata = addr(memory(PAGE)), c->metadata_len = 8));
	MALFORMED("4 GiB of metadata", -EINVAL,
		  (c->metadata = addr(memory(PAGE)), c->metadata_len = 0xfffffff8));
#undef MALFORMED

	snprintf(what, sizeof(what), "%s, no structure", name);
	expect(what, call(fd, nr, NULL), -EFAULT);
	snprintf(what, sizeof(what), "%s, structure in a hole", name);
	expect(what, call(fd, nr, (void *)hole()), -EFAULT);
	if (is64)
		*w = wide(&good);
	else
		*c = good;
	mprotect(w, PAGE, PROT_READ);
	snprintf(what, sizeof(what), "%s, structure that cannot be written", name);
	expect(what, call(fd, nr, w), -EFAULT);
	munmap(w, PAGE);
}

/* ---- groups ------------------------------------------------------------------------------- */

static void unknown(int fd)
{
	expect("an unknown ioctl", call(fd, _IO('N', 0x7f), NULL), -ENOTTY);
	expect("an ioctl of another size",
	       call(fd, _IOWR('N', 0x41, struct nvme_passthru_cmd64), NULL), -ENOTTY);
	expect("a foreign ioctl", call(fd, _IO('T', 1), NULL), -ENOTTY);
}

static void group_id(int fd, char **argv)
{
	int want = atoi(argv[0]);

	expect("NVME_IOCTL_ID", call(fd, NVME_IOCTL_ID, NULL), want ? want : -ENOTTY);
}

static void admin_refused(int fd, const char *what, int opcode, uint32_t cdw10, int want)
{
	struct nvme_passthru_cmd *c = new_cmd();

	*c = (struct nvme_passthru_cmd){
		.opcode = opcode, .addr = addr(memory(PAGE)), .data_len = 4096, .cdw10 = cdw10,
	};
	expect(what, call(fd, NVME_IOCTL_ADMIN_CMD, c), want);
	munmap(c, PAGE);
}

static void group_admin(int fd, char **argv)
{
	unsigned char *id = memory(4096), *other = memory(3 * PAGE), *zero = memory(4096);
	struct nvme_passthru_cmd64 *w = new_cmd64();
	struct nvme_passthru_cmd *c = new_cmd();
	unsigned int offset;
	struct stat st;

	(void)argv;
	expect("identify", identify(fd, 1, 0, id), 0);
	check(memcmp(id, zero, 4096), "identify left nothing in its buffer");
	check(id[4] > ' ', "identify: no serial number");
	for (offset = 1; offset < PAGE; offset = offset * 5 + 3) {
		memset(other, 0xaa, 3 * PAGE);
		expect("identify into an odd address", identify(fd, 1, 0, other + offset), 0);
		check(!memcmp(id, other + offset, 4096), "offset %u: other data", offset);
		check(other[offset - 1] == 0xaa && other[offset + 4096] == 0xaa,
		      "offset %u: wrote beside the buffer", offset);
	}
	malformed(fd, "ADMIN_CMD", NVME_IOCTL_ADMIN_CMD, false, identify_cmd(other));
	malformed(fd, "ADMIN64_CMD", NVME_IOCTL_ADMIN64_CMD, true, identify_cmd(other));

	/* number of queues: dword 0 of the completion comes back, in either structure */
	*c = (struct nvme_passthru_cmd){ .opcode = ADMIN_GET_FEATURES, .cdw10 = 7 };
	expect("get features", call(fd, NVME_IOCTL_ADMIN_CMD, c), 0);
	*w = wide(c);
	w->result = ~0ULL;
	expect("get features 64", call(fd, NVME_IOCTL_ADMIN64_CMD, w), 0);
	check(c->result == (uint32_t)w->result, "results differ: %#x %#llx", c->result,
	      (unsigned long long)w->result);
	check((w->result >> 32) == 0, "result's upper half: %#llx", (unsigned long long)w->result);

	*c = (struct nvme_passthru_cmd){ .opcode = 0xc5, .timeout_ms = 0xffffffff };
	expect("vendor opcode", call(fd, NVME_IOCTL_ADMIN_CMD, c), SC_INVALID_OPCODE);
	*c = (struct nvme_passthru_cmd){ .opcode = ADMIN_GET_LOG, .nsid = 0xffffffff,
		.addr = addr(other), .data_len = 512, .cdw10 = 2 | 127 << 16 };
	expect("SMART log", call(fd, NVME_IOCTL_ADMIN_CMD, c), 0);
	c->cdw10 = 2 | 128 << 16;
	expect("log longer than its buffer", call(fd, NVME_IOCTL_ADMIN_CMD, c), -EINVAL);
	c->cdw11 = 0xffff;
	expect("log of 16 GiB", call(fd, NVME_IOCTL_ADMIN_CMD, c), -EINVAL);

	admin_refused(fd, "create SQ", ADMIN_CREATE_SQ, 1, -EACCES);
	admin_refused(fd, "create CQ", ADMIN_CREATE_CQ, 1, -EACCES);
	admin_refused(fd, "delete SQ", 0x00, 1, -EACCES);
	admin_refused(fd, "delete CQ", 0x04, 1, -EACCES);
	admin_refused(fd, "async event request", ADMIN_AER, 0, -EACCES);
	admin_refused(fd, "doorbell buffers", ADMIN_DBBUF, 0, -EACCES);
	admin_refused(fd, "number of queues", ADMIN_SET_FEATURES, 7, -EACCES);
	admin_refused(fd, "host memory buffer", ADMIN_SET_FEATURES, 13, -EACCES);
	/* a block device has ioctls of the block layer's besides */
	if (!fstat(fd, &st) && S_ISCHR(st.st_mode))
		unknown(fd);
}

static void group_io(int fd, char **argv)
{
	size_t max = strtoul(argv[0], NULL, 0);
	struct nvme_passthru_cmd64 *w = new_cmd64();
	struct nvme_passthru_cmd *c = new_cmd();
	char *out, *in;

	learn_namespace(fd);
	out = memory(8 * block + PAGE);
	in = memory(8 * block + PAGE);
	fill(out, 8 * block, nsid);

	expect("write", rw(fd, CMD_WRITE, 16, 8, out), 0);
	expect("read", rw(fd, CMD_READ, 16, 8, in), 0);
	check(!memcmp(in, out, 8 * block), "read other data than written");
	expect("read into an odd address", rw(fd, CMD_READ, 16, 8, in + 513), 0);
	check(!memcmp(in + 513, out, 8 * block), "other data at an odd address");
	expect("write from an odd address", rw(fd, CMD_WRITE, 24, 8, in + 513), 0);
	memset(in, 0, 8 * block);
	expect("read it", rw(fd, CMD_READ, 24, 8, in), 0);
	check(!memcmp(in, out, 8 * block), "wrote other data from an odd address");
	expect("compare", rw(fd, CMD_COMPARE, 16, 8, out), 0);
	out[5 * block] ^= 1;
	expect("compare with other data", rw(fd, CMD_COMPARE, 16, 8, out), SC_COMPARE_FAILED);

	*c = (struct nvme_passthru_cmd){ .opcode = CMD_FLUSH, .nsid = nsid };
	expect("flush", call(fd, NVME_IOCTL_IO_CMD, c), 0);
	*c = (struct nvme_passthru_cmd){ .opcode = CMD_WRITE_ZEROES, .nsid = nsid, .cdw10 = 16,
		.cdw12 = 3 };
	expect("write zeroes", call(fd, NVME_IOCTL_IO_CMD, c), 0);
	expect("read zeroes", rw(fd, CMD_READ, 16, 8, in), 0);
	check(!in[0] && !memcmp(in, in + 1, 4 * block - 1), "write zeroes did not write zeroes");
	check(!memcmp(in + 4 * block, out + 4 * block, block), "wrote more zeroes than told");

	malformed(fd, "IO_CMD", NVME_IOCTL_IO_CMD, false, rw_cmd(CMD_READ, 0, 4, in));
	malformed(fd, "IO64_CMD", NVME_IOCTL_IO64_CMD, true, rw_cmd(CMD_READ, 0, 4, in));

	*c = rw_cmd(CMD_READ, 0, 1, in);
	c->nsid = nsid + 1;
	expect("another namespace", call(fd, NVME_IOCTL_IO_CMD, c), -EINVAL);
	c->nsid = 0xffffffff;
	expect("all namespaces", call(fd, NVME_IOCTL_IO_CMD, c), -EINVAL);
	c->nsid = 0;
	expect("no namespace", call(fd, NVME_IOCTL_IO_CMD, c), -EINVAL);
	expect("read behind the end", rw(fd, CMD_READ, blocks, 1, in), SC_LBA_RANGE);
	expect("read across the end", rw(fd, CMD_READ, blocks - 1, 2, in), SC_LBA_RANGE);
	*c = rw_cmd(0xc5, 0, 1, in);
	expect("vendor opcode", call(fd, NVME_IOCTL_IO_CMD, c), SC_INVALID_OPCODE);
	*c = rw_cmd(CMD_DSM, 0, 1, in);
	c->data_len = 255 * 16;
	c->cdw10 = 255;
	expect("more ranges than told", call(fd, NVME_IOCTL_IO_CMD, c), -EINVAL);

	in = memory(max + block);
	expect("the largest read", rw(fd, CMD_READ, 0, max / block, in), 0);
	expect("a larger one", rw(fd, CMD_READ, 0, max / block + 1, in), -EINVAL);
	*w = wide(&(struct nvme_passthru_cmd){ .opcode = CMD_FLUSH, .nsid = nsid });
	expect("flush 64", call(fd, NVME_IOCTL_IO64_CMD, w), 0);
}

static int rw_vec(int fd, int opcode, uint64_t lba, uint32_t nr, struct iovec *iov, uint32_t cnt)
{
	struct nvme_passthru_cmd64 *w = new_cmd64();
	struct nvme_passthru_cmd c = rw_cmd(opcode, lba, nr, iov);
	int ret;

	*w = wide(&c);
	w->data_len = cnt;
	ret = call(fd, NVME_IOCTL_IO64_CMD_VEC, w);
	munmap(w, PAGE);
	return ret;
}

static void group_vec(int fd, char **argv)
{
	struct iovec *iov = memory(2000 * sizeof(*iov));
	char *out, *in, *far;
	unsigned int i, n;
	int ret;

	(void)argv;
	learn_namespace(fd);
	out = memory(16 * block);
	in = memory(16 * block);
	far = memory(16 * PAGE);
	fill(out, 16 * block, 7);
	expect("write", rw(fd, CMD_WRITE, 64, 8, out), 0);

	/* pages in reverse order, then pieces that fit no boundary */
	for (i = 0; i < 8; i++)
		iov[i] = (struct iovec){ far + (7 - i) * PAGE, block };
	expect("scattered blocks", rw_vec(fd, CMD_READ, 64, 8, iov, 8), 0);
	for (i = 0; i < 8; i++)
		check(!memcmp(far + (7 - i) * PAGE, out + i * block, block), "block %u differs", i);
	iov[0] = (struct iovec){ in + 4, 100 };
	iov[1] = (struct iovec){ in + 256, 8 * block - 100 - 12 };
	iov[2] = (struct iovec){ in + 9 * block + 4, 12 };
	expect("odd pieces", rw_vec(fd, CMD_READ, 64, 8, iov, 3), 0);
	n = 8 * block - 112;
	check(!memcmp(in + 4, out, 100) && !memcmp(in + 256, out + 100, n) &&
	      !memcmp(in + 9 * block + 4, out + 8 * block - 12, 12), "odd pieces differ");
	iov[1].iov_base = out + 100;
	iov[0].iov_base = out;
	iov[2].iov_base = out + 8 * block - 12;
	expect("write of odd pieces", rw_vec(fd, CMD_WRITE, 128, 8, iov, 3), 0);
	expect("read it", rw(fd, CMD_READ, 128, 8, in), 0);
	check(!memcmp(in, out, 8 * block), "write of odd pieces wrote other data");

	expect("too short together", rw_vec(fd, CMD_READ, 64, 8, iov, 2), -EINVAL);
	expect("no vectors", rw_vec(fd, CMD_READ, 64, 8, iov, 0), -EINVAL);
	iov[0].iov_len = 0;
	expect("an empty vector", rw_vec(fd, CMD_READ, 64, 8, iov, 1), -EINVAL);
	for (i = 0; i < 1025; i++)
		iov[i] = (struct iovec){ in, 4 };
	expect("1025 vectors", rw_vec(fd, CMD_READ, 64, 8, iov, 1025), -EINVAL);
	expect("4 G vectors", rw_vec(fd, CMD_READ, 64, 8, iov, 0xffffffff), -EINVAL);
	expect("vectors in a hole", rw_vec(fd, CMD_READ, 64, 8, (void *)hole(), 3), -EFAULT);
	iov[0] = (struct iovec){ (void *)hole(), 8 * block };
	expect("a vector to a hole", rw_vec(fd, CMD_READ, 64, 8, iov, 1), -EFAULT);
	iov[0] = (struct iovec){ in, (size_t)-block };
	iov[1] = (struct iovec){ in, 9 * block };
	ret = rw_vec(fd, CMD_READ, 64, 8, iov, 2);
	check(ret == -EINVAL || ret == -EFAULT, "lengths that overflow: %s", outcome(ret));
}

/* The structure of a 32-bit program ends where that of a 64-bit one is padded. */
static unsigned long submit_nr(void)
{
	return compat ? _IOC(_IOC_WRITE, 'N', 0x42, 44) : NVME_IOCTL_SUBMIT_IO;
}

static int submit(int fd, const struct nvme_user_io *io)
{
	/* a page boundary follows the last member, and a hole that */
	char *p = (char *)memory(PAGE) + PAGE - (compat ? 44 : sizeof(*io));
	int ret;

	memcpy(p, io, compat ? 44 : sizeof(*io));
	ret = call(fd, submit_nr(), p);
	munmap((void *)((uintptr_t)p & ~(PAGE - 1)), PAGE);
	return ret;
}

static struct nvme_user_io user_io(int opcode, uint64_t lba, uint32_t nr, void *buf)
{
	return (struct nvme_user_io){
		.opcode = opcode, .nblocks = nr - 1, .slba = lba, .addr = addr(buf),
	};
}

static void group_submit(int fd, char **argv)
{
	struct nvme_user_io good, io;
	char *out, *in;

	(void)argv;
	learn_namespace(fd);
	out = memory(8 * block);
	in = memory(8 * block);
	fill(out, 8 * block, 3);

	io = user_io(CMD_WRITE, 32, 8, out);
	expect("SUBMIT_IO write", submit(fd, &io), 0);
	good = user_io(CMD_READ, 32, 8, in);
	expect("SUBMIT_IO read", submit(fd, &good), 0);
	check(!memcmp(in, out, 8 * block), "read other data than written");
	io = user_io(CMD_COMPARE, 32, 8, out);
	expect("SUBMIT_IO compare", submit(fd, &io), 0);
	out[0] ^= 1;
	expect("SUBMIT_IO compare with other data", submit(fd, &io), SC_COMPARE_FAILED);

#define BAD(text, want, change) do {				\
	io = good;						\
	change;							\
	expect("SUBMIT_IO, " text, submit(fd, &io), want);	\
} while (0)
	BAD("flags", -EINVAL, io.flags = 1);
	BAD("rsvd", -EINVAL, io.rsvd = 1);
	BAD("flush", -EINVAL, io.opcode = CMD_FLUSH);
	BAD("write zeroes", -EINVAL, io.opcode = CMD_WRITE_ZEROES);
	BAD("vendor opcode", -EINVAL, io.opcode = 0xc5);
	BAD("no buffer", -EINVAL, io.addr = 0);
	BAD("buffer in a hole", -EFAULT, io.addr = hole());
	BAD("behind the end", SC_LBA_RANGE, io.slba = blocks);
	BAD("far behind the end", SC_LBA_RANGE, io.slba = ~0ULL - 8);
	BAD("65536 blocks", -EINVAL, io.nblocks = 65535);
	BAD("force unit access", 0, io.control = 1 << 14);
#undef BAD
	expect("SUBMIT_IO, no structure", call(fd, submit_nr(), NULL), -EFAULT);
}

static void group_compat(int fd, char **argv)
{
	compat = true;
	if (call(fd, NVME_IOCTL_ID, NULL) == -ENOSYS) {
		printf("no 32-bit system calls here\n");
		exit(77);
	}
	group_submit(fd, argv);
	group_admin(fd, argv);
	malformed(fd, "IO_CMD", NVME_IOCTL_IO_CMD, false, rw_cmd(CMD_READ, 0, 4, memory(4 * block)));
}

static void group_meta(int fd, char **argv)
{
	unsigned int ms = atoi(argv[0]), n = 8;
	struct nvme_passthru_cmd *c = new_cmd();
	char *out, *in, *mout, *min;
	struct nvme_user_io io;

	learn_namespace(fd);
	out = memory(n * block);
	in = memory(n * block);
	mout = memory(n * ms);
	min = memory(n * ms);
	fill(out, n * block, 1);
	fill(mout, n * ms, 2);

	io = user_io(CMD_WRITE, 40, n, out);
	io.metadata = addr(mout);
	expect("SUBMIT_IO write", submit(fd, &io), 0);
	io = user_io(CMD_READ, 40, n, in);
	io.metadata = addr(min);
	expect("SUBMIT_IO read", submit(fd, &io), 0);
	check(!memcmp(in, out, n * block), "data differ");
	check(!memcmp(min, mout, n * ms), "metadata differ");
	io.metadata = 0;
	expect("SUBMIT_IO without metadata", submit(fd, &io), -EINVAL);
	io.metadata = addr(min) + 2;
	expect("SUBMIT_IO, odd metadata", submit(fd, &io), -EINVAL);
	io.metadata = hole();
	expect("SUBMIT_IO, metadata to a hole", submit(fd, &io), -EFAULT);

	mout[3] ^= 0x55;
	*c = rw_cmd(CMD_WRITE, 40, n, out);
	c->metadata = addr(mout);
	c->metadata_len = n * ms;
	expect("IO_CMD write", call(fd, NVME_IOCTL_IO_CMD, c), 0);
	*c = rw_cmd(CMD_READ, 40, n, in);
	c->metadata = addr(min);
	c->metadata_len = n * ms;
	expect("IO_CMD read", call(fd, NVME_IOCTL_IO_CMD, c), 0);
	check(!memcmp(min, mout, n * ms), "IO_CMD: metadata differ");
	c->metadata_len--;
	expect("IO_CMD, metadata too short", call(fd, NVME_IOCTL_IO_CMD, c), -EINVAL);
	c->metadata_len = 0xfffffff8;
	expect("IO_CMD, 4 GiB of metadata", call(fd, NVME_IOCTL_IO_CMD, c), -EINVAL);
	c->metadata_len = n * ms;
	c->metadata = 0;
	expect("IO_CMD, no metadata", call(fd, NVME_IOCTL_IO_CMD, c), -EINVAL);
	c->metadata = hole();
	expect("IO_CMD, metadata to a hole", call(fd, NVME_IOCTL_IO_CMD, c), -EFAULT);
	c->opcode = CMD_WRITE;
	expect("IO_CMD, metadata from a hole", call(fd, NVME_IOCTL_IO_CMD, c), -EFAULT);
}

static void group_ctrl(int fd, char **argv)
{
	int namespaces = atoi(argv[0]);
	struct nvme_passthru_cmd *c = new_cmd();
	char *buf = memory(4096);
	int ret;

	nsid = 1;
	block = 512;
	*c = rw_cmd(CMD_READ, 0, 8, buf);
	expect("IO_CMD", call(fd, NVME_IOCTL_IO_CMD, c),
	       !namespaces ? -ENOTTY : namespaces > 1 ? -EINVAL : 0);
	expect("NVME_IOCTL_ID", call(fd, NVME_IOCTL_ID, NULL), -ENOTTY);
	expect("SUBMIT_IO", call(fd, NVME_IOCTL_SUBMIT_IO, buf), -ENOTTY);
	expect("IO64_CMD", call(fd, NVME_IOCTL_IO64_CMD, buf), -ENOTTY);
	expect("IO64_CMD_VEC", call(fd, NVME_IOCTL_IO64_CMD_VEC, buf), -ENOTTY);
	expect("RESCAN", call(fd, NVME_IOCTL_RESCAN, NULL), 0);
	expect("RESET", call(fd, NVME_IOCTL_RESET, NULL), 0);
	expect("identify after the reset", identify(fd, 1, 0, buf), 0);
	/* CAP.NSSRS tells whether there is one; the machines at hand have none */
	ret = call(fd, NVME_IOCTL_SUBSYS_RESET, NULL);
	check(ret == -ENOTTY || !ret, "SUBSYS_RESET: %s", outcome(ret));
	unknown(fd);
}

static void become_nobody(void)
{
	if (setgid(65534) || setuid(65534))
		die("setuid");
}

static void group_user(int fd, char **argv)
{
	bool writable = !strcmp(argv[0], "rw");
	struct nvme_passthru_cmd *c = new_cmd();
	char *buf = memory(4 * PAGE);
	struct nvme_user_io io;
	int ret;

	learn_namespace(fd);
	become_nobody();
	expect("user: id", call(fd, NVME_IOCTL_ID, NULL), nsid);
	expect("user: identify namespace", identify(fd, 0, nsid, buf), 0);
	expect("user: identify controller", identify(fd, 1, 0, buf), 0);
	expect("user: list of namespaces", identify(fd, 2, 0, buf), -EACCES);
	expect("user: list of controllers", identify(fd, 0x13, 0, buf), -EACCES);
	admin_refused(fd, "user: log", ADMIN_GET_LOG, 2 | 127 << 16, -EACCES);
	admin_refused(fd, "user: get features", ADMIN_GET_FEATURES, 7, -EACCES);
	admin_refused(fd, "user: set features", ADMIN_SET_FEATURES, 6, -EACCES);
	admin_refused(fd, "user: format", ADMIN_FORMAT, 0, -EACCES);
	admin_refused(fd, "user: vendor opcode", 0xc5, 0, -EACCES);

	expect("user: read", rw(fd, CMD_READ, 8, 4, buf), 0);
	expect("user: write", rw(fd, CMD_WRITE, 8, 4, buf), writable ? 0 : -EACCES);
	expect("user: compare", rw(fd, CMD_COMPARE, 8, 4, buf), writable ? 0 : -EACCES);
	*c = (struct nvme_passthru_cmd){ .opcode = CMD_FLUSH, .nsid = nsid };
	/* some controllers say that a flush changes data */
	ret = call(fd, NVME_IOCTL_IO_CMD, c);
	check(!ret || (!writable && ret == -EACCES), "user: flush: %s", outcome(ret));
	*c = (struct nvme_passthru_cmd){ .opcode = CMD_WRITE_ZEROES, .nsid = nsid, .cdw10 = 8 };
	expect("user: write zeroes", call(fd, NVME_IOCTL_IO_CMD, c), writable ? 0 : -EACCES);
	*c = rw_cmd(0xc5, 0, 1, buf);
	expect("user: vendor I/O", call(fd, NVME_IOCTL_IO_CMD, c), -EACCES);
	*c = rw_cmd(0x0d, 0, 1, buf);
	expect("user: reservation", call(fd, NVME_IOCTL_IO_CMD, c), -EACCES);
	*c = rw_cmd(CMD_READ, 8, 4, buf);
	c->cdw12 = 0xffff;
	expect("user: read beyond the buffer", call(fd, NVME_IOCTL_IO_CMD, c), -EINVAL);
	*c = rw_cmd(CMD_READ, 8, 4, buf);
	c->nsid = nsid + 1;
	expect("user: another namespace", call(fd, NVME_IOCTL_IO_CMD, c), -EINVAL);
	io = user_io(CMD_READ, 8, 4, buf);
	expect("user: SUBMIT_IO read", submit(fd, &io), 0);
	io = user_io(CMD_WRITE, 8, 4, buf);
	expect("user: SUBMIT_IO write", submit(fd, &io), writable ? 0 : -EACCES);
}

static void group_user_part(int fd, char **argv)
{
	char *buf = memory(PAGE);
	struct nvme_user_io io;

	(void)argv;
	learn_namespace(fd);
	expect("root: read through a partition", rw(fd, CMD_READ, 0, 1, buf), 0);
	become_nobody();
	expect("user: id of a partition", call(fd, NVME_IOCTL_ID, NULL), nsid);
	expect("user: identify through a partition", identify(fd, 0, nsid, buf), -EACCES);
	expect("user: read through a partition", rw(fd, CMD_READ, 0, 1, buf), -EACCES);
	expect("user: write through a partition", rw(fd, CMD_WRITE, 0, 1, buf), -EACCES);
	io = user_io(CMD_READ, 0, 1, buf);
	expect("user: SUBMIT_IO through a partition", submit(fd, &io), -EACCES);
}

static void group_user_ctrl(int fd, char **argv)
{
	char *buf = memory(PAGE);

	(void)argv;
	become_nobody();
	expect("user: identify controller", identify(fd, 1, 0, buf), 0);
	admin_refused(fd, "user: log", ADMIN_GET_LOG, 2 | 127 << 16, -EACCES);
	admin_refused(fd, "user: format", ADMIN_FORMAT, 0, -EACCES);
	expect("user: RESET", call(fd, NVME_IOCTL_RESET, NULL), -EACCES);
	expect("user: SUBSYS_RESET", call(fd, NVME_IOCTL_SUBSYS_RESET, NULL), -EACCES);
	expect("user: RESCAN", call(fd, NVME_IOCTL_RESCAN, NULL), -EACCES);
}

/* Says that the device is open, and waits until the one who listens says to go on. */
static void rendezvous(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0644);

	if (fd < 0)
		die(path);
	close(fd);
	while (!access(path, F_OK))
		usleep(20000);
}

static void group_detached(int fd, char **argv)
{
	char *buf = memory(PAGE);
	struct nvme_user_io io;

	learn_namespace(fd);
	expect("read", rw(fd, CMD_READ, 0, 1, buf), 0);
	rendezvous(argv[0]);
	expect("detached: read", rw(fd, CMD_READ, 0, 1, buf), -ENODEV);
	io = user_io(CMD_READ, 0, 1, buf);
	expect("detached: SUBMIT_IO", submit(fd, &io), -ENODEV);
	expect("detached: identify controller", identify(fd, 1, 0, buf), 0);
}

static void group_gone(int fd, char **argv)
{
	struct nvme_passthru_cmd *c = new_cmd();
	char *buf = memory(PAGE);
	int ret = call(fd, NVME_IOCTL_ID, NULL);

	rendezvous(argv[0]);
	expect("gone: identify", identify(fd, 1, 0, buf), -ENODEV);
	if (ret > 0) {
		nsid = ret;
		block = 512;
		expect("gone: read", rw(fd, CMD_READ, 0, 1, buf), -ENODEV);
		return;
	}
	expect("gone: RESET", call(fd, NVME_IOCTL_RESET, NULL), -ENODEV);
	expect("gone: RESCAN", call(fd, NVME_IOCTL_RESCAN, NULL), -ENODEV);
	*c = (struct nvme_passthru_cmd){ .opcode = CMD_FLUSH, .nsid = 1 };
	expect("gone: IO_CMD", call(fd, NVME_IOCTL_IO_CMD, c), -ENODEV);
}

static void group_dead(int fd, char **argv)
{
	char *buf = memory(PAGE);

	(void)argv;
	expect("dead: identify", identify(fd, 1, 0, buf), -ENODEV);
	expect("dead: RESCAN", call(fd, NVME_IOCTL_RESCAN, NULL), -ENODEV);
}

static void group_loop(int fd, char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	unsigned int good = 0, upset = 0;
	char *buf = memory(PAGE);

	while (time(NULL) < end) {
		int ret = identify(fd, 1, 0, buf);

		if (!ret)
			good++;
		else if (ret == -EINTR || ret == -EAGAIN)
			upset++;
		else
			expect("identify during resets", ret, 0);
	}
	printf("%u identified, %u upset by a reset\n", good, upset);
	check(good > 10, "only %u of %u", good, good + upset);
}

static void group_bigread(int fd, char **argv)
{
	size_t len = strtoul(argv[0], NULL, 0);

	learn_namespace(fd);
	expect("read", rw(fd, CMD_READ, 0, len / block, memory(len)), 0);
}

static const struct {
	const char *name;
	void (*run)(int fd, char **argv);
	int arguments;
	int flags;
} groups[] = {
	{ "id", group_id, 1, O_RDONLY },
	{ "admin", group_admin, 0, O_RDONLY },
	{ "io", group_io, 1, O_RDWR },
	{ "vec", group_vec, 0, O_RDWR },
	{ "submit", group_submit, 0, O_RDWR },
	{ "compat", group_compat, 0, O_RDWR },
	{ "meta", group_meta, 1, O_RDWR },
	{ "ctrl", group_ctrl, 1, O_RDWR },
	{ "user", group_user, 1, O_RDWR },
	{ "user-part", group_user_part, 0, O_RDWR },
	{ "user-ctrl", group_user_ctrl, 0, O_RDWR },
	{ "gone", group_gone, 1, O_RDONLY },
	{ "detached", group_detached, 1, O_RDONLY },
	{ "dead", group_dead, 0, O_RDONLY },
	{ "loop", group_loop, 1, O_RDONLY },
	{ "bigread", group_bigread, 1, O_RDONLY },
};

int main(int argc, char **argv)
{
	unsigned int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; argc > 2 && i < sizeof(groups) / sizeof(groups[0]); i++) {
		int flags = groups[i].flags;

		if (strcmp(argv[1], groups[i].name) || argc != 3 + groups[i].arguments)
			continue;
		if (argc > 3 && !strcmp(argv[3], "ro"))
			flags = O_RDONLY;
		groups[i].run(open_device(argv[2], flags), argv + 3);
		printf("%s %s: %d checks, %d wrong\n", argv[1], argv[2], checks, failures);
		return failures ? 1 : 0;
	}
	fprintf(stderr, "usage: nvme-ioctl GROUP DEVICE [ARGUMENT...]; see its source\n");
	return 2;
}
