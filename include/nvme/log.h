/* SPDX-License-Identifier: GPL-2.0 */
/* Log pages, and what other commands report in pages of their own. Base 5.16.1 */
#ifndef _NVMQ_NVME_LOG_H
#define _NVMQ_NVME_LOG_H

#include <nvme/types.h>

enum {
	NVM_LOG_SUPPORTED		= 0x00,
	NVM_LOG_ERROR			= 0x01,
	NVM_LOG_SMART			= 0x02,
	NVM_LOG_FW_SLOT			= 0x03,
	NVM_LOG_CHANGED_NS		= 0x04,
	NVM_LOG_CMD_EFFECTS		= 0x05,
	NVM_LOG_DEVICE_SELF_TEST	= 0x06,
	NVM_LOG_TELEMETRY_HOST		= 0x07,
	NVM_LOG_TELEMETRY_CTRL		= 0x08,
	NVM_LOG_ENDURANCE_GROUP		= 0x09,
	NVM_LOG_PLM_NVMSET		= 0x0a,
	NVM_LOG_PLM_EVENTS		= 0x0b,
	NVM_LOG_ANA			= 0x0c,
	NVM_LOG_PERSISTENT_EVENT	= 0x0d,
	NVM_LOG_LBA_STATUS		= 0x0e,
	NVM_LOG_ENDGRP_EVENTS		= 0x0f,
	NVM_LOG_MEDIA_UNIT		= 0x10,
	NVM_LOG_CAPACITY_CONFIG		= 0x11,
	NVM_LOG_FEATURES		= 0x12,
	NVM_LOG_FDP_CONFIGS		= 0x20,
	NVM_LOG_FDP_RUH_USAGE		= 0x21,
	NVM_LOG_FDP_STATS		= 0x22,
	NVM_LOG_FDP_EVENTS		= 0x23,
	NVM_LOG_RESERVATION		= 0x80,
	NVM_LOG_SANITIZE		= 0x81,
	NVM_LOG_CHANGED_ZONES		= 0xbf,
	NVM_LOG_VENDOR_START		= 0xc0,
};

/* Error information: ELPE + 1 entries, the newest first. Base 5.16.1.2 */
struct nvm_error_log_entry {
	__le64	error_count;		/* 0: not valid */
	__le16	sqid;
	__le16	cid;
	__le16	status;			/* as in the completion, with the phase */
	__le16	param_error_loc;
	__le64	lba;
	__le32	nsid;
	__u8	vs;
	__u8	trtype;
	__u8	csi;			/* (2.1) */
	__u8	opc;			/* (2.1) */
	__le64	cs;
	__le16	trtype_spec;
	__u8	rsvd42[21];
	__u8	lpver;			/* (2.1) */
};

NVM_ASSERT_SIZE(struct nvm_error_log_entry, 64);
NVM_ASSERT_OFFSET(struct nvm_error_log_entry, nsid, 24);
NVM_ASSERT_OFFSET(struct nvm_error_log_entry, cs, 32);

#define NVM_ERR_LOC_BYTE		NVM_MASK(7, 0)
#define NVM_ERR_LOC_BIT			NVM_MASK(10, 8)

/* SMART / health information. Base 5.16.1.3; 16-byte fields are little-endian numbers */
struct nvm_smart_log {
	__u8	critical_warning;
	__u8	temperature[2];		/* kelvins */
	__u8	avail_spare;		/* percent */
	__u8	spare_thresh;		/* percent */
	__u8	percent_used;
	__u8	endu_grp_crit_warn_sumry;
	__u8	rsvd7[25];
	__u8	data_units_read[16];	/* 1000 * 512 bytes */
	__u8	data_units_written[16];
	__u8	host_reads[16];
	__u8	host_writes[16];
	__u8	ctrl_busy_time[16];	/* minutes */
	__u8	power_cycles[16];
	__u8	power_on_hours[16];
	__u8	unsafe_shutdowns[16];
	__u8	media_errors[16];
	__u8	num_err_log_entries[16];
	__le32	warning_temp_time;	/* minutes */
	__le32	critical_comp_time;	/* minutes */
	__le16	temp_sensor[8];		/* kelvins; 0: not there */
	__le32	thm_temp1_trans_count;
	__le32	thm_temp2_trans_count;
	__le32	thm_temp1_total_time;	/* seconds */
	__le32	thm_temp2_total_time;
	__u8	rsvd232[280];
};

NVM_ASSERT_SIZE(struct nvm_smart_log, 512);
NVM_ASSERT_OFFSET(struct nvm_smart_log, data_units_read, 32);
NVM_ASSERT_OFFSET(struct nvm_smart_log, warning_temp_time, 192);
NVM_ASSERT_OFFSET(struct nvm_smart_log, temp_sensor, 200);

#define NVM_SMART_CRIT_SPARE		NVM_BIT(0)
#define NVM_SMART_CRIT_TEMPERATURE	NVM_BIT(1)
#define NVM_SMART_CRIT_RELIABILITY	NVM_BIT(2)
#define NVM_SMART_CRIT_MEDIA		NVM_BIT(3)	/* read only */
#define NVM_SMART_CRIT_VOLATILE_MEMORY	NVM_BIT(4)
#define NVM_SMART_CRIT_PMR_RO		NVM_BIT(5)

/* Firmware slots. Base 5.16.1.4 */
struct nvm_fw_slot_log {
	__u8	afi;
	__u8	rsvd1[7];
	char	frs[7][8];
	__u8	rsvd64[448];
};

NVM_ASSERT_SIZE(struct nvm_fw_slot_log, 512);

#define NVM_FW_AFI_ACTIVE		NVM_MASK(2, 0)
#define NVM_FW_AFI_NEXT			NVM_MASK(6, 4)	/* after the next reset; 0: not said */

/* Changed namespaces: 1024 NSIDs; the first all ones if there were more. Base 5.16.1.5 */
#define NVM_CHANGED_NS_MAX		1024

/* Commands supported and effects, of one CSI. Base 5.16.1.6 */
struct nvm_effects_log {
	__le32	acs[256];		/* by admin opcode */
	__le32	iocs[256];		/* by I/O opcode */
	__u8	rsvd2048[2048];
};

NVM_ASSERT_SIZE(struct nvm_effects_log, 4096);
NVM_ASSERT_OFFSET(struct nvm_effects_log, iocs, 1024);

#define NVM_CMD_EFFECTS_CSUPP		NVM_BIT(0)	/* supported */
#define NVM_CMD_EFFECTS_LBCC		NVM_BIT(1)	/* changes user data */
#define NVM_CMD_EFFECTS_NCC		NVM_BIT(2)	/* changes a namespace's capability */
#define NVM_CMD_EFFECTS_NIC		NVM_BIT(3)	/* changes the inventory */
#define NVM_CMD_EFFECTS_CCC		NVM_BIT(4)	/* changes the controller's capability */
#define NVM_CMD_EFFECTS_CSER		NVM_MASK(15, 14) /* more on submission (2.1) */
#define NVM_CMD_EFFECTS_CSE		NVM_MASK(18, 16) /* submission and execution */
#define NVM_CMD_EFFECTS_CSE_NONE	NVM_PREP(NVM_CMD_EFFECTS_CSE, 0)
#define NVM_CMD_EFFECTS_CSE_ALONE_NS	NVM_PREP(NVM_CMD_EFFECTS_CSE, 1)
#define NVM_CMD_EFFECTS_CSE_ALONE	NVM_PREP(NVM_CMD_EFFECTS_CSE, 2)
#define NVM_CMD_EFFECTS_UUID_SEL	NVM_BIT(19)
#define NVM_CMD_EFFECTS_SCOPE		NVM_MASK(31, 20)
#define NVM_CMD_EFFECTS_SCOPE_NS	NVM_BIT(20)
#define NVM_CMD_EFFECTS_SCOPE_CTRL	NVM_BIT(21)

/* Device self-test. Base 5.16.1.7 */
struct nvm_self_test_result {
	__u8	dsts;
	__u8	seg;
	__u8	vdi;
	__u8	rsvd3;
	__u8	poh[8];			/* unaligned numbers are bytes */
	__le32	nsid;
	__u8	flba[8];
	__u8	sct;
	__u8	sc;
	__u8	vs[2];
};

NVM_ASSERT_SIZE(struct nvm_self_test_result, 28);

struct nvm_self_test_log {
	__u8	cdsto;
	__u8	cdstc;			/* percent */
	__u8	rsvd2[2];
	struct nvm_self_test_result result[20];
};

NVM_ASSERT_SIZE(struct nvm_self_test_log, 564);

/* Telemetry, host and controller initiated: header, then 512-byte blocks. Base 5.16.1.8, 9 */
struct nvm_telemetry_log {
	__u8	lid;
	__u8	rsvd1[4];
	__u8	ieee[3];
	__le16	dalb1;			/* last block of each data area */
	__le16	dalb2;
	__le16	dalb3;
	__u8	rsvd14[2];
	__le32	dalb4;
	__u8	rsvd20[360];
	__u8	ths;			/* (2.1) */
	__u8	hostdgn;		/* (2.1) */
	__u8	ctrlavail;
	__u8	ctrldgn;
	__u8	rsnident[128];
};

NVM_ASSERT_SIZE(struct nvm_telemetry_log, 512);
NVM_ASSERT_OFFSET(struct nvm_telemetry_log, ctrlavail, 382);

#define NVM_TELEMETRY_BLOCK		512
#define NVM_TELEMETRY_LSP_CREATE	1

/* Persistent events: the header; events follow. Base 5.16.1.14 */
struct nvm_persistent_event_log {
	__u8	lid;
	__u8	rsvd1[3];
	__le32	tnev;
	__le64	tll;			/* bytes, the header too */
	__u8	rv;
	__u8	rsvd17;
	__le16	lhl;
	__u8	ts[8];			/* unaligned numbers are bytes */
	__u8	poh[16];
	__u8	pcc[8];
	__le16	vid;
	__le16	ssvid;
	char	sn[20];
	char	mn[40];
	char	subnqn[256];
	__le16	gen_number;
	__u8	rci[4];
	__u8	rsvd378[102];
	__u8	seb[32];
};

NVM_ASSERT_SIZE(struct nvm_persistent_event_log, 512);
NVM_ASSERT_OFFSET(struct nvm_persistent_event_log, subnqn, 116);
NVM_ASSERT_OFFSET(struct nvm_persistent_event_log, seb, 480);

/* Sanitize status. Base 5.16.1.25 */
struct nvm_sanitize_log {
	__le16	sprog;			/* of 65536 */
	__le16	sstat;
	__le32	scdw10;
	__le32	eto;			/* seconds, as all of the next */
	__le32	etbe;
	__le32	etce;
	__le32	etodmm;
	__le32	etbenmm;
	__le32	etcenmm;
	__u8	rsvd32[480];
};

NVM_ASSERT_SIZE(struct nvm_sanitize_log, 512);

/* Changed zones of a namespace. ZNS 4.1.6 */
struct nvm_changed_zones_log {
	__le16	nrzid;			/* all ones: too many to tell */
	__u8	rsvd2[6];
	__le64	zslba[511];
};

NVM_ASSERT_SIZE(struct nvm_changed_zones_log, 4096);

/* Zone management receive. ZNS 3.4.2.2 */
struct nvm_zone_descriptor {
	__u8	zt;			/* NVM_ZONE_TYPE */
	__u8	zs;			/* state in the high nibble */
	__u8	za;
	__u8	zai;
	__u8	rsvd4[4];
	__le64	zcap;
	__le64	zslba;
	__le64	wp;
	__u8	rsvd32[32];
};

NVM_ASSERT_SIZE(struct nvm_zone_descriptor, 64);
NVM_ASSERT_OFFSET(struct nvm_zone_descriptor, zcap, 8);

struct nvm_zone_report {
	__le64	nr_zones;
	__u8	rsvd8[56];
	struct nvm_zone_descriptor entries[];
};

NVM_ASSERT_SIZE(struct nvm_zone_report, 64);

#define NVM_ZONE_TYPE_SEQWRITE_REQ	0x2
#define NVM_ZONE_STATE			NVM_MASK(7, 4)

enum {
	NVM_ZS_EMPTY			= 0x1,
	NVM_ZS_IMPL_OPEN		= 0x2,
	NVM_ZS_EXPL_OPEN		= 0x3,
	NVM_ZS_CLOSED			= 0x4,
	NVM_ZS_READ_ONLY		= 0xd,
	NVM_ZS_FULL			= 0xe,
	NVM_ZS_OFFLINE			= 0xf,
};

/* Reservation notification: the oldest of those that wait. Base 5.16.1.24 */
struct nvm_resv_log {
	__le64	lpc;			/* 0: there is none */
	__u8	rnlpt;			/* 1 registration preempted, 2 released, 3 preempted */
	__u8	nalp;			/* that wait behind it */
	__u8	rsvd10[2];
	__le32	nsid;
	__u8	rsvd16[48];
};

NVM_ASSERT_SIZE(struct nvm_resv_log, 64);

/* Reservation report, 8-byte and (EDS) 16-byte host identifiers. Base 7.5 */
struct nvm_registered_ctrl {
	__le16	cntlid;
	__u8	rcsts;
	__u8	rsvd3[5];
	__le64	hostid;
	__le64	rkey;
};

NVM_ASSERT_SIZE(struct nvm_registered_ctrl, 24);

struct nvm_registered_ctrl_ext {
	__le16	cntlid;
	__u8	rcsts;
	__u8	rsvd3[5];
	__le64	rkey;
	__u8	hostid[16];
	__u8	rsvd32[32];
};

NVM_ASSERT_SIZE(struct nvm_registered_ctrl_ext, 64);

/* rcsts of both */
#define NVM_REGCTL_RCSTS_HOLDER		NVM_BIT(0)

/* A 24-byte header; that of EDS goes on to 64 bytes before its entries. */
struct nvm_reservation_status {
	__le32	gen;
	__u8	rtype;
	__u8	regctl[2];
	__u8	rsvd7[2];
	__u8	ptpls;
	__u8	rsvd10[14];
	struct nvm_registered_ctrl regctl_ds[];
};

NVM_ASSERT_SIZE(struct nvm_reservation_status, 24);

struct nvm_reservation_status_ext {
	__le32	gen;
	__u8	rtype;
	__u8	regctl[2];
	__u8	rsvd7[2];
	__u8	ptpls;
	__u8	rsvd10[54];
	struct nvm_registered_ctrl_ext regctl_eds[];
};

NVM_ASSERT_SIZE(struct nvm_reservation_status_ext, 64);

/* Flexible data placement configurations. Base 5.16.1.26 (2.1) */
struct nvm_fdp_ruh_desc {
	__u8	ruht;
	__u8	rsvd1[3];
};

NVM_ASSERT_SIZE(struct nvm_fdp_ruh_desc, 4);

struct nvm_fdp_config_desc {
	__le16	dsze;
	__u8	fdpa;
	__u8	vss;
	__le32	nrg;
	__le16	nruh;
	__le16	maxpids;
	__le32	nns;
	__le64	runs;			/* reclaim unit nominal size, bytes */
	__le32	erutl;
	__u8	rsvd28[36];
	struct nvm_fdp_ruh_desc ruhs[];
};

NVM_ASSERT_SIZE(struct nvm_fdp_config_desc, 64);
NVM_ASSERT_OFFSET(struct nvm_fdp_config_desc, runs, 16);

struct nvm_fdp_config_log {
	__le16	numfdpc;		/* zero-based */
	__u8	ver;
	__u8	rsvd3;
	__le32	sze;
	__u8	rsvd8[8];
	/* struct nvm_fdp_config_desc, one after the other, each dsze bytes */
};

NVM_ASSERT_SIZE(struct nvm_fdp_config_log, 16);

/* I/O management receive, reclaim unit handle status. Base 7.3 (2.1) */
struct nvm_fdp_ruh_status_desc {
	__le16	pid;			/* placement identifier */
	__le16	ruhid;
	__le32	earutr;
	__le64	ruamw;			/* blocks */
	__u8	rsvd16[16];
};

NVM_ASSERT_SIZE(struct nvm_fdp_ruh_status_desc, 32);

struct nvm_fdp_ruh_status {
	__u8	rsvd0[14];
	__le16	nruhsd;
	struct nvm_fdp_ruh_status_desc ruhsd[];
};

NVM_ASSERT_SIZE(struct nvm_fdp_ruh_status, 16);

#endif /* _NVMQ_NVME_LOG_H */
