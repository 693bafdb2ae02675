/* SPDX-License-Identifier: GPL-2.0 */
/* The price of commands: slow.c. */
#ifndef ROGUE_SLOW_H
#define ROGUE_SLOW_H

#include "base.h"

#define MAX_LANES		64

struct price {
	u32 us, range_us, mib_us;	/* each, for each range, for each MiB */
};

struct slow {
	bool on;
	u32 lanes;
	u64 lane[MAX_LANES];		/* busy until then, in us */
	struct price io[256], admin[256];
};

bool slow_hold(struct rogue *r, struct cmd *c, u16 status);
void slow_forget(struct rogue *r);
const char *slow_order(struct rogue *r, const struct json *order);

#endif /* ROGUE_SLOW_H */
