// SPDX-License-Identifier: GPL-2.0
/*
 * The flight recorder. Nothing is recorded on the path of an I/O: the rings themselves hold the
 * last commands and completions of each queue, in order, and the block layer knows what is in
 * flight and since when. This room puts that in words, with the registers, while it is still
 * there: a reset clears the rings.
 *
 * The text goes to who reads debugfs, and to a device core dump when a command is late or a
 * bring-up fails.
 */
#include <linux/devcoredump.h>
#include <linux/sched/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/trace_seq.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>

#include "cmd.h"
#include "queue.h"
#include "record.h"
#include "regs.h"
#include "state.h"
#include "trace.h"

/* Entries of a ring that are told. */
#define NVMQ_RECORD_ENTRIES 16
/* A text that does not fit is made again in twice the room, up to the second. */
#define NVMQ_RECORD_BYTES SZ_64K
#define NVMQ_RECORD_BYTES_MAX SZ_1M
/* Reports of a controller are so far apart at least. */
#define NVMQ_RECORD_PAUSE (60 * HZ)

static const char * const nvmq_record_gates[] = {
	[NVMQ_GATE_OPEN] = "open",
	[NVMQ_GATE_INTERNAL] = "internal",
	[NVMQ_GATE_WAIT] = "wait",
	[NVMQ_GATE_DEAD] = "dead",
	[NVMQ_GATE_MISSING] = "missing",
	[NVMQ_GATE_IDLE] = "idle",
};

/**
 * struct nvmq_record - a text in the making
 * @ctrl: controller
 * @m: where to
 * @words: commands are put in words here; NULL: there was no memory, they are told by number
 * @age: the longest that a request is in flight, milliseconds
 * @nr: requests in flight
 */
struct nvmq_record {
	struct nvmq_ctrl *ctrl;
	struct seq_file *m;
	struct trace_seq *words;
	unsigned int age;
	unsigned int nr;
};

static const struct {
	const char *name;
	u32 offset;
	bool wide;
} nvmq_record_regs[] = {
	{ "CAP", NVM_REG_CAP, true },
	{ "VS", NVM_REG_VS, false },
	{ "INTMS", NVM_REG_INTMS, false },
	{ "CC", NVM_REG_CC, false },
	{ "CSTS", NVM_REG_CSTS, false },
	{ "AQA", NVM_REG_AQA, false },
	{ "ASQ", NVM_REG_ASQ, true },
	{ "ACQ", NVM_REG_ACQ, true },
};

static void nvmq_record_csts(struct seq_file *m, u32 csts)
{
	seq_printf(m, "%s%s%s, shutdown %u\n", csts & NVM_CSTS_RDY ? "ready" : "not ready",
		   csts & NVM_CSTS_CFS ? ", fatal status" : "",
		   csts & NVM_CSTS_PP ? ", processing paused" : "",
		   NVM_GET(NVM_CSTS_SHST, csts));
}

static void nvmq_record_registers(struct nvmq_record *r)
{
	struct nvmq_ctrl *ctrl = r->ctrl;
	struct seq_file *m = r->m;
	unsigned int i;
	u32 csts;

	seq_puts(m, "\nregisters\n");
	if (test_bit(NVMQ_CF_GONE, &ctrl->flags) || !nvmq_regs_status(ctrl, &csts)) {
		seq_puts(m, "  the device does not answer: it is gone from the bus\n");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(nvmq_record_regs); i++) {
		u32 offset = nvmq_record_regs[i].offset;

		if (nvmq_record_regs[i].wide)
			seq_printf(m, "  %-5s %#018llx\n", nvmq_record_regs[i].name,
				   nvmq_regs_read64(ctrl, offset));
		else
			seq_printf(m, "  %-5s %#010x\n", nvmq_record_regs[i].name,
				   nvmq_regs_read(ctrl, offset));
	}
	seq_puts(m, "  that is: ");
	nvmq_record_csts(m, csts);
}

static void nvmq_record_head(struct nvmq_record *r)
{
	struct nvmq_ctrl *ctrl = r->ctrl;
	struct seq_file *m = r->m;

	seq_printf(m, "controller  nvme%d, pci function %s\n", ctrl->instance,
		   pci_name(ctrl->pdev));
	seq_printf(m, "model       %s, serial %s, firmware %s\n", ctrl->model, ctrl->serial,
		   ctrl->firmware);
	seq_printf(m, "kernel      %s\n", init_utsname()->release);
	seq_printf(m, "uptime      %llu ms\n", div_u64(ktime_get_boottime_ns(), NSEC_PER_MSEC));
	seq_printf(m, "state       %s, %u resets\n", nvmq_state_name(nvmq_state(ctrl)),
		   READ_ONCE(ctrl->nr_resets));
}

/* Does the queue have rings that say something? */
static bool nvmq_record_used(const struct nvmq_queue *q)
{
	return q->sq.ring && q->cq.ring && (READ_ONCE(q->sq.submitted) || !q->qid);
}

static void nvmq_record_indices(struct nvmq_record *r)
{
	struct seq_file *m = r->m;
	unsigned int i;

	seq_puts(m, "\nqueues that were used\n");
	seq_printf(m, "  %5s %5s %5s %5s %5s %5s %8s %12s %12s %10s %7s %7s\n", "qid", "depth",
		   "tail", "told", "head", "phase", "gate", "submitted", "completed", "in-flight",
		   "foreign", "missed");
	for (i = 0; i < r->ctrl->nr_queues_max; i++) {
		const struct nvmq_queue *q = &r->ctrl->queues[i];
		u16 told = q->sq.bell ? READ_ONCE(q->bell.tail) : READ_ONCE(q->sq.rung);

		if (!nvmq_record_used(q))
			continue;
		seq_printf(m, "  %5u %5u %5u %5u %5u %5u %8s %12llu %12llu %10llu %7llu %7llu\n", i,
			   q->sq.depth, READ_ONCE(q->sq.tail), told, READ_ONCE(q->cq.head),
			   READ_ONCE(q->cq.phase) & NVM_CQE_PHASE,
			   nvmq_record_gates[READ_ONCE(q->sq.gate)], READ_ONCE(q->sq.submitted),
			   READ_ONCE(q->cq.completed), nvmq_queue_in_flight(q),
			   READ_ONCE(q->cq.foreign), READ_ONCE(q->cq.missed));
	}
}

/* A command in words, as in the trace. */
static void nvmq_record_command(struct nvmq_record *r, bool admin, const struct nvm_sqe *sqe)
{
	u32 words[NVMQ_TRACE_WORDS];

	if (!r->words) {
		seq_puts(r->m, nvmq_cmd_opcode_text(admin, sqe->opcode));
		return;
	}
	nvmq_trace_words(words, sqe);
	trace_seq_init(r->words);
	seq_puts(r->m, nvmq_trace_command(r->words, admin, sqe->opcode, words));
}

static unsigned int nvmq_record_age(const struct request *req)
{
	unsigned long started = READ_ONCE(req->deadline) - req->timeout;

	return time_after(jiffies, started) ? jiffies_to_msecs(jiffies - started) : 0;
}

static bool nvmq_record_request(struct request *req, void *data)
{
	struct nvmq_record *r = data;
	const struct nvmq_queue *q = req->mq_hctx->driver_data;
	const struct nvmq_ns *ns = req->q->queuedata;
	const struct nvmq_req *nr = nvmq_req(req);
	unsigned int age = nvmq_record_age(req);

	if (!blk_mq_request_started(req) || blk_mq_request_completed(req))
		return true;
	r->nr++;
	r->age = max(r->age, age);
	seq_printf(r->m, "  queue %u tag %d cmdid %u: %u ms%s, ", q->qid, req->tag,
		   READ_ONCE(nr->live), age,
		   nr->flags & NVMQ_RF_ABORTED ? " since its abort" : "");
	if (blk_rq_is_passthrough(req))
		seq_printf(r->m, "%s, passed through\n",
			   nvmq_cmd_opcode_text(nvmq_is_admin(q), nr->more->cmd.opcode));
	else
		seq_printf(r->m, "%s %s at sector %llu, %u bytes, try %u\n",
			   ns ? ns->disk->disk_name : "", blk_op_str(req_op(req)),
			   (u64)blk_rq_pos(req), blk_rq_bytes(req), nr->retries + 1);
	return true;
}

static void nvmq_record_in_flight(struct nvmq_record *r)
{
	struct nvmq_ctrl *ctrl = r->ctrl;

	seq_puts(r->m, "\nin flight\n");
	if (ctrl->admin_q)
		blk_mq_tagset_busy_iter(&ctrl->admin_set, nvmq_record_request, r);
	if (test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags))
		blk_mq_tagset_busy_iter(&ctrl->io_set, nvmq_record_request, r);
	seq_printf(r->m, "  %u requests, the oldest %u ms\n", r->nr, r->age);
}

static void nvmq_record_sq(struct nvmq_record *r, const struct nvmq_queue *q)
{
	unsigned int n = min_t(u64, min_t(u64, NVMQ_RECORD_ENTRIES, q->sq.depth - 1),
			       READ_ONCE(q->sq.submitted));
	u16 at = (READ_ONCE(q->sq.tail) + q->sq.depth - n) % q->sq.depth;

	seq_printf(r->m, "\nqueue %u: the last %u commands before the tail\n", q->qid, n);
	for (; n; n--, at = nvmq_ring_next(at, q->sq.depth)) {
		struct nvm_sqe sqe = *nvmq_sq_entry(q, at);

		/* a ring is cleared at each bring-up */
		if (!sqe.qw[0])
			continue;
		seq_printf(r->m, "  %5u: cmdid=%u, nsid=%u, flags=%#x, cmd=(", at, sqe.cid,
			   le32_to_cpu(sqe.nsid), sqe.flags);
		nvmq_record_command(r, !q->qid, &sqe);
		seq_printf(r->m, "), prp1=%#llx, prp2=%#llx\n", le64_to_cpu(sqe.prp1),
			   le64_to_cpu(sqe.prp2));
	}
}

/* Completions that were taken, and behind the head those that are there and were not. */
static void nvmq_record_cq(struct nvmq_record *r, const struct nvmq_queue *q)
{
	u16 depth = q->cq.depth, head = READ_ONCE(q->cq.head);
	u16 phase = READ_ONCE(q->cq.phase), at;
	unsigned int n, i, taken;
	struct nvm_cqe cqe;

	n = min_t(unsigned int, NVMQ_RECORD_ENTRIES, depth - 1);
	taken = min_t(u64, n, READ_ONCE(q->cq.completed));
	seq_printf(r->m, "queue %u: completions, %u at the head\n", q->qid, head);
	at = (head + depth - taken) % depth;
	for (i = 0; i < taken + n; i++, at = nvmq_ring_next(at, depth)) {
		cqe = q->cq.ring[at];
		if (i >= taken && (le16_to_cpu(cqe.status) & NVM_CQE_PHASE) != phase)
			break;
		if (i >= taken && at == depth - 1)
			phase ^= NVM_CQE_PHASE;
		/* a ring is cleared at each bring-up */
		if (!cqe.status && !cqe.result && !cqe.sq_head)
			continue;
		seq_printf(r->m, "  %5u: cmdid=%u, sqhd=%u, res=%#llx, status=%#x (%s)%s\n", at,
			   cqe.cid, le16_to_cpu(cqe.sq_head), le64_to_cpu(cqe.result),
			   le16_to_cpu(cqe.status) >> 1,
			   nvmq_cmd_status_text(le16_to_cpu(cqe.status) >> 1),
			   i < taken ? "" : ", not taken");
	}
}

static void nvmq_record_rings(struct nvmq_record *r)
{
	unsigned int i;

	for (i = 0; i < r->ctrl->nr_queues_max; i++) {
		const struct nvmq_queue *q = &r->ctrl->queues[i];

		if (!nvmq_record_used(q))
			continue;
		nvmq_record_sq(r, q);
		nvmq_record_cq(r, q);
	}
}

/**
 * nvmq_record_show - print what a controller and its queues look like now
 * @ctrl: controller; its queues have their memory
 * @m: where to
 *
 * Context: may sleep. What moves meanwhile is told as it is when its turn comes.
 */
void nvmq_record_show(struct nvmq_ctrl *ctrl, struct seq_file *m)
{
	struct nvmq_record r = { .ctrl = ctrl, .m = m };

	r.words = kmalloc_obj(*r.words, GFP_KERNEL | __GFP_NOWARN);
	nvmq_record_head(&r);
	nvmq_record_registers(&r);
	nvmq_record_indices(&r);
	nvmq_record_in_flight(&r);
	nvmq_record_rings(&r);
	kfree(r.words);
}

/* The whole text in memory of its own, or NULL; vfree() takes it back. */
static char *nvmq_record_text(struct nvmq_ctrl *ctrl, const char *why, size_t *len)
{
	struct seq_file m;
	size_t size;

	for (size = NVMQ_RECORD_BYTES; size <= NVMQ_RECORD_BYTES_MAX; size *= 2) {
		m = (struct seq_file){ .size = size };
		m.buf = __vmalloc(size, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
		if (!m.buf)
			return NULL;
		seq_printf(&m, "why         %s\n", why);
		nvmq_record_show(ctrl, &m);
		if (!seq_has_overflowed(&m) || size == NVMQ_RECORD_BYTES_MAX)
			break;
		vfree(m.buf);
	}
	*len = m.count;
	return m.buf;
}

/* Is it time for one? Who asks first gets it. */
static bool nvmq_record_due(struct nvmq_ctrl *ctrl)
{
	unsigned long last = READ_ONCE(ctrl->reported), now = jiffies ?: 1;

	if (last && time_before(now, last + NVMQ_RECORD_PAUSE))
		return false;
	return cmpxchg(&ctrl->reported, last, now) == last;
}

/* A device has one dump at a time. */
static bool nvmq_record_is_left(struct nvmq_ctrl *ctrl)
{
	struct kernfs_node *link = sysfs_get_dirent(ctrl->pdev->dev.kobj.sd, "devcoredump");

	sysfs_put(link);
	return link;
}

/**
 * nvmq_record_report - leave a device core dump: something went wrong, and a reset will follow
 * @ctrl: controller
 * @why: what went wrong, in a few words
 *
 * At most one in a minute for a controller. While the dump before it was not thrown away, by who
 * read it or after five minutes, this one is.
 *
 * Context: may sleep; waits for no I/O.
 */
void nvmq_record_report(struct nvmq_ctrl *ctrl, const char *why)
{
	unsigned int noio;
	size_t len;
	char *text;

	/* a kernel without device core dumps frees what it gets */
	if (!IS_ENABLED(CONFIG_DEV_COREDUMP) || !nvmq_record_due(ctrl))
		return;
	if (nvmq_record_is_left(ctrl)) {
		nvmq_info(ctrl, "no new report: the one before is still in /sys/class/devcoredump\n");
		return;
	}
	noio = memalloc_noio_save();
	text = nvmq_record_text(ctrl, why, &len);
	if (text) {
		dev_coredumpv(&ctrl->pdev->dev, text, len, GFP_KERNEL | __GFP_NOWARN);
		nvmq_info(ctrl, "a report is in /sys/class/devcoredump; nvmq-report prints it\n");
	}
	memalloc_noio_restore(noio);
}
