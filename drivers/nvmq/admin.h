/* SPDX-License-Identifier: GPL-2.0 */
/* Admin commands that somebody waits for: identify, features, queues, log pages; and abort. */
#ifndef _NVMQ_ADMIN_H
#define _NVMQ_ADMIN_H

#include "nvmq.h"

/*
 * All of these sleep. They return 0, a negative errno when the command could not be sent or was
 * reclaimed from a stopped controller, or the NVMe status (positive) when the controller refused.
 */
int nvmq_admin_run(struct request *req, void *buf, u32 len, u64 *result);
int nvmq_admin_cmd(struct nvmq_ctrl *ctrl, const struct nvm_sqe *cmd, void *buf, u32 len,
		   u64 *result);
int nvmq_admin_identify(struct nvmq_ctrl *ctrl, u8 cns, u8 csi, u32 nsid, void *buf, u32 len);
int nvmq_admin_get_log(struct nvmq_ctrl *ctrl, u32 nsid, u8 lid, u8 lsp, u8 csi, void *buf,
		       u32 len, u64 offset);
int nvmq_admin_set_feature(struct nvmq_ctrl *ctrl, u8 fid, u32 nsid, u32 cdw11, void *buf, u32 len,
			   u32 *result);
int nvmq_admin_get_feature(struct nvmq_ctrl *ctrl, u8 fid, u32 nsid, u32 cdw11, void *buf, u32 len,
			   u32 *result);
int nvmq_admin_create_cq(struct nvmq_ctrl *ctrl, struct nvmq_queue *q);
int nvmq_admin_create_sq(struct nvmq_ctrl *ctrl, struct nvmq_queue *q);
int nvmq_admin_delete_queues(struct nvmq_ctrl *ctrl, u8 opcode, unsigned int last);
int nvmq_admin_abort(struct nvmq_queue *q, struct request *victim);
void nvmq_admin_post_aen(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_ADMIN_H */
