/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Request to command, status to verdict. The builders take plain values, so that the unit tests
 * can run them; submit.c knows requests.
 */
#ifndef _NVMQ_CMD_H
#define _NVMQ_CMD_H

#include <linux/bits.h>
#include <linux/blk_types.h>

#include <nvme/cmd.h>
#include <nvme/status.h>

/*
 * Statuses that the host makes up itself, in the path-related type (Base 4.2.3.3): the controller
 * was stopped before it answered; the controller is dead. A status has 15 bits: no controller can
 * say what has the 16th.
 */
#define NVMQ_SC_OURS BIT(15)
#define NVMQ_SC_RECLAIMED (NVMQ_SC_OURS | NVM_SC_HOST_ABORTED_CMD)
#define NVMQ_SC_DEAD (NVMQ_SC_OURS | NVM_SC_HOST_PATH_ERROR | NVM_STATUS_DNR)

blk_status_t nvmq_cmd_blk_status(u16 status);
const char *nvmq_cmd_status_text(u16 status);
const char *nvmq_cmd_opcode_text(bool admin, u8 opcode);

/**
 * nvmq_cmd_rw - a read or a write (NVM 3.2.4, 3.2.6)
 * @sqe: entry to fill, all of it
 * @opcode: NVM_CMD_READ or NVM_CMD_WRITE, or another one of the same shape
 * @cid: command id
 * @nsid: namespace
 * @slba: first block
 * @blocks: number of blocks, one-based
 * @control: bits of cdw12 above the count
 *
 * The data pointer and cdw13 are set to zero; the caller adds them.
 */
static inline void nvmq_cmd_rw(struct nvm_sqe *sqe, u8 opcode, u16 cid, u32 nsid, u64 slba,
			       u32 blocks, u32 control)
{
	u32 cdw12 = ((blocks - 1) & NVM_RW_NLB) | control;
	u64 id = le16_to_cpu((__force __le16)cid);

	/* eight stores: this is written into the ring, while the queue's lock is held */
	sqe->qw[0] = cpu_to_le64(opcode | id << 16 | (u64)nsid << 32);
	sqe->qw[1] = 0;
	sqe->mptr = 0;
	sqe->prp1 = 0;
	sqe->prp2 = 0;
	sqe->qw[5] = cpu_to_le64(slba);
	sqe->qw[6] = cpu_to_le64(cdw12);
	sqe->qw[7] = 0;
}

/**
 * nvmq_cmd_simple - a command that has an opcode and a namespace, the rest zero
 * @sqe: entry to fill
 * @opcode: opcode
 * @nsid: namespace
 */
static inline void nvmq_cmd_simple(struct nvm_sqe *sqe, u8 opcode, u32 nsid)
{
	*sqe = (struct nvm_sqe){ .opcode = opcode, .nsid = cpu_to_le32(nsid) };
}

/**
 * nvmq_cmd_dsm - a deallocate of so many ranges (NVM 3.2.3)
 * @sqe: entry to fill
 * @nsid: namespace
 * @ranges: ranges in the data, 1 to 256
 */
static inline void nvmq_cmd_dsm(struct nvm_sqe *sqe, u32 nsid, u32 ranges)
{
	nvmq_cmd_simple(sqe, NVM_CMD_DSM, nsid);
	sqe->cdw10 = cpu_to_le32(NVM_PREP(NVM_DSM_NR, ranges - 1));
	sqe->cdw11 = cpu_to_le32(NVM_DSMGMT_AD);
}

/**
 * nvmq_cmd_zone_send - tell a zone, or all, what to become (ZNS 3.4.3)
 * @sqe: entry to fill
 * @nsid: namespace
 * @slba: first block of the zone
 * @action: NVM_ZONE_RESET and others, or-ed with NVM_ZONE_SELECT_ALL for all zones
 */
static inline void nvmq_cmd_zone_send(struct nvm_sqe *sqe, u32 nsid, u64 slba, u32 action)
{
	nvmq_cmd_simple(sqe, NVM_CMD_ZONE_MGMT_SEND, nsid);
	sqe->qw[5] = cpu_to_le64(slba);
	sqe->cdw13 = cpu_to_le32(action);
}

#endif /* _NVMQ_CMD_H */
