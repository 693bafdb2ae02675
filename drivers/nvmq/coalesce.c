// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt moderation by the controller (Interrupt Coalescing, NVMe Base 5.27.1.6), and the switch
 * for both kinds of it. How many completions one interrupt may stand for, and for how long, is said
 * once for all queues; whether it may, vector by vector (Interrupt Vector Configuration, 5.27.1.7),
 * when lib/dim finds that it helps. A controller that does not do it is moderated by calm.c.
 */
#include <linux/dim.h>

#include <nvme/feature.h>

#include "admin.h"
#include "blkmq.h"
#include "calm.h"
#include "coalesce.h"
#include "irq.h"
#include "state.h"

/* An interrupt for eight completions, or after 100 microseconds: less cannot be said. */
#define NVMQ_COALESCE_ENTRIES 8
#define NVMQ_COALESCE_TIME 1

/* Returns 0, or whatever says that it was not done. */
static int nvmq_coalesce_vector(struct nvmq_queue *q, bool on)
{
	u32 dw = NVM_PREP(NVM_FEAT_IRQV_IV, q->vector) | (on ? 0 : NVM_FEAT_IRQV_CD);

	return nvmq_admin_set_feature(q->ctrl, NVM_FEAT_IRQ_CONFIG, 0, dw, NULL, 0, NULL);
}

static int nvmq_coalesce_all(struct nvmq_ctrl *ctrl, bool on)
{
	u32 dw = on ? NVM_PREP(NVM_FEAT_IRQC_THR, NVMQ_COALESCE_ENTRIES - 1) |
			      NVM_PREP(NVM_FEAT_IRQC_TIME, NVMQ_COALESCE_TIME) : 0;

	return nvmq_admin_set_feature(ctrl, NVM_FEAT_IRQ_COALESCE, 0, dw, NULL, 0, NULL);
}

/* dim has changed its mind, or the queue has come to rest. */
static void nvmq_coalesce_work(struct work_struct *work)
{
	struct dim *dim = container_of(work, struct dim, work);
	struct nvmq_calm *c = container_of(dim, struct nvmq_calm, dim);
	struct nvmq_queue *q = container_of(c, struct nvmq_queue, calm);
	bool rest = c->quiet, want = dim->profile_ix && !rest;

	if (nvmq_state(q->ctrl) == NVMQ_LIVE && c->hardware && want != c->coalesced &&
	    !nvmq_coalesce_vector(q, want)) {
		c->phases += want;
		WRITE_ONCE(c->coalesced, want);
	}
	if (rest) {
		c->quiet = 0;
		dim->profile_ix = 0;
		dim->tune_state = DIM_PARKING_ON_TOP;
		dim->prev_stats = (struct dim_stats){};
	}
	WRITE_ONCE(dim->state, DIM_START_MEASURE);
}

/**
 * nvmq_coalesce_init - before all else
 * @ctrl: controller that is being allocated
 *
 * Context: probe.
 */
void nvmq_coalesce_init(struct nvmq_ctrl *ctrl)
{
	unsigned int i;

	for (i = 0; i < ctrl->nr_queues_max; i++)
		INIT_WORK(&ctrl->queues[i].calm.dim.work, nvmq_coalesce_work);
}

/* Vectors begin without: only a queue under load is to have it. Nobody is asked without need. */
static bool nvmq_coalesce_prepare(struct nvmq_ctrl *ctrl)
{
	unsigned int qid;

	if (!IS_ENABLED(CONFIG_DIMLIB) || ctrl->calm_mode != NVMQ_BELL_ON ||
	    nvmq_coalesce_all(ctrl, true))
		return false;
	for (qid = 1; qid <= ctrl->nr_queues; qid++) {
		struct nvmq_queue *q = &ctrl->queues[qid];

		if (!test_bit(NVMQ_Q_POLLED, &q->flags) && nvmq_coalesce_vector(q, false)) {
			nvmq_coalesce_all(ctrl, false);
			return false;
		}
	}
	return true;
}

static bool nvmq_coalesce_any(const struct nvmq_ctrl *ctrl)
{
	return ctrl->nr_queues && ctrl->queues[1].calm.on;
}

/**
 * nvmq_coalesce_setup - ask the controller to coalesce, if moderation is wanted
 * @ctrl: controller whose I/O queues exist; none of them has work to do
 *
 * It need not be able to. Many say that this feature cannot be changed.
 *
 * Context: may sleep; bring-up, or its I/O is frozen.
 */
void nvmq_coalesce_setup(struct nvmq_ctrl *ctrl)
{
	bool hardware = nvmq_coalesce_any(ctrl) && nvmq_coalesce_prepare(ctrl);
	unsigned int qid;

	for (qid = 1; qid < ctrl->nr_queues_max; qid++) {
		struct nvmq_calm *c = &ctrl->queues[qid].calm;

		c->hardware = hardware && c->on;
		c->coalesced = false;
	}
}

/**
 * nvmq_coalesce_cancel - no work of ours runs any more
 * @ctrl: controller that is stopped for good
 *
 * Context: remove(), may sleep.
 */
void nvmq_coalesce_cancel(struct nvmq_ctrl *ctrl)
{
	unsigned int i;

	for (i = 0; i < ctrl->nr_queues_max; i++)
		cancel_work_sync(&ctrl->queues[i].calm.dim.work);
}

/* Gives the queues the handlers that the mode asks for. */
static int nvmq_coalesce_switch(struct nvmq_ctrl *ctrl)
{
	unsigned int qid;
	int ret = 0;

	mutex_lock(&ctrl->down_lock);
	for (qid = 1; qid <= ctrl->nr_queues && !ret; qid++) {
		struct nvmq_queue *q = &ctrl->queues[qid];

		if (!test_bit(NVMQ_Q_IRQ, &q->flags))
			continue;
		nvmq_irq_release(q);
		ret = nvmq_irq_request(q);
	}
	mutex_unlock(&ctrl->down_lock);
	return ret;
}

/**
 * nvmq_coalesce_set - are interrupts to be moderated?
 * @ctrl: controller
 * @mode: what a user asks for
 *
 * I/O is drained for it, for at most the I/O timeout, for the queues' handlers are exchanged. A
 * controller that is not live does as it is told at its next bring-up.
 *
 * Context: may sleep; takes scan_lock and down_lock.
 * Return: 0; -ETIMEDOUT if I/O did not drain, nothing has changed then; -errno if a handler could
 * not be installed, the controller is reset then.
 */
int nvmq_coalesce_set(struct nvmq_ctrl *ctrl, enum nvmq_bell_mode mode)
{
	bool live = nvmq_state(ctrl) == NVMQ_LIVE, had = nvmq_coalesce_any(ctrl);
	int ret = 0;

	mutex_lock(&ctrl->scan_lock);
	if (live && !nvmq_blkmq_freeze(ctrl, ctrl->io_timeout)) {
		ret = -ETIMEDOUT;
		goto out;
	}
	WRITE_ONCE(ctrl->calm_mode, mode);
	if (live) {
		ret = nvmq_coalesce_switch(ctrl);
		if (had && !nvmq_coalesce_any(ctrl) && ctrl->queues[1].calm.hardware)
			nvmq_coalesce_all(ctrl, false);
		nvmq_coalesce_setup(ctrl);
		nvmq_blkmq_unfreeze(ctrl);
	}
	if (ret)
		nvmq_state_request_reset(ctrl, "an interrupt handler could not be exchanged");
out:
	mutex_unlock(&ctrl->scan_lock);
	return ret;
}
