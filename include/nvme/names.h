/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names for people: opcodes and statuses, for log lines, tracepoints and tools.
 *
 * Each table ascends by value, so that a look-up may halve it; nvm_name() does. A
 * translation unit gets the tables that it uses, and no others.
 */
#ifndef _NVMQ_NVME_NAMES_H
#define _NVMQ_NVME_NAMES_H

#include <nvme/cmd.h>
#include <nvme/status.h>

struct nvm_name {
	__u16		value;
	const char	*name;
};

#define NVM_NR_NAMES(table)	(sizeof(table) / sizeof(*(table)))

static const struct nvm_name nvm_admin_names[] = {
	{ NVM_ADMIN_DELETE_SQ,			"Delete I/O Submission Queue" },
	{ NVM_ADMIN_CREATE_SQ,			"Create I/O Submission Queue" },
	{ NVM_ADMIN_GET_LOG_PAGE,		"Get Log Page" },
	{ NVM_ADMIN_DELETE_CQ,			"Delete I/O Completion Queue" },
	{ NVM_ADMIN_CREATE_CQ,			"Create I/O Completion Queue" },
	{ NVM_ADMIN_IDENTIFY,			"Identify" },
	{ NVM_ADMIN_ABORT_CMD,			"Abort" },
	{ NVM_ADMIN_SET_FEATURES,		"Set Features" },
	{ NVM_ADMIN_GET_FEATURES,		"Get Features" },
	{ NVM_ADMIN_ASYNC_EVENT,		"Asynchronous Event Request" },
	{ NVM_ADMIN_NS_MGMT,			"Namespace Management" },
	{ NVM_ADMIN_ACTIVATE_FW,		"Firmware Commit" },
	{ NVM_ADMIN_DOWNLOAD_FW,		"Firmware Image Download" },
	{ NVM_ADMIN_DEV_SELF_TEST,		"Device Self-test" },
	{ NVM_ADMIN_NS_ATTACH,			"Namespace Attachment" },
	{ NVM_ADMIN_KEEP_ALIVE,			"Keep Alive" },
	{ NVM_ADMIN_DIRECTIVE_SEND,		"Directive Send" },
	{ NVM_ADMIN_DIRECTIVE_RECV,		"Directive Receive" },
	{ NVM_ADMIN_VIRTUAL_MGMT,		"Virtualization Management" },
	{ NVM_ADMIN_NVME_MI_SEND,		"NVMe-MI Send" },
	{ NVM_ADMIN_NVME_MI_RECV,		"NVMe-MI Receive" },
	{ NVM_ADMIN_CAPACITY_MGMT,		"Capacity Management" },
	{ NVM_ADMIN_LOCKDOWN,			"Lockdown" },
	{ NVM_ADMIN_DBBUF,			"Doorbell Buffer Config" },
	{ NVM_ADMIN_FORMAT_NVM,			"Format NVM" },
	{ NVM_ADMIN_SECURITY_SEND,		"Security Send" },
	{ NVM_ADMIN_SECURITY_RECV,		"Security Receive" },
	{ NVM_ADMIN_SANITIZE_NVM,		"Sanitize" },
	{ NVM_ADMIN_GET_LBA_STATUS,		"Get LBA Status" },
};

static const struct nvm_name nvm_io_names[] = {
	{ NVM_CMD_FLUSH,			"Flush" },
	{ NVM_CMD_WRITE,			"Write" },
	{ NVM_CMD_READ,				"Read" },
	{ NVM_CMD_WRITE_UNCOR,			"Write Uncorrectable" },
	{ NVM_CMD_COMPARE,			"Compare" },
	{ NVM_CMD_WRITE_ZEROES,			"Write Zeroes" },
	{ NVM_CMD_DSM,				"Dataset Management" },
	{ NVM_CMD_VERIFY,			"Verify" },
	{ NVM_CMD_RESV_REGISTER,		"Reservation Register" },
	{ NVM_CMD_RESV_REPORT,			"Reservation Report" },
	{ NVM_CMD_RESV_ACQUIRE,			"Reservation Acquire" },
	{ NVM_CMD_IO_MGMT_RECV,			"I/O Management Receive" },
	{ NVM_CMD_RESV_RELEASE,			"Reservation Release" },
	{ NVM_CMD_CANCEL,			"Cancel" },
	{ NVM_CMD_COPY,				"Copy" },
	{ NVM_CMD_IO_MGMT_SEND,			"I/O Management Send" },
	{ NVM_CMD_ZONE_MGMT_SEND,		"Zone Management Send" },
	{ NVM_CMD_ZONE_MGMT_RECV,		"Zone Management Receive" },
	{ NVM_CMD_ZONE_APPEND,			"Zone Append" },
};

static const struct nvm_name nvm_status_names[] = {
	{ NVM_SC_SUCCESS,			"Successful Completion" },
	{ NVM_SC_INVALID_OPCODE,		"Invalid Command Opcode" },
	{ NVM_SC_INVALID_FIELD,			"Invalid Field in Command" },
	{ NVM_SC_CMDID_CONFLICT,		"Command ID Conflict" },
	{ NVM_SC_DATA_XFER_ERROR,		"Data Transfer Error" },
	{ NVM_SC_POWER_LOSS,			"Commands Aborted due to Power Loss" },
	{ NVM_SC_INTERNAL,			"Internal Error" },
	{ NVM_SC_ABORT_REQ,			"Command Abort Requested" },
	{ NVM_SC_ABORT_QUEUE,			"Command Aborted due to SQ Deletion" },
	{ NVM_SC_FUSED_FAIL,			"Command Aborted due to Failed Fused" },
	{ NVM_SC_FUSED_MISSING,			"Command Aborted due to Missing Fused" },
	{ NVM_SC_INVALID_NS,			"Invalid Namespace or Format" },
	{ NVM_SC_CMD_SEQ_ERROR,			"Command Sequence Error" },
	{ NVM_SC_SGL_INVALID_LAST,		"Invalid SGL Segment Descriptor" },
	{ NVM_SC_SGL_INVALID_COUNT,		"Invalid Number of SGL Descriptors" },
	{ NVM_SC_SGL_INVALID_DATA,		"Data SGL Length Invalid" },
	{ NVM_SC_SGL_INVALID_METADATA,		"Metadata SGL Length Invalid" },
	{ NVM_SC_SGL_INVALID_TYPE,		"SGL Descriptor Type Invalid" },
	{ NVM_SC_CMB_INVALID_USE,		"Invalid Use of Controller Memory Buffer" },
	{ NVM_SC_PRP_INVALID_OFFSET,		"PRP Offset Invalid" },
	{ NVM_SC_ATOMIC_WU_EXCEEDED,		"Atomic Write Unit Exceeded" },
	{ NVM_SC_OP_DENIED,			"Operation Denied" },
	{ NVM_SC_SGL_INVALID_OFFSET,		"SGL Offset Invalid" },
	{ NVM_SC_RESERVED,			"Reserved" },
	{ NVM_SC_HOST_ID_INCONSIST,		"Host Identifier Inconsistent Format" },
	{ NVM_SC_KA_TIMEOUT_EXPIRED,		"Keep Alive Timer Expired" },
	{ NVM_SC_KA_TIMEOUT_INVALID,		"Keep Alive Timeout Invalid" },
	{ NVM_SC_ABORTED_PREEMPT_ABORT,		"Command Aborted due to Preempt and Abort" },
	{ NVM_SC_SANITIZE_FAILED,		"Sanitize Failed" },
	{ NVM_SC_SANITIZE_IN_PROGRESS,		"Sanitize In Progress" },
	{ NVM_SC_SGL_INVALID_GRANULARITY,	"SGL Data Block Granularity Invalid" },
	{ NVM_SC_CMD_NOT_SUP_CMB_QUEUE,		"Command Not Supported for Queue in CMB" },
	{ NVM_SC_NS_WRITE_PROTECTED,		"Namespace is Write Protected" },
	{ NVM_SC_CMD_INTERRUPTED,		"Command Interrupted" },
	{ NVM_SC_TRANSIENT_TR_ERR,		"Transient Transport Error" },
	{ NVM_SC_PROHIBITED_BY_LOCKDOWN,	"Command Prohibited by Lockdown" },
	{ NVM_SC_ADMIN_COMMAND_MEDIA_NOT_READY,	"Admin Command Media Not Ready" },
	{ NVM_SC_INVALID_KEY_TAG,		"Invalid Key Tag" },
	{ NVM_SC_DISPERSED_NS_IN_USE,		"Host Dispersed Namespace Support Not Enabled" },
	{ NVM_SC_HOST_ID_NOT_INIT,		"Host Identifier Not Initialized" },
	{ NVM_SC_INCORRECT_KEY,			"Incorrect Key" },
	{ NVM_SC_FDP_DISABLED,			"FDP Disabled" },
	{ NVM_SC_INVALID_PID,			"Invalid Placement Handle List" },
	{ NVM_SC_LBA_RANGE,			"LBA Out of Range" },
	{ NVM_SC_CAP_EXCEEDED,			"Capacity Exceeded" },
	{ NVM_SC_NS_NOT_READY,			"Namespace Not Ready" },
	{ NVM_SC_RESERVATION_CONFLICT,		"Reservation Conflict" },
	{ NVM_SC_FORMAT_IN_PROGRESS,		"Format In Progress" },
	{ NVM_SC_INVALID_VALUE_SIZE,		"Invalid Value Size" },
	{ NVM_SC_INVALID_KEY_SIZE,		"Invalid Key Size" },
	{ NVM_SC_KV_NOT_FOUND,			"KV Key Does Not Exist" },
	{ NVM_SC_UNRECOVERED_KV,		"Unrecovered Error" },
	{ NVM_SC_KV_EXISTS,			"Key Exists" },

	{ NVM_SC_CQ_INVALID,			"Completion Queue Invalid" },
	{ NVM_SC_QID_INVALID,			"Invalid Queue Identifier" },
	{ NVM_SC_QUEUE_SIZE,			"Invalid Queue Size" },
	{ NVM_SC_ABORT_LIMIT,			"Abort Command Limit Exceeded" },
	{ NVM_SC_ABORT_MISSING,			"Abort Command Missing" },
	{ NVM_SC_ASYNC_LIMIT,			"Asynchronous Event Request Limit Exceeded" },
	{ NVM_SC_FIRMWARE_SLOT,			"Invalid Firmware Slot" },
	{ NVM_SC_FIRMWARE_IMAGE,		"Invalid Firmware Image" },
	{ NVM_SC_INVALID_VECTOR,		"Invalid Interrupt Vector" },
	{ NVM_SC_INVALID_LOG_PAGE,		"Invalid Log Page" },
	{ NVM_SC_INVALID_FORMAT,		"Invalid Format" },
	{ NVM_SC_FW_NEEDS_CONV_RESET,		"Firmware Activation Requires Conventional Reset" },
	{ NVM_SC_INVALID_QUEUE,			"Invalid Queue Deletion" },
	{ NVM_SC_FEATURE_NOT_SAVEABLE,		"Feature Identifier Not Saveable" },
	{ NVM_SC_FEATURE_NOT_CHANGEABLE,	"Feature Not Changeable" },
	{ NVM_SC_FEATURE_NOT_PER_NS,		"Feature Not Namespace Specific" },
	{ NVM_SC_FW_NEEDS_SUBSYS_RESET,
	  "Firmware Activation Requires NVM Subsystem Reset" },
	{ NVM_SC_FW_NEEDS_RESET,		"Firmware Activation Requires Reset" },
	{ NVM_SC_FW_NEEDS_MAX_TIME,
	  "Firmware Activation Requires Maximum Time Violation" },
	{ NVM_SC_FW_ACTIVATE_PROHIBITED,	"Firmware Activation Prohibited" },
	{ NVM_SC_OVERLAPPING_RANGE,		"Overlapping Range" },
	{ NVM_SC_NS_INSUFFICIENT_CAP,		"Namespace Insufficient Capacity" },
	{ NVM_SC_NS_ID_UNAVAILABLE,		"Namespace Identifier Unavailable" },
	{ NVM_SC_NS_ALREADY_ATTACHED,		"Namespace Already Attached" },
	{ NVM_SC_NS_IS_PRIVATE,			"Namespace Is Private" },
	{ NVM_SC_NS_NOT_ATTACHED,		"Namespace Not Attached" },
	{ NVM_SC_THIN_PROV_NOT_SUPP,		"Thin Provisioning Not Supported" },
	{ NVM_SC_CTRL_LIST_INVALID,		"Controller List Invalid" },
	{ NVM_SC_SELF_TEST_IN_PROGRESS,		"Device Self-test In Progress" },
	{ NVM_SC_BP_WRITE_PROHIBITED,		"Boot Partition Write Prohibited" },
	{ NVM_SC_CTRL_ID_INVALID,		"Invalid Controller Identifier" },
	{ NVM_SC_SEC_CTRL_STATE_INVALID,	"Invalid Secondary Controller State" },
	{ NVM_SC_CTRL_RES_NUM_INVALID,		"Invalid Number of Controller Resources" },
	{ NVM_SC_RES_ID_INVALID,		"Invalid Resource Identifier" },
	{ NVM_SC_PMR_SAN_PROHIBITED,		"Sanitize Prohibited While PMR is Enabled" },
	{ NVM_SC_ANA_GROUP_ID_INVALID,		"ANA Group Identifier Invalid" },
	{ NVM_SC_ANA_ATTACH_FAILED,		"ANA Attach Failed" },
	{ NVM_SC_INSUFFICIENT_CAP,		"Insufficient Capacity" },
	{ NVM_SC_NS_ATTACHMENT_LIMIT,		"Namespace Attachment Limit Exceeded" },
	{ NVM_SC_PROHIBIT_CMD_EXEC,		"Prohibition of Command Execution Not Supported" },
	{ NVM_SC_IOCS_NOT_SUPPORTED,		"I/O Command Set Not Supported" },
	{ NVM_SC_IOCS_NOT_ENABLED,		"I/O Command Set Not Enabled" },
	{ NVM_SC_IOCS_COMBINATION_REJECTED,	"I/O Command Set Combination Rejected" },
	{ NVM_SC_INVALID_IOCS,			"Invalid I/O Command Set" },
	{ NVM_SC_ID_UNAVAILABLE,		"Identifier Unavailable" },
	{ NVM_SC_BAD_ATTRIBUTES,		"Conflicting Attributes" },
	{ NVM_SC_INVALID_PI,			"Invalid Protection Information" },
	{ NVM_SC_READ_ONLY,			"Attempted Write to Read Only Range" },
	{ NVM_SC_CMD_SIZE_LIM_EXCEEDED,		"Command Size Limit Exceeded" },
	{ NVM_SC_INCOMPATIBLE_NS,		"Incompatible Namespace or Format" },
	{ NVM_SC_FAST_COPY_NOT_POSSIBLE,	"Fast Copy Not Possible" },
	{ NVM_SC_OVERLAPPING_IO_RANGE,		"Overlapping I/O Range" },
	{ NVM_SC_INSUFFICIENT_RESOURCES,	"Insufficient Resources" },
	{ NVM_SC_ZONE_INVALID_OP,		"Invalid Zone Operation Request" },
	{ NVM_SC_ZRWA_UNAVAILABLE,		"ZRWA Resources Unavailable" },
	{ NVM_SC_ZONE_BOUNDARY_ERROR,		"Zoned Boundary Error" },
	{ NVM_SC_ZONE_FULL,			"Zone Is Full" },
	{ NVM_SC_ZONE_READ_ONLY,		"Zone Is Read Only" },
	{ NVM_SC_ZONE_OFFLINE,			"Zone Is Offline" },
	{ NVM_SC_ZONE_INVALID_WRITE,		"Zone Invalid Write" },
	{ NVM_SC_ZONE_TOO_MANY_ACTIVE,		"Too Many Active Zones" },
	{ NVM_SC_ZONE_TOO_MANY_OPEN,		"Too Many Open Zones" },
	{ NVM_SC_ZONE_INVALID_TRANSITION,	"Invalid Zone State Transition" },

	{ NVM_SC_WRITE_FAULT,			"Write Fault" },
	{ NVM_SC_READ_ERROR,			"Unrecovered Read Error" },
	{ NVM_SC_GUARD_CHECK,			"End-to-end Guard Check Error" },
	{ NVM_SC_APPTAG_CHECK,			"End-to-end Application Tag Check Error" },
	{ NVM_SC_REFTAG_CHECK,			"End-to-end Reference Tag Check Error" },
	{ NVM_SC_COMPARE_FAILED,		"Compare Failure" },
	{ NVM_SC_ACCESS_DENIED,			"Access Denied" },
	{ NVM_SC_UNWRITTEN_BLOCK,		"Deallocated or Unwritten Logical Block" },
	{ NVM_SC_STORAGE_TAG_CHECK,		"End-to-end Storage Tag Check Error" },

	{ NVM_SC_INTERNAL_PATH_ERROR,		"Internal Path Error" },
	{ NVM_SC_ANA_PERSISTENT_LOSS,		"Asymmetric Access Persistent Loss" },
	{ NVM_SC_ANA_INACCESSIBLE,		"Asymmetric Access Inaccessible" },
	{ NVM_SC_ANA_TRANSITION,		"Asymmetric Access Transition" },
	{ NVM_SC_CTRL_PATH_ERROR,		"Controller Pathing Error" },
	{ NVM_SC_HOST_PATH_ERROR,		"Host Pathing Error" },
	{ NVM_SC_HOST_ABORTED_CMD,		"Host Aborted Command" },
};

static inline const char *nvm_name(const struct nvm_name *table, size_t nr, __u16 value,
				   const char *unknown)
{
	size_t lo = 0, hi = nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (table[mid].value == value)
			return table[mid].name;
		if (table[mid].value < value)
			lo = mid + 1;
		else
			hi = mid;
	}
	return unknown;
}

static inline const char *nvm_admin_name(__u8 opcode)
{
	return nvm_name(nvm_admin_names, NVM_NR_NAMES(nvm_admin_names), opcode,
			opcode >= NVM_ADMIN_VENDOR_START ? "Vendor Specific" : "Unknown");
}

static inline const char *nvm_io_name(__u8 opcode)
{
	return nvm_name(nvm_io_names, NVM_NR_NAMES(nvm_io_names), opcode,
			opcode >= NVM_CMD_VENDOR_START ? "Vendor Specific" : "Unknown");
}

/* @status: without the phase; DNR, MORE and CRD do not matter. */
static inline const char *nvm_status_name(__u16 status)
{
	return nvm_name(nvm_status_names, NVM_NR_NAMES(nvm_status_names),
			status & NVM_SCT_SC_MASK,
			(status & NVM_SCT_MASK) == NVM_SCT_VS ? "Vendor Specific" : "Unknown");
}

#endif /* _NVMQ_NVME_NAMES_H */
