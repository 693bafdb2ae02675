// SPDX-License-Identifier: GPL-2.0
/* What a controller does to itself, and takes its time for: self-test, sanitize, firmware. */
#include "rogue.h"

static void revision(char *to, const void *from)
{
	memcpy(to, from, 8);
	to[8] = 0;
	for (u32 i = 0; i < 8; i++) {
		if (to[i] < ' ' || to[i] > '~')
			to[i] = ' ';
	}
}

void service_init(struct rogue *r)
{
	r->service = (struct service){ .sanitize_ms = 2000, .fw_active = 1 };
	revision(r->service.fw[0], "1       ");
	revision(r->service.fw[1], "        ");
}

/* ---- self-test ----------------------------------------------------------------------------- */

static void selftest_end(struct service *s, u8 result)
{
	memmove(s->results + 1, s->results, sizeof(s->results) - 1);
	s->results[0] = s->selftest << 4 | result;
	if (s->nr_results < ARRAY_SIZE(s->results))
		s->nr_results++;
	s->selftest = 0;
}

int service_selftest(struct rogue *r, struct cmd *c)
{
	struct service *s = &r->service;
	u8 code = c->sqe.cdw10 & 0xf;

	if (code == 0xf) {
		if (s->selftest)
			selftest_end(s, 1);
		return 0;
	}
	if (code != 1 && code != 2)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (s->selftest)
		return NVM_SC_SELF_TEST_IN_PROGRESS;
	s->selftest = code;
	s->selftest_from = now_ms();
	s->selftest_until = regs_after(s->selftest_ms ? s->selftest_ms : code == 1 ? 2000 : 10000);
	return 0;
}

u32 service_selftest_log(struct rogue *r, u8 *p)
{
	struct nvm_self_test_log *l = (void *)p;
	struct service *s = &r->service;

	for (u32 i = 0; i < ARRAY_SIZE(l->result); i++)
		l->result[i].dsts = i < s->nr_results ? s->results[i] : 0xf;
	if (s->selftest) {
		l->cdsto = s->selftest;
		l->cdstc = (now_ms() - s->selftest_from) * 100 /
			   (s->selftest_until - s->selftest_from);
	}
	return sizeof(*l);
}

/* ---- sanitize --------------------------------------------------------------------------------- */

static void sanitize_end(struct rogue *r)
{
	struct service *s = &r->service;
	u16 data[4] = { 0xffff };

	s->sanitize = s->sanitize_fails ? SANITIZE_FAILED : SANITIZE_DONE;
	data[1] = s->sanitize;
	pel_add(r, PEL_SANITIZE_END, data, sizeof(data));
	event_post(r, NVM_AER_CSS, NVM_AER_CSS_SANITIZE_DONE, NVM_LOG_SANITIZE);
}

int service_sanitize(struct rogue *r, struct cmd *c)
{
	struct service *s = &r->service;
	u32 data[3] = { 7, c->sqe.cdw10, c->sqe.cdw11 };
	u8 action = c->sqe.cdw10 & 7;

	if (!action || action > 4)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (s->sanitize == SANITIZE_RUNNING)
		return NVM_SC_SANITIZE_IN_PROGRESS | NVM_STATUS_DNR;
	if (action == 1) {			/* exit failure mode */
		if (s->sanitize == SANITIZE_FAILED)
			s->sanitize = SANITIZE_NEVER;
		return 0;
	}
	for (u32 i = 0; i < MAX_NS && r->ns[i]; i++)
		ns_wipe(r->ns[i]);
	s->sanitize = SANITIZE_RUNNING;
	s->sanitize_until = regs_after(s->sanitize_ms);
	s->sanitize_dw10 = c->sqe.cdw10;
	pel_add(r, PEL_SANITIZE_START, data, sizeof(data));
	return 0;
}

u32 service_sanitize_log(struct rogue *r, u8 *p)
{
	struct nvm_sanitize_log *l = (void *)p;
	struct service *s = &r->service;
	u64 now = now_ms();

	l->sprog = 0xffff;
	if (s->sanitize == SANITIZE_RUNNING && s->sanitize_until > now)
		l->sprog = 0xffff - (s->sanitize_until - now) * 0xffff / (s->sanitize_ms | 1);
	l->sstat = s->sanitize;
	l->scdw10 = s->sanitize_dw10;
	l->eto = 0xffffffff;
	l->etbe = 0xffffffff;
	l->etce = 0xffffffff;
	return sizeof(*l);
}

/* ---- firmware ---------------------------------------------------------------------------------- */

/* An image is as good as any other; its first eight bytes are what it is called. */
int service_download(struct rogue *r, struct cmd *c)
{
	static u8 data[MAX_TRANSFER];
	u64 len = ((u64)c->sqe.cdw10 + 1) * 4, at = (u64)c->sqe.cdw11 * 4;
	int status;

	if (len > sizeof(data))
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	status = data_in(r, c, data, len);
	if (!status && !c->sqe.cdw11 && len >= 8)
		revision(r->service.image, data);
	if (!status && at < BOOT_BYTES)
		memcpy(r->service.download + at, data, MIN(len, BOOT_BYTES - at));
	return status;
}

/* What was downloaded is a boot partition, or one of them is to be booted from. */
static int boot_commit(struct rogue *r, u32 action, u32 id)
{
	struct service *s = &r->service;

	if (action == 6) {
		memcpy(s->boot[id], s->download, BOOT_BYTES);
		memset(s->download, 0, sizeof(s->download));
		*s->image = 0;
	} else {
		s->boot_active = id;
	}
	return 0;
}

u32 service_boot_info(const struct rogue *r)
{
	return NVM_PREP(NVM_BPINFO_BPSZ, BOOT_BYTES / BOOT_UNIT) | r->service.boot_status |
	       (r->service.boot_active ? NVM_BPINFO_ABPID : 0);
}

/* BPRSEL: done when the write is. */
void service_boot_read(struct rogue *r, u32 select)
{
	struct service *s = &r->service;
	u64 len = NVM_GET(NVM_BPRSEL_BPRSZ, select) * 4096ULL;
	u64 at = NVM_GET(NVM_BPRSEL_BPROF, select) * 4096ULL;
	const u8 *from = s->boot[!!(select & NVM_BPRSEL_BPID)];

	s->boot_status = NVM_BPINFO_BRS_ERROR;
	if (s->boot_buffer & 4095) {
		breach(r, "a boot partition's buffer is not page aligned", "BPMBL %llx",
		       (unsigned long long)s->boot_buffer);
		return;
	}
	if (!len || at >= BOOT_BYTES || len > BOOT_BYTES - at) {
		breach(r, "more is read of a boot partition than there is", "BPRSEL %08x", select);
		return;
	}
	for (u64 done = 0; done < len; done += 4096) {
		if (!dma_write(r, s->boot_buffer + done, from + at + done, 4096))
			return;
	}
	s->boot_status = NVM_BPINFO_BRS_DONE;
}

int service_firmware(struct rogue *r, struct cmd *c)
{
	struct service *s = &r->service;
	u32 slot = NVM_GET(NVM_FW_COMMIT_FS, c->sqe.cdw10);
	u32 action = NVM_GET(NVM_FW_COMMIT_CA, c->sqe.cdw10);

	if (action == 6 || action == 7)
		return boot_commit(r, action, !!(c->sqe.cdw10 & NVM_FW_COMMIT_BPID));
	slot = slot ? slot : 1;
	if (slot > FW_SLOTS)
		return NVM_SC_FIRMWARE_SLOT | NVM_STATUS_DNR;
	if (action > 3)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (action != 2 && *s->image) {
		memcpy(s->fw[slot - 1], s->image, sizeof(s->image));
		*s->image = 0;
	}
	switch (action) {
	case 3:
		/* activated at once, with a short pause: what CSTS.PP and the event are for */
		s->fw_active = slot;
		if (r->feat.dw[NVM_FEAT_ASYNC_EVENT] & NVM_AEN_CFG_FW_ACT)
			event_post(r, NVM_AER_NOTICE, NVM_AER_NOTICE_FW_ACT_STARTING,
				   NVM_LOG_FW_SLOT);
		regs_pause(r, r->knobs.activation_ms);
		return 0;
	case 1:
	case 2:
		s->fw_next = slot;
		return NVM_SC_FW_NEEDS_RESET;
	}
	return 0;
}

u32 service_firmware_log(struct rogue *r, u8 *p)
{
	struct nvm_fw_slot_log *l = (void *)p;
	struct service *s = &r->service;

	l->afi = s->fw_active | s->fw_next << 4;
	for (u32 i = 0; i < FW_SLOTS; i++)
		memcpy(l->frs[i], s->fw[i], sizeof(l->frs[i]));
	return sizeof(*l);
}

/* ---- telemetry --------------------------------------------------------------------------------- */

/* Eight blocks, each full of its number, and the generation in its first byte. */
u32 service_telemetry_log(struct rogue *r, struct cmd *c, u8 *p)
{
	u8 lid = NVM_GET(NVM_LOG_LID, c->sqe.cdw10), generation;
	struct nvm_telemetry_log *l = (void *)p;
	struct service *s = &r->service;
	bool host = lid == NVM_LOG_TELEMETRY_HOST;

	if (host && NVM_GET(NVM_LOG_LSP, c->sqe.cdw10) & NVM_TELEMETRY_LSP_CREATE)
		s->telemetry_host++;
	generation = host ? s->telemetry_host : s->telemetry_ctrl;
	l->lid = lid;
	l->dalb1 = 2;
	l->dalb2 = 4;
	l->dalb3 = 8;
	l->hostdgn = s->telemetry_host;
	l->ctrlavail = s->telemetry_waits;
	l->ctrldgn = s->telemetry_ctrl;
	memcpy(l->rsnident, "an order", 8);
	for (u32 i = 1; i <= 8; i++) {
		memset(p + i * NVM_TELEMETRY_BLOCK, i, NVM_TELEMETRY_BLOCK);
		p[i * NVM_TELEMETRY_BLOCK] = generation;
	}
	if (!host && !(c->sqe.cdw10 & NVM_LOG_RAE))
		s->telemetry_waits = false;
	return 9 * NVM_TELEMETRY_BLOCK;
}

/* {"do":"telemetry"}: the controller has something to say */
const char *service_telemetry(struct rogue *r, const struct json *o)
{
	(void)o;
	r->service.telemetry_ctrl++;
	r->service.telemetry_waits = true;
	if (r->feat.dw[NVM_FEAT_ASYNC_EVENT] & NVM_AEN_CFG_TELEMETRY)
		event_post(r, NVM_AER_NOTICE, NVM_AER_NOTICE_TELEMETRY, NVM_LOG_TELEMETRY_CTRL);
	return NULL;
}

/* ---- time --------------------------------------------------------------------------------------- */

void service_reset(struct rogue *r)
{
	struct service *s = &r->service;

	if (s->selftest == 1)
		selftest_end(s, 2);
	if (s->fw_next)
		s->fw_active = s->fw_next;
	s->fw_next = 0;
}

void service_time(struct rogue *r, u64 now)
{
	struct service *s = &r->service;

	if (s->selftest && s->selftest_until <= now)
		selftest_end(s, s->selftest_fails ? 7 : 0);
	if (s->sanitize == SANITIZE_RUNNING && s->sanitize_until <= now)
		sanitize_end(r);
}

u64 service_next(struct rogue *r)
{
	struct service *s = &r->service;
	u64 next = s->selftest ? s->selftest_until : NEVER;

	return s->sanitize == SANITIZE_RUNNING ? MIN(next, s->sanitize_until) : next;
}
