/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/blk_types.h>

#ifndef COMPAT_LINUX_BLK_TYPES_H
#define COMPAT_LINUX_BLK_TYPES_H

/* 6.4: the same error, by what it means */
#ifndef BLK_STS_RESV_CONFLICT
#define BLK_STS_RESV_CONFLICT BLK_STS_NEXUS
#endif

/* 6.5: before, a command that outran its limit was one that timed out */
#ifndef BLK_STS_DURATION_LIMIT
#define BLK_STS_DURATION_LIMIT BLK_STS_TIMEOUT
#endif

/*
 * 6.11.  Not BLK_STS_NOTSUPP: callers take that for "never try again" and fall
 * back to something else.
 */
#ifndef BLK_STS_INVAL
#define BLK_STS_INVAL BLK_STS_IOERR
#endif

/* 6.11: never set in a request of an older kernel */
#ifndef REQ_ATOMIC
#define REQ_ATOMIC ((__force blk_opf_t)0)
#endif

#endif
