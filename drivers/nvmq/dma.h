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
struct nvmq_more *nvmq_dma_need_more(struct nvmq_req *nr, gfp_t gfp);

blk_status_t nvmq_dma_map_any(struct nvmq_queue *q, struct request *req);
blk_status_t nvmq_dma_map_as_sgl(struct nvmq_queue *q, struct request *req);
void nvmq_dma_unmap(struct nvmq_queue *q, struct request *req);
struct nvm_dsm_range *nvmq_dma_ranges(struct nvmq_queue *q, struct request *req, unsigned int nr);

/**
 * struct nvmq_dptr - the data pointer of a command
 * @prp1: first entry, or the first quadword of an SGL descriptor
 * @prp2: second entry or a list's address, or the second quadword
 */
struct nvmq_dptr {
	u64 prp1;
	u64 prp2;
};

/**
 * nvmq_dma_linear - the part of a page's physical address that depends on the page
 * @page: page of memory
 *
 * Where all struct pages are one array (vmemmap), a page's number is linear in their address. What
 * is left of page_to_phys() is the same for all pages, and has its place in nvmq_sq.bus_base.
 *
 * Return: physical address, less a constant.
 */
static __always_inline u64 nvmq_dma_linear(const struct page *page)
{
	if (IS_ENABLED(CONFIG_SPARSEMEM_VMEMMAP) && PAGE_SIZE % sizeof(struct page) == 0)
		return (unsigned long)page * (PAGE_SIZE / sizeof(struct page));
	return page_to_phys(page);
}

/**
 * nvmq_dma_bus - where the device finds memory that it reaches directly
 * @sq: submission queue with @direct
 * @bv: vector
 * @skip: offset into it
 *
 * Return: bus address.
 */
static __always_inline u64 nvmq_dma_bus(const struct nvmq_sq *sq, const struct bio_vec *bv,
					u32 skip)
{
	return nvmq_dma_linear(bv->bv_page) + bv->bv_offset + skip + sq->bus_base;
}

static_assert(offsetof(struct bio_vec, bv_offset) == offsetof(struct bio_vec, bv_len) + 4);
static_assert(offsetof(struct bio_vec, bv_len) % sizeof(u64) == 0);

/**
 * nvmq_dma_extent - a vector's length and offset as one number, for one comparison
 * @bv: vector
 *
 * Return: the same for two vectors exactly if both are.
 */
static __always_inline u64 nvmq_dma_extent(const struct bio_vec *bv)
{
	return *(const u64 *)&bv->bv_len;
}

/**
 * nvmq_dma_map - map the data of a request and describe it to the controller
 * @q: queue that it goes to
 * @req: request with data
 * @dptr: filled with what the command says; with NVMQ_RF_SGL that is an SGL descriptor
 *
 * One segment within a page of a device that reaches memory directly, the common case, is dealt
 * with here: it leaves nothing behind that would have to be undone.
 *
 * Context: queue_rq; does not sleep.
 * Return: BLK_STS_OK; BLK_STS_RESOURCE when memory or mapping space is short, nothing is mapped
 * then; BLK_STS_IOERR when the segments cannot be described.
 */
static __always_inline blk_status_t nvmq_dma_map(struct nvmq_queue *q, struct request *req,
						 struct nvmq_dptr *dptr)
{
	const struct nvmq_sq *sq = &q->sq;
	blk_status_t ret;

	if (likely(sq->direct && req->nr_phys_segments == 1)) {
		const struct bio *bio = req->bio;

		/* one segment is one vector, or the part of it that its bio begins with */
		dptr->prp1 = nvmq_dma_bus(sq, __bvec_iter_bvec(bio->bi_io_vec, bio->bi_iter),
					  bio->bi_iter.bi_bvec_done);
		dptr->prp2 = 0;
		if (likely((dptr->prp1 & (sq->page - 1)) + blk_rq_bytes(req) <= sq->page))
			return BLK_STS_OK;
	}
	ret = nvmq_dma_map_any(q, req);
	dptr->prp1 = nvmq_req(req)->prp1;
	dptr->prp2 = nvmq_req(req)->prp2;
	return ret;
}

#endif /* _NVMQ_DMA_H */
