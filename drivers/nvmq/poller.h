/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a poller that has looked in vain waits a moment and looks again by itself.
 *
 * That takes 7 instructions for each look; to go back to the kernel and be called again 40. But
 * ->poll is told neither of other queues that its caller polls nor whether it is to wait at all
 * (BLK_POLL_ONESHOT), and it is called in two ways:
 *
 * - blk_hctx_poll() looks at one queue again and again.
 * - io_uring goes through its list of commands, because they are of several files or the
 *   application only looks, and has each one's queue looked at once, until something is found.
 *
 * So a pass through the list is to be longer by one wait at the most, whatever is in the list. A
 * pass begins with an empty batch that nobody has claimed; a queue is looked at once for each of
 * its commands. Who looks more often than that has no list.
 *
 * Kernels up to 6.12 always go through the list, at 180 instructions for each command: a wait is
 * short beside that, and to count the looks costs more than it spares (COMPAT_POLL_LOOPS).
 */
#ifndef _NVMQ_POLLER_H
#define _NVMQ_POLLER_H

#include "queue.h"

/* Looks in one wait, with a cpu_relax() before each: a microsecond where that takes 140 cycles. */
#define NVMQ_POLLER_LOOKS 24

/**
 * struct nvmq_poller - what a CPU has polled; who is moved to another one is a little wrong
 * @q: queue that was looked at last
 * @rest: looks at it in vain that are those of its other commands
 */
struct nvmq_poller {
	const struct nvmq_queue *q;
	u32 rest;
};

/**
 * nvmq_poller_goes_on - a look was in vain: is it one of many in a pass?
 * @p: this CPU's poller
 * @q: queue that was looked at
 *
 * Return: true if so; nothing more is to be done.
 */
static __always_inline bool nvmq_poller_goes_on(struct nvmq_poller *p, const struct nvmq_queue *q)
{
	if (p->q != q || !p->rest)
		return false;
	p->rest--;
	return true;
}

/**
 * nvmq_poller_may_wait - and if it is not: is there time to wait?
 * @p: this CPU's poller
 * @q: queue that was looked at
 * @begins: it is the first look of a pass
 *
 * Return: true if so.
 */
static inline bool nvmq_poller_may_wait(struct nvmq_poller *p, const struct nvmq_queue *q,
					bool begins)
{
	u32 flight;

	if (!begins && p->q == q)
		return true;
	flight = nvmq_queue_in_flight(q);
	p->q = q;
	p->rest = flight ? flight - 1 : 0;
	return begins;
}

/**
 * nvmq_poller_found - completions were found, which ends a pass
 * @p: this CPU's poller
 */
static inline void nvmq_poller_found(struct nvmq_poller *p)
{
	p->rest = 0;
}

#endif /* _NVMQ_POLLER_H */
