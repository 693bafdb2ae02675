// SPDX-License-Identifier: GPL-2.0
/* Admin commands: who answers which; and the small ones. */
#include "rogue.h"

static int self_test(struct rogue *r, struct cmd *c)
{
	u8 code = c->sqe.cdw10 & 0xf;

	if (code == 0xf) {
		r->selftest_until = 0;
		r->selftest = 0;
		return 0;
	}
	if (code != 1 && code != 2)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (r->selftest_until > now_ms())
		return NVM_SC_SELF_TEST_IN_PROGRESS;
	r->selftest = code;
	r->selftest_until = now_ms() + (code == 1 ? 2000 : 10000);
	return 0;
}

static int sanitize(struct rogue *r, struct cmd *c)
{
	u8 action = c->sqe.cdw10 & 7;

	if (action == 1)			/* exit failure mode */
		return 0;
	if (action < 2 || action > 4)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (r->sanitize_until > now_ms())
		return NVM_SC_SANITIZE_IN_PROGRESS | NVM_STATUS_DNR;
	for (u32 i = 0; i < MAX_NS && r->ns[i]; i++)
		ns_wipe(r->ns[i]);
	r->sanitize_until = now_ms() + r->sanitize_ms;
	return 0;
}

static int firmware(struct rogue *r, struct cmd *c)
{
	static u8 scrap[MAX_TRANSFER];
	u64 len = ((u64)c->sqe.cdw10 + 1) * 4;

	if (c->opcode == NVM_ADMIN_DOWNLOAD_FW) {
		if (len > sizeof(scrap))
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		return data_in(r, c, scrap, len);
	}
	switch (NVM_GET(NVM_FW_COMMIT_CA, c->sqe.cdw10)) {
	case 3:
		/* activated at once, with a short pause: what CSTS.PP and the event are for */
		if (r->feat.dw[NVM_FEAT_ASYNC_EVENT] & NVM_AEN_CFG_FW_ACT)
			event_post(r, NVM_AER_NOTICE, NVM_AER_NOTICE_FW_ACT_STARTING,
				   NVM_LOG_FW_SLOT);
		regs_pause(r, r->knobs.activation_ms);
		return 0;
	case 1:
	case 2:
		return NVM_SC_FW_NEEDS_RESET;
	}
	return 0;
}

/* Sanitize lets only a few commands through. */
static bool allowed_in_sanitize(u8 opcode)
{
	switch (opcode) {
	case NVM_ADMIN_DELETE_SQ:
	case NVM_ADMIN_CREATE_SQ:
	case NVM_ADMIN_GET_LOG_PAGE:
	case NVM_ADMIN_DELETE_CQ:
	case NVM_ADMIN_CREATE_CQ:
	case NVM_ADMIN_IDENTIFY:
	case NVM_ADMIN_ABORT_CMD:
	case NVM_ADMIN_SET_FEATURES:
	case NVM_ADMIN_GET_FEATURES:
	case NVM_ADMIN_ASYNC_EVENT:
	case NVM_ADMIN_KEEP_ALIVE:
	case NVM_ADMIN_SANITIZE_NVM:
		return true;
	}
	return false;
}

int admin_exec(struct rogue *r, struct cmd *c)
{
	r->stats.admin[c->opcode]++;
	if (r->sanitize_until > now_ms() && !allowed_in_sanitize(c->opcode))
		return NVM_SC_SANITIZE_IN_PROGRESS;
	switch (c->opcode) {
	case NVM_ADMIN_DELETE_SQ:
		return queue_delete_sq(r, c);
	case NVM_ADMIN_CREATE_SQ:
		return queue_create_sq(r, c);
	case NVM_ADMIN_DELETE_CQ:
		return queue_delete_cq(r, c);
	case NVM_ADMIN_CREATE_CQ:
		return queue_create_cq(r, c);
	case NVM_ADMIN_GET_LOG_PAGE:
		return log_get(r, c);
	case NVM_ADMIN_IDENTIFY:
		return identify_exec(r, c);
	case NVM_ADMIN_ABORT_CMD:
		return queue_abort(r, c);
	case NVM_ADMIN_SET_FEATURES:
		return feature_set(r, c);
	case NVM_ADMIN_GET_FEATURES:
		return feature_get(r, c);
	case NVM_ADMIN_ASYNC_EVENT:
		return event_request(r, c);
	case NVM_ADMIN_KEEP_ALIVE:
		return 0;
	case NVM_ADMIN_DBBUF:
		return shadow_config(r, c);
	case NVM_ADMIN_NS_MGMT:
		return ns_mgmt(r, c);
	case NVM_ADMIN_NS_ATTACH:
		return ns_attach(r, c);
	case NVM_ADMIN_FORMAT_NVM:
		return ns_format(r, c);
	case NVM_ADMIN_DEV_SELF_TEST:
		return self_test(r, c);
	case NVM_ADMIN_SANITIZE_NVM:
		return sanitize(r, c);
	case NVM_ADMIN_SECURITY_SEND:
		return tcg_send(r, c);
	case NVM_ADMIN_SECURITY_RECV:
		return tcg_receive(r, c);
	case NVM_ADMIN_DOWNLOAD_FW:
	case NVM_ADMIN_ACTIVATE_FW:
		return firmware(r, c);
	}
	return NVM_SC_INVALID_OPCODE | NVM_STATUS_DNR;
}
