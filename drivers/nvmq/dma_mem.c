// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of what few requests need, of lists, and of a discard's ranges. NVMQ_LIST_BYTES of list
 * (128 KiB of data in 4 KiB pages) are allocated once for each tag that ever needs them and stay
 * with the tag. Longer lists take whole pages and give them back.
 */
#include <linux/dmapool.h>
#include <linux/slab.h>

#include "dma.h"
#include "dma_mem.h"
#include "prp.h"

/**
 * nvmq_dma_init - make the pools that lists come from
 * @ctrl: controller; its page size is known
 *
 * Context: bring-up, may sleep; does nothing the second time.
 * Return: 0 or -ENOMEM.
 */
int nvmq_dma_init(struct nvmq_ctrl *ctrl)
{
	size_t align = ctrl->quirks & NVMQ_QUIRK_DMAPOOL_ALIGN_512 ? 512 : NVMQ_LIST_BYTES;
	size_t page = 1U << ctrl->page_shift;

	if (ctrl->list_pool)
		return 0;
	ctrl->list_pool = dma_pool_create("nvmq-list", ctrl->dev, NVMQ_LIST_BYTES, align, 0);
	ctrl->page_pool = dma_pool_create("nvmq-page", ctrl->dev, page, page, 0);
	if (ctrl->list_pool && ctrl->page_pool)
		return 0;
	nvmq_dma_exit(ctrl);
	return -ENOMEM;
}

/**
 * nvmq_dma_exit - destroy the pools
 * @ctrl: controller; its tag sets are gone
 *
 * Context: may sleep.
 */
void nvmq_dma_exit(struct nvmq_ctrl *ctrl)
{
	dma_pool_destroy(ctrl->list_pool);
	dma_pool_destroy(ctrl->page_pool);
	ctrl->list_pool = NULL;
	ctrl->page_pool = NULL;
}

/**
 * nvmq_dma_release - free what a tag kept for its next requests
 * @ctrl: controller
 * @nr: private part of a request that is idle
 *
 * Context: may sleep; exit_request.
 */
void nvmq_dma_release(struct nvmq_ctrl *ctrl, struct nvmq_req *nr)
{
	struct nvmq_more *more = nr->more;

	if (!more)
		return;
	if (more->list)
		dma_pool_free(ctrl->list_pool, more->list, more->list_dma);
	kfree(more);
	nr->more = NULL;
}

/**
 * nvmq_dma_need_more - see that a tag has what most requests do without
 * @nr: private part of the request
 * @gfp: how to allocate it
 *
 * Context: as @gfp says.
 * Return: nr->more; NULL if memory is short.
 */
struct nvmq_more *nvmq_dma_need_more(struct nvmq_req *nr, gfp_t gfp)
{
	if (!nr->more)
		nr->more = kzalloc(sizeof(*nr->more), gfp);
	return nr->more;
}

/**
 * nvmq_dma_need_list - see that a tag has its list
 * @ctrl: controller
 * @nr: private part of the request
 *
 * Context: queue_rq; does not sleep.
 * Return: false if memory is short.
 */
bool nvmq_dma_need_list(struct nvmq_ctrl *ctrl, struct nvmq_req *nr)
{
	struct nvmq_more *more = nvmq_dma_need_more(nr, GFP_ATOMIC);

	if (unlikely(!more))
		return false;
	if (unlikely(!more->list))
		more->list = dma_pool_alloc(ctrl->list_pool, GFP_ATOMIC, &more->list_dma);
	return more->list;
}

/**
 * nvmq_dma_free_pages - free the pages of a long list, if there are any
 * @ctrl: controller
 * @nr: private part of the request
 * @first: bus address of the first page; the last slot of each has the next one's
 *
 * Context: any; does not sleep.
 */
void nvmq_dma_free_pages(struct nvmq_ctrl *ctrl, struct nvmq_req *nr, u64 first)
{
	u32 last = (1U << ctrl->page_shift) / sizeof(__le64) - 1;
	unsigned int i;

	for (i = 0; i < nr->nr_pages; i++) {
		__le64 *page = nr->more->pages[i];
		u64 next = le64_to_cpu(page[last]);

		dma_pool_free(ctrl->page_pool, page, first);
		first = next;
	}
	nr->nr_pages = 0;
}

/**
 * nvmq_dma_alloc_pages - allocate the pages of a long list and chain them
 * @ctrl: controller
 * @nr: private part of the request, without pages
 * @pages: how many
 * @first: filled with the bus address of the first
 *
 * Context: queue_rq; does not sleep.
 * Return: false if memory is short, or @pages is more than NVMQ_MAX_LIST_PAGES.
 */
bool nvmq_dma_alloc_pages(struct nvmq_ctrl *ctrl, struct nvmq_req *nr, u32 pages, u64 *first)
{
	struct nvmq_more *more = nvmq_dma_need_more(nr, GFP_ATOMIC);
	dma_addr_t dma;

	if (pages > NVMQ_MAX_LIST_PAGES || !more)
		return false;

	while (nr->nr_pages < pages) {
		__le64 *page = dma_pool_alloc(ctrl->page_pool, GFP_ATOMIC, &dma);

		if (!page) {
			nvmq_dma_free_pages(ctrl, nr, *first);
			return false;
		}
		if (nr->nr_pages)
			nvmq_prp_chain(more->pages[nr->nr_pages - 1], dma, ctrl->page_shift);
		else
			*first = dma;
		more->pages[nr->nr_pages++] = page;
	}
	return true;
}

/**
 * nvmq_dma_ranges - memory for the ranges of a discard
 * @q: queue that the request goes to
 * @req: discard request
 * @nr_ranges: ranges, at most NVM_DSM_MAX_RANGES
 *
 * Up to sixteen ranges live in the tag's own list, more take a page. PRP1 points to them.
 *
 * Context: queue_rq; does not sleep.
 * Return: room for @nr_ranges, or NULL. nvmq_dma_unmap() gives it back.
 */
struct nvm_dsm_range *nvmq_dma_ranges(struct nvmq_queue *q, struct request *req,
				      unsigned int nr_ranges)
{
	struct nvmq_req *nr = nvmq_req(req);

	if (nr_ranges > NVM_DSM_MAX_RANGES)
		return NULL;
	nr->prp2 = 0;
	if (nr_ranges * sizeof(struct nvm_dsm_range) <= NVMQ_LIST_BYTES) {
		if (!nvmq_dma_need_list(q->ctrl, nr))
			return NULL;
		nr->prp1 = nr->more->list_dma;
		nr->flags |= NVMQ_RF_RANGES;
		return (void *)nr->more->list;
	}
	if (!nvmq_dma_alloc_pages(q->ctrl, nr, 1, &nr->prp1))
		return NULL;
	nr->flags |= NVMQ_RF_RANGES;
	return (void *)nr->more->pages[0];
}
