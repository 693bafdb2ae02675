// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that a user passes through by io_uring: the structures of <linux/nvme_ioctl.h> in a
 * 128-byte entry, sent without waiting, checked and built as those of ioctls are (passthru.c).
 *
 *		nvmeX			ngXnY
 *	ADMIN	and ADMIN_VEC		-
 *	IO	-			and IO_VEC
 *
 * - the completion is made in the task that submitted: its memory is at hand there, and it
 *   batches. The exception is a ring that polls and finds its own command.
 * - a ring without 32-byte completions gets the status and not the result
 * - an admin command that must be alone, or that changes namespaces, waits as an ioctl does, in
 *   one of io_uring's workers
 */
#include <linux/io_uring/cmd.h>
#include <linux/nvme_ioctl.h>
#include <linux/uio.h>

#include <nvmq-adapt.h>

#include "irq.h"
#include "passthru.h"
#include "uring.h"

/**
 * struct nvmq_uring_pdu - a command on its way, in the room that io_uring has for us
 * @held: memory of the user
 * @result: dwords 0 and 1 of the completion
 * @ret: how it ended
 * @qid: queue that it was sent to
 * @big: the ring takes @result
 */
struct nvmq_uring_pdu {
	struct nvmq_passthru_held held;
	u64 result;
	int ret;
	u16 qid;
	bool big;
};

static struct nvmq_uring_pdu *nvmq_uring_pdu(struct io_uring_cmd *ioucmd)
{
	return io_uring_cmd_to_pdu(ioucmd, struct nvmq_uring_pdu);
}

static void nvmq_uring_done(struct io_uring_cmd *ioucmd, int ret, u64 result, bool big,
			    unsigned int issue_flags)
{
	if (big)
		io_uring_cmd_done32(ioucmd, ret, result, issue_flags);
	else
		io_uring_cmd_done(ioucmd, ret, issue_flags);
}

static void nvmq_uring_finish(struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	struct nvmq_uring_pdu *pdu = nvmq_uring_pdu(ioucmd);

	nvmq_uring_done(ioucmd, nvmq_passthru_finish(&pdu->held, pdu->ret), pdu->result, pdu->big,
			issue_flags);
}

NVMQ_ADAPT_TASK_WORK(nvmq_uring_finish);

static enum rq_end_io_ret nvmq_uring_end_io(struct request *req, blk_status_t sts,
					    const struct io_comp_batch *iob)
{
	struct io_uring_cmd *ioucmd = req->end_io_data;
	struct nvmq_uring_pdu *pdu = nvmq_uring_pdu(ioucmd);

	pdu->ret = nvmq_passthru_outcome(req, sts);
	pdu->result = nvmq_req(req)->result;
	nvmq_passthru_unmap(&pdu->held);
	if (nvmq_uring_polled_by_own(ioucmd, iob))
		nvmq_uring_finish(ioucmd, 0);
	else
		io_uring_cmd_do_in_task_lazy(ioucmd, nvmq_adapted_task_work(nvmq_uring_finish));
	return RQ_END_IO_FREE;
}

NVMQ_ADAPT_END_IO(nvmq_uring_end_io);

/* The entry is shared with the user: each field is read once, so that what is checked is sent. */
static int nvmq_uring_read(struct nvmq_passthru *pt, const struct nvme_uring_cmd *cmd, bool vec)
{
	if (READ_ONCE(cmd->flags) || READ_ONCE(cmd->rsvd1))
		return -EINVAL;
	*pt = (struct nvmq_passthru){
		.sqe.opcode = READ_ONCE(cmd->opcode),
		.sqe.nsid = cpu_to_le32(READ_ONCE(cmd->nsid)),
		.sqe.cdw2 = cpu_to_le32(READ_ONCE(cmd->cdw2)),
		.sqe.cdw3 = cpu_to_le32(READ_ONCE(cmd->cdw3)),
		.sqe.cdw10 = cpu_to_le32(READ_ONCE(cmd->cdw10)),
		.sqe.cdw11 = cpu_to_le32(READ_ONCE(cmd->cdw11)),
		.sqe.cdw12 = cpu_to_le32(READ_ONCE(cmd->cdw12)),
		.sqe.cdw13 = cpu_to_le32(READ_ONCE(cmd->cdw13)),
		.sqe.cdw14 = cpu_to_le32(READ_ONCE(cmd->cdw14)),
		.sqe.cdw15 = cpu_to_le32(READ_ONCE(cmd->cdw15)),
		.addr = READ_ONCE(cmd->addr),
		.meta_addr = READ_ONCE(cmd->metadata),
		.len = READ_ONCE(cmd->data_len),
		.meta_len = READ_ONCE(cmd->metadata_len),
		.timeout_ms = READ_ONCE(cmd->timeout_ms),
		.vec = vec,
	};
	return 0;
}

static unsigned int nvmq_uring_file_flags(const struct io_uring_cmd *ioucmd)
{
	return ioucmd->file->f_mode & FMODE_WRITE ? NVMQ_PT_WRITABLE : 0;
}

/* Buffers that the ring has registered need not be pinned again. */
static int nvmq_uring_import(struct io_uring_cmd *ioucmd, struct nvmq_passthru *pt,
			     struct iov_iter *iter, unsigned int issue_flags)
{
	int dir = pt->sqe.opcode & NVM_OPC_DATA_OUT ? WRITE : READ;
	int ret;

	if (!(ioucmd->flags & IORING_URING_CMD_FIXED) || !pt->addr || !pt->len)
		return 0;
	if (pt->vec)
		ret = io_uring_cmd_import_fixed_vec(ioucmd, u64_to_user_ptr(pt->addr), pt->len,
						    dir, iter, issue_flags);
	else
		ret = io_uring_cmd_import_fixed(pt->addr, pt->len, dir, iter, ioucmd, issue_flags);
	pt->fixed = iter;
	return ret;
}

static int nvmq_uring_send(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns, struct io_uring_cmd *ioucmd,
			   struct nvmq_passthru *pt, unsigned int issue_flags)
{
	struct nvmq_uring_pdu *pdu = nvmq_uring_pdu(ioucmd);
	struct iov_iter iter;
	struct request *req;
	blk_opf_t opf = 0;
	int ret;

	ret = nvmq_uring_import(ioucmd, pt, &iter, issue_flags);
	if (ret < 0)
		return ret;
	if (issue_flags & IO_URING_F_NONBLOCK)
		opf |= REQ_NOWAIT;
	if (issue_flags & IO_URING_F_IOPOLL)
		opf |= REQ_POLLED;
	req = nvmq_passthru_build(ctrl, ns, pt, opf, &pdu->held);
	if (IS_ERR(req))
		return PTR_ERR(req);
	pdu->qid = ((struct nvmq_queue *)req->mq_hctx->driver_data)->qid;
	pdu->big = issue_flags & IO_URING_F_CQE32;
	req->end_io = nvmq_adapted_end_io(nvmq_uring_end_io);
	req->end_io_data = ioucmd;
	blk_execute_rq_nowait(req, false);
	return -EIOCBQUEUED;
}

/* As nvmq_uring_send(), but to be told the outcome, as something is to be done after it. */
static int nvmq_uring_wait(struct nvmq_ctrl *ctrl, struct io_uring_cmd *ioucmd,
			   struct nvmq_passthru *pt, unsigned int issue_flags)
{
	struct iov_iter iter;
	int ret;

	if (issue_flags & IO_URING_F_NONBLOCK)
		return -EAGAIN;
	ret = nvmq_uring_import(ioucmd, pt, &iter, issue_flags);
	if (ret < 0)
		return ret;
	ret = nvmq_passthru_execute(ctrl, NULL, pt);
	/* the ring would take that for a wish to be called again */
	if (ret == -EAGAIN)
		ret = -EBUSY;
	nvmq_uring_done(ioucmd, ret, pt->result, issue_flags & IO_URING_F_CQE32, issue_flags);
	return -EIOCBQUEUED;
}

static int nvmq_uring_check(struct nvmq_ctrl *ctrl, unsigned int issue_flags)
{
	if (!(issue_flags & IO_URING_F_SQE128))
		return -EOPNOTSUPP;
	switch (nvmq_state(ctrl)) {
	case NVMQ_DEAD:
	case NVMQ_DELETING:
		return -ENODEV;
	default:
		return 0;
	}
}

/**
 * nvmq_uring_ns - a command through ngXnY
 * @ns: namespace; the open file holds a reference
 * @ioucmd: the command
 * @issue_flags: IO_URING_F_*
 *
 * While the controller is being reset the command waits, and nobody with it.
 *
 * Context: io_uring's; sleeps only if @issue_flags allow.
 * Return: -EIOCBQUEUED, the completion follows; or as nvmq_passthru_build(), nvmq_passthru_check();
 * -EOPNOTSUPP for a ring of small entries; -ENOTTY for what is not ours.
 */
int nvmq_uring_ns(struct nvmq_ns *ns, struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	bool vec = ioucmd->cmd_op == NVME_URING_CMD_IO_VEC;
	struct nvmq_passthru pt;
	int ret;

	if (!vec && ioucmd->cmd_op != NVME_URING_CMD_IO)
		return -ENOTTY;
	ret = nvmq_uring_check(ns->ctrl, issue_flags);
	if (!ret && test_bit(NVMQ_NF_REMOVING, &ns->flags))
		ret = -ENODEV;
	if (!ret)
		ret = nvmq_uring_read(&pt, nvmq_uring_payload(ioucmd, struct nvme_uring_cmd), vec);
	if (!ret)
		ret = nvmq_passthru_check(ns->ctrl, ns, &pt, nvmq_uring_file_flags(ioucmd));
	if (ret)
		return ret;
	return nvmq_uring_send(ns->ctrl, ns, ioucmd, &pt, issue_flags);
}

/**
 * nvmq_uring_ctrl - a command through nvmeX
 * @ctrl: controller; the open file holds a reference
 * @ioucmd: the command
 * @issue_flags: IO_URING_F_*
 *
 * Context: io_uring's; sleeps only if @issue_flags allow.
 * Return: as nvmq_uring_ns(); -EOPNOTSUPP for a ring that polls, too: the admin queue cannot be.
 */
int nvmq_uring_ctrl(struct nvmq_ctrl *ctrl, struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	bool vec = ioucmd->cmd_op == NVME_URING_CMD_ADMIN_VEC;
	struct nvmq_passthru pt;
	int ret;

	if (!vec && ioucmd->cmd_op != NVME_URING_CMD_ADMIN)
		return -ENOTTY;
	if (issue_flags & IO_URING_F_IOPOLL)
		return -EOPNOTSUPP;
	ret = nvmq_uring_check(ctrl, issue_flags);
	if (!ret)
		ret = nvmq_uring_read(&pt, nvmq_uring_payload(ioucmd, struct nvme_uring_cmd), vec);
	if (!ret)
		ret = nvmq_passthru_check(ctrl, NULL, &pt, nvmq_uring_file_flags(ioucmd));
	if (ret)
		return ret;
	if (nvmq_passthru_effects(ctrl, NULL, pt.sqe.opcode) & NVMQ_PT_FOLLOWED)
		return nvmq_uring_wait(ctrl, ioucmd, &pt, issue_flags);
	return nvmq_uring_send(ctrl, NULL, ioucmd, &pt, issue_flags);
}

/**
 * nvmq_uring_poll - look for the completion of a command
 * @ns: namespace that it went to
 * @ioucmd: the command; nvmq_uring_ns() returned -EIOCBQUEUED for it
 * @iob: batch that the caller ends
 *
 * Context: does not sleep.
 * Return: completions found, whoever's they are; 0 for a queue that has an interrupt.
 */
int nvmq_uring_poll(struct nvmq_ns *ns, struct io_uring_cmd *ioucmd, struct io_comp_batch *iob)
{
	struct request_queue *q = ns->disk->queue;
	int found;

	/* the command may be done by now, and the disk on its way out; one that is not keeps it */
	if (!percpu_ref_tryget(&q->q_usage_counter))
		return 0;
	found = nvmq_irq_poll_queue(&ns->ctrl->queues[READ_ONCE(nvmq_uring_pdu(ioucmd)->qid)], iob);
	percpu_ref_put(&q->q_usage_counter);
	return found;
}
