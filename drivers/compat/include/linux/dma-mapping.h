/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/dma-mapping.h>

#ifndef COMPAT_LINUX_DMA_MAPPING_H
#define COMPAT_LINUX_DMA_MAPPING_H

/*
 * 6.17: dma_need_unmap(). Earlier kernels, too, do nothing at the end of a mapping that has no
 * IOMMU behind it, needs no cache maintenance and did not bounce; it takes their insides to know.
 */
#ifndef COMPAT_HAS_DMA_NEED_UNMAP
#include <linux/dma-map-ops.h>
#include <linux/swiotlb.h>
#ifdef COMPAT_HAS_USE_DMA_IOMMU
#include <linux/iommu-dma.h>
#else
static inline bool use_dma_iommu(struct device *dev)
{
	return false;
}
#endif

static inline bool dma_need_unmap(struct device *dev)
{
	return IS_ENABLED(CONFIG_DMA_API_DEBUG) || get_dma_ops(dev) || use_dma_iommu(dev) ||
	       !dev_is_dma_coherent(dev) || is_swiotlb_force_bounce(dev);
}
#endif

#endif
