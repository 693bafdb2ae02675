// SPDX-License-Identifier: GPL-2.0
/*
 * bell.c as the module compiles it, in all interleavings of two submitters, the completer, the
 * timer, a controller, and one who stops it.
 *
 * A step is one access to memory that is shared. Stores wait in a buffer of their CPU until they are
 * flushed, at any time and in order (x86's TSO); fences and atomic operations wait for that. To
 * take a step of an actor its function is run again from the beginning, with the answers that it got
 * before (so bell.c accesses what is shared by READ_ONCE() and WRITE_ONCE() alone), until it has
 * made one access more. States that were seen before are not followed again.
 *
 * Seen red: without the fence in submitted(), in completed(); armed cleared after the look at
 * posted; the wishes subtracted before the doorbell; the doorbell written before the entries; stop
 * that does not wait for who rings.
 */
#include "tap.h"
#include <nvmq.h>

#define DEPTH 5
#define LOG 64
#define STORES 8

enum { FIRST, SECOND, COMPLETER, TIMER, STOPPER, NR_ACTORS };

struct store {
	void *at;
	u64 value;
	u8 size;
};

/* One who runs; what it learnt so far in this call; its store buffer. */
struct actor {
	u32 log[LOG];
	u8 steps;
	u8 calls;
	u8 nr_stores;
	struct store stores[STORES];
};

static struct world {
	struct nvmq_queue q;
	struct actor actors[NR_ACTORS];
	u32 db;
	u8 entry[DEPTH];
	u8 lock;
	u8 pushed;
	u8 told;
	u8 answered;
	u8 waiting;
	bool timer;
	bool stopped;
} w;

static struct actor *me;
static unsigned int replay, variant, who;
static bool acted, forked;
static jmp_buf pause_here;

enum { PAUSED = 1, BLOCKED };

/* Is this the access of this step? If not, *answer is what it was before. */
static bool turn(u64 *answer)
{
	if (replay < me->steps) {
		*answer = me->log[replay++];
		return false;
	}
	if (acted)
		longjmp(pause_here, PAUSED);
	return true;
}

static u64 took(u64 answer)
{
	REQUIRE(me->steps < LOG);
	me->log[me->steps++] = answer;
	replay++;
	acted = true;
	return answer;
}

static void wait_for(bool condition)
{
	if (!condition)
		longjmp(pause_here, BLOCKED);
}

static void put(void *at, u64 value, unsigned int size)
{
	memcpy(at, &value, size);
}

static u64 get(const void *at, unsigned int size)
{
	u64 value = 0;

	memcpy(&value, at, size);
	return value;
}

/*
 * What only says how wise it is to leave something: it stays as it is at the beginning, which is to
 * leave all, so that there are fewer states and more that matter.
 */
static bool is_wisdom(const void *at)
{
	const struct nvmq_bell *b = &w.q.bell;

	return at == &b->usual16 || at == &b->trusted || at == &b->distrust || at == &b->last ||
	       at == &b->since || at == &b->since_told || at == &b->moved ||
	       at == &w.q.calm.timed;
}

static u64 model_load(const void *at, unsigned int size)
{
	unsigned int i;
	u64 answer;

	if (is_wisdom(at))
		return get(at, size);
	if (!turn(&answer))
		return answer;
	for (i = me->nr_stores; i--;)
		if (me->stores[i].at == at)
			return took(me->stores[i].value);
	return took(get(at, size));
}

static void model_store(void *at, u64 value, unsigned int size)
{
	u64 none;

	if (is_wisdom(at) || !turn(&none))
		return;
	REQUIRE(me->nr_stores < STORES);
	me->stores[me->nr_stores++] = (struct store){ at, value, size };
	took(0);
}

/* Begins an atomic operation: true if it is to be done now. */
static bool model_atomic(u64 *answer)
{
	if (!turn(answer))
		return false;
	wait_for(!me->nr_stores);
	return true;
}

static void model_fence(void)
{
	u64 none;

	if (model_atomic(&none))
		took(0);
}

static int model_add(atomic_t *v, int n)
{
	u64 answer;

	return model_atomic(&answer) ? took(v->counter += n) : answer;
}

static int model_xchg(atomic_t *v, int n)
{
	u64 answer;
	int old;

	if (!model_atomic(&answer))
		return answer;
	old = v->counter;
	v->counter = n;
	return took(old);
}

static int model_cmpxchg(atomic_t *v, int old, int n)
{
	u64 answer;

	if (!model_atomic(&answer))
		return answer;
	/* who spins is not followed while nothing changes */
	wait_for(v->counter == old);
	v->counter = n;
	return took(old);
}

/* Time: the timer finds that all is quiet, or that something moved a moment ago. */
static u64 model_clock(void)
{
	u64 answer;

	if (who != TIMER)
		return 0;
	if (!turn(&answer))
		return answer;
	forked = true;
	return took(variant ? 1000000 : 0);
}

static void model_timer(bool on)
{
	u64 none;

	if (!turn(&none))
		return;
	w.timer = on;
	took(0);
}

static void model_cancel(void)
{
	u64 none;

	if (!turn(&none))
		return;
	wait_for(!w.actors[TIMER].steps);
	w.timer = false;
	took(0);
}

/* The controller hears the doorbell: it moves forward, over entries that are there. */
static void model_doorbell(u32 tail)
{
	u64 none;

	if (!turn(&none))
		return;
	/* writel() orders the stores before it */
	wait_for(!me->nr_stores);
	EXPECT(!w.stopped);
	EXPECT(tail < DEPTH);
	for (; w.db != tail; w.db = (w.db + 1) % DEPTH) {
		w.told++;
		REQUIRE(w.told <= w.pushed);
		EXPECT(w.entry[w.db]);
	}
	took(0);
}

#undef READ_ONCE
#undef WRITE_ONCE
#undef smp_mb
#undef smp_store_release
#undef smp_load_acquire
#undef atomic_read
#undef atomic_inc_return
#undef atomic_sub_return
#undef atomic_xchg
#undef atomic_cmpxchg
#undef ktime_get_ns
#undef hrtimer_start
#undef hrtimer_cancel
#define READ_ONCE(x) ((__typeof__(x))model_load(&(x), sizeof(x)))
#define WRITE_ONCE(x, v) model_store(&(x), (__typeof__(x))(v), sizeof(x))
#define smp_mb() model_fence()
#define smp_store_release(p, v) WRITE_ONCE(*(p), v)
#define smp_load_acquire(p) READ_ONCE(*(p))
#define atomic_read(v) READ_ONCE((v)->counter)
#define atomic_inc_return(v) model_add(v, 1)
#define atomic_sub_return(n, v) model_add(v, -(n))
#define atomic_xchg(v, n) model_xchg(v, n)
#define atomic_cmpxchg(v, old, n) model_cmpxchg(v, old, n)
#define ktime_get_ns() model_clock()
#define hrtimer_start(timer, at, mode) model_timer(true)
#define hrtimer_cancel(timer) model_cancel()
#define writel(value, db) model_doorbell(value)

#include <bell.c>

/* ---- actors: one call each ----------------------------------------------------------------- */

static void lock(void)
{
	u64 none;

	if (!model_atomic(&none))
		return;
	wait_for(!w.lock);
	w.lock = 1;
	took(0);
}

static void push(void)
{
	u64 none;

	if (!turn(&none))
		return;
	me->stores[me->nr_stores++] = (struct store){ &w.entry[w.q.sq.tail], 1, 1 };
	nvmq_sq_push(&w.q.sq);
	w.pushed++;
	took(0);
}

static void submit(void)
{
	lock();
	push();
	nvmq_sq_ring(&w.q.sq);
	WRITE_ONCE(w.lock, 0);
}

static void complete(void)
{
	u64 found;

	if (turn(&found)) {
		found = took(w.waiting);
		w.waiting = 0;
	}
	nvmq_bell_look(&w.q.sq, found);
}

static void expire(void)
{
	model_timer(false);
	if (nvmq_bell_expired(&w.q.bell.timer) == HRTIMER_RESTART)
		model_timer(true);
}

static void stop(void)
{
	u64 none;

	nvmq_bell_stop(&w.q);
	if (turn(&none)) {
		w.stopped = true;
		took(0);
	}
}

static void (*const calls[])(void) = { submit, submit, complete, expire, stop };

/* Is there anything to be called for? */
static bool called(unsigned int actor)
{
	const struct actor *a = &w.actors[actor];

	switch (actor) {
	case COMPLETER:
		return w.waiting;
	case TIMER:
		return w.timer;
	case STOPPER:
		/* submitters are quiesced first */
		return a->calls && !w.actors[FIRST].calls && !w.actors[SECOND].calls &&
		       !w.actors[FIRST].nr_stores && !w.actors[SECOND].nr_stores;
	default:
		return a->calls;
	}
}

/* ---- all interleavings ---------------------------------------------------------------------- */

#define SEEN_BITS 23

static u64 *seen;
static unsigned long nr_seen, nr_rests, nr_left, nr_rescued;

static bool is_new(void)
{
	u64 h = 0xcbf29ce484222325ULL, i;
	const u64 *p = (const u64 *)&w;

	for (i = 0; i < sizeof(w) / sizeof(*p); i++) {
		h = (h ^ p[i]) * 0x9e3779b97f4a7c15ULL;
		h ^= h >> 29;
	}
	h |= !h;
	for (i = h >> (64 - SEEN_BITS); seen[i]; i = (i + 1) % (1UL << SEEN_BITS))
		if (seen[i] == h)
			return false;
	REQUIRE(++nr_seen < 1UL << (SEEN_BITS - 1));
	seen[i] = h;
	return true;
}

/* Nobody is under way: what must be true then. */
static void check_rest(void)
{
	struct nvmq_bell *b = &w.q.bell;
	unsigned int i;

	for (i = 0; i < NR_ACTORS; i++)
		if (w.actors[i].steps || w.actors[i].nr_stores)
			return;
	nr_rests++;
	EXPECT_EQ(b->told, w.told);
	if (w.stopped)
		return;
	EXPECT_EQ(b->want.counter, 0);
	EXPECT_EQ(b->posted, w.pushed);
	if (b->posted == b->told)
		return;
	nr_left++;
	/* something was left: the guard stands, and a completion will come */
	EXPECT(w.timer);
	EXPECT(b->armed.counter);
	EXPECT(w.told > w.answered || w.waiting);
}

static void explore(void);

/* One step of an actor from @before, which is restored. */
static void take_step(unsigned int actor, const struct world *before)
{
	for (variant = 0; variant < 2; variant++) {
		unsigned int v = variant;
		bool both;
		int out;

		who = actor;
		me = &w.actors[actor];
		replay = 0;
		acted = forked = false;
		out = setjmp(pause_here);
		if (!out) {
			calls[actor]();
			memset(me->log, 0, sizeof(me->log));
			me->steps = 0;
			if (me->calls)
				me->calls--;
		}
		both = forked;
		if (out != BLOCKED) {
			/* counters make no difference */
			nr_rescued += w.q.bell.by_timer;
			w.q.bell.left = w.q.bell.by_timer = w.q.bell.by_completion = 0;
			w.q.bell.longest = w.q.sq.doorbells = 0;
			explore();
		} else {
			/* the interrupt and the timer wait for nobody but their own stores */
			EXPECT((actor != COMPLETER && actor != TIMER) || me->nr_stores);
		}
		memcpy(&w, before, sizeof(w));
		variant = v;
		if (!both)
			break;
	}
}

static void explore(void)
{
	struct world before;
	unsigned int i;

	check_rest();
	if (tap_failures || !is_new())
		return;
	memcpy(&before, &w, sizeof(w));
	for (i = 0; i < NR_ACTORS; i++) {
		struct actor *a = &w.actors[i];

		if (a->nr_stores) {
			put(a->stores[0].at, a->stores[0].value, a->stores[0].size);
			memmove(a->stores, a->stores + 1, --a->nr_stores * sizeof(*a->stores));
			memset(&a->stores[a->nr_stores], 0, sizeof(*a->stores));
			explore();
			memcpy(&w, &before, sizeof(w));
		}
		if (a->steps || called(i))
			take_step(i, &before);
	}
	if (w.answered < w.told) {
		w.answered++;
		w.waiting++;
		explore();
		memcpy(&w, &before, sizeof(w));
	}
}

static void run(unsigned int first, unsigned int second, bool stopper)
{
	struct nvmq_bell *b = &w.q.bell;

	memset(&w, 0, sizeof(w));
	w.q.sq.depth = DEPTH;
	w.q.sq.bell = b;
	w.q.cq.bell = b;
	b->lazy = true;
	/* so that few commands are a small part of what is usual */
	b->usual16 = 16 * 64;
	b->since_told = -1;
	b->distrust = NVMQ_BELL_DISTRUST;
	w.actors[FIRST].calls = first;
	w.actors[SECOND].calls = second;
	w.actors[STOPPER].calls = stopper;
	nr_seen = nr_rests = nr_left = nr_rescued = 0;
	seen = calloc(1UL << SEEN_BITS, sizeof(*seen));
	explore();
	free(seen);
	printf("# %lu states, %lu at rest, %lu with something left; the timer rang in %lu\n",
	       nr_seen, nr_rests, nr_left, nr_rescued);
	EXPECT(nr_rests && (first + second < 2 || (nr_left && nr_rescued)));
}

TEST(alone, "one who submits three times: nothing is left without a guard and a completion to come")
{
	run(3, 0, false);
}

TEST(two, "two submitters on one queue")
{
	run(1, 1, false);
}

TEST(two_more, "two submitters, one of them twice")
{
	run(2, 1, false);
}

TEST(stopped, "no doorbell after the end of stop")
{
	run(2, 0, true);
}
