// SPDX-License-Identifier: GPL-2.0
/*
 * How few instructions a read can cost: a program that drives a controller itself, from user space,
 * with one queue pair, no interrupts, no block layer, and nothing checked but the status. It sets
 * the controller up by its registers, submits a batch, rings once, sleeps until the completions
 * are all there, and takes them. Prints the same line as gen.
 *
 * usage: limit -N NAME [-n READS] [-w WARM-UP] [-q DEPTH] PCI-ADDRESS
 *
 * The controller must have no driver. Linked to COUNTED_START, so that the plugin counts it.
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
#include <time.h>
#include <unistd.h>

#include <nvme/cmd.h>
#include <nvme/regs.h>

#include "marker.h"

#define PAGE 4096UL
#define HUGE_PAGE (2UL << 20)
#define DEPTH 64
#define ADMIN_DEPTH 8

struct queue {
	struct nvm_sqe *sq;
	struct nvm_cqe *cq;
	uint32_t *sq_db, *cq_db;
	unsigned int depth, tail, head, phase;
};

static uint32_t *regs;
static char *memory;
static uint64_t memory_at;
static struct queue admin, io;
static unsigned int qd = 1;
static uint64_t seed = 12345;

static void die(const char *what)
{
	fprintf(stderr, "limit: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void map_memory(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t e;

	memory = mmap(NULL, HUGE_PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (memory == MAP_FAILED)
		die("huge page");
	memset(memory, 0, HUGE_PAGE);
	if (pread(fd, &e, sizeof(e), (uintptr_t)memory / PAGE * sizeof(e)) != sizeof(e))
		die("pagemap");
	memory_at = (e & ((1ULL << 55) - 1)) * PAGE;
	close(fd);
}

static void map_registers(const char *address)
{
	uint16_t command;
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", address);
	fd = open(path, O_RDWR);
	if (fd < 0 || pread(fd, &command, 2, 4) != 2)
		die(path);
	/* memory space, bus master, no pin interrupt */
	command |= 0x406;
	if (pwrite(fd, &command, 2, 4) != 2)
		die(path);
	close(fd);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource0", address);
	fd = open(path, O_RDWR);
	regs = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd < 0 || regs == MAP_FAILED)
		die(path);
	close(fd);
}

/* What the controller reads and writes is read and written once, in order. */
static inline void put(uint32_t *to, uint32_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELEASE);
}

static inline void write32(unsigned int at, uint32_t value)
{
	put(&regs[at / 4], value);
}

static void write64(unsigned int at, uint64_t value)
{
	write32(at, value);
	write32(at + 4, value >> 32);
}

static void queue_open(struct queue *q, unsigned int qid, unsigned int depth, size_t at)
{
	q->sq = (void *)(memory + at);
	q->cq = (void *)(memory + at + PAGE);
	q->sq_db = regs + (0x1000 + 8 * qid) / 4;
	q->cq_db = q->sq_db + 1;
	q->depth = depth;
	q->phase = 1;
}

static void wait_ready(uint32_t ready)
{
	int n;

	for (n = 0; n < 5000; n++) {
		if ((__atomic_load_n(&regs[NVM_REG_CSTS / 4], __ATOMIC_ACQUIRE) & NVM_CSTS_RDY) ==
		    ready)
			return;
		usleep(1000);
	}
	errno = ETIMEDOUT;
	die("controller");
}

static inline void submit(struct queue *q, const struct nvm_sqe *cmd)
{
	q->sq[q->tail] = *cmd;
	if (++q->tail == q->depth)
		q->tail = 0;
}

static inline void ring(struct queue *q)
{
	put(q->sq_db, q->tail);
}

/* Takes completions until there are none. */
static inline unsigned int take(struct queue *q)
{
	unsigned int n = 0;

	for (;;) {
		unsigned int status = __atomic_load_n(&q->cq[q->head].status, __ATOMIC_ACQUIRE);

		if ((status & 1) != q->phase)
			break;
		if (status >> 1) {
			errno = EIO;
			die("command");
		}
		n++;
		if (++q->head == q->depth) {
			q->head = 0;
			q->phase ^= 1;
		}
	}
	if (n)
		put(q->cq_db, q->head);
	return n;
}

static void admin_command(const struct nvm_sqe *cmd)
{
	int n;

	submit(&admin, cmd);
	ring(&admin);
	for (n = 0; n < 5000; n++) {
		if (take(&admin))
			return;
		usleep(1000);
	}
	errno = ETIMEDOUT;
	die("admin command");
}

static void start(void)
{
	struct nvm_sqe cmd = { .opcode = NVM_ADMIN_CREATE_CQ };

	write32(NVM_REG_CC, 0);
	wait_ready(0);
	queue_open(&admin, 0, ADMIN_DEPTH, 0);
	queue_open(&io, 1, DEPTH, 2 * PAGE);
	write32(NVM_REG_AQA, (ADMIN_DEPTH - 1) << 16 | (ADMIN_DEPTH - 1));
	write64(NVM_REG_ASQ, memory_at);
	write64(NVM_REG_ACQ, memory_at + PAGE);
	/* entries of 16 and 64 bytes, enabled */
	write32(NVM_REG_CC, 4 << 20 | 6 << 16 | 1);
	wait_ready(NVM_CSTS_RDY);
	cmd.prp1 = memory_at + 3 * PAGE;
	cmd.cdw10 = (DEPTH - 1) << 16 | 1;
	cmd.cdw11 = 1;
	admin_command(&cmd);
	cmd.opcode = NVM_ADMIN_CREATE_SQ;
	cmd.prp1 = memory_at + 2 * PAGE;
	cmd.cdw11 = 1 << 16 | 1;
	admin_command(&cmd);
}

static void reads(unsigned long n, unsigned long blocks)
{
	static const struct timespec all_there = { .tv_nsec = 3000000 };
	struct nvm_sqe cmd = { .opcode = NVM_CMD_READ, .nsid = 1, .cdw12 = PAGE / 512 - 1 };
	unsigned int i, left;

	for (; n >= qd; n -= qd) {
		for (i = 0; i < qd; i++) {
			uint64_t lba;

			seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
			lba = (seed >> 33) % blocks * (PAGE / 512);
			cmd.cid = i;
			cmd.prp1 = memory_at + (4 + i) * PAGE;
			cmd.cdw10 = lba;
			cmd.cdw11 = lba >> 32;
			submit(&io, &cmd);
		}
		ring(&io);
		for (left = qd; left;) {
			long ret;

			asm volatile("syscall" : "=a"(ret) : "0"(__NR_nanosleep), "D"(&all_there),
				     "S"(NULL) : "rcx", "r11", "memory");
			(void)ret;
			left -= take(&io);
		}
	}
}

int main(int argc, char **argv)
{
	unsigned long n = 256, warm = 32;
	struct timespec from, to;
	const char *name = "-";
	int c;

	while ((c = getopt(argc, argv, "N:n:w:q:")) != -1) {
		if (c == 'N')
			name = optarg;
		else if (c == 'n')
			n = strtoul(optarg, NULL, 0);
		else if (c == 'w')
			warm = strtoul(optarg, NULL, 0);
		else if (c == 'q')
			qd = strtoul(optarg, NULL, 0);
	}
	if (!argv[optind] || !qd || qd >= DEPTH) {
		fprintf(stderr, "limit: see the top of limit.c\n");
		exit(2);
	}
	map_memory();
	map_registers(argv[optind]);
	start();
	reads(warm, 1 << 16);
	clock_gettime(CLOCK_MONOTONIC, &from);
	mark_begin();
	reads(n, 1 << 16);
	mark_end();
	clock_gettime(CLOCK_MONOTONIC, &to);
	write32(NVM_REG_CC, 0);
	wait_ready(0);
	printf("window name=%s ios=%lu bytes=%lu ns=%lld irqs=0\n", name, n, PAGE,
	       (to.tv_sec - from.tv_sec) * 1000000000LL + to.tv_nsec - from.tv_nsec);
	return 0;
}
