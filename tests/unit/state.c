// SPDX-License-Identifier: GPL-2.0
/*
 * The controller's states: all pairs of them, and the promises that the rest of the driver
 * builds on.
 *
 * Seen red: DEAD -> RESETTING allowed by the driver; LIVE -> CONNECTING allowed; DELETING ->
 * RESETTING allowed; the range not checked.
 */
#include "tap.h"
#include <state.c>

/* Every legal pair, once; each pair that is not here is illegal. @user: for a user alone. */
static const struct {
	enum nvmq_state from, to;
	bool user;
} legal[] = {
	{ NVMQ_NEW, NVMQ_RESETTING, false },
	{ NVMQ_NEW, NVMQ_DELETING, false },
	{ NVMQ_RESETTING, NVMQ_CONNECTING, false },
	{ NVMQ_RESETTING, NVMQ_DEAD, false },
	{ NVMQ_RESETTING, NVMQ_DELETING, false },
	{ NVMQ_CONNECTING, NVMQ_LIVE, false },
	{ NVMQ_CONNECTING, NVMQ_DEAD, false },
	{ NVMQ_CONNECTING, NVMQ_DELETING, false },
	{ NVMQ_LIVE, NVMQ_RESETTING, false },
	{ NVMQ_LIVE, NVMQ_DELETING, false },
	{ NVMQ_DEAD, NVMQ_RESETTING, true },
	{ NVMQ_DEAD, NVMQ_DELETING, false },
};

static bool listed(unsigned int from, unsigned int to, enum nvmq_by by)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(legal); i++)
		if (legal[i].from == from && legal[i].to == to)
			return !legal[i].user || by == NVMQ_BY_USER;
	return false;
}

TEST(pairs, "each pair of states is legal or not, as listed here")
{
	unsigned int from, to;
	enum nvmq_by by;

	for (by = NVMQ_BY_DRIVER; by <= NVMQ_BY_USER; by++)
		for (from = 0; from < NVMQ_NR_STATES; from++)
			for (to = 0; to < NVMQ_NR_STATES; to++)
				if (nvmq_state_legal(from, to, by) != listed(from, to, by))
					TAP_FAIL("%s -> %s is %s", nvmq_state_name(from),
						 nvmq_state_name(to),
						 listed(from, to, by) ? "refused" : "allowed");
}

TEST(no_state, "what is not a state is neither left nor entered, and has a name all the same")
{
	unsigned int state;

	for (state = 0; state < NVMQ_NR_STATES; state++) {
		EXPECT(!nvmq_state_legal(state, NVMQ_NR_STATES, NVMQ_BY_USER));
		EXPECT(!nvmq_state_legal(NVMQ_NR_STATES, state, NVMQ_BY_USER));
		EXPECT(!nvmq_state_legal(state, 0x7fffffff, NVMQ_BY_USER));
		EXPECT(!nvmq_state_legal(0x7fffffff, state, NVMQ_BY_USER));
	}
	EXPECT_STR(nvmq_state_name(NVMQ_NR_STATES), "unknown");
	EXPECT_STR(nvmq_state_name(0x7fffffff), "unknown");
}

TEST(promises, "staying is no transition; DELETING is final and reached from everywhere")
{
	unsigned int state;

	for (state = 0; state < NVMQ_NR_STATES; state++) {
		EXPECT(!nvmq_state_legal(state, state, NVMQ_BY_USER));
		EXPECT(!nvmq_state_legal(NVMQ_DELETING, state, NVMQ_BY_USER));
		EXPECT_EQ(nvmq_state_legal(state, NVMQ_DELETING, NVMQ_BY_DRIVER),
			  state != NVMQ_DELETING);
	}
}

TEST(dead, "nothing that the driver notices leads away from DEAD but removal; a user's reset does")
{
	unsigned int state;

	for (state = 0; state < NVMQ_NR_STATES; state++) {
		EXPECT_EQ(nvmq_state_legal(NVMQ_DEAD, state, NVMQ_BY_DRIVER),
			  state == NVMQ_DELETING);
		/* all else is not different for a user */
		if (state != NVMQ_DEAD)
			EXPECT_EQ(nvmq_state_legal(state, NVMQ_RESETTING, NVMQ_BY_DRIVER),
				  nvmq_state_legal(state, NVMQ_RESETTING, NVMQ_BY_USER));
	}
	EXPECT(nvmq_state_legal(NVMQ_DEAD, NVMQ_RESETTING, NVMQ_BY_USER));
	EXPECT(!nvmq_state_legal(NVMQ_DEAD, NVMQ_LIVE, NVMQ_BY_USER));
	EXPECT(!nvmq_state_legal(NVMQ_DEAD, NVMQ_CONNECTING, NVMQ_BY_USER));
}

TEST(live, "LIVE is entered from CONNECTING alone, and every state but DELETING leads there")
{
	unsigned int from, state, reached = 1U << NVMQ_LIVE, before;

	for (from = 0; from < NVMQ_NR_STATES; from++)
		EXPECT_EQ(nvmq_state_legal(from, NVMQ_LIVE, NVMQ_BY_USER),
			  from == NVMQ_CONNECTING);
	do {
		before = reached;
		for (from = 0; from < NVMQ_NR_STATES; from++)
			for (state = 0; state < NVMQ_NR_STATES; state++)
				if (reached & 1U << state &&
				    nvmq_state_legal(from, state, NVMQ_BY_USER))
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
