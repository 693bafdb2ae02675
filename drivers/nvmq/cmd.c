// SPDX-License-Identifier: GPL-2.0
/* What a status means to the block layer, and to a reader of the log. */
#include <linux/kernel.h>

#include <nvme/names.h>

#include "cmd.h"

/* Statuses that are not listed are BLK_STS_IOERR. Several to a verdict, grouped by it. */
static const struct {
	u16 status;
	blk_status_t verdict;
} nvmq_cmd_verdicts[] = {
	{ NVM_SC_SUCCESS, BLK_STS_OK },
	{ NVM_SC_CAP_EXCEEDED, BLK_STS_NOSPC },
	{ NVM_SC_LBA_RANGE, BLK_STS_TARGET },
	{ NVM_SC_CMD_INTERRUPTED, BLK_STS_TARGET },
	{ NVM_SC_NS_NOT_READY, BLK_STS_TARGET },
	{ NVM_SC_BAD_ATTRIBUTES, BLK_STS_NOTSUPP },
	{ NVM_SC_INVALID_OPCODE, BLK_STS_NOTSUPP },
	{ NVM_SC_INVALID_FIELD, BLK_STS_NOTSUPP },
	{ NVM_SC_INVALID_NS, BLK_STS_NOTSUPP },
	{ NVM_SC_WRITE_FAULT, BLK_STS_MEDIUM },
	{ NVM_SC_READ_ERROR, BLK_STS_MEDIUM },
	{ NVM_SC_UNWRITTEN_BLOCK, BLK_STS_MEDIUM },
	{ NVM_SC_ACCESS_DENIED, BLK_STS_MEDIUM },
	{ NVM_SC_READ_ONLY, BLK_STS_MEDIUM },
	{ NVM_SC_COMPARE_FAILED, BLK_STS_MEDIUM },
	{ NVM_SC_GUARD_CHECK, BLK_STS_PROTECTION },
	{ NVM_SC_APPTAG_CHECK, BLK_STS_PROTECTION },
	{ NVM_SC_REFTAG_CHECK, BLK_STS_PROTECTION },
	{ NVM_SC_INVALID_PI, BLK_STS_PROTECTION },
	{ NVM_SC_RESERVATION_CONFLICT, BLK_STS_RESV_CONFLICT },
	{ NVM_SC_HOST_PATH_ERROR, BLK_STS_TRANSPORT },
	{ NVM_SC_ZONE_TOO_MANY_ACTIVE, BLK_STS_ZONE_ACTIVE_RESOURCE },
	{ NVM_SC_ZONE_TOO_MANY_OPEN, BLK_STS_ZONE_OPEN_RESOURCE },
};

/**
 * nvmq_cmd_blk_status - the block layer's word for an NVMe status
 * @status: status without phase tag; DNR, MORE and CRD are looked over
 *
 * Context: any.
 * Return: a blk_status_t; BLK_STS_IOERR for what has no better word.
 */
blk_status_t nvmq_cmd_blk_status(u16 status)
{
	unsigned int i;

	status &= NVM_SCT_SC_MASK;
	for (i = 0; i < ARRAY_SIZE(nvmq_cmd_verdicts); i++)
		if (nvmq_cmd_verdicts[i].status == status)
			return nvmq_cmd_verdicts[i].verdict;
	return BLK_STS_IOERR;
}

/**
 * nvmq_cmd_status_text - what a status is called
 * @status: status without phase tag
 *
 * Context: any.
 * Return: a constant string, "Unknown" for what the specification does not name.
 */
const char *nvmq_cmd_status_text(u16 status)
{
	return nvm_status_name(status);
}

/**
 * nvmq_cmd_opcode_text - what an opcode is called
 * @admin: it is an admin command
 * @opcode: opcode
 *
 * Context: any.
 * Return: a constant string, "Unknown" for what the specification does not name.
 */
const char *nvmq_cmd_opcode_text(bool admin, u8 opcode)
{
	return admin ? nvm_admin_name(opcode) : nvm_io_name(opcode);
}
