// SPDX-License-Identifier: GPL-2.0
/* Reservations, as far as the only host that there is can have them. */
#include "rogue.h"

static int conflict(void)
{
	return NVM_SC_RESERVATION_CONFLICT | NVM_STATUS_DNR;
}

static void clear(struct ns *n)
{
	n->registered = false;
	n->rkey = 0;
	n->rtype = 0;
	n->rgen++;
}

static int resv_register(struct ns *n, u32 action, bool ignore, const struct nvm_resv_keys *k)
{
	switch (action) {
	case NVM_RESV_REGISTER_KEY:
		if (n->registered && n->rkey != k->nrkey)
			return conflict();
		break;
	case NVM_RESV_UNREGISTER_KEY:
		if (!n->registered || (!ignore && n->rkey != k->crkey))
			return conflict();
		clear(n);
		return 0;
	case NVM_RESV_REPLACE_KEY:
		if (!ignore && (!n->registered || n->rkey != k->crkey))
			return conflict();
		break;
	default:
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	n->registered = true;
	n->rkey = k->nrkey;
	n->rgen++;
	return 0;
}

static int resv_report(struct rogue *r, struct ns *n, struct cmd *c)
{
	u8 page[4096] __attribute__((aligned(8))) = { 0 };
	struct nvm_reservation_status *s = (void *)page;
	struct nvm_reservation_status_ext *e = (void *)page;
	u64 len = ((u64)c->sqe.cdw10 + 1) * 4;

	s->gen = n->rgen;
	s->rtype = n->rtype;
	s->regctl[0] = n->registered;
	if (n->registered && c->sqe.cdw11 & NVM_RESV_REPORT_EDS) {
		e->regctl_eds[0].cntlid = 1;
		e->regctl_eds[0].rcsts = !!n->rtype;
		e->regctl_eds[0].rkey = n->rkey;
		memcpy(e->regctl_eds[0].hostid, r->feat.host_id, 16);
	} else if (n->registered) {
		s->regctl_ds[0].cntlid = 1;
		s->regctl_ds[0].rcsts = !!n->rtype;
		s->regctl_ds[0].rkey = n->rkey;
		memcpy(&s->regctl_ds[0].hostid, r->feat.host_id, 8);
	}
	return data_out(r, c, page, MIN(len, sizeof(page)));
}

int resv_exec(struct rogue *r, struct ns *n, struct cmd *c)
{
	u32 action = NVM_GET(NVM_RESV_ACTION, c->sqe.cdw10);
	u8 rtype = NVM_GET(NVM_RESV_RTYPE, c->sqe.cdw10);
	struct nvm_resv_keys k = { 0 };
	int status;

	if (c->opcode == NVM_CMD_RESV_REPORT)
		return resv_report(r, n, c);
	status = data_in(r, c, &k, c->opcode == NVM_CMD_RESV_RELEASE ? 8 : 16);
	if (status)
		return status;
	if (c->opcode == NVM_CMD_RESV_REGISTER)
		return resv_register(n, action, c->sqe.cdw10 & NVM_RESV_IEKEY, &k);
	if (!n->registered || n->rkey != k.crkey)
		return conflict();
	if (c->opcode == NVM_CMD_RESV_ACQUIRE) {
		if (!rtype || rtype > NVM_PR_EXCLUSIVE_ACCESS_ALL_REGS)
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		if (action == NVM_RESV_ACQUIRE && n->rtype && n->rtype != rtype)
			return conflict();
		n->rtype = rtype;
	} else if (action == NVM_RESV_CLEAR) {
		clear(n);
	} else {
		if (n->rtype && n->rtype != rtype)
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		n->rtype = 0;
	}
	return 0;
}
