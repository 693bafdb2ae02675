// SPDX-License-Identifier: GPL-2.0
/*
 * How often who polls waits (poller.h), as kernels come back to ->poll: through the list of a
 * ring's commands, or again and again to one queue.
 *
 * Seen red: a queue that is not the last one begins a pass; a rest of as many as are in flight; no
 * rest; one that is not forgotten when something is found.
 */
#include "tap.h"
#include <nvmq.h>
#include <poller.h>

#define QUEUES 3

static struct nvmq_queue queues[QUEUES];
static struct nvmq_poller poller;
static bool claimed;

static void setup(void)
{
	memset(queues, 0, sizeof(queues));
	poller = (struct nvmq_poller){};
}

/* A look in vain, as irq.c does it: 1 if it waits. */
static unsigned int look(struct nvmq_queue *q)
{
	bool begins = !claimed;

	if (nvmq_poller_goes_on(&poller, q))
		return 0;
	claimed = true;
	return nvmq_poller_may_wait(&poller, q, begins);
}

/*
 * io_uring's list: which queue each command is in. Passes with nothing found; each waits once, or
 * now and then not at all where others have commands in the queue, too.
 */
static void passes(struct nvmq_queue **list, unsigned int n, unsigned int least)
{
	unsigned int i, j, waits, all = 0;

	for (i = 0; i < 100; i++) {
		claimed = false;
		waits = 0;
		for (j = 0; j < n; j++)
			waits += look(list[j]);
		EXPECT(waits <= 1);
		all += waits;
	}
	EXPECT(all >= least);
}

TEST(one, "one queue, through the list: each pass waits once")
{
	struct nvmq_queue *list[32];
	unsigned int n, i;

	for (n = 1; n <= 32; n++) {
		setup();
		for (i = 0; i < n; i++)
			list[i] = &queues[0];
		queues[0].sq.submitted = n;
		passes(list, n, 100);
		/* others have as many in it */
		queues[0].sq.submitted *= 2;
		nvmq_poller_found(&poller);
		passes(list, n, 50);
	}
}

TEST(several, "several queues, in whatever order: still once at the most")
{
	struct nvmq_queue *list[64];
	unsigned int round, n, i;

	for (round = 0; round < 10000; round++) {
		setup();
		n = tap_between(1, 64);
		for (i = 0; i < n; i++) {
			list[i] = &queues[tap_between(0, QUEUES - 1)];
			if (i && tap_between(0, 3))
				list[i] = list[i - 1];
			list[i]->sq.submitted++;
		}
		/* what was completed long ago does not count */
		for (i = 0; i < QUEUES; i++) {
			queues[i].sq.submitted += 1000;
			queues[i].cq.completed += 1000;
		}
		passes(list, n, 1);
	}
}

TEST(found, "the first look after something was found waits, however many are still in flight")
{
	setup();
	queues[0].sq.submitted = 32;
	claimed = false;
	EXPECT_EQ(look(&queues[0]), 1);
	EXPECT_EQ(look(&queues[0]), 0);
	nvmq_poller_found(&poller);
	claimed = false;
	EXPECT_EQ(look(&queues[0]), 1);
	EXPECT_EQ(look(&queues[0]), 0);
}

TEST(again, "again and again to one queue: after as many looks as it has commands each one waits")
{
	unsigned int flight, i;

	for (flight = 0; flight < 100; flight++) {
		setup();
		queues[1].sq.submitted = flight;
		claimed = false;
		EXPECT_EQ(look(&queues[1]), 1);
		for (i = 1; i < flight; i++)
			EXPECT_EQ(look(&queues[1]), 0);
		for (i = 0; i < 1000; i++)
			EXPECT_EQ(look(&queues[1]), 1);
	}
}
