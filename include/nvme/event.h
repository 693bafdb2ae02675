/* SPDX-License-Identifier: GPL-2.0 */
/* Asynchronous events: what dword 0 of an AER's completion says. Base 5.2.1 */
#ifndef _NVMQ_NVME_EVENT_H
#define _NVMQ_NVME_EVENT_H

#include <nvme/types.h>

#define NVM_AER_TYPE		NVM_MASK(2, 0)
#define NVM_AER_INFO		NVM_MASK(15, 8)
#define NVM_AER_LID		NVM_MASK(23, 16)	/* reading it re-arms the type */

/* Types */
enum {
	NVM_AER_ERROR			= 0,
	NVM_AER_SMART			= 1,
	NVM_AER_NOTICE			= 2,
	NVM_AER_IMMEDIATE		= 3,	/* (2.1) */
	NVM_AER_ONESHOT			= 4,	/* (2.1) */
	NVM_AER_CSS			= 6,	/* I/O command specific */
	NVM_AER_VS			= 7,
};

/* Information of type error */
enum {
	NVM_AER_ERROR_INVALID_DB_REG	= 0x00,	/* a write to a doorbell that is not there */
	NVM_AER_ERROR_INVALID_DB_VALUE	= 0x01,
	NVM_AER_ERROR_DIAG_FAILURE	= 0x02,
	NVM_AER_ERROR_PERSIST_INT_ERR	= 0x03,	/* the controller wants a reset */
	NVM_AER_ERROR_TRANS_INT_ERR	= 0x04,
	NVM_AER_ERROR_FW_IMAGE_LOAD_ERR	= 0x05,
};

/* Information of type SMART / health */
enum {
	NVM_AER_SMART_SUBSYS_RELIABILITY = 0x00,
	NVM_AER_SMART_TEMP_THRESH	= 0x01,
	NVM_AER_SMART_SPARE_THRESH	= 0x02,
};

/* Information of type notice */
enum {
	NVM_AER_NOTICE_NS_CHANGED	= 0x00,
	NVM_AER_NOTICE_FW_ACT_STARTING	= 0x01,
	NVM_AER_NOTICE_TELEMETRY	= 0x02,
	NVM_AER_NOTICE_ANA		= 0x03,
	NVM_AER_NOTICE_PLM		= 0x04,
	NVM_AER_NOTICE_LBA_STATUS	= 0x05,
	NVM_AER_NOTICE_ENDGRP		= 0x06,
	NVM_AER_NOTICE_ALLOC_NS_CHANGED	= 0x09,	/* (2.1) */
	NVM_AER_NOTICE_ZONE_CHANGED	= 0xef,	/* ZNS 4.1.2 */
	NVM_AER_NOTICE_DISC_CHANGED	= 0xf0,
};

/* Information of type I/O command specific */
enum {
	NVM_AER_CSS_RESERVATION		= 0x00,
	NVM_AER_CSS_SANITIZE_DONE	= 0x01,
	NVM_AER_CSS_SANITIZE_DEALLOC	= 0x02,
};

#endif /* _NVMQ_NVME_EVENT_H */
