// after 6.12: dma_pool_create_node()
#include <linux/dmapool.h>

struct dma_pool *probe(struct device *dev);
struct dma_pool *probe(struct device *dev)
{
	return dma_pool_create_node("probe", dev, 256, 256, 0, 0);
}
