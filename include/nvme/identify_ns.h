/* SPDX-License-Identifier: GPL-2.0 */
/* What identify returns: namespaces. Base 5.17.2, NVM 4.1.5, ZNS 4.1.5 */
#ifndef _NVMQ_NVME_IDENTIFY_NS_H
#define _NVMQ_NVME_IDENTIFY_NS_H

#include <nvme/types.h>

/* LBA format. NVM 4.1.5.1 */
struct nvm_lbaf {
	__le16	ms;			/* metadata bytes per block */
	__u8	ds;			/* log2 of the block's data bytes; below 9: not usable */
	__u8	rp;			/* relative performance, 0 is best */
};

NVM_ASSERT_SIZE(struct nvm_lbaf, 4);

#define NVM_MAX_LBAF			64

/* Identify namespace, CNS 00h. NVM 4.1.5.1 */
struct nvm_id_ns {
	__le64	nsze;			/* blocks */
	__le64	ncap;			/* blocks */
	__le64	nuse;			/* blocks */
	__u8	nsfeat;
	__u8	nlbaf;			/* zero-based */
	__u8	flbas;
	__u8	mc;
	__u8	dpc;
	__u8	dps;
	__u8	nmic;
	__u8	rescap;
	__u8	fpi;
	__u8	dlfeat;
	__le16	nawun;			/* blocks, zero-based, and so on down to nabspf */
	__le16	nawupf;
	__le16	nacwu;
	__le16	nabsn;
	__le16	nabo;			/* blocks, not zero-based */
	__le16	nabspf;
	__le16	noiob;			/* blocks, not zero-based */
	__u8	nvmcap[16];		/* bytes */
	__le16	npwg;			/* blocks, zero-based, and so on down to nows */
	__le16	npwa;
	__le16	npdg;
	__le16	npda;
	__le16	nows;
	__le16	mssrl;			/* blocks */
	__le32	mcl;			/* blocks */
	__u8	msrc;			/* ranges, zero-based */
	__u8	kpios;			/* (1.1) */
	__u8	nulbaf;
	__u8	rsvd83;
	__le32	kpiodaag;		/* (1.1) */
	__u8	rsvd88[4];
	__le32	anagrpid;
	__u8	rsvd96[3];
	__u8	nsattr;
	__le16	nvmsetid;
	__le16	endgid;
	__u8	nguid[16];
	__u8	eui64[8];
	struct nvm_lbaf lbaf[NVM_MAX_LBAF];
	__u8	vs[3712];
};

NVM_ASSERT_SIZE(struct nvm_id_ns, 4096);
NVM_ASSERT_OFFSET(struct nvm_id_ns, nawun, 34);
NVM_ASSERT_OFFSET(struct nvm_id_ns, noiob, 46);
NVM_ASSERT_OFFSET(struct nvm_id_ns, npwg, 64);
NVM_ASSERT_OFFSET(struct nvm_id_ns, nows, 72);
NVM_ASSERT_OFFSET(struct nvm_id_ns, mcl, 76);
NVM_ASSERT_OFFSET(struct nvm_id_ns, anagrpid, 92);
NVM_ASSERT_OFFSET(struct nvm_id_ns, nsattr, 99);
NVM_ASSERT_OFFSET(struct nvm_id_ns, nguid, 104);
NVM_ASSERT_OFFSET(struct nvm_id_ns, eui64, 120);
NVM_ASSERT_OFFSET(struct nvm_id_ns, lbaf, 128);
NVM_ASSERT_OFFSET(struct nvm_id_ns, vs, 384);

/* NSFEAT */
#define NVM_NS_FEAT_THIN		NVM_BIT(0)
#define NVM_NS_FEAT_ATOMICS		NVM_BIT(1)	/* NAWUN, NAWUPF, NACWU instead of AWUN.. */
#define NVM_NS_FEAT_DULBE		NVM_BIT(2)	/* error for unwritten blocks */
#define NVM_NS_FEAT_UID_REUSE		NVM_BIT(3)
#define NVM_NS_FEAT_OPTPERF		NVM_MASK(5, 4)	/* bit 5 is new in NVM 1.1 */
#define NVM_NS_FEAT_OPTPERF_SHORT	NVM_PREP(NVM_NS_FEAT_OPTPERF, 1) /* NPWG.. NOWS valid */
#define NVM_NS_FEAT_OPTPERF_LONG	NVM_PREP(NVM_NS_FEAT_OPTPERF, 2) /* NPDGL, NPDAL valid */
#define NVM_NS_FEAT_OPTPERF_BOTH	NVM_PREP(NVM_NS_FEAT_OPTPERF, 3)
#define NVM_NS_FEAT_MAM			NVM_BIT(6)	/* (1.1) */
#define NVM_NS_FEAT_OPTRPERF		NVM_BIT(7)	/* (1.1) NPRG, NPRA, NORS valid */
/* FLBAS */
#define NVM_NS_FLBAS_LBA_LOW		NVM_MASK(3, 0)
#define NVM_NS_FLBAS_META_EXT		NVM_BIT(4)	/* metadata interleaved */
#define NVM_NS_FLBAS_LBA_HIGH		NVM_MASK(6, 5)

static inline __u8 nvm_ns_lbaf_index(__u8 flbas)
{
	return NVM_GET(NVM_NS_FLBAS_LBA_LOW, flbas) |
	       NVM_GET(NVM_NS_FLBAS_LBA_HIGH, flbas) << 4;
}

/* MC */
#define NVM_MC_EXTENDED_LBA		NVM_BIT(0)
#define NVM_MC_METADATA_PTR		NVM_BIT(1)
/* DPC */
#define NVM_NS_DPC_PI_TYPE1		NVM_BIT(0)
#define NVM_NS_DPC_PI_TYPE2		NVM_BIT(1)
#define NVM_NS_DPC_PI_TYPE3		NVM_BIT(2)
#define NVM_NS_DPC_PI_FIRST		NVM_BIT(3)
#define NVM_NS_DPC_PI_LAST		NVM_BIT(4)
/* DPS */
#define NVM_NS_DPS_PI			NVM_MASK(2, 0)	/* 0 none, n: type n */
#define NVM_NS_DPS_PI_FIRST		NVM_BIT(3)	/* first bytes of the metadata */
/* NMIC */
#define NVM_NS_NMIC_SHARED		NVM_BIT(0)
/* RESCAP */
#define NVM_NS_RESCAP_PTPL		NVM_BIT(0)
#define NVM_NS_RESCAP_IEKEY		NVM_BIT(7)
/* FPI */
#define NVM_NS_FPI_REMAINING		NVM_MASK(6, 0)	/* percent */
#define NVM_NS_FPI_SUPP			NVM_BIT(7)
/* DLFEAT */
#define NVM_NS_DLFEAT_READ		NVM_MASK(2, 0)	/* what unwritten blocks read as */
#define NVM_NS_DLFEAT_READ_UNKNOWN	0
#define NVM_NS_DLFEAT_READ_ZEROES	1
#define NVM_NS_DLFEAT_READ_ONES		2
#define NVM_NS_DLFEAT_WZ_DEAC		NVM_BIT(3)	/* write zeroes takes DEAC */
#define NVM_NS_DLFEAT_GUARD_CRC		NVM_BIT(4)
/* NSATTR */
#define NVM_NS_ATTR_RO			NVM_BIT(0)	/* currently write protected */

/* I/O command set independent identify namespace, CNS 08h. Base 5.17.2.8 */
struct nvm_id_ns_cs_indep {
	__u8	nsfeat;
	__u8	nmic;
	__u8	rescap;
	__u8	fpi;
	__le32	anagrpid;
	__u8	nsattr;
	__u8	rsvd9;
	__le16	nvmsetid;
	__le16	endgid;
	__u8	nstat;
	__u8	kpios;			/* (2.1) */
	__le16	maxkt;			/* (2.1) */
	__u8	rsvd18[2];
	__le32	rgrpid;			/* (2.1) */
	__u8	rsvd24[4072];
};

NVM_ASSERT_SIZE(struct nvm_id_ns_cs_indep, 4096);
NVM_ASSERT_OFFSET(struct nvm_id_ns_cs_indep, nsattr, 8);
NVM_ASSERT_OFFSET(struct nvm_id_ns_cs_indep, nstat, 14);

/* NSFEAT of CNS 08h (2.1) */
#define NVM_NS_IND_FEAT_UID_REUSE	NVM_BIT(3)
#define NVM_NS_ROTATIONAL		NVM_BIT(4)
#define NVM_NS_VWC_NOT_PRESENT		NVM_BIT(5)
/* NSTAT */
#define NVM_NSTAT_NRDY			NVM_BIT(0)	/* the namespace is ready */

/* Identify namespace of the NVM command set, CNS 05h, CSI 00h. NVM 4.1.5.3 */
struct nvm_id_ns_nvm {
	__le64	lbstm;			/* storage tag mask */
	__u8	pic;
	__u8	pifa;			/* (1.1) */
	__u8	rsvd10[2];
	__le32	elbaf[NVM_MAX_LBAF];
	__le32	npdgl;			/* (1.1) blocks, and so on; not zero-based */
	__le32	nprg;			/* (1.1) */
	__le32	npra;			/* (1.1) */
	__le32	nors;			/* (1.1) */
	__le32	npdal;			/* (1.1) */
	__le32	lbapss;			/* (1.1) */
	__le32	tlbaag;			/* (1.1) */
	__u8	rsvd296[3800];
};

NVM_ASSERT_SIZE(struct nvm_id_ns_nvm, 4096);
NVM_ASSERT_OFFSET(struct nvm_id_ns_nvm, elbaf, 12);
NVM_ASSERT_OFFSET(struct nvm_id_ns_nvm, npdgl, 268);
NVM_ASSERT_OFFSET(struct nvm_id_ns_nvm, npdal, 284);

/* ELBAF */
#define NVM_ID_NS_NVM_STS		NVM_MASK(6, 0)	/* storage tag size, bits */
#define NVM_ID_NS_NVM_PIF		NVM_MASK(8, 7)	/* protection information format */
#define NVM_ID_NS_NVM_QPIF		NVM_MASK(12, 9)	/* (1.1) */
#define NVM_NVM_NS_16B_GUARD		0
#define NVM_NVM_NS_32B_GUARD		1
#define NVM_NVM_NS_64B_GUARD		2
#define NVM_NVM_NS_QTYPE_GUARD		3
/* PIC */
#define NVM_ID_NS_NVM_PIC_16BPISTM	NVM_BIT(0)
#define NVM_ID_NS_NVM_PIC_16BPISTS	NVM_BIT(1)
#define NVM_ID_NS_NVM_PIC_STCRS		NVM_BIT(2)

/* Zone size and descriptor extension of one LBA format. ZNS 4.1.5.1 */
struct nvm_zns_lbafe {
	__le64	zsze;			/* blocks */
	__u8	zdes;			/* 64 bytes */
	__u8	rsvd9[7];
};

NVM_ASSERT_SIZE(struct nvm_zns_lbafe, 16);

/* Identify namespace of a zoned one, CNS 05h, CSI 02h. ZNS 4.1.5.1 */
struct nvm_id_ns_zns {
	__le16	zoc;
	__le16	ozcs;
	__le32	mar;			/* active zones, zero-based; all ones: no limit */
	__le32	mor;			/* open zones, ditto */
	__le32	rrl;			/* seconds, as all of the next */
	__le32	frl;
	__le32	rrl1;
	__le32	rrl2;
	__le32	rrl3;
	__le32	frl1;
	__le32	frl2;
	__le32	frl3;
	__le32	numzrwa;
	__le16	zrwafg;			/* blocks */
	__le16	zrwasz;			/* blocks */
	__u8	zrwacap;
	__u8	rsvd53[2763];
	struct nvm_zns_lbafe lbafe[NVM_MAX_LBAF];
	__u8	vs[256];
};

NVM_ASSERT_SIZE(struct nvm_id_ns_zns, 4096);
NVM_ASSERT_OFFSET(struct nvm_id_ns_zns, mar, 4);
NVM_ASSERT_OFFSET(struct nvm_id_ns_zns, zrwacap, 52);
NVM_ASSERT_OFFSET(struct nvm_id_ns_zns, lbafe, 2816);

#define NVM_ZNS_ZOC_VARIABLE_CAPACITY	NVM_BIT(0)
#define NVM_ZNS_ZOC_ACTIVE_EXCURSIONS	NVM_BIT(1)
#define NVM_ZNS_OZCS_RAZB		NVM_BIT(0)	/* reads may cross zones */
#define NVM_ZNS_OZCS_ZRWASUP		NVM_BIT(1)

/* Namespace identification descriptors, CNS 03h: header, then NIDL bytes. Base 5.17.2.3 */
struct nvm_ns_id_desc {
	__u8	nidt;			/* 0 ends the list */
	__u8	nidl;
	__u8	reserved[2];		/* lengths may be odd: nothing here is aligned */
};

NVM_ASSERT_SIZE(struct nvm_ns_id_desc, 4);

enum {
	NVM_NIDT_EUI64			= 0x01,
	NVM_NIDT_NGUID			= 0x02,
	NVM_NIDT_UUID			= 0x03,
	NVM_NIDT_CSI			= 0x04,
};

#define NVM_NIDT_EUI64_LEN		8
#define NVM_NIDT_NGUID_LEN		16
#define NVM_NIDT_UUID_LEN		16
#define NVM_NIDT_CSI_LEN		1

#define NVM_NS_LIST_ENTRIES		1024

/* Namespace list, CNS 02h, 07h, 10h, 1Ah: ascending, then zeroes. Base 4.4.2 */
struct nvm_ns_list {
	__le32	nsid[NVM_NS_LIST_ENTRIES];
};

NVM_ASSERT_SIZE(struct nvm_ns_list, 4096);

/* Controller list, CNS 12h and 13h, and of namespace attachment. Base 4.4.1 */
struct nvm_ctrl_list {
	__le16	num;
	__le16	cntlid[2047];
};

NVM_ASSERT_SIZE(struct nvm_ctrl_list, 4096);

#endif /* _NVMQ_NVME_IDENTIFY_NS_H */
