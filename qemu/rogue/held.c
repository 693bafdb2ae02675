// SPDX-License-Identifier: GPL-2.0
/* Commands that wait: put off, stuck, dropped, for ever or until their abort. */
#include "rogue.h"

struct held *queue_hold(struct rogue *r, struct cmd *c)
{
	struct held *h, **tail;

	if (r->nr_held >= MAX_HELD)
		return NULL;
	h = calloc(1, sizeof(*h));
	if (!h)
		return NULL;
	h->sqid = c->sq->qid;
	h->cid = c->sqe.cid;
	h->opcode = c->opcode;
	h->sqe = c->sqe;
	h->result = c->result;
	h->due = NEVER;
	h->after_abort = NEVER;
	for (tail = &r->held; *tail; tail = &(*tail)->next)
		;
	*tail = h;
	r->nr_held++;
	return h;
}

u64 queue_next_due(struct rogue *r)
{
	u64 next = NEVER;

	for (struct held *h = r->held; h; h = h->next)
		next = MIN(next, h->due);
	return next;
}

/* What was put off is done now, into whatever memory its data pointer means by now. */
static void execute_late(struct rogue *r, struct held *h)
{
	struct sq *sq = &r->sq[h->sqid];
	struct cmd c = { .sqe = h->sqe, .sq = sq, .opcode = h->opcode, .nsid = h->sqe.nsid };
	int status = sq->qid ? io_exec(r, &c) : admin_exec(r, &c);

	h->result = c.result;
	if (status == PENDING)
		h->twist.drop = true;
	else
		h->status = status;
}

void queue_run_held(struct rogue *r, u64 now)
{
	struct held **p = &r->held, *h;

	if (!working(r))
		return;
	while ((h = *p)) {
		if (h->due > now) {
			p = &h->next;
			continue;
		}
		*p = h->next;
		r->nr_held--;
		if (h->execute)
			execute_late(r, h);
		queue_complete(r, h->sqid, h->cid, h->result, h->status, &h->twist, !h->second);
		free(h);
	}
}

void held_drop(struct rogue *r, int sqid)
{
	struct held **p = &r->held, *h;

	while ((h = *p)) {
		if (sqid >= 0 && h->sqid != sqid) {
			p = &h->next;
			continue;
		}
		*p = h->next;
		r->nr_held--;
		free(h);
	}
}

int queue_abort(struct rogue *r, struct cmd *c)
{
	u16 sqid = NVM_GET(NVM_ABORT_SQID, c->sqe.cdw10);
	u16 cid = NVM_GET(NVM_ABORT_CID, c->sqe.cdw10);

	c->result = NVM_ABORT_DW0_NOT_ABORTED;
	if (sqid >= MAX_QUEUES || !r->sq[sqid].live) {
		breach(r, "abort of a queue that is not there", "queue %u", sqid);
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	if (r->knobs.abort_stuck)
		return queue_hold(r, c) ? PENDING : NVM_SC_INTERNAL;
	for (struct held *h = r->held; h; h = h->next) {
		u64 ms = h->after_abort;

		if (h->sqid != sqid || h->cid != cid || h->second)
			continue;
		if (ms == NEVER)
			ms = r->knobs.abort_after_ms;
		if (ms == NEVER)
			break;
		if (!h->done)
			h->status = NVM_SC_ABORT_REQ;
		h->execute = false;
		h->due = now_us() + ms * 1000;
		c->result = 0;
		break;
	}
	return 0;
}
