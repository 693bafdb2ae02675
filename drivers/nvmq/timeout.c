// SPDX-License-Identifier: GPL-2.0
/*
 * A request took too long. Ordered questions, each cheaper or surer than the next:
 *
 * 1. Is the device gone? Then nothing else makes sense.
 * 2. Does it say that it is broken (fatal status, or not ready any more)? Then it will not answer.
 * 3. Is the completion there, and only the interrupt was lost? Then nothing is wrong with the rest.
 * 4. Is somebody waiting for this command in the middle of a bring-up or a removal? Nobody else can
 *    stop the controller then, for who would is waiting: stop it here.
 * 5. Is it an admin command, or was it to be aborted already? Then only a reset helps.
 * 6. Else ask the controller to abort it, and give it as much time again.
 *
 * A reset is only asked for. The request stays in flight until the reset work has stopped the
 * controller: before that, the memory that it points to belongs to the device.
 */
#include "admin.h"
#include "cmd.h"
#include "down.h"
#include "irq.h"
#include "record.h"
#include "regs.h"
#include "state.h"
#include "timeout.h"

static bool nvmq_timeout_gone(struct nvmq_ctrl *ctrl, u32 *csts)
{
	if (nvmq_regs_status(ctrl, csts))
		return false;
	set_bit(NVMQ_CF_GONE, &ctrl->flags);
	return true;
}

static bool nvmq_timeout_broken(u32 csts)
{
	return (csts & NVM_CSTS_CFS) || !(csts & NVM_CSTS_RDY);
}

static void nvmq_timeout_describe(struct nvmq_queue *q, struct request *req, const char *follows)
{
	const struct nvmq_ns *ns = req->q->queuedata;
	bool passed = blk_rq_is_passthrough(req);
	const char *what;

	what = passed ? nvmq_cmd_opcode_text(nvmq_is_admin(q), nvmq_req(req)->more->cmd.opcode) :
			blk_op_str(req_op(req));
	nvmq_warn(q->ctrl, "queue %u tag %d (%s%s%s): no answer for %u s; %s\n", q->qid, req->tag,
		  ns ? ns->disk->disk_name : "admin", ns ? " " : ", ", what, req->timeout / HZ,
		  follows);
}

/* Looks for the completion itself. The lock keeps handler and vector there while we look. */
static bool nvmq_timeout_missed(struct nvmq_queue *q, struct request *req)
{
	unsigned int found;

	mutex_lock(&q->ctrl->down_lock);
	found = nvmq_irq_look(q);
	mutex_unlock(&q->ctrl->down_lock);
	return found && blk_mq_rq_state(req) != MQ_RQ_IN_FLIGHT;
}

/* In the middle of a bring-up or a removal: whoever would stop the controller waits for @req. */
static enum blk_eh_timer_return nvmq_timeout_stop(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_ctrl *ctrl = q->ctrl;

	nvmq_timeout_describe(q, req, "stopping the controller");
	nvmq_down_for(ctrl, req);
	return blk_mq_rq_state(req) != MQ_RQ_IN_FLIGHT ? BLK_EH_DONE : BLK_EH_RESET_TIMER;
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
	struct nvmq_queue *q = req->mq_hctx->driver_data;
	struct nvmq_ctrl *ctrl = q->ctrl;
	enum nvmq_state state = nvmq_state(ctrl);
	const char *why = NULL;
	u32 csts;

	if (nvmq_timeout_gone(ctrl, &csts)) {
		why = "the device is gone from the bus";
		goto reset;
	}
	if (state == NVMQ_LIVE && nvmq_timeout_broken(csts)) {
		why = csts & NVM_CSTS_CFS ? "fatal status (CSTS.CFS)" : "not ready (CSTS.RDY is 0)";
		goto reset;
	}
	if (nvmq_timeout_missed(q, req)) {
		nvmq_timeout_describe(q, req, "its completion was there, the interrupt was lost");
		return BLK_EH_DONE;
	}
	if (state != NVMQ_LIVE)
		goto reset;
	if (nvmq_is_admin(q) || nvmq_req(req)->flags & NVMQ_RF_ABORTED) {
		why = "a command was not answered";
		goto reset;
	}

	nvmq_record_report(ctrl, "a command is late, and will be aborted");
	nvmq_timeout_describe(q, req, "aborting it");
	if (!nvmq_admin_abort(q, req))
		nvmq_req(req)->flags |= NVMQ_RF_ABORTED;
	return BLK_EH_RESET_TIMER;
reset:
	nvmq_record_report(ctrl, why ? why : "a command of a bring-up was not answered");
	if (state != NVMQ_LIVE)
		return nvmq_timeout_stop(q, req);
	nvmq_timeout_describe(q, req, "resetting");
	set_bit(NVMQ_CF_SILENT, &ctrl->flags);
	nvmq_state_request_reset(ctrl, why);
	return BLK_EH_RESET_TIMER;
}
