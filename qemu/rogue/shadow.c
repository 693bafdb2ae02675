// SPDX-License-Identifier: GPL-2.0
/*
 * Shadow doorbells (option -S): the host leaves tails and heads in its own memory, and rings
 * only when they pass the EventIdx that we left there. Not for the admin queue: hosts do not
 * agree on that.
 */
#include "rogue.h"

static u64 offset(const struct rogue *r, u16 qid, bool cq)
{
	u32 stride = NVM_GET(NVM_CAP_DSTRD, r->cap);

	return cq ? nvm_db_offset_cq(qid, stride) : nvm_db_offset_sq(qid, stride);
}

/* NULL: the queue has none, or its host took the memory away. */
static u32 *entry(struct rogue *r, u64 page, u16 qid, bool cq)
{
	u32 len = sizeof(u32);
	void *p;

	if (!r->shadow || !qid)
		return NULL;
	p = dma_span(r, page + offset(r, qid, cq), &len, true);
	if (!p || len < sizeof(u32) || (uintptr_t)p & 3) {
		breach(r, "shadow doorbells outside of mapped memory", "at %llx",
		       (unsigned long long)page);
		return NULL;
	}
	return p;
}

int shadow_config(struct rogue *r, struct cmd *c)
{
	if (!r->shadows)
		return NVM_SC_INVALID_OPCODE | NVM_STATUS_DNR;
	if (c->sqe.prp1 & (r->page - 1) || c->sqe.prp2 & (r->page - 1)) {
		breach(r, "shadow doorbells that are not page aligned", "%llx, %llx",
		       (unsigned long long)c->sqe.prp1, (unsigned long long)c->sqe.prp2);
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	r->shadow = c->sqe.prp1;
	r->eventidx = c->sqe.prp2;
	return 0;
}

bool shadow_has(struct rogue *r, u16 qid)
{
	return r->shadow && qid;
}

/* Takes over the tail that the host left. False: this queue has no shadow. */
bool shadow_tail(struct rogue *r, struct sq *sq)
{
	u32 *p = entry(r, r->shadow, sq->qid, false), v;

	if (!p)
		return false;
	v = __atomic_load_n(p, __ATOMIC_ACQUIRE);
	if (v == sq->tail)
		return true;
	if (v >= sq->size)
		breach(r, "SQ doorbell out of range", "shadow of queue %u value %u", sq->qid, v);
	else if ((v + sq->size - sq->tail) % sq->size >
		 (sq->head + sq->size - sq->tail - 1) % sq->size)
		breach(r, "SQ doorbell moved backwards", "shadow of queue %u value %u", sq->qid, v);
	else
		sq->tail = v;
	return true;
}

/* The host shall ring for the next command; it may have left one in the meantime. */
void shadow_sleep(struct rogue *r, struct sq *sq)
{
	u32 *p = entry(r, r->eventidx, sq->qid, false);

	if (!p)
		return;
	__atomic_store_n(p, sq->tail, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	shadow_tail(r, sq);
}

static void take_head(struct rogue *r, struct cq *cq)
{
	u32 *p = entry(r, r->shadow, cq->qid, true), v;

	if (!p)
		return;
	v = __atomic_load_n(p, __ATOMIC_ACQUIRE);
	if (v >= cq->size)
		breach(r, "CQ doorbell out of range", "shadow of queue %u value %u", cq->qid, v);
	else if ((v + cq->size - cq->head) % cq->size > (cq->tail + cq->size - cq->head) % cq->size)
		breach(r, "CQ doorbell moved backwards", "shadow of queue %u value %u", cq->qid, v);
	else
		cq->head = v;
}

/* @full: there is no room, the host shall ring for the next entry that it takes. */
void shadow_head(struct rogue *r, struct cq *cq, bool full)
{
	u32 *p;

	take_head(r, cq);
	if (!full || (cq->tail + 1) % cq->size != cq->head)
		return;
	p = entry(r, r->eventidx, cq->qid, true);
	if (!p)
		return;
	__atomic_store_n(p, cq->head, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	take_head(r, cq);
}
