// SPDX-License-Identifier: GPL-2.0
/*
 * Data that is memory of another PCI device, or of the controller itself (CMB): peer to peer DMA.
 *
 * Which way leads there, if any, only the kernel knows: over a switch, by addresses of the bus;
 * through the root complex, by those of the processor or of the IOMMU. So its own iterator maps
 * such requests (6.19), and they always go by PRP. Ordinary requests pay nothing: the flag that
 * turns these off the short way is tested together with the operation (nvmq_submit_is_plain()).
 */
#include <linux/blk-mq-dma.h>
#include <linux/dma-mapping.h>

#include "dma.h"
#include "dma_iommu.h"
#include "dma_mem.h"
#include "dma_p2p.h"
#include "prp.h"

/**
 * nvmq_p2p_possible - may requests be made of such memory?
 * @dev: device
 *
 * Context: any.
 * Return: true if the kernel can map it for @dev.
 */
bool nvmq_p2p_possible(struct device *dev)
{
	return BLK_RQ_DMA_HAS_P2P && dma_pci_p2pdma_supported(dev);
}

/* Behind an IOMMU all must be in one range, for no other way back is kept. */
static blk_status_t nvmq_p2p_check(struct nvmq_queue *q, const struct blk_dma_iter *iter,
				   struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);

	nr->segs = 0;
	if (q->sq.direct || iter->p2pdma.map == BLK_RQ_DMA_OVER_BUS)
		return BLK_STS_OK;
	if (dma_use_iova(&nr->more->range)) {
		nr->segs = NVMQ_DMA_WHOLE;
		return BLK_STS_OK;
	}
	if (!dma_need_unmap(q->sq.dev))
		return BLK_STS_OK;
	blk_rq_dma_unmap_first(req, q->sq.dev, iter);
	return q->sq.range ? BLK_STS_RESOURCE : BLK_STS_NOTSUPP;
}

/* Enters what the iterator has mapped, and what follows. */
static blk_status_t nvmq_p2p_list(struct nvmq_queue *q, struct request *req,
				  struct blk_dma_iter *iter, struct nvmq_prp *p)
{
	struct nvmq_req *nr = nvmq_req(req);
	u32 mask = q->sq.page - 1, skip;

	nr->prp1 = iter->addr;
	skip = min_t(u32, iter->len, mask + 1 - (iter->addr & mask));
	do {
		if ((iter->addr + skip) & mask && skip != iter->len)
			return BLK_STS_IOERR;
		if (skip != iter->len && !nvmq_prp_put(p, iter->addr + skip, iter->len - skip))
			return BLK_STS_IOERR;
		skip = 0;
	} while (blk_rq_dma_map_iter_next(req, q->sq.dev, iter));
	return iter->status;
}

/**
 * nvmq_p2p_map - map a request of a PCI device's memory
 * @q: queue that the request goes to
 * @req: request, nvmq_p2p_is() true
 *
 * Context: queue_rq; does not sleep.
 * Return: as nvmq_dma_map(); BLK_STS_INVAL if the devices cannot reach each other.
 */
blk_status_t nvmq_p2p_map(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);
	struct nvmq_more *more = nvmq_dma_need_more(nr, GFP_ATOMIC);
	u32 offset = req_bvec(req).bv_offset & (q->sq.page - 1);
	struct blk_dma_iter iter = {};
	struct nvmq_prp p;
	blk_status_t ret;

	if (!more)
		return BLK_STS_RESOURCE;
	ret = nvmq_dma_start_prp(q, nr, nvmq_dma_list_entries(q, req, offset), &p);
	if (ret)
		return ret;
	more->range = (struct dma_iova_state){};
	if (blk_rq_dma_map_iter_start(req, q->sq.dev, &more->range, &iter)) {
		ret = nvmq_p2p_check(q, &iter, req) ?: nvmq_p2p_list(q, req, &iter, &p);
		if (ret)
			nvmq_dma_unmap_prp(q, req, nr->segs);
	} else {
		ret = iter.status;
	}
	if (ret)
		nvmq_dma_free_pages(q->ctrl, nr, nr->prp2);
	return ret;
}
