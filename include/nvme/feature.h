/* SPDX-License-Identifier: GPL-2.0 */
/* Features: identifiers, dword 11 (what get features returns in dw0, too) and data. Base 5.27.1 */
#ifndef _NVMQ_NVME_FEATURE_H
#define _NVMQ_NVME_FEATURE_H

#include <nvme/types.h>

enum {
	NVM_FEAT_ARBITRATION		= 0x01,
	NVM_FEAT_POWER_MGMT		= 0x02,
	NVM_FEAT_LBA_RANGE		= 0x03,
	NVM_FEAT_TEMP_THRESH		= 0x04,
	NVM_FEAT_ERR_RECOVERY		= 0x05,
	NVM_FEAT_VOLATILE_WC		= 0x06,
	NVM_FEAT_NUM_QUEUES		= 0x07,
	NVM_FEAT_IRQ_COALESCE		= 0x08,
	NVM_FEAT_IRQ_CONFIG		= 0x09,
	NVM_FEAT_WRITE_ATOMIC		= 0x0a,
	NVM_FEAT_ASYNC_EVENT		= 0x0b,
	NVM_FEAT_AUTO_PST		= 0x0c,
	NVM_FEAT_HOST_MEM_BUF		= 0x0d,
	NVM_FEAT_TIMESTAMP		= 0x0e,
	NVM_FEAT_KATO			= 0x0f,
	NVM_FEAT_HCTM			= 0x10,
	NVM_FEAT_NOPSC			= 0x11,
	NVM_FEAT_RRL			= 0x12,
	NVM_FEAT_PLM_CONFIG		= 0x13,
	NVM_FEAT_PLM_WINDOW		= 0x14,
	NVM_FEAT_LBA_STATUS_ATTR	= 0x15,
	NVM_FEAT_HOST_BEHAVIOR		= 0x16,
	NVM_FEAT_SANITIZE		= 0x17,
	NVM_FEAT_ENDGRP_EVENT		= 0x18,
	NVM_FEAT_IOCS_PROFILE		= 0x19,
	NVM_FEAT_SPINUP			= 0x1a,
	NVM_FEAT_PLS			= 0x1b,	/* power loss signalling (2.1) */
	NVM_FEAT_FDP			= 0x1d,
	NVM_FEAT_FDP_EVENTS		= 0x1e,
	NVM_FEAT_SW_PROGRESS		= 0x80,
	NVM_FEAT_HOST_ID		= 0x81,
	NVM_FEAT_RESV_MASK		= 0x82,
	NVM_FEAT_RESV_PERSIST		= 0x83,
	NVM_FEAT_WRITE_PROTECT		= 0x84,
	NVM_FEAT_VENDOR_START		= 0xc0,
};

/* Arbitration. Base 5.27.1.1 */
#define NVM_FEAT_ARB_BURST		NVM_MASK(2, 0)		/* log2; 7: no limit */
#define NVM_FEAT_ARB_LPW		NVM_MASK(15, 8)		/* weights, zero-based */
#define NVM_FEAT_ARB_MPW		NVM_MASK(23, 16)
#define NVM_FEAT_ARB_HPW		NVM_MASK(31, 24)

/* Power management. Base 5.27.1.2 */
#define NVM_FEAT_PS			NVM_MASK(4, 0)
#define NVM_FEAT_PS_WH			NVM_MASK(7, 5)

/* Temperature threshold. Base 5.27.1.3 */
#define NVM_TEMP_THRESH_TMPTH		NVM_MASK(15, 0)		/* kelvins */
#define NVM_TEMP_THRESH_SELECT		NVM_MASK(19, 16)	/* 0 composite, n: sensor n */
#define NVM_TEMP_THRESH_TYPE		NVM_MASK(21, 20)
#define NVM_TEMP_THRESH_TYPE_OVER	NVM_PREP(NVM_TEMP_THRESH_TYPE, 0)
#define NVM_TEMP_THRESH_TYPE_UNDER	NVM_PREP(NVM_TEMP_THRESH_TYPE, 1)
#define NVM_TEMP_THRESH_TMPTHH		NVM_MASK(24, 22)	/* hysteresis (2.1) */

/* Error recovery, per namespace. NVM 4.1.3.2 */
#define NVM_FEAT_ERR_TLER		NVM_MASK(15, 0)		/* 100 ms */
#define NVM_FEAT_ERR_DULBE		NVM_BIT(16)

/* Volatile write cache. Base 5.27.1.4 */
#define NVM_FEAT_VWC_WCE		NVM_BIT(0)

/* Number of queues: wanted in cdw11, allocated in dw0, all zero-based. Base 5.27.1.5 */
#define NVM_FEAT_NRQS_NSQ		NVM_MASK(15, 0)
#define NVM_FEAT_NRQS_NCQ		NVM_MASK(31, 16)

/* Interrupt coalescing, of all vectors but the admin queue's. Base 5.27.1.6 */
#define NVM_FEAT_IRQC_THR		NVM_MASK(7, 0)		/* entries, zero-based */
#define NVM_FEAT_IRQC_TIME		NVM_MASK(15, 8)		/* 100 microseconds; 0: off */

/* Interrupt vector configuration. Base 5.27.1.7 */
#define NVM_FEAT_IRQV_IV		NVM_MASK(15, 0)
#define NVM_FEAT_IRQV_CD		NVM_BIT(16)		/* coalescing disabled */

/* Asynchronous event configuration. Base 5.27.1.8. From bit 8 on as OAES */
#define NVM_AEN_CFG_SMART_SPARE		NVM_BIT(0)
#define NVM_AEN_CFG_SMART_TEMPERATURE	NVM_BIT(1)
#define NVM_AEN_CFG_SMART_RELIABILITY	NVM_BIT(2)
#define NVM_AEN_CFG_SMART_READ_ONLY	NVM_BIT(3)
#define NVM_AEN_CFG_SMART_VOLATILE	NVM_BIT(4)
#define NVM_AEN_CFG_SMART_PMR_RO	NVM_BIT(5)
#define NVM_AEN_CFG_SMART		NVM_MASK(7, 0)
#define NVM_AEN_CFG_NS_ATTR		NVM_BIT(8)
#define NVM_AEN_CFG_FW_ACT		NVM_BIT(9)
#define NVM_AEN_CFG_TELEMETRY		NVM_BIT(10)
#define NVM_AEN_CFG_ANA_CHANGE		NVM_BIT(11)
#define NVM_AEN_CFG_PLM			NVM_BIT(12)
#define NVM_AEN_CFG_LBA_STATUS		NVM_BIT(13)
#define NVM_AEN_CFG_ENDGRP		NVM_BIT(14)
#define NVM_AEN_CFG_NORMAL_SHUTDOWN	NVM_BIT(15)
#define NVM_AEN_CFG_ZONE_DESC		NVM_BIT(27)		/* ZNS 4.1.3 */
#define NVM_AEN_CFG_DISC_CHANGE		NVM_BIT(31)

/* Autonomous power state transition: one entry for each power state. Base 5.27.1.9 */
#define NVM_FEAT_APSTE			NVM_BIT(0)
#define NVM_APST_ITPS			NVM_MASK64(7, 3)	/* state to go to */
#define NVM_APST_ITPT			NVM_MASK64(31, 8)	/* idle time, ms */

struct nvm_feat_auto_pst {
	__le64	entries[32];
};

NVM_ASSERT_SIZE(struct nvm_feat_auto_pst, 256);

/*
 * Host memory buffer. Base 5.27.1.10
 * cdw12: size in CC.MPS pages; cdw13, 14: list address; cdw15: number of descriptors
 */
#define NVM_HOST_MEM_ENABLE		NVM_BIT(0)
#define NVM_HOST_MEM_RETURN		NVM_BIT(1)		/* the same memory as before */

struct nvm_host_mem_buf_desc {
	__le64	addr;
	__le32	size;			/* CC.MPS pages */
	__u32	rsvd;
};

NVM_ASSERT_SIZE(struct nvm_host_mem_buf_desc, 16);

/* Timestamp. Base 5.27.1.11 */
struct nvm_feat_timestamp {
	__u8	timestamp[6];		/* ms since 1970, little-endian */
	__u8	attr;			/* get: synch, origin */
	__u8	rsvd7;
};

NVM_ASSERT_SIZE(struct nvm_feat_timestamp, 8);

/* Host controlled thermal management, kelvins. Base 5.27.1.13 */
#define NVM_FEAT_HCTM_TMT2		NVM_MASK(15, 0)
#define NVM_FEAT_HCTM_TMT1		NVM_MASK(31, 16)

/* Non-operational power state configuration. Base 5.27.1.14 */
#define NVM_FEAT_NOPSC_NOPPME		NVM_BIT(0)

/* Host behavior support. Base 5.27.1.18 */
struct nvm_feat_host_behavior {
	__u8	acre;			/* commands may end with a retry delay */
	__u8	etdas;
	__u8	lbafee;			/* extended LBA formats */
	__u8	hdisns;			/* (2.1) */
	__le16	cdfe;			/* copy descriptor formats (2.1) */
	__u8	rsvd6[506];
};

NVM_ASSERT_SIZE(struct nvm_feat_host_behavior, 512);

#define NVM_ENABLE_ACRE			1
#define NVM_ENABLE_LBAFEE		1

/* Host identifier. Base 5.27.1.25; cdw11 */
#define NVM_FEAT_HOST_ID_EXHID		NVM_BIT(0)		/* 16 bytes, else 8 */

/* Flexible data placement: cdw11 names the endurance group. Base 5.27.1.30 (2.1) */
#define NVM_FEAT_FDP_FDPE		NVM_BIT(0)		/* dw0, cdw12 */
#define NVM_FEAT_FDP_FDPCIDX		NVM_MASK(15, 8)		/* dw0, cdw12 */

/* Namespace write protection, per namespace. Base 5.27.1.29 */
#define NVM_FEAT_WPS			NVM_MASK(2, 0)
#define NVM_NS_NO_WRITE_PROTECT		0
#define NVM_NS_WRITE_PROTECT		1
#define NVM_NS_WRITE_PROTECT_POWER	2
#define NVM_NS_WRITE_PROTECT_PERMANENT	3

#endif /* _NVMQ_NVME_FEATURE_H */
