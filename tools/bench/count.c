// SPDX-License-Identifier: GPL-2.0
/*
 * A TCG plugin that counts how often each instruction of the guest's kernel is executed between two
 * marks (marker.h), and each access of a module to device registers.
 *
 * One counter per address, incremented in the translated code itself, so that a count is exact
 * whatever blocks QEMU makes of the code and whatever faults in between. Nothing is known here of
 * symbols: report sums up by function and module.
 *
 * With QEMU 7.2 the counters are shared by all processors: run it with -accel tcg,thread=single.
 * Later ones have counters for each processor: run it with thread=multi, since QEMU 10 and 11, with
 * one thread, multiply the number of the processor in place although it is a constant of the block,
 * and the guest goes wrong.
 *
 * Arguments: out=DIRECTORY. Each window leaves DIRECTORY/window.N, written when it ends:
 *	i ADDRESS KIND COUNT		instructions; KIND: l locked, c indirect call or jump, -
 *	m ADDRESS VIRTUAL r|w COUNT	loads and stores of device registers by a module
 *	t NANOSECONDS			between the marks, of the host's time
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plugin-abi.h"
#include "marker.h"

#define MAX_INSNS (1U << 20)
#define HASH_SIZE (MAX_INSNS * 4)
#define MAX_ACCESSES 256

#define KERNEL_START 0xffffffff80000000ULL
#define MODULES_START 0xffffffffc0000000ULL

struct insn {
	uint64_t vaddr;
	char kind;
};

struct access {
	uint64_t insn;
	uint64_t vaddr;
	bool store;
	uint64_t count;
};

EXPORTED int qemu_plugin_version = API;

static struct insn *insns;
static uint32_t *hash;
static unsigned int nr_insns;
static uint64_t *base;
static struct access accesses[MAX_ACCESSES];
static unsigned int nr_accesses;
static unsigned int window;
static bool is_open;
static struct timespec began;
static unsigned int nr_vcpus;
static char *out;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#if API < 2
static uint64_t *counters;

static void counters_init(void)
{
	counters = calloc(MAX_INSNS, sizeof(*counters));
}

static void count_insn(struct qemu_plugin_insn *insn, unsigned int n)
{
	qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64, &counters[n], 1);
}

static void counters_read(uint64_t *to, unsigned int n)
{
	memcpy(to, counters, n * sizeof(*to));
}
#else
static struct qemu_plugin_scoreboard *score;

static void counters_init(void)
{
	score = qemu_plugin_scoreboard_new(MAX_INSNS * sizeof(uint64_t));
}

static void count_insn(struct qemu_plugin_insn *insn, unsigned int n)
{
	struct qemu_plugin_u64 at = { score, n * sizeof(uint64_t) };

	qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, INLINE_ADD_U64, at, 1);
}

static void counters_read(uint64_t *to, unsigned int n)
{
	unsigned int v, i;

	memset(to, 0, n * sizeof(*to));
	for (v = 0; v < nr_vcpus; v++) {
		const uint64_t *from = qemu_plugin_scoreboard_find(score, v);

		for (i = 0; i < n; i++)
			to[i] += from[i];
	}
}
#endif

/* The first bytes of an instruction. */
static size_t insn_bytes(struct qemu_plugin_insn *insn, uint8_t *to, size_t len)
{
	size_t n = qemu_plugin_insn_size(insn);

	if (n > len)
		n = len;
#if API < 3
	memcpy(to, qemu_plugin_insn_data(insn), n);
	return n;
#else
	return qemu_plugin_insn_data(insn, to, n);
#endif
}

/* Locked: by prefix, or an exchange with memory, which needs none. */
static char kind_of(const uint8_t *b, size_t n)
{
	size_t i = 0;

	for (; i < n; i++) {
		if (b[i] == 0xf0)
			return 'l';
		if (b[i] != 0x66 && b[i] != 0x67 && b[i] != 0xf2 && b[i] != 0xf3 &&
		    b[i] != 0x2e && b[i] != 0x3e && b[i] != 0x64 && b[i] != 0x65 &&
		    (b[i] & 0xf0) != 0x40)
			break;
	}
	if (i + 1 >= n)
		return '-';
	if ((b[i] == 0x86 || b[i] == 0x87) && b[i + 1] < 0xc0)
		return 'l';
	if (b[i] == 0xff && ((b[i + 1] & 0x38) == 0x10 || (b[i + 1] & 0x38) == 0x20))
		return 'c';
	return '-';
}

/* The counter of an address; the same one each time that it is translated. */
static unsigned int find_insn(uint64_t vaddr, const uint8_t *b, size_t n)
{
	uint32_t h = (vaddr * 0x9e3779b97f4a7c15ULL) >> 42;

	for (; hash[h]; h = (h + 1) % HASH_SIZE)
		if (insns[hash[h]].vaddr == vaddr)
			return hash[h];
	if (nr_insns + 1 >= MAX_INSNS) {
		fprintf(stderr, "count: more than %u instructions\n", MAX_INSNS);
		exit(1);
	}
	hash[h] = ++nr_insns;
	insns[nr_insns] = (struct insn){ .vaddr = vaddr, .kind = kind_of(b, n) };
	return nr_insns;
}

static void window_begin(unsigned int vcpu, void *data)
{
	(void)vcpu;
	(void)data;
	pthread_mutex_lock(&lock);
	window++;
	is_open = true;
	nr_accesses = 0;
	memset(base, 0, MAX_INSNS * sizeof(*base));
	counters_read(base, nr_insns + 1);
	clock_gettime(CLOCK_MONOTONIC, &began);
	pthread_mutex_unlock(&lock);
}

static void window_write(FILE *f, const uint64_t *now, const struct timespec *end)
{
	unsigned int i;

	fprintf(f, "t %lld\n", (end->tv_sec - began.tv_sec) * 1000000000LL +
		end->tv_nsec - began.tv_nsec);
	for (i = 1; i <= nr_insns; i++)
		if (now[i] != base[i])
			fprintf(f, "i %llx %c %llu\n", (unsigned long long)insns[i].vaddr,
				insns[i].kind,
				(unsigned long long)(now[i] - base[i]));
	for (i = 0; i < nr_accesses; i++)
		fprintf(f, "m %llx %llx %c %llu\n", (unsigned long long)accesses[i].insn,
			(unsigned long long)accesses[i].vaddr, accesses[i].store ? 'w' : 'r',
			(unsigned long long)accesses[i].count);
}

static void window_end(unsigned int vcpu, void *data)
{
	struct timespec end;
	char path[4096];
	uint64_t *now;
	FILE *f;

	(void)vcpu;
	(void)data;
	clock_gettime(CLOCK_MONOTONIC, &end);
	pthread_mutex_lock(&lock);
	if (is_open) {
		now = calloc(MAX_INSNS, sizeof(*now));
		counters_read(now, nr_insns + 1);
		snprintf(path, sizeof(path), "%s/window.%u", out, window);
		f = fopen(path, "w");
		if (f) {
			window_write(f, now, &end);
			fclose(f);
		}
		free(now);
		is_open = false;
	}
	pthread_mutex_unlock(&lock);
}

static void access_seen(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *data)
{
	uint64_t insn = insns[(uintptr_t)data].vaddr;
	bool store = qemu_plugin_mem_is_store(info);
	struct qemu_plugin_hwaddr *hw;
	unsigned int i;

	(void)vcpu;
	if (!is_open)
		return;
	hw = qemu_plugin_get_hwaddr(info, vaddr);
	if (!hw || !qemu_plugin_hwaddr_is_io(hw))
		return;
	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_accesses; i++)
		if (accesses[i].insn == insn && accesses[i].vaddr == vaddr &&
		    accesses[i].store == store)
			break;
	if (i < MAX_ACCESSES) {
		if (i == nr_accesses)
			accesses[nr_accesses++] = (struct access){ insn, vaddr, store, 0 };
		accesses[i].count++;
	}
	pthread_mutex_unlock(&lock);
}

static void look_for_mark(struct qemu_plugin_insn *insn)
{
	static const uint8_t mark[] = { 0x0f, 0x1f, 0x80, 0, 0x6d, 0x76, 0x6e };
	uint8_t b[8];

	if (qemu_plugin_insn_size(insn) != sizeof(mark) ||
	    insn_bytes(insn, b, sizeof(b)) != sizeof(mark) ||
	    memcmp(b, mark, 3) || memcmp(b + 4, mark + 4, 3))
		return;
	if (b[3] == MARKER_BEGIN)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, window_begin, CB_NO_REGS, NULL);
	if (b[3] == MARKER_END)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, window_end, CB_NO_REGS, NULL);
}

#if API < 7
static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
#else
static void translated(struct qemu_plugin_tb *tb, void *data)
#endif
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);

#if API < 7
	(void)id;
#else
	(void)data;
#endif
	pthread_mutex_lock(&lock);
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t vaddr = qemu_plugin_insn_vaddr(insn);
		uint8_t b[16];
		uintptr_t k;
		size_t len;

		if (vaddr < KERNEL_START)
			look_for_mark(insn);
		if (vaddr < KERNEL_START && (vaddr < COUNTED_START || vaddr >= COUNTED_END))
			continue;
		len = insn_bytes(insn, b, sizeof(b));
		k = find_insn(vaddr, b, len);
		count_insn(insn, k);
		if (vaddr >= MODULES_START || vaddr < KERNEL_START)
			qemu_plugin_register_vcpu_mem_cb(insn, access_seen, CB_NO_REGS, MEM_RW,
							 (void *)k);
	}
	pthread_mutex_unlock(&lock);
}

EXPORTED int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_plugin_info *info,
				 int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			out = strdup(argv[i] + 4);
	if (!out) {
		fprintf(stderr, "count: out=DIRECTORY is missing\n");
		return -1;
	}
	nr_vcpus = info->system.smp_vcpus;
	insns = calloc(MAX_INSNS, sizeof(*insns));
	hash = calloc(HASH_SIZE, sizeof(*hash));
	base = calloc(MAX_INSNS, sizeof(*base));
	if (!insns || !hash || !base)
		return -1;
	counters_init();
	fprintf(stderr, "count: interface %d to %d, built for %d\n", info->version.min,
		info->version.cur, API);
#if API < 7
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
#else
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated, NULL);
#endif
	return 0;
}
