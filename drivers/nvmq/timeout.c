// SPDX-License-Identifier: GPL-2.0
/*
 * A request took too long. The rungs of a ladder, each a question that is cheaper or surer than the
 * next one, with its reason beside it (nvmq_timeout_rungs): the first that knows what to do
 * decides.
 *
 * A reset is only asked for. The request stays in flight until the reset work has stopped the
 * controller: before that, the memory that it points to belongs to the device.
 */
#include "admin.h"
#include "budget.h"
#include "cmd.h"
#include "down.h"
#include "irq.h"
#include "record.h"
#include "regs.h"
#include "state.h"
#include "timeout.h"

/**
 * enum nvmq_timeout_answer - what a rung says
 * @NVMQ_TIMEOUT_NEXT: not my case
 * @NVMQ_TIMEOUT_DONE: the request is completed
 * @NVMQ_TIMEOUT_WAIT: it has its time once more
 * @NVMQ_TIMEOUT_RESET: only stopping the controller helps
 */
enum nvmq_timeout_answer {
	NVMQ_TIMEOUT_NEXT,
	NVMQ_TIMEOUT_DONE,
	NVMQ_TIMEOUT_WAIT,
	NVMQ_TIMEOUT_RESET,
};

/**
 * struct nvmq_late - a request that is late, and what was found out about it
 * @q: queue
 * @req: request
 * @ctrl: controller
 * @seen: what the controller was doing when it was noticed
 * @csts: CSTS, once it was read
 * @why: reason for a reset
 * @waited: jiffies since the first sign of trouble, for a reset
 */
struct nvmq_late {
	struct nvmq_queue *q;
	struct request *req;
	struct nvmq_ctrl *ctrl;
	struct nvmq_moment seen;
	u32 csts;
	const char *why;
	unsigned long waited;
};

static void nvmq_timeout_describe(struct nvmq_queue *q, struct request *req, const char *follows)
{
	const struct nvmq_ns *ns = req->q->queuedata;
	bool passed = blk_rq_is_passthrough(req);
	const char *what;

	what = passed ? nvmq_cmd_opcode_text(nvmq_is_admin(q), nvmq_req(req)->more->cmd.opcode) :
			blk_op_str(req_op(req));
	nvmq_warn(q->ctrl, "queue %u tag %d (%s%s%s): no answer for %u ms; %s\n", q->qid, req->tag,
		  ns ? ns->disk->disk_name : "admin", ns ? " " : ", ", what,
		  jiffies_to_msecs(req->timeout), follows);
}

/* In the middle of a bring-up or a removal: whoever would stop the controller waits for @req. */
static enum blk_eh_timer_return nvmq_timeout_stop(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_ctrl *ctrl = q->ctrl;

	nvmq_timeout_describe(q, req, "stopping the controller");
	nvmq_down_for(ctrl, req);
	return blk_mq_rq_state(req) != MQ_RQ_IN_FLIGHT ? BLK_EH_DONE : BLK_EH_RESET_TIMER;
}

/* Whoever recovers the bus is at it: it stops the controller and asks for a reset (pci.c). */
static enum nvmq_timeout_answer nvmq_timeout_frozen(struct nvmq_late *late)
{
	bool frozen = late->ctrl->pdev->error_state == pci_channel_io_frozen;

	return frozen && late->seen.state == NVMQ_LIVE ? NVMQ_TIMEOUT_WAIT : NVMQ_TIMEOUT_NEXT;
}

/* A device that is not there answers nothing; all else would be asked of nobody. */
static enum nvmq_timeout_answer nvmq_timeout_gone(struct nvmq_late *late)
{
	if (nvmq_regs_status(late->ctrl, &late->csts))
		return NVMQ_TIMEOUT_NEXT;
	set_bit(NVMQ_CF_GONE, &late->ctrl->flags);
	late->why = "the device is gone from the bus";
	return NVMQ_TIMEOUT_RESET;
}

/* One that says that it is broken, or was disabled behind our back, will not answer. */
static enum nvmq_timeout_answer nvmq_timeout_broken(struct nvmq_late *late)
{
	if (late->seen.state != NVMQ_LIVE)
		return NVMQ_TIMEOUT_NEXT;
	late->why = nvmq_regs_broken(late->csts);
	return late->why ? NVMQ_TIMEOUT_RESET : NVMQ_TIMEOUT_NEXT;
}

/*
 * Is the completion there, and only its interrupt was lost? Then nothing is wrong with the rest.
 * The lock keeps handler and vector there while we look.
 */
static enum nvmq_timeout_answer nvmq_timeout_missed(struct nvmq_late *late)
{
	unsigned int found;

	mutex_lock(&late->ctrl->down_lock);
	found = nvmq_irq_look(late->q);
	mutex_unlock(&late->ctrl->down_lock);
	if (!found || blk_mq_rq_state(late->req) == MQ_RQ_IN_FLIGHT)
		return NVMQ_TIMEOUT_NEXT;
	nvmq_timeout_describe(late->q, late->req,
			      "its completion was there, the interrupt was lost");
	return NVMQ_TIMEOUT_DONE;
}

/*
 * It activates firmware, and does nothing meanwhile: that is no fault, and a reset in the middle of
 * it might be one. Who waits for the end of it (firmware.c) sees that there is one.
 */
static enum nvmq_timeout_answer nvmq_timeout_paused(struct nvmq_late *late)
{
	bool ours = late->seen.state == NVMQ_LIVE || late->seen.state == NVMQ_DELETING;

	return ours && test_bit(NVMQ_CF_PAUSED, &late->ctrl->flags) && late->csts & NVM_CSTS_PP ?
		       NVMQ_TIMEOUT_WAIT :
		       NVMQ_TIMEOUT_NEXT;
}

/* Who brings it up or takes it away waits for this very command, and is told by its end. */
static enum nvmq_timeout_answer nvmq_timeout_on_the_way(struct nvmq_late *late)
{
	return late->seen.state == NVMQ_LIVE ? NVMQ_TIMEOUT_NEXT : NVMQ_TIMEOUT_RESET;
}

/* An abort is an admin command: where those are not answered it is no help. */
static enum nvmq_timeout_answer nvmq_timeout_admin(struct nvmq_late *late)
{
	if (!nvmq_is_admin(late->q))
		return NVMQ_TIMEOUT_NEXT;
	late->why = "an admin command was not answered";
	return NVMQ_TIMEOUT_RESET;
}

/* It was to be aborted, and there was time for that. Asking again would cost the same again. */
static enum nvmq_timeout_answer nvmq_timeout_asked(struct nvmq_late *late)
{
	if (!(nvmq_req(late->req)->flags & NVMQ_RF_ABORTED))
		return NVMQ_TIMEOUT_NEXT;
	late->why = "a command was not answered";
	late->waited = late->req->timeout;
	return NVMQ_TIMEOUT_RESET;
}

/*
 * Else the controller is asked to abort it. That is answered soon or not at all, so the request has
 * a share of the recovery's budget and not its whole time once more.
 */
static enum nvmq_timeout_answer nvmq_timeout_abort(struct nvmq_late *late)
{
	unsigned int wait = msecs_to_jiffies(nvmq_budget_share(NVMQ_BUDGET_ABORT));

	/* reset while we looked: if it is out again, then not for long */
	if (!nvmq_state_unmoved(late->ctrl, &late->seen))
		return NVMQ_TIMEOUT_WAIT;
	nvmq_record_report(late->ctrl, "a command is late, and will be aborted");
	nvmq_timeout_describe(late->q, late->req, "aborting it");
	if (nvmq_admin_abort(late->q, late->req))
		return NVMQ_TIMEOUT_WAIT;
	nvmq_req(late->req)->flags |= NVMQ_RF_ABORTED;
	late->req->timeout = min(late->req->timeout, wait);
	return NVMQ_TIMEOUT_WAIT;
}

static enum nvmq_timeout_answer (*const nvmq_timeout_rungs[])(struct nvmq_late *late) = {
	nvmq_timeout_frozen,
	nvmq_timeout_gone,
	nvmq_timeout_broken,
	nvmq_timeout_missed,
	nvmq_timeout_paused,
	nvmq_timeout_on_the_way,
	nvmq_timeout_admin,
	nvmq_timeout_asked,
	nvmq_timeout_abort,
};

static enum blk_eh_timer_return nvmq_timeout_reset(struct nvmq_late *late)
{
	/* somebody else was faster, and what we saw is of before that */
	if (late->seen.state == NVMQ_LIVE && !nvmq_state_unmoved(late->ctrl, &late->seen))
		return BLK_EH_RESET_TIMER;
	nvmq_record_report(late->ctrl,
			   late->why ? late->why : "a command of a bring-up was not answered");
	if (late->seen.state != NVMQ_LIVE)
		return nvmq_timeout_stop(late->q, late->req);
	nvmq_timeout_describe(late->q, late->req, "resetting");
	set_bit(NVMQ_CF_SILENT, &late->ctrl->flags);
	nvmq_state_request_recovery(late->ctrl, late->why, late->waited, &late->seen);
	return BLK_EH_RESET_TIMER;
}

/**
 * nvmq_timeout - blk-mq's timeout
 * @req: request, in flight for longer than its timeout
 *
 * Context: may sleep.
 * Return: BLK_EH_DONE if it is completed now, BLK_EH_RESET_TIMER to be asked again.
 */
enum blk_eh_timer_return nvmq_timeout(struct request *req)
{
	enum nvmq_timeout_answer answer = NVMQ_TIMEOUT_NEXT;
	struct nvmq_queue *q = req->mq_hctx->driver_data;
	struct nvmq_late late = {
		.q = q,
		.req = req,
		.ctrl = q->ctrl,
		.seen = nvmq_state_look(q->ctrl),
	};
	unsigned int i;

	for (i = 0; answer == NVMQ_TIMEOUT_NEXT; i++)
		answer = nvmq_timeout_rungs[i](&late);
	switch (answer) {
	case NVMQ_TIMEOUT_DONE:
		return BLK_EH_DONE;
	case NVMQ_TIMEOUT_RESET:
		return nvmq_timeout_reset(&late);
	default:
		return BLK_EH_RESET_TIMER;
	}
}
