/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/dma-mapping.h>

#ifndef COMPAT_LINUX_DMA_MAPPING_H
#define COMPAT_LINUX_DMA_MAPPING_H

#include <compat-config.h>

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

/* 6.16: a range of an IOMMU's addresses. Earlier kernels have none to give away. */
#ifndef COMPAT_HAS_DMA_IOVA
struct dma_iova_state {
	dma_addr_t addr;
};

static inline bool dma_iova_try_alloc(struct device *dev, struct dma_iova_state *state,
				      phys_addr_t phys, size_t size)
{
	return false;
}

static inline void dma_iova_free(struct device *dev, struct dma_iova_state *state)
{
}

static inline int dma_iova_link(struct device *dev, struct dma_iova_state *state,
				phys_addr_t phys, size_t offset, size_t size,
				enum dma_data_direction dir, unsigned long attrs)
{
	return -EOPNOTSUPP;
}

static inline int dma_iova_sync(struct device *dev, struct dma_iova_state *state, size_t offset,
				size_t size)
{
	return -EOPNOTSUPP;
}

static inline void dma_iova_destroy(struct device *dev, struct dma_iova_state *state,
				    size_t mapped_len, enum dma_data_direction dir,
				    unsigned long attrs)
{
}
#endif

#endif
