/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A blk-mq that holds the driver to the rules: a request is started once, completed once, ended or
 * requeued once. Where the kernel may do one thing or the other (complete on another CPU, refuse a
 * request for a batch), it throws a coin.
 */
#ifndef NVMQ_SHIM_BLK_H
#define NVMQ_SHIM_BLK_H

#include "shim.h"

#define REQ_FAILFAST_DEV (1U << 8)
#define REQ_FUA (1U << 9)
#define REQ_RAHEAD (1U << 10)
#define REQ_NOUNMAP (1U << 11)
#define REQ_OP_MASK 0xffU

typedef u32 blk_opf_t;
#define RQF_QUIET (1U << 0)

enum req_op {
	REQ_OP_READ,
	REQ_OP_WRITE,
	REQ_OP_FLUSH,
	REQ_OP_DISCARD,
	REQ_OP_WRITE_ZEROES = 9,
	REQ_OP_ZONE_OPEN,
	REQ_OP_ZONE_CLOSE,
	REQ_OP_ZONE_FINISH,
	REQ_OP_ZONE_APPEND,
	REQ_OP_ZONE_RESET,
	REQ_OP_ZONE_RESET_ALL,
	REQ_OP_DRV_IN = 34,
	REQ_OP_DRV_OUT = 35,
};

#define req_op(rq) ((enum req_op)((rq)->cmd_flags & 0xff))
#define __sector pos
#define blk_rq_pos(rq) ((rq)->__sector)
#define blk_op_str(op) "op"
#define blk_rq_is_passthrough(rq) (req_op(rq) >= REQ_OP_DRV_IN)
#define blk_noretry_request(rq) ((rq)->cmd_flags & REQ_FAILFAST_DEV)

static inline unsigned int blk_rq_nr_discard_segments(struct request *rq)
{
	unsigned int n = 0;
	struct bio *b;

	__rq_for_each_bio(b, rq)
		n++;
	return n;
}

struct blk_mq_queue_data { struct request *rq; bool last; };

#define rq_list_empty(l) (!(l)->head)
#define rq_list_for_each(l, rq) for ((rq) = (l)->head; (rq); (rq) = (rq)->rq_next)

static inline void rq_list_add_tail(struct rq_list *l, struct request *rq)
{
	rq->rq_next = NULL;
	if (l->tail)
		l->tail->rq_next = rq;
	else
		l->head = rq;
	l->tail = rq;
}

static inline struct request *rq_list_pop(struct rq_list *l)
{
	struct request *rq = l->head;

	if (rq) {
		l->head = rq->rq_next;
		if (!l->head)
			l->tail = NULL;
		rq->rq_next = NULL;
	}
	return rq;
}

/* the test's part: what becomes of a request */
static void shim_ended(struct request *rq, blk_status_t status);
static void shim_requeued(struct request *rq);
static void shim_complete(struct request *rq);
static bool shim_coin(void);
static struct rq_list shim_remote;

static inline void blk_mq_enter_batched(struct request *rq)
{
	rq->mq_hctx->tags->rqs[rq->tag] = rq;
}

static inline void blk_mq_start_request(struct request *rq)
{
	assert(rq->state == MQ_RQ_IDLE);
	rq->state = MQ_RQ_IN_FLIGHT;
}

#define blk_mq_rq_state(rq) ((rq)->state)
#define blk_mq_request_started(rq) ((rq)->state != MQ_RQ_IDLE)
#define blk_mq_request_completed(rq) ((rq)->state == MQ_RQ_COMPLETE)

static inline struct request *blk_mq_tag_to_rq(struct blk_mq_tags *tags, unsigned int tag)
{
	return tag < tags->nr_tags ? tags->rqs[tag] : NULL;
}

static inline bool blk_mq_complete_request_remote(struct request *rq)
{
	assert(rq->state == MQ_RQ_IN_FLIGHT);
	rq->state = MQ_RQ_COMPLETE;
	if (shim_coin())
		return false;
	rq_list_add_tail(&shim_remote, rq);
	return true;
}

static inline void blk_mq_set_request_complete(struct request *rq)
{
	assert(rq->state == MQ_RQ_IN_FLIGHT);
	rq->state = MQ_RQ_COMPLETE;
}

static inline void blk_mq_complete_request(struct request *rq)
{
	if (!blk_mq_complete_request_remote(rq))
		shim_complete(rq);
}

static inline bool blk_mq_add_to_batch(struct request *rq, struct io_comp_batch *iob, bool is_error,
				       void (*complete)(struct io_comp_batch *))
{
	if (!iob || is_error || shim_coin())
		return false;
	if (iob->complete && iob->complete != complete)
		return false;
	iob->complete = complete;
	rq_list_add_tail(&iob->req_list, rq);
	return true;
}

static inline void blk_mq_end_request(struct request *rq, blk_status_t status)
{
	assert(rq->state == MQ_RQ_COMPLETE);
	rq->state = MQ_RQ_IDLE;
	shim_ended(rq, status);
}

static inline void blk_mq_end_request_batch(struct io_comp_batch *iob)
{
	struct request *rq;

	while ((rq = rq_list_pop(&iob->req_list)))
		blk_mq_end_request(rq, BLK_STS_OK);
}

static inline void blk_mq_requeue_request(struct request *rq, bool kick)
{
	assert(rq->state == MQ_RQ_COMPLETE);
	rq->state = MQ_RQ_IDLE;
	shim_requeued(rq);
}

static unsigned long shim_delay;

static inline void blk_mq_delay_kick_requeue_list(struct request_queue *q, unsigned long ms)
{
	shim_delay = ms;
}

static inline bool test_and_clear_bit(unsigned int nr, unsigned long *word)
{
	bool was = *word & BIT(nr);

	*word &= ~BIT(nr);
	return was;
}

struct workqueue_struct;
static struct workqueue_struct *system_unbound_wq __maybe_unused;
static struct workqueue_struct *system_dfl_wq __maybe_unused;
static unsigned long shim_works;

static inline bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	shim_works++;
	return true;
}

#endif
