// 6.16: a range of an IOMMU's addresses, into which memory is linked
#include <linux/dma-mapping.h>

int probe(struct device *dev, phys_addr_t phys);
int probe(struct device *dev, phys_addr_t phys)
{
	struct dma_iova_state state = {};

	if (!dma_iova_try_alloc(dev, &state, phys, PAGE_SIZE))
		return -ENOMEM;
	return dma_iova_link(dev, &state, phys, 0, PAGE_SIZE, DMA_TO_DEVICE, 0) ?:
	       dma_iova_sync(dev, &state, 0, PAGE_SIZE);
}
