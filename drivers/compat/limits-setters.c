// SPDX-License-Identifier: GPL-2.0
/*
 * Queue limits before 6.11: one setter for each, on a queue that exists.  The
 * newer kernels' half is limits-features.c; Kbuild picks one.
 *
 * Those kernels keep what a user wrote into sysfs in the very fields that the
 * setters reset.  So that a rescan does not undo a user's wish, a setter whose
 * hardware value did not change is not called.
 */
#include <linux/blk-integrity.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/err.h>
#include <linux/t10-pi.h>
#include <nvmq-limits.h>

static void flag(struct request_queue *q, unsigned int bit, bool on)
{
	if (on)
		blk_queue_flag_set(bit, q);
	else
		blk_queue_flag_clear(bit, q);
}

static bool has_flag(struct request_queue *q, unsigned int bit)
{
	return test_bit(bit, &q->queue_flags);
}

/* The newer kernels' own checks, of what would do harm. */
static int check(const struct nvmq_limits *l)
{
	if (l->logical_block_size < SECTOR_SIZE ||
	    l->logical_block_size > PAGE_SIZE ||
	    (l->logical_block_size & (l->logical_block_size - 1)))
		return -EINVAL;
	if (l->max_hw_sectors < PAGE_SECTORS)
		return -EINVAL;
	return 0;
}

static void set_transfer(struct request_queue *q, const struct nvmq_limits *l)
{
	u32 max_hw = round_down(l->max_hw_sectors,
				l->logical_block_size >> SECTOR_SHIFT);

	if (max_hw != queue_max_hw_sectors(q))
		blk_queue_max_hw_sectors(q, max_hw);
	if (l->max_segments)
		blk_queue_max_segments(q, l->max_segments);

	/* The boundary implies segments of any size, and says so with a WARN. */
	if (l->virt_boundary_mask) {
		blk_queue_virt_boundary(q, l->virt_boundary_mask);
	} else {
		q->limits.virt_boundary_mask = 0;
		blk_queue_max_segment_size(q, l->max_segment_size ?: UINT_MAX);
	}
	blk_queue_dma_alignment(q, l->dma_alignment ?: SECTOR_SIZE - 1);
	blk_queue_chunk_sectors(q, l->chunk_sectors);
}

static void set_discard(struct request_queue *q, const struct nvmq_limits *l)
{
	struct queue_limits *lim = &q->limits;

	if (lim->max_hw_discard_sectors != l->max_discard_sectors)
		blk_queue_max_discard_sectors(q, l->max_discard_sectors);
	blk_queue_max_discard_segments(q, l->max_discard_segments ?: 1);
	lim->discard_alignment = l->discard_alignment;
	lim->discard_granularity = 0;
	if (l->max_discard_sectors)
		lim->discard_granularity = max(l->discard_granularity,
					       lim->physical_block_size);
}

static void fill(struct request_queue *q, const struct nvmq_limits *l)
{
	/* The block sizes first: the other setters round to them. */
	blk_queue_logical_block_size(q, l->logical_block_size);
	blk_queue_physical_block_size(q, l->physical_block_size);
	blk_queue_io_min(q, l->io_min);
	blk_queue_io_opt(q, round_down(l->io_opt,
				       q->limits.physical_block_size));

	set_transfer(q, l);
	set_discard(q, l);
	blk_queue_max_write_zeroes_sectors(q, l->max_write_zeroes_sectors);

	if (has_flag(q, QUEUE_FLAG_HW_WC) != l->write_cache ||
	    has_flag(q, QUEUE_FLAG_FUA) != (l->write_cache && l->fua))
		blk_queue_write_cache(q, l->write_cache,
				      l->write_cache && l->fua);
	flag(q, QUEUE_FLAG_NONROT, !l->rotational);
	flag(q, QUEUE_FLAG_ADD_RANDOM, false);
	flag(q, QUEUE_FLAG_STABLE_WRITES, l->stable_writes);
}

/* Those kernels look for it in the first bytes of the metadata. */
bool nvmq_limits_know_pi(const struct nvmq_limits *l)
{
	return IS_ENABLED(CONFIG_BLK_DEV_INTEGRITY) && !l->pi_offset &&
	       (l->pi_bytes == 8 || l->pi_bytes == 16);
}

static const struct blk_integrity_profile *profile(const struct nvmq_limits *l)
{
	switch (l->pi_bytes) {
	case 8:
		return l->pi_ref ? &t10_pi_type1_crc : &t10_pi_type3_crc;
	case 16:
		return l->pi_ref ? &ext_pi_type1_crc64 : &ext_pi_type3_crc64;
	default:
		return NULL;
	}
}

/* With other metadata only its buffers are the block layer's business. */
static void set_integrity(struct gendisk *disk, const struct nvmq_limits *l)
{
	const struct blk_integrity *old = blk_get_integrity(disk);
	struct blk_integrity bi = { .profile = profile(l), .tuple_size = l->meta_bytes };

	if (bi.profile) {
		bi.tag_size = l->pi_ref ? 2 : l->pi_bytes == 16 ? 8 : 6;
		bi.flags = BLK_INTEGRITY_DEVICE_CAPABLE;
	}
	blk_queue_max_integrity_segments(disk->queue, l->max_integrity_segments);
	if (old && !l->meta_bytes) {
		blk_integrity_unregister(disk);
	} else if (l->meta_bytes && (!old || old->tuple_size != bi.tuple_size ||
				     (bi.profile && old->profile != bi.profile) ||
				     old->tag_size != bi.tag_size ||
				     old->interval_exp != ilog2(l->logical_block_size))) {
		blk_integrity_register(disk, &bi);
	}
}

static void set_zoned(struct gendisk *disk, const struct nvmq_limits *l)
{
	disk_set_zoned(disk, l->zoned ? BLK_ZONED_HM : BLK_ZONED_NONE);
	if (!l->zoned)
		return;
	flag(disk->queue, QUEUE_FLAG_ZONE_RESETALL, true);
	disk_set_max_open_zones(disk, l->max_open_zones);
	disk_set_max_active_zones(disk, l->max_active_zones);
	blk_queue_max_zone_append_sectors(disk->queue, l->max_zone_append_sectors);
}

static void fill_disk(struct gendisk *disk, const struct nvmq_limits *l)
{
	fill(disk->queue, l);
	set_integrity(disk, l);
	if (IS_ENABLED(CONFIG_BLK_DEV_ZONED))
		set_zoned(disk, l);
	disk_update_readahead(disk);
}

struct gendisk *nvmq_limits_alloc_disk(struct blk_mq_tag_set *set,
				       const struct nvmq_limits *l,
				       void *queuedata)
{
	struct gendisk *disk;

	if (check(l))
		return ERR_PTR(-EINVAL);
	disk = blk_mq_alloc_disk(set, queuedata);
	if (IS_ERR(disk))
		return disk;

	fill_disk(disk, l);
	return disk;
}

struct request_queue *nvmq_limits_alloc_queue(struct blk_mq_tag_set *set,
					      const struct nvmq_limits *l,
					      void *queuedata)
{
	struct request_queue *q;

	if (check(l))
		return ERR_PTR(-EINVAL);
	q = blk_mq_init_queue(set);
	if (IS_ERR(q))
		return q;

	q->queuedata = queuedata;
	fill(q, l);
	return q;
}

/* There is no lock to take: the frozen queue has to do. */
void nvmq_limits_begin(struct gendisk *disk)
{
}

void nvmq_limits_cancel(struct gendisk *disk)
{
}

int nvmq_limits_apply(struct gendisk *disk, const struct nvmq_limits *l)
{
	int ret = check(l);

	if (ret)
		return ret;
	fill_disk(disk, l);
	return 0;
}

int nvmq_limits_apply_queue(struct request_queue *q,
			    const struct nvmq_limits *l)
{
	int ret = check(l);

	if (!ret)
		fill(q, l);
	return ret;
}
