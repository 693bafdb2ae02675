// SPDX-License-Identifier: GPL-2.0
/*
 * The user's memory of a command that is passed through: data, which is mapped or copied by the
 * block layer, and metadata, which goes through MPTR.
 */
#include <linux/compat.h>
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "cmd.h"
#include "dma.h"
#include "passthru.h"
#include "permit.h"

/* The largest metadata buffer: it is contiguous memory. */
#define NVMQ_PASSTHRU_MAX_META SZ_1M

/**
 * struct nvmq_passthru_meta - metadata of one command, on its way through MPTR
 * @dev: device that does the DMA
 * @buf: one piece of memory, whatever the user's is
 * @dma: its bus address
 * @user: where it comes from or goes to
 * @len: bytes
 * @dir: and which of both
 */
struct nvmq_passthru_meta {
	struct device *dev;
	void *buf;
	dma_addr_t dma;
	void __user *user;
	u32 len;
	enum dma_data_direction dir;
};

/* A 32-bit process may leave dirt in the upper half of a pointer. */
static void __user *nvmq_passthru_ptr(u64 addr)
{
	if (in_compat_syscall())
		return compat_ptr(addr);
	return u64_to_user_ptr(addr);
}

static bool nvmq_passthru_is_out(const struct nvmq_passthru *pt)
{
	return pt->sqe.opcode & NVM_OPC_DATA_OUT;
}

/* Only a namespace that has metadata apart from its data does anything with MPTR. */
static bool nvmq_passthru_takes_meta(const struct nvmq_ns *ns)
{
	return ns && ns->ms && !test_bit(NVMQ_NF_EXTENDED, &ns->flags);
}

static void nvmq_passthru_free_meta(struct nvmq_passthru_meta *meta)
{
	if (meta)
		kfree(meta->buf);
	kfree(meta);
}

static struct nvmq_passthru_meta *nvmq_passthru_alloc_meta(struct device *dev,
							   const struct nvmq_passthru *pt)
{
	struct nvmq_passthru_meta *meta = kzalloc_obj(*meta);

	if (!meta)
		return NULL;
	meta->dev = dev;
	meta->len = pt->meta_len;
	meta->user = nvmq_passthru_ptr(pt->meta_addr);
	meta->dir = nvmq_passthru_is_out(pt) ? DMA_TO_DEVICE : DMA_FROM_DEVICE;
	/* zeroed: what the controller leaves out must not be somebody's old data */
	meta->buf = kzalloc(meta->len, GFP_KERNEL | __GFP_NOWARN);
	if (meta->buf)
		return meta;
	nvmq_passthru_free_meta(meta);
	return NULL;
}

static int nvmq_passthru_map_meta(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
				  const struct nvmq_passthru *pt, u64 need,
				  struct nvmq_passthru_meta **mapped)
{
	u32 len = pt->meta_addr ? pt->meta_len : 0;
	struct nvmq_passthru_meta *meta;
	int ret;

	if (len < need)
		return -EINVAL;
	if (!len)
		return 0;
	if (!nvmq_passthru_takes_meta(ns) || len > NVMQ_PASSTHRU_MAX_META)
		return -EINVAL;

	meta = nvmq_passthru_alloc_meta(ctrl->dev, pt);
	if (!meta)
		return -ENOMEM;
	ret = -EFAULT;
	if (meta->dir == DMA_TO_DEVICE && copy_from_user(meta->buf, meta->user, meta->len))
		goto free;
	meta->dma = dma_map_single(meta->dev, meta->buf, meta->len, meta->dir);
	ret = -ENOMEM;
	if (dma_mapping_error(meta->dev, meta->dma))
		goto free;
	*mapped = meta;
	return 0;
free:
	nvmq_passthru_free_meta(meta);
	return ret;
}

/* The controller transfers what the command says, whatever was mapped for it. */
static int nvmq_passthru_check_length(struct nvmq_ns *ns, const struct nvmq_passthru *pt,
				      u32 mapped, u64 *need_meta)
{
	struct nvmq_permit_format fmt;
	s64 need;

	*need_meta = 0;
	if (ns) {
		nvmq_passthru_format(ns, &fmt);
		need = nvmq_permit_io_bytes(&pt->sqe, &fmt, need_meta);
	} else {
		need = nvmq_permit_admin_bytes(&pt->sqe);
	}
	return need > mapped ? -EINVAL : 0;
}

static int nvmq_passthru_map_data(struct request *req, const struct nvmq_passthru *pt)
{
	void __user *addr = nvmq_passthru_ptr(pt->addr);

	if (pt->fixed)
		return blk_rq_map_user_iov(req->q, req, NULL, pt->fixed, GFP_KERNEL);
	return blk_rq_map_user_io(req, NULL, addr, pt->len, GFP_KERNEL, pt->vec, 0, true,
				  rq_data_dir(req));
}

/* A mere -EINVAL leaves people guessing. */
static void nvmq_passthru_too_long(struct request *req, u32 len, u32 limit)
{
	const struct nvmq_queue *q = req->mq_hctx->driver_data;

	nvmq_warn_limited(q->ctrl, "%s: a command of %u bytes refused, %u are the most\n",
			  current->comm, len, limit);
}

static int nvmq_passthru_map(struct request *req, const struct nvmq_passthru *pt)
{
	u32 limit = queue_max_hw_sectors(req->q) << SECTOR_SHIFT;
	int ret;

	if (!pt->addr || !pt->len)
		return 0;
	if (!pt->vec && pt->len > limit) {
		nvmq_passthru_too_long(req, pt->len, limit);
		return -EINVAL;
	}
	ret = nvmq_passthru_map_data(req, pt);
	if (!ret && blk_rq_bytes(req) > limit) {
		nvmq_passthru_too_long(req, blk_rq_bytes(req), limit);
		blk_rq_unmap_user(req->bio);
		ret = -EINVAL;
	}
	return ret;
}

/**
 * nvmq_passthru_outcome - what ended a request, in the words of a user
 * @req: request
 * @sts: the block layer's verdict
 *
 * Context: any.
 * Return: the controller's answer, 0 or a status (positive); -errno if it was our giving up, or
 * the block layer's.
 */
int nvmq_passthru_outcome(struct request *req, blk_status_t sts)
{
	u16 status = nvmq_req(req)->status;

	switch (status) {
	case 0:
		return blk_status_to_errno(sts);
	case NVMQ_SC_RECLAIMED:
		return -EINTR;
	case NVMQ_SC_DEAD:
		return -ENODEV;
	default:
		return status;
	}
}

/**
 * nvmq_passthru_build - a request for a command that was checked, ready to be sent
 * @ctrl: controller
 * @ns: namespace for an I/O command, NULL for an admin command; the caller holds a reference
 * @pt: the command
 * @opf: REQ_POLLED, REQ_NOWAIT, or 0
 * @held: filled with what nvmq_passthru_finish() needs, in the user's own context
 *
 * Context: may sleep; not for a tag with REQ_NOWAIT.
 * Return: the request, or ERR_PTR(): -EINVAL if the data or the metadata is shorter than what the
 * command transfers, or longer than the queue allows; -EAGAIN; -ENODEV; -EFAULT; -ENOMEM.
 */
struct request *nvmq_passthru_build(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
				    const struct nvmq_passthru *pt, blk_opf_t opf,
				    struct nvmq_passthru_held *held)
{
	struct request_queue *q = ns ? ns->disk->queue : ctrl->admin_q;
	struct nvmq_req *nr;
	struct request *req;
	u64 need_meta;
	int ret;

	req = blk_mq_alloc_request(q, opf | (nvmq_passthru_is_out(pt) ? REQ_OP_DRV_OUT :
									REQ_OP_DRV_IN),
				   opf & REQ_NOWAIT ? BLK_MQ_REQ_NOWAIT : 0);
	if (IS_ERR(req))
		return req;
	/* any number of milliseconds fits in a long, not in req->timeout */
	req->timeout = msecs_to_jiffies(min_t(u32, pt->timeout_ms, INT_MAX));

	*held = (struct nvmq_passthru_held){};
	nr = nvmq_req(req);
	ret = nvmq_dma_need_more(nr, GFP_KERNEL) ? nvmq_passthru_map(req, pt) : -ENOMEM;
	if (ret)
		goto free_request;
	held->bio = req->bio;
	ret = nvmq_passthru_check_length(ns, pt, held->bio ? blk_rq_bytes(req) : 0, &need_meta);
	if (!ret)
		ret = nvmq_passthru_map_meta(ctrl, ns, pt, need_meta, &held->meta);
	if (ret)
		goto unmap;

	nr->more->cmd = pt->sqe;
	nr->more->cmd.mptr = held->meta ? cpu_to_le64(held->meta->dma) : 0;
	nr->flags = NVMQ_RF_USER;
	nr->retries = 0;
	nr->status = 0;
	nr->result = 0;
	return req;
unmap:
	if (held->bio)
		blk_rq_unmap_user(held->bio);
free_request:
	blk_mq_free_request(req);
	return ERR_PTR(ret);
}

/**
 * nvmq_passthru_unmap - the controller is done with the metadata of a command
 * @held: what the command holds
 *
 * Context: any, before the request is freed: it keeps the device bound.
 */
void nvmq_passthru_unmap(struct nvmq_passthru_held *held)
{
	struct nvmq_passthru_meta *meta = held->meta;

	if (meta)
		dma_unmap_single(meta->dev, meta->dma, meta->len, meta->dir);
}

/**
 * nvmq_passthru_finish - give data and metadata of a command to its user
 * @held: what the command holds, after nvmq_passthru_unmap()
 * @ret: how the command ended
 *
 * Context: the user's, may sleep; the request may be gone.
 * Return: @ret, or -errno if it was 0 and the user's memory is not there any more.
 */
int nvmq_passthru_finish(struct nvmq_passthru_held *held, int ret)
{
	struct nvmq_passthru_meta *meta = held->meta;
	int err = 0;

	if (meta && !ret && meta->dir == DMA_FROM_DEVICE &&
	    copy_to_user(meta->user, meta->buf, meta->len))
		ret = -EFAULT;
	nvmq_passthru_free_meta(meta);
	if (held->bio)
		err = blk_rq_unmap_user(held->bio);
	return ret ? ret : err;
}
