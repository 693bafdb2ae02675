/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A queue pair: submission, completion, and how doorbells and interrupts wait (nvmq.h has all
 * nouns).
 *
 * Fields are grouped by who writes them. What the submitting CPU writes and what the completing
 * CPU writes never share a cache line.
 */
#ifndef _NVMQ_NVMQ_QUEUE_H
#define _NVMQ_NVMQ_QUEUE_H

#include <linux/blk-mq.h>
#include <linux/device.h>
#include <linux/dim.h>
#include <linux/hrtimer.h>

#include <nvme/cmd.h>

/*
 * The admin queue: 32 entries. One slot stays empty, one is the asynchronous event's, the others
 * are tags; two of these are reserved for the driver, so that a user who fills the queue cannot
 * keep recovery from sending an abort or an identify.
 */
#define NVMQ_AQ_DEPTH 32
#define NVMQ_AQ_TAGS (NVMQ_AQ_DEPTH - 2)
#define NVMQ_AQ_RESERVED 2
#define NVMQ_AEN_CID NVMQ_AQ_TAGS

/* log2 of the largest entry of a submission queue: the command takes the first half of it. */
#define NVMQ_SQE_SHIFT_MAX 7
/* Tags of the one I/O queue whose ids are shared with the admin queue: these are not its. */
#define NVMQ_SHARED_TAGS NVMQ_AQ_DEPTH

struct nvmq_ctrl;

/**
 * enum nvmq_gate - may a request go into this queue?
 * @NVMQ_GATE_OPEN: yes
 * @NVMQ_GATE_INTERNAL: only the driver's own commands; others wait
 * @NVMQ_GATE_WAIT: not now, try again
 * @NVMQ_GATE_DEAD: never again; fail it
 * @NVMQ_GATE_IDLE: yes, and who passes first opens it and wakes the watch
 * @NVMQ_GATE_MISSING: the controller did not create this queue again; another has to do (stray.c)
 */
enum nvmq_gate {
	NVMQ_GATE_OPEN,
	NVMQ_GATE_INTERNAL,
	NVMQ_GATE_WAIT,
	NVMQ_GATE_DEAD,
	NVMQ_GATE_IDLE,
	NVMQ_GATE_MISSING,
};

/**
 * enum nvmq_bell_mode - may doorbells wait for the next completion, interrupts for the next one?
 * @NVMQ_BELL_AUTO: where doorbells are dear, and there are no shadow doorbells
 * @NVMQ_BELL_ON: yes
 * @NVMQ_BELL_OFF: no
 */
enum nvmq_bell_mode {
	NVMQ_BELL_AUTO,
	NVMQ_BELL_ON,
	NVMQ_BELL_OFF,
};

/**
 * struct nvmq_bell - doorbell moderation of a queue pair (bell.c)
 * @posted: commands that the device may be told of; under sq.lock
 * @since_told: @told when @since was written; under sq.lock
 * @since: when the first command that waits was left, nanoseconds; under sq.lock
 * @moved: when a command was left last, nanoseconds; under sq.lock
 * @usual16: commands that are usually in flight, times 16; under sq.lock
 * @left: submissions whose doorbell was left; under sq.lock
 * @lazy: doorbells may wait; bring-up only
 * @measure: note what each doorbell costs; bring-up only
 * @stopped: none is written any more; under down_lock
 * @want: wishes to ring that are not served yet
 * @told: commands that the device was told of; who rings
 * @tail: the ring's index for @told; who rings
 * @done: completions; who drains the completion queue
 * @last: when the last of them were taken, nanoseconds; who drains
 * @kept: entries that the controller was not given back yet; who drains
 * @keep: how many that may be; bring-up only
 * @by_completion: doorbells that a completion was the occasion for; who drains
 * @armed: the timer is started, or being so
 * @timer: the guard
 * @trusted: @done from which doorbells may be left; the timer
 * @distrust: completions that @trusted is ahead the next time; the timer, and under sq.lock
 * @by_timer: doorbells that the guard had to write; the timer
 * @longest: what the first command had waited for such a one at most, nanoseconds; the timer
 */
struct nvmq_bell {
	u32 posted;
	u32 since_told;
	u64 since;
	u64 moved;
	u32 usual16;
	u64 left;
	bool lazy;
	bool measure;
	bool stopped;
	atomic_t want ____cacheline_aligned_in_smp;
	u32 told;
	u32 tail;
	u32 done;
	u64 last;
	u16 kept;
	u16 keep;
	u64 by_completion;
	atomic_t armed;
	struct hrtimer timer;
	u32 trusted;
	u32 distrust;
	u64 by_timer;
	u64 longest;
} ____cacheline_aligned_in_smp;

/**
 * struct nvmq_pulse - completions of a queue in time (calm.h); of who drains it
 * @since: when counting began, or the last look was made, nanoseconds
 * @spent: between looks, nanoseconds
 * @taken: completions since counting began
 * @base: nanoseconds between two completions, in the mean
 * @rest: completions until looking is tried again
 * @distrust: what @rest is to be when it fails the next time
 * @left: looks until interrupts are tried again
 * @climb: looks until more may be waited for
 * @looks: looks since counting began, or interrupts
 * @busy: interrupts since then that found more than one command in flight
 * @want: completions that a look waits for; 0: each interrupt is taken
 * @alone: looks in a row that found hardly anything
 */
struct nvmq_pulse {
	u64 since;
	u32 spent;
	u32 taken;
	u32 base;
	u32 rest;
	u32 distrust;
	u16 left;
	u16 climb;
	u8 looks;
	u8 busy;
	u8 want;
	u8 alone;
};

/**
 * struct nvmq_calm - interrupt moderation of a queue (calm.c, coalesce.c); of who drains it
 * @timer: looks for completions while the vector is disabled
 * @pulse: how often it looks, and whether that is worth it
 * @irq: the interrupt
 * @on: the handler is nvmq_calm_irq(); under down_lock
 * @timed: the vector is disabled, the timer runs; bell.c reads it
 * @hardware: the controller coalesces; bring-up only
 * @coalesced: it does so now for this vector; the work
 * @quiet: interrupts in a row that found little in flight
 * @events: interrupts that dim was told of
 * @phases: times that moderation began
 * @looks: looks of the timer that found something
 * @taken: completions that these found
 * @dim: when the controller is to coalesce
 */
struct nvmq_calm {
	struct hrtimer timer;
	struct nvmq_pulse pulse;
	int irq;
	bool on;
	bool timed;
	bool hardware;
	bool coalesced;
	u8 quiet;
	u16 events;
	u64 phases;
	u64 looks;
	u64 taken;
	struct dim dim;
} ____cacheline_aligned_in_smp;

/**
 * struct nvmq_sq - a submission queue: what a submitting CPU reads and writes
 * @lock: serialises push and ring
 * @tail: next free slot
 * @rung: tail that the controller was last told
 * @depth: entries in the ring
 * @gate: a copy that spares the path a look at the controller
 * @page_shift: log2 of the controller's page size (CC.MPS)
 * @direct: the bus address of memory is nvmq_dma_linear() and @bus_base; nothing is mapped
 * @page: bytes of the controller's page
 * @range: a request may have one range of an IOMMU's addresses
 * @db: tail doorbell
 * @ring: the entries, DMA-coherent
 * @bus_base: see @direct
 * @bell: doorbell moderation, or NULL
 * @submitted: commands pushed; under @lock
 * @shadow: tail in the shadow doorbell buffer, or NULL
 * @event: event index beside @shadow
 * @dev: the device that does the DMA
 * @doorbells: doorbell writes to the device; under @lock
 * @shadowed: doorbell writes that the shadow buffer saved; under @lock
 */
struct nvmq_sq {
	spinlock_t lock;
	u16 tail;
	u16 rung;
	u16 depth;
	u8 page_shift;
	bool direct;
	enum nvmq_gate gate;
	u32 page;
	bool range;
	u32 __iomem *db;
	struct nvm_sqe *ring;
	u64 bus_base;
	struct nvmq_bell *bell;
	u64 submitted;
	__le32 *shadow;
	__le32 *event;
	struct device *dev;
	u64 doorbells;
	u64 shadowed;
} ____cacheline_aligned_in_smp;

/**
 * struct nvmq_cq - a completion queue: what the completing CPU reads and writes
 *
 * One CPU at a time drains it: the vector's handler; for a queue without interrupt whoever holds
 * @poll_lock; the timeout handler, with the interrupt disabled.
 *
 * @ring: the entries, DMA-coherent
 * @end: behind the last one
 * @db: head doorbell
 * @shadow: head in the shadow doorbell buffer, or NULL
 * @event: event index beside @shadow
 * @bell: doorbell moderation, or NULL
 * @tags: the tags of its hardware context, or nvmq_queue_no_tags
 * @head: next entry to look at
 * @depth: entries in the ring
 * @phase: phase tag that a new entry has
 * @poll_lock: serialises pollers
 * @look: where a poller looks: the status of the next entry; NULL: it has no business here (irq.c)
 * @completed: commands completed
 * @interrupts: interrupts that brought something
 * @spurious: interrupts that brought nothing
 * @polled: completions found by polling
 * @foreign: completions whose id was never sent, or is no longer in flight; never followed
 * @missed: completions found there although their interrupt had not come
 * @doorbells: doorbell writes to the device
 * @batch: what the handler hands over to the block layer; empty between interrupts
 */
struct nvmq_cq {
	struct nvm_cqe *ring;
	struct nvm_cqe *end;
	u32 __iomem *db;
	__le32 *shadow;
	__le32 *event;
	struct nvmq_bell *bell;
	struct blk_mq_tags *tags;
	u16 head;
	u16 depth;
	u8 phase;
	spinlock_t poll_lock;
	const __le16 *look;
	u64 completed;
	u64 interrupts;
	u64 spurious;
	u64 polled;
	u64 foreign;
	u64 missed;
	u64 doorbells;
	struct io_comp_batch batch;
} ____cacheline_aligned_in_smp;

/**
 * enum nvmq_queue_flag - bits of nvmq_queue.flags, written by bring-up and tear-down only
 * @NVMQ_Q_POLLED: has no interrupt
 * @NVMQ_Q_IRQ: its handler is installed
 * @NVMQ_Q_CREATED: the controller knows it
 * @NVMQ_Q_CMB: its submission ring is in the controller's memory
 */
enum nvmq_queue_flag {
	NVMQ_Q_POLLED,
	NVMQ_Q_IRQ,
	NVMQ_Q_CREATED,
	NVMQ_Q_CMB,
};

/**
 * struct nvmq_queue - a queue pair: submission side, completion side, and what is cold
 * @sq: submission queue
 * @cq: completion queue
 * @bell: doorbell moderation, used where sq.bell says so
 * @calm: interrupt moderation, used where the handler is calm.c's
 * @ctrl: owner
 * @sq_dma: bus address of the submission ring
 * @cq_dma: bus address of the completion ring
 * @qid: queue identifier; 0 is the admin queue
 * @vector: index of its interrupt vector
 * @sqe_shift: log2 of the bytes of an entry of the submission ring
 * @flags: enum nvmq_queue_flag
 * @sgl_threshold: mean segment in bytes from which an SGL is used; 0: never
 * @discards: of those that were submitted, discards; under sq.lock
 * @unanswered: commands that were never answered, up to the last bring-up
 * @seen: cq.completed when the watch looked last
 * @late: a completion was there then
 * @answered: commands that were answered until the last reset
 * @barren: none was answered between the last two resets, the last of which was for a command that
 *	was not; the reset work's, read when commands are reclaimed
 */
struct nvmq_queue {
	struct nvmq_sq sq;
	struct nvmq_cq cq;
	struct nvmq_bell bell;
	struct nvmq_calm calm;
	struct nvmq_ctrl *ctrl ____cacheline_aligned_in_smp;
	dma_addr_t sq_dma;
	dma_addr_t cq_dma;
	u16 qid;
	u16 vector;
	u8 sqe_shift;
	unsigned long flags;
	u32 sgl_threshold;
	u64 discards;
	u64 unanswered;
	u64 seen;
	bool late;
	bool barren;
	u64 answered;
};

static inline bool nvmq_is_admin(const struct nvmq_queue *q)
{
	return !q->qid;
}

#endif /* _NVMQ_NVMQ_QUEUE_H */
