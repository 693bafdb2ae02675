// SPDX-License-Identifier: GPL-2.0
/*
 * Latency histograms. What fills them hangs on two tracepoints that each command passes anyway, and
 * hangs there only while they are on: otherwise they cost nothing, and there is no memory for them.
 *
 * A command's start is kept beside its tag, not in its request. A histogram has one writer, the one
 * who drains the queue; the start is written by the submitter, under the queue's lock, before the
 * controller knows the command.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "cmd.h"
#include "stats.h"
#include "tracepoints.h"

enum nvmq_stats_kind {
	NVMQ_STATS_READ,
	NVMQ_STATS_WRITE,
	NVMQ_STATS_FLUSH,
	NVMQ_STATS_OTHER,
	NVMQ_STATS_KINDS
};

static const char * const nvmq_stats_kinds[NVMQ_STATS_KINDS] = {
	"read", "write", "flush", "other",
};

/** struct nvmq_stats_hist - one histogram: commands, nanoseconds of all, of the longest, buckets */
struct nvmq_stats_hist {
	u64 count;
	u64 sum;
	u64 max;
	u64 bucket[NVMQ_STATS_BUCKETS];
};

/**
 * struct nvmq_stats_queue - the histograms of a queue
 * @kind: one for each kind of I/O
 * @tags: elements of @start
 * @start: when the command of a tag was put into the ring, nanoseconds; 0: not seen
 */
struct nvmq_stats_queue {
	struct nvmq_stats_hist kind[NVMQ_STATS_KINDS];
	unsigned int tags;
	u64 start[];
};

/**
 * struct nvmq_stats - the histograms of a controller
 * @ctrl: controller
 * @since: when they were switched on, nanoseconds
 * @nr: elements of @queue
 * @queue: for each queue
 */
struct nvmq_stats {
	const struct nvmq_ctrl *ctrl;
	u64 since;
	unsigned int nr;
	struct nvmq_stats_queue *queue[];
};

static enum nvmq_stats_kind nvmq_stats_kind(struct request *req)
{
	switch (req_op(req)) {
	case REQ_OP_READ:
		return NVMQ_STATS_READ;
	case REQ_OP_WRITE:
		return NVMQ_STATS_WRITE;
	case REQ_OP_FLUSH:
		return NVMQ_STATS_FLUSH;
	default:
		return NVMQ_STATS_OTHER;
	}
}

static struct nvmq_stats_queue *nvmq_stats_queue(const struct nvmq_stats *stats,
						 const struct nvmq_queue *q, struct request *req)
{
	struct nvmq_stats_queue *sq;

	if (q->ctrl != stats->ctrl || q->qid >= stats->nr)
		return NULL;
	sq = stats->queue[q->qid];
	return req->tag >= 0 && req->tag < sq->tags ? sq : NULL;
}

/* Of the tracepoint nvmq_setup_cmd. */
static void nvmq_stats_begin(void *data, const struct nvmq_queue *q, struct request *req,
			     const struct nvm_sqe *sqe)
{
	struct nvmq_stats_queue *sq = nvmq_stats_queue(data, q, req);

	if (sq)
		sq->start[req->tag] = ktime_get_ns();
}

/* Of the tracepoint nvmq_complete_rq. Who was reclaimed got no answer, and has no latency. */
static void nvmq_stats_end(void *data, const struct nvmq_queue *q, struct request *req, u16 cid)
{
	struct nvmq_stats_queue *sq = nvmq_stats_queue(data, q, req);
	struct nvmq_stats_hist *h;
	u64 ns;

	if (!sq || !sq->start[req->tag])
		return;
	ns = ktime_get_ns() - sq->start[req->tag];
	sq->start[req->tag] = 0;
	if (nvmq_req(req)->status & NVMQ_SC_OURS)
		return;
	h = &sq->kind[nvmq_stats_kind(req)];
	h->count++;
	h->sum += ns;
	h->max = max(h->max, ns);
	h->bucket[nvmq_stats_bucket(ns)]++;
}

static void nvmq_stats_free(struct nvmq_stats *stats)
{
	unsigned int i;

	for (i = 0; i < stats->nr; i++)
		kvfree(stats->queue[i]);
	kfree(stats);
}

static struct nvmq_stats *nvmq_stats_alloc(struct nvmq_ctrl *ctrl)
{
	unsigned int io_tags = max(ctrl->io_set.queue_depth, ctrl->depth);
	struct nvmq_stats *stats;
	unsigned int i, tags;

	stats = kzalloc(struct_size(stats, queue, ctrl->nr_queues_max), GFP_KERNEL);
	if (!stats)
		return NULL;
	stats->ctrl = ctrl;
	stats->since = ktime_get_ns();
	for (i = 0; i < ctrl->nr_queues_max; i++) {
		tags = i ? io_tags : NVMQ_AQ_DEPTH;
		stats->queue[i] = kvzalloc(struct_size(stats->queue[i], start, tags), GFP_KERNEL);
		if (!stats->queue[i]) {
			nvmq_stats_free(stats);
			return NULL;
		}
		stats->queue[i]->tags = tags;
		stats->nr = i + 1;
	}
	return stats;
}

static int nvmq_stats_hook(struct nvmq_stats *stats)
{
	int ret;

	ret = register_trace_nvmq_complete_rq(nvmq_stats_end, stats);
	if (ret)
		return ret;
	ret = register_trace_nvmq_setup_cmd(nvmq_stats_begin, stats);
	if (ret) {
		unregister_trace_nvmq_complete_rq(nvmq_stats_end, stats);
		tracepoint_synchronize_unregister();
	}
	return ret;
}

static void nvmq_stats_unhook(struct nvmq_stats *stats)
{
	unregister_trace_nvmq_setup_cmd(nvmq_stats_begin, stats);
	unregister_trace_nvmq_complete_rq(nvmq_stats_end, stats);
	tracepoint_synchronize_unregister();
}

/**
 * nvmq_stats_set - switch the histograms of a controller on, with nothing in them, or off
 * @ctrl: controller
 * @on: what is wanted; if they are on already they begin anew
 *
 * Context: may sleep; one caller at a time.
 * Return: 0 or -errno; then they are off.
 */
int nvmq_stats_set(struct nvmq_ctrl *ctrl, bool on)
{
	struct nvmq_stats *stats = ctrl->stats;
	int ret;

	ctrl->stats = NULL;
	if (stats) {
		nvmq_stats_unhook(stats);
		nvmq_stats_free(stats);
	}
	if (!on)
		return 0;
	if (!test_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags))
		return -EBUSY;
	stats = nvmq_stats_alloc(ctrl);
	if (!stats)
		return -ENOMEM;
	ret = nvmq_stats_hook(stats);
	if (ret) {
		nvmq_stats_free(stats);
		return ret;
	}
	ctrl->stats = stats;
	return 0;
}

/* The time that @permille of the commands did not exceed: the end of a bucket, or the longest. */
static u64 nvmq_stats_percentile(const struct nvmq_stats_hist *h, u64 count, unsigned int permille)
{
	u64 want = div_u64(count * permille + 999, 1000), seen = 0;
	unsigned int i;

	for (i = 0; i < NVMQ_STATS_BUCKETS; i++) {
		seen += READ_ONCE(h->bucket[i]);
		if (seen >= want)
			break;
	}
	return min(nvmq_stats_floor(i + 1) - 1, READ_ONCE(h->max));
}

/* Microseconds, with one decimal. */
static void nvmq_stats_us(struct seq_file *m, u64 ns)
{
	u32 rest;
	u64 us = div_u64_rem(ns, NSEC_PER_USEC, &rest);

	seq_printf(m, " %9llu.%u", us, rest / 100);
}

static const unsigned int nvmq_stats_permille[] = { 500, 900, 990, 999 };

static void nvmq_stats_show_hist(struct seq_file *m, unsigned int qid, enum nvmq_stats_kind kind,
				 const struct nvmq_stats_hist *h)
{
	u64 count = READ_ONCE(h->count);
	unsigned int i;

	if (!count)
		return;
	seq_printf(m, "%-5u %-5s %10llu", qid, nvmq_stats_kinds[kind], count);
	nvmq_stats_us(m, div64_u64(READ_ONCE(h->sum), count));
	for (i = 0; i < ARRAY_SIZE(nvmq_stats_permille); i++)
		nvmq_stats_us(m, nvmq_stats_percentile(h, count, nvmq_stats_permille[i]));
	nvmq_stats_us(m, READ_ONCE(h->max));
	seq_putc(m, '\n');
}

/**
 * nvmq_stats_show - print a line for each queue and kind of I/O that there was
 * @ctrl: controller
 * @m: where to
 *
 * Context: may sleep; nobody switches the histograms.
 */
void nvmq_stats_show(struct nvmq_ctrl *ctrl, struct seq_file *m)
{
	const struct nvmq_stats *stats = ctrl->stats;
	unsigned int i, kind;

	if (!stats) {
		seq_puts(m, "off\n");
		return;
	}
	seq_printf(m, "on for %llu ms; microseconds\n",
		   div_u64(ktime_get_ns() - stats->since, NSEC_PER_MSEC));
	seq_printf(m, "%-5s %-5s %10s %11s %11s %11s %11s %11s %11s\n", "queue", "kind", "commands",
		   "mean", "p50", "p90", "p99", "p99.9", "max");
	for (i = 0; i < stats->nr; i++)
		for (kind = 0; kind < NVMQ_STATS_KINDS; kind++)
			nvmq_stats_show_hist(m, i, kind, &stats->queue[i]->kind[kind]);
}

/**
 * nvmq_stats_show_buckets - print a line for each bucket that is not empty
 * @ctrl: controller
 * @m: where to
 *
 * Context: may sleep; nobody switches the histograms.
 */
void nvmq_stats_show_buckets(struct nvmq_ctrl *ctrl, struct seq_file *m)
{
	const struct nvmq_stats *stats = ctrl->stats;
	unsigned int i, kind, b;
	u64 count;

	seq_puts(m, "queue kind from_ns to_ns commands\n");
	if (!stats)
		return;
	for (i = 0; i < stats->nr; i++)
		for (kind = 0; kind < NVMQ_STATS_KINDS; kind++)
			for (b = 0; b < NVMQ_STATS_BUCKETS; b++) {
				count = READ_ONCE(stats->queue[i]->kind[kind].bucket[b]);
				if (count)
					seq_printf(m, "%u %s %llu %llu %llu\n", i,
						   nvmq_stats_kinds[kind], nvmq_stats_floor(b),
						   nvmq_stats_floor(b + 1), count);
			}
}
