/* SPDX-License-Identifier: GPL-2.0 */
/* Commands that a user passes through: permission, effects, execution. */
#ifndef _NVMQ_PASSTHRU_H
#define _NVMQ_PASSTHRU_H

#include "nvmq.h"
#include "permit.h"

/** enum nvmq_passthru_flag - what is known of the file that a command comes through; bits */
enum nvmq_passthru_flag {
	NVMQ_PT_WRITABLE = 1 << 0,  /**< @NVMQ_PT_WRITABLE: it is open for writing */
	NVMQ_PT_PARTITION = 1 << 1, /**< @NVMQ_PT_PARTITION: it is a part of the namespace only */
};

/**
 * struct nvmq_passthru - one command of a user
 * @sqe: opcode, namespace and dwords; data pointers and command id are the driver's
 * @addr: user address of the data, or of the iovecs
 * @meta_addr: user address of the metadata
 * @len: bytes at @addr, or number of iovecs
 * @meta_len: bytes at @meta_addr
 * @timeout_ms: 0 for the queue's own
 * @vec: @addr is an array of struct iovec
 * @result: filled with dwords 0 and 1 of the completion
 */
struct nvmq_passthru {
	struct nvm_sqe sqe;
	u64 addr;
	u64 meta_addr;
	u32 len;
	u32 meta_len;
	u32 timeout_ms;
	bool vec;
	u64 result;
};

void nvmq_passthru_format(const struct nvmq_ns *ns, struct nvmq_permit_format *fmt);
u32 nvmq_passthru_effects(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns, u8 opcode);
int nvmq_passthru_ready(struct nvmq_ctrl *ctrl);
int nvmq_passthru_check(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
			const struct nvmq_passthru *pt, unsigned int flags);
int nvmq_passthru_execute(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns, struct nvmq_passthru *pt);

#endif /* _NVMQ_PASSTHRU_H */
