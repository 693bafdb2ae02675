/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ring verbs: push, ring, peek, advance. Small, separate, inline: one request, a batch and
 * commit_rqs share them.
 *
 * Ordering, explained once:
 *
 * - Entry before doorbell. The controller fetches entries after it saw the tail move. writel()
 *   orders earlier writes to coherent memory before the MMIO write. With shadow doorbells the
 *   tail is a store to memory, so dma_wmb() stands before it.
 * - Shadow tail before event index. The host stores its tail, then reads how far the controller
 *   looked; the controller stores how far it looked, then reads the tail. Each needs its store
 *   seen before its load, else both may believe that the other will act: a full barrier (mb()).
 * - Phase before the rest. The controller writes an entry's phase tag last. The host reads the
 *   phase, then dma_rmb(), then the other fields.
 */
#ifndef _NVMQ_QUEUE_H
#define _NVMQ_QUEUE_H

#include <nvme/cmd.h>

#include "bell.h"
#include "ring.h"
#include "nvmq.h"

/* For a completion queue whose hardware context does not exist: no id leads anywhere. */
extern struct blk_mq_tags nvmq_queue_no_tags;

int nvmq_queue_alloc(struct nvmq_ctrl *ctrl, u16 qid, u16 depth);
void nvmq_queue_free(struct nvmq_queue *q);
void nvmq_queue_restart(struct nvmq_queue *q);

/**
 * nvmq_sq_entry - an entry of a submission ring, of whatever size
 * @q: queue
 * @at: its index
 *
 * Return: the command in it.
 */
static inline struct nvm_sqe *nvmq_sq_entry(const struct nvmq_queue *q, u16 at)
{
	return (void *)q->sq.ring + ((size_t)at << q->sqe_shift);
}

/**
 * nvmq_sq_slot - where the next command goes
 * @sq: submission queue with entries of 64 bytes; its lock is held
 *
 * A slot is always free: there are fewer tags than entries.
 *
 * Return: the entry at the tail.
 */
static inline struct nvm_sqe *nvmq_sq_slot(struct nvmq_sq *sq)
{
	return &sq->ring[sq->tail];
}

/**
 * nvmq_sq_push - the entry at the tail is complete; move on
 * @sq: submission queue; its lock is held
 */
static inline void nvmq_sq_push(struct nvmq_sq *sq)
{
	sq->tail = nvmq_ring_next(sq->tail, sq->depth);
	sq->submitted++;
}

/* Stores @value in a shadow doorbell. Returns whether the device wants the real one as well. */
static inline bool nvmq_shadow_update(__le32 *shadow, __le32 *event, u16 value)
{
	u16 old;

	/* the entries before the tail */
	dma_wmb();
	old = le32_to_cpu(READ_ONCE(*shadow));
	WRITE_ONCE(*shadow, cpu_to_le32(value));
	/* the tail before the event index: see the top of this file */
	mb();
	return nvmq_ring_need_event(le32_to_cpu(READ_ONCE(*event)), value, old);
}

/**
 * nvmq_sq_tell - write the tail doorbell, or its shadow
 * @sq: submission queue
 * @tail: index after the last entry that the controller may fetch
 *
 * Context: one at a time: @sq's lock is held, or bell.c says who.
 */
static inline void nvmq_sq_tell(struct nvmq_sq *sq, u16 tail)
{
	if (sq->shadow && !nvmq_shadow_update(sq->shadow, sq->event, tail)) {
		sq->shadowed++;
		return;
	}
	sq->doorbells++;
	writel(tail, sq->db);
}

/**
 * nvmq_sq_ring - tell the controller about all that was pushed; with moderation, soon
 * @sq: submission queue; its lock is held
 */
static inline void nvmq_sq_ring(struct nvmq_sq *sq)
{
	u16 tail = sq->tail;

	if (unlikely(sq->bell)) {
		nvmq_bell_submitted(sq);
		return;
	}
	if (tail == sq->rung)
		return;
	sq->rung = tail;
	nvmq_sq_tell(sq, tail);
}

/**
 * nvmq_cq_peek - is there a new completion?
 * @cq: completion queue
 *
 * Context: whoever drains @cq.
 * Return: the entry at the head, or NULL.
 */
static inline struct nvm_cqe *nvmq_cq_peek(struct nvmq_cq *cq)
{
	struct nvm_cqe *cqe = &cq->ring[cq->head];

	if ((le16_to_cpu(READ_ONCE(cqe->status)) & NVM_CQE_PHASE) != cq->phase)
		return NULL;
	/* the phase before the rest: see the top of this file */
	dma_rmb();
	return cqe;
}

/**
 * nvmq_cq_advance - the entry at the head is dealt with
 * @cq: completion queue
 */
static inline void nvmq_cq_advance(struct nvmq_cq *cq)
{
	cq->head = nvmq_ring_next(cq->head, cq->depth);
	if (!cq->head)
		cq->phase ^= NVM_CQE_PHASE;
}

/**
 * nvmq_cq_ring - give all entries before the head back to the controller
 * @cq: completion queue
 */
static inline void nvmq_cq_ring(struct nvmq_cq *cq)
{
	u16 head = cq->head;

	if (cq->shadow && !nvmq_shadow_update(cq->shadow, cq->event, head))
		return;
	cq->doorbells++;
	writel(head, cq->db);
}

/**
 * nvmq_queue_in_flight - commands that the controller has not answered, by the counters
 * @q: queue
 *
 * The asynchronous event request is one of them.
 *
 * Context: any; more than there are while others submit and complete.
 * Return: commands.
 */
static inline u64 nvmq_queue_in_flight(const struct nvmq_queue *q)
{
	u64 answered = READ_ONCE(q->cq.completed) - READ_ONCE(q->cq.foreign);

	return READ_ONCE(q->sq.submitted) - answered - q->unanswered;
}

#endif /* _NVMQ_QUEUE_H */
