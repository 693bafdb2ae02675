/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known about a command before it is passed through: its effects, how much it transfers,
 * and who may send it. Pure: no kernel object but the command itself.
 */
#ifndef _NVMQ_PERMIT_H
#define _NVMQ_PERMIT_H

#include <linux/types.h>

#include <nvme/cmd.h>

/* The length of a transfer that no table here tells. */
#define NVMQ_PERMIT_UNKNOWN (-1)

/**
 * struct nvmq_permit_format - what a namespace's format says about lengths
 * @lba_shift: log2 of a block's data bytes
 * @pi_bytes: bytes of protection information in the metadata of a block, 0 for none
 * @ms: metadata bytes per block
 * @extended: the metadata follows each block's data instead of going through MPTR
 */
struct nvmq_permit_format {
	u8 lba_shift;
	u8 pi_bytes;
	u16 ms;
	bool extended;
};

u32 nvmq_permit_admin_effects(u8 opcode);
u32 nvmq_permit_io_effects(u8 opcode, u8 csi);

s64 nvmq_permit_admin_bytes(const struct nvm_sqe *sqe);
s64 nvmq_permit_io_bytes(const struct nvm_sqe *sqe, const struct nvmq_permit_format *fmt,
			 u64 *metadata);

bool nvmq_permit_driver_owns(const struct nvm_sqe *sqe);
bool nvmq_permit_admin_anyone(const struct nvm_sqe *sqe);
bool nvmq_permit_io_anyone(const struct nvm_sqe *sqe, u32 effects, bool writable);

#endif /* _NVMQ_PERMIT_H */
