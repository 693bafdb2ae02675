// SPDX-License-Identifier: GPL-2.0
/*
 * Requests on their way down, in three steps that single requests, batches and commit share:
 *
 * - prepare: may this queue take it? map its pages, build what is not a read or a write, start it
 * - push:    under the queue's lock, build or copy the command into the ring
 * - ring:    tell the controller, once for all that was pushed
 */
#include <linux/blkdev.h>

#include "cmd.h"
#include "dma.h"
#include "dma_p2p.h"
#include "meta.h"
#include "pace.h"
#include "queue.h"
#include "state.h"
#include "stray.h"
#include "submit.h"
#include "trace.h"

/* In place of a verdict: its queue is not there, and it has to go to another one. */
#define NVMQ_SUBMIT_STRAY BLK_STS_TRANSPORT

/* The gate is not open: who may pass, who has to wait, and who is turned away? */
static blk_status_t nvmq_submit_refuse(struct nvmq_queue *q, struct request *req)
{
	switch (READ_ONCE(q->sq.gate)) {
	case NVMQ_GATE_OPEN:
		return BLK_STS_OK;
	case NVMQ_GATE_IDLE:
		cmpxchg(&q->sq.gate, NVMQ_GATE_IDLE, NVMQ_GATE_OPEN);
		nvmq_state_request_watch(q->ctrl);
		return BLK_STS_OK;
	case NVMQ_GATE_INTERNAL:
		return nvmq_req(req)->flags & NVMQ_RF_USER ? BLK_STS_RESOURCE : BLK_STS_OK;
	case NVMQ_GATE_WAIT:
		return BLK_STS_RESOURCE;
	case NVMQ_GATE_MISSING:
		return NVMQ_SUBMIT_STRAY;
	default:
		nvmq_req(req)->status = NVMQ_SC_DEAD;
		nvmq_req(req)->retries = 0;
		return BLK_STS_IOERR;
	}
}

static u64 nvmq_submit_lba(const struct nvmq_ns *ns, sector_t sector)
{
	return sector >> (ns->lba_shift - SECTOR_SHIFT);
}

/* In place of a verdict: the request waits somewhere else, and will come again. */
#define NVMQ_SUBMIT_HELD BLK_STS_AGAIN

/* One command for all the bios of a discard: each is a range. */
static blk_status_t nvmq_submit_discard(struct nvmq_queue *q, struct request *req,
					const struct nvmq_ns *ns, struct nvm_sqe *cmd)
{
	unsigned int want = blk_rq_nr_discard_segments(req), n = 0;
	struct nvm_dsm_range *range;
	struct bio *bio;

	if (!nvmq_pace_enter(q->ctrl, req))
		return NVMQ_SUBMIT_HELD;
	range = nvmq_dma_ranges(q, req, want);
	if (!range) {
		nvmq_pace_leave(q->ctrl);
		return BLK_STS_RESOURCE;
	}
	__rq_for_each_bio(bio, req) {
		if (n == want)
			break;
		range[n].cattr = 0;
		range[n].nlb = cpu_to_le32(bio->bi_iter.bi_size >> ns->lba_shift);
		range[n++].slba = cpu_to_le64(nvmq_submit_lba(ns, bio->bi_iter.bi_sector));
	}
	if (WARN_ON_ONCE(n != want)) {
		nvmq_dma_unmap(q, req);
		nvmq_pace_leave(q->ctrl);
		return BLK_STS_IOERR;
	}
	nvmq_cmd_dsm(cmd, ns->nsid, n);
	return BLK_STS_OK;
}

static void nvmq_submit_write_zeroes(struct request *req, const struct nvmq_ns *ns,
				     struct nvm_sqe *cmd)
{
	u32 control = 0;

	if (!(req->cmd_flags & REQ_NOUNMAP) && ns->deac)
		control |= NVM_WZ_DEAC;
	nvmq_cmd_rw(cmd, NVM_CMD_WRITE_ZEROES, 0, ns->nsid, nvmq_submit_lba(ns, blk_rq_pos(req)),
		    blk_rq_bytes(req) >> ns->lba_shift, control);
	if (ns->pi_type)
		nvmq_meta_write_zeroes(cmd, ns, req);
}

static u32 nvmq_submit_rw_control(struct request *req)
{
	u32 control = 0;

	if (req->cmd_flags & (REQ_FUA | REQ_FAILFAST_DEV | REQ_RAHEAD)) {
		if (req->cmd_flags & REQ_FUA)
			control |= NVM_RW_FUA;
		if (req->cmd_flags & (REQ_FAILFAST_DEV | REQ_RAHEAD))
			control |= NVM_RW_LR;
	}
	return control;
}

/* The zone that a request is about is to become something else. */
static void nvmq_submit_zone(struct request *req, const struct nvmq_ns *ns, struct nvm_sqe *cmd)
{
	u32 action = 0;

	switch (req_op(req)) {
	case REQ_OP_ZONE_RESET_ALL:
		action = NVM_ZONE_RESET | NVM_ZONE_SELECT_ALL;
		break;
	case REQ_OP_ZONE_RESET:
		action = NVM_ZONE_RESET;
		break;
	case REQ_OP_ZONE_OPEN:
		action = NVM_ZONE_OPEN;
		break;
	case REQ_OP_ZONE_CLOSE:
		action = NVM_ZONE_CLOSE;
		break;
	default:
		action = NVM_ZONE_FINISH;
		break;
	}
	nvmq_cmd_zone_send(cmd, ns->nsid, nvmq_submit_lba(ns, blk_rq_pos(req)), action);
}

/* A command that was passed through, or is the driver's own. */
static __always_inline blk_status_t nvmq_submit_passed(struct nvmq_queue *q, struct request *req,
						       struct nvm_sqe *cmd)
{
	struct nvmq_req *nr = nvmq_req(req);
	blk_status_t ret = BLK_STS_OK;

	*cmd = nr->more->cmd;
	if (blk_rq_nr_phys_segments(req)) {
		ret = nvmq_dma_map_any(q, req);
		if (nr->flags & NVMQ_RF_SGL)
			cmd->flags |= NVM_CMD_SGL_METABUF;
	} else {
		/* one of the driver's own may point to a ring or to a buffer of its */
		nr->prp1 = le64_to_cpu(cmd->prp1);
		nr->prp2 = le64_to_cpu(cmd->prp2);
	}
	return ret;
}

/* All that is not a plain read or write; its data pointer is left in the request. */
static __always_inline blk_status_t nvmq_submit_prep_other(struct nvmq_queue *q,
							   struct request *req, struct nvm_sqe *cmd)
{
	const struct nvmq_ns *ns = req->q->queuedata;
	struct nvmq_req *nr = nvmq_req(req);

	nr->prp1 = 0;
	nr->prp2 = 0;
	switch (req_op(req)) {
	case REQ_OP_DRV_IN:
	case REQ_OP_DRV_OUT:
		return nvmq_submit_passed(q, req, cmd);
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		return nvmq_meta_prep(q, req, ns, cmd,
				      req_op(req) == REQ_OP_WRITE ? NVM_CMD_WRITE : NVM_CMD_READ,
				      nvmq_submit_rw_control(req));
	case REQ_OP_FLUSH:
		nvmq_cmd_simple(cmd, NVM_CMD_FLUSH, ns->nsid);
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
		return nvmq_submit_discard(q, req, ns, cmd);
	case REQ_OP_WRITE_ZEROES:
		if (ns->discard_zeroes)
			return nvmq_submit_discard(q, req, ns, cmd);
		nvmq_submit_write_zeroes(req, ns, cmd);
		return BLK_STS_OK;
	case REQ_OP_ZONE_APPEND:
		return nvmq_meta_prep(q, req, ns, cmd, NVM_CMD_ZONE_APPEND,
				      nvmq_submit_rw_control(req));
	case REQ_OP_ZONE_RESET_ALL:
	case REQ_OP_ZONE_RESET:
	case REQ_OP_ZONE_OPEN:
	case REQ_OP_ZONE_CLOSE:
	case REQ_OP_ZONE_FINISH:
		nvmq_submit_zone(req, ns, cmd);
		return BLK_STS_OK;
	default:
		WARN_ON_ONCE(1);
		return BLK_STS_IOERR;
	}
}

/* Operations but read and write, which are 0 and 1. */
#define NVMQ_SUBMIT_OTHER (REQ_OP_MASK & ~(__force blk_opf_t)REQ_OP_WRITE)

/* What must not be merged, part of what was split mostly, may be memory of a PCI device. */
static noinline bool nvmq_submit_is_unmerged_plain(struct request *req)
{
	return !(req->cmd_flags & NVMQ_SUBMIT_OTHER) && !nvmq_p2p_is(req);
}

/* A read or a write that needs nothing else? One test tells nearly always. */
static __always_inline bool nvmq_submit_is_plain(struct request *req)
{
	static_assert(!(__force u32)REQ_OP_READ && (__force u32)REQ_OP_WRITE == 1);
	return likely(!(req->cmd_flags & (NVMQ_SUBMIT_OTHER | REQ_NOMERGE))) ||
	       nvmq_submit_is_unmerged_plain(req);
}

/* May this queue take a request now? */
static __always_inline blk_status_t nvmq_submit_gate(struct nvmq_queue *q, struct request *req)
{
	if (unlikely(READ_ONCE(q->sq.gate) != NVMQ_GATE_OPEN))
		return nvmq_submit_refuse(q, req);
	return BLK_STS_OK;
}

static __always_inline blk_status_t nvmq_submit_prep_rw(struct nvmq_queue *q, struct request *req,
							struct nvmq_dptr *dptr)
{
	blk_status_t ret = nvmq_submit_gate(q, req);

	if (unlikely(ret))
		return ret;
	nvmq_req(req)->flags = 0;
	ret = nvmq_dma_map(q, req, dptr);
	if (unlikely(ret))
		return ret;
	blk_mq_start_request(req);
	return BLK_STS_OK;
}

static __always_inline void nvmq_submit_build_rw(struct nvm_sqe *sqe, struct request *req, u16 cid)
{
	const struct nvmq_ns *ns = req->q->queuedata;
	/* below 64: said, so that no check of it is compiled in */
	unsigned int shift = (ns->lba_shift - SECTOR_SHIFT) & 31;

	static_assert(NVM_CMD_READ - (__force u32)REQ_OP_READ == NVM_CMD_READ);
	static_assert(NVM_CMD_READ - (__force u32)REQ_OP_WRITE == NVM_CMD_WRITE);
	nvmq_cmd_rw(sqe, NVM_CMD_READ - (__force u32)req_op(req), cid, ns->nsid,
		    blk_rq_pos(req) >> shift, blk_rq_bytes(req) >> SECTOR_SHIFT >> shift,
		    nvmq_submit_rw_control(req));
	if (unlikely(nvmq_req(req)->flags & NVMQ_RF_SGL))
		sqe->flags |= NVM_CMD_SGL_METABUF;
}

/* The entry at the tail has its data pointer, and belongs to the controller soon. */
static __always_inline void nvmq_submit_finish(struct nvmq_queue *q, struct request *req,
					       struct nvm_sqe *sqe, u64 prp1, u64 prp2)
{
	sqe->prp1 = cpu_to_le64(prp1);
	sqe->prp2 = cpu_to_le64(prp2);
	nvmq_trace_setup(q, req, sqe);
	nvmq_sq_push(&q->sq);
}

static __always_inline void nvmq_submit_push_rw(struct nvmq_queue *q, struct request *req,
						const struct nvmq_dptr *dptr)
{
	struct nvm_sqe *sqe = nvmq_sq_slot(&q->sq);
	struct nvmq_req *nr = nvmq_req(req);
	u16 cid = nvmq_cid(req->tag, nr->gen);

	WRITE_ONCE(nr->live, cid);
	nvmq_submit_build_rw(sqe, req, cid);
	nvmq_submit_finish(q, req, sqe, dptr->prp1, dptr->prp2);
}

/* It did not pass the gate, or could not be prepared: what is told to blk-mq. */
static noinline blk_status_t nvmq_submit_not(struct nvmq_queue *q, struct request *req,
					     blk_status_t verdict)
{
	return verdict == NVMQ_SUBMIT_STRAY ? nvmq_stray_take(q, req) : verdict;
}

static void nvmq_submit_ring(struct nvmq_queue *q)
{
	spin_lock(&q->sq.lock);
	nvmq_sq_ring(&q->sq);
	spin_unlock(&q->sq.lock);
}

/* The id of a command for a controller that may bear no more in it than the tag. */
static u16 nvmq_submit_odd_cid(const struct nvmq_queue *q, const struct request *req, u16 gen)
{
	return nvmq_cid(req->tag, q->ctrl->quirks & NVMQ_QUIRK_SKIP_CID_GEN ? 0 : gen);
}

/*
 * The same three steps for what is not a plain read or write: its command is built ahead. @odd is
 * known where this is compiled in: nobody asks for it.
 */
static __always_inline blk_status_t nvmq_submit_built(struct nvmq_queue *q, struct request *req,
						      bool last, const bool odd)
{
	blk_status_t ret = nvmq_submit_gate(q, req);
	struct nvmq_req *nr = nvmq_req(req);
	struct nvm_sqe cmd, *sqe;

	if (unlikely(ret))
		return nvmq_submit_not(q, req, ret);
	ret = nvmq_submit_prep_other(q, req, &cmd);
	if (unlikely(ret == NVMQ_SUBMIT_HELD)) {
		/* it was the last all the same: those before it are not rung for yet */
		if (last)
			nvmq_submit_ring(q);
		return BLK_STS_OK;
	}
	if (unlikely(ret))
		return ret;
	blk_mq_start_request(req);
	cmd.cid = odd ? nvmq_submit_odd_cid(q, req, nr->gen) : nvmq_cid(req->tag, nr->gen);
	spin_lock(&q->sq.lock);
	sqe = odd ? nvmq_sq_entry(q, q->sq.tail) : nvmq_sq_slot(&q->sq);
	WRITE_ONCE(nr->live, cmd.cid);
	*sqe = cmd;
	nvmq_submit_finish(q, req, sqe, nr->prp1, nr->prp2);
	if (nr->flags & NVMQ_RF_RANGES)
		WRITE_ONCE(q->discards, q->discards + 1);
	if (last)
		nvmq_sq_ring(&q->sq);
	spin_unlock(&q->sq.lock);
	return BLK_STS_OK;
}

static noinline blk_status_t nvmq_submit_other(struct nvmq_queue *q, struct request *req, bool last)
{
	return nvmq_submit_built(q, req, last, false);
}

/**
 * nvmq_submit_rq - blk-mq's queue_rq: submit one request
 * @hctx: hardware context
 * @bd: the request, and whether it is the last for now
 *
 * Context: does not sleep.
 * Return: BLK_STS_OK; BLK_STS_RESOURCE to be called again later; an error that ends the request.
 */
blk_status_t nvmq_submit_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct nvmq_queue *q = hctx->driver_data;
	struct request *req = bd->rq;
	struct nvmq_dptr dptr;
	blk_status_t ret;

	if (unlikely(!nvmq_submit_is_plain(req)))
		return nvmq_submit_other(q, req, bd->last);
	ret = nvmq_submit_prep_rw(q, req, &dptr);
	if (unlikely(ret))
		return nvmq_submit_not(q, req, ret);
	spin_lock(&q->sq.lock);
	nvmq_submit_push_rw(q, req, &dptr);
	if (bd->last)
		nvmq_sq_ring(&q->sq);
	spin_unlock(&q->sq.lock);
	return BLK_STS_OK;
}

/**
 * nvmq_submit_rich_rq - queue_rq of namespaces whose reads and writes carry more than data
 * @hctx: hardware context
 * @bd: the request, and whether it is the last for now
 *
 * Context: does not sleep.
 * Return: as nvmq_submit_rq().
 */
blk_status_t nvmq_submit_rich_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	return nvmq_submit_other(hctx->driver_data, bd->rq, bd->last);
}

/**
 * nvmq_submit_narrow_rq - queue_rq of a disk that takes less at once than before a reset
 * @hctx: hardware context
 * @bd: the request, and whether it is the last for now
 *
 * Context: does not sleep.
 * Return: as nvmq_submit_rq(); BLK_STS_IOERR for what is too large.
 */
blk_status_t nvmq_submit_narrow_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct nvmq_queue *q = hctx->driver_data;
	enum req_op op = req_op(bd->rq);

	if ((op == REQ_OP_READ || op == REQ_OP_WRITE || op == REQ_OP_ZONE_APPEND) &&
	    blk_rq_bytes(bd->rq) >> SECTOR_SHIFT > q->ctrl->max_hw_sectors)
		return BLK_STS_IOERR;
	/* the long way, on which odd controllers are asked for */
	return nvmq_submit_odd_rq(hctx, bd);
}

/**
 * nvmq_submit_closed_rq - queue_rq of a disk that is another one since a reset
 * @hctx: hardware context
 * @bd: the request
 *
 * Context: does not sleep.
 * Return: BLK_STS_IOERR.
 */
blk_status_t nvmq_submit_closed_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	return BLK_STS_IOERR;
}

/**
 * nvmq_submit_no_rqs - queue_rqs of those two: all go one by one
 * @list: requests
 *
 * Context: does not sleep.
 */
void nvmq_submit_no_rqs(struct rq_list *list)
{
}

/**
 * nvmq_submit_odd_rq - queue_rq of controllers whose entries are larger, or whose ids are tags
 * @hctx: hardware context
 * @bd: the request, and whether it is the last for now
 *
 * All that comes is built ahead, so that no other controller's path has to ask how.
 *
 * Context: does not sleep.
 * Return: as nvmq_submit_rq().
 */
blk_status_t nvmq_submit_odd_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	return nvmq_submit_built(hctx->driver_data, bd->rq, bd->last, true);
}

/**
 * nvmq_submit_commit - blk-mq's commit_rqs: no more requests follow, ring for what was pushed
 * @hctx: hardware context
 *
 * Context: does not sleep.
 */
void nvmq_submit_commit(struct blk_mq_hw_ctx *hctx)
{
	nvmq_submit_ring(hctx->driver_data);
}

/**
 * nvmq_submit_rqs - blk-mq's queue_rqs: submit a plugged list, one doorbell for each queue
 * @list: requests; those that could not be prepared, and what is not a plain read or write, are
 *	left on it, in order, for queue_rq
 *
 * Context: does not sleep.
 */
void nvmq_submit_rqs(struct rq_list *list)
{
	struct rq_list todo = *list, left = {};
	struct request *req = rq_list_pop(&todo);

	while (req) {
		struct blk_mq_hw_ctx *hctx = req->mq_hctx;
		struct nvmq_queue *q = hctx->driver_data;
		struct nvmq_dptr dptr;

		spin_lock(&q->sq.lock);
		do {
			blk_mq_enter_batched(req);
			if (likely(nvmq_submit_is_plain(req) &&
				   nvmq_submit_prep_rw(q, req, &dptr) == BLK_STS_OK))
				nvmq_submit_push_rw(q, req, &dptr);
			else
				rq_list_add_tail(&left, req);
			req = rq_list_pop(&todo);
		} while (req && req->mq_hctx == hctx);
		nvmq_sq_ring(&q->sq);
		spin_unlock(&q->sq.lock);
	}
	*list = left;
}
