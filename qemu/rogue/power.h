/* SPDX-License-Identifier: GPL-2.0 */
/* Power states: power.c. */
#ifndef ROGUE_POWER_H
#define ROGUE_POWER_H

#include "base.h"

#define MAX_POWER_STATES	32

struct power_state {
	u16 power;
	u8 flags;
	u32 entry, exit;	/* microseconds */
};

/* What becomes of a controller that does not wake up. */
enum sleep_death { SLEEP_WAKES, SLEEP_GONE, SLEEP_STUCK, SLEEP_FATAL };

struct power {
	struct power_state states[MAX_POWER_STATES];
	u32 nr;
	u8 ps, operational_ps, deepest;
	u64 idle_since, awake_at;
	/* the drop-out: from which state, how, so many times, and ms until it is back */
	u8 fatal_ps;
	enum sleep_death death;
	u64 times, fired, back_ms, back_at;
	bool stuck;
};

void power_init(struct rogue *r);
const char *power_order(struct rogue *r, const struct json *order);
const char *power_dropout(struct rogue *r, const struct json *order);
int power_set(struct rogue *r, u32 dw);
void power_reset(struct rogue *r);
bool power_wake(struct rogue *r, u64 now);
void power_time(struct rogue *r, u64 now);
u64 power_next(struct rogue *r, u64 now);

#endif /* ROGUE_POWER_H */
