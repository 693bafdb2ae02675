/* SPDX-License-Identifier: GPL-2.0 */
/* What a controller is told about its host at each bring-up. */
#ifndef _NVMQ_HOST_H
#define _NVMQ_HOST_H

struct nvmq_ctrl;

void nvmq_host_introduce(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_HOST_H */
