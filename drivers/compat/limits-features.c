// SPDX-License-Identifier: GPL-2.0
/*
 * Queue limits since 6.11: filled in as a whole, checked and committed as a
 * whole.  The older kernels' half is limits-setters.c; Kbuild picks one.
 */
#include <linux/blk-integrity.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <compat-config.h>
#include <nvmq-limits.h>

static void feature(struct queue_limits *lim, blk_features_t bit, bool on)
{
	if (on)
		lim->features |= bit;
	else
		lim->features &= ~bit;
}

bool nvmq_limits_know_pi(const struct nvmq_limits *l)
{
	return IS_ENABLED(CONFIG_BLK_DEV_INTEGRITY) && (l->pi_bytes == 8 || l->pi_bytes == 16);
}

static void fill_integrity(struct queue_limits *lim, const struct nvmq_limits *l)
{
	const unsigned char users = BLK_INTEGRITY_NOVERIFY | BLK_INTEGRITY_NOGENERATE;
	struct blk_integrity old = lim->integrity, *bi = &lim->integrity;

	memset(bi, 0, sizeof(*bi));
	lim->max_integrity_segments = l->max_integrity_segments;
	if (!l->meta_bytes)
		return;
#ifdef COMPAT_HAS_INTEGRITY_METADATA_SIZE
	bi->metadata_size = l->meta_bytes;
	bi->pi_tuple_size = l->pi_bytes;
	if (old.metadata_size)
		bi->flags = old.flags & users;
#else
	bi->tuple_size = l->meta_bytes;
	if (old.tuple_size)
		bi->flags = old.flags & users;
#endif
	if (!l->pi_bytes)
		return;
	bi->csum_type = l->pi_bytes == 16 ? BLK_INTEGRITY_CSUM_CRC64 : BLK_INTEGRITY_CSUM_CRC;
	bi->pi_offset = l->pi_offset;
	/* what is neither guard nor reference tag */
	bi->tag_size = l->pi_ref ? 2 : l->pi_bytes == 16 ? 8 : 6;
	bi->flags |= BLK_INTEGRITY_DEVICE_CAPABLE;
	if (l->pi_ref)
		bi->flags |= BLK_INTEGRITY_REF_TAG;
}

static void fill_zoned(struct queue_limits *lim, const struct nvmq_limits *l)
{
	feature(lim, BLK_FEAT_ZONED, l->zoned);
	lim->max_open_zones = l->max_open_zones;
	lim->max_active_zones = l->max_active_zones;
#ifdef COMPAT_HAS_HW_ZONE_APPEND
	lim->max_hw_zone_append_sectors = l->max_zone_append_sectors;
#else
	lim->max_zone_append_sectors = l->max_zone_append_sectors;
#endif
}

/* What users and blk-mq set in @lim stays as it is. */
static void fill(struct queue_limits *lim, const struct nvmq_limits *l)
{
	lim->virt_boundary_mask = l->virt_boundary_mask;
	lim->logical_block_size = l->logical_block_size;
	lim->physical_block_size = l->physical_block_size;
	lim->io_min = l->io_min;
	lim->io_opt = l->io_opt;
	lim->max_hw_sectors = l->max_hw_sectors;
	lim->max_segments = l->max_segments;
	lim->max_segment_size = UINT_MAX;
	if (!l->virt_boundary_mask && l->max_segment_size)
		lim->max_segment_size = l->max_segment_size;
	lim->dma_alignment = l->dma_alignment;
	lim->chunk_sectors = l->chunk_sectors;

	lim->max_hw_discard_sectors = l->max_discard_sectors;
	lim->max_discard_segments = l->max_discard_segments;
	lim->discard_granularity = l->discard_granularity;
	lim->discard_alignment = l->discard_alignment;

	lim->max_write_zeroes_sectors = l->max_write_zeroes_sectors;
#ifdef COMPAT_HAS_WZEROES_UNMAP
	/* the block layer wants both to be equal, or none */
	lim->max_hw_wzeroes_unmap_sectors =
		l->max_wzeroes_unmap_sectors ? l->max_write_zeroes_sectors : 0;
#endif

	lim->atomic_write_hw_max = l->atomic_write_hw_max;
	lim->atomic_write_hw_unit_min = l->atomic_write_hw_unit_min;
	lim->atomic_write_hw_unit_max = l->atomic_write_hw_unit_max;
	lim->atomic_write_hw_boundary = l->atomic_write_hw_boundary;
#ifdef BLK_FEAT_ATOMIC_WRITES
	feature(lim, BLK_FEAT_ATOMIC_WRITES, l->atomic_write_hw_max);
#endif

	fill_integrity(lim, l);
	fill_zoned(lim, l);
#ifdef COMPAT_HAS_WRITE_STREAMS
	lim->max_write_streams = l->max_write_streams;
	lim->write_stream_granularity = l->write_stream_granularity;
#endif

	feature(lim, BLK_FEAT_WRITE_CACHE, l->write_cache);
	feature(lim, BLK_FEAT_FUA, l->fua);
	feature(lim, BLK_FEAT_ROTATIONAL, l->rotational);
	feature(lim, BLK_FEAT_PCI_P2PDMA, l->p2p);
	feature(lim, BLK_FEAT_STABLE_WRITES, l->stable_writes);
}

struct gendisk *nvmq_limits_alloc_disk(struct blk_mq_tag_set *set,
				       const struct nvmq_limits *l,
				       void *queuedata)
{
	struct queue_limits lim = {};

	fill(&lim, l);
	return blk_mq_alloc_disk(set, &lim, queuedata);
}

struct request_queue *nvmq_limits_alloc_queue(struct blk_mq_tag_set *set,
					      const struct nvmq_limits *l,
					      void *queuedata)
{
	struct queue_limits lim = {};

	fill(&lim, l);
	return blk_mq_alloc_queue(set, &lim, queuedata);
}

void nvmq_limits_begin(struct gendisk *disk)
{
	/* The snapshot is of no use: while we hold the lock nothing changes. */
	(void)queue_limits_start_update(disk->queue);
}

int nvmq_limits_apply(struct gendisk *disk, const struct nvmq_limits *l)
{
	struct queue_limits lim = disk->queue->limits;

	fill(&lim, l);
	return queue_limits_commit_update(disk->queue, &lim);
}

void nvmq_limits_cancel(struct gendisk *disk)
{
	queue_limits_cancel_update(disk->queue);
}

int nvmq_limits_apply_queue(struct request_queue *q,
			    const struct nvmq_limits *l)
{
	struct queue_limits lim = queue_limits_start_update(q);

	fill(&lim, l);
	return queue_limits_commit_update(q, &lim);
}
