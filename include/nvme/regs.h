/* SPDX-License-Identifier: GPL-2.0 */
/* Controller properties, which on PCIe are registers in BAR 0. Base 3.1.3, PCIe 3.1. */
#ifndef _NVMQ_NVME_REGS_H
#define _NVMQ_NVME_REGS_H

#include <nvme/types.h>

/* Offsets into BAR 0. Base 3.1.3. */
enum {
	NVM_REG_CAP		= 0x0000,	/* controller capabilities, 64 bits */
	NVM_REG_VS		= 0x0008,	/* version */
	NVM_REG_INTMS		= 0x000c,	/* interrupt mask set (not with MSI-X) */
	NVM_REG_INTMC		= 0x0010,	/* interrupt mask clear (not with MSI-X) */
	NVM_REG_CC		= 0x0014,	/* controller configuration */
	NVM_REG_CSTS		= 0x001c,	/* controller status */
	NVM_REG_NSSR		= 0x0020,	/* NVM subsystem reset */
	NVM_REG_AQA		= 0x0024,	/* admin queue attributes */
	NVM_REG_ASQ		= 0x0028,	/* admin SQ base address, 64 bits */
	NVM_REG_ACQ		= 0x0030,	/* admin CQ base address, 64 bits */
	NVM_REG_CMBLOC		= 0x0038,	/* controller memory buffer location */
	NVM_REG_CMBSZ		= 0x003c,	/* controller memory buffer size */
	NVM_REG_BPINFO		= 0x0040,	/* boot partition information */
	NVM_REG_BPRSEL		= 0x0044,	/* boot partition read select */
	NVM_REG_BPMBL		= 0x0048,	/* boot partition memory buffer, 64 bits */
	NVM_REG_CMBMSC		= 0x0050,	/* CMB memory space control, 64 bits */
	NVM_REG_CMBSTS		= 0x0058,	/* CMB status */
	NVM_REG_CMBEBS		= 0x005c,	/* CMB elasticity buffer size */
	NVM_REG_CMBSWTP		= 0x0060,	/* CMB sustained write throughput */
	NVM_REG_NSSD		= 0x0064,	/* NVM subsystem shutdown */
	NVM_REG_CRTO		= 0x0068,	/* controller ready timeouts */
	NVM_REG_PMRCAP		= 0x0e00,	/* persistent memory region capabilities */
	NVM_REG_PMRCTL		= 0x0e04,	/* PMR control */
	NVM_REG_PMRSTS		= 0x0e08,	/* PMR status */
	NVM_REG_PMREBS		= 0x0e0c,	/* PMR elasticity buffer size */
	NVM_REG_PMRSWTP		= 0x0e10,	/* PMR sustained write throughput */
	NVM_REG_PMRMSCL		= 0x0e14,	/* PMR memory space control, low */
	NVM_REG_PMRMSCU		= 0x0e18,	/* PMR memory space control, high */
	NVM_REG_DBS		= 0x1000,	/* first doorbell: admin SQ tail. PCIe 3.1.2 */
};

/* CAP. Base 3.1.3.1 */
#define NVM_CAP_MQES		NVM_MASK64(15, 0)	/* largest I/O queue, zero-based */
#define NVM_CAP_CQR		NVM_BIT64(16)		/* queues must be contiguous */
#define NVM_CAP_AMS		NVM_MASK64(18, 17)	/* arbitration besides round robin */
#define NVM_CAP_AMS_WRRU	NVM_BIT64(17)
#define NVM_CAP_AMS_VS		NVM_BIT64(18)
#define NVM_CAP_TO		NVM_MASK64(31, 24)	/* ready timeout, 500 ms */
#define NVM_CAP_DSTRD		NVM_MASK64(35, 32)	/* doorbell stride: 4 << DSTRD bytes */
#define NVM_CAP_NSSRS		NVM_BIT64(36)		/* NSSR is there */
#define NVM_CAP_CSS		NVM_MASK64(44, 37)	/* command sets */
#define NVM_CAP_CSS_NVM		NVM_BIT64(37)
#define NVM_CAP_CSS_CSI		NVM_BIT64(43)		/* several, told apart by CSI */
#define NVM_CAP_CSS_ADMIN	NVM_BIT64(44)		/* no I/O command set */
#define NVM_CAP_BPS		NVM_BIT64(45)		/* boot partitions */
#define NVM_CAP_CPS		NVM_MASK64(47, 46)	/* controller power scope */
#define NVM_CAP_MPSMIN		NVM_MASK64(51, 48)	/* smallest page, 4 KiB << n */
#define NVM_CAP_MPSMAX		NVM_MASK64(55, 52)	/* largest page, 4 KiB << n */
#define NVM_CAP_PMRS		NVM_BIT64(56)
#define NVM_CAP_CMBS		NVM_BIT64(57)		/* CMBLOC, CMBSZ wait for CMBMSC.CRE */
#define NVM_CAP_NSSS		NVM_BIT64(58)		/* NSSD is there */
#define NVM_CAP_CRMS		NVM_MASK64(60, 59)	/* controller ready modes */
#define NVM_CAP_CRMS_CRWMS	NVM_BIT64(59)		/* ready with media */
#define NVM_CAP_CRMS_CRIMS	NVM_BIT64(60)		/* ready independent of media */
#define NVM_CAP_NSSES		NVM_BIT64(61)		/* NSSD enhancements (2.1) */

/* CAP.TO and CRTO count in units of this many milliseconds. */
#define NVM_CAP_TO_UNIT_MS	500
/* CAP.MPSMIN, CAP.MPSMAX, CC.MPS and MDTS count from 4 KiB. */
#define NVM_PAGE_SHIFT_MIN	12

/* VS. Base 3.1.3.2 */
#define NVM_VS_TER		NVM_MASK(7, 0)
#define NVM_VS_MNR		NVM_MASK(15, 8)
#define NVM_VS_MJR		NVM_MASK(31, 16)
#define NVM_VS(major, minor, tertiary) \
	(((__u32)(major) << 16) | ((__u32)(minor) << 8) | (__u32)(tertiary))

/* CC. Base 3.1.3.5 */
#define NVM_CC_EN		NVM_BIT(0)
#define NVM_CC_CSS		NVM_MASK(6, 4)		/* while EN is 0 only */
#define NVM_CC_CSS_NVM		NVM_PREP(NVM_CC_CSS, 0)
#define NVM_CC_CSS_CSI		NVM_PREP(NVM_CC_CSS, 6)
#define NVM_CC_CSS_ADMIN	NVM_PREP(NVM_CC_CSS, 7)
#define NVM_CC_MPS		NVM_MASK(10, 7)		/* page size, 4 KiB << n; ditto */
#define NVM_CC_AMS		NVM_MASK(13, 11)	/* arbitration; ditto */
#define NVM_CC_AMS_RR		NVM_PREP(NVM_CC_AMS, 0)
#define NVM_CC_AMS_WRRU		NVM_PREP(NVM_CC_AMS, 1)
#define NVM_CC_AMS_VS		NVM_PREP(NVM_CC_AMS, 7)
#define NVM_CC_SHN		NVM_MASK(15, 14)
#define NVM_CC_SHN_NONE		NVM_PREP(NVM_CC_SHN, 0)
#define NVM_CC_SHN_NORMAL	NVM_PREP(NVM_CC_SHN, 1)
#define NVM_CC_SHN_ABRUPT	NVM_PREP(NVM_CC_SHN, 2)
#define NVM_CC_IOSQES		NVM_MASK(19, 16)	/* log2 of the entry's size */
#define NVM_CC_IOCQES		NVM_MASK(23, 20)
#define NVM_CC_CRIME		NVM_BIT(24)		/* ready independent of media */

/* CSTS. Base 3.1.3.6 */
#define NVM_CSTS_RDY		NVM_BIT(0)
#define NVM_CSTS_CFS		NVM_BIT(1)		/* fatal: only a reset helps */
#define NVM_CSTS_SHST		NVM_MASK(3, 2)
#define NVM_CSTS_SHST_NORMAL	NVM_PREP(NVM_CSTS_SHST, 0)
#define NVM_CSTS_SHST_OCCURRING	NVM_PREP(NVM_CSTS_SHST, 1)
#define NVM_CSTS_SHST_COMPLETE	NVM_PREP(NVM_CSTS_SHST, 2)
#define NVM_CSTS_NSSRO		NVM_BIT(4)		/* subsystem reset occurred; write 1 */
#define NVM_CSTS_PP		NVM_BIT(5)		/* processing paused (activation) */
#define NVM_CSTS_ST		NVM_BIT(6)		/* SHST is of the subsystem (2.0) */
/* What every read returns once the function has left the bus. */
#define NVM_CSTS_GONE		0xffffffffU

/* NSSR: the letters NVMe. Base 3.1.3.7 */
#define NVM_NSSR_RESET		0x4e564d65U

/* NSSD: NrmL for a normal, AbpT for an abrupt shutdown. Base 3.1.3.20 */
#define NVM_NSSD_NORMAL		0x4e726d6cU
#define NVM_NSSD_ABRUPT		0x41627074U

/* AQA: both sizes are zero-based. Base 3.1.3.8 */
#define NVM_AQA_ASQS		NVM_MASK(11, 0)
#define NVM_AQA_ACQS		NVM_MASK(27, 16)
#define NVM_AQ_DEPTH_MAX	4096

/* CMBLOC. Base 3.1.3.11 */
#define NVM_CMBLOC_BIR		NVM_MASK(2, 0)		/* BAR */
#define NVM_CMBLOC_CQMMS	NVM_BIT(3)		/* mixed memory for CQs */
#define NVM_CMBLOC_CQPDS	NVM_BIT(4)		/* CQs physically discontiguous */
#define NVM_CMBLOC_CDPMLS	NVM_BIT(5)		/* data pointers in mixed memory */
#define NVM_CMBLOC_CDPCILS	NVM_BIT(6)		/* data pointers and command apart */
#define NVM_CMBLOC_CDMMMS	NVM_BIT(7)		/* data and metadata mixed */
#define NVM_CMBLOC_CQDA		NVM_BIT(8)		/* SQ doorbell orders CMB writes */
#define NVM_CMBLOC_OFST		NVM_MASK(31, 12)	/* in units of CMBSZ.SZU */

/* CMBSZ. Base 3.1.3.12 */
#define NVM_CMBSZ_SQS		NVM_BIT(0)		/* may hold SQs */
#define NVM_CMBSZ_CQS		NVM_BIT(1)		/* may hold CQs */
#define NVM_CMBSZ_LISTS		NVM_BIT(2)		/* may hold PRP and SGL lists */
#define NVM_CMBSZ_RDS		NVM_BIT(3)		/* read data: controller writes it */
#define NVM_CMBSZ_WDS		NVM_BIT(4)		/* write data: controller reads it */
#define NVM_CMBSZ_SZU		NVM_MASK(11, 8)		/* unit: 4 KiB << 4 * n */
#define NVM_CMBSZ_SZ		NVM_MASK(31, 12)	/* in units of SZU */

/* CMBMSC and CMBSTS. Base 3.1.3.16 and 17 */
#define NVM_CMBMSC_CRE		NVM_BIT64(0)		/* CMBLOC, CMBSZ may be read */
#define NVM_CMBMSC_CMSE		NVM_BIT64(1)		/* controller decodes CBA */
#define NVM_CMBMSC_CBA		NVM_MASK64(63, 12)
#define NVM_CMBSTS_CBAI		NVM_BIT(0)		/* CBA is invalid */

/* BPINFO, BPRSEL. Base 3.1.3.13 and 14 */
#define NVM_BPINFO_BPSZ		NVM_MASK(14, 0)		/* 128 KiB each */
#define NVM_BPINFO_BRS		NVM_MASK(25, 24)	/* read status */
#define NVM_BPINFO_BRS_NONE	NVM_PREP(NVM_BPINFO_BRS, 0)
#define NVM_BPINFO_BRS_BUSY	NVM_PREP(NVM_BPINFO_BRS, 1)
#define NVM_BPINFO_BRS_DONE	NVM_PREP(NVM_BPINFO_BRS, 2)
#define NVM_BPINFO_BRS_ERROR	NVM_PREP(NVM_BPINFO_BRS, 3)
#define NVM_BPINFO_ABPID	NVM_BIT(31)		/* active partition */
#define NVM_BPRSEL_BPRSZ	NVM_MASK(9, 0)		/* 4 KiB each */
#define NVM_BPRSEL_BPROF	NVM_MASK(29, 10)	/* 4 KiB each */
#define NVM_BPRSEL_BPID		NVM_BIT(31)

/* CRTO, in units of 500 ms. Base 3.1.3.21 */
#define NVM_CRTO_CRWMT		NVM_MASK(15, 0)		/* ready with media */
#define NVM_CRTO_CRIMT		NVM_MASK(31, 16)	/* ready independent of media */

/* Persistent memory region. Base 3.1.3.22 to 3.1.3.28 */
#define NVM_PMRCAP_RDS		NVM_BIT(3)
#define NVM_PMRCAP_WDS		NVM_BIT(4)
#define NVM_PMRCAP_BIR		NVM_MASK(7, 5)
#define NVM_PMRCAP_PMRTU	NVM_MASK(9, 8)
#define NVM_PMRCAP_PMRWBM	NVM_MASK(13, 10)
#define NVM_PMRCAP_PMRTO	NVM_MASK(23, 16)
#define NVM_PMRCAP_CMSS		NVM_BIT(24)
#define NVM_PMRCTL_EN		NVM_BIT(0)
#define NVM_PMRSTS_ERR		NVM_MASK(7, 0)
#define NVM_PMRSTS_NRDY		NVM_BIT(8)
#define NVM_PMRSTS_HSTS		NVM_MASK(11, 9)
#define NVM_PMRSTS_CBAI		NVM_BIT(12)

/*
 * The doorbells stand in pairs: SQ y's tail, then CQ y's head. PCIe 3.1.2.1 and 2.
 * The shadow doorbell and EventIdx buffers have the same layout. Base 5.8, annex B.5
 */
static inline __u32 nvm_db_offset_sq(__u32 qid, __u32 dstrd)
{
	return (2 * qid) * (4U << dstrd);
}

static inline __u32 nvm_db_offset_cq(__u32 qid, __u32 dstrd)
{
	return (2 * qid + 1) * (4U << dstrd);
}

/* How much of BAR 0 the registers and the doorbells of @nr_queues pairs (admin too) take. */
static inline __u64 nvm_bar_size(__u32 nr_queues, __u32 dstrd)
{
	return NVM_REG_DBS + (__u64)nr_queues * (8U << dstrd);
}

/* log2 of the entry sizes that every controller must take. Base 5.17.2.1 (SQES, CQES) */
#define NVM_IOSQES		6
#define NVM_IOCQES		4

#endif /* _NVMQ_NVME_REGS_H */
