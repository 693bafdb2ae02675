/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module parameters, checked when they are written. Names are those of the in-tree driver where
 * the meaning is the same. Read-only for everybody but params.c.
 */
#ifndef _NVMQ_PARAMS_H
#define _NVMQ_PARAMS_H

#include <linux/types.h>

/* The range of io_queue_depth: a queue of one entry cannot exist, cids have 12 bits for the tag. */
#define NVMQ_IO_DEPTH_MIN 2
#define NVMQ_IO_DEPTH_MAX 4095

/* The range of max_host_mem_size_mb. */
#define NVMQ_HMB_MAX_MIB 65536

/** enum nvmq_classes - which class names the module registers (parameter classes=) */
enum nvmq_classes {
	NVMQ_CLASSES_AUTO, /**< @NVMQ_CLASSES_AUTO: the familiar ones unless nvme_core has them */
	NVMQ_CLASSES_NVME, /**< @NVMQ_CLASSES_NVME: nvme, nvme-subsystem, nvme-generic, or fail */
	NVMQ_CLASSES_NVMQ, /**< @NVMQ_CLASSES_NVMQ: nvmq, nvmq-subsystem, nvmq-generic */
};

/** enum nvmq_suspend - what suspend does to a controller that keeps its power (suspend=) */
enum nvmq_suspend {
	NVMQ_SUSPEND_AUTO,     /**< @NVMQ_SUSPEND_AUTO: the next where that saves power */
	NVMQ_SUSPEND_STATE,    /**< @NVMQ_SUSPEND_STATE: its lowest power state */
	NVMQ_SUSPEND_SHUTDOWN, /**< @NVMQ_SUSPEND_SHUTDOWN: it is shut down */
};

/** enum nvmq_naming - what disks are called after (naming=) */
enum nvmq_naming {
	NVMQ_NAMING_ORDER, /**< @NVMQ_NAMING_ORDER: the lowest free number, in order of a scan */
	NVMQ_NAMING_NSID,  /**< @NVMQ_NAMING_NSID: the namespace identifier */
};

extern unsigned int nvmq_io_timeout;       /* seconds */
extern unsigned int nvmq_admin_timeout;    /* seconds */
extern unsigned int nvmq_shutdown_timeout; /* seconds */
extern unsigned int nvmq_recovery_budget_ms; /* milliseconds, of a whole recovery */
extern unsigned int nvmq_max_retries;      /* times that one command is sent again */
extern unsigned int nvmq_io_queue_depth;   /* entries */
extern unsigned int nvmq_write_queues;     /* queues for writes alone; 0: shared with reads */
extern unsigned int nvmq_poll_queues;      /* queues without interrupt */
extern unsigned int nvmq_sgl_threshold;    /* bytes of mean segment; 0: never an SGL */
extern unsigned int nvmq_default_ps_max_latency_us; /* to enter and leave; 0: no APST */
extern unsigned int nvmq_apst_primary_timeout_ms;
extern unsigned int nvmq_apst_secondary_timeout_ms;
extern unsigned int nvmq_apst_primary_latency_tol_us;
extern unsigned int nvmq_apst_secondary_latency_tol_us;
extern unsigned int nvmq_max_host_mem_size_mb; /* MiB */
extern bool nvmq_use_threaded_interrupts;
extern bool nvmq_force_apst;               /* power states although a quirk says no */
extern bool nvmq_use_cmb_sqes;             /* submission queues in the controller's memory */
extern bool nvmq_claim;                    /* match every NVMe function, as the in-tree driver */
extern int nvmq_suspend;                   /* enum nvmq_suspend */
extern int nvmq_classes;                   /* enum nvmq_classes */
extern u8 nvmq_hostid[16];                 /* UUID of this host; zeroes: not said */
extern int nvmq_naming;                    /* enum nvmq_naming */

#endif /* _NVMQ_PARAMS_H */
