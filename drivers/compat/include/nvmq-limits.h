/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a disk of ours tells the block layer about itself.
 *
 * Until 6.8 a driver called one setter per limit on a live queue; since then it
 * fills struct queue_limits and commits it as a whole.  The shapes are too far
 * apart for a shim, so the driver fills the plain structure below, and one of
 * limits-features.c and limits-setters.c hands it on (Kbuild asks a probe).
 *
 * An update of a live disk takes three steps, in this order on every kernel,
 * because the lock of the limits is taken outside of a freeze:
 *
 *	nvmq_limits_begin(disk);
 *	memflags = blk_mq_freeze_queue(disk->queue);
 *	ret = nvmq_limits_apply(disk, &l);	(or nvmq_limits_cancel(disk))
 *	blk_mq_unfreeze_queue(disk->queue, memflags);
 */
#ifndef NVMQ_LIMITS_H
#define NVMQ_LIMITS_H

#include <linux/types.h>

struct blk_mq_tag_set;
struct gendisk;
struct request_queue;

/**
 * struct nvmq_limits - limits and features of one disk or admin queue
 * @virt_boundary_mask: no segment but the first starts, and none but the last
 *	ends, off this boundary: the controller's page size - 1; 0: no boundary
 * @logical_block_size: bytes
 * @physical_block_size: bytes; what is written without a read-modify-write
 * @io_min: preferred smallest I/O in bytes
 * @io_opt: preferred I/O in bytes; 0: not reported
 * @max_hw_sectors: largest request, in sectors of 512 bytes
 * @max_segment_size: bytes; 0: no limit.  Ignored with @virt_boundary_mask, for
 *	then the block layer builds segments of any length
 * @dma_alignment: mask of the alignment of addresses and lengths, 3 for dwords
 * @chunk_sectors: no request crosses a multiple of this; 0: none
 * @max_discard_sectors: largest discard, 512-byte sectors; 0: no discard
 * @discard_granularity: bytes
 * @discard_alignment: bytes
 * @max_write_zeroes_sectors: largest write zeroes; 0: not supported
 * @max_wzeroes_unmap_sectors: largest write zeroes that also deallocates; 0: none
 * @atomic_write_hw_max: largest write that is never torn, bytes; 0: unknown
 * @atomic_write_hw_unit_min: smallest atomic unit, bytes, a power of two
 * @atomic_write_hw_unit_max: largest atomic unit, bytes, a power of two
 * @atomic_write_hw_boundary: an atomic write must not cross it, bytes; 0: none
 * @max_segments: entries of a scatter list
 * @max_discard_segments: ranges of one discard
 * @max_integrity_segments: pieces that the metadata of one request may be in
 * @meta_bytes: metadata of each block that travels in a buffer of its own; 0: none
 * @pi_bytes: of these, what the block layer makes and checks; 0: nothing
 * @pi_offset: where in the metadata that begins
 * @pi_ref: it has a reference tag that counts blocks
 * @max_zone_append_sectors: largest zone append; 0: the device has none
 * @max_open_zones: zones that may be open at a time; 0: no limit
 * @max_active_zones: zones that may be open or closed; 0: no limit
 * @max_write_streams: placements that a write may choose from
 * @write_stream_granularity: bytes that are freed together
 * @zoned: zones of @chunk_sectors that must be written in order
 * @write_cache: the device has a volatile write cache: flushes reach it
 * @fua: it honours force unit access
 * @rotational: seeks cost
 * @p2p: data may be memory of PCI devices
 * @stable_writes: pages must not change during a write (checksums)
 *
 * @pi_bytes is 8 (16-bit guard) or 16 (64-bit guard).
 *
 * What the running kernel does not know is left out without a word: atomic
 * writes before 6.11, write zeroes with unmap before 6.17, write streams before
 * 6.16.  NOWAIT, I/O
 * statistics and polling are set by blk-mq itself, from the tag set.
 */
struct nvmq_limits {
	unsigned long	virt_boundary_mask;
	u32		logical_block_size;
	u32		physical_block_size;
	u32		io_min;
	u32		io_opt;
	u32		max_hw_sectors;
	u32		max_segment_size;
	u32		dma_alignment;
	u32		chunk_sectors;
	u32		max_discard_sectors;
	u32		discard_granularity;
	u32		discard_alignment;
	u32		max_write_zeroes_sectors;
	u32		max_wzeroes_unmap_sectors;
	u32		atomic_write_hw_max;
	u32		atomic_write_hw_unit_min;
	u32		atomic_write_hw_unit_max;
	u32		atomic_write_hw_boundary;
	u16		max_segments;
	u16		max_discard_segments;
	u16		max_integrity_segments;
	u8		meta_bytes;
	u8		pi_bytes;
	u8		pi_offset;
	bool		pi_ref;
	u32		max_zone_append_sectors;
	u32		max_open_zones;
	u32		max_active_zones;
	u32		write_stream_granularity;
	u16		max_write_streams;
	bool		zoned;
	bool		write_cache;
	bool		fua;
	bool		rotational;
	bool		p2p;
	bool		stable_writes;
};

/* can the block layer make and check the protection information of @l? */
bool nvmq_limits_know_pi(const struct nvmq_limits *l);

/* ERR_PTR() on failure, as blk_mq_alloc_disk() */
struct gendisk *nvmq_limits_alloc_disk(struct blk_mq_tag_set *set,
				       const struct nvmq_limits *l,
				       void *queuedata);

/* for the admin queue: no disk, ERR_PTR() on failure */
struct request_queue *nvmq_limits_alloc_queue(struct blk_mq_tag_set *set,
					      const struct nvmq_limits *l,
					      void *queuedata);

/* may sleep; before the queue is frozen */
void nvmq_limits_begin(struct gendisk *disk);

/*
 * Queue frozen by the caller.  0 or -errno; nothing has changed after an error.
 * Either way this ends what nvmq_limits_begin() began.
 */
int nvmq_limits_apply(struct gendisk *disk, const struct nvmq_limits *l);
void nvmq_limits_cancel(struct gendisk *disk);

/* the admin queue's limits, after a reset found other ones; nothing in flight */
int nvmq_limits_apply_queue(struct request_queue *q,
			    const struct nvmq_limits *l);

#endif
