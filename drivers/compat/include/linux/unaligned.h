/* SPDX-License-Identifier: GPL-2.0 */
/* 6.12 moved it here from asm/unaligned.h */
#include <compat-config.h>

#ifdef COMPAT_HAS_UNALIGNED_HEADER
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
