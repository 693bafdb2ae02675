// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous events. One of a type is told at a time: the next one waits until the host
 * has read the log page of the first.
 */
#include "rogue.h"

int event_request(struct rogue *r, struct cmd *c)
{
	if (r->nr_aer == MAX_AER) {
		breach(r, "more event requests than AERL allows", "%u", r->nr_aer);
		return NVM_SC_ASYNC_LIMIT | NVM_STATUS_DNR;
	}
	r->aer[r->nr_aer++] = c->sqe.cid;
	event_deliver(r);
	return PENDING;
}

void event_post(struct rogue *r, u8 type, u8 info, u8 lid)
{
	if (!enabled(r) || r->nr_events == ARRAY_SIZE(r->events))
		return;
	r->events[r->nr_events++] = (struct event){ type & NVM_AER_TYPE, info, lid };
	event_deliver(r);
}

void event_deliver(struct rogue *r)
{
	for (u32 i = 0; r->nr_aer && i < r->nr_events;) {
		struct event e = r->events[i];

		if (r->masked & 1 << e.type) {
			i++;
			continue;
		}
		memmove(r->events + i, r->events + i + 1,
			(--r->nr_events - i) * sizeof(*r->events));
		/* immediate and one-shot events need no page to be read */
		if (e.type != NVM_AER_IMMEDIATE && e.type != NVM_AER_ONESHOT)
			r->masked |= 1 << e.type;
		queue_complete(r, 0, r->aer[0], e.type | e.info << 8 | (u32)e.lid << 16, 0, NULL,
			       true);
		memmove(r->aer, r->aer + 1, --r->nr_aer * sizeof(*r->aer));
	}
}

/* Without RAE: what this page explains may be told again. */
void event_log_was_read(struct rogue *r, u8 lid)
{
	switch (lid) {
	case NVM_LOG_ERROR:
		r->masked &= ~(1 << NVM_AER_ERROR);
		break;
	case NVM_LOG_SMART:
		r->masked &= ~(1 << NVM_AER_SMART);
		break;
	case NVM_LOG_CHANGED_NS:
	case NVM_LOG_FW_SLOT:
	case NVM_LOG_TELEMETRY_CTRL:
	case NVM_LOG_ANA:
	case NVM_LOG_LBA_STATUS:
	case NVM_LOG_ENDGRP_EVENTS:
		r->masked &= ~(1 << NVM_AER_NOTICE);
		break;
	case NVM_LOG_RESERVATION:
	case NVM_LOG_SANITIZE:
		r->masked &= ~(1 << NVM_AER_CSS);
		break;
	default:
		r->masked &= ~(1 << NVM_AER_VS);
		break;
	}
	event_deliver(r);
}
