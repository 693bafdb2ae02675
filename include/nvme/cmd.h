/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Queue entries, opcodes and the command dwords.
 *
 * There is one submission entry for all commands: a builder sets cdw10 to cdw15 with
 * the masks below. Constants of one dword carry the dword's fields, unshifted by
 * others, so that they can be or-ed together.
 */
#ifndef _NVMQ_NVME_CMD_H
#define _NVMQ_NVME_CMD_H

#include <nvme/types.h>
#include <nvme/status.h>

/* A data pointer that describes instead of listing. Base 4.1.2 */
struct nvm_sgl_desc {
	__le64	addr;
	__le32	length;
	__u8	rsvd[3];
	__u8	type;		/* NVM_SGL_TYPE, NVM_SGL_SUBTYPE */
};

NVM_ASSERT_SIZE(struct nvm_sgl_desc, 16);
NVM_ASSERT_OFFSET(struct nvm_sgl_desc, type, 15);

#define NVM_SGL_TYPE			0xf0
#define NVM_SGL_SUBTYPE			0x0f

/* nvm_sgl_desc.type as it stands there: type in the high nibble, no subtype. */
enum {
	NVM_SGL_FMT_DATA_DESC		= 0x00,
	NVM_SGL_FMT_BIT_BUCKET_DESC	= 0x10,
	NVM_SGL_FMT_SEG_DESC		= 0x20,
	NVM_SGL_FMT_LAST_SEG_DESC	= 0x30,
	NVM_SGL_FMT_KEYED_DATA_DESC	= 0x40,
};

/* Submission queue entry. Base 3.3.3.1 */
struct nvm_sqe {
	union {
		struct {
			__u8	opcode;
			__u8	flags;	/* FUSE and PSDT: NVM_CMD_* below */
			__u16	cid;	/* the host's own; the controller only echoes it */
			__le32	nsid;
			__le32	cdw2;
			__le32	cdw3;
			__le64	mptr;
			union {
				struct {
					__le64	prp1;
					__le64	prp2;
				};
				struct nvm_sgl_desc sgl;
			};
			__le32	cdw10;
			__le32	cdw11;
			__le32	cdw12;
			__le32	cdw13;
			__le32	cdw14;
			__le32	cdw15;
		};
		__le64	qw[8];		/* the same, for who fills all of it */
	};
};

NVM_ASSERT_SIZE(struct nvm_sqe, 64);
NVM_ASSERT_OFFSET(struct nvm_sqe, nsid, 4);
NVM_ASSERT_OFFSET(struct nvm_sqe, mptr, 16);
NVM_ASSERT_OFFSET(struct nvm_sqe, prp1, 24);
NVM_ASSERT_OFFSET(struct nvm_sqe, sgl, 24);
NVM_ASSERT_OFFSET(struct nvm_sqe, cdw10, 40);

#define NVM_CMD_FUSE_FIRST		0x01
#define NVM_CMD_FUSE_SECOND		0x02
#define NVM_CMD_PSDT			0xc0
#define NVM_CMD_SGL_METABUF		0x40	/* SGL; MPTR is the address of a buffer */
#define NVM_CMD_SGL_METASEG		0x80	/* SGL; MPTR is the address of a descriptor */

/* The namespace id that means all of them. Base 3.2.1.2 */
#define NVM_NSID_ALL			0xffffffffU

/* Completion queue entry. Base 3.3.3.2 */
struct nvm_cqe {
	union {
		struct {
			__le32	dw0;	/* command specific */
			__le32	dw1;
		};
		__le64	result;
	};
	__le16	sq_head;
	__le16	sq_id;
	__u16	cid;
	__le16	status;			/* phase in bit 0 */
};

NVM_ASSERT_SIZE(struct nvm_cqe, 16);
NVM_ASSERT_OFFSET(struct nvm_cqe, sq_head, 8);
NVM_ASSERT_OFFSET(struct nvm_cqe, cid, 12);
NVM_ASSERT_OFFSET(struct nvm_cqe, status, 14);

#define NVM_CQE_PHASE			0x0001

/* The status without the phase: what the constants of status.h compare with. */
static inline __u16 nvm_cqe_status(const struct nvm_cqe *cqe)
{
	return le16_to_cpu(cqe->status) >> 1;
}

/* Data transfer direction, encoded in the two low bits of each opcode. Base 3.3.3.1 */
#define NVM_OPC_DATA			0x03
#define NVM_OPC_DATA_OUT		0x01	/* host to controller */
#define NVM_OPC_DATA_IN			0x02	/* controller to host */

/* Admin opcodes. Base 5 */
enum {
	NVM_ADMIN_DELETE_SQ		= 0x00,
	NVM_ADMIN_CREATE_SQ		= 0x01,
	NVM_ADMIN_GET_LOG_PAGE		= 0x02,
	NVM_ADMIN_DELETE_CQ		= 0x04,
	NVM_ADMIN_CREATE_CQ		= 0x05,
	NVM_ADMIN_IDENTIFY		= 0x06,
	NVM_ADMIN_ABORT_CMD		= 0x08,
	NVM_ADMIN_SET_FEATURES		= 0x09,
	NVM_ADMIN_GET_FEATURES		= 0x0a,
	NVM_ADMIN_ASYNC_EVENT		= 0x0c,
	NVM_ADMIN_NS_MGMT		= 0x0d,
	NVM_ADMIN_ACTIVATE_FW		= 0x10,
	NVM_ADMIN_DOWNLOAD_FW		= 0x11,
	NVM_ADMIN_DEV_SELF_TEST		= 0x14,
	NVM_ADMIN_NS_ATTACH		= 0x15,
	NVM_ADMIN_KEEP_ALIVE		= 0x18,
	NVM_ADMIN_DIRECTIVE_SEND	= 0x19,
	NVM_ADMIN_DIRECTIVE_RECV	= 0x1a,
	NVM_ADMIN_VIRTUAL_MGMT		= 0x1c,
	NVM_ADMIN_NVME_MI_SEND		= 0x1d,
	NVM_ADMIN_NVME_MI_RECV		= 0x1e,
	NVM_ADMIN_CAPACITY_MGMT		= 0x20,
	NVM_ADMIN_LOCKDOWN		= 0x24,
	NVM_ADMIN_DBBUF			= 0x7c,
	NVM_ADMIN_FORMAT_NVM		= 0x80,
	NVM_ADMIN_SECURITY_SEND		= 0x81,
	NVM_ADMIN_SECURITY_RECV		= 0x82,
	NVM_ADMIN_SANITIZE_NVM		= 0x84,
	NVM_ADMIN_GET_LBA_STATUS	= 0x86,
	NVM_ADMIN_VENDOR_START		= 0xc0,
};

/* I/O opcodes. Base 7, NVM 3.2, ZNS 3.4 */
enum {
	NVM_CMD_FLUSH			= 0x00,
	NVM_CMD_WRITE			= 0x01,
	NVM_CMD_READ			= 0x02,
	NVM_CMD_WRITE_UNCOR		= 0x04,
	NVM_CMD_COMPARE			= 0x05,
	NVM_CMD_WRITE_ZEROES		= 0x08,
	NVM_CMD_DSM			= 0x09,
	NVM_CMD_VERIFY			= 0x0c,
	NVM_CMD_RESV_REGISTER		= 0x0d,
	NVM_CMD_RESV_REPORT		= 0x0e,
	NVM_CMD_RESV_ACQUIRE		= 0x11,
	NVM_CMD_IO_MGMT_RECV		= 0x12,
	NVM_CMD_RESV_RELEASE		= 0x15,
	NVM_CMD_CANCEL			= 0x18,	/* (2.1) */
	NVM_CMD_COPY			= 0x19,
	NVM_CMD_IO_MGMT_SEND		= 0x1d,
	NVM_CMD_ZONE_MGMT_SEND		= 0x79,
	NVM_CMD_ZONE_MGMT_RECV		= 0x7a,
	NVM_CMD_ZONE_APPEND		= 0x7d,
	NVM_CMD_VENDOR_START		= 0x80,
};

/* Create and delete I/O queues. Base 5.4 to 5.7; cdw10 of all four */
#define NVM_QUEUE_QID			NVM_MASK(15, 0)
#define NVM_QUEUE_QSIZE			NVM_MASK(31, 16)	/* zero-based */
/* cdw11 of both creates */
#define NVM_QUEUE_PHYS_CONTIG		NVM_BIT(0)
#define NVM_CQ_IRQ_ENABLED		NVM_BIT(1)
#define NVM_CQ_IV			NVM_MASK(31, 16)	/* interrupt vector */
#define NVM_SQ_PRIO			NVM_MASK(2, 1)		/* with AMS WRRU only */
#define NVM_SQ_PRIO_URGENT		NVM_PREP(NVM_SQ_PRIO, 0)
#define NVM_SQ_PRIO_HIGH		NVM_PREP(NVM_SQ_PRIO, 1)
#define NVM_SQ_PRIO_MEDIUM		NVM_PREP(NVM_SQ_PRIO, 2)
#define NVM_SQ_PRIO_LOW			NVM_PREP(NVM_SQ_PRIO, 3)
#define NVM_SQ_CQID			NVM_MASK(31, 16)
/* cdw12 of create SQ */
#define NVM_SQ_NVMSETID			NVM_MASK(15, 0)

/* Identify. Base 5.17.1; the CNS values are in identify.h */
#define NVM_IDENTIFY_CNS		NVM_MASK(7, 0)		/* cdw10 */
#define NVM_IDENTIFY_CNTID		NVM_MASK(31, 16)	/* cdw10 */
#define NVM_IDENTIFY_CNSSID		NVM_MASK(15, 0)		/* cdw11 */
#define NVM_IDENTIFY_CSI		NVM_MASK(31, 24)	/* cdw11 */
#define NVM_IDENTIFY_DATA_SIZE		4096

/* Get and set features. Base 5.15, 5.27; cdw10. FIDs and cdw11 are in feature.h */
#define NVM_FEAT_FID			NVM_MASK(7, 0)
#define NVM_FEAT_SEL			NVM_MASK(10, 8)
#define NVM_FEAT_SEL_CURRENT		NVM_PREP(NVM_FEAT_SEL, 0)
#define NVM_FEAT_SEL_DEFAULT		NVM_PREP(NVM_FEAT_SEL, 1)
#define NVM_FEAT_SEL_SAVED		NVM_PREP(NVM_FEAT_SEL, 2)
#define NVM_FEAT_SEL_CAP		NVM_PREP(NVM_FEAT_SEL, 3)
#define NVM_FEAT_SAVE			NVM_BIT(31)
/* dw0 of get features, SEL_CAP */
#define NVM_FEAT_CAP_SAVEABLE		NVM_BIT(0)
#define NVM_FEAT_CAP_PER_NS		NVM_BIT(1)
#define NVM_FEAT_CAP_CHANGEABLE		NVM_BIT(2)

/* Get log page. Base 5.16.1; LIDs are in log.h. Offset low in cdw12, high in cdw13 */
#define NVM_LOG_LID			NVM_MASK(7, 0)		/* cdw10 */
#define NVM_LOG_LSP			NVM_MASK(14, 8)		/* cdw10 (7 bits since 2.0) */
#define NVM_LOG_RAE			NVM_BIT(15)		/* cdw10: retain async event */
#define NVM_LOG_NUMDL			NVM_MASK(31, 16)	/* cdw10: dwords, zero-based */
#define NVM_LOG_NUMDU			NVM_MASK(15, 0)		/* cdw11 */
#define NVM_LOG_LSI			NVM_MASK(31, 16)	/* cdw11 */
#define NVM_LOG_CSI			NVM_MASK(31, 24)	/* cdw14 */
#define NVM_LOG_OT			NVM_BIT(23)		/* cdw14: offset is an index */

/* Abort. Base 5.1; cdw10, and dw0 of the completion */
#define NVM_ABORT_SQID			NVM_MASK(15, 0)
#define NVM_ABORT_CID			NVM_MASK(31, 16)
#define NVM_ABORT_DW0_NOT_ABORTED	NVM_BIT(0)

/* Format NVM. Base 5.14; cdw10 */
#define NVM_FORMAT_LBAFL		NVM_MASK(3, 0)
#define NVM_FORMAT_MSET			NVM_BIT(4)
#define NVM_FORMAT_PI			NVM_MASK(7, 5)
#define NVM_FORMAT_PIL			NVM_BIT(8)
#define NVM_FORMAT_SES			NVM_MASK(11, 9)
#define NVM_FORMAT_LBAFU		NVM_MASK(13, 12)

/* Namespace management and attachment. Base 5.22, 5.23; cdw10 */
#define NVM_NS_SEL			NVM_MASK(3, 0)
#define NVM_NS_MGMT_SEL_CREATE		0
#define NVM_NS_MGMT_SEL_DELETE		1
#define NVM_NS_ATTACH_SEL_CTRL_ATTACH	0
#define NVM_NS_ATTACH_SEL_CTRL_DETACH	1
#define NVM_NS_MGMT_CSI			NVM_MASK(31, 24)	/* cdw11 */

/* Firmware commit. Base 5.12; cdw10 */
#define NVM_FW_COMMIT_FS		NVM_MASK(2, 0)
#define NVM_FW_COMMIT_CA		NVM_MASK(5, 3)
#define NVM_FW_COMMIT_BPID		NVM_BIT(31)

/* Security send and receive. Base 5.25, 5.26; cdw10. cdw11 is the length in bytes */
#define NVM_SEC_NSSF			NVM_MASK(7, 0)
#define NVM_SEC_SPSP			NVM_MASK(23, 8)
#define NVM_SEC_SECP			NVM_MASK(31, 24)

/*
 * Read, write, compare, write zeroes, verify, zone append. NVM 3.2.4, 3.2.6
 * cdw10 and 11: SLBA; cdw12: below; cdw13: DSM, or DSPEC above; cdw14: ILBRT; cdw15: below
 */
#define NVM_RW_NLB			NVM_MASK(15, 0)		/* blocks, zero-based */
#define NVM_RW_STC			NVM_BIT(24)		/* check the storage tag */
#define NVM_RW_DTYPE			NVM_MASK(23, 20)	/* directive type */
#define NVM_RW_DTYPE_STREAMS		NVM_PREP(NVM_RW_DTYPE, 1)
#define NVM_RW_DTYPE_DPLCMT		NVM_PREP(NVM_RW_DTYPE, 2)
#define NVM_RW_PRINFO			NVM_MASK(29, 26)
#define NVM_RW_PRINFO_PRCHK_REF		NVM_BIT(26)
#define NVM_RW_PRINFO_PRCHK_APP		NVM_BIT(27)
#define NVM_RW_PRINFO_PRCHK_GUARD	NVM_BIT(28)
#define NVM_RW_PRINFO_PRACT		NVM_BIT(29)
#define NVM_RW_FUA			NVM_BIT(30)
#define NVM_RW_LR			NVM_BIT(31)		/* limited retry */
#define NVM_WZ_DEAC			NVM_BIT(25)		/* write zeroes: deallocate */
#define NVM_ZONE_APPEND_PIREMAP		NVM_BIT(25)
/* cdw13 */
#define NVM_RW_DSM_FREQ			NVM_MASK(3, 0)
#define NVM_RW_DSM_FREQ_PREFETCH	NVM_PREP(NVM_RW_DSM_FREQ, 7)
#define NVM_RW_DSM_LATENCY		NVM_MASK(5, 4)
#define NVM_RW_DSM_SEQ_REQ		NVM_BIT(6)
#define NVM_RW_DSM_COMPRESSED		NVM_BIT(7)
#define NVM_RW_DSPEC			NVM_MASK(31, 16)
/* cdw15 */
#define NVM_RW_APPTAG			NVM_MASK(15, 0)
#define NVM_RW_APPMASK			NVM_MASK(31, 16)

/* Dataset management. NVM 3.2.3 */
#define NVM_DSM_NR			NVM_MASK(7, 0)		/* cdw10: ranges, zero-based */
#define NVM_DSMGMT_IDR			NVM_BIT(0)		/* cdw11 */
#define NVM_DSMGMT_IDW			NVM_BIT(1)
#define NVM_DSMGMT_AD			NVM_BIT(2)		/* deallocate */
#define NVM_DSM_MAX_RANGES		256

struct nvm_dsm_range {
	__le32	cattr;
	__le32	nlb;		/* a count, not zero-based */
	__le64	slba;
};

NVM_ASSERT_SIZE(struct nvm_dsm_range, 16);

/* Source ranges of a copy, formats 0 and 1. NVM 3.2.2 */
struct nvm_copy_range {
	__u8	rsvd0[8];
	__le64	slba;
	__le16	nlb;		/* zero-based */
	__u8	rsvd18[6];
	__le32	eilbrt;
	__le16	elbat;
	__le16	elbatm;
};

NVM_ASSERT_SIZE(struct nvm_copy_range, 32);

struct nvm_copy_range_f1 {
	__u8	rsvd0[8];
	__le64	slba;
	__le16	nlb;
	__u8	rsvd18[8];
	__u8	elbt[10];
	__le16	elbat;
	__le16	elbatm;
};

NVM_ASSERT_SIZE(struct nvm_copy_range_f1, 40);

#define NVM_COPY_NR			NVM_MASK(7, 0)		/* cdw12 */
#define NVM_COPY_DESFMT			NVM_MASK(11, 8)		/* cdw12 */

/* Doorbell buffer config: prp1 shadow doorbells, prp2 EventIdxs. Base 5.8 */

/* Zone management send and receive. ZNS 3.4.2, 3.4.3; cdw13 */
#define NVM_ZONE_ZSA			NVM_MASK(7, 0)
#define NVM_ZONE_SELECT_ALL		NVM_BIT(8)
#define NVM_ZONE_ZRASF			NVM_MASK(15, 8)		/* receive: filter */
#define NVM_ZONE_PARTIAL		NVM_BIT(16)		/* receive: count what fits */

enum {
	NVM_ZONE_CLOSE			= 0x1,
	NVM_ZONE_FINISH			= 0x2,
	NVM_ZONE_OPEN			= 0x3,
	NVM_ZONE_RESET			= 0x4,
	NVM_ZONE_OFFLINE		= 0x5,
	NVM_ZONE_SET_DESC_EXT		= 0x10,
};

enum {
	NVM_ZRA_ZONE_REPORT		= 0,
	NVM_ZRA_EXT_ZONE_REPORT		= 1,
	NVM_ZRASF_ZONE_REPORT_ALL	= 0,
	NVM_REPORT_ZONE_PARTIAL		= 1,
};

/* Reservations. Base 7.2 to 7.5; cdw10 */
#define NVM_RESV_ACTION			NVM_MASK(2, 0)		/* RACQA, RREGA, RRELA */
#define NVM_RESV_IEKEY			NVM_BIT(3)		/* ignore the existing key */
#define NVM_RESV_RTYPE			NVM_MASK(15, 8)
#define NVM_RESV_CPTPL			NVM_MASK(31, 30)	/* register */
#define NVM_RESV_CPTPL_ON		NVM_PREP(NVM_RESV_CPTPL, 3)	/* survives power loss */
#define NVM_RESV_REPORT_EDS		NVM_BIT(0)		/* report: cdw11, 64-byte entries */

enum {
	NVM_RESV_REGISTER_KEY		= 0,
	NVM_RESV_UNREGISTER_KEY		= 1,
	NVM_RESV_REPLACE_KEY		= 2,
	NVM_RESV_ACQUIRE		= 0,
	NVM_RESV_PREEMPT		= 1,
	NVM_RESV_PREEMPT_ABORT		= 2,
	NVM_RESV_RELEASE		= 0,
	NVM_RESV_CLEAR			= 1,
};

enum {
	NVM_PR_WRITE_EXCLUSIVE		= 1,
	NVM_PR_EXCLUSIVE_ACCESS		= 2,
	NVM_PR_WRITE_EXCLUSIVE_REG_ONLY	= 3,
	NVM_PR_EXCLUSIVE_ACCESS_REG_ONLY = 4,
	NVM_PR_WRITE_EXCLUSIVE_ALL_REGS	= 5,
	NVM_PR_EXCLUSIVE_ACCESS_ALL_REGS = 6,
};

/* Data of register (crkey, nrkey), acquire (crkey, prkey) and release (crkey alone). */
struct nvm_resv_keys {
	__le64	crkey;
	__le64	nrkey;
};

NVM_ASSERT_SIZE(struct nvm_resv_keys, 16);

/* I/O management receive: cdw10. Base 7.3 (2.1) */
#define NVM_IO_MGMT_MO			NVM_MASK(7, 0)
#define NVM_IO_MGMT_MO_RUH		1			/* reclaim unit handle status */

#endif /* _NVMQ_NVME_CMD_H */
