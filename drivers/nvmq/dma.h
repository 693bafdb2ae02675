/* SPDX-License-Identifier: GPL-2.0 */
/* Pages of a request to PRP or SGL, and back. */
#ifndef _NVMQ_DMA_H
#define _NVMQ_DMA_H

#include <linux/blk-mq.h>

#include "nvmq.h"

int nvmq_dma_init(struct nvmq_ctrl *ctrl);
void nvmq_dma_exit(struct nvmq_ctrl *ctrl);
void nvmq_dma_release(struct nvmq_ctrl *ctrl, struct nvmq_req *nr);

blk_status_t nvmq_dma_map(struct nvmq_queue *q, struct request *req);
void nvmq_dma_unmap(struct nvmq_queue *q, struct request *req);
struct nvm_dsm_range *nvmq_dma_ranges(struct nvmq_queue *q, struct request *req, unsigned int nr);

#endif /* _NVMQ_DMA_H */
