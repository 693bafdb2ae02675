/* SPDX-License-Identifier: GPL-2.0 */
/* The flight recorder: what a controller and its queues look like, in words. */
#ifndef _NVMQ_RECORD_H
#define _NVMQ_RECORD_H

#include "nvmq.h"

struct seq_file;

void nvmq_record_show(struct nvmq_ctrl *ctrl, struct seq_file *m);
void nvmq_record_report(struct nvmq_ctrl *ctrl, const char *why);

#endif /* _NVMQ_RECORD_H */
