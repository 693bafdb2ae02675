// SPDX-License-Identifier: GPL-2.0
/* Namespaces on command: create, delete, attach, detach, format. */
#include "rogue.h"

static bool format_fits(const struct rogue *r, u32 index, u8 pi)
{
	if (index >= ns_nr_formats(r) || pi > 3)
		return false;
	return !pi || ns_formats[index].ms >= (ns_formats[index].guard64 ? 16 : 8);
}

int ns_mgmt(struct rogue *r, struct cmd *c)
{
	struct nvm_id_ns id;
	struct ns *n;
	u32 nsid = 1;
	u8 shift, index, pi;
	int status;

	switch (NVM_GET(NVM_NS_SEL, c->sqe.cdw10)) {
	case NVM_NS_MGMT_SEL_CREATE:
		status = data_in(r, c, &id, sizeof(id));
		if (status)
			return status;
		index = nvm_ns_lbaf_index(id.flbas);
		pi = id.dps & NVM_NS_DPS_PI;
		if (NVM_GET(NVM_NS_MGMT_CSI, c->sqe.cdw11) || !format_fits(r, index, pi))
			return NVM_SC_INVALID_FORMAT | NVM_STATUS_DNR;
		if (id.ncap != id.nsze)
			return NVM_SC_THIN_PROV_NOT_SUPP | NVM_STATUS_DNR;
		if (!id.nsze || id.nsze > NS_BYTES_MAX >> 12)
			return NVM_SC_NS_INSUFFICIENT_CAP | NVM_STATUS_DNR;
		while (ns_find(r, nsid))
			nsid++;
		shift = ns_formats[index].shift;
		n = ns_add(r, nsid, id.nsze << shift, shift, NULL);
		if (!n)
			return NVM_SC_NS_ID_UNAVAILABLE | NVM_STATUS_DNR;
		if (!ns_set_format(n, index, pi, id.dps & NVM_NS_DPS_PI_FIRST,
				   id.flbas & NVM_NS_FLBAS_META_EXT)) {
			ns_remove(r, n);
			return NVM_SC_NS_INSUFFICIENT_CAP | NVM_STATUS_DNR;
		}
		pel_ns_change(r, c->sqe.cdw10, n);
		c->result = nsid;
		return 0;
	case NVM_NS_MGMT_SEL_DELETE:
		for (u32 i = 0; c->nsid == NVM_NSID_ALL && i < MAX_NS;) {
			n = r->ns[i];
			if (!n)
				break;
			nsid = n->nsid;
			ns_remove(r, n);
			ns_changed(r, nsid);
		}
		if (c->nsid == NVM_NSID_ALL)
			return 0;
		n = ns_find(r, c->nsid);
		if (!n)
			return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
		pel_ns_change(r, c->sqe.cdw10, n);
		ns_remove(r, n);
		return 0;
	}
	return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
}

int ns_attach(struct rogue *r, struct cmd *c)
{
	static struct nvm_ctrl_list list;
	struct ns *n = ns_find(r, c->nsid);
	u32 sel = NVM_GET(NVM_NS_SEL, c->sqe.cdw10);
	int status = data_in(r, c, &list, sizeof(list));

	if (status)
		return status;
	if (!n)
		return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
	if (list.num != 1 || list.cntlid[0] != 1)
		return NVM_SC_CTRL_LIST_INVALID | NVM_STATUS_DNR;
	if (sel == NVM_NS_ATTACH_SEL_CTRL_ATTACH) {
		if (n->attached)
			return NVM_SC_NS_ALREADY_ATTACHED | NVM_STATUS_DNR;
		n->attached = true;
	} else if (sel == NVM_NS_ATTACH_SEL_CTRL_DETACH) {
		if (!n->attached)
			return NVM_SC_NS_NOT_ATTACHED | NVM_STATUS_DNR;
		n->attached = false;
	} else {
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	ns_changed(r, n->nsid);
	return 0;
}

int ns_format(struct rogue *r, struct cmd *c)
{
	u32 dw = c->sqe.cdw10, start[3] = { c->nsid, 0, dw }, end[3] = { c->nsid };
	u32 index = NVM_GET(NVM_FORMAT_LBAFL, dw) | NVM_GET(NVM_FORMAT_LBAFU, dw) << 4;
	u8 pi = NVM_GET(NVM_FORMAT_PI, dw);

	if (!format_fits(r, index, pi) || NVM_GET(NVM_FORMAT_SES, dw) > 2)
		return NVM_SC_INVALID_FORMAT | NVM_STATUS_DNR;
	if (c->nsid != NVM_NSID_ALL && !ns_attached(r, c->nsid))
		return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
	for (u32 i = 0; i < MAX_NS && r->ns[i]; i++) {
		if (c->nsid != NVM_NSID_ALL && r->ns[i]->nsid != c->nsid)
			continue;
		if (resv_forbids(r, r->ns[i], true))
			return NVM_SC_RESERVATION_CONFLICT | NVM_STATUS_DNR;
	}
	pel_add(r, PEL_FORMAT_START, start, sizeof(start));
	for (u32 i = 0; i < MAX_NS && r->ns[i]; i++) {
		if ((c->nsid == NVM_NSID_ALL || r->ns[i]->nsid == c->nsid) &&
		    !ns_set_format(r->ns[i], index, pi, dw & NVM_FORMAT_PIL, dw & NVM_FORMAT_MSET))
			return NVM_SC_INTERNAL;
	}
	pel_add(r, PEL_FORMAT_END, end, sizeof(end));
	return 0;
}

/* ---- orders -------------------------------------------------------------------------------- */

/* "ms": bytes of metadata, "guard": 64, "pi": type */
static const char *format_of(const struct rogue *r, const struct json *o, u8 shift, u8 *index,
			     u8 *pi)
{
	u64 ms = 0, guard = 16, type = 0;

	json_number(o, "ms", &ms);
	json_number(o, "guard", &guard);
	json_number(o, "pi", &type);
	for (u32 i = 0; i < ns_nr_formats(r); i++) {
		const struct format *f = &ns_formats[i];

		if (f->shift != shift || f->ms != ms || f->guard64 != (guard == 64))
			continue;
		if (!format_fits(r, i, MIN(type, 255)))
			break;
		*index = i;
		*pi = type;
		return NULL;
	}
	return "no such format: 512+0, 4096+0, 512+8, 4096+8, 4096+64; guards of 64 bits with "
	       "4096+16, 512+16";
}

static const char *order_one(struct rogue *r, const struct json *o, u64 nsid)
{
	const char *text = json_string(o, "size"), *file = json_string(o, "file");
	u64 bytes = 0, block = 512;
	const char *error;
	u8 index, pi;
	struct ns *n;

	if (text ? !size_of(text, &bytes) : json_get(o, "size") && !json_number(o, "size", &bytes))
		return "what size is that?";
	json_number(o, "block", &block);
	if (block != 512 && block != 4096)
		return "blocks are of 512 or 4096 bytes";
	error = format_of(r, o, block == 4096 ? 12 : 9, &index, &pi);
	if (error)
		return error;
	n = ns_find(r, nsid);
	if (json_true(o, "remove")) {
		if (!n)
			return json_get(o, "to") ? NULL : "no such namespace";
		ns_remove(r, n);
	} else if (!n) {
		n = ns_add(r, nsid, bytes, block == 4096 ? 12 : 9, file);
		/* to set a format is to lose the data: what is in a file should stay */
		if (!n || (ns_formats[index].ms &&
			   !ns_set_format(n, index, pi, json_true(o, "pi_first"),
					  json_true(o, "extended"))))
			return "cannot make it";
		n->attached = true;
	} else if (bytes && !ns_resize(n, bytes)) {
		return "cannot resize it";
	}
	if (json_get(o, "attached") && !json_true(o, "remove"))
		n->attached = json_true(o, "attached");
	if (!json_true(o, "quiet"))
		ns_changed(r, nsid);
	return NULL;
}

const char *ns_order(struct rogue *r, const struct json *o)
{
	const char *error = NULL;
	u64 nsid, to;

	if (!json_number(o, "nsid", &nsid) || !nsid || nsid > r->nn)
		return "which nsid?";
	to = nsid;
	if (json_number(o, "to", &to) && (to < nsid || to > r->nn))
		return "to which nsid?";
	for (; nsid <= to && !error; nsid++)
		error = order_one(r, o, nsid);
	return error;
}

/*
 * {"do":"stable","nsid":1,"lba":8,"blocks":16}: the host was promised that these blocks
 * would survive a power cut. Only who asked for the promise knows that it was given.
 */
const char *ns_stable(struct rogue *r, const struct json *o)
{
	u64 nsid = 1, lba = 0, blocks;
	struct ns *n;

	json_number(o, "nsid", &nsid);
	n = ns_find(r, nsid);
	if (!n)
		return "no such namespace";
	json_number(o, "lba", &lba);
	blocks = lba < n->blocks ? n->blocks - lba : 0;
	json_number(o, "blocks", &blocks);
	if (lba >= n->blocks || blocks > n->blocks - lba)
		return "no such blocks";
	for (u64 i = 0; i < n->nr_dirty; i++) {
		u64 b = n->dirty_list[i];

		if (b < lba || b - lba >= blocks || !bit_test(n->dirty, b))
			continue;
		breach(r, "a flush is missing", "namespace %u block %llu", n->nsid,
		       (unsigned long long)b);
		break;
	}
	return NULL;
}
