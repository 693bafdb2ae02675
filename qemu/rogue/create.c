// SPDX-License-Identifier: GPL-2.0
/* Creation and deletion of I/O queues. */
#include "rogue.h"

/* What create SQ and create CQ have in common. */
static int check_new(struct rogue *r, struct cmd *c, bool exists, const char *kind)
{
	u16 qid = NVM_GET(NVM_QUEUE_QID, c->sqe.cdw10);
	u32 size = NVM_GET(NVM_QUEUE_QSIZE, c->sqe.cdw10) + 1;
	const char *what = NULL;
	int status = 0;

	if (!r->queues_set)
		breach(r, "queue created before the number of queues was set", "%s %u", kind, qid);
	if (!qid || qid >= MAX_QUEUES || qid > r->granted || exists) {
		what = "queue created with an id that it cannot have";
		status = NVM_SC_QID_INVALID;
	} else if (size < 2 || size > NVM_GET(NVM_CAP_MQES, r->cap) + 1) {
		what = "queue created with a size that it cannot have";
		status = NVM_SC_QUEUE_SIZE;
	} else if (!(c->sqe.cdw11 & NVM_QUEUE_PHYS_CONTIG)) {
		what = "queue created that is not contiguous";
		status = NVM_SC_INVALID_FIELD;
	} else if (c->sqe.prp1 & (r->page - 1)) {
		what = "queue created that is not page aligned";
		status = NVM_SC_PRP_INVALID_OFFSET;
	} else if (qid > r->knobs.queues) {
		status = NVM_SC_QID_INVALID;	/* fewer than were promised */
	}
	if (what)
		breach(r, what, "%s %u size %u at %llx", kind, qid, size,
		       (unsigned long long)c->sqe.prp1);
	return status ? status | NVM_STATUS_DNR : 0;
}

/* Entries are as large as CC says. False: not as identify lets them be. */
static bool entry_fits(struct rogue *r)
{
	u32 shift = NVM_GET(NVM_CC_IOSQES, r->cc), least, most;
	union {
		u8 page[4096];
		struct nvm_id_ctrl id;
	} u;

	identify_page(r, NVM_ID_CNS_CTRL, 0, u.page);
	least = NVM_GET(NVM_CTRL_SQES_MIN, u.id.sqes);
	most = NVM_GET(NVM_CTRL_SQES_MAX, u.id.sqes);
	/* what no controller can mean, says nothing */
	if (least < NVM_IOSQES || most < least)
		least = most = NVM_IOSQES;
	if (shift >= least && shift <= MIN(most, NVM_IOSQES + 1))
		return true;
	breach(r, "SQ created with entries of a size that it cannot have", "CC %08x SQES %02x",
	       r->cc, u.id.sqes);
	return false;
}

int queue_create_sq(struct rogue *r, struct cmd *c)
{
	u16 qid = NVM_GET(NVM_QUEUE_QID, c->sqe.cdw10), cqid = NVM_GET(NVM_SQ_CQID, c->sqe.cdw11);
	int status = check_new(r, c, qid < MAX_QUEUES && r->sq[qid].live, "SQ");
	struct sq *sq;

	if (status)
		return status;
	if (!entry_fits(r))
		return NVM_SC_QUEUE_SIZE | NVM_STATUS_DNR;
	if (!cqid || cqid >= MAX_QUEUES || !r->cq[cqid].live) {
		breach(r, "SQ created before its CQ", "SQ %u CQ %u", qid, cqid);
		return NVM_SC_CQ_INVALID | NVM_STATUS_DNR;
	}
	sq = &r->sq[qid];
	queue_sq_free(r, sq);
	sq->live = true;
	r->end_of_queues = MAX(r->end_of_queues, qid + 1U);
	sq->cqid = cqid;
	sq->size = NVM_GET(NVM_QUEUE_QSIZE, c->sqe.cdw10) + 1;
	sq->base = c->sqe.prp1;
	sq->shift = NVM_GET(NVM_CC_IOSQES, r->cc);
	r->cq[cqid].nr_sqs++;
	return 0;
}

int queue_create_cq(struct rogue *r, struct cmd *c)
{
	u16 qid = NVM_GET(NVM_QUEUE_QID, c->sqe.cdw10);
	u16 vector = NVM_GET(NVM_CQ_IV, c->sqe.cdw11);
	int status = check_new(r, c, qid < MAX_QUEUES && r->cq[qid].live, "CQ");
	struct cq *cq;

	if (status)
		return status;
	if (vector >= r->nr_vectors) {
		breach(r, "CQ created with a vector that is not there", "CQ %u vector %u", qid,
		       vector);
		return NVM_SC_INVALID_VECTOR | NVM_STATUS_DNR;
	}
	cq = &r->cq[qid];
	queue_cq_free(cq);
	cq->live = true;
	r->end_of_queues = MAX(r->end_of_queues, qid + 1U);
	cq->phase = 1;
	cq->irq = c->sqe.cdw11 & NVM_CQ_IRQ_ENABLED;
	cq->vector = vector;
	cq->size = NVM_GET(NVM_QUEUE_QSIZE, c->sqe.cdw10) + 1;
	cq->base = c->sqe.prp1;
	return 0;
}

int queue_delete_sq(struct rogue *r, struct cmd *c)
{
	u16 qid = NVM_GET(NVM_QUEUE_QID, c->sqe.cdw10);

	if (!qid || qid >= MAX_QUEUES || !r->sq[qid].live) {
		breach(r, "SQ deleted that is not there", "SQ %u", qid);
		return NVM_SC_QID_INVALID | NVM_STATUS_DNR;
	}
	/* what waits is answered before the deletion is */
	for (struct held *h = r->held; h; h = h->next) {
		if (h->sqid == qid && h->after_abort != NEVER && !h->second) {
			h->status = NVM_SC_ABORT_QUEUE;
			h->due = 0;
		}
	}
	queue_run_held(r, 0);
	r->cq[r->sq[qid].cqid].nr_sqs--;
	queue_sq_free(r, &r->sq[qid]);
	return 0;
}

int queue_delete_cq(struct rogue *r, struct cmd *c)
{
	u16 qid = NVM_GET(NVM_QUEUE_QID, c->sqe.cdw10);

	if (!qid || qid >= MAX_QUEUES || !r->cq[qid].live) {
		breach(r, "CQ deleted that is not there", "CQ %u", qid);
		return NVM_SC_QID_INVALID | NVM_STATUS_DNR;
	}
	if (r->cq[qid].nr_sqs) {
		breach(r, "CQ deleted before its SQ", "CQ %u", qid);
		return NVM_SC_INVALID_QUEUE | NVM_STATUS_DNR;
	}
	queue_cq_free(&r->cq[qid]);
	return 0;
}
