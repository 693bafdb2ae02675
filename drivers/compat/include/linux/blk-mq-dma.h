/* SPDX-License-Identifier: GPL-2.0 */
/*
 * 6.19: requests of peer to peer memory are mapped by an iterator that says how. Of earlier kernels
 * Debian's have no such memory, or the iterator has another shape: they are told of none.
 */
#ifndef COMPAT_LINUX_BLK_MQ_DMA_H
#define COMPAT_LINUX_BLK_MQ_DMA_H

#include <compat-config.h>

#ifdef COMPAT_HAS_RQ_DMA_P2P
#include_next <linux/blk-mq-dma.h>

#define BLK_RQ_DMA_HAS_P2P IS_ENABLED(CONFIG_PCI_P2PDMA)
#define BLK_RQ_DMA_MMIO DMA_ATTR_MMIO
#define BLK_RQ_DMA_OVER_BUS PCI_P2PDMA_MAP_BUS_ADDR

static inline void blk_rq_dma_unmap_first(struct request *req, struct device *dev,
					  const struct blk_dma_iter *iter)
{
	dma_unmap_phys(dev, iter->addr, iter->len, rq_dma_dir(req), DMA_ATTR_MMIO);
}
#else
#include <linux/blk-mq.h>
#include <linux/dma-mapping.h>

#define BLK_RQ_DMA_HAS_P2P false
#define BLK_RQ_DMA_MMIO 0
#define BLK_RQ_DMA_OVER_BUS 1

struct blk_dma_iter {
	dma_addr_t addr;
	u32 len;
	blk_status_t status;
	struct {
		int map;
	} p2pdma;
};

static inline bool blk_rq_dma_map_iter_start(struct request *req, struct device *dev,
					     struct dma_iova_state *state,
					     struct blk_dma_iter *iter)
{
	iter->status = BLK_STS_NOTSUPP;
	return false;
}

static inline bool blk_rq_dma_map_iter_next(struct request *req, struct device *dev,
					    struct blk_dma_iter *iter)
{
	return false;
}

static inline void blk_rq_dma_unmap_first(struct request *req, struct device *dev,
					  const struct blk_dma_iter *iter)
{
}

#ifndef COMPAT_HAS_DMA_IOVA
static inline bool dma_use_iova(struct dma_iova_state *state)
{
	return false;
}
#endif
#endif

#endif
