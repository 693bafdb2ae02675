/* SPDX-License-Identifier: GPL-2.0 */
/* A controller: its state, what it says and has (nvmq.h has all nouns). */
#ifndef _NVMQ_NVMQ_CTRL_H
#define _NVMQ_NVMQ_CTRL_H

#include <linux/blk-mq.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <nvme/identify.h>
#include <nvme/log.h>

#include "nvmq_req.h"

/* Command sets whose effects log is read: up to that of zones. */
#define NVMQ_NR_CSI (NVM_CSI_ZNS + 1)

struct bio;
struct nvmq_ctrl;
struct nvmq_debugfs;
struct nvmq_hwmon;
struct nvmq_inject;
struct nvmq_queue;
struct nvmq_stats;
struct nvmq_subsys;
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
 * @sqe_shift: log2 of the bytes of an entry of an I/O submission queue (CC.IOSQES)
 * @depth: entries of an I/O queue
 * @nr_queues: I/O queues that exist
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
 * @tally: what became of admin commands
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
 * @strays: bios whose queue a reset did not bring back (stray.c), or NULL; under @stray_lock
 * @last_stray: the last of them; under @stray_lock
 * @stray_lock: protects @strays and @last_stray
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
	u8 sqe_shift;
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
	struct nvmq_tally tally;
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
	struct bio *strays;
	struct bio *last_stray;
	spinlock_t stray_lock;
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

static inline enum nvmq_state nvmq_state(const struct nvmq_ctrl *ctrl)
{
	return READ_ONCE(ctrl->state);
}

#endif /* _NVMQ_NVMQ_CTRL_H */
