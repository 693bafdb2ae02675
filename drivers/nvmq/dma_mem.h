/* SPDX-License-Identifier: GPL-2.0 */
/* Memory of lists: what dma.c takes and gives back. */
#ifndef _NVMQ_DMA_MEM_H
#define _NVMQ_DMA_MEM_H

#include "nvmq.h"

bool nvmq_dma_is_direct(struct device *dev, u64 *base);
bool nvmq_dma_need_list(struct nvmq_ctrl *ctrl, struct nvmq_req *nr);
bool nvmq_dma_alloc_pages(struct nvmq_ctrl *ctrl, struct nvmq_req *nr, u32 pages, u64 *first);
void nvmq_dma_free_pages(struct nvmq_ctrl *ctrl, struct nvmq_req *nr, u64 first);

#endif /* _NVMQ_DMA_MEM_H */
