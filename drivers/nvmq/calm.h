/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupt moderation: under load completions are looked for, instead of announced. */
#ifndef _NVMQ_CALM_H
#define _NVMQ_CALM_H

#include <linux/interrupt.h>
#include <linux/math64.h>

#include "nvmq.h"

/*
 * How many completions may one look take? What the driver can count does not tell: where commands
 * are done quickly and submitted slowly hardly any is in flight, however many the application has
 * out. So it is tried. Looks are made after the time in which by interrupts so many were completed;
 * who has enough in flight does not wait for them, and as many are completed as before. If it are
 * fewer, looks become more frequent again, or interrupts are taken as they come.
 */

/* A look waits for so many completions at first, and at the most. */
#define NVMQ_CALM_FIRST 4
#define NVMQ_CALM_MOST 16
/* Time between two looks at the most, ns: this is what a command can wait for in vain. */
#define NVMQ_CALM_LIMIT ((u32)(1000 * NSEC_PER_USEC))
/* How fast completions come is measured over so many, and how good looks are over so many. */
#define NVMQ_CALM_WINDOW 32
#define NVMQ_CALM_ROUND 8
/* This part of the interrupts, inverted, has to find that a command was not alone. */
#define NVMQ_CALM_SHARE 16
/* So many looks in a row that find one or none are the end of it. */
#define NVMQ_CALM_ALONE 2
/* After so many looks it is measured again how fast completions come by interrupts. */
#define NVMQ_CALM_LOOKS 1024
/* What failed is not tried again for so many completions, the double the next time. */
#define NVMQ_CALM_DISTRUST 64
#define NVMQ_CALM_DISTRUST_MAX 2048
/* And longer waits that were worse are not for so many looks. */
#define NVMQ_CALM_PLATEAU 256

/* When to look next. */
static inline u32 nvmq_pulse_delay(const struct nvmq_pulse *p)
{
	return min(p->want * p->base, NVMQ_CALM_LIMIT);
}

static inline void nvmq_pulse_count(struct nvmq_pulse *p, u64 now)
{
	p->since = now;
	p->spent = 0;
	p->taken = 0;
	p->looks = 0;
	p->busy = 0;
}

/**
 * nvmq_pulse_reset - nothing is known of a queue
 * @p: its pulse
 * @now: nanoseconds
 */
static inline void nvmq_pulse_reset(struct nvmq_pulse *p, u64 now)
{
	*p = (struct nvmq_pulse){ .distrust = NVMQ_CALM_DISTRUST };
	nvmq_pulse_count(p, now);
}

/* Back to interrupts. */
static inline u32 nvmq_pulse_end(struct nvmq_pulse *p, u64 now, bool failed)
{
	p->want = 0;
	p->rest = 0;
	if (failed) {
		p->rest = p->distrust;
		p->distrust = min_t(u32, 2 * p->distrust, NVMQ_CALM_DISTRUST_MAX);
	}
	nvmq_pulse_count(p, now);
	return 0;
}

/**
 * nvmq_pulse_interrupt - an interrupt has brought completions
 * @p: pulse of the queue
 * @found: completions, at least one
 * @flight: commands that were in flight until then
 *
 * Return: whether enough are counted for nvmq_pulse_begin().
 */
static inline bool nvmq_pulse_interrupt(struct nvmq_pulse *p, u32 found, u64 flight)
{
	p->taken += found;
	p->looks++;
	p->busy += flight > 1;
	return p->taken >= NVMQ_CALM_WINDOW;
}

/**
 * nvmq_pulse_begin - enough interrupts are counted: is looking to be tried?
 * @p: pulse of the queue
 * @now: nanoseconds
 *
 * Not at depth 1, where each command is alone. With a quick controller many are alone also where
 * the application has thirty-two out. Nor where completions are so far apart that a look would find
 * few.
 *
 * Return: nanoseconds after which to look, and take no interrupts until then; 0: go on as it is.
 */
static inline u32 nvmq_pulse_begin(struct nvmq_pulse *p, u64 now)
{
	bool busy = p->busy * NVMQ_CALM_SHARE >= p->looks;

	p->rest -= min(p->rest, p->taken);
	p->base = min_t(u64, div_u64(now - p->since, p->taken), NVMQ_CALM_LIMIT);
	nvmq_pulse_count(p, now);
	if (p->rest || !busy || NVMQ_CALM_FIRST * p->base > NVMQ_CALM_LIMIT)
		return 0;
	p->want = NVMQ_CALM_FIRST;
	p->left = NVMQ_CALM_LOOKS;
	p->alone = 0;
	p->climb = 0;
	return nvmq_pulse_delay(p);
}

/*
 * A round of looks is over: was it as good as interrupts? A look that came very late was held up by
 * somebody else, which is not held against it.
 */
static inline u32 nvmq_pulse_judge(struct nvmq_pulse *p, u64 now)
{
	u32 interval = p->spent / (p->taken ?: 1);

	nvmq_pulse_count(p, now);
	if (interval > p->base + p->base / 8) {
		p->want /= 2;
		p->climb = NVMQ_CALM_PLATEAU;
		if (p->want < NVMQ_CALM_FIRST)
			return nvmq_pulse_end(p, now, true);
	} else {
		p->distrust = NVMQ_CALM_DISTRUST;
		p->base -= p->base / 4 - interval / 4;
		if (!p->climb && p->want < NVMQ_CALM_MOST &&
		    p->want * p->base < NVMQ_CALM_LIMIT)
			p->want *= 2;
	}
	return nvmq_pulse_delay(p);
}

/**
 * nvmq_pulse_look - a look was made
 * @p: pulse of the queue
 * @now: nanoseconds
 * @found: completions that it found
 *
 * Return: nanoseconds after which to look again; 0: interrupts are right.
 */
static inline u32 nvmq_pulse_look(struct nvmq_pulse *p, u64 now, u32 found)
{
	u32 delay = nvmq_pulse_delay(p);

	p->spent += min_t(u64, now - p->since, delay + delay / 2);
	p->since = now;
	p->taken += found;
	p->looks++;
	/* load is gone, or nearly: who is alone is not to wait, but for a slip */
	p->alone = found < 2 ? p->alone + 1 : 0;
	if (p->alone >= NVMQ_CALM_ALONE || !--p->left)
		return nvmq_pulse_end(p, now, p->alone && found);
	p->climb -= !!p->climb;
	if (p->looks < NVMQ_CALM_ROUND)
		return delay;
	return nvmq_pulse_judge(p, now);
}

int nvmq_calm_module_init(void);
void nvmq_calm_module_exit(void);
bool nvmq_calm_wanted(const struct nvmq_queue *q);
void nvmq_calm_start(struct nvmq_queue *q, int irq);
void nvmq_calm_stop(struct nvmq_queue *q);
irqreturn_t nvmq_calm_irq(int irq, void *data);

#endif /* _NVMQ_CALM_H */
