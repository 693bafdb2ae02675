/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/dmapool.h>

#ifndef COMPAT_LINUX_DMAPOOL_H
#define COMPAT_LINUX_DMAPOOL_H

#include <compat-config.h>

#ifndef COMPAT_HAS_DMA_POOL_NODE
/* Without a node the pool takes its pages where the device is. */
static inline struct dma_pool *
dma_pool_create_node(const char *name, struct device *dev, size_t size,
		     size_t align, size_t boundary, int node)
{
	return dma_pool_create(name, dev, size, align, boundary);
}
#endif

#endif
