// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes that carry more than data: metadata, protection information, placement.
 *
 * Their commands are built ahead, in the request. Namespaces that need this have a queue_rq of
 * their own (blkmq_ops.c), so that a plain read or write is not asked about it.
 *
 * Where a format has protection information and a request comes without, because a user has
 * switched its making or checking off or the kernel does not know the format, the controller
 * inserts and strips it (PRACT).
 */
#include <linux/blk-integrity.h>
#include <linux/blkdev.h>
#include <linux/dmapool.h>

#include <nvmq-integrity.h>
#include <nvmq-stream.h>

#include "cmd.h"
#include "dma.h"
#include "meta.h"

/* What is checked where the block layer does not say. */
static unsigned int nvmq_meta_checks(const struct nvmq_ns *ns)
{
	switch (ns->pi_type) {
	case 0:
		return 0;
	case 3:
		return NVMQ_CHECK_GUARD;
	default:
		return NVMQ_CHECK_GUARD | NVMQ_CHECK_REF;
	}
}

/* The reference tag that the first block has: its number (NVM 5.2.1.5). */
static void nvmq_meta_set_ref(struct nvm_sqe *cmd, const struct nvmq_ns *ns, struct request *req)
{
	u64 lba = blk_rq_pos(req) >> (ns->lba_shift - SECTOR_SHIFT);

	cmd->cdw14 = cpu_to_le32(lower_32_bits(lba));
	/* a 64-bit guard leaves 48 bits for it */
	if (ns->pi_bytes == 16)
		cmd->cdw3 = cpu_to_le32(upper_32_bits(lba) & 0xffff);
}

static void nvmq_meta_set_pi(struct nvm_sqe *cmd, const struct nvmq_ns *ns, struct request *req)
{
	unsigned int checks = nvmq_meta_checks(ns);
	u32 control = 0;
	u16 tag = 0;

	if (blk_integrity_rq(req) && ns->lim.pi_bytes)
		checks = nvmq_integrity_checks(req, checks, &tag);
	else
		control |= NVM_RW_PRINFO_PRACT;
	if (checks & NVMQ_CHECK_GUARD)
		control |= NVM_RW_PRINFO_PRCHK_GUARD;
	if (checks & NVMQ_CHECK_REF)
		control |= NVM_RW_PRINFO_PRCHK_REF;
	if (checks & NVMQ_CHECK_APP) {
		control |= NVM_RW_PRINFO_PRCHK_APP;
		cmd->cdw15 = cpu_to_le32(tag | NVM_RW_APPMASK);
	}
	/* an appended block's number is not known yet: the controller remaps its tag */
	if (cmd->opcode == NVM_CMD_ZONE_APPEND && ns->pi_type == 1)
		control |= NVM_ZONE_APPEND_PIREMAP;
	if (ns->pi_type != 3)
		nvmq_meta_set_ref(cmd, ns, req);
	cmd->cdw12 |= cpu_to_le32(control);
}

/* A write's stream says where it goes (fdp.c). Base 8.1.10 (2.1) */
static void nvmq_meta_place(struct nvm_sqe *cmd, const struct nvmq_ns *ns,
			    const struct request *req)
{
	unsigned int stream = nvmq_stream_of(req);

	if (!stream || WARN_ON_ONCE(stream > ns->nr_places))
		return;
	cmd->cdw12 |= cpu_to_le32(NVM_RW_DTYPE_DPLCMT);
	cmd->cdw13 = cpu_to_le32(NVM_PREP(NVM_RW_DSPEC, ns->places[stream - 1]));
}

/* Several pieces: MPTR leads to a segment descriptor, behind which their descriptors stand. */
static blk_status_t nvmq_meta_map_sgl(struct nvmq_queue *q, struct request *req,
				      struct nvm_sqe *cmd)
{
	struct nvmq_req *nr = nvmq_req(req);
	struct nvm_sgl_desc *desc;
	unsigned int n = 0;
	struct bio *bio;
	dma_addr_t list;

	desc = dma_pool_zalloc(q->ctrl->list_pool, GFP_ATOMIC, &list);
	if (!desc)
		return BLK_STS_RESOURCE;
	nr->more->meta_sgl = desc;
	nr->more->meta_dma = list;
	nr->flags |= NVMQ_RF_META;
	__rq_for_each_bio(bio, req) {
		struct bio_integrity_payload *bip = bio_integrity(bio);
		struct bvec_iter iter = bip->bip_iter;

		while (iter.bi_size) {
			struct bio_vec bv = mp_bvec_iter_bvec(bip->bip_vec, iter);
			dma_addr_t addr;

			if (WARN_ON_ONCE(n == NVMQ_META_SGL_MAX))
				return BLK_STS_IOERR;
			addr = dma_map_bvec(q->sq.dev, &bv, rq_dma_dir(req), 0);
			if (dma_mapping_error(q->sq.dev, addr))
				return BLK_STS_RESOURCE;
			desc[++n].addr = cpu_to_le64(addr);
			desc[n].length = cpu_to_le32(bv.bv_len);
			desc->length = cpu_to_le32(n * sizeof(*desc));
			bvec_iter_advance(bip->bip_vec, &iter, bv.bv_len);
		}
	}
	desc->addr = cpu_to_le64(list + sizeof(*desc));
	desc->type = NVM_SGL_FMT_LAST_SEG_DESC;
	cmd->mptr = cpu_to_le64(list);
	cmd->flags |= NVM_CMD_SGL_METASEG;
	return BLK_STS_OK;
}

static blk_status_t nvmq_meta_map_one(struct nvmq_queue *q, struct request *req,
				      struct nvm_sqe *cmd)
{
	struct bio_vec bv = rq_integrity_vec(req);
	struct nvmq_req *nr = nvmq_req(req);
	dma_addr_t addr = dma_map_bvec(q->sq.dev, &bv, rq_dma_dir(req), 0);

	if (dma_mapping_error(q->sq.dev, addr))
		return BLK_STS_RESOURCE;
	cmd->mptr = cpu_to_le64(addr);
	nr->more->meta_sgl = NULL;
	nr->more->meta_dma = addr;
	if (!q->sq.direct)
		nr->flags |= NVMQ_RF_META;
	if (nr->flags & NVMQ_RF_SGL)
		cmd->flags |= NVM_CMD_SGL_METABUF;
	return BLK_STS_OK;
}

/**
 * nvmq_meta_unmap - undo the mapping of a request's metadata
 * @q: queue that the request went to
 * @req: request; the controller has answered it, or it was never sent
 *
 * Context: any; does not sleep.
 */
void nvmq_meta_unmap(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_req *nr = nvmq_req(req);
	struct nvm_sgl_desc *desc = nr->more->meta_sgl;
	unsigned int n;

	nr->flags &= ~NVMQ_RF_META;
	if (!desc) {
		dma_unmap_page(q->sq.dev, nr->more->meta_dma, rq_integrity_vec(req).bv_len,
			       rq_dma_dir(req));
		return;
	}
	n = le32_to_cpu(desc->length) / sizeof(*desc);
	for (; n; n--)
		dma_unmap_page(q->sq.dev, le64_to_cpu(desc[n].addr), le32_to_cpu(desc[n].length),
			       rq_dma_dir(req));
	dma_pool_free(q->ctrl->list_pool, desc, nr->more->meta_dma);
	nr->more->meta_sgl = NULL;
}

static blk_status_t nvmq_meta_map(struct nvmq_queue *q, struct request *req, struct nvm_sqe *cmd)
{
	struct nvmq_req *nr = nvmq_req(req);
	blk_status_t ret;
	bool one;

	if (!nvmq_dma_need_more(nr, GFP_ATOMIC))
		return BLK_STS_RESOURCE;
	one = nvmq_integrity_segments(req) == 1;
	ret = one ? nvmq_dma_map_any(q, req) : nvmq_dma_map_as_sgl(q, req);
	if (ret)
		return ret;
	ret = one ? nvmq_meta_map_one(q, req, cmd) : nvmq_meta_map_sgl(q, req, cmd);
	if (!ret)
		return BLK_STS_OK;
	if (nr->flags & NVMQ_RF_META)
		nvmq_meta_unmap(q, req);
	if (nr->flags & NVMQ_RF_MAPPED)
		nvmq_dma_unmap(q, req);
	return ret;
}

/**
 * nvmq_meta_prep - map a request's data and metadata, and build its command
 * @q: queue that it goes to
 * @req: a read, write or zone append
 * @ns: its namespace
 * @cmd: filled, but for the data pointer
 * @opcode: opcode
 * @control: what the command carries in cdw12 anyway
 *
 * Context: queue_rq; does not sleep.
 * Return: as nvmq_dma_map(); BLK_STS_NOTSUPP if metadata is needed and there is none.
 */
blk_status_t nvmq_meta_prep(struct nvmq_queue *q, struct request *req, const struct nvmq_ns *ns,
			    struct nvm_sqe *cmd, u8 opcode, u32 control)
{
	struct nvmq_req *nr = nvmq_req(req);
	blk_status_t ret;

	nr->flags = 0;
	nvmq_cmd_rw(cmd, opcode, 0, ns->nsid,
		    blk_rq_pos(req) >> (ns->lba_shift - SECTOR_SHIFT),
		    blk_rq_bytes(req) >> ns->lba_shift, control);
	if (ns->pi_type)
		nvmq_meta_set_pi(cmd, ns, req);
	if (ns->nr_places && opcode == NVM_CMD_WRITE)
		nvmq_meta_place(cmd, ns, req);
	if (blk_integrity_rq(req)) {
		ret = nvmq_meta_map(q, req, cmd);
	} else {
		/* PRACT takes the place of metadata that is all protection information */
		if (ns->ms != ns->pi_bytes)
			return BLK_STS_NOTSUPP;
		ret = nvmq_dma_map_any(q, req);
		if (nr->flags & NVMQ_RF_SGL)
			cmd->flags |= NVM_CMD_SGL_METABUF;
	}
	if (!ret && opcode == NVM_CMD_ZONE_APPEND)
		nr->flags |= NVMQ_RF_APPEND;
	return ret;
}

/**
 * nvmq_meta_write_zeroes - have protection information inserted by a write zeroes
 * @cmd: the command
 * @ns: its namespace, which has protection information
 * @req: its request
 *
 * Context: any.
 */
void nvmq_meta_write_zeroes(struct nvm_sqe *cmd, const struct nvmq_ns *ns, struct request *req)
{
	/* nothing can be checked: there is no data */
	cmd->cdw12 |= cpu_to_le32(NVM_RW_PRINFO_PRACT);
	if (ns->pi_type != 3)
		nvmq_meta_set_ref(cmd, ns, req);
}
