/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a program in the guest tells the plugin that a window begins or ends: a long no-operation
 * whose displacement is a word of ours. It has no effect on any machine, costs one instruction, and
 * needs no privilege. Windows are numbered from 1, in the order in which they begin.
 */
#ifndef _BENCH_MARKER_H
#define _BENCH_MARKER_H

#define MARKER_WORD 0x6e766d00
#define MARKER_BEGIN 0x42
#define MARKER_END 0x45

static inline void mark_begin(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80; .long %c0"
		     :: "i"(MARKER_WORD | MARKER_BEGIN) : "memory");
}

static inline void mark_end(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80; .long %c0"
		     :: "i"(MARKER_WORD | MARKER_END) : "memory");
}

/* Instructions of programs are counted only in one that is linked here, as nobody else is. */
#define COUNTED_START 0x60000000
#define COUNTED_END 0x61000000

#endif /* _BENCH_MARKER_H */
