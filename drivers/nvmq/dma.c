// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of a request to PRP or SGL, and back.
 *
 * Nothing is remembered for the way back: the bus addresses of the segments stand in the list that
 * the controller was given, and their lengths in the request, which still has its bios when the
 * completion comes.
 */
#include <linux/blkdev.h>
#include <linux/dma-mapping.h>

#include "dma.h"
#include "dma_iommu.h"
#include "dma_mem.h"
#include "dma_p2p.h"
#include "prp.h"

/* SGL descriptors in the smallest page; more segments than this go by PRP. */
#define NVMQ_SGL_MAX (SZ_4K / sizeof(struct nvm_sgl_desc))

/* The second quadword of an SGL descriptor: length, reserved, type. */
#define NVMQ_SGL_WORD(len, type) ((u64)(type) << 56 | (u32)(len))

/**
 * nvmq_dma_start_prp - find room for a list, and point PRP2 to it
 * @q: queue that the request goes to
 * @nr: the driver's part of the request
 * @entries: what the list is to hold, PRP1 not counted
 * @p: its start, filled
 *
 * Context: queue_rq; does not sleep.
 * Return: BLK_STS_OK or BLK_STS_RESOURCE.
 */
blk_status_t nvmq_dma_start_prp(struct nvmq_queue *q, struct nvmq_req *nr, u32 entries,
				struct nvmq_prp *p)
{
	u8 shift = q->sq.page_shift;

	if (entries <= 1) {
		/* the one entry is PRP2 itself */
		nvmq_prp_start_short(p, (__le64 *)&nr->prp2, entries, shift);
		nr->prp2 = 0;
		return BLK_STS_OK;
	}
	if (entries <= NVMQ_LIST_ENTRIES) {
		if (!nvmq_dma_need_list(q->ctrl, nr))
			return BLK_STS_RESOURCE;
		nvmq_prp_start_short(p, nr->more->list, entries, shift);
		nr->prp2 = nr->more->list_dma;
		return BLK_STS_OK;
	}
	if (!nvmq_dma_alloc_pages(q->ctrl, nr, nvmq_prp_list_pages(entries, shift), &nr->prp2))
		return BLK_STS_RESOURCE;
	nvmq_prp_start(p, nr->more->pages, entries, shift);
	return BLK_STS_OK;
}

/*
 * A place in a list that is being written: free slots up to @stop, then @list; @end is where on the
 * bus the vector before ended, 0 at the beginning.
 */
struct nvmq_dma_place {
	struct nvmq_prp list;
	__le64 *slot;
	__le64 *stop;
	u64 end;
	u32 mask;
};

/* Sees that there is a free slot. False if the list is full. */
static __always_inline bool nvmq_dma_room(struct nvmq_dma_place *at)
{
	u32 slots = 1U << ((at->list.shift - 3) & 31), n = at->list.left;

	if (likely(at->slot != at->stop))
		return true;
	if (!n)
		return false;
	/* the last slot of a page is the chain's, unless all that is left fits */
	if (at->list.pages && n > slots)
		n = slots - 1;
	at->slot = at->list.slot;
	at->stop = at->slot + n;
	at->list.left -= n;
	if (at->list.left)
		at->list.slot = *at->list.pages++;
	return true;
}

/*
 * Enters a vector of any shape. One that begins within a page must go on where the one before it
 * ended; that page stands in the list already. False if it does not, or the list is full.
 */
static bool nvmq_dma_enter_vector(struct nvmq_dma_place *at, u64 addr, u32 len)
{
	u64 page = addr, mask = at->mask;

	if (unlikely((addr | at->end) & mask) && at->end) {
		if (addr != at->end)
			return false;
		page = (addr + mask) & ~mask;
	}
	at->end = addr + len;
	for (; page < at->end; page = (page | mask) + 1) {
		if (!nvmq_dma_room(at))
			return false;
		*at->slot++ = cpu_to_le64(page);
	}
	return true;
}

static __always_inline bool nvmq_dma_enter_page(const struct bio_vec *bv, __le64 *slot, u64 page,
						u64 base)
{
	if (unlikely(nvmq_dma_extent(bv) != page))
		return false;
	*slot = cpu_to_le64(nvmq_dma_linear(bv->bv_page) + base);
	return true;
}

static __always_inline bool nvmq_dma_enter_four(const struct bio_vec *bv, __le64 *slot, u64 page,
						u64 base)
{
	return nvmq_dma_enter_page(bv, slot, page, base) &&
	       nvmq_dma_enter_page(bv + 1, slot + 1, page, base) &&
	       nvmq_dma_enter_page(bv + 2, slot + 2, page, base) &&
	       nvmq_dma_enter_page(bv + 3, slot + 3, page, base);
}

/*
 * Enters vectors that are a page each, as most of a long request are, until there comes another
 * one, or @most were entered, or the slots are used up. Returns how many were. It is this loop that
 * a long request costs: hence eight at a time.
 */
static u32 nvmq_dma_enter_pages(struct nvmq_dma_place *at, const struct nvmq_sq *sq,
				const struct bio_vec *bv, u32 most)
{
	const struct bio_vec whole = { .bv_len = sq->page };
	const u64 page = nvmq_dma_extent(&whole), base = sq->bus_base;
	__le64 *start = at->slot, *slot = start, *stop = start + min_t(u32, most, at->stop - start);

	for (; slot + 8 <= stop; slot += 8, bv += 8)
		if (!nvmq_dma_enter_four(bv, slot, page, base) ||
		    !nvmq_dma_enter_four(bv + 4, slot + 4, page, base))
			break;
	if (slot + 4 <= stop && nvmq_dma_enter_four(bv, slot, page, base)) {
		slot += 4;
		bv += 4;
	}
	for (; slot < stop && nvmq_dma_enter_page(bv, slot, page, base); slot++, bv++)
		;
	if (slot != start) {
		at->slot = slot;
		at->end = le64_to_cpu(slot[-1]) + sq->page;
	}
	return slot - start;
}

/* Where nothing has to be unmapped no run has to be found again: vectors go in as they come. */
static noinline blk_status_t nvmq_dma_map_direct(struct nvmq_queue *q, struct request *req)
{
	u32 shift = q->sq.page_shift & 31, mask = q->sq.page - 1, offset = req_bvec(req).bv_offset;
	struct nvmq_req *nr = nvmq_req(req);
	__le64 prp1;
	struct nvmq_dma_place at = { .slot = &prp1, .stop = &prp1 + 1, .mask = mask };
	blk_status_t ret;
	struct bio *bio;

	ret = nvmq_dma_start_prp(q, nr, nvmq_dma_list_entries(q, req, offset & mask), &at.list);
	if (ret)
		return ret;
	__rq_for_each_bio(bio, req) {
		const struct bio_vec *bv = __bvec_iter_bvec(bio->bi_io_vec, bio->bi_iter);
		u32 skip = bio->bi_iter.bi_bvec_done, left = bio->bi_iter.bi_size, len, n;

		for (; left; left -= len, bv += n, skip = 0) {
			n = 0;
			if (nvmq_dma_room(&at) && !skip && !(at.end & mask))
				n = nvmq_dma_enter_pages(&at, &q->sq, bv, left >> shift);
			len = n << shift;
			if (n)
				continue;
			n = 1;
			len = min(bv->bv_len - skip, left);
			if (!nvmq_dma_enter_vector(&at, nvmq_dma_bus(&q->sq, bv, skip), len))
				goto broken;
		}
	}
	nr->prp1 = le64_to_cpu(prp1);
	return BLK_STS_OK;
broken:
	WARN_ONCE(1, "nvmq: a segment breaks the virt boundary\n");
	nvmq_dma_free_pages(q->ctrl, nr, nr->prp2);
	return BLK_STS_IOERR;
}

/* Maps one vector as it is. False if mapping space is short. */
static bool nvmq_dma_map_bvec(struct nvmq_queue *q, struct request *req, struct bio_vec *bv,
			      u64 *addr)
{
	if (likely(q->sq.direct)) {
		*addr = nvmq_dma_bus(&q->sq, bv, 0);
		return true;
	}
	*addr = dma_map_bvec(q->sq.dev, bv, rq_dma_dir(req), 0);
	return !dma_mapping_error(q->sq.dev, *addr);
}

static struct nvm_sgl_desc *nvmq_dma_sgl_list(struct nvmq_req *nr)
{
	return nr->nr_pages ? (void *)nr->more->pages[0] : (void *)nr->more->list;
}

static void nvmq_dma_unmap_sgl(struct nvmq_queue *q, struct request *req, unsigned int segs)
{
	struct nvm_sgl_desc *desc = nvmq_dma_sgl_list(nvmq_req(req));

	for (; segs--; desc++)
		dma_unmap_page(q->sq.dev, le64_to_cpu(desc->addr), le32_to_cpu(desc->length),
			       rq_dma_dir(req));
}

static noinline blk_status_t nvmq_dma_map_sgl(struct nvmq_queue *q, struct request *req)
{
	unsigned int total = blk_rq_nr_phys_segments(req), segs = 0;
	struct nvmq_req *nr = nvmq_req(req);
	struct nvm_sgl_desc *desc;
	struct req_iterator iter;
	struct bio_vec bv;

	if (total * sizeof(*desc) <= NVMQ_LIST_BYTES) {
		if (!nvmq_dma_need_list(q->ctrl, nr))
			return BLK_STS_RESOURCE;
		nr->prp1 = nr->more->list_dma;
	} else if (!nvmq_dma_alloc_pages(q->ctrl, nr, 1, &nr->prp1)) {
		return BLK_STS_RESOURCE;
	}

	desc = nvmq_dma_sgl_list(nr);
	rq_for_each_bvec(bv, req, iter) {
		u64 addr;

		if (!nvmq_dma_map_bvec(q, req, &bv, &addr)) {
			/* so it is not direct */
			nvmq_dma_unmap_sgl(q, req, segs);
			nvmq_dma_free_pages(q->ctrl, nr, nr->prp1);
			return BLK_STS_RESOURCE;
		}
		desc[segs].addr = cpu_to_le64(addr);
		desc[segs].length = cpu_to_le32(bv.bv_len);
		memset(desc[segs].rsvd, 0, sizeof(desc->rsvd));
		desc[segs++].type = NVM_SGL_FMT_DATA_DESC;
	}
	nr->prp2 = NVMQ_SGL_WORD(segs * sizeof(*desc), NVM_SGL_FMT_LAST_SEG_DESC);
	nr->segs = segs;
	nr->flags |= NVMQ_RF_SGL;
	return BLK_STS_OK;
}

/* Would an SGL be shorter? Only where the controller has them and segments are long in the mean. */
static bool nvmq_dma_want_sgl(struct nvmq_queue *q, struct request *req)
{
	unsigned int segs = blk_rq_nr_phys_segments(req);

	return q->sgl_threshold && segs <= NVMQ_SGL_MAX &&
	       blk_rq_bytes(req) / segs >= q->sgl_threshold;
}

/* One segment: a vector, or the part of it that its bio begins with. */
static noinline blk_status_t nvmq_dma_map_one(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);
	struct bio_vec bv = req_bvec(req);
	u32 page = q->sq.page, len = blk_rq_bytes(req), offset;
	struct nvmq_prp p;
	blk_status_t ret;

	bv.bv_len = len;
	if (!nvmq_dma_map_bvec(q, req, &bv, &nr->prp1))
		return BLK_STS_RESOURCE;
	nr->prp2 = 0;
	offset = nr->prp1 & (page - 1);
	if (offset + len <= page)
		goto mapped;
	if (offset + len <= 2 * page) {
		nr->prp2 = nr->prp1 - offset + page;
		goto mapped;
	}
	if (nvmq_dma_want_sgl(q, req)) {
		nr->prp2 = NVMQ_SGL_WORD(len, NVM_SGL_FMT_DATA_DESC);
		nr->flags |= NVMQ_RF_SGL;
		goto mapped;
	}
	ret = nvmq_dma_start_prp(q, nr, nvmq_dma_list_entries(q, req, offset), &p);
	if (ret) {
		if (!q->sq.direct)
			dma_unmap_page(q->sq.dev, nr->prp1, len, rq_dma_dir(req));
		return ret;
	}
	nvmq_prp_put(&p, nr->prp1 - offset + page, len - (page - offset));
mapped:
	if (!q->sq.direct)
		nr->flags |= NVMQ_RF_ONE;
	return BLK_STS_OK;
}

/**
 * nvmq_dma_map_any - map a request of any shape; nvmq_dma_map() without its short cut
 * @q: queue that the request goes to
 * @req: request with data
 *
 * Fills prp1 and prp2 of the request.
 *
 * Context: queue_rq; does not sleep.
 * Return: as nvmq_dma_map().
 */
blk_status_t nvmq_dma_map_any(struct nvmq_queue *q, struct request *req)
{
	blk_status_t ret;

	if (nvmq_p2p_is(req))
		ret = nvmq_p2p_map(q, req);
	else if (blk_rq_nr_phys_segments(req) == 1)
		ret = nvmq_dma_map_one(q, req);
	else if (nvmq_dma_want_sgl(q, req))
		ret = nvmq_dma_map_sgl(q, req);
	else if (q->sq.direct)
		ret = nvmq_dma_map_direct(q, req);
	else
		ret = nvmq_dma_map_prp(q, req);
	if (likely(!ret) && (!q->sq.direct || nvmq_req(req)->nr_pages))
		nvmq_req(req)->flags |= NVMQ_RF_MAPPED;
	return ret;
}

/**
 * nvmq_dma_map_as_sgl - map a request by an SGL, for what PRPs cannot go with
 * @q: queue of a controller that has SGLs
 * @req: request of at most NVMQ_SGL_MAX segments
 *
 * Context: queue_rq; does not sleep.
 * Return: as nvmq_dma_map().
 */
blk_status_t nvmq_dma_map_as_sgl(struct nvmq_queue *q, struct request *req)
{
	blk_status_t ret;

	/* the way to a PCI device's memory is found for PRPs alone */
	if (nvmq_p2p_is(req))
		return BLK_STS_NOTSUPP;
	ret = nvmq_dma_map_sgl(q, req);
	if (!ret && (!q->sq.direct || nvmq_req(req)->nr_pages))
		nvmq_req(req)->flags |= NVMQ_RF_MAPPED;
	return ret;
}

/**
 * nvmq_dma_unmap - undo nvmq_dma_map() or nvmq_dma_ranges()
 * @q: queue that the request went to
 * @req: request; the controller has answered it or is stopped
 *
 * Context: any; does not sleep.
 */
void nvmq_dma_unmap(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);
	u64 first = nr->prp2;

	if (nr->flags & (NVMQ_RF_RANGES | NVMQ_RF_SGL))
		first = nr->prp1;
	if (q->sq.direct || nr->flags & NVMQ_RF_RANGES)
		; /* nothing was mapped, or there is nothing to undo */
	else if (nr->flags & NVMQ_RF_ONE)
		dma_unmap_page(q->sq.dev, nr->prp1, blk_rq_bytes(req), rq_dma_dir(req));
	else if (nr->flags & NVMQ_RF_SGL)
		nvmq_dma_unmap_sgl(q, req, nr->segs);
	else
		nvmq_dma_unmap_prp(q, req, nr->segs);
	if (unlikely(nr->nr_pages))
		nvmq_dma_free_pages(q->ctrl, nr, first);
	nr->flags &= ~(NVMQ_RF_MAPPED | NVMQ_RF_ONE | NVMQ_RF_RANGES | NVMQ_RF_SGL);
}
