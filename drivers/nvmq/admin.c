// SPDX-License-Identifier: GPL-2.0
/*
 * Admin commands that somebody waits for, the abort that nobody waits for, and the asynchronous
 * event request, which has no request at all.
 */
#include <linux/blk-mq.h>
#include <linux/completion.h>

#include <nvmq-adapt.h>

#include "admin.h"
#include "budget.h"
#include "cmd.h"
#include "queue.h"

static bool nvmq_admin_writes(const struct nvm_sqe *cmd)
{
	return cmd->opcode & NVM_OPC_DATA_OUT;
}

static struct request *nvmq_admin_alloc(struct nvmq_ctrl *ctrl, const struct nvm_sqe *cmd,
					blk_mq_req_flags_t flags)
{
	blk_opf_t op = nvmq_admin_writes(cmd) ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
	struct request *req;

	req = blk_mq_alloc_request(ctrl->admin_q, op, flags);
	if (IS_ERR(req))
		return req;
	req->timeout = nvmq_budget_timeout(ctrl, ctrl->admin_timeout);
	/* the admin queue's tags have it from the beginning */
	nvmq_req(req)->more->cmd = *cmd;
	nvmq_req(req)->flags = 0;
	nvmq_req(req)->status = 0;
	nvmq_req(req)->result = 0;
	return req;
}

/**
 * nvmq_admin_run - send a request of the driver's own, wait for it, and free it
 * @req: request, its command filled in
 * @buf: kmalloc()ed data, or NULL; its direction is the request's
 * @len: bytes of @buf
 * @result: filled with dwords 0 and 1 of the completion, or NULL
 *
 * Context: may sleep.
 * Return: 0; -errno if it could not be sent or was given up; the NVMe status if it was refused.
 */
int nvmq_admin_run(struct request *req, void *buf, u32 len, u64 *result)
{
	struct nvmq_req *nr = nvmq_req(req);
	blk_status_t verdict;
	int ret;

	if (buf && len) {
		ret = blk_rq_map_kern(req, buf, len, GFP_NOIO);
		if (ret)
			goto free;
	}
	verdict = blk_execute_rq(req, false);
	if (result)
		*result = nr->result;
	ret = blk_status_to_errno(verdict);
	if (nr->status == NVMQ_SC_RECLAIMED || nr->status == NVMQ_SC_DEAD)
		ret = -EIO;
	else if (nr->status)
		ret = nr->status;
free:
	blk_mq_free_request(req);
	return ret;
}

/**
 * nvmq_admin_cmd - send an admin command of the driver's own and wait for it
 * @ctrl: controller whose admin queue is up
 * @cmd: command; the id and the data pointer are filled in on the way
 * @buf: kmalloc()ed data, or NULL; its direction is the opcode's
 * @len: bytes of @buf
 * @result: filled with dwords 0 and 1 of the completion, or NULL
 *
 * Context: may sleep; ends with the admin timeout at the latest, in a recovery with what is left of
 * its budget.
 * Return: 0; -errno if it could not be sent or was given up; the NVMe status if it was refused.
 */
int nvmq_admin_cmd(struct nvmq_ctrl *ctrl, const struct nvm_sqe *cmd, void *buf, u32 len,
		   u64 *result)
{
	struct request *req;

	/* a tag that users leave, so that several scans are at work; else one that is ours */
	req = nvmq_admin_alloc(ctrl, cmd, BLK_MQ_REQ_NOWAIT);
	if (IS_ERR(req))
		req = nvmq_admin_alloc(ctrl, cmd, BLK_MQ_REQ_RESERVED);
	if (IS_ERR(req))
		return PTR_ERR(req);
	return nvmq_admin_run(req, buf, len, result);
}

/**
 * nvmq_admin_identify - Identify (NVMe Base 5.17)
 * @ctrl: controller
 * @cns: which data structure, NVM_ID_CNS_*
 * @csi: command set, for those structures that have one
 * @nsid: namespace, or 0
 * @buf: kmalloc()ed
 * @len: bytes of @buf, at most 4096
 *
 * Context: may sleep.
 * Return: as nvmq_admin_cmd().
 */
int nvmq_admin_identify(struct nvmq_ctrl *ctrl, u8 cns, u8 csi, u32 nsid, void *buf, u32 len)
{
	struct nvm_sqe cmd;

	nvmq_cmd_simple(&cmd, NVM_ADMIN_IDENTIFY, nsid);
	cmd.cdw10 = cpu_to_le32(NVM_PREP(NVM_IDENTIFY_CNS, cns));
	cmd.cdw11 = cpu_to_le32(NVM_PREP(NVM_IDENTIFY_CSI, csi));
	return nvmq_admin_cmd(ctrl, &cmd, buf, len, NULL);
}

/**
 * nvmq_admin_get_log - Get Log Page (NVMe Base 5.16)
 * @ctrl: controller
 * @nsid: namespace or NVM_NSID_ALL
 * @lid: log identifier
 * @lsp: log specific parameter
 * @csi: command set
 * @buf: kmalloc()ed
 * @len: bytes of @buf, a multiple of four
 * @offset: offset in the log in bytes
 *
 * Context: may sleep.
 * Return: as nvmq_admin_cmd().
 */
int nvmq_admin_get_log(struct nvmq_ctrl *ctrl, u32 nsid, u8 lid, u8 lsp, u8 csi, void *buf,
		       u32 len, u64 offset)
{
	u32 dwords = len / 4 - 1;
	struct nvm_sqe cmd;

	nvmq_cmd_simple(&cmd, NVM_ADMIN_GET_LOG_PAGE, nsid);
	cmd.cdw10 = cpu_to_le32(NVM_PREP(NVM_LOG_LID, lid) | NVM_PREP(NVM_LOG_LSP, lsp) |
				NVM_PREP(NVM_LOG_NUMDL, dwords & 0xffff));
	cmd.cdw11 = cpu_to_le32(NVM_PREP(NVM_LOG_NUMDU, dwords >> 16));
	cmd.cdw12 = cpu_to_le32((u32)offset);
	cmd.cdw13 = cpu_to_le32((u32)(offset >> 32));
	cmd.cdw14 = cpu_to_le32(NVM_PREP(NVM_LOG_CSI, csi));
	return nvmq_admin_cmd(ctrl, &cmd, buf, len, NULL);
}

static int nvmq_admin_feature(struct nvmq_ctrl *ctrl, u8 opcode, u8 fid, u32 nsid, u32 cdw11,
			      void *buf, u32 len, u32 *result)
{
	struct nvm_sqe cmd;
	u64 dw01 = 0;
	int ret;

	nvmq_cmd_simple(&cmd, opcode, nsid);
	cmd.cdw10 = cpu_to_le32(NVM_PREP(NVM_FEAT_FID, fid));
	cmd.cdw11 = cpu_to_le32(cdw11);
	ret = nvmq_admin_cmd(ctrl, &cmd, buf, len, &dw01);
	if (result)
		*result = (u32)dw01;
	return ret;
}

/**
 * nvmq_admin_set_feature - Set Features (NVMe Base 5.27)
 * @ctrl: controller
 * @fid: feature identifier
 * @nsid: namespace, or 0
 * @cdw11: command dword 11
 * @buf: kmalloc()ed data, or NULL
 * @len: bytes of @buf
 * @result: filled with dword 0 of the completion, or NULL
 *
 * Context: may sleep.
 * Return: as nvmq_admin_cmd().
 */
int nvmq_admin_set_feature(struct nvmq_ctrl *ctrl, u8 fid, u32 nsid, u32 cdw11, void *buf, u32 len,
			   u32 *result)
{
	return nvmq_admin_feature(ctrl, NVM_ADMIN_SET_FEATURES, fid, nsid, cdw11, buf, len, result);
}

/**
 * nvmq_admin_get_feature - Get Features (NVMe Base 5.15)
 * @ctrl: controller
 * @fid: feature identifier
 * @nsid: namespace, or 0
 * @cdw11: command dword 11
 * @buf: kmalloc()ed room for data, or NULL
 * @len: bytes of @buf
 * @result: filled with dword 0 of the completion, or NULL
 *
 * Context: may sleep.
 * Return: as nvmq_admin_cmd().
 */
int nvmq_admin_get_feature(struct nvmq_ctrl *ctrl, u8 fid, u32 nsid, u32 cdw11, void *buf, u32 len,
			   u32 *result)
{
	return nvmq_admin_feature(ctrl, NVM_ADMIN_GET_FEATURES, fid, nsid, cdw11, buf, len, result);
}

static u32 nvmq_admin_queue_dword(const struct nvmq_queue *q, u16 depth)
{
	return NVM_PREP(NVM_QUEUE_QID, q->qid) | NVM_PREP(NVM_QUEUE_QSIZE, depth - 1);
}

/**
 * nvmq_admin_create_cq - Create I/O Completion Queue (NVMe Base 5.4)
 * @ctrl: controller
 * @q: queue; its vector and NVMQ_Q_POLLED are set
 *
 * Context: may sleep.
 * Return: as nvmq_admin_cmd().
 */
int nvmq_admin_create_cq(struct nvmq_ctrl *ctrl, struct nvmq_queue *q)
{
	u32 flags = NVM_QUEUE_PHYS_CONTIG;
	struct nvm_sqe cmd;

	if (!test_bit(NVMQ_Q_POLLED, &q->flags))
		flags |= NVM_CQ_IRQ_ENABLED | NVM_PREP(NVM_CQ_IV, q->vector);
	nvmq_cmd_simple(&cmd, NVM_ADMIN_CREATE_CQ, 0);
	cmd.prp1 = cpu_to_le64(q->cq_dma);
	cmd.cdw10 = cpu_to_le32(nvmq_admin_queue_dword(q, q->cq.depth));
	cmd.cdw11 = cpu_to_le32(flags);
	return nvmq_admin_cmd(ctrl, &cmd, NULL, 0, NULL);
}

/**
 * nvmq_admin_create_sq - Create I/O Submission Queue (NVMe Base 5.5)
 * @ctrl: controller
 * @q: queue whose completion queue exists
 *
 * Context: may sleep.
 * Return: as nvmq_admin_cmd().
 */
int nvmq_admin_create_sq(struct nvmq_ctrl *ctrl, struct nvmq_queue *q)
{
	u32 flags = NVM_QUEUE_PHYS_CONTIG | NVM_PREP(NVM_SQ_CQID, q->qid);
	struct nvm_sqe cmd;

	if (ctrl->quirks & NVMQ_QUIRK_MEDIUM_PRIO_SQ)
		flags |= NVM_SQ_PRIO_MEDIUM;
	nvmq_cmd_simple(&cmd, NVM_ADMIN_CREATE_SQ, 0);
	cmd.prp1 = cpu_to_le64(q->sq_dma);
	cmd.cdw10 = cpu_to_le32(nvmq_admin_queue_dword(q, q->sq.depth));
	cmd.cdw11 = cpu_to_le32(flags);
	return nvmq_admin_cmd(ctrl, &cmd, NULL, 0, NULL);
}

/**
 * struct nvmq_deletes - deletions of queues that are out together
 * @one: completed once for each that ends
 * @out: how many were sent and not waited for
 * @failed: one of them failed
 */
struct nvmq_deletes {
	struct completion one;
	unsigned int out;
	bool failed;
};

static enum rq_end_io_ret nvmq_admin_delete_done(struct request *req, blk_status_t verdict,
						 const struct io_comp_batch *iob)
{
	struct nvmq_deletes *d = req->end_io_data;

	if (verdict || nvmq_req(req)->status)
		WRITE_ONCE(d->failed, true);
	blk_mq_free_request(req);
	complete(&d->one);
	return RQ_END_IO_NONE;
}

NVMQ_ADAPT_END_IO(nvmq_admin_delete_done);

static void nvmq_admin_delete_wait(struct nvmq_deletes *d)
{
	wait_for_completion(&d->one);
	d->out--;
}

/* A tag that is free now, else one after a deletion that is out, else one of the reserved ones. */
static struct request *nvmq_admin_delete_alloc(struct nvmq_ctrl *ctrl, const struct nvm_sqe *cmd,
					       struct nvmq_deletes *d)
{
	struct request *req;

	for (;;) {
		req = nvmq_admin_alloc(ctrl, cmd, BLK_MQ_REQ_NOWAIT);
		if (!IS_ERR(req) || !d->out)
			break;
		nvmq_admin_delete_wait(d);
	}
	return IS_ERR(req) ? nvmq_admin_alloc(ctrl, cmd, BLK_MQ_REQ_RESERVED) : req;
}

/**
 * nvmq_admin_delete_queues - Delete I/O Submission or Completion Queue (NVMe Base 5.6, 5.7) for all
 * @ctrl: controller
 * @opcode: NVM_ADMIN_DELETE_SQ or NVM_ADMIN_DELETE_CQ; submission queues go first
 * @last: the highest queue identifier; all from 1 on are deleted
 *
 * The commands are out together, as many as there are tags for. Their time-outs see to it that each
 * of them ends.
 *
 * Context: may sleep.
 * Return: 0, -EIO if one of them failed, -errno if not all could be sent.
 */
int nvmq_admin_delete_queues(struct nvmq_ctrl *ctrl, u8 opcode, unsigned int last)
{
	struct nvmq_deletes d = {};
	struct request *req;
	struct nvm_sqe cmd;
	int ret = 0;

	init_completion(&d.one);
	for (; last && !READ_ONCE(d.failed); last--) {
		nvmq_cmd_simple(&cmd, opcode, 0);
		cmd.cdw10 = cpu_to_le32(NVM_PREP(NVM_QUEUE_QID, last));
		req = nvmq_admin_delete_alloc(ctrl, &cmd, &d);
		if (IS_ERR(req)) {
			ret = PTR_ERR(req);
			break;
		}
		req->end_io = nvmq_adapted_end_io(nvmq_admin_delete_done);
		req->end_io_data = &d;
		d.out++;
		blk_execute_rq_nowait(req, false);
	}
	while (d.out)
		nvmq_admin_delete_wait(&d);
	return d.failed ? -EIO : ret;
}

static enum rq_end_io_ret nvmq_admin_abort_done(struct request *req, blk_status_t verdict,
						const struct io_comp_batch *iob)
{
	struct nvmq_queue *q = req->mq_hctx->driver_data;
	struct nvmq_req *nr = nvmq_req(req);

	if (nr->status || nr->result & NVM_ABORT_DW0_NOT_ABORTED)
		nvmq_warn(q->ctrl, "abort had no effect, status %#x\n", nr->status);
	atomic_inc(&q->ctrl->abort_budget);
	blk_mq_free_request(req);
	return RQ_END_IO_NONE;
}

NVMQ_ADAPT_END_IO(nvmq_admin_abort_done);

/**
 * nvmq_admin_abort - ask the controller to abort a command (NVMe Base 5.1); do not wait
 * @q: queue that the command went to
 * @victim: its request, in flight
 *
 * Context: does not sleep.
 * Return: 0 if an abort was sent; -EBUSY if the controller's limit (ACL) is used up, or no tag is
 * free: the victim's timer may run once more.
 */
int nvmq_admin_abort(struct nvmq_queue *q, struct request *victim)
{
	struct nvmq_ctrl *ctrl = q->ctrl;
	struct request *req;
	struct nvm_sqe cmd;
	u16 cid = READ_ONCE(nvmq_req(victim)->live);

	if (atomic_dec_return(&ctrl->abort_budget) < 0)
		goto busy;
	nvmq_cmd_simple(&cmd, NVM_ADMIN_ABORT_CMD, 0);
	cmd.cdw10 = cpu_to_le32(NVM_PREP(NVM_ABORT_SQID, q->qid) | NVM_PREP(NVM_ABORT_CID, cid));
	req = nvmq_admin_alloc(ctrl, &cmd, BLK_MQ_REQ_NOWAIT | BLK_MQ_REQ_RESERVED);
	if (IS_ERR(req))
		goto busy;
	req->end_io = nvmq_adapted_end_io(nvmq_admin_abort_done);
	blk_execute_rq_nowait(req, false);
	return 0;
busy:
	atomic_inc(&ctrl->abort_budget);
	return -EBUSY;
}

/**
 * nvmq_admin_post_aen - give the controller an Asynchronous Event Request (NVMe Base 5.2)
 * @ctrl: live controller
 *
 * It has an id of its own and no tag: it may stay out for years. One is out at a time.
 *
 * Context: does not sleep.
 */
void nvmq_admin_post_aen(struct nvmq_ctrl *ctrl)
{
	struct nvmq_sq *sq = &ctrl->queues[0].sq;
	enum nvmq_gate gate;
	struct nvm_sqe *sqe;

	if (test_and_set_bit(NVMQ_CF_AEN_BUSY, &ctrl->flags))
		return;
	spin_lock(&sq->lock);
	gate = READ_ONCE(sq->gate);
	if (gate != NVMQ_GATE_OPEN && gate != NVMQ_GATE_IDLE) {
		clear_bit(NVMQ_CF_AEN_BUSY, &ctrl->flags);
	} else {
		sqe = nvmq_sq_slot(sq);
		nvmq_cmd_simple(sqe, NVM_ADMIN_ASYNC_EVENT, 0);
		sqe->cid = NVMQ_AEN_CID;
		nvmq_sq_push(sq);
		nvmq_sq_ring(sq);
	}
	spin_unlock(&sq->lock);
}
