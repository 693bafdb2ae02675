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
#include "meta.h"
#include "queue.h"
#include "state.h"
#include "submit.h"
#include "trace.h"

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

/* One command for all the bios of a discard: each is a range. */
static blk_status_t nvmq_submit_discard(struct nvmq_queue *q, struct request *req,
					const struct nvmq_ns *ns)
{
	unsigned int want = blk_rq_nr_discard_segments(req), n = 0;
	struct nvm_dsm_range *range;
	struct bio *bio;

	range = nvmq_dma_ranges(q, req, want);
	if (!range)
		return BLK_STS_RESOURCE;
	__rq_for_each_bio(bio, req) {
		if (n == want)
			break;
		range[n].cattr = 0;
		range[n].nlb = cpu_to_le32(bio->bi_iter.bi_size >> ns->lba_shift);
		range[n++].slba = cpu_to_le64(nvmq_submit_lba(ns, bio->bi_iter.bi_sector));
	}
	if (WARN_ON_ONCE(n != want)) {
		nvmq_dma_unmap(q, req);
		return BLK_STS_IOERR;
	}
	nvmq_cmd_dsm(&nvmq_req(req)->cmd, ns->nsid, n);
	return BLK_STS_OK;
}

static void nvmq_submit_write_zeroes(struct request *req, const struct nvmq_ns *ns)
{
	u32 control = 0;

	if (!(req->cmd_flags & REQ_NOUNMAP) && ns->deac)
		control |= NVM_WZ_DEAC;
	nvmq_cmd_rw(&nvmq_req(req)->cmd, NVM_CMD_WRITE_ZEROES, 0, ns->nsid,
		    nvmq_submit_lba(ns, blk_rq_pos(req)), blk_rq_bytes(req) >> ns->lba_shift,
		    control);
	if (ns->pi_type)
		nvmq_meta_write_zeroes(&nvmq_req(req)->cmd, ns, req);
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

static void nvmq_submit_zone(struct request *req, const struct nvmq_ns *ns, u32 action)
{
	nvmq_cmd_zone_send(&nvmq_req(req)->cmd, ns->nsid, nvmq_submit_lba(ns, blk_rq_pos(req)),
			   action);
}

/* All that is not a plain read or write; its data pointer is left in the request. */
static noinline blk_status_t nvmq_submit_prep_other(struct nvmq_queue *q, struct request *req)
{
	const struct nvmq_ns *ns = req->q->queuedata;
	struct nvmq_req *nr = nvmq_req(req);

	nr->prp1 = 0;
	nr->prp2 = 0;
	switch (req_op(req)) {
	case REQ_OP_DRV_IN:
	case REQ_OP_DRV_OUT:
		if (blk_rq_nr_phys_segments(req)) {
			blk_status_t ret = nvmq_dma_map_any(q, req);

			if (nr->flags & NVMQ_RF_SGL)
				nr->cmd.flags |= NVM_CMD_SGL_METABUF;
			return ret;
		}
		/* a command of the driver's own may point to a ring or to a buffer of its */
		nr->prp1 = le64_to_cpu(nr->cmd.prp1);
		nr->prp2 = le64_to_cpu(nr->cmd.prp2);
		return BLK_STS_OK;
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		return nvmq_meta_prep(q, req, ns,
				      req_op(req) == REQ_OP_WRITE ? NVM_CMD_WRITE : NVM_CMD_READ,
				      nvmq_submit_rw_control(req));
	case REQ_OP_FLUSH:
		nvmq_cmd_simple(&nr->cmd, NVM_CMD_FLUSH, ns->nsid);
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
		return nvmq_submit_discard(q, req, ns);
	case REQ_OP_WRITE_ZEROES:
		if (q->ctrl->quirks & NVMQ_QUIRK_DEALLOCATE_ZEROES &&
		    q->ctrl->oncs & NVM_CTRL_ONCS_DSM)
			return nvmq_submit_discard(q, req, ns);
		nvmq_submit_write_zeroes(req, ns);
		return BLK_STS_OK;
	case REQ_OP_ZONE_APPEND:
		return nvmq_meta_prep(q, req, ns, NVM_CMD_ZONE_APPEND,
				      nvmq_submit_rw_control(req));
	case REQ_OP_ZONE_RESET_ALL:
		nvmq_submit_zone(req, ns, NVM_ZONE_RESET | NVM_ZONE_SELECT_ALL);
		return BLK_STS_OK;
	case REQ_OP_ZONE_RESET:
		nvmq_submit_zone(req, ns, NVM_ZONE_RESET);
		return BLK_STS_OK;
	case REQ_OP_ZONE_OPEN:
		nvmq_submit_zone(req, ns, NVM_ZONE_OPEN);
		return BLK_STS_OK;
	case REQ_OP_ZONE_CLOSE:
		nvmq_submit_zone(req, ns, NVM_ZONE_CLOSE);
		return BLK_STS_OK;
	case REQ_OP_ZONE_FINISH:
		nvmq_submit_zone(req, ns, NVM_ZONE_FINISH);
		return BLK_STS_OK;
	default:
		WARN_ON_ONCE(1);
		return BLK_STS_IOERR;
	}
}

static __always_inline bool nvmq_submit_is_rw(struct request *req)
{
	return req_op(req) == REQ_OP_READ || req_op(req) == REQ_OP_WRITE;
}

static __always_inline blk_status_t nvmq_submit_prep(struct nvmq_queue *q, struct request *req,
						     bool plain, struct nvmq_dptr *dptr)
{
	struct nvmq_req *nr = nvmq_req(req);
	blk_status_t ret;

	if (unlikely(READ_ONCE(q->sq.gate) != NVMQ_GATE_OPEN)) {
		ret = nvmq_submit_refuse(q, req);
		if (ret)
			return ret;
	}
	if (likely(plain)) {
		nr->flags = 0;
		ret = nvmq_dma_map(q, req, dptr);
	} else {
		ret = nvmq_submit_prep_other(q, req);
		*dptr = (struct nvmq_dptr){ nr->prp1, nr->prp2 };
	}
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

static __always_inline void nvmq_submit_push(struct nvmq_queue *q, struct request *req, bool plain,
					     const struct nvmq_dptr *dptr)
{
	struct nvm_sqe *sqe = nvmq_sq_slot(&q->sq);
	struct nvmq_req *nr = nvmq_req(req);
	u16 cid = nvmq_cid(req->tag, nr->gen);

	WRITE_ONCE(nr->live, cid);
	if (likely(plain)) {
		nvmq_submit_build_rw(sqe, req, cid);
	} else {
		*sqe = nr->cmd;
		sqe->cid = cid;
	}
	sqe->prp1 = cpu_to_le64(dptr->prp1);
	sqe->prp2 = cpu_to_le64(dptr->prp2);
	nvmq_trace_setup(q, req, sqe);
	nvmq_sq_push(&q->sq);
}

static __always_inline blk_status_t nvmq_submit_single(struct blk_mq_hw_ctx *hctx,
						       const struct blk_mq_queue_data *bd,
						       bool plain)
{
	struct nvmq_queue *q = hctx->driver_data;
	struct request *req = bd->rq;
	struct nvmq_dptr dptr;
	blk_status_t ret;

	ret = nvmq_submit_prep(q, req, plain, &dptr);
	if (unlikely(ret))
		return ret;
	spin_lock(&q->sq.lock);
	nvmq_submit_push(q, req, plain, &dptr);
	if (bd->last)
		nvmq_sq_ring(&q->sq);
	spin_unlock(&q->sq.lock);
	return BLK_STS_OK;
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
	return nvmq_submit_single(hctx, bd, nvmq_submit_is_rw(bd->rq));
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
	return nvmq_submit_single(hctx, bd, false);
}

/**
 * nvmq_submit_commit - blk-mq's commit_rqs: no more requests follow, ring for what was pushed
 * @hctx: hardware context
 *
 * Context: does not sleep.
 */
void nvmq_submit_commit(struct blk_mq_hw_ctx *hctx)
{
	struct nvmq_queue *q = hctx->driver_data;

	spin_lock(&q->sq.lock);
	nvmq_sq_ring(&q->sq);
	spin_unlock(&q->sq.lock);
}

/**
 * nvmq_submit_rqs - blk-mq's queue_rqs: submit a plugged list, one doorbell for each queue
 * @list: requests; those that could not be prepared are left on it, in order, for queue_rq
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
			bool plain = nvmq_submit_is_rw(req);

			blk_mq_enter_batched(req);
			if (likely(nvmq_submit_prep(q, req, plain, &dptr) == BLK_STS_OK))
				nvmq_submit_push(q, req, plain, &dptr);
			else
				rq_list_add_tail(&left, req);
			req = rq_list_pop(&todo);
		} while (req && req->mq_hctx == hctx);
		nvmq_sq_ring(&q->sq);
		spin_unlock(&q->sq.lock);
	}
	*list = left;
}
