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

#include "pace.h"

/* For how long other I/O is believed to go on; also the time over which it is counted. */
#define NVMQ_PACE_BELIEVE (HZ / 2)

static u64 nvmq_pace_submitted(const struct nvmq_ctrl *ctrl)
{
	unsigned int qid;
	u64 sum = 0;

	for (qid = 1; qid <= ctrl->nr_queues; qid++)
		sum += READ_ONCE(ctrl->queues[qid].sq.submitted);
	return sum;
}

/*
 * Is there other I/O? A discard is counted here before it is in its queue: as many as there are
 * queues mean nothing.
 */
static bool nvmq_pace_busy(const struct nvmq_ctrl *ctrl, struct nvmq_pace *p)
{
	unsigned long now = jiffies;
	bool some, old;
	u64 others;

	if (now != p->looked) {
		p->looked = now;
		others = nvmq_pace_submitted(ctrl) - p->sent;
		some = (s64)(others - p->others) > ctrl->nr_queues;
		old = time_after(now, p->counted + NVMQ_PACE_BELIEVE);
		if (some)
			p->busy = now;
		if (some || old) {
			p->others = others;
			p->counted = now;
		}
	}
	return time_before(jiffies, p->busy + NVMQ_PACE_BELIEVE);
}

/* How many may the controller have now? */
static unsigned int nvmq_pace_most(const struct nvmq_ctrl *ctrl, struct nvmq_pace *p)
{
	unsigned int limit = READ_ONCE(p->limit);

	if (!limit)
		return UINT_MAX;
	return nvmq_pace_busy(ctrl, p) ? limit : max_t(unsigned int, limit, NVMQ_PACE_IDLE);
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
	p->looked = jiffies;
	p->counted = jiffies;
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
		p->out++;
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
