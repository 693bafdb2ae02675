// SPDX-License-Identifier: GPL-2.0
/*
 * The soft deadline: a queue that completes nothing for a second is looked at, so that a lost
 * interrupt costs a second and not a time-out.
 *
 * The way of an I/O pays nothing for it. While I/O goes on a work looks once a second at counters
 * that are kept anyway. A queue in which nothing happens any more gets its gate set to
 * NVMQ_GATE_IDLE, and when all queues have that the work ends. The next request finds the gate not
 * open, opens it, and asks for the work (nvmq_submit_refuse()).
 *
 * Where commands are out and nothing comes back, CSTS is looked at as well: a controller that says
 * that it is broken, or is gone, is reset a second later and not when the first command is late. In
 * the middle of a bring-up it is stopped.
 */
#include "down.h"
#include "irq.h"
#include "queue.h"
#include "regs.h"
#include "state.h"
#include "watch.h"

/* Time between two looks; shorter when a completion is there whose interrupt may still come. */
#define NVMQ_WATCH_PERIOD HZ
#define NVMQ_WATCH_SOON (HZ / 10)

static void nvmq_watch_take(struct nvmq_queue *q)
{
	unsigned int found = nvmq_irq_look(q);

	if (found)
		nvmq_warn_limited(q->ctrl,
				  "queue %u: %u completions without an interrupt, %llu so far\n",
				  q->qid, found, q->cq.missed);
}

/* Is a command out, apart from the asynchronous event request, which may stay out for years? */
static bool nvmq_watch_busy(const struct nvmq_queue *q)
{
	bool event = nvmq_is_admin(q) && test_bit(NVMQ_CF_AEN_BUSY, &q->ctrl->flags);

	return nvmq_queue_in_flight(q) != event;
}

/*
 * Registers are asked once in a look, and only for a queue in which nothing moves. Returns what is
 * wrong, if it is for us to say.
 */
static const char *nvmq_watch_status(struct nvmq_ctrl *ctrl)
{
	enum nvmq_state state = nvmq_state(ctrl);
	u32 csts;

	if ((state != NVMQ_LIVE && state != NVMQ_CONNECTING) ||
	    ctrl->pdev->error_state != pci_channel_io_normal)
		return NULL;
	if (nvmq_regs_status(ctrl, &csts))
		return nvmq_regs_broken(csts);
	set_bit(NVMQ_CF_GONE, &ctrl->flags);
	return "the device is gone from the bus";
}

/*
 * One that is live is reset; in a bring-up the command that is waited for ends now, and who waits
 * knows what follows.
 */
static void nvmq_watch_act(struct nvmq_ctrl *ctrl, const char *why)
{
	if (nvmq_state(ctrl) == NVMQ_CONNECTING) {
		nvmq_down_broken(ctrl, why);
		return;
	}
	set_bit(NVMQ_CF_SILENT, &ctrl->flags);
	nvmq_state_request_reset(ctrl, why);
}

/* Are commands of @q out, and was none of them completed since the last look? */
static bool nvmq_watch_stands(const struct nvmq_queue *q)
{
	return test_bit(NVMQ_Q_IRQ, &q->flags) && q->seen == READ_ONCE(q->cq.completed) &&
	       nvmq_watch_busy(q);
}

/*
 * Returns jiffies until @q is to be looked at again, 0 if it is idle. A completion is taken when it
 * has been there for NVMQ_WATCH_SOON and nothing else was taken meanwhile: until then its interrupt
 * may be on the way.
 */
static unsigned long nvmq_watch_queue(struct nvmq_queue *q)
{
	u64 before = q->seen;
	enum nvmq_gate gate;

	/* has none, or belongs to a controller that was stopped */
	if (!test_bit(NVMQ_Q_IRQ, &q->flags))
		return 0;
	q->seen = READ_ONCE(q->cq.completed);
	if (q->seen == before && nvmq_cq_peek(&q->cq)) {
		if (q->late)
			nvmq_watch_take(q);
		q->late = !q->late;
		q->seen = READ_ONCE(q->cq.completed);
		return NVMQ_WATCH_SOON;
	}
	q->late = false;
	if (q->seen != before || nvmq_watch_busy(q))
		return NVMQ_WATCH_PERIOD;
	/* once more: a request may just have passed */
	gate = cmpxchg(&q->sq.gate, NVMQ_GATE_OPEN, NVMQ_GATE_IDLE);
	return gate == NVMQ_GATE_OPEN || gate == NVMQ_GATE_INTERNAL ? NVMQ_WATCH_PERIOD : 0;
}

/**
 * nvmq_watch_work - take completions whose interrupt did not come, notice a controller that is
 * broken; end when nothing is going on
 * @work: ctrl->watch_work
 *
 * Context: work queue, may sleep; takes down_lock, so that handlers and rings stay while it looks.
 */
void nvmq_watch_work(struct work_struct *work)
{
	struct nvmq_ctrl *ctrl = container_of(to_delayed_work(work), struct nvmq_ctrl, watch_work);
	unsigned long next = 0, want;
	const char *why = NULL;
	bool stands = false;
	unsigned int i;

	if (mutex_trylock(&ctrl->down_lock)) {
		for (i = 0; i < ctrl->nr_queues_max; i++) {
			stands = stands || nvmq_watch_stands(&ctrl->queues[i]);
			want = nvmq_watch_queue(&ctrl->queues[i]);
			next = min_not_zero(next, want);
		}
		if (stands)
			why = nvmq_watch_status(ctrl);
		mutex_unlock(&ctrl->down_lock);
	} else {
		next = NVMQ_WATCH_PERIOD;
	}
	if (why)
		nvmq_watch_act(ctrl, why);
	if (next)
		queue_delayed_work(system_dfl_wq, &ctrl->watch_work, next);
}
