/* SPDX-License-Identifier: GPL-2.0 */
/* 6.12 moved it here from asm/unaligned.h */
#if __has_include_next(<linux/unaligned.h>)
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
