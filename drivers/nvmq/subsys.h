/* SPDX-License-Identifier: GPL-2.0 */
/* NVM subsystems: which controllers share one, and /sys/class/nvme-subsystem. */
#ifndef _NVMQ_SUBSYS_H
#define _NVMQ_SUBSYS_H

#include "nvmq.h"

/**
 * struct nvmq_subsys - one NVM subsystem, as long as it has a controller
 * @dev: its device, nvme-subsysX
 * @entry: in the list of all
 * @ctrls: its controllers
 * @instance: X, the number of its first controller
 * @subnqn: its name
 * @serial: as its first controller told, as are the next two
 * @model: model number
 * @firmware: firmware revision, as told last
 */
struct nvmq_subsys {
	struct device dev;
	struct list_head entry;
	struct list_head ctrls;
	int instance;
	char subnqn[sizeof_field(struct nvmq_ctrl, subnqn)];
	char serial[sizeof_field(struct nvmq_ctrl, serial)];
	char model[sizeof_field(struct nvmq_ctrl, model)];
	char firmware[sizeof_field(struct nvmq_ctrl, firmware)];
};

/* Joins or makes the subsystem of ctrl->subnqn; refuses a second controller of the same cntlid. */
int nvmq_subsys_join(struct nvmq_ctrl *ctrl);
int nvmq_subsys_link(struct nvmq_ctrl *ctrl);
void nvmq_subsys_leave(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_SUBSYS_H */
