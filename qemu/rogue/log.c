// SPDX-License-Identifier: GPL-2.0
/* Log pages. */
#include "rogue.h"

#define LOG_MAX		(4096 + 512 * 16)
_Static_assert(512 + PEL_EVENTS * 76 <= LOG_MAX, "all events fit");

static void put128(u8 *to, u64 v)
{
	memset(to, 0, 16);
	memcpy(to, &v, sizeof(v));
}

static u32 smart(struct rogue *r, u8 *p)
{
	struct nvm_smart_log *s = (void *)p;

	*s = r->smart;
	put128(s->data_units_read, (r->stats.bytes_read + 511999) / 512000);
	put128(s->data_units_written, (r->stats.bytes_written + 511999) / 512000);
	put128(s->host_reads, r->stats.io[NVM_CMD_READ]);
	put128(s->host_writes, r->stats.io[NVM_CMD_WRITE]);
	put128(s->num_err_log_entries, r->nr_errors);
	return sizeof(*s);
}

static u32 errors(struct rogue *r, u8 *p)
{
	struct nvm_error_log_entry *e = (void *)p;
	u32 size = ARRAY_SIZE(r->errors), n = 0;

	for (u64 i = r->nr_errors; i && n < size; i--)
		e[n++] = r->errors[(i - 1) % size];
	return sizeof(r->errors);
}

void log_error(struct rogue *r, const struct cmd *c, u16 status)
{
	struct nvm_error_log_entry *e = &r->errors[r->nr_errors % ARRAY_SIZE(r->errors)];

	memset(e, 0, sizeof(*e));
	e->error_count = ++r->nr_errors;
	e->sqid = c->sq->qid;
	e->cid = c->sqe.cid;
	e->status = status << 1;
	e->param_error_loc = 0xffff;
	e->nsid = c->nsid;
	if (c->sq->qid)
		e->lba = (u64)c->sqe.cdw11 << 32 | c->sqe.cdw10;
}

static u32 effects(u8 *p)
{
	static const u8 io[] = {
		NVM_CMD_FLUSH, NVM_CMD_READ, NVM_CMD_COMPARE, NVM_CMD_VERIFY,
		NVM_CMD_RESV_REGISTER, NVM_CMD_RESV_REPORT, NVM_CMD_RESV_ACQUIRE,
		NVM_CMD_RESV_RELEASE,
	};
	static const u8 io_changes[] = {
		NVM_CMD_WRITE, NVM_CMD_WRITE_UNCOR, NVM_CMD_WRITE_ZEROES, NVM_CMD_DSM,
		NVM_CMD_COPY,
	};
	static const u8 admin[] = {
		NVM_ADMIN_DELETE_SQ, NVM_ADMIN_CREATE_SQ, NVM_ADMIN_GET_LOG_PAGE,
		NVM_ADMIN_DELETE_CQ, NVM_ADMIN_CREATE_CQ, NVM_ADMIN_IDENTIFY, NVM_ADMIN_ABORT_CMD,
		NVM_ADMIN_SET_FEATURES, NVM_ADMIN_GET_FEATURES, NVM_ADMIN_ASYNC_EVENT,
		NVM_ADMIN_ACTIVATE_FW, NVM_ADMIN_DOWNLOAD_FW, NVM_ADMIN_DEV_SELF_TEST,
		NVM_ADMIN_KEEP_ALIVE, NVM_ADMIN_SECURITY_SEND, NVM_ADMIN_SECURITY_RECV,
	};
	struct nvm_effects_log *l = (void *)p;
	u32 alone = NVM_CMD_EFFECTS_CSE_ALONE;

	for (u32 i = 0; i < ARRAY_SIZE(admin); i++)
		l->acs[admin[i]] = NVM_CMD_EFFECTS_CSUPP;
	for (u32 i = 0; i < ARRAY_SIZE(io); i++)
		l->iocs[io[i]] = NVM_CMD_EFFECTS_CSUPP;
	for (u32 i = 0; i < ARRAY_SIZE(io_changes); i++)
		l->iocs[io_changes[i]] = NVM_CMD_EFFECTS_CSUPP | NVM_CMD_EFFECTS_LBCC;
	l->acs[NVM_ADMIN_NS_MGMT] = NVM_CMD_EFFECTS_CSUPP | NVM_CMD_EFFECTS_NIC | alone;
	l->acs[NVM_ADMIN_NS_ATTACH] = NVM_CMD_EFFECTS_CSUPP | NVM_CMD_EFFECTS_NIC;
	l->acs[NVM_ADMIN_FORMAT_NVM] = NVM_CMD_EFFECTS_CSUPP | NVM_CMD_EFFECTS_LBCC |
				       NVM_CMD_EFFECTS_NCC | alone;
	l->acs[NVM_ADMIN_SANITIZE_NVM] = NVM_CMD_EFFECTS_CSUPP | NVM_CMD_EFFECTS_LBCC | alone;
	return sizeof(*l);
}

static u32 changed_ns(struct rogue *r, u8 *p, bool retain)
{
	memcpy(p, r->changed_ns, r->nr_changed_ns * sizeof(u32));
	if (!retain)
		r->nr_changed_ns = 0;
	return sizeof(r->changed_ns);
}

static u32 supported(u8 *p)
{
	static const u8 lids[] = {
		NVM_LOG_SUPPORTED, NVM_LOG_ERROR, NVM_LOG_SMART, NVM_LOG_FW_SLOT,
		NVM_LOG_CHANGED_NS, NVM_LOG_CMD_EFFECTS, NVM_LOG_DEVICE_SELF_TEST,
		NVM_LOG_TELEMETRY_HOST, NVM_LOG_TELEMETRY_CTRL, NVM_LOG_PERSISTENT_EVENT,
		NVM_LOG_RESERVATION, NVM_LOG_SANITIZE,
	};

	for (u32 i = 0; i < ARRAY_SIZE(lids); i++)
		p[4 * lids[i]] = 1;
	return 1024;
}

/* The oldest that was not read; reading takes it away. */
static u32 reservation(struct rogue *r, u8 *p, bool retain)
{
	struct nvm_resv_log *l = (void *)p;

	if (!r->nr_resv_log)
		return sizeof(*l);
	l->lpc = ++r->resv_log_count;
	l->rnlpt = r->resv_log[0].type;
	l->nalp = r->nr_resv_log - 1;
	l->nsid = r->resv_log[0].nsid;
	if (!retain)
		memmove(r->resv_log, r->resv_log + 1, --r->nr_resv_log * sizeof(*r->resv_log));
	return sizeof(*l);
}

int log_get(struct rogue *r, struct cmd *c)
{
	static u8 page[LOG_MAX] __attribute__((aligned(8)));
	u8 lid = NVM_GET(NVM_LOG_LID, c->sqe.cdw10);
	bool retain = c->sqe.cdw10 & NVM_LOG_RAE;
	u64 len = NVM_GET(NVM_LOG_NUMDL, c->sqe.cdw10) |
		  (u64)NVM_GET(NVM_LOG_NUMDU, c->sqe.cdw11) << 16;
	u64 offset = (u64)c->sqe.cdw13 << 32 | c->sqe.cdw12;
	u32 size;
	int status;

	len = (len + 1) * 4;
	memset(page, 0, sizeof(page));
	switch (lid) {
	case NVM_LOG_SUPPORTED:
		if (r->version < NVM_VS(2, 0, 0))
			return NVM_SC_INVALID_LOG_PAGE | NVM_STATUS_DNR;
		size = supported(page);
		break;
	case NVM_LOG_ERROR:
		size = errors(r, page);
		break;
	case NVM_LOG_SMART:
		size = smart(r, page);
		break;
	case NVM_LOG_FW_SLOT:
		size = service_firmware_log(r, page);
		break;
	case NVM_LOG_CHANGED_NS:
		size = changed_ns(r, page, retain);
		break;
	case NVM_LOG_CMD_EFFECTS:
		size = effects(page);
		break;
	case NVM_LOG_DEVICE_SELF_TEST:
		size = service_selftest_log(r, page);
		break;
	case NVM_LOG_TELEMETRY_HOST:
	case NVM_LOG_TELEMETRY_CTRL:
		size = service_telemetry_log(r, c, page);
		break;
	case NVM_LOG_PERSISTENT_EVENT:
		status = pel_log(r, c, page, &size);
		if (status)
			return status;
		break;
	case NVM_LOG_RESERVATION:
		size = reservation(r, page, retain);
		break;
	case NVM_LOG_SANITIZE:
		size = service_sanitize_log(r, page);
		break;
	default:
		return NVM_SC_INVALID_LOG_PAGE | NVM_STATUS_DNR;
	}
	lies_apply(r, true, lid, c->nsid, page, size);
	if (offset & 3 || offset > size)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	/* behind the end of a page, there are zeroes */
	if (offset + len > sizeof(page)) {
		if (len > MAX_TRANSFER || offset + len > size + 4096ULL * 256)
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		len = MIN(len, sizeof(page) - offset);
	}
	status = data_out(r, c, page + offset, len);
	if (!status && !retain)
		event_log_was_read(r, lid);
	return status;
}
