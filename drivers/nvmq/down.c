// SPDX-License-Identifier: GPL-2.0
/*
 * Stop a controller and take back what it had. The reset work, remove(), suspend and, when nobody
 * else can, the timeout handler come here; one of them at a time, and the second finds nothing to
 * do.
 *
 * The order is what makes it safe: no new command enters (quiesce), the device does no DMA (stop),
 * no handler runs (release), completions that are real are taken (drain), the rest is reclaimed.
 */
#include "bell.h"
#include "blkmq.h"
#include "calm.h"
#include "cc.h"
#include "complete.h"
#include "down.h"
#include "irq.h"
#include "pace.h"
#include "regs.h"
#include "stray.h"

static void nvmq_down_locked(struct nvmq_ctrl *ctrl)
{
	unsigned int i;

	nvmq_blkmq_quiesce(ctrl);
	for (i = 0; i < ctrl->nr_queues_max; i++) {
		nvmq_bell_stop(&ctrl->queues[i]);
		nvmq_calm_stop(&ctrl->queues[i]);
	}
	if (test_and_clear_bit(NVMQ_CF_SUBSYSTEM, &ctrl->flags))
		nvmq_regs_write(ctrl, NVM_REG_NSSR, NVM_NSSR_RESET);
	if (!test_and_set_bit(NVMQ_CF_STOPPED, &ctrl->flags))
		nvmq_cc_stop(ctrl);
	for (i = 0; i < ctrl->nr_queues_max; i++) {
		struct nvmq_queue *q = &ctrl->queues[i];

		nvmq_irq_release(q);
		if (q->cq.ring && (!i || test_bit(NVMQ_Q_CREATED, &q->flags)))
			nvmq_complete_reap(q);
		clear_bit(NVMQ_Q_CREATED, &q->flags);
		nvmq_irq_end_polling(q);
	}
	nvmq_irq_free(ctrl);
	clear_bit(NVMQ_CF_AEN_BUSY, &ctrl->flags);
	nvmq_blkmq_reclaim(ctrl);
	nvmq_pace_release(ctrl);
}

/**
 * nvmq_down - stop a controller and reclaim all that is in flight
 * @ctrl: controller
 *
 * The queues stay quiesced; requests of the block layer wait for the bring-up.
 *
 * Context: may sleep; takes down_lock.
 */
void nvmq_down(struct nvmq_ctrl *ctrl)
{
	mutex_lock(&ctrl->down_lock);
	nvmq_down_locked(ctrl);
	mutex_unlock(&ctrl->down_lock);
}

/* Who would stop it waits for a command. That ends; in a bring-up I/O waits for the next one. */
static void nvmq_down_midway(struct nvmq_ctrl *ctrl)
{
	enum nvmq_gate io = NVMQ_GATE_DEAD;

	if (nvmq_state(ctrl) == NVMQ_RESETTING || nvmq_state(ctrl) == NVMQ_CONNECTING)
		io = NVMQ_GATE_WAIT;
	nvmq_down_locked(ctrl);
	nvmq_blkmq_gate(ctrl, NVMQ_GATE_DEAD, io);
	if (io == NVMQ_GATE_WAIT)
		nvmq_blkmq_unquiesce_admin(ctrl);
	else
		nvmq_blkmq_unquiesce(ctrl);
}

/**
 * nvmq_down_for - stop a controller because a command is late and who would stop it waits for that
 * @ctrl: controller that is being brought up, or removed
 * @req: the command
 *
 * The command ends. In a bring-up all that is sent after it fails at once until the next one, and
 * I/O waits; otherwise all of it fails. Nothing happens if somebody else has reclaimed the command
 * in the meantime: what runs by now is a bring-up that deserves its chance.
 *
 * Context: may sleep; takes down_lock.
 */
void nvmq_down_for(struct nvmq_ctrl *ctrl, struct request *req)
{
	mutex_lock(&ctrl->down_lock);
	if (nvmq_state(ctrl) != NVMQ_LIVE && blk_mq_rq_state(req) == MQ_RQ_IN_FLIGHT)
		nvmq_down_midway(ctrl);
	mutex_unlock(&ctrl->down_lock);
}

/**
 * nvmq_down_broken - stop a controller that says in the middle of a bring-up that it is broken
 * @ctrl: controller
 * @why: what it says, for the log
 *
 * The command that is waited for ends, as with nvmq_down_for().
 *
 * Context: may sleep; takes down_lock.
 */
void nvmq_down_broken(struct nvmq_ctrl *ctrl, const char *why)
{
	mutex_lock(&ctrl->down_lock);
	if (nvmq_state(ctrl) == NVMQ_CONNECTING && !test_bit(NVMQ_CF_STOPPED, &ctrl->flags)) {
		nvmq_warn(ctrl, "in the middle of its bring-up: %s; stopping it\n", why);
		nvmq_down_midway(ctrl);
	}
	mutex_unlock(&ctrl->down_lock);
}

/**
 * nvmq_down_for_good - stop a controller, and fail at once all that waits and all that comes
 * @ctrl: controller
 *
 * Context: may sleep; takes down_lock.
 */
void nvmq_down_for_good(struct nvmq_ctrl *ctrl)
{
	mutex_lock(&ctrl->down_lock);
	nvmq_down_locked(ctrl);
	nvmq_blkmq_gate(ctrl, NVMQ_GATE_DEAD, NVMQ_GATE_DEAD);
	nvmq_blkmq_unquiesce(ctrl);
	mutex_unlock(&ctrl->down_lock);
	nvmq_stray_send(ctrl);
}
