/* SPDX-License-Identifier: GPL-2.0 */
/* Files for who looks for a fault, or makes one: /sys/kernel/debug/nvmq/nvmeX. */
#ifndef _NVMQ_DEBUGFS_H
#define _NVMQ_DEBUGFS_H

#include "nvmq.h"

void nvmq_debugfs_init(void);
void nvmq_debugfs_exit(void);
int nvmq_debugfs_add(struct nvmq_ctrl *ctrl);
void nvmq_debugfs_remove(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_DEBUGFS_H */
