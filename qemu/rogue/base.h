/* SPDX-License-Identifier: GPL-2.0 */
/* What all parts need. */
#ifndef ROGUE_BASE_H
#define ROGUE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nvme/cmd.h>
#include <nvme/event.h>
#include <nvme/feature.h>
#include <nvme/identify.h>
#include <nvme/log.h>
#include <nvme/regs.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof(*(a)))
#define MIN(a, b)		((a) < (b) ? (a) : (b))
#define MAX(a, b)		((a) > (b) ? (a) : (b))

#define NEVER			UINT64_MAX	/* as a moment, and as a duration in ms */

struct rogue;
struct cmd;
struct ns;
struct json;

#endif /* ROGUE_BASE_H */
