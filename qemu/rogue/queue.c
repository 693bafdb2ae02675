// SPDX-License-Identifier: GPL-2.0
/*
 * Rings: doorbells, fetching, completing, interrupts, and commands that wait.
 */
#include "rogue.h"

#include <unistd.h>

/* ---- doorbells ------------------------------------------------------------------- */

static void bad_value(struct rogue *r, const char *what, u16 qid, u32 value)
{
	breach(r, what, "queue %u value %u", qid, value);
	event_post(r, NVM_AER_ERROR, NVM_AER_ERROR_INVALID_DB_VALUE, NVM_LOG_ERROR);
}

static void sq_doorbell(struct rogue *r, struct sq *sq, u32 value)
{
	r->stats.sq_doorbells++;
	if (value >= sq->size) {
		bad_value(r, "SQ doorbell out of range", sq->qid, value);
		return;
	}
	if (value == sq->tail) {
		bad_value(r, "SQ doorbell written with the same value", sq->qid, value);
		return;
	}
	/* the new tail must lie in what is free between the old one and the head */
	if ((value + sq->size - sq->tail) % sq->size >
	    (sq->head + sq->size - sq->tail - 1) % sq->size) {
		bad_value(r, "SQ doorbell moved backwards", sq->qid, value);
		return;
	}
	sq->tail = value;
	sq->dirty = true;
}

/* There is room: whoever waits for it goes on. */
static void cq_wake(struct rogue *r, struct cq *cq)
{
	for (u32 i = 0; i < r->end_of_queues; i++) {
		if (r->sq[i].live && r->sq[i].cqid == cq->qid &&
		    (r->sq[i].head != r->sq[i].tail || shadow_has(r, i)))
			r->sq[i].dirty = true;
	}
	/* entries that the host has not seen yet want their interrupt, too */
	if (cq->nr_backlog)
		cq->want_irq = true;
}

static void cq_doorbell(struct rogue *r, struct cq *cq, u32 value)
{
	r->stats.cq_doorbells++;
	if (value >= cq->size) {
		bad_value(r, "CQ doorbell out of range", cq->qid, value);
		return;
	}
	if (value == cq->head) {
		bad_value(r, "CQ doorbell written with the same value", cq->qid, value);
		return;
	}
	if ((value + cq->size - cq->head) % cq->size >
	    (cq->tail + cq->size - cq->head) % cq->size) {
		bad_value(r, "CQ doorbell moved backwards", cq->qid, value);
		return;
	}
	cq->head = value;
	cq_wake(r, cq);
}

/* What counts is what the host left in memory. */
static void shadow_rung(struct rogue *r, u16 qid, bool cq, u32 value)
{
	if (value >= (cq ? r->cq[qid].size : r->sq[qid].size))
		bad_value(r, cq ? "CQ doorbell out of range" : "SQ doorbell out of range", qid,
			  value);
	if (!cq) {
		r->stats.sq_doorbells++;
		r->sq[qid].dirty = true;
		return;
	}
	r->stats.cq_doorbells++;
	cq_wake(r, &r->cq[qid]);
}

void queue_doorbell(struct rogue *r, u32 offset, u32 value)
{
	u32 stride = 4U << NVM_GET(NVM_CAP_DSTRD, r->cap);
	u32 n = offset / stride, qid = n / 2;
	bool live = qid < MAX_QUEUES && !(offset % stride) &&
		    (n & 1 ? r->cq[qid].live : r->sq[qid].live);

	if (!enabled(r)) {
		if (!r->surprised)
			breach(r, "doorbell while CC.EN is 0", "queue %u", qid);
		return;
	}
	if (!(r->csts & NVM_CSTS_RDY)) {
		breach(r, "doorbell while CSTS.RDY is 0", "queue %u", qid);
		return;
	}
	if (r->csts & NVM_CSTS_SHST && !(n & 1))
		breach(r, "command after shutdown", "queue %u", qid);
	if (!pcie_bus_master(r)) {
		breach(r, "doorbell while bus mastering is off", "queue %u", qid);
		return;
	}
	if (!live) {
		breach(r, "doorbell of a queue that is not there", "%s %u", n & 1 ? "CQ" : "SQ",
		       qid);
		event_post(r, NVM_AER_ERROR, NVM_AER_ERROR_INVALID_DB_REG, NVM_LOG_ERROR);
	} else if (shadow_has(r, qid)) {
		shadow_rung(r, qid, n & 1, value);
	} else if (n & 1) {
		cq_doorbell(r, &r->cq[qid], value);
	} else {
		sq_doorbell(r, &r->sq[qid], value);
	}
}

/* ---- completions ------------------------------------------------------------------- */

void queue_irq(struct rogue *r, u16 vector)
{
	u64 one = 1;

	if (r->knobs.mute || vector >= MAX_VECTORS || r->irq_fd[vector] < 0 ||
	    (vector < 32 && r->intms & 1U << vector))
		return;
	r->stats.irqs++;
	if (write(r->irq_fd[vector], &one, sizeof(one)) != sizeof(one))
		r->stats.irqs--;
}

static u32 cq_room(struct rogue *r, struct cq *cq)
{
	u32 room = (cq->head + cq->size - cq->tail - 1) % cq->size;

	if (!room && shadow_has(r, cq->qid)) {
		shadow_head(r, cq, true);
		room = (cq->head + cq->size - cq->tail - 1) % cq->size;
	}
	return room;
}

static void cq_post(struct rogue *r, struct cq *cq, struct nvm_cqe cqe, bool flip)
{
	u64 at = cq->base + (u64)cq->tail * sizeof(cqe);
	u32 len = sizeof(cqe), last;
	struct nvm_cqe *e;

	e = dma_span(r, at, &len, true);
	if (!e || len < sizeof(cqe) || (uintptr_t)e & 15) {
		breach(r, "CQ outside of mapped memory", "queue %u at %llx", cq->qid,
		       (unsigned long long)at);
		regs_fatal(r);
		return;
	}
	cqe.status = (cqe.status & ~NVM_CQE_PHASE) | (cq->phase ^ flip);
	memcpy(e, &cqe, 12);
	memcpy(&last, (u8 *)&cqe + 12, sizeof(last));
	cq->unseen++;
	/* the phase last: the host may be looking */
	__atomic_store_n((u32 *)((u8 *)e + 12), last, __ATOMIC_RELEASE);
	if (++cq->tail == cq->size) {
		cq->tail = 0;
		cq->phase ^= 1;
	}
}

static void cq_backlog(struct rogue *r, struct cq *cq)
{
	u32 n = 0;

	while (n < cq->nr_backlog && cq_room(r, cq) && !r->fatal)
		cq_post(r, cq, cq->backlog[n++], false);
	if (n) {
		memmove(cq->backlog, cq->backlog + n, (cq->nr_backlog - n) * sizeof(*cq->backlog));
		cq->nr_backlog -= n;
		cq->want_irq = true;
	}
}

/*
 * Posts a completion, right or twisted. @release: with it the command id is free again.
 */
void queue_complete(struct rogue *r, u16 sqid, u16 cid, u64 result, u16 status,
		    const struct twist *t, bool release)
{
	static const struct twist none;
	struct sq *sq = &r->sq[sqid];
	struct nvm_cqe cqe = { .result = result, .sq_id = sqid, .cid = cid, .status = status << 1 };
	struct cq *cq;

	t = t ? t : &none;
	if (!sq->live || r->gone)
		return;
	cq = &r->cq[sq->cqid];
	if (!cq->live || t->drop)
		return;
	cqe.sq_head = sq->head;
	if (t->set_cid)
		cqe.cid = t->cid;
	else if (t->flip_phase || (t->set_qid && cq->nr_sqs > 1))
		/* whose CQ has one SQ knows it without looking */
		release = false;
	if (t->set_qid)
		cqe.sq_id = t->qid;
	if (t->set_head)
		cqe.sq_head = t->head;
	if (release && !t->set_cid)
		bit_clear(sq->busy, cid);
	if (!cq_room(r, cq) || cq->nr_backlog) {
		struct nvm_cqe *v;

		if (cq->nr_backlog >= MAX_HELD)
			return;
		v = realloc(cq->backlog, (cq->nr_backlog + 1) * sizeof(cqe));
		if (!v)
			return;
		cq->backlog = v;
		cq->backlog[cq->nr_backlog++] = cqe;
		return;
	}
	cq_post(r, cq, cqe, t->flip_phase);
	if (t->other_vector)
		queue_irq(r, t->vector);
	else if (!t->no_irq)
		cq->want_irq = true;
}

/* What was held back while a vector was masked comes now. */
void queue_unmask(struct rogue *r, u32 vectors)
{
	r->intms &= ~vectors;
	for (u32 i = 0; i < r->end_of_queues; i++) {
		struct cq *cq = &r->cq[i];

		if (cq->live && cq->vector < 32 && vectors & 1U << cq->vector)
			cq->want_irq = true;
	}
}

/* Coalescing: an interrupt may wait for more entries, or for its time. */
static bool may_wait(struct rogue *r, struct cq *cq, u64 now)
{
	u32 dw = r->feat.dw[NVM_FEAT_IRQ_COALESCE], time = NVM_GET(NVM_FEAT_IRQC_TIME, dw);

	if (!cq->qid || !time || r->feat.at_once[cq->vector])
		return false;
	if (cq->unseen > NVM_GET(NVM_FEAT_IRQC_THR, dw))
		return false;
	if (cq->irq_due == NEVER)
		cq->irq_due = now + time * 100;
	return cq->irq_due > now;
}

/*
 * One interrupt for what was posted since the last call. Says when there is one more to
 * come, in us.
 */
u64 queue_interrupts(struct rogue *r, u64 now)
{
	u64 next = NEVER;

	for (u32 i = 0; i < r->end_of_queues; i++) {
		struct cq *cq = &r->cq[i];

		if (!cq->live || !cq->want_irq)
			continue;
		if (may_wait(r, cq, now)) {
			next = MIN(next, cq->irq_due);
			continue;
		}
		cq->want_irq = false;
		cq->unseen = 0;
		cq->irq_due = NEVER;
		if (shadow_has(r, i))
			shadow_head(r, cq, false);
		if (cq->irq && cq->head != cq->tail)
			queue_irq(r, cq->vector);
	}
	return next;
}

/* ---- commands ------------------------------------------------------------------------ */

/* The first of two waits for the second: they are done together, or not at all. */
static void run_pair(struct rogue *r, struct sq *sq, struct cmd *second)
{
	struct cmd first = { .sqe = sq->first, .sq = sq, .opcode = sq->first.opcode,
			     .nsid = sq->first.nsid };
	const struct nvm_sqe *a = &first.sqe, *b = &second->sqe;
	int s1 = NVM_SC_INVALID_FIELD | NVM_STATUS_DNR, s2 = s1;

	sq->fused = false;
	if (sq->qid && a->opcode == NVM_CMD_COMPARE && b->opcode == NVM_CMD_WRITE &&
	    a->nsid == b->nsid && a->cdw10 == b->cdw10 && a->cdw11 == b->cdw11 &&
	    NVM_GET(NVM_RW_NLB, a->cdw12) == NVM_GET(NVM_RW_NLB, b->cdw12)) {
		s1 = io_exec(r, &first);
		s2 = s1 ? NVM_SC_FUSED_FAIL | NVM_STATUS_DNR : io_exec(r, second);
		if (!s1 && s2)
			s1 = NVM_SC_FUSED_FAIL | NVM_STATUS_DNR;
	}
	queue_complete(r, sq->qid, a->cid, 0, s1, NULL, true);
	queue_complete(r, sq->qid, b->cid, 0, s2, NULL, true);
}

static void fused_missing(struct rogue *r, struct sq *sq, u16 cid)
{
	breach(r, "half of a fused operation", "queue %u id %04x", sq->qid, cid);
	queue_complete(r, sq->qid, cid, 0, NVM_SC_FUSED_MISSING | NVM_STATUS_DNR, NULL, true);
}

/* True: the command is done, or waits for its other half. */
static bool run_fused(struct rogue *r, struct sq *sq, struct cmd *c)
{
	bool second = c->sqe.flags & NVM_CMD_FUSE_SECOND;

	if (sq->fused && second) {
		run_pair(r, sq, c);
		return true;
	}
	if (sq->fused) {
		sq->fused = false;
		fused_missing(r, sq, sq->first.cid);
	}
	if (second) {
		fused_missing(r, sq, c->sqe.cid);
		return true;
	}
	if (c->sqe.flags & NVM_CMD_FUSE_FIRST) {
		sq->fused = true;
		sq->first = c->sqe;
		return true;
	}
	return false;
}

static void run_command(struct rogue *r, struct sq *sq, struct cmd *c)
{
	struct fault *f;
	bool answered = false;
	int status;

	c->opcode = c->sqe.opcode;
	c->nsid = c->sqe.nsid;
	r->stats.commands++;
	judge_sqe(r, c);
	bit_set(sq->busy, c->sqe.cid);
	if (run_fused(r, sq, c))
		return;

	f = fault_take(r, c);
	status = f ? fault_before(r, f, c, &answered) : 0;
	if (!answered)
		status = sq->qid ? io_exec(r, c) : admin_exec(r, c);
	if (status == PENDING || !sq->live)
		return;
	if (status)
		log_error(r, c, status);
	if (f)
		fault_complete(r, f, c, status);
	else if (!slow_hold(r, c, status))
		queue_complete(r, sq->qid, c->sqe.cid, c->result, status, NULL, true);
}

static bool fetch(struct rogue *r, struct sq *sq, struct cmd *c)
{
	u64 at = sq->base + ((u64)sq->head << sq->shift);
	u8 rest[64];

	c->sq = sq;
	if (!dma_read(r, at, &c->sqe, sizeof(c->sqe)))
		return false;
	if (sq->shift == NVM_IOSQES)
		return true;
	if (!dma_read(r, at + sizeof(c->sqe), rest, sizeof(rest)))
		return false;
	judge_rest(r, c, rest, sizeof(rest));
	return true;
}

static void run_queue(struct rogue *r, struct sq *sq)
{
	struct cq *cq = &r->cq[sq->cqid];

	sq->dirty = false;
	shadow_tail(r, sq);
	for (u32 n = 0; n < sq->size; n++) {
		struct cmd c = { 0 };

		if (sq->head == sq->tail)
			shadow_sleep(r, sq);
		/* both halves come with one doorbell */
		if (sq->fused && sq->head == sq->tail && working(r) && sq->live) {
			sq->fused = false;
			fused_missing(r, sq, sq->first.cid);
		}
		if (!working(r) || !sq->live || sq->stopped || sq->head == sq->tail)
			return;
		if (cq->nr_backlog || !cq_room(r, cq))
			return;
		if (!fetch(r, sq, &c)) {
			breach(r, "SQ outside of mapped memory", "queue %u at %llx", sq->qid,
			       (unsigned long long)sq->base);
			regs_fatal(r);
			return;
		}
		if (++sq->head == sq->size)
			sq->head = 0;
		sq->fetched++;
		run_command(r, sq, &c);
	}
	sq->dirty = true;
}

/* True: there is more to do. */
bool queue_run_all(struct rogue *r)
{
	bool more = false;
	u64 now = now_ms();

	if (!working(r))
		return false;
	for (u32 i = 0; i < r->end_of_queues; i++) {
		if (r->cq[i].live && r->cq[i].nr_backlog)
			cq_backlog(r, &r->cq[i]);
	}
	for (u32 i = 0; i < r->end_of_queues; i++) {
		if (!r->sq[i].dirty || (i && !power_wake(r, now)))
			continue;
		run_queue(r, &r->sq[i]);
		more |= r->sq[i].dirty;
	}
	return more && working(r);
}

/* ---- the end of queues ------------------------------------------------------------------- */

void queue_sq_free(struct rogue *r, struct sq *sq)
{
	held_drop(r, sq->qid);
	memset(sq->busy, 0, sizeof(sq->busy));
	sq->live = false;
	sq->dirty = false;
	sq->stopped = false;
	sq->fused = false;
	sq->head = 0;
	sq->tail = 0;
	sq->cqid = 0;
}

void queue_cq_free(struct cq *cq)
{
	free(cq->backlog);
	cq->backlog = NULL;
	cq->nr_backlog = 0;
	cq->live = false;
	cq->want_irq = false;
	cq->head = 0;
	cq->tail = 0;
	cq->vector = 0;
	cq->nr_sqs = 0;
	cq->unseen = 0;
	cq->irq_due = NEVER;
}

void queue_reset_all(struct rogue *r)
{
	for (u32 i = 0; i < MAX_QUEUES; i++) {
		if (r->sq[i].live)
			queue_sq_free(r, &r->sq[i]);
		if (r->cq[i].live)
			queue_cq_free(&r->cq[i]);
		r->sq[i].qid = i;
		r->cq[i].qid = i;
	}
	r->end_of_queues = 1;
	held_drop(r, -1);
}
