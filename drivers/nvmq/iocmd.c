// SPDX-License-Identifier: GPL-2.0
/* I/O commands of the driver's own that somebody waits for: zone reports, reservations, handles. */
#include <linux/blk-mq.h>

#include "admin.h"
#include "dma.h"
#include "iocmd.h"

/**
 * nvmq_iocmd_run - send an I/O command and wait for it
 * @ns: namespace; its queue is not frozen
 * @cmd: command; namespace, id and data pointer are filled in on the way
 * @buf: kmalloc()ed data, or NULL; its direction is the opcode's
 * @len: bytes of @buf
 *
 * Context: may sleep; ends with the I/O timeout at the latest, unless a recovery takes longer.
 * Return: 0; -errno if it could not be sent or was given up; the NVMe status if it was refused.
 */
int nvmq_iocmd_run(struct nvmq_ns *ns, const struct nvm_sqe *cmd, void *buf, u32 len)
{
	bool out = cmd->opcode & NVM_OPC_DATA_OUT;
	struct request *req;
	struct nvmq_req *nr;

	req = blk_mq_alloc_request(ns->disk->queue, out ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN, 0);
	if (IS_ERR(req))
		return PTR_ERR(req);
	nr = nvmq_req(req);
	if (!nvmq_dma_need_more(nr, GFP_NOIO)) {
		blk_mq_free_request(req);
		return -ENOMEM;
	}
	nr->more->cmd = *cmd;
	nr->more->cmd.nsid = cpu_to_le32(ns->nsid);
	nr->flags = 0;
	nr->status = 0;
	return nvmq_admin_run(req, buf, len, NULL);
}
