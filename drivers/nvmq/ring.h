/* SPDX-License-Identifier: GPL-2.0 */
/* Arithmetic of rings, shadow doorbells and command ids. Pure: the unit tests run it. */
#ifndef _NVMQ_RING_H
#define _NVMQ_RING_H

#include <linux/types.h>

/**
 * nvmq_ring_next - the index after this one
 * @index: an index into the ring
 * @depth: entries in the ring, not a power of two in general
 *
 * Return: @index + 1, or 0 at the end.
 */
static inline u16 nvmq_ring_next(u16 index, u16 depth)
{
	return ++index == depth ? 0 : index;
}

/**
 * nvmq_ring_need_event - did a doorbell value pass the index the controller wants to hear of?
 * @event: event index, written by the controller
 * @now: new doorbell value
 * @old: previous doorbell value
 *
 * NVMe Base 5.8 (Doorbell Buffer Config) and annex B.5. The arithmetic is modulo 2^16, as virtio's,
 * although rings are shorter: at a ring's wrap it errs towards ringing, which is always legal.
 *
 * Return: true if the doorbell must be written to the device.
 */
static inline bool nvmq_ring_need_event(u16 event, u16 now, u16 old)
{
	return (u16)(now - event - 1) < (u16)(now - old);
}

/* Steps of the generation: it has the four bits of a command id above the tag. */
#define NVMQ_CID_STEP 0x1000
/* An id that no command has: there are at most 4095 tags. */
#define NVMQ_CID_NONE 0xffff

/**
 * nvmq_cid - command id of a request
 * @tag: its tag, below 4095
 * @gen: its generation, a multiple of NVMQ_CID_STEP
 *
 * Return: the id in the host's byte order; the controller only echoes it.
 */
static inline u16 nvmq_cid(u16 tag, u16 gen)
{
	return gen | tag;
}

/* The tag in a command id. */
static inline unsigned int nvmq_cid_tag(u16 cid)
{
	return cid & (NVMQ_CID_STEP - 1);
}

#endif /* _NVMQ_RING_H */
