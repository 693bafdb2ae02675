// SPDX-License-Identifier: GPL-2.0
/*
 * Data in several pieces for a device that does not reach memory where it is: behind an IOMMU, or
 * through bounce buffers.
 *
 * Where the kernel can give away an IOMMU's addresses by the range (6.16), a request gets one. Its
 * pages are linked into it; at its end there is one thing to undo, and one invalidation, not one
 * for each piece. Else each run of memory is mapped by itself.
 */
#include <linux/blkdev.h>
#include <linux/dma-mapping.h>

#include "dma.h"
#include "dma_iommu.h"
#include "dma_mem.h"
#include "prp.h"

/* In nvmq_req.segs: all of it is in one range. */
#define NVMQ_DMA_WHOLE U16_MAX

static_assert(NVMQ_MAX_SEGMENTS < NVMQ_DMA_WHOLE);

/* Finds the list again, for reading. Mirrors nvmq_dma_start_prp(). */
static void nvmq_dma_reopen_prp(struct nvmq_queue *q, struct nvmq_req *nr, u32 entries,
				struct nvmq_prp *p)
{
	if (nr->nr_pages)
		nvmq_prp_start(p, nr->more->pages, entries, q->sq.page_shift);
	else
		nvmq_prp_start_short(p, entries <= 1 ? (__le64 *)&nr->prp2 : nr->more->list,
				     entries, q->sq.page_shift);
}

/*
 * Bios that were merged may meet in the middle of a page. What is one piece of memory is mapped as
 * one: only such a run begins and ends as the queue's virt_boundary promises.
 */
static bool nvmq_dma_adjoins(const struct bio_vec *run, const struct bio_vec *bv)
{
	return run->bv_len && page_to_phys(run->bv_page) + run->bv_offset + run->bv_len ==
				      page_to_phys(bv->bv_page) + bv->bv_offset;
}

/**
 * nvmq_dma_has_range - can a request have one range of bus addresses?
 * @dev: device, its masks set
 * @page: bytes of the controller's page
 *
 * Pieces fit together where a queue's virt_boundary lets them begin and end: on the controller's
 * page, which must be the IOMMU's as well.
 *
 * Context: bring-up.
 * Return: true if so, until the device is bound to a driver the next time.
 */
bool nvmq_dma_has_range(struct device *dev, u32 page)
{
	struct dma_iova_state range = {};

	if (dma_get_merge_boundary(dev) != page - 1 ||
	    !dma_iova_try_alloc(dev, &range, 0, page))
		return false;
	dma_iova_free(dev, &range);
	return true;
}

/* Links a run of memory into the range, behind the @done bytes that are there. */
static bool nvmq_dma_link(struct nvmq_queue *q, struct request *req, const struct bio_vec *run,
			  u32 *done)
{
	phys_addr_t phys = page_to_phys(run->bv_page) + run->bv_offset;

	if ((*done && phys & (q->sq.page - 1)) ||
	    dma_iova_link(q->sq.dev, &nvmq_req(req)->more->range, phys, *done, run->bv_len,
			  rq_dma_dir(req), 0))
		return false;
	*done += run->bv_len;
	return true;
}

static bool nvmq_dma_link_all(struct nvmq_queue *q, struct request *req, u32 *done)
{
	struct bio_vec bv, run = {};
	struct req_iterator iter;

	rq_for_each_bvec(bv, req, iter) {
		if (nvmq_dma_adjoins(&run, &bv)) {
			run.bv_len += bv.bv_len;
			continue;
		}
		if (run.bv_len && !nvmq_dma_link(q, req, &run, done))
			return false;
		run = bv;
	}
	return nvmq_dma_link(q, req, &run, done);
}

/* False if there is no such range; then nothing is mapped. */
static bool nvmq_dma_map_whole(struct nvmq_queue *q, struct request *req, struct nvmq_prp *p)
{
	struct nvmq_req *nr = nvmq_req(req);
	struct nvmq_more *more = nvmq_dma_need_more(nr, GFP_ATOMIC);
	u32 len = blk_rq_bytes(req), done = 0, start;
	struct bio_vec bv = req_bvec(req);

	if (!more || !dma_iova_try_alloc(q->sq.dev, &more->range,
					 page_to_phys(bv.bv_page) + bv.bv_offset, len))
		return false;
	if (!nvmq_dma_link_all(q, req, &done) || dma_iova_sync(q->sq.dev, &more->range, 0, len)) {
		dma_iova_destroy(q->sq.dev, &more->range, done, rq_dma_dir(req), 0);
		return false;
	}
	nr->prp1 = more->range.addr;
	nr->segs = NVMQ_DMA_WHOLE;
	start = q->sq.page - (nr->prp1 & (q->sq.page - 1));
	if (len > start)
		nvmq_prp_put(p, nr->prp1 + start, len - start);
	return true;
}

static void nvmq_dma_unmap_run(struct nvmq_queue *q, struct request *req, const struct bio_vec *run,
			       struct nvmq_prp *p, bool first)
{
	struct nvmq_req *nr = nvmq_req(req);
	u32 page = 1U << q->sq.page_shift;
	u64 addr = nr->prp1, skipped;

	if (first) {
		/* PRP1 covers the start of the first run, the list its rest */
		u32 start = page - (nr->prp1 & (page - 1));

		if (run->bv_len > start)
			nvmq_prp_get(p, run->bv_len - start, &skipped);
	} else if (!nvmq_prp_get(p, run->bv_len, &addr)) {
		return;
	}
	dma_unmap_page(q->sq.dev, addr, run->bv_len, rq_dma_dir(req));
}

/**
 * nvmq_dma_unmap_prp - undo nvmq_dma_map_prp(), but for the pages of its list
 * @q: queue that the request went to
 * @req: request
 * @runs: of its memory, that many are mapped (nvmq_req.segs)
 *
 * Context: any; does not sleep.
 */
void nvmq_dma_unmap_prp(struct nvmq_queue *q, struct request *req, unsigned int runs)
{
	struct nvmq_req *nr = nvmq_req(req);
	u32 offset = nr->prp1 & ((1U << q->sq.page_shift) - 1);
	struct bio_vec bv, run = {};
	struct req_iterator iter;
	unsigned int done = 0;
	struct nvmq_prp p;

	if (!runs)
		return;
	if (runs == NVMQ_DMA_WHOLE) {
		dma_iova_destroy(q->sq.dev, &nr->more->range, blk_rq_bytes(req), rq_dma_dir(req),
				 0);
		return;
	}
	nvmq_dma_reopen_prp(q, nr, nvmq_dma_list_entries(q, req, offset), &p);
	rq_for_each_bvec(bv, req, iter) {
		if (nvmq_dma_adjoins(&run, &bv)) {
			run.bv_len += bv.bv_len;
			continue;
		}
		if (run.bv_len) {
			nvmq_dma_unmap_run(q, req, &run, &p, !done);
			if (++done == runs)
				return;
		}
		run = bv;
	}
	nvmq_dma_unmap_run(q, req, &run, &p, !done);
}

static blk_status_t nvmq_dma_map_run(struct nvmq_queue *q, struct request *req, struct bio_vec *run,
				     struct nvmq_prp *p, u32 *left)
{
	dma_addr_t addr = dma_map_bvec(q->sq.dev, run, rq_dma_dir(req), 0);
	u32 mask = (1U << q->sq.page_shift) - 1, skip = 0;
	struct nvmq_req *nr = nvmq_req(req);

	if (dma_mapping_error(q->sq.dev, addr))
		return BLK_STS_RESOURCE;
	if (!nr->segs) {
		nr->prp1 = addr;
		skip = min(run->bv_len, mask + 1 - (run->bv_offset & mask));
	}
	*left -= run->bv_len;
	/* the queue's virt_boundary promises whole pages in the middle */
	if (((addr + skip) & mask && skip != run->bv_len) ||
	    (*left && (addr + run->bv_len) & mask) ||
	    (skip != run->bv_len && !nvmq_prp_put(p, addr + skip, run->bv_len - skip))) {
		WARN_ONCE(1, "nvmq: a segment breaks the virt boundary\n");
		dma_unmap_page(q->sq.dev, addr, run->bv_len, rq_dma_dir(req));
		return BLK_STS_IOERR;
	}
	nr->segs++;
	return BLK_STS_OK;
}

/**
 * nvmq_dma_map_prp - map a request of several segments, and list its pages
 * @q: queue that it goes to
 * @req: request with data
 *
 * Context: queue_rq; does not sleep.
 * Return: as nvmq_dma_map().
 */
blk_status_t nvmq_dma_map_prp(struct nvmq_queue *q, struct request *req)
{
	u32 mask = (1U << q->sq.page_shift) - 1, left = blk_rq_bytes(req);
	struct bio_vec bv = req_bvec(req), run = {};
	struct nvmq_req *nr = nvmq_req(req);
	struct req_iterator iter;
	struct nvmq_prp p;
	blk_status_t ret;

	ret = nvmq_dma_start_prp(q, nr, nvmq_dma_list_entries(q, req, bv.bv_offset & mask), &p);
	if (ret)
		return ret;
	if (q->sq.range && nvmq_dma_map_whole(q, req, &p))
		return BLK_STS_OK;

	nr->segs = 0;
	rq_for_each_bvec(bv, req, iter) {
		if (nvmq_dma_adjoins(&run, &bv)) {
			run.bv_len += bv.bv_len;
			continue;
		}
		if (run.bv_len)
			ret = nvmq_dma_map_run(q, req, &run, &p, &left);
		if (ret)
			goto unmap;
		run = bv;
	}
	ret = nvmq_dma_map_run(q, req, &run, &p, &left);
	if (!ret)
		return BLK_STS_OK;
unmap:
	nvmq_dma_unmap_prp(q, req, nr->segs);
	nvmq_dma_free_pages(q->ctrl, nr, nr->prp2);
	return ret;
}
