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
#include "dma_mem.h"
#include "meta.h"
#include "pace.h"
#include "queue.h"
#include "trace.h"

static void nvmq_complete_aen(struct nvmq_ctrl *ctrl, const struct nvm_cqe *cqe)
{
	/* an error means that the controller has no such request: none is posted again */
	if (nvm_cqe_status(cqe))
		return;
	ctrl->aen_result = le32_to_cpu(cqe->dw0);
	queue_work(system_dfl_wq, &ctrl->event_work);
}

/* A completion of no request: an asynchronous event, or one that is not followed. */
static noinline void nvmq_complete_foreign(struct nvmq_queue *q, const struct nvm_cqe *cqe)
{
	if (cqe->cid == NVMQ_AEN_CID && nvmq_is_admin(q) &&
	    test_and_clear_bit(NVMQ_CF_AEN_BUSY, &q->ctrl->flags)) {
		nvmq_complete_aen(q->ctrl, cqe);
		return;
	}
	q->cq.foreign++;
	nvmq_warn_limited(q->ctrl,
			  "queue %u: completion %#06x status %#x is for no command in flight; ignored\n",
			  q->qid, cqe->cid, nvm_cqe_status(cqe));
}

/* Gives back what the command held. Whether it was to be aborted is still asked afterwards. */
static noinline void nvmq_complete_undo(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);
	bool discard = nr->flags & NVMQ_RF_RANGES;

	/* where the blocks were put is what the block layer reports to who appended them */
	if (nr->flags & NVMQ_RF_APPEND && !nr->status) {
		const struct nvmq_ns *ns = req->q->queuedata;

		req->__sector = nr->result << (ns->lba_shift - SECTOR_SHIFT);
	}
	if (nr->flags & NVMQ_RF_META)
		nvmq_meta_unmap(q, req);
	if (nr->flags & (NVMQ_RF_MAPPED | NVMQ_RF_RANGES))
		nvmq_dma_unmap(q, req);
	if (discard)
		nvmq_pace_leave(q->ctrl);
	nr->flags &= NVMQ_RF_ABORTED;
}

/*
 * Was it merely there when the controller was stopped for something else? Then it is sent again as
 * often as that happens: a reset that succeeds costs nobody an error. One that was to be aborted
 * may be what the controller cannot bear, and counts; and so do all in a queue that answers nothing
 * any more from one reset to the next: there would be no end to that.
 */
static bool nvmq_complete_innocent(const struct nvmq_queue *q, const struct nvmq_req *nr)
{
	return nr->status == NVMQ_SC_RECLAIMED && !(nr->flags & NVMQ_RF_ABORTED) && !q->barren;
}

static bool nvmq_complete_may_retry(const struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);

	if (blk_rq_is_passthrough(req) || blk_noretry_request(req) ||
	    nr->status & NVM_STATUS_DNR)
		return false;
	return nvmq_complete_innocent(q, nr) || nr->retries < READ_ONCE(nvmq_max_retries);
}

/*
 * Milliseconds until a command may come again: CRDT1 to 3, chosen by the status (Base 4.2.3.2).
 * They can say 109 minutes; nobody waits longer for another try than for an answer.
 */
static unsigned int nvmq_complete_delay(const struct nvmq_ctrl *ctrl, u16 status)
{
	unsigned int crd = NVM_GET(NVM_STATUS_CRD, status);

	return crd ? min(ctrl->crdt[crd - 1] * 100U, jiffies_to_msecs(ctrl->io_timeout)) : 0;
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

/* By default a status is for who passed the command, and nobody else's. */
static void nvmq_complete_tell(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);
	const struct nvm_sqe *cmd = &nr->more->cmd;
	bool admin = nvmq_is_admin(q);

	nvmq_warn_limited(q->ctrl,
			  "%s command %s (%#x) nsid %u, passed through: %s (sct %#x sc %#x%s), cdw10 to 15 %#x %#x %#x %#x %#x %#x\n",
			  admin ? "admin" : "I/O", nvmq_cmd_opcode_text(admin, cmd->opcode),
			  cmd->opcode, le32_to_cpu(cmd->nsid), nvmq_cmd_status_text(nr->status),
			  NVM_GET(NVM_SCT_MASK, nr->status), nr->status & NVM_SC_MASK,
			  nr->status & NVM_STATUS_DNR ? " DNR" : "", le32_to_cpu(cmd->cdw10),
			  le32_to_cpu(cmd->cdw11), le32_to_cpu(cmd->cdw12), le32_to_cpu(cmd->cdw13),
			  le32_to_cpu(cmd->cdw14), le32_to_cpu(cmd->cdw15));
}

static struct nvmq_tally *nvmq_complete_tally(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_ns *ns = req->q->queuedata;

	return ns ? &ns->tally : &q->ctrl->tally;
}

static noinline void nvmq_complete_failed(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_tally *tally = nvmq_complete_tally(q, req);
	struct nvmq_req *nr = nvmq_req(req);

	nvmq_complete_undo(q, req);
	if (nvmq_complete_may_retry(q, req)) {
		struct request_queue *rq = req->q;
		unsigned int delay = nvmq_complete_delay(q->ctrl, nr->status);

		if (!nvmq_complete_innocent(q, nr))
			nr->retries++;
		/* the time of one that was to be aborted was cut: it has the queue's again */
		if (nr->flags & NVMQ_RF_ABORTED)
			req->timeout = 0;
		nr->flags = 0;
		atomic_long_inc(&tally->retries);
		blk_mq_requeue_request(req, false);
		blk_mq_delay_kick_requeue_list(rq, delay);
		return;
	}
	atomic_long_inc(&tally->errors);
	if (!blk_rq_is_passthrough(req))
		nvmq_complete_log(q, req);
	else if (READ_ONCE(tally->verbose) && nr->more)
		nvmq_complete_tell(q, req);
	nr->flags = 0;
	nr->retries = 0;
	blk_mq_end_request(req, nvmq_cmd_blk_status(nr->status));
}

/* It failed, and is dealt with: true. Or it left something, which is undone: false. */
static noinline bool nvmq_complete_trouble(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);

	if (nr->status) {
		nvmq_complete_failed(q, req);
		return true;
	}
	/* a long transfer of which nothing but its list is left */
	if (nr->flags == NVMQ_RF_MAPPED && q->sq.direct)
		nvmq_dma_free_pages(q->ctrl, nr, nr->prp2);
	else
		nvmq_complete_undo(q, req);
	nr->flags = 0;
	nr->retries = 0;
	return false;
}

/* The request that a completion belongs to, from now on the caller's; NULL if there is none. */
static __always_inline struct request *nvmq_complete_find(struct blk_mq_tags *tags,
							  const struct nvm_cqe *cqe)
{
	u32 cid = READ_ONCE(cqe->cid), tag = nvmq_cid_tag(cid);
	struct request *req;
	struct nvmq_req *nr;

	/* blk_mq_tag_to_rq(), whose prefetch comes too late to be of use */
	if (unlikely(tag >= tags->nr_tags))
		return NULL;
	req = tags->rqs[tag];
	if (unlikely(!req))
		return NULL;
	nr = nvmq_req(req);
	/* one that is completed, but not ended yet, is nobody's */
	if (unlikely(READ_ONCE(nr->live) != cid))
		return NULL;
	WRITE_ONCE(nr->live, NVMQ_CID_NONE);
	nr->gen += NVMQ_CID_STEP;
	return req;
}

/* What the controller says of a request. */
static __always_inline void nvmq_complete_note(struct nvmq_queue *q, struct request *req,
					       const struct nvm_cqe *cqe, u16 status)
{
	struct nvmq_req *nr = nvmq_req(req);

	nr->status = status;
	nr->result = le64_to_cpu(cqe->result);
	nvmq_trace_complete(q, req, cqe->cid);
}

/* Ends a request by itself. */
static __always_inline void nvmq_complete_end(struct request *req)
{
	if (unlikely(nvmq_req(req)->trouble) &&
	    nvmq_complete_trouble(req->mq_hctx->driver_data, req))
		return;
	blk_mq_end_request(req, BLK_STS_OK);
}

static __always_inline void nvmq_complete_one(struct nvmq_queue *q, struct request *req,
					      const struct nvm_cqe *cqe, u16 status,
					      struct io_comp_batch *iob, bool here)
{
	struct nvmq_req *nr = nvmq_req(req);

	nvmq_complete_note(q, req, cqe, status);
	if (here)
		blk_mq_set_request_complete(req);
	else if (blk_mq_complete_request_remote(req))
		return;
	if (unlikely(nr->trouble) && nvmq_complete_trouble(q, req))
		return;
	if (unlikely(!blk_mq_add_to_batch(req, iob, false, blk_mq_end_request_batch)))
		nvmq_complete_rq(req);
}

/*
 * Takes what is there; requests that succeeded are added to @iob. Peek and advance as in queue.h,
 * with the place and the phase held in registers. @here: they end on this CPU, wherever they began.
 */
static __always_inline unsigned int nvmq_complete_take(struct nvmq_queue *q,
						       struct io_comp_batch *iob, bool here)
{
	struct nvmq_cq *cq = &q->cq;
	struct blk_mq_tags *tags = READ_ONCE(cq->tags);
	struct nvm_cqe *cqe = &cq->ring[cq->head];
	struct request *req;
	unsigned int found = 0;
	u16 phase = cq->phase, word;

	for (;; found++) {
		word = le16_to_cpu(READ_ONCE(cqe->status));
		if ((word & NVM_CQE_PHASE) != phase)
			break;
		/* the phase before the rest: see the top of queue.h */
		dma_rmb();
		req = nvmq_complete_find(tags, cqe);
		if (likely(req))
			nvmq_complete_one(q, req, cqe, word >> 1, iob, here);
		else
			nvmq_complete_foreign(q, cqe);
		if (unlikely(++cqe == cq->end)) {
			cqe = cq->ring;
			phase ^= NVM_CQE_PHASE;
		}
	}
	if (found) {
		cq->head = cqe - cq->ring;
		cq->phase = phase;
		cq->completed += found;
		nvmq_trace_sq(q, found);
	}
	return found;
}

/* Tells the controller what was taken; with moderation, now or later. */
static __always_inline void nvmq_complete_ring(struct nvmq_queue *q, unsigned int found)
{
	if (unlikely(q->cq.bell))
		nvmq_bell_completed(q, found);
	else
		nvmq_cq_ring(&q->cq);
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
	unsigned int found = nvmq_complete_take(q, iob, false);

	if (found)
		nvmq_complete_ring(q, found);
	return found;
}

/**
 * nvmq_complete_poll - as nvmq_complete_drain(), for who polls: requests end where they are found
 * @q: queue
 * @iob: batch that the caller ends afterwards, or NULL
 *
 * Nobody else sees the batch while it grows, so that the compiler keeps it in registers.
 *
 * Context: the one who may drain @q (struct nvmq_cq says who); does not sleep.
 * Return: completions taken.
 */
unsigned int nvmq_complete_poll(struct nvmq_queue *q, struct io_comp_batch *iob)
{
	struct io_comp_batch batch = { .complete = blk_mq_end_request_batch };
	unsigned int found = nvmq_complete_take(q, &batch, true);

	if (!found)
		return 0;
	nvmq_complete_ring(q, found);
	if (rq_list_empty(&batch.req_list))
		return found;
	if (unlikely(!iob || !rq_list_empty(&iob->req_list))) {
		blk_mq_end_request_batch(&batch);
		return found;
	}
	iob->req_list = batch.req_list;
	iob->need_ts = batch.need_ts;
	iob->complete = blk_mq_end_request_batch;
	return found;
}

/*
 * The handler where there may be several. As nvmq_complete_drain(), but nobody else sees the batch
 * while it grows, so that the compiler keeps it in registers.
 */
static noinline irqreturn_t nvmq_complete_several(struct nvmq_queue *q)
{
	struct io_comp_batch batch = { .complete = blk_mq_end_request_batch };
	unsigned int found = nvmq_complete_take(q, &batch, false);

	q->cq.interrupts++;
	nvmq_complete_ring(q, found);
	if (likely(!rq_list_empty(&batch.req_list))) {
		q->cq.batch.req_list = batch.req_list;
		q->cq.batch.need_ts = batch.need_ts;
		blk_mq_end_request_batch(&q->cq.batch);
	}
	return IRQ_HANDLED;
}

/* Is this the entry of a round with @phase? */
static __always_inline bool nvmq_complete_is_new(u16 word, u16 phase)
{
	return !((word ^ phase) & NVM_CQE_PHASE);
}

/**
 * nvmq_complete_irq - a vector's handler: take all completions that are there, end the requests
 * @irq: its number
 * @data: queue
 *
 * One completion, with nothing behind it, is dealt with here: that is what each interrupt brings
 * where commands are sent one at a time, and a batch of one would cost half as much again.
 *
 * Context: the queue's interrupt, or its thread.
 * Return: whether there were any.
 */
irqreturn_t nvmq_complete_irq(int irq, void *data)
{
	struct nvmq_queue *q = data;
	struct nvmq_cq *cq = &q->cq;
	struct nvm_cqe *cqe = &cq->ring[cq->head], *next = cqe + 1;
	u16 phase = cq->phase, word = le16_to_cpu(READ_ONCE(cqe->status));
	struct request *req;

	if (unlikely(!nvmq_complete_is_new(word, phase))) {
		cq->spurious++;
		return IRQ_NONE;
	}
	if (next == cq->end || nvmq_complete_is_new(le16_to_cpu(READ_ONCE(next->status)), phase))
		return nvmq_complete_several(q);
	/* the phase before the rest: see the top of queue.h */
	dma_rmb();
	req = nvmq_complete_find(READ_ONCE(cq->tags), cqe);
	if (unlikely(!req))
		return nvmq_complete_several(q);
	nvmq_complete_note(q, req, cqe, word >> 1);
	cq->head++;
	cq->completed++;
	cq->interrupts++;
	nvmq_trace_sq(q, 1);
	nvmq_complete_ring(q, 1);
	if (!blk_mq_complete_request_remote(req))
		nvmq_complete_end(req);
	return IRQ_HANDLED;
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
	nvmq_complete_take(q, NULL, false);
	spin_unlock(&q->cq.poll_lock);
}

/**
 * nvmq_complete_rq - blk-mq's complete: the controller has answered, or was stopped
 * @req: request; its nvmq_req has the status
 *
 * Context: any; does not sleep.
 */
void nvmq_complete_rq(struct request *req)
{
	nvmq_complete_end(req);
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
	nvmq_trace_complete(req->mq_hctx->driver_data, req, nr->live);
	WRITE_ONCE(nr->live, NVMQ_CID_NONE);
	nr->gen += NVMQ_CID_STEP;
	blk_mq_complete_request(req);
	return true;
}
