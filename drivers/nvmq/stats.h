/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Latency histograms of a controller: for each queue and kind of I/O, from the command in the ring
 * to the completion taken. Off unless somebody wants them.
 *
 * The buckets are log-linear: eight for each power of two, so that a bucket is at most an eighth as
 * wide as what is in it. Their arithmetic is pure: the unit tests run it.
 */
#ifndef _NVMQ_STATS_H
#define _NVMQ_STATS_H

#include <linux/bitops.h>
#include <linux/minmax.h>

#include "nvmq.h"

/* Buckets for a power of two, the log2 of that, and buckets up to 2^41 ns (half an hour). */
#define NVMQ_STATS_LINEAR 8
#define NVMQ_STATS_SHIFT 3
#define NVMQ_STATS_BUCKETS (39 * NVMQ_STATS_LINEAR)

struct seq_file;

/**
 * nvmq_stats_bucket - where a time is counted
 * @ns: nanoseconds
 *
 * Return: a bucket, below NVMQ_STATS_BUCKETS; the last one has all that is longer, too.
 */
static inline unsigned int nvmq_stats_bucket(u64 ns)
{
	unsigned int shift;

	if (ns < NVMQ_STATS_LINEAR)
		return ns;
	shift = fls64(ns) - NVMQ_STATS_SHIFT - 1;
	return min_t(u64, shift * NVMQ_STATS_LINEAR + (ns >> shift), NVMQ_STATS_BUCKETS - 1);
}

/**
 * nvmq_stats_floor - the shortest time of a bucket
 * @bucket: bucket, up to NVMQ_STATS_BUCKETS: its floor is where the last one ends
 *
 * Return: nanoseconds.
 */
static inline u64 nvmq_stats_floor(unsigned int bucket)
{
	unsigned int shift;

	if (bucket < 2 * NVMQ_STATS_LINEAR)
		return bucket;
	shift = bucket / NVMQ_STATS_LINEAR - 1;
	return (u64)(NVMQ_STATS_LINEAR + bucket % NVMQ_STATS_LINEAR) << shift;
}

int nvmq_stats_set(struct nvmq_ctrl *ctrl, bool on);
void nvmq_stats_show(struct nvmq_ctrl *ctrl, struct seq_file *m);
void nvmq_stats_show_buckets(struct nvmq_ctrl *ctrl, struct seq_file *m);

#endif /* _NVMQ_STATS_H */
