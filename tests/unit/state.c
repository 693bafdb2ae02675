// SPDX-License-Identifier: GPL-2.0
/*
 * The controller's states: all pairs of them, and the promises that the rest of the driver
 * builds on.
 *
 * Seen red: LIVE -> CONNECTING allowed; DELETING -> RESETTING allowed; the range not checked.
 */
#include "tap.h"
#include <state.c>

/* Every legal pair, once; each pair that is not here is illegal. */
static const struct {
	enum nvmq_state from, to;
} legal[] = {
	{ NVMQ_NEW, NVMQ_RESETTING },
	{ NVMQ_NEW, NVMQ_DELETING },
	{ NVMQ_RESETTING, NVMQ_CONNECTING },
	{ NVMQ_RESETTING, NVMQ_DEAD },
	{ NVMQ_RESETTING, NVMQ_DELETING },
	{ NVMQ_CONNECTING, NVMQ_LIVE },
	{ NVMQ_CONNECTING, NVMQ_DEAD },
	{ NVMQ_CONNECTING, NVMQ_DELETING },
	{ NVMQ_LIVE, NVMQ_RESETTING },
	{ NVMQ_LIVE, NVMQ_DELETING },
	{ NVMQ_DEAD, NVMQ_RESETTING },
	{ NVMQ_DEAD, NVMQ_DELETING },
};

static bool listed(unsigned int from, unsigned int to)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(legal); i++)
		if (legal[i].from == from && legal[i].to == to)
			return true;
	return false;
}

TEST(pairs, "each pair of states is legal or not, as listed here")
{
	unsigned int from, to;

	for (from = 0; from < NVMQ_NR_STATES; from++)
		for (to = 0; to < NVMQ_NR_STATES; to++)
			if (nvmq_state_legal(from, to) != listed(from, to))
				TAP_FAIL("%s -> %s is %s", nvmq_state_name(from),
					 nvmq_state_name(to),
					 listed(from, to) ? "refused" : "allowed");
}

TEST(no_state, "what is not a state is neither left nor entered, and has a name all the same")
{
	unsigned int state;

	for (state = 0; state < NVMQ_NR_STATES; state++) {
		EXPECT(!nvmq_state_legal(state, NVMQ_NR_STATES));
		EXPECT(!nvmq_state_legal(NVMQ_NR_STATES, state));
		EXPECT(!nvmq_state_legal(state, 0x7fffffff));
		EXPECT(!nvmq_state_legal(0x7fffffff, state));
	}
	EXPECT_STR(nvmq_state_name(NVMQ_NR_STATES), "unknown");
	EXPECT_STR(nvmq_state_name(0x7fffffff), "unknown");
}

TEST(promises, "staying is no transition; DELETING is final and reached from everywhere")
{
	unsigned int state;

	for (state = 0; state < NVMQ_NR_STATES; state++) {
		EXPECT(!nvmq_state_legal(state, state));
		EXPECT(!nvmq_state_legal(NVMQ_DELETING, state));
		EXPECT_EQ(nvmq_state_legal(state, NVMQ_DELETING), state != NVMQ_DELETING);
	}
}

TEST(live, "LIVE is entered from CONNECTING alone, and every state but DELETING leads there")
{
	unsigned int from, state, reached = 1U << NVMQ_LIVE, before;

	for (from = 0; from < NVMQ_NR_STATES; from++)
		EXPECT_EQ(nvmq_state_legal(from, NVMQ_LIVE), from == NVMQ_CONNECTING);
	do {
		before = reached;
		for (from = 0; from < NVMQ_NR_STATES; from++)
			for (state = 0; state < NVMQ_NR_STATES; state++)
				if (reached & 1U << state && nvmq_state_legal(from, state))
					reached |= 1U << from;
	} while (reached != before);
	EXPECT_EQ(reached, ((1U << NVMQ_NR_STATES) - 1) & ~(1U << NVMQ_DELETING));
}

TEST(names, "each state has a name of its own, the ones that sysfs shows")
{
	unsigned int a, b;

	for (a = 0; a < NVMQ_NR_STATES; a++)
		for (b = a + 1; b < NVMQ_NR_STATES; b++)
			EXPECT(strcmp(nvmq_state_name(a), nvmq_state_name(b)));
	EXPECT_STR(nvmq_state_name(NVMQ_LIVE), "live");
	EXPECT_STR(nvmq_state_name(NVMQ_DEAD), "dead");
}
