// SPDX-License-Identifier: GPL-2.0
/*
 * pace.c as the module compiles it, with a clock that the test moves: how many discards go to the
 * controller, with other I/O and without, and what becomes of those that may not.
 *
 * The last test is the world at random, beside a model of it that is told what went and what was
 * given back: what waits is given back once and in order, and there is always one in flight that
 * will do so.
 *
 * Seen red: each line of pace.c that decides, left out or turned round, among them: the queues that
 * are in use added up alone; discards counted as other I/O, or taken for it on their way; I/O before
 * a pause believed; more than the limit by one; a limit of 0; the mean measured while there is other
 * I/O, from the last one's coming, or over pauses; one given back too few, too many, in another
 * order, twice, or none when the last one ends.
 */
#include "tap.h"
#include <nvmq.h>

/* Jiffies wrap soon. */
#define START (-50UL)
#define JIFFY (1000 * NSEC_PER_MSEC / HZ)
#define NR 200
#define QUEUES 4

static u64 clock_ns;
static void shim_requeued(struct request *rq);

#undef ktime_get_ns
#define ktime_get_ns() clock_ns
#define blk_mq_requeue_request(rq, kick) do { EXPECT(kick); shim_requeued(rq); } while (0)

#include <pace.c>

enum where { FREE, HELD, BACK, OUT };

/* A discard, and where it is. */
struct job {
	struct request rq;
	enum where where;
};

static struct job jobs[NR];
static struct nvmq_ctrl ctrl;
static struct nvmq_queue queues[QUEUES + 1];
/* those that wait, in order */
static struct job *fifo[NR];
static unsigned int nr_held, nr_back, nr_out, nr_sent, nr_waited;

static void shim_requeued(struct request *rq)
{
	struct job *job = container_of(rq, struct job, rq);

	REQUIRE(nr_held);
	EXPECT(job == fifo[0]);
	EXPECT(job->where == HELD);
	EXPECT(list_empty(&rq->queuelist));
	job->where = BACK;
	memmove(fifo, fifo + 1, --nr_held * sizeof(*fifo));
	nr_back++;
}

static void pass(u64 ns)
{
	clock_ns += ns;
	jiffies = START + clock_ns / JIFFY;
}

static void begin(void)
{
	memset(&ctrl, 0, sizeof(ctrl));
	memset(queues, 0, sizeof(queues));
	memset(jobs, 0, sizeof(jobs));
	ctrl.queues = queues;
	ctrl.nr_queues = QUEUES;
	ctrl.nr_queues_max = QUEUES + 1;
	nr_held = nr_back = nr_out = nr_sent = nr_waited = 0;
	clock_ns = 0;
	pass(0);
	nvmq_pace_init(&ctrl);
}

static void check(void)
{
	unsigned int n = 0;
	struct list_head *e;

	for (e = ctrl.pace.held.next; e != &ctrl.pace.held; e = e->next, n++)
		EXPECT(n < nr_held && e == &fifo[n]->rq.queuelist);
	EXPECT_EQ(n, nr_held);
	EXPECT_EQ(ctrl.pace.out, nr_out);
	EXPECT_EQ(ctrl.pace.sent, nr_sent);
	EXPECT_EQ(ctrl.pace.waited, nr_waited);
	EXPECT(!ctrl.pace.lock.locked);
	/* who waits is waiting for one that will end, or come and end */
	EXPECT(!nr_held || nr_out || nr_back);
}

static struct job *find(enum where where)
{
	unsigned int i, from = tap_between(0, NR - 1);

	for (i = 0; i < NR; i++)
		if (jobs[(from + i) % NR].where == where)
			return &jobs[(from + i) % NR];
	return NULL;
}

/* One comes, for the first time or again. */
static bool enter(struct job *job)
{
	REQUIRE(job);
	nr_back -= job->where == BACK;
	if (nvmq_pace_enter(&ctrl, &job->rq)) {
		job->where = OUT;
		nr_out++;
		nr_sent++;
		queues[1].discards++;
		queues[1].sq.submitted++;
	} else {
		job->where = HELD;
		fifo[nr_held++] = job;
		nr_waited++;
	}
	check();
	return job->where == OUT;
}

/* One ends. Returns how many were given back for it. */
static unsigned int leave(void)
{
	struct job *job = find(OUT);
	unsigned int back = nr_back;

	REQUIRE(job);
	job->where = FREE;
	nr_out--;
	nvmq_pace_leave(&ctrl);
	check();
	return nr_back - back;
}

static void release(void)
{
	nvmq_pace_release(&ctrl);
	EXPECT_EQ(nr_held, 0);
}

/* As if nothing had been learnt. */
static void forget(void)
{
	ctrl.pace.each = NVMQ_PACE_EACH;
}

/* New ones until one has to wait, or @most went. */
static unsigned int fill(unsigned int most)
{
	unsigned int n = 0;

	while (n < most && enter(find(FREE)))
		n++;
	return n;
}

static void drain(void)
{
	while (nr_out || nr_back) {
		if (nr_back)
			enter(find(BACK));
		else
			leave();
	}
	EXPECT_EQ(nr_held, 0);
}

static void others(unsigned int qid)
{
	queues[qid].sq.submitted++;
}

/* There is other I/O, and pace.c has seen it. */
static void make_busy(unsigned int qid)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		others(qid);
		pass(JIFFY);
		enter(find(FREE));
		drain();
	}
}

/* Discards one after the other that take @ns each, until that is known. */
static void learn(u64 ns)
{
	unsigned int i;

	for (i = 0; i < 200; i++) {
		/* time in which there was none is nothing that one took */
		pass(JIFFY / 2);
		REQUIRE(enter(find(FREE)));
		pass(ns);
		leave();
	}
}

TEST(unknown, "four at a time until it is known what one takes")
{
	begin();
	EXPECT_EQ(ctrl.pace.limit, 1);
	EXPECT_EQ(fill(NR), 4);
	EXPECT_EQ(nr_held, 1);
	drain();
}

TEST(busy, "with other I/O as many as the limit says, and half a second after it")
{
	unsigned int limit;

	for (limit = 1; limit < 100; limit += 33) {
		begin();
		ctrl.pace.limit = limit;
		make_busy(2);
		EXPECT_EQ(fill(NR), limit);
		drain();
		pass((HZ / 2 - 2) * JIFFY);
		EXPECT_EQ(fill(NR), limit);
		drain();
		pass(2 * JIFFY);
		EXPECT_EQ(fill(NR), max(limit, 4U));
		drain();
	}
}

TEST(pause_before, "what other I/O there was before a pause is not known to go on")
{
	begin();
	others(1);
	pass(JIFFY * HZ);
	EXPECT_EQ(fill(NR), 4);
	drain();
	others(1);
	pass(JIFFY);
	EXPECT_EQ(fill(NR), 1);
	drain();
	/* the counters are looked at once in a jiffy */
	begin();
	others(1);
	EXPECT_EQ(fill(NR), 4);
	pass(JIFFY);
	leave();
	EXPECT_EQ(nr_back, 0);
}

TEST(itself, "a discard is no other I/O, not even while it is on its way")
{
	unsigned int i;

	begin();
	for (i = 0; i < 10; i++) {
		/* prepared, but not yet in its queue */
		queues[2].discards++;
		pass(JIFFY);
		EXPECT_EQ(fill(NR), 4);
		drain();
		forget();
		queues[2].sq.submitted++;
		pass(JIFFY);
		EXPECT_EQ(fill(NR), 4);
		drain();
		forget();
	}
}

TEST(fewer_queues, "other I/O is seen on each queue, also when there are fewer than there were")
{
	unsigned int qid;

	for (qid = 1; qid <= QUEUES; qid++) {
		begin();
		make_busy(qid);
		EXPECT_EQ(fill(NR), 1);
	}
	begin();
	queues[QUEUES].sq.submitted = 1000000;
	make_busy(QUEUES);
	ctrl.nr_queues = 2;
	pass(JIFFY * HZ);
	make_busy(1);
	EXPECT_EQ(fill(NR), 1);
	drain();
}

TEST(idle, "without other I/O as many as are done in ten milliseconds, from the limit up to 64")
{
	unsigned int n;

	begin();
	learn(1000);
	EXPECT_EQ(fill(NR), 64);
	drain();

	begin();
	learn(1 * NSEC_PER_MSEC);
	n = fill(NR);
	EXPECT(n == 9 || n == 10);
	drain();

	begin();
	learn(50 * NSEC_PER_MSEC);
	EXPECT_EQ(fill(NR), 1);
	drain();

	begin();
	ctrl.pace.limit = 3;
	learn(50 * NSEC_PER_MSEC);
	EXPECT_EQ(fill(NR), 3);
	drain();

	begin();
	ctrl.pace.limit = 100;
	learn(1000);
	EXPECT_EQ(fill(NR), 100);
	drain();

	/* side by side: what counts is how far apart they end, not when others begin */
	begin();
	ctrl.pace.limit = 20;
	for (n = 0; n < 200; n++) {
		pass(NSEC_PER_MSEC);
		REQUIRE(enter(find(FREE)));
		pass(NSEC_PER_MSEC);
		if (nr_out == 20)
			leave();
	}
	n = NVMQ_PACE_AHEAD / ctrl.pace.each;
	EXPECT(n == 4 || n == 5);
	drain();
}

TEST(held_up, "those that other I/O held up say nothing about what one takes")
{
	unsigned int i;

	begin();
	learn(100000);
	EXPECT_EQ(fill(NR), 64);
	drain();
	/* those that came at once, in drain() */
	learn(100000);
	make_busy(1);
	for (i = 0; i < 100; i++) {
		others(1);
		REQUIRE(enter(find(FREE)));
		pass(20 * NSEC_PER_MSEC);
		leave();
	}
	pass(HZ / 2 * JIFFY);
	EXPECT_EQ(fill(NR), 64);
	drain();
}

TEST(one_each, "one is given back for each that ends, in order; at a stop all")
{
	unsigned int i;

	begin();
	make_busy(1);
	for (i = 0; i < 50; i++)
		enter(find(FREE));
	EXPECT_EQ(nr_out, 1);
	EXPECT_EQ(nr_held, 49);
	while (nr_held > 20) {
		EXPECT_EQ(leave(), 1);
		REQUIRE(enter(find(BACK)));
	}
	release();
	EXPECT_EQ(nr_back, 20);
	release();
	EXPECT_EQ(nr_back, 20);
	EXPECT_EQ(leave(), 0);
	drain();
}

TEST(more_again, "who ends makes room for as many as there may be then")
{
	begin();
	make_busy(1);
	while (nr_held < 10)
		enter(find(FREE));
	pass((HZ / 2 - 1) * JIFFY);
	EXPECT_EQ(leave(), 1);
	REQUIRE(enter(find(BACK)));
	/* it takes two jiffies, and there was no other I/O for half a second */
	pass(2 * JIFFY);
	EXPECT_EQ(leave(), 3);
	drain();

	/* for none, where there are more than there may be */
	begin();
	EXPECT_EQ(fill(NR), 4);
	others(1);
	pass(JIFFY);
	EXPECT_EQ(leave(), 0);
	EXPECT_EQ(leave(), 0);
	EXPECT_EQ(leave(), 0);
	EXPECT_EQ(leave(), 1);
	drain();
}

TEST(unlimited, "a limit of 0 is none")
{
	begin();
	make_busy(1);
	while (nr_held < 10)
		enter(find(FREE));
	ctrl.pace.limit = 0;
	EXPECT_EQ(leave(), 10);
	while (nr_back)
		REQUIRE(enter(find(BACK)));
	while (nr_out < NR) {
		others(1);
		pass(JIFFY / 3);
		REQUIRE(enter(find(FREE)));
	}
	drain();
	EXPECT(!find(OUT));
}

/* What may be known about other I/O, by who looks. */
static unsigned long looked, last_busy;
static u64 io, io_seen;

static bool model_busy(void)
{
	if (jiffies != looked) {
		if (io != io_seen && jiffies - looked < HZ / 2)
			last_busy = jiffies;
		io_seen = io;
		looked = jiffies;
	}
	return jiffies - last_busy < HZ / 2;
}

static void some_enter(enum where where)
{
	unsigned int limit = ctrl.pace.limit, before = nr_out;
	struct job *job = find(where);
	bool may;

	if (!job)
		return;
	may = enter(job);
	if (!limit)
		EXPECT(may);
	else if (model_busy())
		EXPECT_EQ(may, before < limit);
	else if (before < limit)
		EXPECT(may);
	else if (before >= max(limit, 64U))
		EXPECT(!may);
}

static void some_leave(void)
{
	unsigned int limit = ctrl.pace.limit, waited = nr_held, back, room;
	bool is_busy;

	if (!nr_out)
		return;
	back = leave();
	is_busy = model_busy();
	room = nr_out < limit ? limit - nr_out : 0;
	if (!limit) {
		EXPECT_EQ(back, waited);
	} else if (is_busy) {
		EXPECT_EQ(back, min(room, waited));
	} else {
		EXPECT(back >= min(room, waited));
		EXPECT(back + nr_out <= max(limit, 64U) || !back);
	}
}

static void step(void)
{
	static const unsigned int limits[] = { 0, 1, 1, 2, 7, 64, 100 };

	switch (tap_between(0, 15)) {
	case 0 ... 4:
		some_enter(FREE);
		break;
	case 5 ... 6:
		some_enter(BACK);
		break;
	case 7 ... 10:
		some_leave();
		break;
	case 11:
		pass(tap_between(0, JIFFY));
		break;
	case 12:
		if (!tap_between(0, 20))
			pass(tap_between(0, HZ * JIFFY));
		break;
	case 13:
		others(tap_between(1, QUEUES));
		io++;
		break;
	case 14:
		/* the controller is stopped: all is reclaimed first */
		if (tap_between(0, 20))
			break;
		while (nr_out)
			some_leave();
		release();
		ctrl.nr_queues = tap_between(1, QUEUES);
		break;
	case 15:
		if (tap_between(0, 20))
			break;
		ctrl.pace.limit = limits[tap_between(0, ARRAY_SIZE(limits) - 1)];
		release();
		break;
	}
	check();
}

static void random_round(void)
{
	unsigned int i, n = 0;

	begin();
	looked = jiffies;
	last_busy = jiffies - HZ / 2;
	io = io_seen = 0;
	for (i = 0; i < 2000 && !tap_failures; i++)
		step();
	/* nobody comes any more: each that is there ends, without anybody's help */
	for (; nr_out || nr_back; n++) {
		REQUIRE(n < NR * NR);
		if (nr_back && tap_between(0, 1))
			some_enter(BACK);
		else
			some_leave();
	}
	for (i = 0; i < NR; i++)
		EXPECT_EQ(jobs[i].where, FREE);
}

TEST(any, "whatever happens, in any order: none is lost, given back twice or forgotten")
{
	tap_fuzz(random_round);
}
