/* SPDX-License-Identifier: GPL-2.0 */
/* Faults on demand: commands that fail although the controller did them, steps of a bring-up. */
#ifndef _NVMQ_INJECT_H
#define _NVMQ_INJECT_H

#include "nvmq.h"

struct seq_file;

int nvmq_inject_init(struct nvmq_ctrl *ctrl);
void nvmq_inject_exit(struct nvmq_ctrl *ctrl);
int nvmq_inject_set(struct nvmq_ctrl *ctrl, char *text);
void nvmq_inject_show(struct nvmq_ctrl *ctrl, struct seq_file *m);
int nvmq_inject_step(struct nvmq_ctrl *ctrl, unsigned int step);

#endif /* _NVMQ_INJECT_H */
