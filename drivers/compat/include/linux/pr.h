/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/pr.h>

#ifndef COMPAT_LINUX_PR_H
#define COMPAT_LINUX_PR_H

#include <compat-config.h>

/*
 * 6.6: what a reservation command comes to has names, and drivers can be asked for keys and
 * holder. Before, users got what SCSI had answered, which has the same numbers, so these are right
 * there, too; and nobody asks.
 */
#ifndef COMPAT_HAS_PR_READ
enum pr_status {
	PR_STS_SUCCESS			= 0x0,
	PR_STS_IOERR			= 0x2,
	PR_STS_RESERVATION_CONFLICT	= 0x18,
	PR_STS_RETRY_PATH_FAILURE	= 0xe0000,
	PR_STS_PATH_FAST_FAILED		= 0xf0000,
	PR_STS_PATH_FAILED		= 0x10000,
};

struct pr_keys {
	u32	generation;
	u32	num_keys;
	u64	keys[];
};

struct pr_held_reservation {
	u64		key;
	u32		generation;
	enum pr_type	type;
};
#endif

#endif
