// SPDX-License-Identifier: GPL-2.0
/* Get and set features. */
#include "rogue.h"

#include <time.h>

enum {
	THERE = 1, CHANGEABLE = 2, PER_NS = 4,
};

static const struct {
	u8 flags;
	u32 def;
} features[NR_FEATURES] = {
	[NVM_FEAT_ARBITRATION]		= { THERE | CHANGEABLE, 0x3 },
	[NVM_FEAT_POWER_MGMT]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_TEMP_THRESH]		= { THERE | CHANGEABLE, 343 },
	[NVM_FEAT_ERR_RECOVERY]		= { THERE | CHANGEABLE | PER_NS, 0 },
	[NVM_FEAT_VOLATILE_WC]		= { THERE | CHANGEABLE, 1 },
	[NVM_FEAT_NUM_QUEUES]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_IRQ_COALESCE]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_IRQ_CONFIG]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_WRITE_ATOMIC]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_ASYNC_EVENT]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_AUTO_PST]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_HOST_MEM_BUF]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_TIMESTAMP]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_KATO]			= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_HCTM]			= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_NOPSC]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_HOST_BEHAVIOR]	= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_SANITIZE]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_SW_PROGRESS]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_HOST_ID]		= { THERE | CHANGEABLE, 0 },
	[NVM_FEAT_RESV_MASK]		= { THERE | CHANGEABLE | PER_NS, 0 },
	[NVM_FEAT_RESV_PERSIST]		= { THERE | CHANGEABLE | PER_NS, 0 },
	[NVM_FEAT_WRITE_PROTECT]	= { THERE | CHANGEABLE | PER_NS, 0 },
};

void feature_defaults(struct rogue *r)
{
	memset(&r->feat, 0, sizeof(r->feat));
	for (u32 i = 0; i < NR_FEATURES; i++)
		r->feat.dw[i] = features[i].def;
	for (u32 i = 0; i < ARRAY_SIZE(r->feat.temp_over); i++)
		r->feat.temp_over[i] = i ? 0xffff : 343;
}

static u64 wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

static int get_data(struct rogue *r, struct cmd *c, u32 fid)
{
	struct features *f = &r->feat;
	u64 stamp;

	switch (fid) {
	case NVM_FEAT_AUTO_PST:
		return data_out(r, c, &f->apst, sizeof(f->apst));
	case NVM_FEAT_HOST_BEHAVIOR:
		return data_out(r, c, &f->behavior, sizeof(f->behavior));
	case NVM_FEAT_HOST_ID:
		return data_out(r, c, f->host_id,
				c->sqe.cdw11 & NVM_FEAT_HOST_ID_EXHID ? 16 : 8);
	case NVM_FEAT_TIMESTAMP:
		if (f->timestamp_at)
			stamp = f->timestamp_set + (wall_ms() - f->timestamp_at);
		else
			stamp = now_ms();
		stamp &= 0xffffffffffffULL;
		if (f->timestamp_at)
			stamp |= 1ULL << 49;		/* origin: set by a host */
		return data_out(r, c, &stamp, sizeof(stamp));
	case NVM_FEAT_HOST_MEM_BUF: {
		u64 data[512] = { f->hmb_size, f->hmb_list, f->hmb_nr };
		u32 *dw = (u32 *)data;

		dw[0] = f->hmb_size;
		dw[1] = f->hmb_list;
		dw[2] = f->hmb_list >> 32;
		dw[3] = f->hmb_nr;
		memset(dw + 4, 0, sizeof(data) - 16);
		return data_out(r, c, data, sizeof(data));
	}
	}
	return 0;
}

int feature_get(struct rogue *r, struct cmd *c)
{
	u32 fid = NVM_GET(NVM_FEAT_FID, c->sqe.cdw10), sel = c->sqe.cdw10 & NVM_FEAT_SEL;
	struct ns *n;

	if (fid >= NR_FEATURES || !(features[fid].flags & THERE))
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	switch (sel) {
	case NVM_FEAT_SEL_CURRENT:
		break;
	case NVM_FEAT_SEL_DEFAULT:
	case NVM_FEAT_SEL_SAVED:
		c->result = features[fid].def;
		return 0;
	case NVM_FEAT_SEL_CAP:
		c->result = NVM_FEAT_CAP_CHANGEABLE |
			    (features[fid].flags & PER_NS ? NVM_FEAT_CAP_PER_NS : 0);
		return 0;
	default:
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	c->result = r->feat.dw[fid];
	switch (fid) {
	case NVM_FEAT_TEMP_THRESH: {
		u32 which = NVM_GET(NVM_TEMP_THRESH_SELECT, c->sqe.cdw11);

		if (which >= ARRAY_SIZE(r->feat.temp_over))
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		c->result = c->sqe.cdw11 & NVM_TEMP_THRESH_TYPE ? r->feat.temp_under[which] :
								  r->feat.temp_over[which];
		return 0;
	}
	case NVM_FEAT_POWER_MGMT:
		c->result = r->power.ps;
		return 0;
	case NVM_FEAT_WRITE_PROTECT:
		n = ns_attached(r, c->nsid);
		if (!n)
			return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
		c->result = n->wp;
		return 0;
	case NVM_FEAT_RESV_PERSIST:
		n = ns_attached(r, c->nsid);
		if (!n)
			return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
		c->result = n->resv.ptpl;
		return 0;
	case NVM_FEAT_IRQ_CONFIG:
		if ((c->sqe.cdw11 & NVM_FEAT_IRQV_IV) >= r->nr_vectors)
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		c->result = c->sqe.cdw11 & NVM_FEAT_IRQV_IV;
		if (r->feat.at_once[c->result])
			c->result |= NVM_FEAT_IRQV_CD;
		return 0;
	}
	return get_data(r, c, fid);
}

static int set_num_queues(struct rogue *r, struct cmd *c)
{
	u32 nsq = NVM_GET(NVM_FEAT_NRQS_NSQ, c->sqe.cdw11);
	u32 ncq = NVM_GET(NVM_FEAT_NRQS_NCQ, c->sqe.cdw11);
	u32 most = r->knobs.grant - 1;

	if (nsq == 65535 || ncq == 65535)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	for (u32 i = 1; i < MAX_QUEUES; i++) {
		if (r->sq[i].live || r->cq[i].live) {
			breach(r, "number of queues set while there are queues", "queue %u", i);
			return NVM_SC_CMD_SEQ_ERROR | NVM_STATUS_DNR;
		}
	}
	/* as many as asked for is not promised: tell what there is */
	(void)nsq;
	(void)ncq;
	c->result = most | most << 16;
	r->granted = most + 1;
	r->queues_set = true;
	r->feat.dw[NVM_FEAT_NUM_QUEUES] = c->result;
	return 0;
}

static int set_wp(struct rogue *r, struct cmd *c)
{
	struct ns *n = ns_attached(r, c->nsid);
	u32 to = c->sqe.cdw11 & NVM_FEAT_WPS;

	if (!n)
		return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
	if (to > NVM_NS_WRITE_PROTECT_PERMANENT)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (n->wp == NVM_NS_WRITE_PROTECT_PERMANENT || n->wp == NVM_NS_WRITE_PROTECT_POWER)
		return NVM_SC_FEATURE_NOT_CHANGEABLE | NVM_STATUS_DNR;
	if (to)
		ns_flush(n);
	n->wp = to;
	return 0;
}

static int set_ptpl(struct rogue *r, struct cmd *c)
{
	struct ns *n = ns_attached(r, c->nsid);

	if (!n)
		return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
	n->resv.ptpl = c->sqe.cdw11 & 1;
	return 0;
}

/* Within what identify says (lies included), and the light one below the heavy one. */
static bool hctm_fits(struct rogue *r, u32 value)
{
	u32 tmt1 = NVM_GET(NVM_FEAT_HCTM_TMT1, value), tmt2 = NVM_GET(NVM_FEAT_HCTM_TMT2, value);
	static u8 page[4096];
	const struct nvm_id_ctrl *id = (void *)page;

	identify_page(r, NVM_ID_CNS_CTRL, 0, page);
	if ((tmt1 && (tmt1 < id->mntmt || tmt1 > id->mxtmt)) ||
	    (tmt2 && (tmt2 < id->mntmt || tmt2 > id->mxtmt)))
		return false;
	return !tmt1 || !tmt2 || tmt1 < tmt2;
}

int feature_set(struct rogue *r, struct cmd *c)
{
	u32 fid = NVM_GET(NVM_FEAT_FID, c->sqe.cdw10), v = c->sqe.cdw11;
	struct features *f = &r->feat;
	u64 stamp;
	int status;

	if (fid >= NR_FEATURES || !(features[fid].flags & THERE))
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (c->sqe.cdw10 & NVM_FEAT_SAVE)
		return NVM_SC_FEATURE_NOT_SAVEABLE | NVM_STATUS_DNR;
	switch (fid) {
	case NVM_FEAT_NUM_QUEUES:
		return set_num_queues(r, c);
	case NVM_FEAT_HOST_MEM_BUF:
		return hmb_set(r, c);
	case NVM_FEAT_WRITE_PROTECT:
		return set_wp(r, c);
	case NVM_FEAT_RESV_PERSIST:
		return set_ptpl(r, c);
	case NVM_FEAT_VOLATILE_WC:
		if (!r->vwc)
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		if (!(v & NVM_FEAT_VWC_WCE)) {
			for (u32 i = 0; i < MAX_NS; i++) {
				if (r->ns[i])
					ns_flush(r->ns[i]);
			}
		}
		break;
	case NVM_FEAT_POWER_MGMT:
		return power_set(r, v);
	case NVM_FEAT_HCTM:
		if (!hctm_fits(r, v))
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		break;
	case NVM_FEAT_TEMP_THRESH: {
		u32 which = NVM_GET(NVM_TEMP_THRESH_SELECT, v);
		u16 k = v & NVM_TEMP_THRESH_TMPTH;

		for (u32 i = 0; i < ARRAY_SIZE(f->temp_over); i++) {
			if (which == i || which == 15)
				(v & NVM_TEMP_THRESH_TYPE ? f->temp_under : f->temp_over)[i] = k;
		}
		return 0;
	}
	case NVM_FEAT_IRQ_CONFIG:
		if ((v & NVM_FEAT_IRQV_IV) >= r->nr_vectors)
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		f->at_once[v & NVM_FEAT_IRQV_IV] = v & NVM_FEAT_IRQV_CD;
		return 0;
	case NVM_FEAT_AUTO_PST:
		status = data_in(r, c, &f->apst, sizeof(f->apst));
		if (status)
			return status;
		break;
	case NVM_FEAT_HOST_BEHAVIOR:
		status = data_in(r, c, &f->behavior, sizeof(f->behavior));
		if (status)
			return status;
		break;
	case NVM_FEAT_HOST_ID:
		status = data_in(r, c, f->host_id, v & NVM_FEAT_HOST_ID_EXHID ? 16 : 8);
		if (status)
			return status;
		break;
	case NVM_FEAT_TIMESTAMP:
		status = data_in(r, c, &stamp, sizeof(stamp));
		if (status)
			return status;
		f->timestamp_set = stamp & 0xffffffffffffULL;
		f->timestamp_at = wall_ms();
		return 0;
	}
	f->dw[fid] = v;
	return 0;
}
