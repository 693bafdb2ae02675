/* SPDX-License-Identifier: GPL-2.0 */
/* Pages of a request to PRP or SGL, and back. */
#ifndef _NVMQ_DMA_H
#define _NVMQ_DMA_H

#include <linux/blk-mq.h>
#include <linux/dma-mapping.h>

#include "nvmq.h"

int nvmq_dma_init(struct nvmq_ctrl *ctrl);
void nvmq_dma_exit(struct nvmq_ctrl *ctrl);
void nvmq_dma_release(struct nvmq_ctrl *ctrl, struct nvmq_req *nr);

blk_status_t nvmq_dma_map_many(struct nvmq_queue *q, struct request *req);
blk_status_t nvmq_dma_list_one(struct nvmq_queue *q, struct request *req);
blk_status_t nvmq_dma_map_as_sgl(struct nvmq_queue *q, struct request *req);
void nvmq_dma_unmap(struct nvmq_queue *q, struct request *req);
struct nvm_dsm_range *nvmq_dma_ranges(struct nvmq_queue *q, struct request *req, unsigned int nr);

/**
 * nvmq_dma_map - map the data of a request and describe it to the controller
 * @q: queue that it goes to
 * @req: request with data
 *
 * Fills prp1 and prp2 of the request; with NVMQ_RF_SGL these are an SGL descriptor instead. One
 * segment within two pages, the common case, is dealt with here and without a list.
 *
 * Context: queue_rq; does not sleep.
 * Return: BLK_STS_OK; BLK_STS_RESOURCE when memory or mapping space is short, nothing is mapped
 * then; BLK_STS_IOERR when the segments cannot be described.
 */
static __always_inline blk_status_t nvmq_dma_map(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);
	u32 page = 1U << q->sq.page_shift, len, offset;
	const struct bio *bio = req->bio;
	const struct bio_vec *bv;
	dma_addr_t addr;

	if (unlikely(blk_rq_nr_phys_segments(req) != 1))
		return nvmq_dma_map_many(q, req);

	/* one segment is one vector, or the part of it that its bio begins with */
	bv = __bvec_iter_bvec(bio->bi_io_vec, bio->bi_iter);
	len = blk_rq_bytes(req);
	addr = dma_map_page(q->sq.dev, bv->bv_page, bv->bv_offset + bio->bi_iter.bi_bvec_done, len,
			    rq_dma_dir(req));
	if (unlikely(dma_mapping_error(q->sq.dev, addr)))
		return BLK_STS_RESOURCE;
	nr->prp1 = addr;
	nr->prp2 = 0;
	if (unlikely(q->sq.unmap))
		nr->flags |= NVMQ_RF_MAPPED | NVMQ_RF_ONE;
	offset = addr & (page - 1);
	if (likely(offset + len <= page))
		return BLK_STS_OK;
	return nvmq_dma_list_one(q, req);
}

#endif /* _NVMQ_DMA_H */
