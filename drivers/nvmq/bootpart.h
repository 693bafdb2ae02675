/* SPDX-License-Identifier: GPL-2.0 */
/* Boot partitions: what firmware of the machine may boot from, read through registers. */
#ifndef _NVMQ_BOOTPART_H
#define _NVMQ_BOOTPART_H

#include "nvmq.h"

ssize_t nvmq_bootpart_read(struct nvmq_ctrl *ctrl, unsigned int id, char __user *buf, size_t count,
			   loff_t *pos);
void nvmq_bootpart_free(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_BOOTPART_H */
