/* SPDX-License-Identifier: GPL-2.0 */
/* What identify says of a namespace, checked, in the host's words. */
#ifndef _NVMQ_NS_INFO_H
#define _NVMQ_NS_INFO_H

#include "nvmq.h"

/**
 * struct nvmq_ns_info - a namespace as the controller describes it
 * @nsid: namespace identifier
 * @nsze: blocks
 * @ncap: capacity in blocks
 * @nuse: blocks in use
 * @ms: metadata bytes per block
 * @format: index of the format
 * @lba_shift: log2 of the block size
 * @pi_type: protection information type
 * @pi_bytes: bytes of protection information in each block's metadata
 * @rescap: kinds of reservations
 * @endgid: endurance group; 0: none
 * @awupf: AWUPF of its controller, where the namespace does not say itself what is atomic
 * @nabo: NABO, if it is @torn
 * @nabspf: NABSPF, likewise
 * @torn: its atomic boundary cannot be kept
 * @extended: the metadata follows each block's data
 * @rich: reads and writes carry more than data
 * @deac: write zeroes may deallocate
 * @discard_zeroes: zeroes are written by a discard
 * @long_sizes: identify of its command set has NPDGL and NPDAL
 * @readonly: write protected
 * @usable: the driver can do I/O in this format
 * @shared: other controllers of the subsystem may have it, too
 * @hidden: a command set without reads and writes: a character device only
 * @ids: identifiers
 * @lim: limits of its disk
 */
struct nvmq_ns_info {
	u32 nsid;
	u64 nsze;
	u64 ncap;
	u64 nuse;
	u16 ms;
	u8 format;
	u8 lba_shift;
	u8 pi_type;
	u8 pi_bytes;
	u8 rescap;
	u16 endgid;
	u16 awupf;
	u16 nabo;
	u16 nabspf;
	bool torn;
	bool extended;
	bool rich;
	bool deac;
	bool discard_zeroes;
	bool long_sizes;
	bool readonly;
	bool usable;
	bool shared;
	bool hidden;
	struct nvmq_ids ids;
	struct nvmq_limits lim;
};

int nvmq_ns_identify(struct nvmq_ctrl *ctrl, u32 nsid, struct nvmq_ns_info *info);
void nvmq_ns_tell(const struct nvmq_ctrl *ctrl, const struct nvmq_ns_info *info);

#endif /* _NVMQ_NS_INFO_H */
