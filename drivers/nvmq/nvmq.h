/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The nouns of the driver: controller, queue, namespace, request. Every room includes this header
 * and nothing above its own layer (Documentation/overview.md has the map).
 *
 * Fields are grouped by who writes them. What the submitting CPU writes and what the completing
 * CPU writes never share a cache line.
 */
#ifndef _NVMQ_H
#define _NVMQ_H

#include <linux/blk-mq.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/dim.h>
#include <linux/dma-mapping.h>
#include <linux/hrtimer.h>
#include <linux/idr.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <nvmq-limits.h>

#include <nvme/cmd.h>
#include <nvme/identify.h>
#include <nvme/log.h>
#include <nvme/regs.h>
#include <nvme/status.h>

#include "params.h"
#include "quirks.h"

/*
 * The admin queue: 32 entries. One slot stays empty, one is the asynchronous event's, the others
 * are tags; two of these are reserved for the driver, so that a user who fills the queue cannot
 * keep recovery from sending an abort or an identify.
 */
#define NVMQ_AQ_DEPTH 32
#define NVMQ_AQ_TAGS (NVMQ_AQ_DEPTH - 2)
#define NVMQ_AQ_RESERVED 2
#define NVMQ_AEN_CID NVMQ_AQ_TAGS

/* The first list of a request: 32 entries of a PRP list, 128 KiB, or 16 SGL descriptors. */
#define NVMQ_LIST_BYTES 256
#define NVMQ_LIST_ENTRIES (NVMQ_LIST_BYTES / sizeof(__le64))
/* The largest transfer, and the pages of list that it can need. */
#define NVMQ_MAX_BYTES SZ_8M
#define NVMQ_MAX_LIST_PAGES 5
#define NVMQ_MAX_SEGMENTS (NVMQ_MAX_BYTES / SZ_4K + 1)
/* Command sets whose effects log is read: up to that of zones. */
#define NVMQ_NR_CSI (NVM_CSI_ZNS + 1)

struct nvmq_ctrl;
struct nvmq_debugfs;
struct nvmq_inject;
struct nvmq_queue;
struct nvmq_stats;
struct nvmq_ns;
struct nvmq_subsys;
struct nvmq_hwmon;
struct opal_dev;

/**
 * enum nvmq_state - what a controller is doing
 * @NVMQ_NEW: probe has it, no reset work yet
 * @NVMQ_RESETTING: being stopped, in-flight commands are reclaimed
 * @NVMQ_CONNECTING: being brought up by the reset work
 * @NVMQ_LIVE: doing I/O
 * @NVMQ_DEAD: gave up; I/O fails at once, the character device stays
 * @NVMQ_DELETING: remove() runs; there is no way back
 * @NVMQ_NR_STATES: how many there are
 *
 * state.c holds the table of legal transitions and is the only writer. The names that sysfs shows
 * are the in-tree driver's.
 */
enum nvmq_state {
	NVMQ_NEW,
	NVMQ_RESETTING,
	NVMQ_CONNECTING,
	NVMQ_LIVE,
	NVMQ_DEAD,
	NVMQ_DELETING,
	NVMQ_NR_STATES
};

/**
 * enum nvmq_gate - may a request go into this queue?
 * @NVMQ_GATE_OPEN: yes
 * @NVMQ_GATE_INTERNAL: only the driver's own commands; others wait
 * @NVMQ_GATE_WAIT: not now, try again
 * @NVMQ_GATE_DEAD: never again; fail it
 * @NVMQ_GATE_IDLE: yes, and who passes first opens it and wakes the watch
 */
enum nvmq_gate {
	NVMQ_GATE_OPEN,
	NVMQ_GATE_INTERNAL,
	NVMQ_GATE_WAIT,
	NVMQ_GATE_DEAD,
	NVMQ_GATE_IDLE,
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
 * @flags: enum nvmq_queue_flag
 * @sgl_threshold: mean segment in bytes from which an SGL is used; 0: never
 * @discards: of those that were submitted, discards; under sq.lock
 * @unanswered: commands that were never answered, up to the last bring-up
 * @seen: cq.completed when the watch looked last
 * @late: a completion was there then
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
	unsigned long flags;
	u32 sgl_threshold;
	u64 discards;
	u64 unanswered;
	u64 seen;
	bool late;
};

/**
 * enum nvmq_req_flag - bits of nvmq_req.flags
 * @NVMQ_RF_USER: passed through; a user waits for the status
 * @NVMQ_RF_ABORTED: an abort was sent for it
 * @NVMQ_RF_MAPPED: data is mapped for DMA
 * @NVMQ_RF_RANGES: the list holds ranges of a discard
 * @NVMQ_RF_SGL: data is described by an SGL
 * @NVMQ_RF_META: metadata is mapped for DMA
 * @NVMQ_RF_ONE: its data is one segment
 * @NVMQ_RF_APPEND: the controller chooses the place, and tells it in the completion
 */
enum nvmq_req_flag {
	NVMQ_RF_USER = 1 << 0,
	NVMQ_RF_ABORTED = 1 << 1,
	NVMQ_RF_MAPPED = 1 << 2,
	NVMQ_RF_RANGES = 1 << 3,
	NVMQ_RF_SGL = 1 << 4,
	NVMQ_RF_META = 1 << 5,
	NVMQ_RF_ONE = 1 << 6,
	NVMQ_RF_APPEND = 1 << 7,
};

/**
 * struct nvmq_more - what most requests have no need of
 * @cmd: the command, if it was passed through or is the driver's own
 * @list: NVMQ_LIST_BYTES of list, allocated at first need
 * @list_dma: bus address of @list
 * @pages: pages of chained list, for transfers that outgrow @list; struct nvmq_req says how many
 * @range: where an IOMMU has all of its data, if its pieces were mapped as one
 * @meta_sgl: list of metadata in several pieces; NULL: it is in one
 * @meta_dma: bus address of @meta_sgl, or of the metadata
 *
 * Allocated at first need (nvmq_dma_need_more()), kept until the tag goes.
 */
struct nvmq_more {
	struct nvm_sqe cmd;
	__le64 *list;
	dma_addr_t list_dma;
	__le64 *pages[NVMQ_MAX_LIST_PAGES];
	struct dma_iova_state range;
	struct nvm_sgl_desc *meta_sgl;
	dma_addr_t meta_dma;
};

/**
 * struct nvmq_req - the driver's part of a request, behind struct request
 *
 * There is one for each tag of each queue, so it is kept small: with it a request takes 320 bytes,
 * five cache lines.
 *
 * @prp1: first data pointer, as mapped; an SGL keeps its first address here
 * @prp2: second page, or bus address of the list
 * @result: dwords 0 and 1 of the completion
 * @more: what few requests need, or NULL
 * @status: status field of the completion without phase tag (enum in nvme/status.h)
 * @flags: enum nvmq_req_flag
 * @retries: times that the command was sent again
 * @trouble: status, flags and retries: zero if nothing is to be done at a completion but to end it
 * @gen: generation, above the tag in the command id; moves on at each completion
 * @live: command id that is in flight, NVMQ_CID_NONE before the push and after the completion
 * @segs: segments mapped, for an SGL
 * @nr_pages: pages of list in use
 */
struct nvmq_req {
	u64 prp1;
	u64 prp2;
	u64 result;
	struct nvmq_more *more;
	union {
		struct {
			u16 status;
			u8 flags;
			u8 retries;
		};
		u32 trouble;
	};
	u16 gen;
	u16 live;
	u16 segs;
	u8 nr_pages;
};

/* struct request has 248 to 272 bytes, and blk-mq rounds the sum to cache lines */
static_assert(sizeof(struct nvmq_req) <= 48);

/**
 * enum nvmq_kind - kinds of I/O queues, in blk-mq's order of hctx types
 * @NVMQ_KIND_DEFAULT: with interrupt
 * @NVMQ_KIND_READ: with interrupt, reads only
 * @NVMQ_KIND_POLL: without interrupt
 * @NVMQ_NR_KINDS: how many there are
 */
enum nvmq_kind {
	NVMQ_KIND_DEFAULT = HCTX_TYPE_DEFAULT,
	NVMQ_KIND_READ = HCTX_TYPE_READ,
	NVMQ_KIND_POLL = HCTX_TYPE_POLL,
	NVMQ_NR_KINDS = HCTX_MAX_TYPES
};

/* Power states that a controller can have (NVMe Base 5.17.2.1). */
#define NVMQ_NR_PS 32

/**
 * struct nvmq_ps - a power state
 * @latency: to enter and to leave it, microseconds
 * @nops: no I/O is done in it (non-operational)
 */
struct nvmq_ps {
	u32 latency;
	bool nops;
};

/**
 * struct nvmq_power - power, temperature and host memory: what identify says, what is set
 * @ps: power states, as many as npss says and one more
 * @apst: it changes them by itself, if told when
 * @wctemp: temperature from which it warns, kelvins; 0: not said
 * @cctemp: critical temperature, kelvins; 0: not said
 * @mntmt: lowest temperature at which it can be told to slow down, kelvins
 * @mxtmt: highest one; 0: it cannot be told
 * @tmt: what a user told it, kelvins, lightly and heavily; 0: not to; thermal.c
 * @tmt_told: a user told it
 * @hmpre: host memory that it would like to have, 4 KiB
 * @hmmin: the least that is of use, 4 KiB
 * @hmminds: the smallest piece of it, 4 KiB; 0: any
 * @hmmaxd: most pieces; 0: any number
 * @tolerance: latency that users of the device bear, microseconds; power.c
 * @deepest: deepest state that it may go to by itself; 0: none; power.c
 * @limit: power states from this one on are left out, for it did not wake up; power.c
 * @exposed: sysfs has the tolerance; bring-up and remove()
 * @awake_ps: state to wake up to; suspend and resume
 * @dozing: it is suspended in its lowest state, and keeps what it knows; suspend and resume
 */
struct nvmq_power {
	struct nvmq_ps ps[NVMQ_NR_PS];
	bool apst;
	u16 wctemp;
	u16 cctemp;
	u16 mntmt;
	u16 mxtmt;
	u16 tmt[2];
	bool tmt_told;
	u32 hmpre;
	u32 hmmin;
	u32 hmminds;
	u16 hmmaxd;
	u64 tolerance;
	u8 deepest;
	u8 limit;
	bool exposed;
	u8 awake_ps;
	bool dozing;
};

struct nvm_host_mem_buf_desc;

/**
 * struct nvmq_hmb - host memory that a controller works with (hmb.c)
 * @lock: protects all of it
 * @limit_mib: what it may have
 * @wanted: a user lets it have some
 * @enabled: the controller has it now
 * @size: bytes that are allocated
 * @nr: pieces
 * @list: descriptors of the pieces, as the controller reads them; NULL: nothing is allocated
 * @list_dma: bus address of @list
 * @list_bytes: length of @list
 * @pieces: what the DMA layer knows the pieces by
 * @one: all of it, if it is in one piece made of many; else NULL
 */
struct nvmq_hmb {
	struct mutex lock;
	unsigned int limit_mib;
	bool wanted;
	bool enabled;
	u64 size;
	unsigned int nr;
	struct nvm_host_mem_buf_desc *list;
	dma_addr_t list_dma;
	size_t list_bytes;
	void **pieces;
	struct sg_table *one;
};

/**
 * enum nvmq_ctrl_flag - bits of nvmq_ctrl.flags
 * @NVMQ_CF_QUIESCED: the I/O queues are (tagset_lock)
 * @NVMQ_CF_ADMIN_QUIESCED: the admin queue is (tagset_lock)
 * @NVMQ_CF_IO_TAGSET: io_set is allocated
 * @NVMQ_CF_GONE: registers read all ones; it left the bus
 * @NVMQ_CF_WAS_LIVE: it has been live once
 * @NVMQ_CF_STOPPED: disabled since the last bring-up
 * @NVMQ_CF_AEN_BUSY: an asynchronous event request is out
 * @NVMQ_CF_ANNOUNCED: its character device is registered
 * @NVMQ_CF_RESIZE: sample the queue parameters at this reset
 * @NVMQ_CF_SUBSYSTEM: the next stop resets the NVM subsystem
 * @NVMQ_CF_SILENT: the reset is for a command that was not answered
 * @NVMQ_CF_WOKEN: the bring-up is the end of a suspend, in which it may have lost its power
 * @NVMQ_CF_SHUTDOWN: the machine goes down, and its shutdown_work was started
 * @NVMQ_CF_HOPELESS: did not obey in this recovery; it is told to stop, but not waited for
 * @NVMQ_CF_STUCK: did not stop when it was told to; only a reset of the function helps
 * @NVMQ_CF_PAUSED: firmware is being activated, and holds I/O back (firmware.c); under down_lock
 */
enum nvmq_ctrl_flag {
	NVMQ_CF_QUIESCED,
	NVMQ_CF_ADMIN_QUIESCED,
	NVMQ_CF_IO_TAGSET,
	NVMQ_CF_GONE,
	NVMQ_CF_WAS_LIVE,
	NVMQ_CF_STOPPED,
	NVMQ_CF_AEN_BUSY,
	NVMQ_CF_ANNOUNCED,
	NVMQ_CF_RESIZE,
	NVMQ_CF_SUBSYSTEM,
	NVMQ_CF_SILENT,
	NVMQ_CF_WOKEN,
	NVMQ_CF_SHUTDOWN,
	NVMQ_CF_HOPELESS,
	NVMQ_CF_STUCK,
	NVMQ_CF_PAUSED,
};

/**
 * struct nvmq_pace - discards that let other I/O pass (pace.c)
 * @lock: protects all of it but @limit
 * @held: requests that wait, by their queuelist
 * @out: discards that the controller has
 * @limit: how many it may have while there is other I/O; 0: any number
 * @looked: when other I/O was looked for last, jiffies
 * @busy: when there was some last, jiffies
 * @others: commands of other I/O until @looked
 * @mark: when one went to a controller that had none, or the last one ended; nanoseconds
 * @each: nanoseconds that one takes, in the mean, while there is no other I/O
 * @sent: discards that went to the controller
 * @waited: times that one had to wait
 */
struct nvmq_pace {
	spinlock_t lock;
	struct list_head held;
	unsigned int out;
	unsigned int limit;
	unsigned long looked;
	unsigned long busy;
	u64 others;
	u64 mark;
	u64 each;
	u64 sent;
	u64 waited;
};

/**
 * struct nvmq_ctrl - one controller
 * @pdev: PCI function
 * @dev: its device, which does the DMA
 * @bar: BAR 0
 * @bar_len: bytes of it that are mapped
 * @instance: the X of nvmeX
 * @quirks: enum nvmq_quirk; written by probe and by each identify, which come to the same
 * @queues: queue pairs, the admin queue first
 * @nr_queues_max: elements of @queues
 * @cap: CAP, as read at the last bring-up
 * @vs: VS
 * @cc: CC, as last written
 * @page_shift: log2 of the controller's page size (CC.MPS)
 * @depth: entries of an I/O queue
 * @nr_queues: queues that exist, with the admin queue
 * @nr_vectors: interrupt vectors; 1: all queues share it
 * @irq_types: PCI_IRQ_*: the kinds of interrupt that vectors may be of
 * @kinds: I/O queues of each kind
 * @want_writes: queues for everything but reads, while vectors are spread; 0: no separate kinds
 * @shape: I/O queues of each kind that a user asked for; none of the first: as the parameters say;
 *         under scan_lock
 * @cfg_irq: queues with interrupt that were asked for when they were last set up
 * @cfg_writes: of these, for writes alone (parameter write_queues)
 * @cfg_polled: queues without interrupt (parameter poll_queues), likewise
 * @down_lock: serialises taking the queues down (reset, timeout, remove)
 * @shadow_mem: shadow doorbells, one page of the controller, or NULL
 * @shadow_dma: its bus address
 * @event_mem: event indices, likewise
 * @event_dma: its bus address
 * @bell_mode: of doorbells; under scan_lock
 * @calm_mode: of interrupts; under scan_lock
 * @bell_cost: nanoseconds that a doorbell takes at least, as far as is known
 * @state: enum nvmq_state; written by state.c
 * @state_moves: transitions until now; under @state_lock
 * @state_lock: serialises transitions
 * @state_wait: woken at each transition
 * @reset_work: the one recovery sequence
 * @frozen_work: when the slot reset after a PCIe error does not come
 * @shutdown_work: stops it when the machine goes down, beside all others
 * @pci_entry: in the list of all controllers (pci.c)
 * @watch_work: looks for completions without an interrupt while I/O goes on
 * @flags: enum nvmq_ctrl_flag
 * @nr_resets: resets since probe, the first bring-up not counted
 * @reset_why: who asked for the reset, for the log
 * @reset_since: when the trouble began that the reset is for; by who moves it to NVMQ_RESETTING
 * @deadline: commands of the driver's own end by then; 0: no limit (budget.c)
 * @admin_set: tags of the admin queue
 * @io_set: tags of the I/O queues, shared by all namespaces
 * @admin_q: block layer's side of the admin queue
 * @tagset_lock: serialises quiescing, so that both ways stay paired
 * @list_pool: short PRP and SGL lists
 * @page_pool: lists of a whole page of the controller
 * @pace: discards that wait
 * @abort_budget: abort commands that may still be sent (ACL)
 * @cntlid: controller id
 * @oacs: optional admin commands
 * @oncs: optional NVM commands
 * @vid: PCI vendor
 * @ssvid: PCI subsystem vendor
 * @oaes: optional asynchronous events
 * @sgls: SGL support
 * @ctratt: controller attributes
 * @rtd3e: microseconds to enter RTD3, the time that a shutdown may take
 * @nn: highest namespace id
 * @max_hw_sectors: largest transfer (MDTS), 512-byte sectors
 * @max_zeroes_sectors: largest write zeroes (WZSL), 512-byte sectors
 * @dmrsl: most blocks in one range of a discard; 0: no limit
 * @dmsl: most blocks in all ranges of a discard; 0: no limit
 * @dmrl: most ranges in one discard; 0: no limit but the command's own
 * @aen_result: dword 0 of the last asynchronous event
 * @aen_since: jiffies from which @aen_burst counts; the event work
 * @aen_burst: events since then; the event work
 * @awupf: blocks that a power cut does not tear (AWUPF), zero-based
 * @vwc: volatile write cache
 * @cntrltype: controller type
 * @lpa: log page attributes
 * @npss: power states - 1
 * @crdt: command retry delays, 100 ms; 0 where the host could not allow them
 * @mtfa: longest pause of a firmware activation, 100 ms; 0: not said
 * @serial: serial number, trimmed
 * @model: model number, trimmed
 * @firmware: firmware revision, trimmed
 * @subnqn: name of the subsystem
 * @subsys: the subsystem
 * @subsys_entry: in nvmq_subsys.ctrls
 * @effects: commands supported and effects log of each command set (CSI), or NULL
 * @effects_asked: command sets that the controller was asked for it, by BIT(CSI)
 * @power: power states, temperatures, host memory
 * @boot_buf: where a boot partition is read to, or NULL; bootpart.c
 * @boot_dma: its bus address
 * @cmbloc: CMBLOC, where its memory buffer is
 * @cmbsz: CMBSZ; 0: it has none
 * @cmb_len: bytes of it that the kernel's peer to peer code has; probe, then constant
 * @cmb_sqs: new submission queues go there
 * @hmb: host memory that it works with
 * @hwmon: its temperatures in hwmon, or NULL; bring-up and remove()
 * @opal: the kernel's sed-opal, or NULL; bring-up
 * @namespaces: struct nvmq_ns, by nsid
 * @ns_lock: protects the list; written by the scan work and remove()
 * @ns_ida: the Y of nvmeXnY
 * @scan_work: compares the namespace list with ours
 * @scan_lock: serialises whatever adds, changes or removes namespaces
 * @event_work: deals with @aen_result
 * @debugfs: its files, or NULL
 * @inject: what is to fail
 * @stats: latency histograms, or NULL
 * @reported: when the last report was left, jiffies; 0: never
 * @device: /dev/nvmeX; its reference count is the controller's
 * @cdev: its character device
 * @admin_timeout: of admin commands, jiffies
 * @io_timeout: of I/O commands, jiffies
 * @release: frees the controller when nobody is left
 *
 * Lives from probe until the last file on its character device is closed and its last namespace is
 * freed (@device counts). What needs the PCI device is gone after remove().
 */
struct nvmq_ctrl {
	/* set at probe, then constant */
	struct pci_dev *pdev;
	struct device *dev;
	void __iomem *bar;
	size_t bar_len;
	int instance;
	u32 quirks;
	struct nvmq_queue *queues;
	unsigned int nr_queues_max;

	/* bring-up and tear-down only (reset work, probe, remove) */
	u64 cap;
	u32 vs;
	u32 cc;
	u8 page_shift;
	u16 depth;
	unsigned int nr_queues;
	unsigned int nr_vectors;
	unsigned int irq_types;
	unsigned int kinds[NVMQ_NR_KINDS];
	unsigned int want_writes;
	u16 shape[NVMQ_NR_KINDS];
	unsigned int cfg_irq;
	unsigned int cfg_writes;
	unsigned int cfg_polled;
	struct mutex down_lock;
	void *shadow_mem;
	dma_addr_t shadow_dma;
	void *event_mem;
	dma_addr_t event_dma;
	u8 bell_mode;
	u8 calm_mode;
	u32 bell_cost;

	/* state.c */
	enum nvmq_state state;
	u32 state_moves;
	spinlock_t state_lock;
	wait_queue_head_t state_wait;
	struct work_struct reset_work;
	struct delayed_work frozen_work;
	struct work_struct shutdown_work;
	struct list_head pci_entry;
	struct delayed_work watch_work;
	unsigned long flags;
	unsigned int nr_resets;
	char reset_why[48];
	ktime_t reset_since;
	ktime_t deadline;

	/* blk-mq */
	struct blk_mq_tag_set admin_set;
	struct blk_mq_tag_set io_set;
	struct request_queue *admin_q;
	struct mutex tagset_lock;
	struct dma_pool *list_pool;
	struct dma_pool *page_pool;
	struct nvmq_pace pace;
	atomic_t abort_budget;

	/* what identify says */
	u16 cntlid;
	u16 oacs;
	u16 oncs;
	u16 vid;
	u16 ssvid;
	u32 oaes;
	u32 sgls;
	u32 ctratt;
	u32 rtd3e;
	u32 nn;
	u32 max_hw_sectors;
	u32 max_zeroes_sectors;
	u32 dmrsl;
	u64 dmsl;
	u8 dmrl;
	u32 aen_result;
	unsigned long aen_since;
	unsigned int aen_burst;
	u16 awupf;
	u8 vwc;
	u8 cntrltype;
	u8 lpa;
	u8 npss;
	u16 crdt[3];
	u16 mtfa;
	char serial[21];
	char model[41];
	char firmware[9];
	char subnqn[224];
	struct nvmq_subsys *subsys;
	struct list_head subsys_entry;
	struct nvm_effects_log *effects[NVMQ_NR_CSI];
	u8 effects_asked;
	struct nvmq_power power;
	void *boot_buf;
	dma_addr_t boot_dma;
	u32 cmbloc;
	u32 cmbsz;
	u64 cmb_len;
	bool cmb_sqs;
	struct nvmq_hmb hmb;
	struct nvmq_hwmon *hwmon;
	struct opal_dev *opal;

	/* namespaces: the list is written by the scan work and remove() */
	struct list_head namespaces;
	struct rw_semaphore ns_lock;
	struct ida ns_ida;
	struct work_struct scan_work;
	struct mutex scan_lock;
	struct work_struct event_work;

	/* for who looks for a fault, or makes one: debugfs.c, under its lock */
	struct nvmq_debugfs *debugfs;
	struct nvmq_inject *inject;
	struct nvmq_stats *stats;
	unsigned long reported;

	/* the character device; its reference count is the controller's */
	struct device device;
	struct cdev cdev;
	unsigned int admin_timeout; /* jiffies */
	unsigned int io_timeout;    /* jiffies */
	void (*release)(struct nvmq_ctrl *ctrl);
};

/** struct nvmq_ids - identifiers of a namespace; all zeroes where it has none */
struct nvmq_ids {
	u8 eui64[8];
	u8 nguid[16];
	u8 uuid[16];
	u8 csi;
};

/**
 * enum nvmq_ns_flag - bits of nvmq_ns.flags
 * @NVMQ_NF_REMOVING: on its way out
 * @NVMQ_NF_READY: its disk is registered
 * @NVMQ_NF_CDEV: its character device is registered
 * @NVMQ_NF_READONLY: write protected by the controller
 * @NVMQ_NF_ZONES: the block layer has to look at its zones
 * @NVMQ_NF_EXTENDED: metadata follows each block's data (FLBAS bit 4)
 * @NVMQ_NF_TWIN: had an identifier of another namespace, and goes without any
 */
enum nvmq_ns_flag {
	NVMQ_NF_REMOVING,
	NVMQ_NF_READY,
	NVMQ_NF_CDEV,
	NVMQ_NF_READONLY,
	NVMQ_NF_ZONES,
	NVMQ_NF_EXTENDED,
	NVMQ_NF_TWIN,
};

/**
 * struct nvmq_ns - one namespace, one gendisk
 * @nsid: namespace identifier
 * @lba_shift: log2 of the logical block size
 * @ms: metadata bytes per block
 * @rich: reads and writes carry more than data: meta.c builds their commands
 * @deac: write zeroes may deallocate (DLFEAT bit 3)
 * @discard_zeroes: zeroes are written by a discard (NVMQ_QUIRK_DEALLOCATE_ZEROES)
 * @ctrl: owner; the namespace holds a reference
 * @disk: its gendisk
 * @flags: enum nvmq_ns_flag
 * @kref: references: the list, open files
 * @entry: in nvmq_ctrl.namespaces
 * @ids_entry: in the list of those that have identifiers (ids.c)
 * @instance: the Y of nvmeXnY
 * @ids: identifiers
 * @nsze: blocks
 * @ncap: capacity in blocks
 * @nuse: blocks in use, as last identified
 * @nuse_at: jiffies of that
 * @pi_type: protection information type, 0 for none
 * @pi_bytes: bytes of protection information in each block's metadata (8 or 16), 0 for none
 * @rescap: kinds of reservations (RESCAP)
 * @usable: the driver can do I/O in its format; else its disk has no capacity
 * @shared: other controllers of the subsystem may have it, too (NMIC bit 0)
 * @lim: limits that its disk has
 * @places: placement identifier of each write stream; NULL: it has none; probe of it, then constant
 * @nr_places: elements of @places
 * @place_bytes: bytes of a reclaim unit; 0: not said
 * @cdev: /dev/ngXnY
 * @cdev_device: its device
 */
struct nvmq_ns {
	/* read by each I/O, written under freeze only */
	u32 nsid;
	u8 lba_shift;
	u16 ms;
	bool rich;
	bool deac;
	bool discard_zeroes;
	struct nvmq_ctrl *ctrl;

	struct gendisk *disk;
	unsigned long flags;
	struct kref kref;
	struct list_head entry;
	struct list_head ids_entry;
	u32 instance;
	struct nvmq_ids ids;
	u64 nsze;
	u64 ncap;
	u64 nuse;
	unsigned long nuse_at;
	u8 pi_type;
	u8 pi_bytes;
	u8 rescap;
	bool usable;
	bool shared;
	struct nvmq_limits lim;
	u16 *places;
	u16 nr_places;
	u32 place_bytes;
	struct cdev cdev;
	struct device cdev_device;
};

static inline struct nvmq_req *nvmq_req(struct request *req)
{
	return blk_mq_rq_to_pdu(req);
}

static inline bool nvmq_is_admin(const struct nvmq_queue *q)
{
	return !q->qid;
}

static inline enum nvmq_state nvmq_state(const struct nvmq_ctrl *ctrl)
{
	return READ_ONCE(ctrl->state);
}

/*
 * Log lines name the controller first. nvmeX is the name before there is a device, too.
 */
#define nvmq_log(level, ctrl, fmt, ...) \
	level("nvmq nvme%d: " fmt, (ctrl)->instance, ##__VA_ARGS__)
#define nvmq_err(ctrl, fmt, ...) nvmq_log(pr_err, ctrl, fmt, ##__VA_ARGS__)
#define nvmq_warn(ctrl, fmt, ...) nvmq_log(pr_warn, ctrl, fmt, ##__VA_ARGS__)
#define nvmq_info(ctrl, fmt, ...) nvmq_log(pr_info, ctrl, fmt, ##__VA_ARGS__)
#define nvmq_warn_limited(ctrl, fmt, ...) nvmq_log(pr_warn_ratelimited, ctrl, fmt, ##__VA_ARGS__)

#endif /* _NVMQ_H */
