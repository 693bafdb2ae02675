/* SPDX-License-Identifier: GPL-2.0 */
/* Commands that a user passes through: ioctls, permissions, command effects. */
#ifndef _NVMQ_PASSTHRU_H
#define _NVMQ_PASSTHRU_H

#include <linux/blkdev.h>

#include "nvmq.h"

int nvmq_passthru_ns_ioctl(struct nvmq_ns *ns, unsigned int cmd, void __user *arg, bool writable);
int nvmq_passthru_ctrl_ioctl(struct nvmq_ctrl *ctrl, unsigned int cmd, void __user *arg,
			     bool writable);

#endif /* _NVMQ_PASSTHRU_H */
