// SPDX-License-Identifier: GPL-2.0
/* Admin commands: who answers which. */
#include "rogue.h"

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
	if (r->service.sanitize >= SANITIZE_RUNNING && !allowed_in_sanitize(c->opcode))
		return r->service.sanitize == SANITIZE_RUNNING ? NVM_SC_SANITIZE_IN_PROGRESS :
								 NVM_SC_SANITIZE_FAILED;
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
		return service_selftest(r, c);
	case NVM_ADMIN_SANITIZE_NVM:
		return service_sanitize(r, c);
	case NVM_ADMIN_SECURITY_SEND:
		return tcg_send(r, c);
	case NVM_ADMIN_SECURITY_RECV:
		return tcg_receive(r, c);
	case NVM_ADMIN_DOWNLOAD_FW:
		return service_download(r, c);
	case NVM_ADMIN_ACTIVATE_FW:
		return service_firmware(r, c);
	}
	return NVM_SC_INVALID_OPCODE | NVM_STATUS_DNR;
}
