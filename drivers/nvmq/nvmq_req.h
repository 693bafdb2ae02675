/* SPDX-License-Identifier: GPL-2.0 */
/* The driver's part of a request, and its lists (nvmq.h has all nouns). */
#ifndef _NVMQ_NVMQ_REQ_H
#define _NVMQ_NVMQ_REQ_H

#include <linux/blk-mq.h>
#include <linux/dma-mapping.h>

#include <nvme/cmd.h>

/* The first list of a request: 32 entries of a PRP list, 128 KiB, or 16 SGL descriptors. */
#define NVMQ_LIST_BYTES 256
#define NVMQ_LIST_ENTRIES (NVMQ_LIST_BYTES / sizeof(__le64))
/* The largest transfer, and the pages of list that it can need. */
#define NVMQ_MAX_BYTES SZ_8M
#define NVMQ_MAX_LIST_PAGES 5
#define NVMQ_MAX_SEGMENTS (NVMQ_MAX_BYTES / SZ_4K + 1)

/**
 * enum nvmq_req_flag - bits of nvmq_req.flags
 * @NVMQ_RF_USER: passed through; a user waits for the status
 * @NVMQ_RF_ABORTED: an abort was sent for it
 * @NVMQ_RF_MAPPED: data is mapped for DMA
 * @NVMQ_RF_RANGES: the list holds ranges of a discard
 * @NVMQ_RF_SGL: data is described by an SGL
 * @NVMQ_RF_META: metadata is mapped for DMA
 * @NVMQ_RF_ONE: its data is one segment
 * @NVMQ_RF_APPEND: the controller chooses the place, and tells it in the completion
 */
enum nvmq_req_flag {
	NVMQ_RF_USER = 1 << 0,
	NVMQ_RF_ABORTED = 1 << 1,
	NVMQ_RF_MAPPED = 1 << 2,
	NVMQ_RF_RANGES = 1 << 3,
	NVMQ_RF_SGL = 1 << 4,
	NVMQ_RF_META = 1 << 5,
	NVMQ_RF_ONE = 1 << 6,
	NVMQ_RF_APPEND = 1 << 7,
};

/**
 * struct nvmq_more - what most requests have no need of
 * @cmd: the command, if it was passed through or is the driver's own
 * @list: NVMQ_LIST_BYTES of list, allocated at first need
 * @list_dma: bus address of @list
 * @pages: pages of chained list, for transfers that outgrow @list; struct nvmq_req says how many
 * @range: where an IOMMU has all of its data, if its pieces were mapped as one
 * @meta_sgl: list of metadata in several pieces; NULL: it is in one
 * @meta_dma: bus address of @meta_sgl, or of the metadata
 *
 * Allocated at first need (nvmq_dma_need_more()), kept until the tag goes.
 */
struct nvmq_more {
	struct nvm_sqe cmd;
	__le64 *list;
	dma_addr_t list_dma;
	__le64 *pages[NVMQ_MAX_LIST_PAGES];
	struct dma_iova_state range;
	struct nvm_sgl_desc *meta_sgl;
	dma_addr_t meta_dma;
};

/**
 * struct nvmq_req - the driver's part of a request, behind struct request
 *
 * There is one for each tag of each queue, so it is kept small: with it a request takes 320 bytes,
 * five cache lines.
 *
 * @prp1: first data pointer, as mapped; an SGL keeps its first address here
 * @prp2: second page, or bus address of the list
 * @result: dwords 0 and 1 of the completion
 * @more: what few requests need, or NULL
 * @status: status field of the completion without phase tag (enum in nvme/status.h)
 * @flags: enum nvmq_req_flag
 * @retries: times that the command was sent again
 * @trouble: status, flags and retries: zero if nothing is to be done at a completion but to end it
 * @gen: generation, above the tag in the command id; moves on at each completion
 * @live: command id that is in flight, NVMQ_CID_NONE before the push and after the completion
 * @segs: segments mapped, for an SGL
 * @nr_pages: pages of list in use
 */
struct nvmq_req {
	u64 prp1;
	u64 prp2;
	u64 result;
	struct nvmq_more *more;
	union {
		struct {
			u16 status;
			u8 flags;
			u8 retries;
		};
		u32 trouble;
	};
	u16 gen;
	u16 live;
	u16 segs;
	u8 nr_pages;
};

/* struct request has 248 to 272 bytes, and blk-mq rounds the sum to cache lines */
static_assert(sizeof(struct nvmq_req) <= 48);

/**
 * struct nvmq_tally - what became of the commands of a namespace, or of the admin queue
 * @errors: ended with an error
 * @retries: sent again
 * @verbose: errors of commands that were passed through have a line in the log
 *
 * Written where a command failed, and by a user.
 */
struct nvmq_tally {
	atomic_long_t errors;
	atomic_long_t retries;
	bool verbose;
};

static inline struct nvmq_req *nvmq_req(struct request *req)
{
	return blk_mq_rq_to_pdu(req);
}

#endif /* _NVMQ_NVMQ_REQ_H */
