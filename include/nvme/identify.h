/* SPDX-License-Identifier: GPL-2.0 */
/* What identify returns: CNS values and the controller. Base 5.17.2, NVM 4.1.5, ZNS 4.1.5 */
#ifndef _NVMQ_NVME_IDENTIFY_H
#define _NVMQ_NVME_IDENTIFY_H

#include <nvme/types.h>
#include <nvme/identify_ns.h>

/* CNS. Base 5.17.1 */
enum {
	NVM_ID_CNS_NS			= 0x00,	/* struct nvm_id_ns */
	NVM_ID_CNS_CTRL			= 0x01,	/* struct nvm_id_ctrl */
	NVM_ID_CNS_NS_ACTIVE_LIST	= 0x02,	/* __le32[1024], above the NSID given */
	NVM_ID_CNS_NS_DESC_LIST		= 0x03,	/* struct nvm_ns_id_desc ... */
	NVM_ID_CNS_NVMSET_LIST		= 0x04,
	NVM_ID_CNS_CS_NS		= 0x05,	/* by CSI: nvm_id_ns_nvm, nvm_id_ns_zns */
	NVM_ID_CNS_CS_CTRL		= 0x06,	/* by CSI: nvm_id_ctrl_nvm, nvm_id_ctrl_zns */
	NVM_ID_CNS_NS_ACTIVE_LIST_CS	= 0x07,
	NVM_ID_CNS_NS_CS_INDEP		= 0x08,	/* struct nvm_id_ns_cs_indep */
	NVM_ID_CNS_NS_USER_FORMAT	= 0x09,
	NVM_ID_CNS_CS_NS_USER_FORMAT	= 0x0a,
	NVM_ID_CNS_NS_PRESENT_LIST	= 0x10,	/* allocated, attached or not */
	NVM_ID_CNS_NS_PRESENT		= 0x11,
	NVM_ID_CNS_CTRL_NS_LIST		= 0x12,	/* controllers attached to a namespace */
	NVM_ID_CNS_CTRL_LIST		= 0x13,
	NVM_ID_CNS_PRIMARY_CTRL_CAPS	= 0x14,
	NVM_ID_CNS_SCNDRY_CTRL_LIST	= 0x15,
	NVM_ID_CNS_NS_GRANULARITY	= 0x16,
	NVM_ID_CNS_UUID_LIST		= 0x17,
	NVM_ID_CNS_DOMAIN_LIST		= 0x18,
	NVM_ID_CNS_ENDGRP_LIST		= 0x19,
	NVM_ID_CNS_NS_PRESENT_LIST_CS	= 0x1a,
	NVM_ID_CNS_CS_NS_PRESENT	= 0x1b,
	NVM_ID_CNS_IOCS			= 0x1c,	/* __le64[512], command set combinations */
};

/* Command set identifiers. Base 5.17.1 */
enum {
	NVM_CSI_NVM			= 0x00,
	NVM_CSI_KV			= 0x01,
	NVM_CSI_ZNS			= 0x02,
};

#define NVM_CTRL_SN_LEN			20
#define NVM_CTRL_MN_LEN			40
#define NVM_CTRL_FR_LEN			8
#define NVM_NQN_LEN			256	/* 223 bytes and a zero at most */

/* Power state descriptor. Base 5.17.2.1 */
struct nvm_id_power_state {
	__le16	max_power;		/* centiwatts, or 0.1 mW with NVM_PS_MXPS */
	__u8	rsvd2;
	__u8	flags;
	__le32	entry_lat;		/* microseconds */
	__le32	exit_lat;		/* microseconds */
	__u8	read_tput;
	__u8	read_lat;
	__u8	write_tput;
	__u8	write_lat;
	__le16	idle_power;
	__u8	idle_scale;
	__u8	rsvd19;
	__le16	active_power;
	__u8	active_work_scale;
	__u8	rsvd23[9];
};

NVM_ASSERT_SIZE(struct nvm_id_power_state, 32);
NVM_ASSERT_OFFSET(struct nvm_id_power_state, idle_power, 16);
NVM_ASSERT_OFFSET(struct nvm_id_power_state, active_power, 20);

#define NVM_PS_MXPS			0x01	/* scale of max_power: 0.1 mW */
#define NVM_PS_NOPS			0x02	/* non-operational */

/* Identify controller, CNS 01h. Base 5.17.2.1 */
struct nvm_id_ctrl {
	/* capabilities and features */
	__le16	vid;
	__le16	ssvid;
	char	sn[NVM_CTRL_SN_LEN];
	char	mn[NVM_CTRL_MN_LEN];
	char	fr[NVM_CTRL_FR_LEN];
	__u8	rab;			/* recommended arbitration burst, log2 */
	__u8	ieee[3];
	__u8	cmic;
	__u8	mdts;			/* log2 of CAP.MPSMIN pages; 0: no limit */
	__le16	cntlid;
	__le32	ver;			/* as VS */
	__le32	rtd3r;			/* microseconds */
	__le32	rtd3e;			/* microseconds */
	__le32	oaes;
	__le32	ctratt;
	__le16	rrls;
	__u8	bpcap;			/* (2.1) */
	__u8	rsvd103;
	__le32	nssl;			/* (2.1) microseconds */
	__u8	rsvd108[2];
	__u8	plsi;			/* (2.1) */
	__u8	cntrltype;
	__u8	fguid[16];
	__le16	crdt1;			/* command retry delays, 100 ms */
	__le16	crdt2;
	__le16	crdt3;
	__u8	crcap;			/* (2.1) */
	__u8	rsvd135[118];
	__u8	nvmsr;
	__u8	vwci;
	__u8	mec;

	/* admin command set attributes */
	__le16	oacs;
	__u8	acl;			/* concurrent aborts, zero-based */
	__u8	aerl;			/* outstanding AERs, zero-based */
	__u8	frmw;
	__u8	lpa;
	__u8	elpe;			/* error log entries, zero-based */
	__u8	npss;			/* power states, zero-based */
	__u8	avscc;
	__u8	apsta;			/* APST */
	__le16	wctemp;			/* kelvins */
	__le16	cctemp;			/* kelvins */
	__le16	mtfa;			/* 100 ms */
	__le32	hmpre;			/* 4 KiB */
	__le32	hmmin;			/* 4 KiB */
	__u8	tnvmcap[16];		/* bytes */
	__u8	unvmcap[16];		/* bytes */
	__le32	rpmbs;
	__le16	edstt;			/* minutes */
	__u8	dsto;
	__u8	fwug;			/* 4 KiB */
	__le16	kas;			/* 100 ms; 0: no keep alive */
	__le16	hctma;
	__le16	mntmt;			/* kelvins */
	__le16	mxtmt;			/* kelvins */
	__le32	sanicap;
	__le32	hmminds;		/* 4 KiB: smallest HMB buffer */
	__le16	hmmaxd;			/* most HMB descriptors */
	__le16	nsetidmax;
	__le16	endgidmax;
	__u8	anatt;			/* seconds */
	__u8	anacap;
	__le32	anagrpmax;
	__le32	nanagrpid;
	__le32	pels;			/* 64 KiB */
	__le16	domainid;
	__u8	kpioc;			/* (2.1) */
	__u8	rsvd359;
	__le16	mptfawr;		/* (2.1) 100 ms */
	__u8	rsvd362[6];
	__u8	megcap[16];		/* bytes */
	__u8	tmpthha;		/* (2.1) */
	__u8	rsvd385;
	__le16	cqt;			/* (2.1) ms */
	__u8	rsvd388[124];

	/* NVM command set attributes */
	__u8	sqes;			/* log2: low nibble needed, high nibble largest */
	__u8	cqes;
	__le16	maxcmd;
	__le32	nn;
	__le16	oncs;
	__le16	fuses;
	__u8	fna;
	__u8	vwc;
	__le16	awun;			/* blocks, zero-based */
	__le16	awupf;			/* blocks, zero-based */
	__u8	nvscc;
	__u8	nwpc;
	__le16	acwu;			/* blocks, zero-based */
	__le16	ocfs;
	__le32	sgls;
	__le32	mnan;
	__u8	maxdna[16];
	__le32	maxcna;
	__le32	oaqd;			/* (2.1) */
	__u8	rhiri;			/* (2.1) */
	__u8	hirt;			/* (2.1) */
	__le16	cmmrtd;			/* (2.1) */
	__le16	nmmrtd;			/* (2.1) */
	__u8	minmrtg;		/* (2.1) */
	__u8	maxmrtg;		/* (2.1) */
	__u8	trattr;			/* (2.1) */
	__u8	rsvd577[191];
	char	subnqn[NVM_NQN_LEN];
	__u8	rsvd1024[768];

	/* fabrics attributes */
	__le32	ioccsz;
	__le32	iorcsz;
	__le16	icdoff;
	__u8	ctrattr;
	__u8	msdbd;
	__le16	ofcs;
	__u8	dctype;
	__u8	rsvd1807[241];

	struct nvm_id_power_state psd[32];
	__u8	vs[1024];
};

NVM_ASSERT_SIZE(struct nvm_id_ctrl, 4096);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, fr, 64);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, mdts, 77);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, cntrltype, 111);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, crdt1, 128);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, nvmsr, 253);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, oacs, 256);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, hmpre, 272);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, kas, 320);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, hmminds, 332);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, megcap, 368);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, sqes, 512);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, oncs, 520);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, sgls, 536);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, subnqn, 768);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, ioccsz, 1792);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, psd, 2048);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl, vs, 3072);

/* CMIC */
#define NVM_CTRL_CMIC_MULTI_PORT	NVM_BIT(0)
#define NVM_CTRL_CMIC_MULTI_CTRL	NVM_BIT(1)
#define NVM_CTRL_CMIC_VF		NVM_BIT(2)
#define NVM_CTRL_CMIC_ANA		NVM_BIT(3)
/* OAES: notices that the event configuration feature may turn on; the bits are its bits */
#define NVM_CTRL_OAES_NS_ATTR		NVM_BIT(8)
#define NVM_CTRL_OAES_FW_ACT		NVM_BIT(9)
#define NVM_CTRL_OAES_ANA		NVM_BIT(11)
#define NVM_CTRL_OAES_PLM		NVM_BIT(12)
#define NVM_CTRL_OAES_LBA_STATUS	NVM_BIT(13)
#define NVM_CTRL_OAES_ENDGRP		NVM_BIT(14)
#define NVM_CTRL_OAES_NORMAL_SHUTDOWN	NVM_BIT(15)
#define NVM_CTRL_OAES_ZONE_DESC		NVM_BIT(27)
#define NVM_CTRL_OAES_DISC		NVM_BIT(31)
/* CTRATT */
#define NVM_CTRL_CTRATT_128_ID		NVM_BIT(0)
#define NVM_CTRL_CTRATT_NON_OP_PSP	NVM_BIT(1)
#define NVM_CTRL_CTRATT_NVM_SETS	NVM_BIT(2)
#define NVM_CTRL_CTRATT_READ_RECV_LVLS	NVM_BIT(3)
#define NVM_CTRL_CTRATT_ENDURANCE_GROUPS NVM_BIT(4)
#define NVM_CTRL_CTRATT_PREDICTABLE_LAT	NVM_BIT(5)
#define NVM_CTRL_CTRATT_TBKAS		NVM_BIT(6)
#define NVM_CTRL_CTRATT_NAMESPACE_GRANULARITY NVM_BIT(7)
#define NVM_CTRL_CTRATT_SQ_ASSOCIATIONS	NVM_BIT(8)
#define NVM_CTRL_CTRATT_UUID_LIST	NVM_BIT(9)
#define NVM_CTRL_CTRATT_MDS		NVM_BIT(10)
#define NVM_CTRL_CTRATT_FIXED_CAP	NVM_BIT(11)
#define NVM_CTRL_CTRATT_VARIABLE_CAP	NVM_BIT(12)
#define NVM_CTRL_CTRATT_DEL_ENDGRP	NVM_BIT(13)
#define NVM_CTRL_CTRATT_DEL_NVMSET	NVM_BIT(14)
#define NVM_CTRL_CTRATT_ELBAS		NVM_BIT(15)
#define NVM_CTRL_CTRATT_MEM		NVM_BIT(16)	/* MDTS and limits exclude metadata */
#define NVM_CTRL_CTRATT_HMBR		NVM_BIT(17)
#define NVM_CTRL_CTRATT_FDPS		NVM_BIT(19)
/* CNTRLTYPE */
enum {
	NVM_CTRL_NOT_REPORTED		= 0,
	NVM_CTRL_IO			= 1,
	NVM_CTRL_DISC			= 2,
	NVM_CTRL_ADMIN			= 3,
};

/* OACS */
#define NVM_CTRL_OACS_SEC_SUPP		NVM_BIT(0)
#define NVM_CTRL_OACS_FORMAT		NVM_BIT(1)
#define NVM_CTRL_OACS_FW		NVM_BIT(2)
#define NVM_CTRL_OACS_NS_MNGT_SUPP	NVM_BIT(3)
#define NVM_CTRL_OACS_SELF_TEST		NVM_BIT(4)
#define NVM_CTRL_OACS_DIRECTIVES	NVM_BIT(5)
#define NVM_CTRL_OACS_NVME_MI		NVM_BIT(6)
#define NVM_CTRL_OACS_VIRT_MGMT		NVM_BIT(7)
#define NVM_CTRL_OACS_DBBUF_SUPP	NVM_BIT(8)
#define NVM_CTRL_OACS_LBA_STATUS	NVM_BIT(9)
#define NVM_CTRL_OACS_LOCKDOWN		NVM_BIT(10)
/* FRMW */
#define NVM_CTRL_FRMW_SLOT1_RO		NVM_BIT(0)
#define NVM_CTRL_FRMW_NOFS		NVM_MASK(3, 1)
#define NVM_CTRL_FRMW_FAWR		NVM_BIT(4)	/* activates without a reset */
/* LPA */
#define NVM_CTRL_LPA_SMART_PER_NS	NVM_BIT(0)
#define NVM_CTRL_LPA_CMD_EFFECTS_LOG	NVM_BIT(1)
#define NVM_CTRL_LPA_EXTENDED_DATA	NVM_BIT(2)	/* get log page takes offset, NUMDU */
#define NVM_CTRL_LPA_TELEMETRY		NVM_BIT(3)
#define NVM_CTRL_LPA_PERSISTENT_EVENT	NVM_BIT(4)
#define NVM_CTRL_LPA_SUPPORTED_PAGES	NVM_BIT(5)
#define NVM_CTRL_LPA_TELEMETRY_AREA_4	NVM_BIT(6)
/* APSTA */
#define NVM_CTRL_APSTA_APST		NVM_BIT(0)
/* HCTMA */
#define NVM_CTRL_HCTMA_HCTM		NVM_BIT(0)
/* SANICAP */
#define NVM_CTRL_SANICAP_CES		NVM_BIT(0)
#define NVM_CTRL_SANICAP_BES		NVM_BIT(1)
#define NVM_CTRL_SANICAP_OWS		NVM_BIT(2)

/* SQES, CQES */
#define NVM_CTRL_ES_MIN			NVM_MASK(3, 0)
#define NVM_CTRL_ES_MAX			NVM_MASK(7, 4)
/* ONCS */
#define NVM_CTRL_ONCS_COMPARE		NVM_BIT(0)
#define NVM_CTRL_ONCS_WRITE_UNCORRECTABLE NVM_BIT(1)
#define NVM_CTRL_ONCS_DSM		NVM_BIT(2)
#define NVM_CTRL_ONCS_WRITE_ZEROES	NVM_BIT(3)
#define NVM_CTRL_ONCS_SAVE		NVM_BIT(4)
#define NVM_CTRL_ONCS_RESERVATIONS	NVM_BIT(5)
#define NVM_CTRL_ONCS_TIMESTAMP		NVM_BIT(6)
#define NVM_CTRL_ONCS_VERIFY		NVM_BIT(7)
#define NVM_CTRL_ONCS_COPY		NVM_BIT(8)
#define NVM_CTRL_ONCS_COPY_ATOMIC	NVM_BIT(9)	/* (2.1) */
#define NVM_CTRL_ONCS_ALL_FAST_COPY	NVM_BIT(10)	/* (2.1) */
#define NVM_CTRL_ONCS_WZ_DEALLOC	NVM_BIT(11)	/* (2.1) one command, whole namespace */
#define NVM_CTRL_ONCS_NSZS		NVM_BIT(12)	/* (2.1) */
/* FUSES */
#define NVM_CTRL_FUSES_COMPARE_WRITE	NVM_BIT(0)
/* FNA */
#define NVM_CTRL_FNA_FORMAT_ALL		NVM_BIT(0)
#define NVM_CTRL_FNA_ERASE_ALL		NVM_BIT(1)
#define NVM_CTRL_FNA_CRYPTO		NVM_BIT(2)
#define NVM_CTRL_FNA_NO_BROADCAST	NVM_BIT(3)
/* SQES, CQES: log2 of an entry's bytes, what the host must use and what it may */
#define NVM_CTRL_SQES_MIN		NVM_MASK(3, 0)
#define NVM_CTRL_SQES_MAX		NVM_MASK(7, 4)
/* VWC */
#define NVM_CTRL_VWC_PRESENT		NVM_BIT(0)
#define NVM_CTRL_VWC_FLUSH_ALL		NVM_MASK(2, 1)	/* flush with NSID FFFFFFFFh: */
#define NVM_CTRL_VWC_FLUSH_ALL_NOT	NVM_PREP(NVM_CTRL_VWC_FLUSH_ALL, 2)
#define NVM_CTRL_VWC_FLUSH_ALL_YES	NVM_PREP(NVM_CTRL_VWC_FLUSH_ALL, 3)
/* NWPC */
#define NVM_CTRL_NWPC_WP		NVM_BIT(0)
/* SGLS */
#define NVM_CTRL_SGLS_SUPP		NVM_MASK(1, 0)
#define NVM_CTRL_SGLS_BYTE_ALIGNED	NVM_PREP(NVM_CTRL_SGLS_SUPP, 1)
#define NVM_CTRL_SGLS_DWORD_ALIGNED	NVM_PREP(NVM_CTRL_SGLS_SUPP, 2)
#define NVM_CTRL_SGLS_KSDBDS		NVM_BIT(2)
#define NVM_CTRL_SGLS_SDT		NVM_MASK(15, 8)	/* recommended most descriptors (2.1) */
#define NVM_CTRL_SGLS_BIT_BUCKET	NVM_BIT(16)
#define NVM_CTRL_SGLS_MPTR_CONTIG	NVM_BIT(17)
#define NVM_CTRL_SGLS_LARGER		NVM_BIT(18)	/* longer than the data is fine */
#define NVM_CTRL_SGLS_MSDS		NVM_BIT(19)	/* MPTR may point to a descriptor */
#define NVM_CTRL_SGLS_SAOS		NVM_BIT(20)
#define NVM_CTRL_SGLS_TRSDBD		NVM_BIT(21)

/* Identify controller of the NVM command set, CNS 06h, CSI 00h. NVM 4.1.5.4 */
struct nvm_id_ctrl_nvm {
	__u8	vsl;			/* log2 of CAP.MPSMIN pages, as MDTS; for verify */
	__u8	wzsl;			/* for write zeroes */
	__u8	wusl;			/* for write uncorrectable */
	__u8	dmrl;			/* ranges of a DSM; 0: no limit */
	__le32	dmrsl;			/* blocks of one range; 0: no limit */
	__le64	dmsl;			/* blocks of a DSM; 0: no limit */
	__u8	kpiocap;		/* (1.1) */
	__u8	wzdsl;			/* (1.1) write zeroes with DEAC */
	__le16	aocs;			/* (1.1) */
	__u8	rsvd20[4076];
};

NVM_ASSERT_SIZE(struct nvm_id_ctrl_nvm, 4096);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl_nvm, dmrsl, 4);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl_nvm, dmsl, 8);
NVM_ASSERT_OFFSET(struct nvm_id_ctrl_nvm, aocs, 18);

/* Identify controller of zoned namespaces, CNS 06h, CSI 02h. ZNS 4.1.5.2 */
struct nvm_id_ctrl_zns {
	__u8	zasl;			/* log2 of CAP.MPSMIN pages; 0: MDTS; for zone append */
	__u8	rsvd1[4095];
};

NVM_ASSERT_SIZE(struct nvm_id_ctrl_zns, 4096);

#endif /* _NVMQ_NVME_IDENTIFY_H */
