// SPDX-License-Identifier: GPL-2.0
/*
 * Buckets of the latency histograms.
 *
 * Seen red: the shift one too large; the floor of the linear part doubled; no end at the last one.
 */
#include "tap.h"
#include "stats.h"

TEST(buckets, "buckets begin at 0, follow each other without a gap, and end beyond half an hour")
{
	unsigned int i;

	EXPECT_EQ(nvmq_stats_floor(0), 0);
	for (i = 0; i < NVMQ_STATS_BUCKETS; i++) {
		EXPECT(nvmq_stats_floor(i) < nvmq_stats_floor(i + 1));
		EXPECT_EQ(nvmq_stats_bucket(nvmq_stats_floor(i)), i);
		EXPECT_EQ(nvmq_stats_bucket(nvmq_stats_floor(i + 1) - 1), i);
	}
	EXPECT(nvmq_stats_floor(NVMQ_STATS_BUCKETS) > 1800ULL * 1000000000);
}

TEST(width, "a bucket is at most an eighth as wide as what is in it")
{
	unsigned int i;

	for (i = NVMQ_STATS_LINEAR; i < NVMQ_STATS_BUCKETS; i++)
		EXPECT((nvmq_stats_floor(i + 1) - nvmq_stats_floor(i)) * 8 <= nvmq_stats_floor(i));
}

TEST(longest, "what is longer than all buckets is in the last one")
{
	EXPECT_EQ(nvmq_stats_bucket(~0ULL), NVMQ_STATS_BUCKETS - 1);
	EXPECT_EQ(nvmq_stats_bucket(nvmq_stats_floor(NVMQ_STATS_BUCKETS)), NVMQ_STATS_BUCKETS - 1);
}
