/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rogue: an NVMe controller in user space that does what a script says.
 *
 * One process is one controller. QEMU (vfio-user-pci) talks to it over a Unix socket,
 * a test over another one. Everything hangs off struct rogue; there are no threads.
 *
 *	vfu	the vfio-user protocol		orders	JSON lines and what they do
 *	dma	memory of the guest		faults	which command goes wrong, and how
 *	pcie	configuration space		judge	what the host did wrong
 *	regs	controller properties		admin, identify, feature, log, event
 *	queue	rings, commands, completions	io, ns	namespaces
 *	prp	data pointers			json	reading and writing JSON
 *	held	commands that wait		slow	what commands cost
 *	tcg	security protocols		opal	locked ranges
 *	resv	reservations			power	power states
 *	meta, pi  blocks with metadata		manage	namespaces on command
 *	service	self-test, sanitize, firmware	pel	persistent events
 *
 * The guest is hostile, QEMU is not: nothing that the guest writes may reach memory
 * that QEMU did not share, or end the process.
 */
#ifndef ROGUE_H
#define ROGUE_H

#include "base.h"
#include "json.h"
#include "ns.h"
#include "opal.h"
#include "power.h"
#include "resv.h"
#include "service.h"
#include "slow.h"

#define MAX_QUEUES		129	/* pairs, the admin queue too */
#define MAX_VECTORS		129
#define MAX_NS			64
#define MAX_AER			16
#define MAX_HELD		65536
#define MAX_TRANSFER		(32U << 20)
#define NS_BYTES_MAX		(64ULL << 30)

/* BAR 0: properties and doorbells, then the MSI-X table and its pending bits. */
#define BAR_SIZE		0x10000
#define BAR_MSIX_TABLE		0x8000
#define BAR_MSIX_PBA		0xc000

/* Not a status: the command is answered later, or never. */
#define PENDING			(-1)

/* ---- memory of the guest: dma.c ---------------------------------------------- */

/* A file of guest RAM, mapped once however many windows to it there are. */
struct backing {
	u64 dev, ino, size;
	u8 *base;
	u32 users;
};

struct window {
	u64 iova, size;
	u8 *host;		/* NULL: known, but not shared */
	struct backing *backing;
	bool writable;
};

struct dma {
	struct window *windows;	/* by ascending iova */
	u32 nr, room, last;
	struct backing backings[16];
};

int dma_add(struct rogue *r, u64 iova, u64 size, u64 offset, int fd, bool writable);
int dma_remove(struct rogue *r, u64 iova, u64 size);
void dma_remove_all(struct rogue *r);
void *dma_span(struct rogue *r, u64 iova, u32 *len, bool write);
bool dma_read(struct rogue *r, u64 iova, void *to, u32 len);
bool dma_write(struct rogue *r, u64 iova, const void *from, u32 len);

/* ---- queues: queue.c ---------------------------------------------------------- */

struct sq {
	bool live, stopped;
	bool dirty;		/* in want of a run */
	bool fused;		/* the first of two was fetched */
	struct nvm_sqe first;
	u16 qid, cqid;
	u8 shift;		/* log2 of an entry's bytes */
	u32 size, head, tail;
	u64 base;
	u64 fetched;
	u8 busy[65536 / 8];	/* command ids in use */
};

struct cq {
	bool live, irq, want_irq;
	u8 phase;
	u16 qid, vector;
	u32 size, head, tail;
	u64 base;
	struct nvm_cqe *backlog; /* what found the ring full */
	u32 nr_backlog;
	u32 nr_sqs;
	u32 unseen;		/* entries since the last interrupt */
	u64 irq_due;		/* with coalescing: at the latest, in us */
};

/* What makes a completion different from a right one. */
struct twist {
	bool drop, no_irq, flip_phase, other_vector;
	bool set_cid, set_qid, set_head;
	u16 cid, qid, head, vector;
};

struct cmd {
	struct nvm_sqe sqe;
	struct sq *sq;
	u64 result;
	bool corrupt;		/* damage what a read returns */
	u8 opcode;
	u32 nsid;
	/* what it was about, for its price */
	u32 ranges;
	u64 bytes;
};

/* A command that is not answered yet. */
struct held {
	struct held *next;
	u16 sqid, cid;
	u8 opcode;
	u16 status;
	u64 result;
	u64 due;		/* in us; NEVER: not by itself */
	u64 after_abort;	/* ms; NEVER: an abort does not end it */
	bool second;		/* of a doubled one: its id is no longer in use */
	bool execute;		/* not done yet: done when it is due */
	bool done;		/* an abort comes too late to change its status */
	struct nvm_sqe sqe;
	struct twist twist;
};

void queue_doorbell(struct rogue *r, u32 offset, u32 value);
bool queue_run_all(struct rogue *r);
u64 queue_interrupts(struct rogue *r, u64 now);
void queue_irq(struct rogue *r, u16 vector);
void queue_unmask(struct rogue *r, u32 vectors);
void queue_complete(struct rogue *r, u16 sqid, u16 cid, u64 result, u16 status,
		    const struct twist *t, bool release);
void queue_reset_all(struct rogue *r);
void queue_sq_free(struct rogue *r, struct sq *sq);
void queue_cq_free(struct cq *cq);
int queue_create_sq(struct rogue *r, struct cmd *c);
int queue_create_cq(struct rogue *r, struct cmd *c);
int queue_delete_sq(struct rogue *r, struct cmd *c);
int queue_delete_cq(struct rogue *r, struct cmd *c);
int queue_abort(struct rogue *r, struct cmd *c);
struct held *queue_hold(struct rogue *r, struct cmd *c);
u64 queue_next_due(struct rogue *r);
void queue_run_held(struct rogue *r, u64 now);
void held_drop(struct rogue *r, int sqid);

/* ---- shadow doorbells: shadow.c ------------------------------------------------- */

int shadow_config(struct rogue *r, struct cmd *c);
bool shadow_has(struct rogue *r, u16 qid);
bool shadow_tail(struct rogue *r, struct sq *sq);
void shadow_sleep(struct rogue *r, struct sq *sq);
void shadow_head(struct rogue *r, struct cq *cq, bool full);

/* ---- data pointers: prp.c ------------------------------------------------------ */

struct seg {
	u8 *p;
	u32 len;
};

struct segs {
	struct seg *v;
	u32 nr, room;
};

int data_map(struct rogue *r, struct cmd *c, u32 len, bool to_host, struct segs *s);
int data_out(struct rogue *r, struct cmd *c, const void *from, u32 len);
int data_in(struct rogue *r, struct cmd *c, void *to, u32 len);
int meta_out(struct rogue *r, struct cmd *c, const void *from, u32 len);
int meta_in(struct rogue *r, struct cmd *c, void *to, u32 len);

/* ---- admin commands ------------------------------------------------------------ */

/* A field of an identify page, a log page or a register that says something else. */
struct lie {
	struct lie *next;
	bool log;
	u32 page;		/* CNS, or LID */
	u32 nsid;		/* 0: all */
	u16 offset, len;
	u64 from;		/* the nth time that it is enabled */
	u8 bytes[256];
};

#define NR_FEATURES		0xe0

struct features {
	u32 dw[NR_FEATURES];
	struct nvm_feat_auto_pst apst;
	struct nvm_feat_host_behavior behavior;
	u64 timestamp_set;	/* what the host said, and our clock then */
	u64 timestamp_at;
	u8 host_id[16];
	u32 hmb_size, hmb_nr;
	u64 hmb_list;
	u32 temp_over[9], temp_under[9];
	bool at_once[MAX_VECTORS];	/* vectors without coalescing */
};

int admin_exec(struct rogue *r, struct cmd *c);
int identify_exec(struct rogue *r, struct cmd *c);
bool identify_page(struct rogue *r, u32 cns, u32 nsid, u8 *page);
const char *identify_lie(struct rogue *r, const struct json *order);
void identify_forget_lies(struct rogue *r);
void lies_apply(struct rogue *r, bool log, u32 page, u32 nsid, u8 *data, u32 len);
int feature_get(struct rogue *r, struct cmd *c);
int feature_set(struct rogue *r, struct cmd *c);
void feature_defaults(struct rogue *r);
int hmb_set(struct rogue *r, struct cmd *c);
void hmb_forget(struct rogue *r);
void hmb_use(struct rogue *r);
const char *hmb_order(struct rogue *r, const struct json *order);
int log_get(struct rogue *r, struct cmd *c);
void log_error(struct rogue *r, const struct cmd *c, u16 status);

struct event {
	u8 type, info, lid;
};

int event_request(struct rogue *r, struct cmd *c);
void event_post(struct rogue *r, u8 type, u8 info, u8 lid);
void event_log_was_read(struct rogue *r, u8 lid);
void event_deliver(struct rogue *r);

/* ---- judgement: judge.c ---------------------------------------------------------- */

struct breach {
	const char *what;
	u64 times;
	char first[120];
};

void breach(struct rogue *r, const char *what, const char *detail, ...)
	__attribute__((format(printf, 3, 4)));
void judge_sqe(struct rogue *r, const struct cmd *c);
void judge_rest(struct rogue *r, const struct cmd *c, const u8 *rest, u32 len);
void judge_forget(struct rogue *r);

/* ---- faults and orders ------------------------------------------------------------ */

struct fault;

#define ANY_OPCODE	0x100

/* The commands that an order names. */
struct which {
	bool admin, io;
	u16 opcode;
};

const char *which_command(const struct json *order, struct which *w);
struct fault *fault_take(struct rogue *r, const struct cmd *c);
int fault_before(struct rogue *r, struct fault *f, struct cmd *c, bool *answered);
void fault_complete(struct rogue *r, struct fault *f, struct cmd *c, u16 status);
const char *fault_order(struct rogue *r, const struct json *order, bool *known);
void fault_forget(struct rogue *r);
u32 fault_armed(struct rogue *r);

bool size_of(const char *text, u64 *bytes);
bool order_line(struct rogue *r, const char *line, struct out *answer);
void orders_init(struct rogue *r);

/* What an order "set" changes. */
struct knobs {
	u64 ready_ms, disable_ms, shutdown_ms;	/* NEVER */
	u64 media_ms;		/* until namespaces are ready, too */
	u64 activation_ms;	/* that processing pauses while firmware is activated */
	bool until_flr;		/* those, and the next three, until the function is reset */
	bool fatal_at_ready;
	bool deaf;		/* registers ignore writes */
	bool ones;		/* registers read as ones, and nothing else is wrong */
	u64 flr_ms;		/* that the function is away when it was reset; NEVER: it stays away */
	bool mute;		/* no interrupts at all */
	bool use_hmb;		/* I/O commands write and read there */
	u64 abort_after_ms;	/* a held command ends so long after its abort; NEVER: not */
	bool abort_stuck;	/* aborts are not answered */
	bool shared_ids;	/* a command id is unique over all queues */
	bool small_ids;		/* one is below the size of its queue */
	u32 grant;		/* queues that set features promises */
	u32 queues;		/* queues that may be created */
};

/* ---- the controller ----------------------------------------------------------------- */

struct rogue {
	/* what it was started as */
	u32 version, first_version; /* NVM_VS() */
	u32 mqes, nr_vectors, mdts;
	bool vwc, msi, shadows, verbose, quit;
	const char *name;	/* its serial number, and a part of all ids that are to be unique */

	/* vfio-user */
	int fd;
	struct dma dma;
	int irq_fd[MAX_VECTORS];
	u8 config[4096];

	/* properties */
	u64 cap, asq, acq;
	u32 cc, csts, aqa, crto, nssro;
	u32 intms;		/* vectors that are masked; with MSI */
	u32 page;		/* bytes, by CC.MPS */
	u64 ready_at, disabled_at, shutdown_at, media_at, paused_until;
	u64 flr_done_at;
	bool gone, fatal;
	bool surprised;		/* the host does not know yet that it was reset */
	bool queues_set, media;
	u32 granted;

	struct sq sq[MAX_QUEUES];
	struct cq cq[MAX_QUEUES];
	u32 end_of_queues;	/* none that is live has this id, or a higher one */
	struct held *held;
	u32 nr_held;
	struct segs segs;
	u8 *stage;		/* for blocks with metadata */
	u64 stage_room;

	/* data pointers are judged by what identify says, lies included */
	u32 seen_mdts;
	struct nvm_id_ctrl_nvm seen_limits;

	struct ns *ns[MAX_NS];
	u32 nn;
	struct features feat;
	struct nvm_host_mem_buf_desc *hmb;
	u32 nr_hmb;
	struct {
		u64 addr, value;
	} hmb_marks[32];	/* what was written there */
	u64 shadow, eventidx;	/* 0: doorbells only */
	struct lie *lies;

	u16 aer[MAX_AER];	/* ids of requests that wait for an event */
	u32 nr_aer;
	struct event events[64];
	u32 nr_events;
	u32 masked;		/* types that wait for their log page to be read */

	struct nvm_error_log_entry errors[64];
	u64 nr_errors;
	struct resv_note resv_log[32];
	u32 nr_resv_log;
	u64 resv_log_count;
	u32 changed_ns[NVM_CHANGED_NS_MAX];
	u32 nr_changed_ns;
	struct nvm_smart_log smart;
	u64 random;
	struct power power;
	struct opal opal;
	struct tcg tcg;
	struct service service;
	struct pel pel;

	struct breach breaches[64];
	u32 nr_breaches;
	struct fault *faults;
	struct knobs knobs;
	struct slow slow;

	struct {
		u64 sq_doorbells, cq_doorbells, irqs, commands, bytes_read, bytes_written;
		u64 shutdown_began, shutdown_ended;	/* ms of the host's clock */
		u64 enables, resets, flrs, power_transitions, crossings, admin[256], io[256];
		u64 dsm_ranges, dsm_range, dsm_blocks;
	} stats;
};

void regs_init(struct rogue *r);
void regs_truth(struct rogue *r);
u64 regs_read(struct rogue *r, u32 offset, u32 len);
void regs_write(struct rogue *r, u32 offset, u32 len, u64 value);
void regs_reset(struct rogue *r);
void regs_fatal(struct rogue *r);
void regs_pause(struct rogue *r, u64 ms);
u64 regs_after(u64 ms);
void regs_time(struct rogue *r, u64 now);
void regs_unstick(struct rogue *r);
u64 regs_next(struct rogue *r, u64 now);

void pcie_init(struct rogue *r);
void pcie_read(struct rogue *r, u32 offset, u8 *to, u32 len);
void pcie_write(struct rogue *r, u32 offset, const u8 *from, u32 len);
bool pcie_bus_master(struct rogue *r);
bool pcie_memory(struct rogue *r);

void controller_reset(struct rogue *r);
void controller_flr(struct rogue *r);
void controller_back(struct rogue *r);
void controller_powerfail(struct rogue *r, u32 keep, u64 seed);
u64 now_us(void);
u64 now_ms(void);
u32 random_below(struct rogue *r, u32 n);

/* vfu.c: one connection of QEMU */
void vfu_init(struct rogue *r);
bool vfu_readable(struct rogue *r);
void vfu_close(struct rogue *r);

/* Numbers of @len bytes, the most significant one first. */
static inline u64 big(const u8 *p, u32 len)
{
	u64 v = 0;

	while (len--)
		v = v << 8 | *p++;
	return v;
}

static inline void put_big(u8 *p, u32 len, u64 v)
{
	while (len--) {
		p[len] = v;
		v >>= 8;
	}
}

static inline bool enabled(const struct rogue *r)
{
	return r->cc & NVM_CC_EN;
}

/* Fetches commands: ready, neither fatal nor off the bus nor asleep for ever. */
static inline bool working(const struct rogue *r)
{
	return (r->csts & (NVM_CSTS_RDY | NVM_CSTS_PP)) == NVM_CSTS_RDY && !r->fatal && !r->gone &&
	       !r->power.stuck;
}

#endif /* ROGUE_H */
