// 6.11: an IOMMU behind the DMA API is no dma_map_ops any more, use_dma_iommu() tells of it
#include <linux/device.h>
#include <linux/iommu-dma.h>

bool probe(struct device *dev);
bool probe(struct device *dev)
{
	return use_dma_iommu(dev);
}
