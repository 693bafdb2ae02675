// 6.14 (and stable 6.12): blk_mq_map_hw_queues() replaces blk_mq_pci_map_queues()
#include <linux/blk-mq.h>

void probe(struct blk_mq_queue_map *qmap, struct device *dev);
void probe(struct blk_mq_queue_map *qmap, struct device *dev)
{
	blk_mq_map_hw_queues(qmap, dev, 0);
}
