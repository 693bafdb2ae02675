/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the wire headers need of their surroundings. The same headers serve the
 * kernel module, the tools and the user-space tests, and may stand beside
 * <linux/nvme.h> in one translation unit.
 *
 * Sections are cited as
 *   Base  NVM Express Base Specification 2.0 (fields of 2.1 and later say so)
 *   NVM   NVM Command Set Specification 1.0 (ditto 1.1)
 *   ZNS   Zoned Namespace Command Set Specification 1.1
 *   PCIe  NVMe over PCIe Transport Specification 1.0
 *
 * Everything on the wire is little-endian and stays __leN up to the place that
 * uses it; no bit-fields.
 */
#ifndef _NVMQ_NVME_TYPES_H
#define _NVMQ_NVME_TYPES_H

#include <linux/types.h>

#ifdef __KERNEL__
#include <asm/byteorder.h>
#include <linux/build_bug.h>
#include <linux/stddef.h>
#else
#include <assert.h>
#include <endian.h>
#include <stddef.h>

#ifndef le16_to_cpu
#define le16_to_cpu(x)		le16toh(x)
#define le32_to_cpu(x)		le32toh(x)
#define le64_to_cpu(x)		le64toh(x)
#define cpu_to_le16(x)		htole16(x)
#define cpu_to_le32(x)		htole32(x)
#define cpu_to_le64(x)		htole64(x)
#endif
#endif /* __KERNEL__ */

#define NVM_BIT(n)		(1U << (n))
#define NVM_BIT64(n)		(1ULL << (n))
/* Bits @lo to @hi, both included. */
#define NVM_MASK(hi, lo)	((~0U << (lo)) & (~0U >> (31 - (hi))))
#define NVM_MASK64(hi, lo)	((~0ULL << (lo)) & (~0ULL >> (63 - (hi))))

/* Take a field out of @val, put a value into a field: constant if their arguments are. */
#define NVM_GET(mask, val)	(((val) & (mask)) >> __builtin_ctzll(mask))
#define NVM_PREP(mask, val)	(((__typeof__(mask))(val) << __builtin_ctzll(mask)) & (mask))

#define NVM_ASSERT_SIZE(type, size) \
	static_assert(sizeof(type) == (size), #type " is not " #size " bytes")
#define NVM_ASSERT_OFFSET(type, field, offset) \
	static_assert(offsetof(type, field) == (offset), #type "." #field " is not at " #offset)

#endif /* _NVMQ_NVME_TYPES_H */
