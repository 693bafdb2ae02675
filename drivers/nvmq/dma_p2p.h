/* SPDX-License-Identifier: GPL-2.0 */
/* Data that is memory of another PCI device, or of the controller itself. */
#ifndef _NVMQ_DMA_P2P_H
#define _NVMQ_DMA_P2P_H

#include <linux/blk-mq.h>
#include <linux/memremap.h>

#include "nvmq.h"

bool nvmq_p2p_possible(struct device *dev);
blk_status_t nvmq_p2p_map(struct nvmq_queue *q, struct request *req);

/**
 * nvmq_p2p_is - is the data of a request memory of a PCI device?
 * @req: request with data
 *
 * The block layer merges such bios with no others, and marks them so.
 *
 * Return: true if all of it is; there are no mixtures.
 */
static __always_inline bool nvmq_p2p_is(struct request *req)
{
	return unlikely(req->bio->bi_opf & REQ_NOMERGE) &&
	       is_pci_p2pdma_page(req_bvec(req).bv_page);
}

#endif /* _NVMQ_DMA_P2P_H */
