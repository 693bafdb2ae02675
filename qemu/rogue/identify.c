// SPDX-License-Identifier: GPL-2.0
/*
 * Identify: honest pages, and lies over them, field by field.
 */
#include "rogue.h"

static void text(char *to, size_t len, const char *from)
{
	size_t n = strlen(from);

	memset(to, ' ', len);
	memcpy(to, from, n < len ? n : len);
}

static void id_ctrl(struct rogue *r, struct nvm_id_ctrl *id)
{
	const struct power_state *states = r->power.states;
	u64 total = 0, left;

	id->vid = 0x1b36;
	id->ssvid = 0x1b36;
	text(id->sn, sizeof(id->sn), r->name);
	text(id->mn, sizeof(id->mn), "Rogue NVMe Controller");
	memcpy(id->fr, r->service.fw[r->service.fw_active - 1], sizeof(id->fr));
	id->rab = 3;
	id->mdts = r->mdts;
	id->cntlid = 1;
	id->ver = r->version;
	id->rtd3r = 1000000;
	id->rtd3e = 1000000;
	id->oaes = NVM_CTRL_OAES_NS_ATTR | NVM_CTRL_OAES_FW_ACT;
	id->ctratt = NVM_CTRL_CTRATT_128_ID;
	if (r->version >= NVM_VS(2, 0, 0))
		id->ctratt |= NVM_CTRL_CTRATT_ELBAS;
	if (r->version >= NVM_VS(1, 4, 0))
		id->cntrltype = NVM_CTRL_IO;
	id->crdt1 = 5;
	id->crdt2 = 20;
	id->crdt3 = 100;
	id->oacs = NVM_CTRL_OACS_FORMAT | NVM_CTRL_OACS_FW | NVM_CTRL_OACS_NS_MNGT_SUPP |
		   NVM_CTRL_OACS_SELF_TEST | (r->shadows ? NVM_CTRL_OACS_DBBUF_SUPP : 0) |
		   (r->opal.there ? NVM_CTRL_OACS_SEC_SUPP : 0);
	id->acl = 3;
	id->aerl = MAX_AER - 1;
	id->frmw = NVM_PREP(NVM_CTRL_FRMW_NOFS, FW_SLOTS) | NVM_CTRL_FRMW_FAWR;
	id->lpa = NVM_CTRL_LPA_CMD_EFFECTS_LOG | NVM_CTRL_LPA_EXTENDED_DATA |
		  NVM_CTRL_LPA_TELEMETRY | NVM_CTRL_LPA_PERSISTENT_EVENT;
	id->pels = 1;
	id->elpe = ARRAY_SIZE(r->errors) - 1;
	id->npss = r->power.nr - 1;
	id->avscc = 1;
	id->apsta = NVM_CTRL_APSTA_APST;
	id->wctemp = 343;
	id->cctemp = 353;
	id->mtfa = 50;
	id->hctma = NVM_CTRL_HCTMA_HCTM;
	id->mntmt = 303;
	id->mxtmt = 353;
	id->hmpre = 2048;
	id->hmmin = 16;
	id->edstt = 1;
	id->fwug = 1;
	id->kas = 0;
	id->sanicap = NVM_CTRL_SANICAP_CES | NVM_CTRL_SANICAP_BES | NVM_CTRL_SANICAP_OWS;
	id->sqes = 0x66;
	id->cqes = 0x44;
	id->nn = r->nn;
	id->oncs = NVM_CTRL_ONCS_COMPARE | NVM_CTRL_ONCS_WRITE_UNCORRECTABLE | NVM_CTRL_ONCS_DSM |
		   NVM_CTRL_ONCS_WRITE_ZEROES | NVM_CTRL_ONCS_RESERVATIONS |
		   NVM_CTRL_ONCS_TIMESTAMP | NVM_CTRL_ONCS_VERIFY | NVM_CTRL_ONCS_COPY;
	id->ocfs = 3;
	id->fuses = NVM_CTRL_FUSES_COMPARE_WRITE;
	id->fna = 0;
	id->vwc = r->vwc ? NVM_CTRL_VWC_PRESENT | NVM_CTRL_VWC_FLUSH_ALL_YES : 0;
	id->awun = 0;
	id->nwpc = NVM_CTRL_NWPC_WP;
	id->sgls = NVM_CTRL_SGLS_BYTE_ALIGNED | NVM_CTRL_SGLS_MPTR_CONTIG | NVM_CTRL_SGLS_MSDS;
	id->mnan = r->version >= NVM_VS(1, 4, 0) ? MAX_NS : 0;
	for (u32 i = 0; i < MAX_NS; i++)
		total += r->ns[i] ? r->ns[i]->bytes : 0;
	left = NS_BYTES_MAX - MIN(total, NS_BYTES_MAX);
	total += left;
	memcpy(id->tnvmcap, &total, sizeof(total));
	memcpy(id->unvmcap, &left, sizeof(left));
	snprintf(id->subnqn, sizeof(id->subnqn), "nqn.2026-11.org.example:%s",
		 r->name);
	for (u32 i = 0; i < r->power.nr; i++) {
		id->psd[i].max_power = states[i].power;
		id->psd[i].flags = states[i].flags;
		id->psd[i].entry_lat = states[i].entry;
		id->psd[i].exit_lat = states[i].exit;
		id->psd[i].read_tput = i;
		id->psd[i].read_lat = i;
		id->psd[i].write_tput = i;
		id->psd[i].write_lat = i;
	}
}

static void id_formats(const struct rogue *r, struct nvm_id_ns *id)
{
	id->nlbaf = ns_nr_formats(r) - 1;
	for (u32 i = 0; i <= id->nlbaf; i++) {
		id->lbaf[i].ds = ns_formats[i].shift;
		id->lbaf[i].ms = ns_formats[i].ms;
	}
	id->mc = NVM_MC_EXTENDED_LBA | NVM_MC_METADATA_PTR;
	id->dpc = NVM_NS_DPC_PI_TYPE1 | NVM_NS_DPC_PI_TYPE2 | NVM_NS_DPC_PI_TYPE3 |
		  NVM_NS_DPC_PI_FIRST | NVM_NS_DPC_PI_LAST;
}

static void id_ns(struct rogue *r, struct ns *n, struct nvm_id_ns *id)
{
	id->nsze = n->blocks;
	id->ncap = n->blocks;
	id->nuse = n->blocks;
	id_formats(r, id);
	id->flbas = n->format | (n->extended ? NVM_NS_FLBAS_META_EXT : 0);
	id->dps = n->pi | (n->pi_first ? NVM_NS_DPS_PI_FIRST : 0);
	id->mssrl = COPY_MSSRL;
	id->mcl = COPY_MCL;
	id->msrc = COPY_MSRC;
	id->rescap = 0x7f;
	id->dlfeat = NVM_NS_DLFEAT_READ_ZEROES | NVM_NS_DLFEAT_WZ_DEAC;
	id->nsattr = n->wp ? NVM_NS_ATTR_RO : 0;
	memcpy(id->nvmcap, &n->bytes, sizeof(n->bytes));
	memcpy(id->nguid, n->nguid, sizeof(id->nguid));
	memcpy(id->eui64, n->eui64, sizeof(id->eui64));
}

static u8 *descriptor(u8 *p, u8 type, const void *id, u8 len)
{
	p[0] = type;
	p[1] = len;
	memcpy(p + 4, id, len);
	return p + 4 + len;
}

static void id_descriptors(struct rogue *r, struct ns *n, u8 *p)
{
	u8 csi = NVM_CSI_NVM;

	p = descriptor(p, NVM_NIDT_EUI64, n->eui64, NVM_NIDT_EUI64_LEN);
	p = descriptor(p, NVM_NIDT_NGUID, n->nguid, NVM_NIDT_NGUID_LEN);
	p = descriptor(p, NVM_NIDT_UUID, n->uuid, NVM_NIDT_UUID_LEN);
	if (r->version >= NVM_VS(2, 0, 0))
		descriptor(p, NVM_NIDT_CSI, &csi, NVM_NIDT_CSI_LEN);
}

static void id_list(struct rogue *r, u32 above, bool allocated, u32 *list)
{
	u32 nr = 0;

	/* ns[] is in order of ids */
	for (u32 i = 0; i < MAX_NS; i++) {
		struct ns *n = r->ns[i];

		if (n && n->nsid > above && (allocated || n->attached))
			list[nr++] = n->nsid;
	}
}

static void id_cs_ns(struct nvm_id_ns_nvm *id)
{
	for (u32 i = 0; i < NR_FORMATS; i++) {
		if (ns_formats[i].guard64)
			id->elbaf[i] = NVM_PREP(NVM_ID_NS_NVM_PIF, NVM_NVM_NS_64B_GUARD);
	}
}

static void id_cs_indep(struct rogue *r, struct ns *n, struct nvm_id_ns_cs_indep *id)
{
	id->rescap = 0x7f;
	id->nsattr = n->wp ? NVM_NS_ATTR_RO : 0;
	id->nstat = r->media ? NVM_NSTAT_NRDY : 0;
}

/*
 * Fills one page. False: there is no such page, or no such namespace (*page tells nothing
 * then); a namespace that is not attached has a page of zeroes.
 */
bool identify_page(struct rogue *r, u32 cns, u32 nsid, u8 *page)
{
	struct nvm_ctrl_list *ctrls = (void *)page;
	struct ns *n = ns_attached(r, nsid), *any = ns_find(r, nsid);

	memset(page, 0, NVM_IDENTIFY_DATA_SIZE);
	switch (cns) {
	case NVM_ID_CNS_CTRL:
		id_ctrl(r, (void *)page);
		break;
	case NVM_ID_CNS_NS:
		if (n)
			id_ns(r, n, (void *)page);
		else if (nsid == NVM_NSID_ALL)
			id_formats(r, (void *)page);
		break;
	case NVM_ID_CNS_NS_ACTIVE_LIST:
	case NVM_ID_CNS_NS_ACTIVE_LIST_CS:
		id_list(r, nsid, false, (void *)page);
		break;
	case NVM_ID_CNS_NS_PRESENT_LIST:
	case NVM_ID_CNS_NS_PRESENT_LIST_CS:
		id_list(r, nsid, true, (void *)page);
		break;
	case NVM_ID_CNS_NS_DESC_LIST:
		if (!n)
			return false;
		id_descriptors(r, n, page);
		break;
	case NVM_ID_CNS_NS_PRESENT:
		if (any)
			id_ns(r, any, (void *)page);
		break;
	case NVM_ID_CNS_CTRL_NS_LIST:
		if (any && any->attached)
			ctrls->num = 1;
		ctrls->cntlid[0] = ctrls->num;
		break;
	case NVM_ID_CNS_CTRL_LIST:
		ctrls->num = 1;
		ctrls->cntlid[0] = 1;
		break;
	case NVM_ID_CNS_CS_NS:
		if (n)
			id_cs_ns((void *)page);
		break;
	case NVM_ID_CNS_CS_CTRL:
		break;
	case NVM_ID_CNS_NS_CS_INDEP:
		if (!n)
			return false;
		id_cs_indep(r, n, (void *)page);
		break;
	default:
		return false;
	}
	lies_apply(r, false, cns, nsid, page, NVM_IDENTIFY_DATA_SIZE);
	return true;
}

int identify_exec(struct rogue *r, struct cmd *c)
{
	u8 page[NVM_IDENTIFY_DATA_SIZE] __attribute__((aligned(8)));
	u32 cns = NVM_GET(NVM_IDENTIFY_CNS, c->sqe.cdw10);
	u32 csi = NVM_GET(NVM_IDENTIFY_CSI, c->sqe.cdw11);
	bool v2 = r->version >= NVM_VS(2, 0, 0);
	bool one_ns = cns == NVM_ID_CNS_NS || cns == NVM_ID_CNS_NS_DESC_LIST ||
		      cns == NVM_ID_CNS_CS_NS || cns == NVM_ID_CNS_NS_CS_INDEP ||
		      cns == NVM_ID_CNS_NS_PRESENT;

	if (!v2 && ((cns >= NVM_ID_CNS_CS_NS && cns <= NVM_ID_CNS_NS_CS_INDEP) || cns > 0x18))
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (v2 && csi && cns >= NVM_ID_CNS_CS_NS && cns <= NVM_ID_CNS_NS_ACTIVE_LIST_CS)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (one_ns && (!c->nsid || (c->nsid > r->nn && c->nsid != NVM_NSID_ALL)))
		return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
	if ((cns == NVM_ID_CNS_NS_ACTIVE_LIST || cns == NVM_ID_CNS_NS_PRESENT_LIST) &&
	    c->nsid >= 0xfffffffe)
		return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
	if (!identify_page(r, cns, c->nsid, page))
		return (one_ns ? NVM_SC_INVALID_NS : NVM_SC_INVALID_FIELD) | NVM_STATUS_DNR;
	if (cns == NVM_ID_CNS_CTRL)
		r->seen_mdts = ((struct nvm_id_ctrl *)page)->mdts;
	if (cns == NVM_ID_CNS_CS_CTRL)
		memcpy(&r->seen_limits, page, sizeof(r->seen_limits));
	if (cns == NVM_ID_CNS_NS && ns_attached(r, c->nsid))
		ns_attached(r, c->nsid)->noiob = ((struct nvm_id_ns *)page)->noiob;
	return data_out(r, c, page, sizeof(page));
}

/* ---- lies ------------------------------------------------------------------------------ */

struct field {
	const char *page, *name;
	u16 number, offset, len;
	bool text;
};

#define CTRL(f)	{ "ctrl", #f, NVM_ID_CNS_CTRL, offsetof(struct nvm_id_ctrl, f), \
		  sizeof(((struct nvm_id_ctrl *)0)->f), false }
#define TEXT(f)	{ "ctrl", #f, NVM_ID_CNS_CTRL, offsetof(struct nvm_id_ctrl, f), \
		  sizeof(((struct nvm_id_ctrl *)0)->f), true }
#define NS(f)	{ "ns", #f, NVM_ID_CNS_NS, offsetof(struct nvm_id_ns, f), \
		  sizeof(((struct nvm_id_ns *)0)->f), false }
#define SMART(f) { "smart", #f, NVM_LOG_SMART, offsetof(struct nvm_smart_log, f), \
		  sizeof(((struct nvm_smart_log *)0)->f), false }
#define FORMAT(n) \
	{ "ns", "lbaf" #n ".ms", NVM_ID_CNS_NS, \
	  offsetof(struct nvm_id_ns, lbaf[n].ms), 2, false }, \
	{ "ns", "lbaf" #n ".ds", NVM_ID_CNS_NS, offsetof(struct nvm_id_ns, lbaf[n].ds), 1, false }

static const struct field fields[] = {
	CTRL(vid), CTRL(ssvid), TEXT(sn), TEXT(mn), TEXT(fr), CTRL(rab), CTRL(cmic), CTRL(mdts),
	CTRL(cntlid), CTRL(ver), CTRL(rtd3r), CTRL(rtd3e), CTRL(oaes), CTRL(ctratt),
	CTRL(cntrltype),
	CTRL(crdt1), CTRL(crdt2), CTRL(crdt3), CTRL(oacs), CTRL(acl), CTRL(aerl), CTRL(frmw),
	CTRL(lpa), CTRL(elpe), CTRL(npss), CTRL(apsta), CTRL(wctemp), CTRL(cctemp), CTRL(mtfa),
	CTRL(hmpre), CTRL(hmmin), CTRL(tnvmcap), CTRL(unvmcap), CTRL(kas), CTRL(hctma), CTRL(mntmt),
	CTRL(mxtmt), CTRL(sanicap), CTRL(hmminds), CTRL(hmmaxd), CTRL(anatt), CTRL(anacap),
	CTRL(anagrpmax), CTRL(nanagrpid), CTRL(sqes), CTRL(cqes), CTRL(maxcmd), CTRL(nn),
	CTRL(oncs), CTRL(fuses), CTRL(fna), CTRL(vwc), CTRL(awun), CTRL(awupf), CTRL(nwpc),
	CTRL(acwu), CTRL(sgls), CTRL(mnan), TEXT(subnqn),
	NS(nsze), NS(ncap), NS(nuse), NS(nsfeat), NS(nlbaf), NS(flbas), NS(mc), NS(dpc), NS(dps),
	NS(nmic), NS(rescap), NS(fpi), NS(dlfeat), NS(nawun), NS(nawupf), NS(nacwu), NS(nabsn),
	NS(nabo), NS(nabspf), NS(noiob), NS(nvmcap), NS(npwg), NS(npwa), NS(npdg), NS(npda),
	NS(nows), NS(mssrl), NS(mcl), NS(msrc), NS(anagrpid), NS(nsattr), NS(nvmsetid), NS(endgid),
	NS(nguid), NS(eui64),
	FORMAT(0), FORMAT(1), FORMAT(2), FORMAT(3),
	SMART(critical_warning), SMART(temperature), SMART(avail_spare), SMART(spare_thresh),
	SMART(percent_used), SMART(media_errors), SMART(unsafe_shutdowns), SMART(temp_sensor),
};

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* A number, text, or bytes as hex digits. */
static const char *lie_value(struct lie *l, const struct json *v, bool is_text)
{
	size_t n;

	if (v->kind == JSON_NUMBER) {
		memset(l->bytes, v->negative ? 0xff : 0, sizeof(l->bytes));
		memcpy(l->bytes, &v->number, 8);
		return NULL;
	}
	if (v->kind != JSON_STRING)
		return "a value is a number or a string";
	n = strlen(v->string);
	if (is_text) {
		text((char *)l->bytes, l->len, v->string);
		return NULL;
	}
	if (n != 2 * (size_t)l->len)
		return "hex digits for all bytes of the field, please";
	for (u32 i = 0; i < l->len; i++) {
		int hi = hex(v->string[2 * i]), lo = hex(v->string[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return "hex digits, please";
		l->bytes[i] = hi << 4 | lo;
	}
	return NULL;
}

static const char *lie_add(struct rogue *r, struct lie new, const struct json *v, bool is_text)
{
	const char *error = lie_value(&new, v, is_text);
	struct lie *l;

	if (error)
		return error;
	for (l = r->lies; l; l = l->next) {
		if (l->log == new.log && l->page == new.page && l->nsid == new.nsid &&
		    l->offset == new.offset && l->len == new.len)
			break;
	}
	if (!l) {
		l = calloc(1, sizeof(*l));
		if (!l)
			return "no memory";
		l->next = r->lies;
		r->lies = l;
		new.next = l->next;
	} else {
		new.next = l->next;
	}
	*l = new;
	return NULL;
}

/*
 * {"do":"identify","page":"ctrl","set":{"mdts":0,"sn":"other"}}
 * {"do":"identify","cns":3,"nsid":1,"offset":4,"len":2,"value":"ffff"}
 * {"do":"log","page":"smart","set":{...}}, {"do":"log","lid":2,"offset":...}
 */
const char *identify_lie(struct rogue *r, const struct json *order)
{
	const struct json *set = json_get(order, "set"), *v;
	const char *page = json_string(order, "page"), *error = NULL;
	struct lie l = { .log = !strcmp(json_string(order, "do"), "log") };
	u64 n;

	if (json_number(order, "nsid", &n))
		l.nsid = n;
	if (json_true(order, "after_reset"))
		l.from = r->stats.enables + 1;
	if (!set) {
		v = json_get(order, "value");
		if (!v || !json_number(order, l.log ? "lid" : "cns", &n))
			return "a page and fields to set, or cns (lid), offset, len and value";
		l.page = n;
		if (json_number(order, "offset", &n))
			l.offset = MIN(n, 4096);
		if (!json_number(order, "len", &n) || !n || n > sizeof(l.bytes) ||
		    l.offset + n > 4096)
			return "no such bytes";
		l.len = n;
		return lie_add(r, l, v, false);
	}
	if (!page)
		page = l.log ? "smart" : "ctrl";
	for (v = set->child; v && !error; v = v->next) {
		const struct field *f = NULL;

		for (u32 i = 0; i < ARRAY_SIZE(fields); i++) {
			if (!strcmp(fields[i].page, page) && !strcmp(fields[i].name, v->name))
				f = &fields[i];
		}
		if (!f || l.log != !strcmp(page, "smart"))
			return "no such field";
		l.page = f->number;
		l.offset = f->offset;
		l.len = f->len;
		error = lie_add(r, l, v, f->text);
	}
	return error;
}

void lies_apply(struct rogue *r, bool log, u32 page, u32 nsid, u8 *data, u32 len)
{
	for (struct lie *l = r->lies; l; l = l->next) {
		if (r->stats.enables < l->from)
			continue;
		if (l->log == log && l->page == page && (!l->nsid || l->nsid == nsid) &&
		    l->offset + l->len <= len)
			memcpy(data + l->offset, l->bytes, l->len);
	}
}

void identify_forget_lies(struct rogue *r)
{
	while (r->lies) {
		struct lie *l = r->lies;

		r->lies = l->next;
		free(l);
	}
}
