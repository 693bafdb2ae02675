// SPDX-License-Identifier: GPL-2.0
/*
 * What is known about a command before it is passed through.
 *
 * - effects: what the Commands Supported and Effects log says of an opcode; where a controller has
 *   no such log, or one that forgets the obvious, the tables here fill in.
 * - length: a PRP list does not tell a controller where the host's buffer ends. A read of eight
 *   blocks into a buffer of one makes the device write to wherever the memory behind the list
 *   points. So a command whose length follows from its dwords is refused when the buffer is
 *   shorter, and one whose length does not is for the administrator alone.
 * - permission: without CAP_SYS_ADMIN only commands that no other user of the disk can notice,
 *   but for what a plain read() or write() of the same file could do as well.
 */
#include <nvme/feature.h>
#include <nvme/identify.h>
#include <nvme/log.h>

#include "permit.h"

/**
 * nvmq_permit_admin_effects - effects of an admin command that need no log to be known
 * @opcode: NVM_ADMIN_*
 *
 * Base 5.16.1.6; the effects follow from what sections 5.12 to 5.24 and 8.21 say of the commands.
 *
 * Context: any.
 * Return: NVM_CMD_EFFECTS_* without CSUPP.
 */
u32 nvmq_permit_admin_effects(u8 opcode)
{
	switch (opcode) {
	case NVM_ADMIN_FORMAT_NVM:
		return NVM_CMD_EFFECTS_LBCC | NVM_CMD_EFFECTS_NCC | NVM_CMD_EFFECTS_CSE_ALONE;
	case NVM_ADMIN_SANITIZE_NVM:
		return NVM_CMD_EFFECTS_LBCC | NVM_CMD_EFFECTS_CSE_ALONE;
	case NVM_ADMIN_NS_MGMT:
	case NVM_ADMIN_NS_ATTACH:
		return NVM_CMD_EFFECTS_NIC;
	case NVM_ADMIN_CAPACITY_MGMT:
		return NVM_CMD_EFFECTS_NIC | NVM_CMD_EFFECTS_NCC;
	case NVM_ADMIN_ACTIVATE_FW:
		return NVM_CMD_EFFECTS_CCC;
	default:
		return 0;
	}
}

/**
 * nvmq_permit_io_effects - effects of an I/O command that need no log to be known
 * @opcode: NVM_CMD_*
 * @csi: command set of the namespace
 *
 * CSUPP is set for what every controller has or refuses without harm.
 *
 * Context: any.
 * Return: NVM_CMD_EFFECTS_*, 0 for an opcode that is not known.
 */
u32 nvmq_permit_io_effects(u8 opcode, u8 csi)
{
	if (csi == NVM_CSI_ZNS) {
		switch (opcode) {
		case NVM_CMD_ZONE_APPEND:
		case NVM_CMD_ZONE_MGMT_SEND:
			return NVM_CMD_EFFECTS_CSUPP | NVM_CMD_EFFECTS_LBCC;
		case NVM_CMD_ZONE_MGMT_RECV:
			return NVM_CMD_EFFECTS_CSUPP;
		}
	} else if (csi != NVM_CSI_NVM) {
		return 0;
	}

	switch (opcode) {
	case NVM_CMD_FLUSH:
	case NVM_CMD_READ:
	case NVM_CMD_COMPARE:
	case NVM_CMD_VERIFY:
		return NVM_CMD_EFFECTS_CSUPP;
	case NVM_CMD_WRITE:
	case NVM_CMD_WRITE_UNCOR:
	case NVM_CMD_WRITE_ZEROES:
	case NVM_CMD_DSM:
		return NVM_CMD_EFFECTS_CSUPP | NVM_CMD_EFFECTS_LBCC;
	case NVM_CMD_COPY:
		return NVM_CMD_EFFECTS_LBCC;
	default:
		return 0;
	}
}

/* Number of dwords, zero-based, as a count of bytes. */
static u64 nvmq_permit_dwords(u32 numd)
{
	return ((u64)numd + 1) * sizeof(__le32);
}

/**
 * nvmq_permit_admin_bytes - how much an admin command transfers
 * @sqe: the command
 *
 * Context: any.
 * Return: bytes, 0 for none, NVMQ_PERMIT_UNKNOWN where the dwords do not tell.
 */
s64 nvmq_permit_admin_bytes(const struct nvm_sqe *sqe)
{
	u32 cdw10 = le32_to_cpu(sqe->cdw10);
	u32 cdw11 = le32_to_cpu(sqe->cdw11);

	switch (sqe->opcode) {
	case NVM_ADMIN_IDENTIFY:
		return NVM_IDENTIFY_DATA_SIZE;
	case NVM_ADMIN_GET_LOG_PAGE:
		return nvmq_permit_dwords(NVM_GET(NVM_LOG_NUMDL, cdw10) |
					  NVM_GET(NVM_LOG_NUMDU, cdw11) << 16);
	case NVM_ADMIN_NS_ATTACH:
		return sizeof(struct nvm_ctrl_list);
	case NVM_ADMIN_DOWNLOAD_FW:
		return nvmq_permit_dwords(cdw10);
	case NVM_ADMIN_SECURITY_SEND:
	case NVM_ADMIN_SECURITY_RECV:
		return cdw11;
	case NVM_ADMIN_GET_LBA_STATUS:
		return nvmq_permit_dwords(le32_to_cpu(sqe->cdw12));
	case NVM_ADMIN_ABORT_CMD:
	case NVM_ADMIN_ACTIVATE_FW:
	case NVM_ADMIN_DEV_SELF_TEST:
	case NVM_ADMIN_VIRTUAL_MGMT:
	case NVM_ADMIN_FORMAT_NVM:
	case NVM_ADMIN_SANITIZE_NVM:
		return 0;
	default:
		return NVMQ_PERMIT_UNKNOWN;
	}
}

/* Data and metadata of a command that moves NLB blocks. */
static s64 nvmq_permit_rw_bytes(const struct nvm_sqe *sqe, const struct nvmq_permit_format *fmt,
				u64 *metadata)
{
	u32 cdw12 = le32_to_cpu(sqe->cdw12);
	u64 blocks = (u64)NVM_GET(NVM_RW_NLB, cdw12) + 1;
	u64 meta = blocks * fmt->ms;

	/* the controller makes it and strips it; it never crosses the bus */
	if ((cdw12 & NVM_RW_PRINFO_PRACT) && fmt->pi_bytes && fmt->ms == fmt->pi_bytes)
		meta = 0;
	if (fmt->extended)
		return (blocks << fmt->lba_shift) + meta;
	*metadata = meta;
	return blocks << fmt->lba_shift;
}

/**
 * nvmq_permit_io_bytes - how much an I/O command transfers
 * @sqe: the command
 * @fmt: format of its namespace; must not change until the command is done
 * @metadata: filled with what goes through MPTR, 0 where unknown
 *
 * Context: any.
 * Return: bytes through the data pointer, 0 for none, NVMQ_PERMIT_UNKNOWN where the dwords do not
 * tell.
 */
s64 nvmq_permit_io_bytes(const struct nvm_sqe *sqe, const struct nvmq_permit_format *fmt,
			 u64 *metadata)
{
	u32 cdw10 = le32_to_cpu(sqe->cdw10);
	u32 cdw12 = le32_to_cpu(sqe->cdw12);
	u32 cdw13 = le32_to_cpu(sqe->cdw13);

	*metadata = 0;
	switch (sqe->opcode) {
	case NVM_CMD_READ:
	case NVM_CMD_WRITE:
	case NVM_CMD_COMPARE:
	case NVM_CMD_ZONE_APPEND:
		return nvmq_permit_rw_bytes(sqe, fmt, metadata);
	case NVM_CMD_FLUSH:
	case NVM_CMD_WRITE_UNCOR:
	case NVM_CMD_WRITE_ZEROES:
	case NVM_CMD_VERIFY:
		return 0;
	case NVM_CMD_DSM:
		return ((s64)NVM_GET(NVM_DSM_NR, cdw10) + 1) * sizeof(struct nvm_dsm_range);
	case NVM_CMD_COPY:
		/* formats 1 and 3 carry larger tags */
		return ((s64)NVM_GET(NVM_COPY_NR, cdw12) + 1) *
		       (NVM_GET(NVM_COPY_DESFMT, cdw12) & 1 ? sizeof(struct nvm_copy_range_f1) :
							      sizeof(struct nvm_copy_range));
	case NVM_CMD_ZONE_MGMT_SEND:
		return NVM_GET(NVM_ZONE_ZSA, cdw13) == NVM_ZONE_SET_DESC_EXT ?
			       NVMQ_PERMIT_UNKNOWN : 0;
	case NVM_CMD_ZONE_MGMT_RECV:
		return nvmq_permit_dwords(cdw12);
	case NVM_CMD_IO_MGMT_RECV:
		return nvmq_permit_dwords(le32_to_cpu(sqe->cdw11));
	default:
		return NVMQ_PERMIT_UNKNOWN;
	}
}

/**
 * nvmq_permit_driver_owns - would an admin command pull the rug from under the driver?
 * @sqe: the command
 *
 * Queues, shadow doorbells, asynchronous events, host memory, power states that change by
 * themselves, and what the host told the controller of itself, have one owner. A queue that a user
 * deletes, or a host memory buffer that he points elsewhere, makes the controller write to memory
 * that is somebody else's by then.
 *
 * Context: any.
 * Return: true if nobody but the driver may send it.
 */
bool nvmq_permit_driver_owns(const struct nvm_sqe *sqe)
{
	switch (sqe->opcode) {
	case NVM_ADMIN_CREATE_SQ:
	case NVM_ADMIN_CREATE_CQ:
	case NVM_ADMIN_DELETE_SQ:
	case NVM_ADMIN_DELETE_CQ:
	case NVM_ADMIN_ASYNC_EVENT:
	case NVM_ADMIN_KEEP_ALIVE:
	case NVM_ADMIN_DBBUF:
		return true;
	case NVM_ADMIN_SET_FEATURES:
		switch (NVM_GET(NVM_FEAT_FID, le32_to_cpu(sqe->cdw10))) {
		case NVM_FEAT_NUM_QUEUES:
		case NVM_FEAT_AUTO_PST:
		case NVM_FEAT_HOST_MEM_BUF:
		case NVM_FEAT_KATO:
		case NVM_FEAT_HOST_BEHAVIOR:
			return true;
		}
		return false;
	default:
		return false;
	}
}

/**
 * nvmq_permit_admin_anyone - may anybody who can open the file send this admin command?
 * @sqe: the command
 *
 * Only what one must know to build I/O commands: identify of a namespace and of the controller.
 *
 * Context: any.
 * Return: true if no capability is needed.
 */
bool nvmq_permit_admin_anyone(const struct nvm_sqe *sqe)
{
	if (sqe->opcode != NVM_ADMIN_IDENTIFY)
		return false;

	switch (NVM_GET(NVM_IDENTIFY_CNS, le32_to_cpu(sqe->cdw10))) {
	case NVM_ID_CNS_NS:
	case NVM_ID_CNS_CTRL:
	case NVM_ID_CNS_CS_NS:
	case NVM_ID_CNS_CS_CTRL:
	case NVM_ID_CNS_NS_CS_INDEP:
		return true;
	default:
		return false;
	}
}

/**
 * nvmq_permit_io_anyone - may anybody who can open the file send this I/O command?
 * @sqe: the command
 * @effects: what the log or the table says of it
 * @writable: the file is open for writing
 *
 * The caller refuses partitions, and commands whose length is not known, on top of this.
 *
 * Context: any.
 * Return: true if no capability is needed.
 */
bool nvmq_permit_io_anyone(const struct nvm_sqe *sqe, u32 effects, bool writable)
{
	const u32 harmless = NVM_CMD_EFFECTS_CSUPP | NVM_CMD_EFFECTS_LBCC |
			     NVM_CMD_EFFECTS_UUID_SEL | NVM_CMD_EFFECTS_SCOPE;

	if (sqe->opcode >= NVM_CMD_VENDOR_START)
		return false;
	if (!(effects & NVM_CMD_EFFECTS_CSUPP) || (effects & ~harmless))
		return false;
	if ((sqe->opcode & NVM_OPC_DATA_OUT) || (effects & NVM_CMD_EFFECTS_LBCC))
		return writable;
	return true;
}
