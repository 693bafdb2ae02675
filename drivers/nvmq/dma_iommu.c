// SPDX-License-Identifier: GPL-2.0
/*
 * Data in several pieces for a device that does not reach memory where it is: behind an IOMMU, or
 * through bounce buffers.
 *
 * Where the kernel can give away an IOMMU's addresses by the range (6.16), a request gets one. Its
 * pages are linked into it; at its end there is one thing to undo, and one invalidation, not one
 * for each piece. Else each run of memory is mapped by itself.
 */
#include <linux/blk-mq-dma.h>
#include <linux/blkdev.h>
#include <linux/dma-mapping.h>

#include "dma.h"
#include "dma_iommu.h"
#include "dma_mem.h"
#include "dma_p2p.h"
#include "prp.h"

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
 * struct nvmq_dma_walk - a request whose runs of memory are gone through
 * @q: queue
 * @req: request
 * @p: its list, while it is written or read
 * @runs: how many were done
 * @most: how many to do, to undo them
 * @bytes: how many were done
 */
struct nvmq_dma_walk {
	struct nvmq_queue *q;
	struct request *req;
	struct nvmq_prp *p;
	unsigned int runs;
	unsigned int most;
	u32 bytes;
};

/* Calls @each for one run after the other, until it does not return BLK_STS_OK; returns that. */
static __always_inline blk_status_t
nvmq_dma_walk(struct nvmq_dma_walk *w,
	      blk_status_t (*each)(struct nvmq_dma_walk *w, const struct bio_vec *run))
{
	struct bio_vec bv, run = {};
	struct req_iterator iter;
	blk_status_t ret;

	rq_for_each_bvec(bv, w->req, iter) {
		if (nvmq_dma_adjoins(&run, &bv)) {
			run.bv_len += bv.bv_len;
			continue;
		}
		if (run.bv_len) {
			ret = each(w, &run);
			if (ret)
				return ret;
		}
		run = bv;
	}
	return each(w, &run);
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

/* Links a run of memory into the range, behind what is there. */
static blk_status_t nvmq_dma_link_run(struct nvmq_dma_walk *w, const struct bio_vec *run)
{
	phys_addr_t phys = page_to_phys(run->bv_page) + run->bv_offset;
	struct nvmq_queue *q = w->q;

	if ((w->bytes && phys & (q->sq.page - 1)) ||
	    dma_iova_link(q->sq.dev, &nvmq_req(w->req)->more->range, phys, w->bytes, run->bv_len,
			  rq_dma_dir(w->req), 0))
		return BLK_STS_NOTSUPP;
	w->bytes += run->bv_len;
	return BLK_STS_OK;
}

/* False if there is no such range; then nothing is mapped. */
static bool nvmq_dma_map_whole(struct nvmq_queue *q, struct request *req, struct nvmq_prp *p)
{
	struct nvmq_req *nr = nvmq_req(req);
	struct nvmq_more *more = nvmq_dma_need_more(nr, GFP_ATOMIC);
	struct nvmq_dma_walk w = { .q = q, .req = req };
	u32 len = blk_rq_bytes(req), start;
	struct bio_vec bv = req_bvec(req);

	if (!more || !dma_iova_try_alloc(q->sq.dev, &more->range,
					 page_to_phys(bv.bv_page) + bv.bv_offset, len))
		return false;
	if (nvmq_dma_walk(&w, nvmq_dma_link_run) ||
	    dma_iova_sync(q->sq.dev, &more->range, 0, len)) {
		dma_iova_destroy(q->sq.dev, &more->range, w.bytes, rq_dma_dir(req), 0);
		return false;
	}
	nr->prp1 = more->range.addr;
	nr->segs = NVMQ_DMA_WHOLE;
	start = q->sq.page - (nr->prp1 & (q->sq.page - 1));
	if (len > start)
		nvmq_prp_put(p, nr->prp1 + start, len - start);
	return true;
}

static blk_status_t nvmq_dma_unmap_run(struct nvmq_dma_walk *w, const struct bio_vec *run)
{
	struct nvmq_req *nr = nvmq_req(w->req);
	u32 page = 1U << w->q->sq.page_shift;
	u64 addr = nr->prp1, skipped;

	if (w->runs == w->most)
		return BLK_STS_OK;
	if (!w->runs++) {
		/* PRP1 covers the start of the first run, the list its rest */
		u32 start = page - (nr->prp1 & (page - 1));

		if (run->bv_len > start)
			nvmq_prp_get(w->p, run->bv_len - start, &skipped);
	} else if (!nvmq_prp_get(w->p, run->bv_len, &addr)) {
		return BLK_STS_OK;
	}
	dma_unmap_page(w->q->sq.dev, addr, run->bv_len, rq_dma_dir(w->req));
	return BLK_STS_OK;
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
	struct nvmq_prp p;
	struct nvmq_dma_walk w = { .q = q, .req = req, .p = &p, .most = runs };

	if (!runs)
		return;
	if (runs == NVMQ_DMA_WHOLE) {
		dma_iova_destroy(q->sq.dev, &nr->more->range, blk_rq_bytes(req), rq_dma_dir(req),
				 nvmq_p2p_is(req) ? BLK_RQ_DMA_MMIO : 0);
		return;
	}
	nvmq_dma_reopen_prp(q, nr, nvmq_dma_list_entries(q, req, offset), &p);
	nvmq_dma_walk(&w, nvmq_dma_unmap_run);
}

static blk_status_t nvmq_dma_map_run(struct nvmq_dma_walk *w, const struct bio_vec *run)
{
	struct device *dev = w->q->sq.dev;
	dma_addr_t addr = dma_map_bvec(dev, run, rq_dma_dir(w->req), 0);
	u32 mask = (1U << w->q->sq.page_shift) - 1, skip = 0;

	if (dma_mapping_error(dev, addr))
		return BLK_STS_RESOURCE;
	if (!w->runs) {
		nvmq_req(w->req)->prp1 = addr;
		skip = min(run->bv_len, mask + 1 - (run->bv_offset & mask));
	}
	w->bytes += run->bv_len;
	/* the queue's virt_boundary promises whole pages in the middle */
	if (((addr + skip) & mask && skip != run->bv_len) ||
	    (w->bytes != blk_rq_bytes(w->req) && (addr + run->bv_len) & mask) ||
	    (skip != run->bv_len && !nvmq_prp_put(w->p, addr + skip, run->bv_len - skip))) {
		WARN_ONCE(1, "nvmq: a segment breaks the virt boundary\n");
		dma_unmap_page(dev, addr, run->bv_len, rq_dma_dir(w->req));
		return BLK_STS_IOERR;
	}
	w->runs++;
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
	u32 mask = (1U << q->sq.page_shift) - 1;
	struct bio_vec bv = req_bvec(req);
	struct nvmq_req *nr = nvmq_req(req);
	struct nvmq_prp p;
	struct nvmq_dma_walk w = { .q = q, .req = req, .p = &p };
	blk_status_t ret;

	ret = nvmq_dma_start_prp(q, nr, nvmq_dma_list_entries(q, req, bv.bv_offset & mask), &p);
	if (ret)
		return ret;
	if (q->sq.range && nvmq_dma_map_whole(q, req, &p))
		return BLK_STS_OK;

	ret = nvmq_dma_walk(&w, nvmq_dma_map_run);
	nr->segs = w.runs;
	if (ret) {
		nvmq_dma_unmap_prp(q, req, nr->segs);
		nvmq_dma_free_pages(q->ctrl, nr, nr->prp2);
	}
	return ret;
}
