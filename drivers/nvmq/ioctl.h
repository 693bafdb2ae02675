/* SPDX-License-Identifier: GPL-2.0 */
/* The ioctls of nvmeX, nvmeXnY and ngXnY. */
#ifndef _NVMQ_IOCTL_H
#define _NVMQ_IOCTL_H

#include "nvmq.h"

/* @flags: NVMQ_PT_* of the file that it came through */
int nvmq_ioctl_ns(struct nvmq_ns *ns, unsigned int cmd, void __user *arg, unsigned int flags);
int nvmq_ioctl_ctrl(struct nvmq_ctrl *ctrl, unsigned int cmd, void __user *arg,
		    unsigned int flags);

#endif /* _NVMQ_IOCTL_H */
