// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent reservations: of the host that drives this controller, and of others that an
 * order speaks for. The registrants of a namespace are known by their host ids.
 */
#include "rogue.h"

#define CNTLID_US	1
#define REPORT_MAX	(1U << 20)

struct asks {
	u8 host[16];
	u16 cntlid;
	u8 opcode;
	u32 action;
	u8 type;
	bool ignore_key;
	u8 cptpl;
	struct nvm_resv_keys k;		/* the second one is to be preempted, or new */
};

static int conflict(void)
{
	return NVM_SC_RESERVATION_CONFLICT | NVM_STATUS_DNR;
}

static bool everybody_holds(const struct resv *v)
{
	return v->type >= NVM_PR_WRITE_EXCLUSIVE_ALL_REGS;
}

static int find(const struct resv *v, const u8 *host)
{
	for (u32 i = 0; i < v->nr; i++) {
		if (!memcmp(v->regs[i].host, host, 16))
			return i;
	}
	return -1;
}

static bool holds(const struct resv *v, u32 i)
{
	return v->type && (everybody_holds(v) || v->regs[i].holder);
}

/* Tells the host that drives us, unless it was its own doing. */
static void notify(struct rogue *r, struct ns *n, const struct asks *a, u8 type)
{
	u32 masks = r->feat.dw[NVM_FEAT_RESV_MASK];

	if (a->cntlid == CNTLID_US || find(&n->resv, r->feat.host_id) < 0 || masks >> type & 1)
		return;
	if (r->nr_resv_log == ARRAY_SIZE(r->resv_log))
		return;
	r->resv_log[r->nr_resv_log++] = (struct resv_note){ .nsid = n->nsid, .type = type };
	event_post(r, NVM_AER_CSS, NVM_AER_CSS_RESERVATION, NVM_LOG_RESERVATION);
}

static void released(struct rogue *r, struct ns *n, const struct asks *a)
{
	u8 was = n->resv.type;

	n->resv.type = 0;
	for (u32 i = 0; i < n->resv.nr; i++)
		n->resv.regs[i].holder = false;
	if (was >= NVM_PR_WRITE_EXCLUSIVE_REG_ONLY)
		notify(r, n, a, RESV_NOTE_RELEASED);
}

static void drop(struct rogue *r, struct ns *n, const struct asks *a, u32 i)
{
	struct resv *v = &n->resv;
	bool over = holds(v, i) && (!everybody_holds(v) || v->nr == 1);

	memmove(v->regs + i, v->regs + i + 1, (--v->nr - i) * sizeof(*v->regs));
	if (over)
		released(r, n, a);
}

static void forget_all(struct resv *v)
{
	v->nr = 0;
	v->type = 0;
	v->gen++;
}

static int registers(struct rogue *r, struct ns *n, const struct asks *a)
{
	struct resv *v = &n->resv;
	int i = find(v, a->host);

	switch (a->action) {
	case NVM_RESV_REGISTER_KEY:
		if (i >= 0 && v->regs[i].key != a->k.nrkey)
			return conflict();
		break;
	case NVM_RESV_UNREGISTER_KEY:
	case NVM_RESV_REPLACE_KEY:
		if (i < 0 && (!a->ignore_key || a->action == NVM_RESV_UNREGISTER_KEY))
			return conflict();
		if (!a->ignore_key && v->regs[i].key != a->k.crkey)
			return conflict();
		break;
	default:
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	if (a->cptpl & 2)
		v->ptpl = a->cptpl & 1;
	v->gen++;
	if (a->action == NVM_RESV_UNREGISTER_KEY) {
		drop(r, n, a, i);
		return 0;
	}
	if (i < 0) {
		if (v->nr == MAX_REGISTRANTS)
			return NVM_SC_INSUFFICIENT_RESOURCES | NVM_STATUS_DNR;
		i = v->nr++;
		v->regs[i] = (struct registrant){ .cntlid = a->cntlid };
		memcpy(v->regs[i].host, a->host, 16);
	}
	v->regs[i].key = a->k.nrkey;
	return 0;
}

static void take(struct resv *v, const struct asks *a)
{
	v->type = a->type;
	for (u32 i = 0; i < v->nr; i++)
		v->regs[i].holder = false;
	v->regs[find(v, a->host)].holder = true;
}

/* Commands of the one who was preempted do not end well. */
static void abort_held(struct rogue *r, const struct ns *n)
{
	for (struct held *h = r->held; h; h = h->next) {
		if (!h->sqid || h->sqe.nsid != n->nsid)
			continue;
		if (!h->done)
			h->status = NVM_SC_ABORTED_PREEMPT_ABORT;
		h->execute = false;
		h->due = 0;
	}
}

static int preempts(struct rogue *r, struct ns *n, const struct asks *a)
{
	struct resv *v = &n->resv;
	bool all = everybody_holds(v) && !a->k.nrkey, takes = all, any = false, us = false;

	if (!a->k.nrkey && !all)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	for (u32 i = 0; i < v->nr; i++) {
		bool hit = all || v->regs[i].key == a->k.nrkey;

		any |= hit;
		takes |= hit && !everybody_holds(v) && holds(v, i);
	}
	if (!any)
		return conflict();
	for (u32 i = v->nr; i-- > 0;) {
		if (!memcmp(v->regs[i].host, a->host, 16) ||
		    (!all && v->regs[i].key != a->k.nrkey))
			continue;
		if (v->regs[i].cntlid == CNTLID_US) {
			us = true;
			notify(r, n, a, takes ? RESV_NOTE_PREEMPTED : RESV_NOTE_UNREGISTERED);
		}
		memmove(v->regs + i, v->regs + i + 1, (--v->nr - i) * sizeof(*v->regs));
	}
	if (takes)
		take(v, a);
	v->gen++;
	if (us && a->action == NVM_RESV_PREEMPT_ABORT)
		abort_held(r, n);
	return 0;
}

static int acquires(struct rogue *r, struct ns *n, const struct asks *a, u32 i)
{
	struct resv *v = &n->resv;

	if (!a->type || a->type > NVM_PR_EXCLUSIVE_ACCESS_ALL_REGS)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	switch (a->action) {
	case NVM_RESV_ACQUIRE:
		if (v->type && (v->type != a->type || !holds(v, i)))
			return conflict();
		take(v, a);
		return 0;
	case NVM_RESV_PREEMPT:
	case NVM_RESV_PREEMPT_ABORT:
		return preempts(r, n, a);
	}
	return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
}

static int releases(struct rogue *r, struct ns *n, const struct asks *a, u32 i)
{
	struct resv *v = &n->resv;

	switch (a->action) {
	case NVM_RESV_RELEASE:
		if (!v->type || !holds(v, i))
			return 0;
		if (v->type != a->type)
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		released(r, n, a);
		return 0;
	case NVM_RESV_CLEAR:
		notify(r, n, a, RESV_NOTE_PREEMPTED);
		forget_all(v);
		return 0;
	}
	return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
}

static int asked(struct rogue *r, struct ns *n, const struct asks *a)
{
	int i;

	if (a->opcode == NVM_CMD_RESV_REGISTER)
		return registers(r, n, a);
	i = find(&n->resv, a->host);
	if (i < 0 || n->resv.regs[i].key != a->k.crkey)
		return conflict();
	if (a->opcode == NVM_CMD_RESV_ACQUIRE)
		return acquires(r, n, a, i);
	return releases(r, n, a, i);
}

static int report(struct rogue *r, struct ns *n, struct cmd *c)
{
	u8 page[4096] __attribute__((aligned(8))) = { 0 };
	struct nvm_reservation_status *s = (void *)page;
	struct nvm_reservation_status_ext *e = (void *)page;
	u64 len = ((u64)c->sqe.cdw10 + 1) * 4;
	const struct resv *v = &n->resv;

	s->gen = v->gen;
	s->rtype = v->type;
	s->regctl[0] = v->nr;
	s->ptpls = v->ptpl;
	for (u32 i = 0; i < v->nr; i++) {
		const struct registrant *g = &v->regs[i];

		if (c->sqe.cdw11 & NVM_RESV_REPORT_EDS) {
			e->regctl_eds[i].cntlid = g->cntlid;
			e->regctl_eds[i].rcsts = holds(v, i);
			e->regctl_eds[i].rkey = g->key;
			memcpy(e->regctl_eds[i].hostid, g->host, 16);
		} else {
			s->regctl_ds[i].cntlid = g->cntlid;
			s->regctl_ds[i].rcsts = holds(v, i);
			s->regctl_ds[i].rkey = g->key;
			memcpy(&s->regctl_ds[i].hostid, g->host, 8);
		}
	}
	/* behind the last registrant there are zeroes, as far as the host asked */
	if (len > sizeof(page)) {
		u8 *all = len <= REPORT_MAX ? calloc(1, len) : NULL;
		int status = NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;

		if (all) {
			memcpy(all, page, sizeof(page));
			status = data_out(r, c, all, len);
		}
		free(all);
		return status;
	}
	return data_out(r, c, page, len);
}

int resv_exec(struct rogue *r, struct ns *n, struct cmd *c)
{
	struct asks a = {
		.cntlid = CNTLID_US, .opcode = c->opcode,
		.action = NVM_GET(NVM_RESV_ACTION, c->sqe.cdw10),
		.type = NVM_GET(NVM_RESV_RTYPE, c->sqe.cdw10),
		.ignore_key = c->sqe.cdw10 & NVM_RESV_IEKEY,
		.cptpl = NVM_GET(NVM_RESV_CPTPL, c->sqe.cdw10),
	};
	int status;

	if (c->opcode == NVM_CMD_RESV_REPORT)
		return report(r, n, c);
	memcpy(a.host, r->feat.host_id, 16);
	status = data_in(r, c, &a.k, c->opcode == NVM_CMD_RESV_RELEASE ? 8 : 16);
	return status ? status : asked(r, n, &a);
}

/* May the host that drives us do this? */
bool resv_forbids(const struct rogue *r, const struct ns *n, bool write)
{
	const struct resv *v = &n->resv;
	int i;

	if (!v->type || (!write && (v->type == NVM_PR_WRITE_EXCLUSIVE ||
				    v->type == NVM_PR_WRITE_EXCLUSIVE_REG_ONLY ||
				    v->type == NVM_PR_WRITE_EXCLUSIVE_ALL_REGS)))
		return false;
	i = find(v, r->feat.host_id);
	if (i < 0)
		return true;
	return v->type <= NVM_PR_EXCLUSIVE_ACCESS && !v->regs[i].holder;
}

void resv_powerfail(struct ns *n)
{
	if (!n->resv.ptpl)
		forget_all(&n->resv);
}

/* {"do":"reserve","nsid":1,"host":2,"act":"acquire","key":7,"new":8,"type":3} */
const char *resv_order(struct rogue *r, const struct json *o)
{
	static const struct {
		const char *act;
		u8 opcode, action;
	} acts[] = {
		{ "register", NVM_CMD_RESV_REGISTER, NVM_RESV_REGISTER_KEY },
		{ "unregister", NVM_CMD_RESV_REGISTER, NVM_RESV_UNREGISTER_KEY },
		{ "replace", NVM_CMD_RESV_REGISTER, NVM_RESV_REPLACE_KEY },
		{ "acquire", NVM_CMD_RESV_ACQUIRE, NVM_RESV_ACQUIRE },
		{ "preempt", NVM_CMD_RESV_ACQUIRE, NVM_RESV_PREEMPT },
		{ "preempt-abort", NVM_CMD_RESV_ACQUIRE, NVM_RESV_PREEMPT_ABORT },
		{ "release", NVM_CMD_RESV_RELEASE, NVM_RESV_RELEASE },
		{ "clear", NVM_CMD_RESV_RELEASE, NVM_RESV_CLEAR },
	};
	const char *act = json_string(o, "act");
	u64 nsid = 1, host = 2, type = 0;
	struct asks a = { 0 };
	struct ns *n;
	u32 i;

	json_number(o, "nsid", &nsid);
	n = ns_find(r, nsid);
	if (!n)
		return "no such namespace";
	json_number(o, "host", &host);
	if (host < 2 || host > 255)
		return "other hosts have numbers from 2 to 255";
	for (i = 0; act && i < ARRAY_SIZE(acts); i++) {
		if (!strcmp(acts[i].act, act))
			break;
	}
	if (!act || i == ARRAY_SIZE(acts))
		return "act: register, unregister, replace, acquire, preempt, preempt-abort, "
		       "release, clear";
	a.host[0] = host;
	a.cntlid = host;
	a.opcode = acts[i].opcode;
	a.action = acts[i].action;
	json_number(o, "type", &type);
	a.type = type;
	json_number(o, "key", (u64 *)&a.k.crkey);
	json_number(o, "new", (u64 *)&a.k.nrkey);
	switch (asked(r, n, &a) & NVM_SCT_SC_MASK) {
	case 0:
		return NULL;
	case NVM_SC_RESERVATION_CONFLICT:
		return "reservation conflict";
	case NVM_SC_INVALID_FIELD:
		return "invalid field";
	}
	return "too many registrants";
}
