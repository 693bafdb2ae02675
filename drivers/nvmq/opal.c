// SPDX-License-Identifier: GPL-2.0
/*
 * Self-encrypting drives (TCG Opal). The kernel's sed-opal speaks the protocol; here are the two
 * commands that carry it (NVMe Base 5.25, 5.26). Users come by the ioctls of a namespace's disk.
 *
 * A drive that lost its power is locked. The passwords that users gave to the kernel for that
 * (IOC_OPAL_SAVE) unlock it at resume, before any I/O is sent.
 */
#include <linux/ioctl.h>
#include <linux/sed-opal.h>

#include "admin.h"
#include "cmd.h"
#include "opal.h"

/* Security Send and Receive, cdw10: protocol, and what is specific to that. */
#define NVMQ_OPAL_SECP NVM_MASK(31, 24)
#define NVMQ_OPAL_SPSP NVM_MASK(23, 8)

/* sed-opal has a message, or wants the answer. Returns 0, -errno, or the NVMe status. */
static int nvmq_opal_transfer(void *data, u16 spsp, u8 secp, void *buf, size_t len, bool send)
{
	struct nvm_sqe cmd;

	nvmq_cmd_simple(&cmd, send ? NVM_ADMIN_SECURITY_SEND : NVM_ADMIN_SECURITY_RECV, 0);
	cmd.cdw10 = cpu_to_le32(NVM_PREP(NVMQ_OPAL_SECP, (u32)secp) |
				NVM_PREP(NVMQ_OPAL_SPSP, (u32)spsp));
	cmd.cdw11 = cpu_to_le32(len);
	return nvmq_admin_cmd(data, &cmd, buf, len, NULL);
}

/**
 * nvmq_opal_configure - find out whether it is an Opal drive; unlock it after a suspend
 * @ctrl: controller that was identified
 *
 * Context: bring-up, may sleep.
 */
void nvmq_opal_configure(struct nvmq_ctrl *ctrl)
{
	bool woken = test_and_clear_bit(NVMQ_CF_WOKEN, &ctrl->flags);

	if (!IS_ENABLED(CONFIG_BLK_SED_OPAL) || !(ctrl->oacs & NVM_CTRL_OACS_SEC_SUPP))
		return;
	if (!ctrl->opal)
		WRITE_ONCE(ctrl->opal, init_opal_dev(ctrl, nvmq_opal_transfer));
	else if (woken && opal_unlock_from_suspend(ctrl->opal))
		nvmq_warn(ctrl, "cannot be unlocked with the passwords that were saved\n");
}

/**
 * nvmq_opal_free - forget passwords, and what else sed-opal has
 * @ctrl: controller, or NULL in @ctrl->opal
 *
 * Context: nobody refers to the controller any more; may sleep.
 */
void nvmq_opal_free(struct nvmq_ctrl *ctrl)
{
	free_opal_dev(ctrl->opal);
	ctrl->opal = NULL;
}
