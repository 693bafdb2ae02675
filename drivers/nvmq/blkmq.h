/* SPDX-License-Identifier: GPL-2.0 */
/* Tag sets, their operations, and the valves: quiesce, freeze, reclaim. */
#ifndef _NVMQ_BLKMQ_H
#define _NVMQ_BLKMQ_H

#include <nvmq-limits.h>

#include "nvmq.h"

extern const struct blk_mq_ops nvmq_blkmq_narrow_ops;
extern const struct blk_mq_ops nvmq_blkmq_closed_ops;

const struct blk_mq_ops *nvmq_blkmq_choose_admin(const struct nvmq_ctrl *ctrl);
const struct blk_mq_ops *nvmq_blkmq_choose_io(const struct nvmq_ctrl *ctrl);
void nvmq_blkmq_choose_ops(struct nvmq_ns *ns);

int nvmq_blkmq_add_admin(struct nvmq_ctrl *ctrl);
void nvmq_blkmq_update_admin(struct nvmq_ctrl *ctrl);
void nvmq_blkmq_remove_admin(struct nvmq_ctrl *ctrl);
int nvmq_blkmq_add_io(struct nvmq_ctrl *ctrl);
void nvmq_blkmq_remove_io(struct nvmq_ctrl *ctrl);
struct gendisk *nvmq_blkmq_alloc_disk(struct nvmq_ns *ns, const struct nvmq_limits *lim);

void nvmq_blkmq_quiesce_io(struct nvmq_ctrl *ctrl);
void nvmq_blkmq_quiesce(struct nvmq_ctrl *ctrl);
void nvmq_blkmq_unquiesce(struct nvmq_ctrl *ctrl);
void nvmq_blkmq_unquiesce_admin(struct nvmq_ctrl *ctrl);
bool nvmq_blkmq_wait_idle(struct nvmq_ctrl *ctrl, unsigned int ms);
void nvmq_blkmq_reclaim(struct nvmq_ctrl *ctrl);
void nvmq_blkmq_gate(struct nvmq_ctrl *ctrl, enum nvmq_gate admin, enum nvmq_gate io);

bool nvmq_blkmq_freeze(struct nvmq_ctrl *ctrl, unsigned long timeout);
void nvmq_blkmq_unfreeze(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_BLKMQ_H */
