/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/nvmeX and /dev/ngXnY. */
#ifndef _NVMQ_CHRDEV_H
#define _NVMQ_CHRDEV_H

#include "nvmq.h"

/* Minors of each of the two kinds of devices; the instance number is a controller's minor. */
#define NVMQ_CHRDEV_MINORS (MINORMASK + 1)

/* Classes and device numbers, for the module's life time. */
int nvmq_chrdev_init(void);
void nvmq_chrdev_exit(void);

/* Takes an instance number and initialises ctrl->device; put_device() ends it from then on. */
int nvmq_chrdev_init_ctrl(struct nvmq_ctrl *ctrl, void (*release)(struct nvmq_ctrl *ctrl));
int nvmq_chrdev_add_ctrl(struct nvmq_ctrl *ctrl);
void nvmq_chrdev_remove_ctrl(struct nvmq_ctrl *ctrl);

int nvmq_chrdev_add_ns(struct nvmq_ns *ns);
void nvmq_chrdev_remove_ns(struct nvmq_ns *ns);

#endif /* _NVMQ_CHRDEV_H */
