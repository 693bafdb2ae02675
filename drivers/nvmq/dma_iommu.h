/* SPDX-License-Identifier: GPL-2.0 */
/* Data in several pieces, for a device that does not reach memory where it is. */
#ifndef _NVMQ_DMA_IOMMU_H
#define _NVMQ_DMA_IOMMU_H

#include <linux/blk-mq.h>

#include "nvmq.h"
#include "prp.h"

/* In nvmq_req.segs: all of it is in one range. */
#define NVMQ_DMA_WHOLE U16_MAX

static_assert(NVMQ_MAX_SEGMENTS < NVMQ_DMA_WHOLE);

/* of dma.c */
blk_status_t nvmq_dma_start_prp(struct nvmq_queue *q, struct nvmq_req *nr, u32 entries,
				struct nvmq_prp *p);

bool nvmq_dma_has_range(struct device *dev, u32 page);
blk_status_t nvmq_dma_map_prp(struct nvmq_queue *q, struct request *req);
void nvmq_dma_unmap_prp(struct nvmq_queue *q, struct request *req, unsigned int runs);

/* Entries of a request's list, PRP1 not counted; 0 if it has one page only. */
static inline u32 nvmq_dma_list_entries(struct nvmq_queue *q, struct request *req, u32 offset)
{
	return nvmq_prp_entries(offset, blk_rq_bytes(req), q->sq.page_shift) - 1;
}

#endif /* _NVMQ_DMA_IOMMU_H */
