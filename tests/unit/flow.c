// SPDX-License-Identifier: GPL-2.0
/*
 * Requests all the way: submit.c, dma.c, queue.h and complete.c as the module compiles them,
 * between a blk-mq that holds them to its rules and a controller that lies: it answers twice, late,
 * with ids that were never sent, with any status, and forgets its commands at a reset.
 *
 * Whatever it does: each request ends once, with the status that its own completion had; its
 * memory stays mapped until then; nothing is mapped afterwards; what is not in flight is counted
 * and not followed.
 *
 * Seen red: the generation not moved on at a completion, or at a reclaim; not compared; a request
 * followed that is completed but not ended; the gate not looked at; a discard of other ranges; the
 * table of tags not filled; a request unmapped never; flags left; DNR retried; PSDT not set.
 */
#include "walker.h"
#include <complete.h>
#include <submit.h>
#include <shim-blk.h>
#include <shim-dma.h>

#include <bell.c>
#include <cmd.c>
#include <complete.c>
#include <dma.c>
#include <dma_iommu.c>
#include <dma_mem.c>
#include <submit.c>

/* No namespace here has metadata, and nobody asks for zones. */
blk_status_t nvmq_meta_prep(struct nvmq_queue *q, struct request *req, const struct nvmq_ns *n,
			    struct nvm_sqe *cmd, u8 opcode, u32 control)
{
	return BLK_STS_NOTSUPP;
}

void nvmq_meta_write_zeroes(struct nvm_sqe *sqe, const struct nvmq_ns *n, struct request *req)
{
}

void nvmq_meta_unmap(struct nvmq_queue *q, struct request *req)
{
}

/* Discards are held where a test says so; who entered leaves. */
static unsigned int paced;
static bool hold;

bool nvmq_pace_enter(struct nvmq_ctrl *c, struct request *req)
{
	paced += !hold;
	return !hold;
}

blk_status_t nvmq_stray_take(struct nvmq_queue *q, struct request *req)
{
	(void)q;
	(void)req;
	return BLK_STS_IOERR;
}

void nvmq_pace_leave(struct nvmq_ctrl *c)
{
	REQUIRE(paced--);
}

#define TAGS 24
#define SEGS 40

unsigned int nvmq_max_retries = 3;

/* one request, and what is known about it besides */
struct job {
	struct request rq;
	struct nvmq_req priv;
	struct page page[SEGS];
	struct bio_vec vec[SEGS];
	struct bio bio[4];
	bool waits;		/* wants to be submitted: fresh or requeued */
	bool out;		/* the controller has it */
	u16 cid;		/* as sent */
	u16 answer;		/* status that the controller gave last */
	bool answered;
	unsigned int tries;
	bool to_abort;
	bool done;
	blk_status_t status;
};

static struct job jobs[TAGS];
static struct nvmq_ctrl ctrl;
static struct nvmq_queue queue;
static struct nvmq_ns ns;
static struct gendisk disk;
static struct device dev;
static struct request_queue rq_queue;
static struct request *rqs[TAGS];
static struct blk_mq_tags tags = { .rqs = rqs, .nr_tags = TAGS };
static struct blk_mq_hw_ctx hctx = { .driver_data = &queue, .tags = &tags };

static u32 sq_db, cq_db;
static unsigned int sq_head, cq_tail, cq_phase, depth;
static unsigned long lies, ended;

static unsigned int wakes;

void nvmq_state_request_watch(struct nvmq_ctrl *c)
{
	wakes++;
}

static struct job *job_of(struct request *rq)
{
	return container_of(rq, struct job, rq);
}

static bool shim_coin(void)
{
	return tap_between(0, 1);
}

static void shim_complete(struct request *rq)
{
	nvmq_complete_rq(rq);
}

static void shim_ended(struct request *rq, blk_status_t status)
{
	struct job *job = job_of(rq);

	if (!job->answered || job->done)
		TAP_FAIL("tag %d ended %s", rq->tag, job->done ? "twice" : "without an answer");
	if (status != nvmq_cmd_blk_status(job->answer))
		TAP_FAIL("tag %d ended with %u after status %#x", rq->tag, status, job->answer);
	EXPECT_EQ(job->priv.flags, 0);
	EXPECT_EQ(job->priv.retries, 0);
	job->done = true;
	job->status = status;
	ended++;
}

static void shim_requeued(struct request *rq)
{
	struct job *job = job_of(rq);

	EXPECT(job->answered && !job->done && job->answer && !(job->answer & NVM_STATUS_DNR));
	EXPECT(!blk_noretry_request(rq) && !blk_rq_is_passthrough(rq));
	/* a reset that the request is not the reason for costs it no try */
	if (job->answer != NVMQ_SC_RECLAIMED || job->to_abort)
		EXPECT(++job->tries <= nvmq_max_retries);
	job->to_abort = false;
	EXPECT_EQ(job->priv.flags, 0);
	job->answered = false;
	job->waits = true;
}

static bool read_list(uint64_t bus, uint64_t *entry)
{
	__le64 *p = shim_memory(bus, sizeof(*p));

	if (p)
		*entry = le64_to_cpu(*p);
	return p;
}

static void restart(void)
{
	memset(queue.sq.ring, 0, depth << NVMQ_SQE_SHIFT_MAX);
	memset(queue.cq.ring, 0, depth * sizeof(*queue.cq.ring));
	queue.sq.tail = queue.sq.rung = 0;
	queue.cq.head = 0;
	queue.cq.phase = cq_phase = NVM_CQE_PHASE;
	sq_db = cq_db = sq_head = cq_tail = 0;
}

static void setup(u8 lba_shift)
{
	unsigned int i;

	memset(jobs, 0, sizeof(jobs));
	memset(&queue, 0, sizeof(queue));
	memset(&ctrl, 0, sizeof(ctrl));
	memset(&ns, 0, sizeof(ns));
	shim_fail_alloc = shim_fail_map = 0;
	shim_remote = (struct rq_list){};
	lies = ended = 0;

	ctrl.dev = &dev;
	ctrl.page_shift = 12;
	ctrl.crdt[0] = 1;
	ctrl.crdt[1] = 20;
	ctrl.crdt[2] = 300;
	ctrl.io_timeout = 30000;
	EXPECT_EQ(nvmq_dma_init(&ctrl), 0);
	ns.nsid = 5;
	ns.lba_shift = lba_shift;
	ns.disk = &disk;
	ns.ctrl = &ctrl;
	strcpy(disk.disk_name, "nvme0n1");
	rq_queue.queuedata = &ns;

	/* no power of two, and one slot more than there are tags */
	depth = TAGS + 1;
	queue.ctrl = &ctrl;
	queue.qid = 1;
	queue.sq.dev = &dev;
	queue.sq.page_shift = 12;
	queue.sq.gate = NVMQ_GATE_OPEN;
	queue.sq.page = 4096;
	queue.sq.direct = shim_direct = tap_between(0, 1);
	queue.sgl_threshold = tap_between(0, 1) ? 0 : 8192;
	queue.sq.depth = queue.cq.depth = depth;
	queue.sqe_shift = NVM_IOSQES;
	queue.sq.ring = calloc(depth, 1 << NVMQ_SQE_SHIFT_MAX);
	queue.cq.ring = calloc(depth, sizeof(*queue.cq.ring));
	queue.cq.end = queue.cq.ring + depth;
	queue.cq.batch.complete = blk_mq_end_request_batch;
	queue.sq.db = &sq_db;
	queue.cq.db = &cq_db;
	queue.cq.tags = &tags;
	restart();

	for (i = 0; i < TAGS; i++) {
		struct job *job = &jobs[i];

		rqs[i] = &job->rq;
		job->rq.tag = i;
		job->rq.pdu = &job->priv;
		job->priv.live = NVMQ_CID_NONE;
		job->rq.bvec = job->vec;
		job->rq.mq_hctx = &hctx;
		job->rq.q = &rq_queue;
		job->done = true;
	}
}

static void teardown(void)
{
	unsigned int i;

	EXPECT_EQ(shim_nr_mapped(), 0);
	EXPECT_EQ(paced, 0);
	for (i = 0; i < TAGS; i++)
		nvmq_dma_release(&ctrl, &jobs[i].priv);
	nvmq_dma_exit(&ctrl);
	EXPECT_EQ(shim_nr_regions, 0);
	free(queue.sq.ring);
	free(queue.cq.ring);
	EXPECT_EQ(queue.cq.foreign, lies);
	EXPECT_EQ(shim_warnings, 0);
}

/* What passthru.c does. */
static void pass_through(struct job *job)
{
	unsigned int fail = shim_fail_alloc;
	struct nvmq_more *more;

	shim_fail_alloc = 0;
	more = nvmq_dma_need_more(&job->priv, GFP_KERNEL);
	shim_fail_alloc = fail;
	REQUIRE(more);
	more->cmd = (struct nvm_sqe){ .opcode = 0xc2, .nsid = cpu_to_le32(9),
				      .cdw15 = cpu_to_le32(job->rq.tag) };
	job->priv.flags = NVMQ_RF_USER;
}

/* A fresh request on an idle tag. */
static void fresh(struct job *job)
{
	static const u8 ops[] = { REQ_OP_READ, REQ_OP_READ, REQ_OP_WRITE, REQ_OP_WRITE,
				  REQ_OP_FLUSH, REQ_OP_DISCARD, REQ_OP_WRITE_ZEROES,
				  REQ_OP_DRV_IN };
	struct request *rq = &job->rq;
	u32 block = 1 << ns.lba_shift;
	unsigned int i;

	rq->cmd_flags = ops[tap_between(0, sizeof(ops) - 1)];
	if (!tap_between(0, 3))
		rq->cmd_flags |= REQ_FUA;
	if (!tap_between(0, 7))
		rq->cmd_flags |= REQ_FAILFAST_DEV;
	rq->pos = tap_between(0, 1ULL << 40) << (ns.lba_shift - SECTOR_SHIFT);
	rq->nr_bvec = 0;
	rq->bytes = 0;
	rq->bio = NULL;
	rq->dir = req_op(rq) == REQ_OP_WRITE ? DMA_TO_DEVICE : DMA_FROM_DEVICE;

	switch (req_op(rq)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
	case REQ_OP_DRV_IN:
		rq->nr_bvec = tap_between(1, SEGS);
		for (i = 0; i < rq->nr_bvec; i++) {
			job->page[i].bus = (u64)(rq->tag + 1) << 40 | i << 20;
			job->vec[i] = (struct bio_vec){ &job->page[i],
							   4096 * tap_between(1, 3), 0 };
			rq->bytes += job->vec[i].bv_len;
		}
		job->bio[0] = (struct bio){
			.bi_io_vec = job->vec,
			.bi_iter = { .bi_size = rq->bytes },
		};
		rq->bio = &job->bio[0];
		if (req_op(rq) == REQ_OP_DRV_IN) {
			pass_through(job);
		}
		break;
	case REQ_OP_DISCARD:
		for (i = tap_between(1, 4); i--; ) {
			job->bio[i] = (struct bio){
				.bi_iter = {
					.bi_size = block * tap_between(1, 9),
					.bi_sector = tap_between(0, 1 << 20) *
						     (block >> SECTOR_SHIFT),
				},
				.bi_next = rq->bio,
			};
			rq->bio = &job->bio[i];
			rq->bytes += job->bio[i].bi_iter.bi_size;
		}
		rq->nr_bvec = 1;
		break;
	case REQ_OP_WRITE_ZEROES:
		rq->bytes = block * tap_between(1, 1000);
		break;
	default:
		break;
	}
	job->waits = true;
	job->done = job->answered = false;
	job->tries = 0;
}

/* Is this what the request asked for? */
static void check_command(struct job *job, const struct nvm_sqe *sqe)
{
	u64 lba = job->rq.pos >> (ns.lba_shift - SECTOR_SHIFT);
	u64 slba = le32_to_cpu(sqe->cdw10) | (u64)le32_to_cpu(sqe->cdw11) << 32;
	u32 blocks = (le32_to_cpu(sqe->cdw12) & 0xffff) + 1, i = 0;
	const struct nvm_dsm_range *range;
	const struct bio *bio;

	switch (req_op(&job->rq)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		EXPECT_EQ(sqe->opcode, req_op(&job->rq) == REQ_OP_READ ? 2 : 1);
		EXPECT_EQ(le32_to_cpu(sqe->nsid), 5);
		EXPECT_EQ(slba, lba);
		EXPECT_EQ(blocks << ns.lba_shift, job->rq.bytes);
		EXPECT_EQ(!!(le32_to_cpu(sqe->cdw12) & NVM_RW_FUA),
			  !!(job->rq.cmd_flags & REQ_FUA));
		break;
	case REQ_OP_FLUSH:
		EXPECT_EQ(sqe->opcode, 0);
		EXPECT_EQ(le32_to_cpu(sqe->nsid), 5);
		EXPECT(!sqe->prp1 && !sqe->prp2);
		return;
	case REQ_OP_DISCARD:
		EXPECT_EQ(sqe->opcode, 9);
		range = shim_memory(le64_to_cpu(sqe->prp1),
				    (le32_to_cpu(sqe->cdw10) + 1) * sizeof(*range));
		REQUIRE(range);
		__rq_for_each_bio(bio, &job->rq) {
			EXPECT_EQ(le64_to_cpu(range[i].slba) << (ns.lba_shift - SECTOR_SHIFT),
				  bio->bi_iter.bi_sector);
			EXPECT_EQ(le32_to_cpu(range[i].nlb) << ns.lba_shift, bio->bi_iter.bi_size);
			i++;
		}
		EXPECT_EQ(le32_to_cpu(sqe->cdw10), i - 1);
		return;
	case REQ_OP_WRITE_ZEROES:
		EXPECT_EQ(sqe->opcode, 8);
		EXPECT_EQ(slba, lba);
		EXPECT_EQ(blocks << ns.lba_shift, job->rq.bytes);
		EXPECT(!sqe->prp1 && !sqe->prp2);
		return;
	default:
		EXPECT_EQ(sqe->opcode, 0xc2);
		EXPECT_EQ(le32_to_cpu(sqe->nsid), 9);
		EXPECT_EQ(le32_to_cpu(sqe->cdw15), job->rq.tag);
		break;
	}
	if (sqe->flags & NVM_CMD_PSDT) {
		EXPECT_EQ(sqe->flags, NVM_CMD_SGL_METABUF);
	} else {
		const char *wrong = walk_prp(le64_to_cpu(sqe->prp1), le64_to_cpu(sqe->prp2),
					     job->rq.bytes, 12, read_list);

		if (wrong)
			TAP_FAIL("%s", wrong);
	}
}

/* The controller takes what it was told of. */
static void fetch(void)
{
	while (sq_head != sq_db) {
		const struct nvm_sqe *sqe = nvmq_sq_entry(&queue, sq_head);
		unsigned int tag = sqe->cid & 0xfff;
		struct job *job;

		REQUIRE(tag < TAGS);
		job = &jobs[tag];
		EXPECT(!job->out && !job->done);
		check_command(job, sqe);
		job->cid = sqe->cid;
		job->out = true;
		sq_head = (sq_head + 1) % depth;
	}
}

static bool post(u16 cid, u16 status)
{
	struct nvm_cqe *cqe = &queue.cq.ring[cq_tail];

	if ((cq_tail + 1) % depth == cq_db)
		return false;
	*cqe = (struct nvm_cqe){ .cid = cid, .sq_id = cpu_to_le16(1),
				 .result = tap_random(),
				 .status = cpu_to_le16(status << 1 | cq_phase) };
	cq_tail = (cq_tail + 1) % depth;
	if (!cq_tail)
		cq_phase ^= 1;
	return true;
}

static u16 random_status(void)
{
	static const u16 some[] = { NVM_SC_INTERNAL, NVM_SC_READ_ERROR, NVM_SC_WRITE_FAULT,
				    NVM_SC_NS_NOT_READY, NVM_SC_INVALID_OPCODE };
	u16 status;

	if (tap_between(0, 3))
		return 0;
	status = some[tap_between(0, 4)] | tap_between(0, 3) << NVM_STATUS_CRD_SHIFT;
	return tap_between(0, 1) ? status : status | NVM_STATUS_DNR;
}

static void answer(struct job *job, u16 status)
{
	if (!post(job->cid, status))
		return;
	/* until its completion is taken, the memory is the device's */
	if (job->rq.nr_bvec && req_op(&job->rq) != REQ_OP_DISCARD)
		EXPECT(shim_is_mapped(job->page[0].bus, job->vec[0].bv_len));
	job->answer = status;
	job->answered = true;
	job->out = false;
}

/* A completion for nobody: again, from before, or out of thin air. */
static void lie(void)
{
	u16 cid = tap_between(0, 1) ? jobs[tap_between(0, TAGS - 1)].cid : tap_random();
	unsigned int tag = cid & 0xfff;

	struct job *job = tag < TAGS ? &jobs[tag] : NULL;
	bool next = job && nvmq_cid(tag, job->priv.gen) == cid;

	/* with the generation that is out it is no lie but an answer, or will be one */
	if (next && (job->rq.state == MQ_RQ_IDLE ||
		     (job->rq.state == MQ_RQ_IN_FLIGHT && !job->answered)))
		return;
	if (!post(cid, random_status()))
		return;
	lies++;
	/* completed, but not ended: the request is not the queue's any more */
	if (next && job->rq.state == MQ_RQ_COMPLETE)
		nvmq_complete_drain(&queue, NULL);
}

static void submit(void)
{
	struct rq_list list = {};
	unsigned int i;

	if (tap_between(0, 1)) {
		for (i = 0; i < TAGS; i++) {
			struct blk_mq_queue_data bd = { &jobs[i].rq, tap_between(0, 1) };

			if (!jobs[i].waits || tap_between(0, 2))
				continue;
			if (nvmq_submit_rq(&hctx, &bd) == BLK_STS_OK)
				jobs[i].waits = false;
		}
		nvmq_submit_commit(&hctx);
		return;
	}
	for (i = 0; i < TAGS; i++)
		if (jobs[i].waits && tap_between(0, 2)) {
			rqs[i] = NULL;	/* the driver enters it, as on old kernels */
			rq_list_add_tail(&list, &jobs[i].rq);
			jobs[i].waits = false;
		}
	nvmq_submit_rqs(&list);
	while (list.head)
		job_of(rq_list_pop(&list))->waits = true;
	for (i = 0; i < TAGS; i++) {
		if (jobs[i].rq.state != MQ_RQ_IDLE)
			EXPECT(rqs[i] == &jobs[i].rq);
		rqs[i] = &jobs[i].rq;
	}
}

static void drain(void)
{
	struct io_comp_batch iob = {};
	struct request *rq;

	/* a poller, somebody who looks, and the interrupt */
	if (tap_between(0, 1)) {
		bool some = nvmq_cq_peek(&queue.cq), claimed = tap_between(0, 1);
		unsigned int found;

		/* a poller's batch may be claimed; what is in it is the caller's to end */
		if (claimed)
			iob.complete = blk_mq_end_request_batch;
		found = (tap_between(0, 1) ? nvmq_complete_poll : nvmq_complete_drain)
			(&queue, tap_between(0, 3) ? &iob : NULL);
		EXPECT_EQ(!found, !some);
		EXPECT(rq_list_empty(&iob.req_list) || iob.complete);
		if (iob.complete)
			iob.complete(&iob);
	} else {
		bool some = nvmq_cq_peek(&queue.cq);

		EXPECT_EQ(nvmq_complete_irq(1, &queue), some ? IRQ_HANDLED : IRQ_NONE);
		EXPECT(rq_list_empty(&queue.cq.batch.req_list));
	}
	EXPECT_EQ(cq_db, queue.cq.head);
	while (tap_between(0, 4) && (rq = rq_list_pop(&shim_remote)))
		shim_complete(rq);
}

/* The controller forgets all; what was in flight is taken back. */
static void reset(u16 status)
{
	unsigned int i;

	queue.sq.gate = NVMQ_GATE_WAIT;
	for (i = 0; i < TAGS; i++) {
		struct blk_mq_queue_data bd = { &jobs[i].rq, true };

		if (jobs[i].waits)
			EXPECT_EQ(nvmq_submit_rq(&hctx, &bd), BLK_STS_RESOURCE);
	}
	drain();
	for (i = 0; i < TAGS; i++) {
		struct job *job = &jobs[i];

		/* busy_tag_iter shows what is started */
		if (job->rq.state != MQ_RQ_IN_FLIGHT)
			continue;
		job->to_abort = tap_between(0, 1);
		if (job->to_abort)
			job->priv.flags |= NVMQ_RF_ABORTED;
		job->answer = status;
		job->answered = true;
		job->out = false;
		EXPECT(nvmq_complete_reclaimed(&job->rq, status));
	}
	EXPECT_EQ(queue.sq.tail, queue.sq.rung);
	restart();
	queue.sq.gate = NVMQ_GATE_OPEN;
}

static void fuzz_round(void)
{
	unsigned int step, i;

	setup(tap_between(0, 1) ? 9 : 12);
	for (step = 0; step < 100; step++) {
		for (i = 0; i < TAGS; i++)
			if (jobs[i].done && jobs[i].rq.state == MQ_RQ_IDLE && !tap_between(0, 3))
				fresh(&jobs[i]);
		if (!tap_between(0, 20))
			shim_fail_map = tap_between(1, 30);
		if (!tap_between(0, 20))
			shim_fail_alloc = tap_between(1, 5);
		submit();
		fetch();
		for (i = 0; i < TAGS; i++) {
			struct job *job = &jobs[tap_between(0, TAGS - 1)];

			if (job->out && tap_between(0, 1))
				answer(job, random_status());
			if (!tap_between(0, 9))
				lie();
		}
		if (tap_between(0, 3))
			drain();
		if (!tap_between(0, 99))
			reset(NVMQ_SC_RECLAIMED);
		if (tap_failures)
			break;
	}
	/* to the end: everything that was started ends */
	shim_fail_map = shim_fail_alloc = 0;
	nvmq_max_retries = 0;
	for (i = 0; i < TAGS; i++)
		if (jobs[i].rq.state == MQ_RQ_IDLE && jobs[i].waits)
			jobs[i].done = true;
	while (!rq_list_empty(&shim_remote) || queue.cq.head != cq_tail)
		drain();
	reset(NVMQ_SC_DEAD);
	while (!rq_list_empty(&shim_remote))
		drain();
	nvmq_max_retries = 3;
	/* what an earlier reset reclaimed may only now have come back, to wait for another try */
	for (i = 0; i < TAGS; i++)
		EXPECT((jobs[i].done || jobs[i].waits) && jobs[i].rq.state == MQ_RQ_IDLE);
	teardown();
}

TEST(fuzz, "a controller that lies: each request ends once, with its own status, nothing leaks")
{
	tap_fuzz(fuzz_round);
	EXPECT(ended > 100);
}

static struct job *one(enum req_op op)
{
	setup(9);
	do
		fresh(&jobs[3]);
	while (req_op(&jobs[3].rq) != op || jobs[3].rq.cmd_flags & REQ_FAILFAST_DEV);
	return &jobs[3];
}

static blk_status_t send(struct job *job)
{
	struct blk_mq_queue_data bd = { &job->rq, true };
	blk_status_t ret = nvmq_submit_rq(&hctx, &bd);

	if (!ret) {
		job->waits = false;
		fetch();
	}
	return ret;
}

/* Remote completions, too. */
static void drain_all(void)
{
	while (!rq_list_empty(&shim_remote) || queue.cq.head != cq_tail)
		drain();
}

TEST(twice, "the second completion of a command is counted, and nobody gets it")
{
	struct job *job = one(REQ_OP_READ);
	u16 late;

	REQUIRE(!send(job));
	answer(job, 0);
	post(job->cid, NVM_SC_READ_ERROR);
	lies = 1;
	drain_all();
	EXPECT(job->done);
	EXPECT_EQ(job->status, BLK_STS_OK);
	/* also when the tag is in use again */
	do
		fresh(job);
	while (req_op(&job->rq) != REQ_OP_READ);
	late = job->cid;
	REQUIRE(!send(job));
	EXPECT(job->cid != late);
	post(late, NVM_SC_READ_ERROR);
	lies = 2;
	drain_all();
	EXPECT(!job->done);
	answer(job, 0);
	drain_all();
	teardown();
}

TEST(pretender, "a controller that says that the host gave up is not tried for ever")
{
	struct job *job = one(REQ_OP_READ);
	unsigned int i;

	for (i = 0; i <= nvmq_max_retries; i++) {
		REQUIRE(!job->done && !send(job));
		answer(job, NVM_SC_HOST_ABORTED_CMD);
		drain_all();
	}
	EXPECT(job->done);
	teardown();
}

TEST(late, "an answer from before a reset does not reach the same command sent again")
{
	struct job *job = one(REQ_OP_WRITE);
	u16 late;

	REQUIRE(!send(job));
	late = job->cid;
	reset(NVMQ_SC_RECLAIMED);
	drain_all();
	EXPECT(job->waits && !job->done);
	REQUIRE(!send(job));
	post(late, 0);
	lies = 1;
	drain_all();
	EXPECT(!job->done);
	answer(job, 0);
	drain_all();
	EXPECT(job->done);
	teardown();
}

TEST(retries, "an error is tried again max_retries times, DNR at once gives up")
{
	struct job *job = one(REQ_OP_READ);
	unsigned int n;

	for (n = 0; n <= 3; n++) {
		EXPECT(job->waits);
		REQUIRE(!send(job));
		shim_delay = 77;
		answer(job, NVM_SC_READ_ERROR | n << NVM_STATUS_CRD_SHIFT);
		drain_all();
		if (n < 3)
			EXPECT_EQ(shim_delay, n == 0 ? 0 : n == 1 ? 100 : 2000);
		EXPECT_EQ(job->done, n == 3);
	}
	EXPECT_EQ(job->status, BLK_STS_MEDIUM);
	teardown();

	job = one(REQ_OP_WRITE);
	REQUIRE(!send(job));
	answer(job, NVM_SC_WRITE_FAULT | NVM_STATUS_DNR);
	drain_all();
	EXPECT(job->done);
	EXPECT_EQ(job->tries, 0);
	teardown();
}

TEST(gate, "a gate that waits sends requests back, a dead one fails them; an idle one wakes the watch")
{
	struct job *job = one(REQ_OP_WRITE);
	struct job *user;

	queue.sq.gate = NVMQ_GATE_WAIT;
	EXPECT_EQ(send(job), BLK_STS_RESOURCE);
	queue.sq.gate = NVMQ_GATE_DEAD;
	EXPECT_EQ(send(job), BLK_STS_IOERR);
	EXPECT_EQ(job->rq.state, MQ_RQ_IDLE);
	EXPECT_EQ(shim_nr_regions, 0);
	EXPECT_EQ(queue.sq.submitted, 0);
	teardown();

	job = one(REQ_OP_WRITE);
	queue.sq.gate = NVMQ_GATE_IDLE;
	wakes = 0;
	REQUIRE(!send(job));
	EXPECT_EQ(queue.sq.gate, NVMQ_GATE_OPEN);
	EXPECT_EQ(wakes, 1);
	answer(job, 0);
	drain_all();
	teardown();

	user = one(REQ_OP_DRV_IN);
	queue.sq.gate = NVMQ_GATE_INTERNAL;
	EXPECT_EQ(send(user), BLK_STS_RESOURCE);
	EXPECT_EQ(shim_nr_regions, 0);
	user->priv.flags = 0;
	REQUIRE(!send(user));
	answer(user, 0);
	drain_all();
	EXPECT(user->done);
	teardown();
}

TEST(aen, "an asynchronous event is taken once for each request, on the admin queue alone")
{
	setup(9);
	shim_works = 0;
	post(NVMQ_AEN_CID, 0);
	drain_all();
	EXPECT_EQ(queue.cq.foreign, 1);

	queue.qid = 0;
	ctrl.flags = BIT(NVMQ_CF_AEN_BUSY);
	post(NVMQ_AEN_CID, 0);
	post(NVMQ_AEN_CID, 0);
	drain_all();
	EXPECT_EQ(shim_works, 1);
	EXPECT_EQ(queue.cq.foreign, 2);
	/* refused: nobody asks again */
	ctrl.flags = BIT(NVMQ_CF_AEN_BUSY);
	post(NVMQ_AEN_CID, NVM_SC_ASYNC_LIMIT);
	drain_all();
	EXPECT_EQ(shim_works, 1);
	EXPECT_EQ(queue.cq.foreign, 2);
	lies = 2;
	teardown();
}

TEST(doorbells, "a plugged list costs one doorbell, a drained batch one more")
{
	struct rq_list list = {};
	unsigned long before;
	unsigned int i;

	setup(12);
	for (i = 0; i < TAGS; i++) {
		do
			fresh(&jobs[i]);
		while (req_op(&jobs[i].rq) != REQ_OP_READ);
		jobs[i].waits = false;
		rq_list_add_tail(&list, &jobs[i].rq);
	}
	before = shim_writes;
	nvmq_submit_rqs(&list);
	EXPECT_EQ(shim_writes, before + 1);
	EXPECT(rq_list_empty(&list));
	fetch();
	for (i = 0; i < TAGS; i++) {
		answer(&jobs[i], 0);
	}
	before = shim_writes;
	drain_all();
	EXPECT_EQ(shim_writes, before + 1);
	EXPECT_EQ(ended, TAGS);
	EXPECT_EQ(queue.sq.doorbells, 1);
	EXPECT_EQ(queue.cq.doorbells, 1);
	teardown();
}

TEST(last, "single requests ring when they are the last for now, or at commit")
{
	struct job *job = one(REQ_OP_READ);
	struct blk_mq_queue_data bd = { &job->rq, false };
	unsigned long before = shim_writes;

	REQUIRE(!nvmq_submit_rq(&hctx, &bd));
	EXPECT_EQ(shim_writes, before);
	nvmq_submit_commit(&hctx);
	EXPECT_EQ(shim_writes, before + 1);
	nvmq_submit_commit(&hctx);
	EXPECT_EQ(shim_writes, before + 1);
	fetch();
	answer(job, 0);
	drain_all();
	EXPECT(job->done);
	teardown();
}

TEST(held, "a discard that waits elsewhere is rung for those before it, if it is the last")
{
	struct job *job = one(REQ_OP_READ);
	struct blk_mq_queue_data first = { &job->rq, false };
	struct blk_mq_queue_data last = { &jobs[5].rq, true };
	unsigned long before = shim_writes;

	do
		fresh(&jobs[5]);
	while (req_op(&jobs[5].rq) != REQ_OP_DISCARD);
	hold = true;
	REQUIRE(!nvmq_submit_rq(&hctx, &first));
	EXPECT_EQ(shim_writes, before);
	EXPECT_EQ(nvmq_submit_rq(&hctx, &last), BLK_STS_OK);
	EXPECT_EQ(shim_writes, before + 1);
	EXPECT_EQ(queue.sq.submitted, 1);
	EXPECT_EQ(jobs[5].rq.state, MQ_RQ_IDLE);
	hold = false;
	jobs[5].waits = false;
	fetch();
	answer(job, 0);
	drain_all();
	EXPECT(job->done);
	teardown();
}

/* What is behind the command in an entry of 128 bytes. */
static bool rest_is_zero(u16 at)
{
	const u8 *rest = (const u8 *)queue.sq.ring + at * 128 + 64;
	unsigned int i;

	for (i = 0; i < 64 && !rest[i]; i++)
		;
	return i == 64;
}

TEST(odd, "entries of 128 bytes, more than once around the ring; ids that are tags alone, or not")
{
	unsigned int i;

	setup(9);
	queue.sqe_shift = NVMQ_SQE_SHIFT_MAX;
	for (i = 0; i < 3 * depth; i++) {
		struct job *job = &jobs[i % TAGS];
		struct blk_mq_queue_data bd = { &job->rq, true };
		u16 at = queue.sq.tail, gen = job->priv.gen;

		do
			fresh(job);
		while (req_op(&job->rq) != REQ_OP_FLUSH && req_op(&job->rq) != REQ_OP_WRITE_ZEROES);
		ctrl.quirks = i & 1 ? NVMQ_QUIRK_SKIP_CID_GEN : 0;
		REQUIRE(!nvmq_submit_odd_rq(&hctx, &bd));
		job->waits = false;
		fetch();
		EXPECT_EQ(job->cid, i & 1 ? job->rq.tag : (job->rq.tag | gen));
		EXPECT(rest_is_zero(at));
		answer(job, 0);
		drain_all();
		EXPECT(job->done);
		EXPECT_EQ(job->priv.gen, (u16)(gen + NVMQ_CID_STEP));
	}
	EXPECT_EQ(ended, i);
	teardown();
}
