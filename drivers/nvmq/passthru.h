/* SPDX-License-Identifier: GPL-2.0 */
/* Commands that a user passes through: permission, effects, execution. */
#ifndef _NVMQ_PASSTHRU_H
#define _NVMQ_PASSTHRU_H

#include <nvme/log.h>

#include "nvmq.h"
#include "permit.h"

struct iov_iter;
struct nvmq_passthru_meta;

/* What a command may do that something has to be done about, before or after it. */
#define NVMQ_PT_FOLLOWED (NVM_CMD_EFFECTS_CSE | NVM_CMD_EFFECTS_NIC | NVM_CMD_EFFECTS_NCC | \
			  NVM_CMD_EFFECTS_CCC)

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
 * @fixed: the data, in memory that is pinned already; @addr is not used then; or NULL
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
	struct iov_iter *fixed;
	u64 result;
};

/**
 * struct nvmq_passthru_held - what a command that was built holds of its user
 * @bio: the user's pages, or a copy of them; NULL if there is no data
 * @meta: metadata, NULL if there is none
 */
struct nvmq_passthru_held {
	struct bio *bio;
	struct nvmq_passthru_meta *meta;
};

void nvmq_passthru_format(const struct nvmq_ns *ns, struct nvmq_permit_format *fmt);
u32 nvmq_passthru_effects(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns, u8 opcode);
int nvmq_passthru_ready(struct nvmq_ctrl *ctrl);
int nvmq_passthru_check(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
			const struct nvmq_passthru *pt, unsigned int flags);
struct request *nvmq_passthru_build(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
				    const struct nvmq_passthru *pt, blk_opf_t opf,
				    struct nvmq_passthru_held *held);
int nvmq_passthru_outcome(struct request *req, blk_status_t sts);
void nvmq_passthru_unmap(struct nvmq_passthru_held *held);
int nvmq_passthru_finish(struct nvmq_passthru_held *held, int ret);
int nvmq_passthru_execute(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns, struct nvmq_passthru *pt);

#endif /* _NVMQ_PASSTHRU_H */
