/* SPDX-License-Identifier: GPL-2.0 */
/* Zoned namespaces: what identify says of them, and the report of their zones. */
#ifndef _NVMQ_ZNS_H
#define _NVMQ_ZNS_H

#include <linux/blkdev.h>

#include "ns_info.h"

int nvmq_zns_identify(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, void *buf);
int nvmq_zns_report(struct gendisk *disk, sector_t sector, unsigned int nr_zones,
		    struct blk_report_zones_args *args);

#endif /* _NVMQ_ZNS_H */
