/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/nvmeX and /dev/ngXnY; classes, names and numbers, beside nvme_core or without it. */
#ifndef _NVMQ_CHRDEV_H
#define _NVMQ_CHRDEV_H

#include "nvmq.h"

int nvmq_chrdev_init(void);
void nvmq_chrdev_exit(void);

/* Takes an instance number and initialises ctrl->device; put_device() ends it from then on. */
int nvmq_chrdev_init_ctrl(struct nvmq_ctrl *ctrl, void (*release)(struct nvmq_ctrl *ctrl));
int nvmq_chrdev_add_ctrl(struct nvmq_ctrl *ctrl);
void nvmq_chrdev_remove_ctrl(struct nvmq_ctrl *ctrl);

int nvmq_chrdev_add_ns(struct nvmq_ns *ns);
void nvmq_chrdev_remove_ns(struct nvmq_ns *ns);

#endif /* _NVMQ_CHRDEV_H */
