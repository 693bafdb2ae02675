// SPDX-License-Identifier: GPL-2.0
/*
 * When completions are looked for instead of announced (calm.h).
 *
 * Seen red: the share of what is in flight left out; no limit; depth 1 delayed.
 */
#include "tap.h"
#include <calm.h>

TEST(shallow, "with few commands in flight nothing waits, however quick they are")
{
	u32 interval;
	u64 flight;

	for (flight = 0; flight < NVMQ_CALM_FLIGHT; flight++)
		for (interval = 0; interval < 1000000; interval += 777)
			EXPECT_EQ(nvmq_calm_delay(interval, flight), 0);
}

TEST(share, "at most a quarter of what is in flight completes until somebody looks, two at least")
{
	u32 interval;
	u64 flight;

	for (flight = NVMQ_CALM_FLIGHT; flight < 4096; flight += 13)
		for (interval = 1; interval < 2000000; interval += interval / 7 + 1) {
			u64 delay = nvmq_calm_delay(interval, flight);

			EXPECT(delay <= NVMQ_CALM_LIMIT);
			EXPECT(delay * NVMQ_CALM_SHARE <= interval * flight);
			EXPECT(!delay || delay >= 2 * (u64)interval);
			if (2 * interval <= NVMQ_CALM_LIMIT)
				EXPECT(delay);
		}
}

TEST(slow, "completions that are far apart have an interrupt each")
{
	EXPECT_EQ(nvmq_calm_delay(NVMQ_CALM_LIMIT / 2 + 1, 4095), 0);
	EXPECT_EQ(nvmq_calm_delay(~0U, ~0U), 0);
	EXPECT(nvmq_calm_delay(NVMQ_CALM_LIMIT / 2, 4095));
}
