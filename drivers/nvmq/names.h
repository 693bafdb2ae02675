/* SPDX-License-Identifier: GPL-2.0 */
/* Classes and instance numbers: the names that tools see, beside nvme_core or without it. */
#ifndef _NVMQ_NAMES_H
#define _NVMQ_NAMES_H

#include <linux/device.h>

/* Classes of controllers, of subsystems and of namespaces' character devices. */
extern struct class nvmq_names_ctrl;
extern struct class nvmq_names_subsys;
extern struct class nvmq_names_generic;

int nvmq_names_init(void);
void nvmq_names_exit(void);

int nvmq_names_take(void);
void nvmq_names_hold(int instance);
void nvmq_names_drop(int instance);

#endif /* _NVMQ_NAMES_H */
