// SPDX-License-Identifier: GPL-2.0
/*
 * When completions are looked for instead of announced (calm.h): a queue with so many commands out,
 * a host that needs some time to submit one, a controller that needs some time for one.
 *
 * Seen red: one that is alone is moderated; rounds that were worse go on; what failed is tried again
 * at once.
 */
#include "tap.h"
#include <calm.h>

/* A closed loop, microseconds: the application has @depth out, submits and takes one at a time. */
struct loop {
	unsigned int depth, submit, serve, overlap;
	struct nvmq_pulse p;
	u64 now, done_at[64], look_at;
	unsigned int out, ready, events, ended;
};

static u32 interrupt(struct nvmq_pulse *p, u64 now, u32 found, u64 flight)
{
	return nvmq_pulse_interrupt(p, found, flight) ? nvmq_pulse_begin(p, now) : 0;
}

static void loop_begin(struct loop *l, unsigned int depth, unsigned int submit, unsigned int serve)
{
	*l = (struct loop){ .depth = depth, .submit = submit, .serve = serve, .ready = depth };
	nvmq_pulse_reset(&l->p, 0);
}

/* Those that the controller has done and nobody took yet. */
static unsigned int loop_done(const struct loop *l)
{
	unsigned int i, n = 0;

	for (i = 0; i < l->out; i++)
		n += l->done_at[i] <= l->now;
	return n;
}

static void loop_take(struct loop *l, unsigned int n)
{
	unsigned int i, kept = 0;

	for (i = 0; i < l->out; i++)
		if (l->done_at[i] > l->now)
			l->done_at[kept++] = l->done_at[i];
	l->out = kept;
	l->ready += n;
	l->ended += n;
	l->events++;
}

/* One microsecond. */
static void loop_tick(struct loop *l)
{
	unsigned int flight = l->out, found;
	u32 delay = 0;

	l->now++;
	found = loop_done(l);
	if (l->look_at && l->now >= l->look_at) {
		loop_take(l, found);
		delay = nvmq_pulse_look(&l->p, l->now * 1000, found);
		l->look_at = delay ? l->now + delay / 1000 : 0;
	} else if (!l->look_at && found) {
		loop_take(l, found);
		delay = interrupt(&l->p, l->now * 1000, found, flight);
		l->look_at = delay ? l->now + delay / 1000 : 0;
	}
	EXPECT(delay <= NVMQ_CALM_LIMIT);
	if (l->ready && l->now % l->submit == 0) {
		l->ready--;
		l->done_at[l->out++] = l->now + l->serve;
	}
}

static void loop_run(struct loop *l, unsigned int ticks)
{
	l->events = l->ended = 0;
	while (ticks--)
		loop_tick(l);
}

TEST(alone, "at depth 1 each completion has its interrupt, also after load")
{
	struct loop l;

	loop_begin(&l, 1, 5, 40);
	loop_run(&l, 100000);
	EXPECT_EQ(l.events, l.ended);
	EXPECT(!l.p.want);

	loop_begin(&l, 32, 10, 40);
	loop_run(&l, 100000);
	EXPECT(l.p.want);
	l.depth = 1;
	l.ready = 1;
	l.out = 0;
	loop_run(&l, 20000);
	EXPECT(!l.p.want);
	EXPECT(l.events <= l.ended + 1);
}

TEST(quick, "a quick controller, a host that is nearly as quick: as many completions, a quarter of the interrupts")
{
	unsigned int plain, serve;
	struct loop l;

	for (serve = 11; serve < 60; serve += 7) {
		loop_begin(&l, 32, 10, serve);
		l.p.rest = ~0U;
		loop_run(&l, 100000);
		plain = l.ended;
		loop_begin(&l, 32, 10, serve);
		loop_run(&l, 10000);
		loop_run(&l, 100000);
		EXPECT(l.ended * 20 >= plain * 19);
		EXPECT(l.events * 4 <= l.ended);
	}
}

TEST(shallow, "where there is not enough in flight to wait for it is tried seldom, and costs little")
{
	unsigned int plain, depth;
	struct loop l;

	for (depth = 2; depth < 4; depth++) {
		loop_begin(&l, depth, 2, 50);
		l.p.rest = ~0U;
		loop_run(&l, 1000000);
		plain = l.ended;
		loop_begin(&l, depth, 2, 50);
		loop_run(&l, 1000000);
		EXPECT(l.ended * 20 >= plain * 19);
	}
}

TEST(slow, "completions that are far apart have an interrupt each")
{
	struct nvmq_pulse p;
	u64 now = 0;
	int i;

	nvmq_pulse_reset(&p, now);
	for (i = 0; i < 1000; i++)
		EXPECT_EQ(interrupt(&p, now += NVMQ_CALM_LIMIT / 3, 1, 32), 0);
}

TEST(distrust, "what fails again and again is tried less and less")
{
	unsigned int i, tries = 0;
	struct nvmq_pulse p;
	u64 now = 0;

	nvmq_pulse_reset(&p, now);
	for (i = 0; i < 100000; i++) {
		if (!interrupt(&p, now += 10000, 1, 8))
			continue;
		tries++;
		while (nvmq_pulse_look(&p, now += 40000, 1))
			;
	}
	EXPECT(tries > 32 && tries < 64);
}
