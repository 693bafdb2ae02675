// SPDX-License-Identifier: GPL-2.0
/*
 * Ring indices, shadow doorbells, command ids, and the verbs of queue.h on a model of a controller.
 *
 * Seen red: need_event with < turned into <=; the phase not flipped at the wrap; the wrap one
 * entry late; the generation compared in 3 bits; as many completions kept as the ring has.
 */
#include <nvme/cmd.h>

#include "tap.h"
#include "queue.h"

#include <bell.c>

TEST(next, "an index goes through the whole ring and wraps, at every depth")
{
	unsigned int depth, i;

	for (depth = 2; depth <= 4096; depth++) {
		u16 at = 0;

		for (i = 0; i < depth; i++) {
			EXPECT_EQ(at, i);
			at = nvmq_ring_next(at, depth);
		}
		EXPECT_EQ(at, 0);
	}
	/* the largest ring that the specification allows: 65536 entries */
	EXPECT_EQ(nvmq_ring_next(65535, 0), 0);
}

/* The controller wants to hear when the doorbell moves past @event: is it on the way? */
static bool passed(unsigned int event, unsigned int now, unsigned int old, unsigned int depth)
{
	unsigned int at;

	for (at = old; at != now; at = (at + 1) % depth)
		if (at == event)
			return true;
	return false;
}

TEST(need_event, "a shadow doorbell rings exactly when it passes the event index, also at the wrap")
{
	static const unsigned int depths[] = { 2, 3, 7, 16, 31, 64 };
	unsigned int d, event, now, old;

	for (d = 0; d < ARRAY_SIZE(depths); d++)
		for (old = 0; old < depths[d]; old++)
			for (now = 0; now < depths[d]; now++)
				for (event = 0; event < depths[d]; event++) {
					if (now == old)
						continue;
					EXPECT_EQ(nvmq_ring_need_event(event, now, old),
						  passed(event, now, old, depths[d]));
				}
}

TEST(need_event_large, "the same for large rings, at random")
{
	unsigned int i;

	for (i = 0; i < 20000; i++) {
		unsigned int depth = tap_between(2, 4096);
		unsigned int old = tap_between(0, depth - 1), now = tap_between(0, depth - 1);
		unsigned int event = tap_between(0, depth - 1);

		if (now != old)
			EXPECT_EQ(nvmq_ring_need_event(event, now, old),
				  passed(event, now, old, depth));
	}
}

TEST(cid, "a command id gives back its tag, differs from sixteen generations, and is never none")
{
	unsigned int tag, n;

	for (tag = 0; tag < 4095; tag += 37) {
		bool seen[16] = {};
		u16 gen = 0;

		for (n = 0; n < 16; n++, gen += NVMQ_CID_STEP) {
			u16 cid = nvmq_cid(tag, gen);

			EXPECT_EQ(nvmq_cid_tag(cid), tag);
			EXPECT(cid != NVMQ_CID_NONE);
			EXPECT(!seen[cid >> 12]);
			seen[cid >> 12] = true;
		}
		EXPECT_EQ(gen, 0);
	}
	EXPECT(nvmq_cid(4094, 15 * NVMQ_CID_STEP) != NVMQ_CID_NONE);
}

/*
 * A controller that keeps the rules of the specification: it takes commands up to the tail it was
 * told, posts completions with its phase, and honours the CQ head. With shadow doorbells it sleeps
 * when it has nothing to do or no room to post, leaves an event index, and wakes by a real doorbell
 * only: a ring that is saved wrongly leaves it asleep for ever.
 */
struct model {
	struct nvmq_queue q;
	u32 sq_db, cq_db;
	__le32 sq_shadow, sq_event, cq_shadow, cq_event;
	unsigned int sq_head, cq_tail, phase;
	bool asleep;
	u16 next_cid, awaited;
	unsigned long taken;
};

/* The completion queue is shorter, so that the controller has to wait for room in it. */
static void model_init(struct model *m, unsigned int depth, bool shadow)
{
	unsigned int cq_depth = depth / 2 + 2;

	memset(m, 0, sizeof(*m));
	m->q.sq.depth = depth;
	m->q.cq.depth = cq_depth;
	m->q.sq.ring = calloc(depth, sizeof(*m->q.sq.ring));
	m->q.cq.ring = calloc(cq_depth, sizeof(*m->q.cq.ring));
	m->q.sq.db = &m->sq_db;
	m->q.cq.db = &m->cq_db;
	if (shadow) {
		m->q.sq.shadow = &m->sq_shadow;
		m->q.sq.event = &m->sq_event;
		m->q.cq.shadow = &m->cq_shadow;
		m->q.cq.event = &m->cq_event;
	}
	m->q.cq.phase = NVM_CQE_PHASE;
	m->phase = NVM_CQE_PHASE;
}

static void model_exit(struct model *m)
{
	free(m->q.sq.ring);
	free(m->q.cq.ring);
}

static unsigned int model_tail(struct model *m)
{
	return m->q.sq.shadow ? le32_to_cpu(m->sq_shadow) : m->sq_db;
}

static unsigned int model_cq_head(struct model *m)
{
	return m->q.cq.shadow ? le32_to_cpu(m->cq_shadow) : m->cq_db;
}

/* Works off up to @most commands. */
static void model_work(struct model *m, unsigned int most)
{
	unsigned int depth = m->q.sq.depth, cq_depth = m->q.cq.depth;

	if (m->asleep)
		return;
	while (m->sq_head != model_tail(m) && most--) {
		struct nvm_sqe *sqe = &m->q.sq.ring[m->sq_head];
		struct nvm_cqe *cqe = &m->q.cq.ring[m->cq_tail];

		if ((m->cq_tail + 1) % cq_depth == model_cq_head(m)) {
			m->cq_event = cpu_to_le32(model_cq_head(m));
			m->asleep = m->q.cq.shadow;
			return;
		}
		EXPECT_EQ(sqe->cid, m->awaited);
		m->awaited++;
		m->taken++;
		m->sq_head = (m->sq_head + 1) % depth;
		cqe->cid = sqe->cid;
		cqe->sq_head = cpu_to_le16(m->sq_head);
		cqe->status = cpu_to_le16(m->phase);
		m->cq_tail = (m->cq_tail + 1) % cq_depth;
		if (!m->cq_tail)
			m->phase ^= NVM_CQE_PHASE;
	}
	if (m->sq_head == model_tail(m)) {
		m->sq_event = cpu_to_le32(m->sq_head);
		m->asleep = m->q.sq.shadow;
	}
}

/* Gives @n entries back, with @late sooner or later. */
static void acknowledge(struct model *m, unsigned int n, bool late)
{
	if (!late)
		nvmq_cq_ring(&m->q.cq);
	else if (n)
		nvmq_bell_completed(&m->q, n);
}

static void drive(unsigned int depth, bool shadow, bool late)
{
	unsigned long sent = 0, done = 0, i;
	struct model m;

	model_init(&m, depth, shadow);
	m.q.bell.keep = m.q.cq.depth / 4;
	for (i = 0; i < 3000; i++) {
		unsigned int batch = tap_between(1, depth - 1), burst, taken = 0;
		unsigned long before = shim_writes;
		struct nvm_cqe *cqe;
		u16 last = done;

		while (batch-- && sent - done < depth - 1) {
			nvmq_sq_slot(&m.q.sq)->cid = m.next_cid++;
			nvmq_sq_push(&m.q.sq);
			sent++;
		}
		nvmq_sq_ring(&m.q.sq);
		if (!shadow)
			EXPECT_EQ(m.sq_db, m.q.sq.tail);
		m.asleep &= shim_writes == before;
		before = shim_writes;
		nvmq_sq_ring(&m.q.sq);
		EXPECT_EQ(shim_writes, before);

		model_work(&m, tap_between(1, depth));
		burst = tap_between(1, depth);
		while (burst-- && (cqe = nvmq_cq_peek(&m.q.cq))) {
			EXPECT_EQ(cqe->cid, last++);
			EXPECT_EQ(nvm_cqe_status(cqe), 0);
			nvmq_cq_advance(&m.q.cq);
			done++;
			taken++;
		}
		before = shim_writes;
		acknowledge(&m, taken, late);
		m.asleep &= shim_writes == before;
		if (!late)
			EXPECT_EQ(model_cq_head(&m), m.q.cq.head);
		REQUIRE(done <= m.taken && m.taken <= sent);
	}
	while (done < sent) {
		unsigned long before = shim_writes;

		model_work(&m, depth);
		REQUIRE(nvmq_cq_peek(&m.q.cq));
		nvmq_cq_advance(&m.q.cq);
		acknowledge(&m, 1, late);
		m.asleep &= shim_writes == before;
		done++;
	}
	EXPECT(!nvmq_cq_peek(&m.q.cq));
	EXPECT_EQ(m.q.sq.submitted, sent);
	if (shadow)
		EXPECT(m.q.sq.shadowed > 0 || depth == 2);
	EXPECT(done > 1000);
	model_exit(&m);
}

TEST(verbs, "push, ring, peek and advance against a controller, depths 2 to 1024")
{
	static const unsigned int depths[] = { 2, 3, 5, 8, 31, 32, 100, 1024 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(depths); i++)
		drive(depths[i], false, false);
}

TEST(verbs_shadow, "the same with shadow doorbells: a controller that sleeps is always woken")
{
	static const unsigned int depths[] = { 2, 3, 5, 8, 31, 32, 100, 1024 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(depths); i++)
		drive(depths[i], true, false);
}

TEST(verbs_late, "completions that are given back a quarter of the ring at a time: none is stuck")
{
	static const unsigned int depths[] = { 2, 3, 5, 8, 31, 32, 100, 1024 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(depths); i++) {
		drive(depths[i], false, true);
		drive(depths[i], true, true);
	}
}
