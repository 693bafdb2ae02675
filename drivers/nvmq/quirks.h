/* SPDX-License-Identifier: GPL-2.0 */
/* Controllers that need to be treated in a way of their own. */
#ifndef _NVMQ_QUIRKS_H
#define _NVMQ_QUIRKS_H

#include <linux/bits.h>
#include <linux/types.h>

/**
 * enum nvmq_quirk - what is different with a controller; bits of nvmq_ctrl.quirks
 * @NVMQ_QUIRK_STRIPE_SIZE: I/O across a multiple of the largest transfer is slow (ns_info.c)
 * @NVMQ_QUIRK_IDENTIFY_CNS: it knows identify of a controller and a namespace only (scan.c)
 * @NVMQ_QUIRK_DEALLOCATE_ZEROES: what was deallocated reads as zeroes, always (submit.c)
 * @NVMQ_QUIRK_DELAY_BEFORE_CHK_RDY: CSTS.RDY must not be read just after a disable (cc.c)
 * @NVMQ_QUIRK_NO_APST: it does not survive autonomous power state transitions (power.c)
 * @NVMQ_QUIRK_NO_DEEPEST_PS: it does not come back from its deepest power state (power.c)
 * @NVMQ_QUIRK_QDEPTH_ONE: one command in an I/O queue at a time (cc.c)
 * @NVMQ_QUIRK_MEDIUM_PRIO_SQ: submission queues must be of medium priority (admin.c)
 * @NVMQ_QUIRK_IGNORE_DEV_SUBNQN: its SUBNQN is not unique (ctrl.c)
 * @NVMQ_QUIRK_DISABLE_WRITE_ZEROES: write zeroes is slow, or does not work (ns_info.c)
 * @NVMQ_QUIRK_SIMPLE_SUSPEND: suspend must shut it down (power.c)
 * @NVMQ_QUIRK_SINGLE_VECTOR: it has one interrupt vector that works (irq.c)
 * @NVMQ_QUIRK_128_BYTES_SQES: entries of I/O submission queues have 128 bytes (cc.c, submit.c)
 * @NVMQ_QUIRK_SHARED_TAGS: ids are unique over all queues, of which it has one for I/O (blkmq.c)
 * @NVMQ_QUIRK_NO_TEMP_THRESH_CHANGE: temperature thresholds must not be written (hwmon.c)
 * @NVMQ_QUIRK_NO_NS_DESC_LIST: it has no namespace identification descriptors (ns_info.c)
 * @NVMQ_QUIRK_DMA_ADDRESS_BITS_48: addresses above 48 bits do not work (pci.c)
 * @NVMQ_QUIRK_SKIP_CID_GEN: ids must be below the queue's size: tags alone (submit.c)
 * @NVMQ_QUIRK_BOGUS_NID: identifiers of its namespaces are not unique (ns_info.c)
 * @NVMQ_QUIRK_NO_SECONDARY_TEMP_THRESH: only the composite temperature has a threshold (hwmon.c)
 * @NVMQ_QUIRK_FORCE_NO_SIMPLE_SUSPEND: suspend must not shut it down (power.c)
 * @NVMQ_QUIRK_BROKEN_MSI: MSI does not work; MSI-X and the pin do (irq.c)
 * @NVMQ_QUIRK_DMAPOOL_ALIGN_512: lists must begin at multiples of 512 bytes (dma_mem.c)
 * @NVMQ_QUIRKS_END: above the last one
 *
 * The names are the kernel's own, in small letters: users know them.
 */
enum nvmq_quirk {
	NVMQ_QUIRK_STRIPE_SIZE = BIT(0),
	NVMQ_QUIRK_IDENTIFY_CNS = BIT(1),
	NVMQ_QUIRK_DEALLOCATE_ZEROES = BIT(2),
	NVMQ_QUIRK_DELAY_BEFORE_CHK_RDY = BIT(3),
	NVMQ_QUIRK_NO_APST = BIT(4),
	NVMQ_QUIRK_NO_DEEPEST_PS = BIT(5),
	NVMQ_QUIRK_QDEPTH_ONE = BIT(6),
	NVMQ_QUIRK_MEDIUM_PRIO_SQ = BIT(7),
	NVMQ_QUIRK_IGNORE_DEV_SUBNQN = BIT(8),
	NVMQ_QUIRK_DISABLE_WRITE_ZEROES = BIT(9),
	NVMQ_QUIRK_SIMPLE_SUSPEND = BIT(10),
	NVMQ_QUIRK_SINGLE_VECTOR = BIT(11),
	NVMQ_QUIRK_128_BYTES_SQES = BIT(12),
	NVMQ_QUIRK_SHARED_TAGS = BIT(13),
	NVMQ_QUIRK_NO_TEMP_THRESH_CHANGE = BIT(14),
	NVMQ_QUIRK_NO_NS_DESC_LIST = BIT(15),
	NVMQ_QUIRK_DMA_ADDRESS_BITS_48 = BIT(16),
	NVMQ_QUIRK_SKIP_CID_GEN = BIT(17),
	NVMQ_QUIRK_BOGUS_NID = BIT(18),
	NVMQ_QUIRK_NO_SECONDARY_TEMP_THRESH = BIT(19),
	NVMQ_QUIRK_FORCE_NO_SIMPLE_SUSPEND = BIT(20),
	NVMQ_QUIRK_BROKEN_MSI = BIT(21),
	NVMQ_QUIRK_DMAPOOL_ALIGN_512 = BIT(22),
	NVMQ_QUIRKS_END = BIT(23),
};

struct nvmq_ctrl;

u32 nvmq_quirks_find(const struct nvmq_ctrl *ctrl);
int nvmq_quirks_print(u32 quirks, const char *between, char *buf, size_t len);

#endif /* _NVMQ_QUIRKS_H */
