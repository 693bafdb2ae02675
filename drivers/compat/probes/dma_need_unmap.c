// 6.17: dma_need_unmap(), whether what was mapped has to be unmapped at all
#include <linux/dma-mapping.h>

bool probe(struct device *dev);
bool probe(struct device *dev)
{
	return dma_need_unmap(dev);
}
