// SPDX-License-Identifier: GPL-2.0
/*
 * Doorbell moderation. Where a doorbell costs as much as an I/O, because the controller is a
 * program, a submission may leave it to the next completion: never while the queue is idle, never
 * once half of what is usually in flight would wait, and only while the queue is alive: a
 * timer rings soon after the last completion or submission, and then nothing is left for a while.
 *
 * Submitters post (under sq.lock), the completer counts, the timer wakes; each of them may ring.
 * None waits for another, so the completer may be the interrupt that hit a submitter in the middle.
 *
 * - Who rings: nvmq_bell.want counts the wishes. Who makes the first one rings, and again for those
 *   that came meanwhile; the others go on. So one at a time writes the doorbell, which only moves
 *   forward, and a wish sees what was posted before it.
 * - Posted before done, done before posted: the submitter posts, then looks whether something is
 *   with the device; the completer counts, then looks whether something was left. Each has its
 *   store seen before its load (smp_mb()), so that at least one of them sees both, and rings.
 * - Armed before posted: likewise, the timer says that it is no longer armed, then looks whether
 *   something was left; the submitter posts, then looks whether the timer is armed.
 *
 * tests/unit/bell.c runs this file through all interleavings; for its sake fields are read and
 * written by READ_ONCE() and WRITE_ONCE() also where a lock is held.
 */
#include <linux/hrtimer.h>
#include <linux/ktime.h>

#include "bell.h"
#include "queue.h"

/*
 * How long a doorbell waits when the queue gives no sign of life, and how many times as long at the
 * very most. 50 and 200 microseconds are promised; the rest is for the timer to be late.
 */
#define NVMQ_BELL_PATIENCE ((u32)(40 * NSEC_PER_USEC))
#define NVMQ_BELL_LIMIT 4
/* While looks are made instead of interrupts: the time in which so many are done, if longer. */
#define NVMQ_BELL_LOOKING 2
/*
 * After the timer had to ring, so many completions must come before a doorbell is left again; the
 * double of it the next time, until leaving one turns out well.
 */
#define NVMQ_BELL_DISTRUST 4
#define NVMQ_BELL_DISTRUST_MAX 256
/* This part of what is usually in flight may wait. */
#define NVMQ_BELL_SHARE 2
/* A doorbell from which moderation is worth it, ns: one that leaves the machine costs far less. */
#define NVMQ_BELL_DEAR 500

/*
 * May what was just posted be left? "Usually in flight" follows what is in flight upwards at once,
 * and downwards by a sixteenth of the difference.
 */
static bool nvmq_bell_may_leave(struct nvmq_sq *sq, u32 posted)
{
	struct nvmq_queue *q = container_of(sq, struct nvmq_queue, sq);
	struct nvmq_bell *b = &q->bell;
	u32 told = READ_ONCE(b->told), done = READ_ONCE(b->done);
	s32 flight = posted - done, with_device = told - done;
	u32 usual = READ_ONCE(b->usual16);

	if (flight * 16 >= (s32)usual)
		usual = flight * 16;
	else
		usual -= (usual - flight * 16) / 16;
	WRITE_ONCE(b->usual16, usual);
	if ((posted - told) * 16 * NVMQ_BELL_SHARE >= usual) {
		WRITE_ONCE(b->distrust, NVMQ_BELL_DISTRUST);
		return false;
	}
	if (with_device <= 0)
		return false;
	return READ_ONCE(q->calm.timed) || (s32)(done - READ_ONCE(b->trusted)) >= 0;
}

static struct nvmq_bell *nvmq_bell_of(struct nvmq_sq *sq)
{
	return &container_of(sq, struct nvmq_queue, sq)->bell;
}

/* The admin queue's doorbells tell what one costs. Reading the clock costs, too. */
static void nvmq_bell_measure(struct nvmq_sq *sq, u16 tail)
{
	struct nvmq_queue *q = container_of(sq, struct nvmq_queue, sq);
	u64 clock = ktime_get_ns(), begin = ktime_get_ns(), end;

	nvmq_sq_tell(sq, tail);
	end = ktime_get_ns();
	if (end - begin > begin - clock)
		q->ctrl->bell_cost = min_t(u64, q->ctrl->bell_cost, end - begin - (begin - clock));
	else
		q->ctrl->bell_cost = 0;
}

/* Tells the device of all that was posted. */
static void nvmq_bell_tell(struct nvmq_sq *sq)
{
	struct nvmq_bell *b = nvmq_bell_of(sq);
	/* the count before the entries that it stands for */
	u32 posted = smp_load_acquire(&b->posted), told = READ_ONCE(b->told), tail;

	if (posted == told)
		return;
	tail = READ_ONCE(b->tail) + posted - told;
	if (tail >= sq->depth)
		tail -= sq->depth;
	WRITE_ONCE(b->tail, tail);
	WRITE_ONCE(b->told, posted);
	if (unlikely(b->measure))
		nvmq_bell_measure(sq, tail);
	else
		nvmq_sq_tell(sq, tail);
}

/*
 * Nanoseconds for which the queue may be quiet while something waits. Looks (calm.c) have proved
 * that as much is completed when the host hears of it late; where they do worse they end.
 */
static u32 nvmq_bell_patience(struct nvmq_bell *b)
{
	const struct nvmq_calm *c = &container_of(b, struct nvmq_queue, bell)->calm;

	if (!READ_ONCE(c->timed))
		return NVMQ_BELL_PATIENCE;
	return max(NVMQ_BELL_PATIENCE, NVMQ_BELL_LOOKING * READ_ONCE(c->pulse.base));
}

static void nvmq_bell_ring(struct nvmq_sq *sq)
{
	struct nvmq_bell *b = nvmq_bell_of(sq);
	int wishes;

	/* who rings for others should not be kept from it */
	preempt_disable();
	if (atomic_inc_return(&b->want) == 1) {
		do {
			wishes = atomic_read_acquire(&b->want);
			nvmq_bell_tell(sq);
		} while (atomic_sub_return(wishes, &b->want));
	}
	preempt_enable();
}

/* What was posted is left. Sees that the timer runs, from the first command that waits. */
static void nvmq_bell_leave(struct nvmq_bell *b)
{
	u32 told = READ_ONCE(b->told);
	u64 now = ktime_get_ns();

	b->left++;
	WRITE_ONCE(b->moved, now);
	if (READ_ONCE(b->since_told) != told) {
		WRITE_ONCE(b->since_told, told);
		WRITE_ONCE(b->since, now);
	}
	if (!atomic_read(&b->armed) && !atomic_xchg(&b->armed, 1))
		hrtimer_start(&b->timer, ns_to_ktime(now + nvmq_bell_patience(b)),
			      HRTIMER_MODE_ABS);
}

/**
 * nvmq_bell_submitted - commands were pushed: ring, or leave it to the next completion
 * @sq: submission queue with a bell; its lock is held
 *
 * Context: does not sleep.
 */
void nvmq_bell_submitted(struct nvmq_sq *sq)
{
	struct nvmq_bell *b = nvmq_bell_of(sq);
	u32 posted = sq->submitted;

	if (posted == READ_ONCE(b->posted))
		return;
	/* the entries before the count of them */
	smp_store_release(&b->posted, posted);
	/* the count before what the completer and the timer say: see the top of this file */
	smp_mb();
	if (b->lazy && nvmq_bell_may_leave(sq, posted))
		nvmq_bell_leave(b);
	else
		nvmq_bell_ring(sq);
}

/* Completions were taken: ring if the device has no more than was left. */
static void nvmq_bell_look(struct nvmq_sq *sq, unsigned int found)
{
	struct nvmq_bell *b = nvmq_bell_of(sq);
	u32 done = READ_ONCE(b->done) + found, told;
	s32 left;

	/* where nothing else is in flight nobody asks when that was */
	if (done != READ_ONCE(b->posted))
		WRITE_ONCE(b->last, ktime_get_ns());
	WRITE_ONCE(b->done, done);
	/* the completions before what was posted: see the top of this file */
	smp_mb();
	told = READ_ONCE(b->told);
	left = READ_ONCE(b->posted) - told;
	if (left <= 0 || (s32)(told - done) > left)
		return;
	b->by_completion++;
	nvmq_bell_ring(sq);
}

/**
 * nvmq_bell_completed - completions were taken: tell the controller so, or leave that for later
 * @q: queue whose cq.bell is set
 * @found: how many
 *
 * What is kept is less than the ring has, so a controller that finds it full has given the host
 * something to take, after which the doorbell is written.
 *
 * Context: whoever drains @q; does not sleep.
 */
void nvmq_bell_completed(struct nvmq_queue *q, unsigned int found)
{
	struct nvmq_bell *b = &q->bell;

	if (q->sq.bell)
		nvmq_bell_look(&q->sq, found);
	b->kept += found;
	if (b->kept <= b->keep)
		return;
	b->kept = 0;
	nvmq_cq_ring(&q->cq);
}

/* The guard: nobody took care of what was left. */
static enum hrtimer_restart nvmq_bell_expired(struct hrtimer *timer)
{
	struct nvmq_bell *b = container_of(timer, struct nvmq_bell, timer);
	u32 patience = nvmq_bell_patience(b);
	u64 now, since, quiet;

	/* a full barrier: no longer armed, before what was posted; see the top of this file */
	atomic_xchg(&b->armed, 0);
	if (READ_ONCE(b->posted) == READ_ONCE(b->told))
		return HRTIMER_NORESTART;
	now = ktime_get_ns();
	since = READ_ONCE(b->since);
	quiet = now - max(READ_ONCE(b->moved), READ_ONCE(b->last));
	if (quiet < patience && now - since < NVMQ_BELL_LIMIT * patience) {
		if (atomic_xchg(&b->armed, 1))
			return HRTIMER_NORESTART;
		hrtimer_set_expires(timer, ns_to_ktime(min(now + patience - quiet,
							   since + NVMQ_BELL_LIMIT * patience)));
		return HRTIMER_RESTART;
	}
	if (quiet >= patience) {
		WRITE_ONCE(b->trusted, READ_ONCE(b->done) + READ_ONCE(b->distrust));
		WRITE_ONCE(b->distrust, min(2 * READ_ONCE(b->distrust), NVMQ_BELL_DISTRUST_MAX));
	}
	b->by_timer++;
	b->longest = max(b->longest, now - since);
	nvmq_bell_ring(&container_of(b, struct nvmq_queue, bell)->sq);
	return HRTIMER_NORESTART;
}

/**
 * nvmq_bell_is_dear - does a doorbell cost so much that moderation is worth it?
 * @q: queue
 *
 * Context: bring-up; admin commands were sent.
 * Return: true for a controller that is a program, without shadow doorbells.
 */
bool nvmq_bell_is_dear(const struct nvmq_queue *q)
{
	u32 cost = q->ctrl->bell_cost;

	return cost >= NVMQ_BELL_DEAR && cost != U32_MAX && !q->sq.shadow;
}

static bool nvmq_bell_wanted(const struct nvmq_queue *q)
{
	if (q->ctrl->bell_mode != NVMQ_BELL_AUTO)
		return q->ctrl->bell_mode == NVMQ_BELL_ON;
	return nvmq_bell_is_dear(q);
}

/*
 * How many entries may be kept from the controller? Without interrupts, a quarter. With them some
 * raise no other, or the same again and again, until the doorbell is written: a pin stays asserted.
 * So only where moderation is wanted, and the interrupt is a message.
 */
static u16 nvmq_bell_keep(const struct nvmq_queue *q)
{
	bool late = test_bit(NVMQ_Q_POLLED, &q->flags) ||
		    (q->qid && nvmq_bell_wanted(q) && q->ctrl->pdev->msix_enabled);

	return late ? q->cq.depth / 4 : 0;
}

/**
 * nvmq_bell_init - before all else
 * @q: queue that is being allocated
 *
 * Context: bring-up only.
 */
void nvmq_bell_init(struct nvmq_queue *q)
{
	hrtimer_setup(&q->bell.timer, nvmq_bell_expired, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
}

/**
 * nvmq_bell_restart - decide anew whether doorbells of a queue may wait
 * @q: queue; nothing is in flight, and nothing can be submitted meanwhile
 *
 * The admin queue has a bell that never waits: it measures.
 *
 * Context: may sleep.
 */
void nvmq_bell_restart(struct nvmq_queue *q)
{
	struct nvmq_bell *b = &q->bell;
	bool lazy = q->qid && nvmq_bell_wanted(q);

	hrtimer_cancel(&b->timer);
	b->posted = q->sq.submitted;
	b->told = b->posted;
	b->done = b->posted;
	b->since_told = b->posted - 1;
	b->trusted = b->posted;
	b->distrust = NVMQ_BELL_DISTRUST;
	b->usual16 = 0;
	b->tail = q->sq.tail;
	b->lazy = lazy;
	b->measure = !q->qid;
	b->stopped = false;
	atomic_set(&b->armed, 0);
	atomic_set(&b->want, 0);
	q->sq.rung = q->sq.tail;
	q->sq.bell = lazy || b->measure ? b : NULL;
	b->kept = 0;
	b->keep = nvmq_bell_keep(q);
	q->cq.bell = q->sq.bell || b->keep ? b : NULL;
}

/**
 * nvmq_bell_stop - no doorbell of this queue is written from now on
 * @q: queue; its submitters are quiesced
 *
 * What was left stays so: it is reclaimed with the rest.
 *
 * Context: may sleep; down_lock is held.
 */
void nvmq_bell_stop(struct nvmq_queue *q)
{
	struct nvmq_bell *b = &q->bell;

	if (!q->sq.bell || READ_ONCE(b->stopped))
		return;
	WRITE_ONCE(b->stopped, true);
	/* a wish that is never served, so that nobody else's is */
	while (atomic_cmpxchg(&b->want, 0, 1))
		cpu_relax();
	hrtimer_cancel(&b->timer);
}
