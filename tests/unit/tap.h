/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A test program is one file of TEST()s that includes this header. It prints TAP; run counts.
 *
 *	TEST(wraps, "an index wraps at the ring's end")
 *	{
 *		EXPECT_EQ(nvmq_ring_next(7, 8), 0);
 *	}
 *
 * A test goes on after a failed expectation, but says only the first few.
 */
#ifndef NVMQ_TAP_H
#define NVMQ_TAP_H

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct tap_test {
	const char *about;
	void (*run)(void);
	struct tap_test *next;
};

static struct tap_test *tap_first, **tap_last = &tap_first;
static unsigned int tap_failures;
static const char *tap_skipped;
static jmp_buf tap_out;

static inline void tap_add(struct tap_test *test)
{
	*tap_last = test;
	tap_last = &test->next;
}

#define TEST(name, text)						\
static void tap_run_##name(void);					\
static struct tap_test tap_test_##name = { .about = text, .run = tap_run_##name }; \
static void __attribute__((constructor)) tap_add_##name(void)		\
{									\
	tap_add(&tap_test_##name);					\
}									\
static void tap_run_##name(void)

#define TAP_FAIL(...) do {						\
	if (tap_failures++ < 5) {					\
		printf("# %s:%d: ", __FILE__, __LINE__);		\
		printf(__VA_ARGS__);					\
		printf("\n");						\
	}								\
} while (0)

#define EXPECT(cond) do {						\
	if (!(cond))							\
		TAP_FAIL("not so: %s", #cond);				\
} while (0)

#define EXPECT_EQ(a, b) do {						\
	unsigned long long tap_a = (unsigned long long)(a);		\
	unsigned long long tap_b = (unsigned long long)(b);		\
	if (tap_a != tap_b)						\
		TAP_FAIL("%s is %#llx, expected %s, %#llx", #a, tap_a, #b, tap_b); \
} while (0)

#define EXPECT_STR(a, b) do {						\
	const char *tap_a = (a), *tap_b = (b);				\
	if (strcmp(tap_a, tap_b))					\
		TAP_FAIL("%s is \"%s\", expected \"%s\"", #a, tap_a, tap_b); \
} while (0)

/* Ends the test. */
#define REQUIRE(cond) do {						\
	if (!(cond)) {							\
		TAP_FAIL("not so: %s", #cond);				\
		longjmp(tap_out, 1);					\
	}								\
} while (0)

#define SKIP(why) do {							\
	tap_skipped = (why);						\
	longjmp(tap_out, 1);						\
} while (0)

/* xorshift64*: the same seed, the same run. */
static uint64_t tap_seed = 1;

static inline uint64_t tap_random(void)
{
	tap_seed ^= tap_seed >> 12;
	tap_seed ^= tap_seed << 25;
	tap_seed ^= tap_seed >> 27;
	return tap_seed * 0x2545f4914f6cdd1dULL;
}

/* A number from @lo to @hi. */
static inline uint64_t tap_between(uint64_t lo, uint64_t hi)
{
	return lo + tap_random() % (hi - lo + 1);
}

static inline uint64_t tap_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

static uint64_t tap_round_seed;

static inline void tap_say_seed(void)
{
	printf("# FUZZ_SEED=%#llx FUZZ_MS=0 repeats this\n", (unsigned long long)tap_round_seed);
}

/* A round may end in an assertion or in the sanitizer's hands. */
void __sanitizer_set_death_callback(void (*callback)(void));

static inline void tap_abort(int sig)
{
	tap_say_seed();
	signal(sig, SIG_DFL);
	raise(sig);
}

/*
 * Runs @round with fresh seeds for FUZZ_MS milliseconds (500) or until one fails. FUZZ_SEED starts
 * elsewhere: the seed that a failure prints, and FUZZ_MS=0, repeat that round alone.
 */
static inline void tap_fuzz(void (*round)(void))
{
	const char *ms = getenv("FUZZ_MS"), *first = getenv("FUZZ_SEED");
	uint64_t seed = first ? strtoull(first, NULL, 0) : (uint64_t)time(NULL) << 20;
	uint64_t end = tap_ms() + (ms ? strtoull(ms, NULL, 0) : 500);
	unsigned long rounds = 0;

	signal(SIGABRT, tap_abort);
	__sanitizer_set_death_callback(tap_say_seed);
	do {
		tap_round_seed = seed;
		tap_seed = seed * 0x9e3779b97f4a7c15ULL | 1;
		round();
		rounds++;
		if (tap_failures) {
			tap_say_seed();
			return;
		}
		seed++;
	} while (tap_ms() < end);
	printf("# %lu rounds\n", rounds);
}

int main(void)
{
	static unsigned int n, failed; /* outlive longjmp() */
	static struct tap_test *test;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (test = tap_first; test; test = test->next) {
		tap_failures = 0;
		tap_skipped = NULL;
		tap_seed = 1;
		if (!setjmp(tap_out))
			test->run();
		failed += !!tap_failures;
		printf("%sok %u - %s%s%s\n", tap_failures ? "not " : "", ++n, test->about,
		       tap_skipped ? " # SKIP " : "", tap_skipped ? tap_skipped : "");
	}
	printf("1..%u\n", n);
	return !!failed;
}

#endif
