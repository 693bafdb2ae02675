/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupt moderation: under load completions are looked for, instead of announced. */
#ifndef _NVMQ_CALM_H
#define _NVMQ_CALM_H

#include <linux/interrupt.h>

#include "nvmq.h"

/* With fewer commands in flight each completion has its interrupt. */
#define NVMQ_CALM_FLIGHT 8
/* This part of what is in flight may be completed before somebody looks. */
#define NVMQ_CALM_SHARE 4
/* Time between two looks at the most, ns: this is what a command can wait for in vain. */
#define NVMQ_CALM_LIMIT (1000 * NSEC_PER_USEC)

/**
 * nvmq_calm_delay - when to look for completions instead of waiting for their interrupts
 * @interval: nanoseconds between two completions, in the mean
 * @flight: commands in flight
 *
 * What a command waits for besides is a part of what it takes anyway: a quarter of those in flight
 * complete meanwhile.
 *
 * Context: any.
 * Return: nanoseconds; 0 if interrupts are right, since hardly two completions would share a look.
 */
static inline u32 nvmq_calm_delay(u32 interval, u64 flight)
{
	u64 delay;

	if (flight < NVMQ_CALM_FLIGHT)
		return 0;
	delay = min_t(u64, interval * flight / NVMQ_CALM_SHARE, NVMQ_CALM_LIMIT);
	return delay >= 2 * (u64)interval ? delay : 0;
}

bool nvmq_calm_wanted(const struct nvmq_queue *q);
void nvmq_calm_start(struct nvmq_queue *q, int irq);
void nvmq_calm_stop(struct nvmq_queue *q);
irqreturn_t nvmq_calm_irq(int irq, void *data);

#endif /* _NVMQ_CALM_H */
