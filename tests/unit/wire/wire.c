// SPDX-License-Identifier: GPL-2.0
/*
 * Our wire headers beside the kernel's own. pairs.h, which pairs.awk writes, compares
 * whatever both have; that this file compiles is the test. The module does nothing.
 */
#include <linux/module.h>
#include <linux/nvme.h>

#include <nvme/cmd.h>
#include <nvme/event.h>
#include <nvme/feature.h>
#include <nvme/identify.h>
#include <nvme/log.h>
#include <nvme/names.h>
#include <nvme/regs.h>
#include <nvme/status.h>

#define SAME_SIZE(ours, theirs) \
	static_assert(sizeof(struct ours) == sizeof(struct theirs), \
		      "size of " #ours ", " #theirs)
#define SAME_FIELD(ours, our_field, theirs, their_field) \
	static_assert(offsetof(struct ours, our_field) == offsetof(struct theirs, their_field) && \
		      sizeof(((struct ours *)0)->our_field) == \
		      sizeof(((struct theirs *)0)->their_field), \
		      #ours "." #our_field)
#define SAME_START(ours, our_field, theirs, their_field) \
	static_assert(offsetof(struct ours, our_field) == offsetof(struct theirs, their_field), \
		      #ours "." #our_field)
#define SAME_VALUE(ours, theirs) \
	static_assert((unsigned long long)(ours) == (unsigned long long)(theirs), #ours)

#include "pairs.h"

/* Where the two cut differently: one entry for all commands here, a union of them there. */
SAME_SIZE(nvm_sqe, nvme_command);
SAME_FIELD(nvm_sqe, opcode, nvme_common_command, opcode);
SAME_FIELD(nvm_sqe, flags, nvme_common_command, flags);
SAME_FIELD(nvm_sqe, cid, nvme_common_command, command_id);
SAME_FIELD(nvm_sqe, nsid, nvme_common_command, nsid);
SAME_FIELD(nvm_sqe, cdw2, nvme_common_command, cdw2[0]);
SAME_FIELD(nvm_sqe, cdw3, nvme_common_command, cdw2[1]);
SAME_FIELD(nvm_sqe, mptr, nvme_common_command, metadata);
SAME_FIELD(nvm_sqe, prp1, nvme_common_command, dptr.prp1);
SAME_FIELD(nvm_sqe, prp2, nvme_common_command, dptr.prp2);
SAME_FIELD(nvm_sqe, sgl, nvme_common_command, dptr.sgl);
SAME_FIELD(nvm_sqe, cdw10, nvme_common_command, cdw10);
SAME_FIELD(nvm_sqe, cdw11, nvme_common_command, cdw11);
SAME_FIELD(nvm_sqe, cdw12, nvme_common_command, cdw12);
SAME_FIELD(nvm_sqe, cdw13, nvme_common_command, cdw13);
SAME_FIELD(nvm_sqe, cdw14, nvme_common_command, cdw14);
SAME_FIELD(nvm_sqe, cdw15, nvme_common_command, cdw15);

SAME_SIZE(nvm_cqe, nvme_completion);
SAME_FIELD(nvm_cqe, result, nvme_completion, result);
SAME_FIELD(nvm_cqe, sq_head, nvme_completion, sq_head);
SAME_FIELD(nvm_cqe, sq_id, nvme_completion, sq_id);
SAME_FIELD(nvm_cqe, cid, nvme_completion, command_id);
SAME_FIELD(nvm_cqe, status, nvme_completion, status);

SAME_SIZE(nvm_fw_slot_log, nvme_fw_slot_info_log);
SAME_START(nvm_fw_slot_log, frs, nvme_fw_slot_info_log, frs);

/* Masks in the register here, values of the field there. */
SAME_VALUE(NVM_GET(NVM_CAP_CSS, NVM_CAP_CSS_NVM), NVME_CAP_CSS_NVM);
SAME_VALUE(NVM_GET(NVM_CAP_CSS, NVM_CAP_CSS_CSI), NVME_CAP_CSS_CSI);
SAME_VALUE(NVM_PREP(NVM_CC_IOSQES, NVM_IOSQES), NVME_CC_IOSQES);
SAME_VALUE(NVM_PREP(NVM_CC_IOCQES, NVM_IOCQES), NVME_CC_IOCQES);
/* the byte here, its high nibble there */
SAME_VALUE(NVM_GET(NVM_SGL_TYPE, NVM_SGL_FMT_SEG_DESC), NVME_SGL_FMT_SEG_DESC);
SAME_VALUE(NVM_GET(NVM_SGL_TYPE, NVM_SGL_FMT_LAST_SEG_DESC), NVME_SGL_FMT_LAST_SEG_DESC);
/* an int with bit 31 set there */
SAME_VALUE(NVM_AEN_CFG_DISC_CHANGE, (u32)NVME_AEN_CFG_DISC_CHANGE);

MODULE_DESCRIPTION("Comparison of the NVMe wire headers");
MODULE_LICENSE("GPL");
