// SPDX-License-Identifier: GPL-2.0
/*
 * Does a device reach all of memory where it is? Then the bus address of a page is its physical one
 * and a constant, mapping is an addition, and there is nothing to undo. The kernel's own mapping
 * comes to the same, after having asked for each page what does not change between two bring-ups.
 */
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/swiotlb.h>

#include "dma.h"
#include "dma_mem.h"

/* Nothing is taken for granted: would the kernel's mapping come to @addr for @page? */
static bool nvmq_dma_agrees(struct device *dev, struct page *page, u64 addr)
{
	dma_addr_t dma = dma_map_page(dev, page, 0, PAGE_SIZE, DMA_TO_DEVICE);

	if (dma_mapping_error(dev, dma))
		return false;
	dma_unmap_page(dev, dma, PAGE_SIZE, DMA_TO_DEVICE);
	return dma == addr;
}

/**
 * nvmq_dma_is_direct - may bus addresses be computed?
 * @dev: device, its masks set
 * @base: filled with what to add to nvmq_dma_linear(), if so
 *
 * Not behind an IOMMU, nor where memory is bounced, or may have to be because it is out of the
 * device's reach, now or after more was plugged in; not on a bus with windows of its own; and not
 * in a kernel that wants to see each mapping.
 *
 * Context: bring-up.
 * Return: true if they may, until the device is bound to a driver the next time.
 */
bool nvmq_dma_is_direct(struct device *dev, u64 *base)
{
	/* any page: what is added is the same for all */
	struct page *page = virt_to_page(dev);

	if (IS_ENABLED(CONFIG_DMA_API_DEBUG) || IS_ENABLED(CONFIG_KMSAN) ||
	    IS_ENABLED(CONFIG_ARCH_HAS_PHYS_TO_DMA))
		return false;
	if (dma_need_unmap(dev) || is_swiotlb_force_bounce(dev) || dev->dma_range_map)
		return false;
	if (dma_get_mask(dev) != DMA_BIT_MASK(64) || dev->bus_dma_limit)
		return false;
	*base = phys_to_dma(dev, page_to_phys(page)) - nvmq_dma_linear(page);
	return nvmq_dma_agrees(dev, page, nvmq_dma_linear(page) + *base);
}
