/* SPDX-License-Identifier: GPL-2.0 */
/* Firmware that is activated without a reset. */
#ifndef _NVMQ_FIRMWARE_H
#define _NVMQ_FIRMWARE_H

struct nvmq_ctrl;

void nvmq_firmware_activating(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_FIRMWARE_H */
