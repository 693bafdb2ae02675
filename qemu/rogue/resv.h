/* SPDX-License-Identifier: GPL-2.0 */
/* Reservations: resv.c. */
#ifndef ROGUE_RESV_H
#define ROGUE_RESV_H

#include "base.h"

#define MAX_REGISTRANTS		16

struct registrant {
	u8 host[16];
	u16 cntlid;
	u64 key;
	bool holder;
};

struct resv {
	u32 nr, gen;
	u8 type;		/* 0: none */
	bool ptpl;		/* it outlives a power cut */
	struct registrant regs[MAX_REGISTRANTS];
};

enum resv_note_type {
	RESV_NOTE_UNREGISTERED = 1, RESV_NOTE_RELEASED, RESV_NOTE_PREEMPTED,
};

struct resv_note {
	u32 nsid;
	u8 type;
};

int resv_exec(struct rogue *r, struct ns *n, struct cmd *c);
bool resv_forbids(const struct rogue *r, const struct ns *n, bool write);
void resv_powerfail(struct ns *n);
const char *resv_order(struct rogue *r, const struct json *order);

#endif /* ROGUE_RESV_H */
