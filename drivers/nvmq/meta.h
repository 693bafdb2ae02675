/* SPDX-License-Identifier: GPL-2.0 */
/* Reads and writes that carry more than data: metadata, protection information, placement. */
#ifndef _NVMQ_META_H
#define _NVMQ_META_H

#include <linux/blk-mq.h>

#include "nvmq.h"

/* Data segments of a request whose metadata goes by SGL; pieces of that metadata. */
#define NVMQ_META_SGL_DATA 256
#define NVMQ_META_SGL_MAX (NVMQ_LIST_ENTRIES / 2 - 1)

blk_status_t nvmq_meta_prep(struct nvmq_queue *q, struct request *req, const struct nvmq_ns *ns,
			    struct nvm_sqe *cmd, u8 opcode, u32 control);
void nvmq_meta_write_zeroes(struct nvm_sqe *cmd, const struct nvmq_ns *ns, struct request *req);
void nvmq_meta_unmap(struct nvmq_queue *q, struct request *req);

#endif /* _NVMQ_META_H */
