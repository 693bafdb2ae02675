// SPDX-License-Identifier: GPL-2.0
/*
 * Discards let other I/O pass. To a device a discard may be long work, and a file system or fstrim
 * sends hundreds at once; what comes behind them waits. So while there is other I/O a controller
 * has few discards at a time. The others stay here, not started, so that no time runs for them;
 * each discard that ends sends one back to blk-mq, which submits it again. Nobody looks in vain.
 *
 * Reads and writes pay nothing for it: whether there are any is seen by the counters that the
 * queues keep anyway, some times in a second.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>

#include "pace.h"

/* For how long other I/O is believed to go on. */
#define NVMQ_PACE_BELIEVE (HZ / 2)
/*
 * While there is none, the controller has as many as it does in this time, nanoseconds: the first
 * to come may have to wait for them. And at most so many.
 */
#define NVMQ_PACE_AHEAD (10 * NSEC_PER_MSEC)
#define NVMQ_PACE_IDLE 64
/* Until it is known what one takes, four are let go. */
#define NVMQ_PACE_EACH (NVMQ_PACE_AHEAD / 4)
/* What the mean is taken over. */
#define NVMQ_PACE_MEAN 8

/*
 * Commands that were no discards. A discard that is just submitted is counted as one too few.
 * Queues that are no longer used count with what they had, or the sum would fall with them.
 */
static u64 nvmq_pace_others(const struct nvmq_ctrl *ctrl)
{
	unsigned int qid;
	u64 sum = 0;

	for (qid = 1; qid < ctrl->nr_queues_max; qid++) {
		sum += READ_ONCE(ctrl->queues[qid].sq.submitted);
		sum -= READ_ONCE(ctrl->queues[qid].discards);
	}
	return sum;
}

/* Is there other I/O? After a pause it is not known when it was, and seen soon if it goes on. */
static bool nvmq_pace_busy(const struct nvmq_ctrl *ctrl, struct nvmq_pace *p)
{
	unsigned long now = jiffies;
	u64 others;

	if (now != p->looked) {
		others = nvmq_pace_others(ctrl);
		if ((s64)(others - p->others) > 0) {
			p->others = others;
			if (time_before(now, p->looked + NVMQ_PACE_BELIEVE))
				p->busy = now;
		}
		p->looked = now;
	}
	return time_before(now, p->busy + NVMQ_PACE_BELIEVE);
}

/* How many may the controller have now? */
static unsigned int nvmq_pace_most(const struct nvmq_ctrl *ctrl, struct nvmq_pace *p)
{
	unsigned int limit = READ_ONCE(p->limit);

	if (!limit)
		return UINT_MAX;
	if (nvmq_pace_busy(ctrl, p))
		return limit;
	return clamp_t(u64, div64_u64(NVMQ_PACE_AHEAD, max_t(u64, p->each, 1)), limit,
		       max_t(unsigned int, limit, NVMQ_PACE_IDLE));
}

/* One has ended: how long did it take? Only those count that no other I/O held up. */
static void nvmq_pace_measure(const struct nvmq_ctrl *ctrl, struct nvmq_pace *p)
{
	u64 now = ktime_get_ns(), one = now - p->mark;

	p->mark = now;
	if (!nvmq_pace_busy(ctrl, p))
		p->each += ((s64)one - (s64)p->each) / NVMQ_PACE_MEAN;
}

/**
 * nvmq_pace_init - before all else
 * @ctrl: controller that is being allocated
 *
 * Context: probe.
 */
void nvmq_pace_init(struct nvmq_ctrl *ctrl)
{
	struct nvmq_pace *p = &ctrl->pace;

	spin_lock_init(&p->lock);
	INIT_LIST_HEAD(&p->held);
	p->limit = NVMQ_PACE_LIMIT;
	p->each = NVMQ_PACE_EACH;
	p->looked = jiffies;
	p->busy = jiffies - NVMQ_PACE_BELIEVE;
}

/**
 * nvmq_pace_enter - may a discard go to the controller now?
 * @ctrl: controller
 * @req: the discard, not started
 *
 * Context: queue_rq; does not sleep.
 * Return: true, and nvmq_pace_leave() follows when it ends; false: it waits, and is not the
 * caller's any more, who says to blk-mq that all is well.
 */
bool nvmq_pace_enter(struct nvmq_ctrl *ctrl, struct request *req)
{
	struct nvmq_pace *p = &ctrl->pace;
	unsigned long flags;
	bool may;

	spin_lock_irqsave(&p->lock, flags);
	may = p->out < nvmq_pace_most(ctrl, p);
	if (may) {
		if (!p->out++)
			p->mark = ktime_get_ns();
		p->sent++;
	} else {
		p->waited++;
		list_add_tail(&req->queuelist, &p->held);
	}
	spin_unlock_irqrestore(&p->lock, flags);
	return may;
}

/* Sends up to @nr of those that wait back to blk-mq, which asks again. */
static void nvmq_pace_wake(struct nvmq_pace *p, unsigned int nr)
{
	struct request *req;

	for (; nr; nr--) {
		req = list_first_entry_or_null(&p->held, struct request, queuelist);
		if (!req)
			return;
		list_del_init(&req->queuelist);
		blk_mq_requeue_request(req, true);
	}
}

/**
 * nvmq_pace_leave - a discard that had entered has ended
 * @ctrl: controller
 *
 * Context: any; does not sleep.
 */
void nvmq_pace_leave(struct nvmq_ctrl *ctrl)
{
	struct nvmq_pace *p = &ctrl->pace;
	unsigned long flags;
	unsigned int most;

	spin_lock_irqsave(&p->lock, flags);
	p->out--;
	nvmq_pace_measure(ctrl, p);
	if (!list_empty(&p->held)) {
		most = nvmq_pace_most(ctrl, p);
		if (p->out < most)
			nvmq_pace_wake(p, most - p->out);
	}
	spin_unlock_irqrestore(&p->lock, flags);
}

/**
 * nvmq_pace_release - let all discards go that wait; blk-mq has them then
 * @ctrl: controller that is stopped, its queues quiesced; or whose limit has changed
 *
 * Context: any; does not sleep.
 */
void nvmq_pace_release(struct nvmq_ctrl *ctrl)
{
	struct nvmq_pace *p = &ctrl->pace;
	unsigned long flags;

	spin_lock_irqsave(&p->lock, flags);
	nvmq_pace_wake(p, UINT_MAX);
	spin_unlock_irqrestore(&p->lock, flags);
}
