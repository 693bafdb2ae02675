// 6.19: requests of peer to peer memory are mapped by an iterator that says how
#include <linux/blk-mq-dma.h>
#include <linux/dma-mapping.h>

bool probe(struct request *req, struct device *dev, struct dma_iova_state *state);
bool probe(struct request *req, struct device *dev, struct dma_iova_state *state)
{
	struct blk_dma_iter iter = {};

	return blk_rq_dma_map_iter_start(req, dev, state, &iter) &&
	       pci_p2pdma_bus_addr_map(iter.p2pdma.mem, 0) == DMA_ATTR_MMIO &&
	       blk_rq_dma_map_iter_next(req, dev, &iter);
}
