// SPDX-License-Identifier: GPL-2.0
/*
 * Completions on their way up: take entries, find the request, decide done, retry or error, unmap,
 * end in batches.
 *
 * What a controller writes into its completion queue is not trusted. An id is followed only if its
 * tag is in flight and its generation is the one that was sent last; generations move on when the
 * completion is taken, so that a second one for the same command finds nobody.
 */
#include <linux/blkdev.h>

#include "cmd.h"
#include "complete.h"
#include "dma.h"
#include "meta.h"
#include "queue.h"
#include "trace.h"

static noinline void nvmq_complete_foreign(struct nvmq_queue *q, const struct nvm_cqe *cqe)
{
	q->cq.foreign++;
	nvmq_warn_limited(q->ctrl,
			  "queue %u: completion %#06x status %#x is for no command in flight; ignored\n",
			  q->qid, cqe->cid, nvm_cqe_status(cqe));
}

static noinline void nvmq_complete_aen(struct nvmq_queue *q, const struct nvm_cqe *cqe)
{
	struct nvmq_ctrl *ctrl = q->ctrl;

	if (!test_and_clear_bit(NVMQ_CF_AEN_BUSY, &ctrl->flags)) {
		nvmq_complete_foreign(q, cqe);
		return;
	}
	/* an error means that the controller has no such request: none is posted again */
	if (nvm_cqe_status(cqe))
		return;
	ctrl->aen_result = le32_to_cpu(cqe->dw0);
	queue_work(system_dfl_wq, &ctrl->event_work);
}

static __always_inline void nvmq_complete_one(struct nvmq_queue *q, struct blk_mq_tags *tags,
					      const struct nvm_cqe *cqe, u16 status,
					      struct io_comp_batch *iob)
{
	u16 cid = READ_ONCE(cqe->cid);
	struct request *req;
	struct nvmq_req *nr;

	if (unlikely(cid == NVMQ_AEN_CID) && nvmq_is_admin(q)) {
		nvmq_complete_aen(q, cqe);
		return;
	}
	req = blk_mq_tag_to_rq(tags, nvmq_cid_tag(cid));
	/* in flight, not just started: one that is completed, but not ended yet, is nobody's */
	if (unlikely(!req || blk_mq_rq_state(req) != MQ_RQ_IN_FLIGHT ||
		     !nvmq_cid_fits(cid, nvmq_req(req)->gen))) {
		nvmq_complete_foreign(q, cqe);
		return;
	}
	nr = nvmq_req(req);
	nr->gen++;
	nr->status = status;
	nr->result = le64_to_cpu(cqe->result);
	nvmq_trace_complete(q, req, cid);
	if (blk_mq_complete_request_remote(req))
		return;
	/* nothing to unmap, to free or to forget: the block layer ends the batch by itself */
	if (!blk_mq_add_to_batch(req, iob, status,
				 nr->undo ? nvmq_complete_batch : blk_mq_end_request_batch))
		nvmq_complete_rq(req);
}

/* Peek and advance as in queue.h, with head and phase held in registers. */
static __always_inline unsigned int nvmq_complete_take(struct nvmq_queue *q,
						       struct io_comp_batch *iob)
{
	struct nvmq_cq *cq = &q->cq;
	u16 head = cq->head, phase = cq->phase, depth = cq->depth, word;
	struct blk_mq_tags **sets = cq->tag_set->tags;
	struct blk_mq_tags *tags = NULL;
	struct nvm_cqe *ring = cq->ring;
	unsigned int found = 0;

	/* the handler of a vector that the admin queue shares runs before there are I/O tags */
	if (likely(sets))
		tags = sets[cq->hctx_idx];
	for (;; found++) {
		word = le16_to_cpu(READ_ONCE(ring[head].status));
		if ((word & NVM_CQE_PHASE) != phase)
			break;
		/* the phase before the rest: see the top of queue.h */
		dma_rmb();
		if (likely(tags))
			nvmq_complete_one(q, tags, &ring[head], word >> 1, iob);
		else
			nvmq_complete_foreign(q, &ring[head]);
		head = nvmq_ring_next(head, depth);
		if (!head)
			phase ^= NVM_CQE_PHASE;
	}
	if (found) {
		cq->head = head;
		cq->phase = phase;
		cq->completed += found;
		nvmq_trace_sq(q, found);
	}
	return found;
}

/**
 * nvmq_complete_drain - take all completions that are there, and tell the controller so
 * @q: queue
 * @iob: batch that the caller ends afterwards, or NULL
 *
 * Context: the one who may drain @q (struct nvmq_cq says who); does not sleep.
 * Return: completions taken.
 */
unsigned int nvmq_complete_drain(struct nvmq_queue *q, struct io_comp_batch *iob)
{
	unsigned int found = nvmq_complete_take(q, iob);

	if (found) {
		if (unlikely(q->cq.bell))
			nvmq_bell_completed(q, found);
		else
			nvmq_cq_ring(&q->cq);
	}
	return found;
}

/**
 * nvmq_complete_reap - take the completions that a controller left before it was stopped
 * @q: queue without handler
 *
 * No doorbell is written: the controller is disabled, or not there.
 *
 * Context: down_lock is held; may sleep.
 */
void nvmq_complete_reap(struct nvmq_queue *q)
{
	/* somebody may still be polling */
	spin_lock(&q->cq.poll_lock);
	nvmq_complete_take(q, NULL);
	spin_unlock(&q->cq.poll_lock);
}

static noinline void nvmq_complete_unmap_other(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);

	/* where the blocks were put is what the block layer reports to who appended them */
	if (nr->flags & NVMQ_RF_APPEND && !nr->status) {
		const struct nvmq_ns *ns = req->q->queuedata;

		req->__sector = nr->result << (ns->lba_shift - SECTOR_SHIFT);
	}
	if (nr->flags & NVMQ_RF_META)
		nvmq_meta_unmap(q, req);
	if (nr->flags & (NVMQ_RF_MAPPED | NVMQ_RF_RANGES))
		nvmq_dma_unmap(q, req);
}

static __always_inline void nvmq_complete_unmap(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);

	if (nr->flags == (NVMQ_RF_MAPPED | NVMQ_RF_ONE) && !nr->nr_pages && q->sq.unmap)
		dma_unmap_page(q->sq.dev, nr->prp1, blk_rq_bytes(req), rq_dma_dir(req));
	else if (nr->flags & (NVMQ_RF_MAPPED | NVMQ_RF_RANGES | NVMQ_RF_META | NVMQ_RF_APPEND))
		nvmq_complete_unmap_other(q, req);
}

/**
 * nvmq_complete_batch - end a batch of requests that all succeeded and left something to undo
 * @iob: the batch; empty afterwards
 *
 * Context: any; does not sleep.
 */
void nvmq_complete_batch(struct io_comp_batch *iob)
{
	struct request *req;

	rq_list_for_each(&iob->req_list, req) {
		nvmq_complete_unmap(req->mq_hctx->driver_data, req);
		nvmq_req(req)->undo = 0;
	}
	blk_mq_end_request_batch(iob);
}

/*
 * Was it merely there when the controller was stopped for something else? Then it is sent again as
 * often as that happens: a reset that succeeds costs nobody an error. One that was to be aborted
 * may be what the controller cannot bear, and counts.
 */
static bool nvmq_complete_innocent(const struct nvmq_req *nr)
{
	return nr->status == NVMQ_SC_RECLAIMED && !(nr->flags & NVMQ_RF_ABORTED);
}

static bool nvmq_complete_may_retry(struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);

	if (blk_rq_is_passthrough(req) || blk_noretry_request(req) ||
	    nr->status & NVM_STATUS_DNR)
		return false;
	return nvmq_complete_innocent(nr) || nr->retries < READ_ONCE(nvmq_max_retries);
}

/* Milliseconds until a command may come again: CRDT1 to 3, chosen by the status (Base 4.2.3.2). */
static unsigned int nvmq_complete_delay(const struct nvmq_ctrl *ctrl, u16 status)
{
	unsigned int crd = NVM_GET(NVM_STATUS_CRD, status);

	return crd ? ctrl->crdt[crd - 1] * 100 : 0;
}

static void nvmq_complete_log(struct nvmq_queue *q, struct request *req)
{
	const struct nvmq_ns *ns = req->q->queuedata;
	struct nvmq_req *nr = nvmq_req(req);

	if (req->rq_flags & RQF_QUIET)
		return;
	nvmq_warn_limited(q->ctrl,
			  "%s: %s at LBA %llu, %u blocks: %s (sct %#x sc %#x%s), given up after %u retries\n",
			  ns->disk->disk_name, blk_op_str(req_op(req)),
			  (u64)blk_rq_pos(req) >> (ns->lba_shift - SECTOR_SHIFT),
			  blk_rq_bytes(req) >> ns->lba_shift, nvmq_cmd_status_text(nr->status),
			  NVM_GET(NVM_SCT_MASK, nr->status), nr->status & NVM_SC_MASK,
			  nr->status & NVM_STATUS_DNR ? " DNR" : "", nr->retries);
}

static noinline void nvmq_complete_failed(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);

	if (nvmq_complete_may_retry(req)) {
		struct request_queue *rq = req->q;
		unsigned int delay = nvmq_complete_delay(q->ctrl, nr->status);

		if (!nvmq_complete_innocent(nr))
			nr->retries++;
		nr->flags = 0;
		blk_mq_requeue_request(req, false);
		blk_mq_delay_kick_requeue_list(rq, delay);
		return;
	}
	if (!blk_rq_is_passthrough(req))
		nvmq_complete_log(q, req);
	nr->undo = 0;
	blk_mq_end_request(req, nvmq_cmd_blk_status(nr->status));
}

/**
 * nvmq_complete_rq - blk-mq's complete: the controller has answered, or was stopped
 * @req: request; its nvmq_req has the status
 *
 * Context: any; does not sleep.
 */
void nvmq_complete_rq(struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);

	nvmq_complete_unmap(req->mq_hctx->driver_data, req);
	if (unlikely(nr->status)) {
		nvmq_complete_failed(req->mq_hctx->driver_data, req);
		return;
	}
	nr->undo = 0;
	blk_mq_end_request(req, BLK_STS_OK);
}

/**
 * nvmq_complete_reclaimed - give a request up that a stopped controller will never answer
 * @req: request, in flight
 * @status: status to give it
 *
 * Context: the controller does no DMA any more and its interrupts are gone; may sleep.
 * Return: true, to go on with the next one (busy_tag_iter_fn).
 */
bool nvmq_complete_reclaimed(struct request *req, u16 status)
{
	struct nvmq_req *nr = nvmq_req(req);

	if (blk_mq_request_completed(req))
		return true;
	nr->status = status;
	nvmq_trace_complete(req->mq_hctx->driver_data, req, nvmq_cid(req->tag, nr->gen));
	nr->gen++;
	blk_mq_complete_request(req);
	return true;
}
