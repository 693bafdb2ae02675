// SPDX-License-Identifier: GPL-2.0
/*
 * Work of a fixed shape for a disk: so many transfers of one size, so many at a time, submitted by
 * so many, from buffers whose layout in memory is known. After a warm-up the same is done between
 * two marks (marker.h). Prints one line:
 *	window name=NAME ios=N bytes=N ns=N irqs=N
 *
 * usage: gen [option...] DISK
 *	-N NAME		of the window
 *	-n N		transfers in the window, of each job
 *	-w N		warm-up before it
 *	-s N		bytes of a transfer
 *	-e ENGINE	psync or uring
 *	-W		write instead of read
 *	-q N		transfers in flight (uring)
 *	-b N		so many submitted by one call, and waited for by one
 *	-f		registered buffers and file
 *	-j N		jobs, each a thread with its own ring
 *	-p		polled
 *	-P		polled, once all are there
 *	-l LAYOUT	scattered (no page follows its predecessor in memory) or huge (one segment)
 *	-i TOKEN	interrupts whose name has it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
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

#include "marker.h"

#define PAGE 4096UL
#define HUGE_PAGE (2UL << 20)
#define MAX_QD 256
#define MAX_JOBS 16

struct ring {
	int fd;
	unsigned int *sq_head, *sq_tail, *sq_mask, *sq_array;
	unsigned int *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
};

struct job {
	pthread_t thread;
	unsigned int index;
	int fd;
	struct ring ring;
	char *buf[MAX_QD];
	uint64_t seed;
};

static struct {
	const char *name, *disk, *irq, *engine, *layout;
	unsigned long ios, warm, size, qd, batch, jobs;
	bool uring, write, fixed, poll, poll_late, huge;
} opt = { .name = "-", .engine = "psync", .layout = "scattered",
	  .ios = 256, .warm = 64, .size = PAGE, .qd = 1, .batch = 1, .jobs = 1 };

static struct job jobs[MAX_JOBS];
static pthread_barrier_t barrier;
static uint64_t blocks;

static void die(const char *what)
{
	fprintf(stderr, "gen: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- buffers ------------------------------------------------------------------ */

static uint64_t frame_of(int pagemap, const char *at)
{
	uint64_t e;

	if (pread(pagemap, &e, sizeof(e), (uintptr_t)at / PAGE * sizeof(e)) != sizeof(e))
		die("pagemap");
	return e & ((1ULL << 55) - 1);
}

/* Pages whose frames do not follow one another, moved together into one range of addresses. */
static char *scattered(size_t len)
{
	size_t want = len / PAGE, have = want * 2 + 16, taken = 0, i;
	int pagemap = open("/proc/self/pagemap", O_RDONLY);
	bool *used = calloc(have, sizeof(*used));
	uint64_t last = 0;
	char *pool, *to;

	pool = mmap(NULL, have * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	to = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pool == MAP_FAILED || to == MAP_FAILED || pagemap < 0)
		die("buffers");
	madvise(pool, have * PAGE, MADV_NOHUGEPAGE);
	for (i = 0; i < have; i++)
		pool[i * PAGE] = i;
	/* every other one first: neighbours are likely to follow one another */
	for (i = 0; taken < want && i < 2 * have; i++) {
		size_t n = i < have / 2 ? 2 * i : i < have ? 2 * (i - have / 2) + 1 : i - have;
		uint64_t frame;

		if (n >= have || used[n])
			continue;
		frame = frame_of(pagemap, pool + n * PAGE);
		if (!frame || frame == last + 1)
			continue;
		if (mremap(pool + n * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			   to + taken * PAGE) == MAP_FAILED)
			die("mremap");
		used[n] = true;
		taken++;
		last = frame;
	}
	if (taken < want)
		die("no scattered pages");
	for (i = 1; i < want; i++)
		if (frame_of(pagemap, to + i * PAGE) == frame_of(pagemap, to + (i - 1) * PAGE) + 1)
			die("pages are not scattered");
	close(pagemap);
	free(used);
	return to;
}

static char *huge(size_t len)
{
	char *p;

	len = (len + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (p == MAP_FAILED)
		die("huge pages");
	memset(p, 1, len);
	return p;
}

/* ---- io_uring, by its system calls ---------------------------------------------- */

static void ring_open(struct job *j)
{
	struct io_uring_params p = { .flags = opt.poll || opt.poll_late ? IORING_SETUP_IOPOLL : 0 };
	struct ring *r = &j->ring;
	char *sq, *cq;

	r->fd = syscall(__NR_io_uring_setup, opt.qd, &p);
	if (r->fd < 0)
		die("io_uring_setup");
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * sizeof(int), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_POPULATE, r->fd, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*r->cqes), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_POPULATE, r->fd, IORING_OFF_CQ_RING);
	r->sqes = mmap(NULL, p.sq_entries * sizeof(*r->sqes), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, r->fd, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || r->sqes == MAP_FAILED)
		die("rings");
	r->sq_head = (void *)(sq + p.sq_off.head);
	r->sq_tail = (void *)(sq + p.sq_off.tail);
	r->sq_mask = (void *)(sq + p.sq_off.ring_mask);
	r->sq_array = (void *)(sq + p.sq_off.array);
	r->cq_head = (void *)(cq + p.cq_off.head);
	r->cq_tail = (void *)(cq + p.cq_off.tail);
	r->cq_mask = (void *)(cq + p.cq_off.ring_mask);
	r->cqes = (void *)(cq + p.cq_off.cqes);
	if (opt.fixed) {
		struct iovec iov[MAX_QD];
		unsigned int i;

		for (i = 0; i < opt.qd; i++)
			iov[i] = (struct iovec){ j->buf[i], opt.size };
		if (syscall(__NR_io_uring_register, r->fd, IORING_REGISTER_BUFFERS, iov, opt.qd) ||
		    syscall(__NR_io_uring_register, r->fd, IORING_REGISTER_FILES, &j->fd, 1))
			die("io_uring_register");
	}
}

static uint64_t next_offset(struct job *j)
{
	j->seed = j->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (j->seed >> 33) % blocks * opt.size;
}

static void queue_one(struct job *j, unsigned int slot)
{
	struct ring *r = &j->ring;
	unsigned int tail = *r->sq_tail, at = tail & *r->sq_mask;
	struct io_uring_sqe *e = &r->sqes[at];

	memset(e, 0, sizeof(*e));
	e->opcode = opt.fixed ? opt.write ? IORING_OP_WRITE_FIXED : IORING_OP_READ_FIXED :
		    opt.write ? IORING_OP_WRITE : IORING_OP_READ;
	e->fd = opt.fixed ? 0 : j->fd;
	e->flags = opt.fixed ? IOSQE_FIXED_FILE : 0;
	e->off = next_offset(j);
	e->addr = (uintptr_t)j->buf[slot];
	e->len = opt.size;
	e->buf_index = slot;
	e->user_data = slot;
	r->sq_array[at] = at;
	__atomic_store_n(r->sq_tail, tail + 1, __ATOMIC_RELEASE);
}

static void enter(struct ring *r, unsigned int submit, unsigned int wait)
{
	long ret = syscall(__NR_io_uring_enter, r->fd, submit, wait,
			   wait ? IORING_ENTER_GETEVENTS : 0, NULL, 0);

	if (ret != submit)
		die("io_uring_enter");
}

static void run_uring(struct job *j, unsigned long ios)
{
	unsigned int freed[MAX_QD], nr_free = opt.qd, i;
	unsigned long queued = 0, ended = 0;
	struct ring *r = &j->ring;

	for (i = 0; i < opt.qd; i++)
		freed[i] = opt.qd - 1 - i;
	while (ended < ios) {
		unsigned int submit = 0, wait, head;

		if (queued < ios && nr_free >= opt.batch)
			for (; submit < opt.batch; submit++, queued++)
				queue_one(j, freed[--nr_free]);
		wait = nr_free < opt.batch || queued == ios ? opt.batch : 0;
		if (opt.poll_late && wait) {
			enter(r, submit, 0);
			nanosleep(&(struct timespec){ .tv_nsec = 3000000 }, NULL);
			submit = 0;
		}
		head = *r->cq_head;
		if (submit || __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE) - head < wait)
			enter(r, submit, wait);
		/* a batch at a time, even if there are more: the shape stays the same */
		for (i = 0; i < wait; i++) {
			struct io_uring_cqe *c;

			if (head == __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE))
				break;
			c = &r->cqes[head++ & *r->cq_mask];
			if (c->res != (int)opt.size) {
				fprintf(stderr, "gen: result %d\n", c->res);
				exit(1);
			}
			freed[nr_free++] = c->user_data;
			ended++;
		}
		__atomic_store_n(r->cq_head, head, __ATOMIC_RELEASE);
	}
}

static void run_psync(struct job *j, unsigned long ios)
{
	while (ios--) {
		uint64_t at = next_offset(j);
		ssize_t n = opt.write ? pwrite(j->fd, j->buf[0], opt.size, at) :
					pread(j->fd, j->buf[0], opt.size, at);

		if (n != (ssize_t)opt.size)
			die("transfer");
	}
}

/* ---- jobs ----------------------------------------------------------------------- */

static void run(struct job *j, unsigned long ios)
{
	if (opt.uring)
		run_uring(j, ios);
	else
		run_psync(j, ios);
}

static void pin(unsigned int index)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((index + 1) % cpus, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void job_open(struct job *j)
{
	size_t each = (opt.size + PAGE - 1) / PAGE * PAGE;
	unsigned int i;
	char *all;

	j->fd = open(opt.disk, O_RDWR | O_DIRECT);
	if (j->fd < 0)
		die(opt.disk);
	all = opt.huge ? huge(each * opt.qd) : scattered(each * opt.qd);
	for (i = 0; i < opt.qd; i++)
		j->buf[i] = all + i * each;
	j->seed = 12345 + j->index;
	if (opt.uring)
		ring_open(j);
}

static void *job_main(void *data)
{
	struct job *j = data;

	pin(j->index);
	run(j, opt.warm);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	run(j, opt.ios);
	return NULL;
}

static unsigned long interrupts(void)
{
	unsigned long sum = 0;
	char line[4096];
	FILE *f;

	f = opt.irq ? fopen("/proc/interrupts", "r") : NULL;
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		char *p = strchr(line, ':'), *end;

		if (!p || !strstr(line, opt.irq))
			continue;
		for (p++;; p = end) {
			unsigned long n = strtoul(p, &end, 10);

			if (end == p)
				break;
			sum += n;
		}
	}
	fclose(f);
	return sum;
}

/* An option is a number, a word, or there. */
static const struct {
	char c;
	unsigned long *number;
	const char **word;
	bool *flag;
} options[] = {
	{ 'N', .word = &opt.name }, { 'e', .word = &opt.engine },
	{ 'l', .word = &opt.layout }, { 'i', .word = &opt.irq },
	{ 'n', .number = &opt.ios }, { 'w', .number = &opt.warm },
	{ 's', .number = &opt.size }, { 'q', .number = &opt.qd },
	{ 'b', .number = &opt.batch }, { 'j', .number = &opt.jobs },
	{ 'W', .flag = &opt.write }, { 'f', .flag = &opt.fixed },
	{ 'p', .flag = &opt.poll }, { 'P', .flag = &opt.poll_late },
};

static void wrong(void)
{
	fprintf(stderr, "gen: see the top of gen.c\n");
	exit(2);
}

static void read_options(int argc, char **argv)
{
	unsigned int i, n = sizeof(options) / sizeof(*options);
	int c;

	while ((c = getopt(argc, argv, "N:e:l:i:n:w:s:q:b:j:WfpP")) != -1) {
		for (i = 0; i < n && options[i].c != c; i++)
			;
		if (i == n)
			wrong();
		if (options[i].word)
			*options[i].word = optarg;
		else if (options[i].number)
			*options[i].number = strtoul(optarg, NULL, 0);
		else
			*options[i].flag = true;
	}
	opt.uring = !strcmp(opt.engine, "uring");
	opt.huge = !strcmp(opt.layout, "huge");
	opt.disk = argv[optind];
	if (!opt.disk || opt.qd > MAX_QD || opt.jobs > MAX_JOBS || !opt.batch ||
	    opt.qd % opt.batch || opt.ios % opt.batch || opt.warm % opt.batch)
		wrong();
}

int main(int argc, char **argv)
{
	struct timespec from, to;
	unsigned long irqs;
	unsigned int i;
	uint64_t size;
	int fd;

	read_options(argc, argv);
	fd = open(opt.disk, O_RDONLY);
	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &size))
		die(opt.disk);
	close(fd);
	blocks = size / opt.size;
	pthread_barrier_init(&barrier, NULL, opt.jobs + 1);
	for (i = 0; i < opt.jobs; i++) {
		jobs[i].index = i;
		job_open(&jobs[i]);
	}
	pin(0);
	for (i = 0; i < opt.jobs && opt.jobs > 1; i++)
		if (pthread_create(&jobs[i].thread, NULL, job_main, &jobs[i]))
			die("thread");
	if (opt.jobs == 1)
		run(&jobs[0], opt.warm);
	else
		pthread_barrier_wait(&barrier);

	irqs = interrupts();
	clock_gettime(CLOCK_MONOTONIC, &from);
	mark_begin();
	if (opt.jobs == 1) {
		run(&jobs[0], opt.ios);
	} else {
		pthread_barrier_wait(&barrier);
		for (i = 0; i < opt.jobs; i++)
			pthread_join(jobs[i].thread, NULL);
	}
	mark_end();
	clock_gettime(CLOCK_MONOTONIC, &to);
	irqs = interrupts() - irqs;
	printf("window name=%s ios=%lu bytes=%lu ns=%lld irqs=%lu\n",
	       opt.name, opt.ios * opt.jobs, opt.size,
	       (to.tv_sec - from.tv_sec) * 1000000000LL + to.tv_nsec - from.tv_nsec, irqs);
	return 0;
}
