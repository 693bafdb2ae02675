// SPDX-License-Identifier: GPL-2.0
/*
 * What a passed-through command may do, and how much it transfers: a length that is too small
 * lets the device write over memory that is not the caller's.
 *
 * Seen red: NLB taken as a count; NUMDU dropped; DBBUF allowed; a writing opcode allowed on a file
 * that is open for reading.
 */
#include "tap.h"
#include <permit.c>

static struct nvm_sqe sqe_of(u8 opcode, u32 cdw10, u32 cdw11, u32 cdw12, u32 cdw13)
{
	return (struct nvm_sqe){
		.opcode = opcode,
		.cdw10 = cpu_to_le32(cdw10),
		.cdw11 = cpu_to_le32(cdw11),
		.cdw12 = cpu_to_le32(cdw12),
		.cdw13 = cpu_to_le32(cdw13),
	};
}

static const struct nvmq_permit_format plain = { .lba_shift = 9 };
static const struct nvmq_permit_format large = { .lba_shift = 12, .ms = 64 };
static const struct nvmq_permit_format pi = { .lba_shift = 12, .ms = 8, .pi_bytes = 8 };
static const struct nvmq_permit_format pi_in_more = { .lba_shift = 12, .ms = 64, .pi_bytes = 8 };
static const struct nvmq_permit_format extended = {
	.lba_shift = 9, .ms = 8, .extended = true, .pi_bytes = 8,
};

static s64 io_bytes(const struct nvmq_permit_format *fmt, u8 opcode, u32 cdw10, u32 cdw12,
		    u32 cdw13, u64 *meta)
{
	struct nvm_sqe sqe = sqe_of(opcode, cdw10, 0, cdw12, cdw13);

	return nvmq_permit_io_bytes(&sqe, fmt, meta);
}

TEST(io_bytes_rw, "reads and writes: blocks, metadata apart or interleaved, PRACT")
{
	u64 meta = 77;

	EXPECT_EQ(io_bytes(&plain, NVM_CMD_READ, 0, 0, 0, &meta), 512);
	EXPECT_EQ(meta, 0);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_WRITE, 0, 0xffff, 0, &meta), 65536 * 512);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_READ, 0, 0xfff00007, 0, &meta), 8 * 512);
	EXPECT_EQ(io_bytes(&large, NVM_CMD_COMPARE, 0, 7, 0, &meta), 8 * 4096);
	EXPECT_EQ(meta, 8 * 64);
	EXPECT_EQ(io_bytes(&large, NVM_CMD_READ, 0, 0xffff, 0, &meta), 65536LL * 4096);
	EXPECT_EQ(meta, 65536 * 64);
	EXPECT_EQ(io_bytes(&pi, NVM_CMD_WRITE, 0, 7, 0, &meta), 8 * 4096);
	EXPECT_EQ(meta, 8 * 8);
	EXPECT_EQ(io_bytes(&pi, NVM_CMD_WRITE, 0, 7 | NVM_RW_PRINFO_PRACT, 0, &meta), 8 * 4096);
	EXPECT_EQ(meta, 0);
	/* larger metadata than the protection information still crosses the bus */
	EXPECT_EQ(io_bytes(&pi_in_more, NVM_CMD_WRITE, 0, 7 | NVM_RW_PRINFO_PRACT, 0, &meta),
		  8 * 4096);
	EXPECT_EQ(meta, 8 * 64);
	EXPECT_EQ(io_bytes(&extended, NVM_CMD_READ, 0, 7, 0, &meta), 8 * 520);
	EXPECT_EQ(meta, 0);
	EXPECT_EQ(io_bytes(&extended, NVM_CMD_READ, 0, 7 | NVM_RW_PRINFO_PRACT, 0, &meta), 8 * 512);
}

TEST(io_bytes_other, "the other I/O commands")
{
	u64 meta;

	EXPECT_EQ(io_bytes(&plain, NVM_CMD_FLUSH, 5, 5, 5, &meta), 0);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_WRITE_ZEROES, 0, 0xffff, 0, &meta), 0);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_VERIFY, 0, 0xffff, 0, &meta), 0);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_WRITE_UNCOR, 0, 0xffff, 0, &meta), 0);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_DSM, 255, 0, 0, &meta), 4096);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_DSM, 0, 0, 0, &meta), 16);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_COPY, 0, 3, 0, &meta), 4 * 32);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_COPY, 0, 3 | 1 << 8, 0, &meta), 4 * 40);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_COPY, 0, 3 | 2 << 8, 0, &meta), 4 * 32);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_COPY, 0, 3 | 3 << 8, 0, &meta), 4 * 40);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_ZONE_MGMT_RECV, 0, 1023, 0, &meta), 4096);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_ZONE_MGMT_RECV, 0, ~0U, 0, &meta), 4ULL << 32);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_ZONE_MGMT_SEND, 0, 0, NVM_ZONE_RESET, &meta), 0);
	EXPECT_EQ(io_bytes(&plain, NVM_CMD_ZONE_MGMT_SEND, 0, 0, NVM_ZONE_SET_DESC_EXT, &meta),
		  NVMQ_PERMIT_UNKNOWN);
	EXPECT_EQ(io_bytes(&plain, 0x90, 0, 0, 0, &meta), NVMQ_PERMIT_UNKNOWN);
}

TEST(io_bytes_direction, "an opcode that moves no data is never said to, one that does is never 0")
{
	unsigned int opcode;
	u64 meta;

	for (opcode = 0; opcode < 256; opcode++) {
		s64 bytes = io_bytes(&plain, opcode, 0, 0, 0, &meta);

		if (bytes == NVMQ_PERMIT_UNKNOWN)
			continue;
		/* these carry the direction bits of their group, and no data */
		if (opcode == NVM_CMD_ZONE_MGMT_SEND)
			continue;
		EXPECT_EQ(!!bytes, !!(opcode & NVM_OPC_DATA));
	}
}

static s64 admin_bytes(u8 opcode, u32 cdw10, u32 cdw11, u32 cdw12)
{
	struct nvm_sqe sqe = sqe_of(opcode, cdw10, cdw11, cdw12, 0);

	return nvmq_permit_admin_bytes(&sqe);
}

TEST(admin_bytes, "admin commands: identify, log pages of any length, security, firmware")
{
	EXPECT_EQ(admin_bytes(NVM_ADMIN_IDENTIFY, 1, 0, 0), 4096);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_GET_LOG_PAGE, 127 << 16 | NVM_LOG_SMART, 0, 0), 512);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_GET_LOG_PAGE, 0xffff0002, 0, 0), 256 << 10);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_GET_LOG_PAGE, 0xffff0002, 1, 0), 512 << 10);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_GET_LOG_PAGE, 0xffff0002, 0xffff, 0), 4ULL << 32);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_GET_LOG_PAGE, 0x00000002, 0x00050000, 0), 4);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_DOWNLOAD_FW, 1023, 0, 0), 4096);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_DOWNLOAD_FW, ~0U, 0, 0), 4ULL << 32);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_SECURITY_RECV, 0, ~0U, 0), 0xffffffffLL);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_NS_ATTACH, 0, 0, 0), 4096);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_FORMAT_NVM, 0, 0, 0), 0);
	EXPECT_EQ(admin_bytes(NVM_ADMIN_ABORT_CMD, 0, 0, 0), 0);
	EXPECT_EQ(admin_bytes(0xc5, 0, 0, 0), NVMQ_PERMIT_UNKNOWN);
}

TEST(admin_direction, "the same of admin opcodes")
{
	unsigned int opcode;

	for (opcode = 0; opcode < 256; opcode++) {
		s64 bytes = admin_bytes(opcode, 1, 4, 1);

		if (bytes != NVMQ_PERMIT_UNKNOWN)
			EXPECT_EQ(!!bytes, !!(opcode & NVM_OPC_DATA));
	}
}

TEST(driver_owns, "queues, doorbell buffers, events, host memory are nobody else's")
{
	static const u8 owned[] = {
		NVM_ADMIN_CREATE_SQ, NVM_ADMIN_CREATE_CQ, NVM_ADMIN_DELETE_SQ, NVM_ADMIN_DELETE_CQ,
		NVM_ADMIN_ASYNC_EVENT, NVM_ADMIN_KEEP_ALIVE, NVM_ADMIN_DBBUF,
	};
	unsigned int opcode, i;

	for (opcode = 0; opcode < 256; opcode++) {
		struct nvm_sqe sqe = sqe_of(opcode, 0, 0, 0, 0);
		bool want = memchr(owned, opcode, sizeof(owned));

		EXPECT_EQ(nvmq_permit_driver_owns(&sqe), want);
	}
	for (i = 0; i < 256; i++) {
		struct nvm_sqe set = sqe_of(NVM_ADMIN_SET_FEATURES, i, 0, 0, 0);
		struct nvm_sqe saved = sqe_of(NVM_ADMIN_SET_FEATURES, i | NVM_FEAT_SAVE, 0, 0, 0);
		struct nvm_sqe get = sqe_of(NVM_ADMIN_GET_FEATURES, i, 0, 0, 0);
		bool want = i == NVM_FEAT_NUM_QUEUES || i == NVM_FEAT_HOST_MEM_BUF ||
			    i == NVM_FEAT_KATO || i == NVM_FEAT_HOST_BEHAVIOR ||
			    i == NVM_FEAT_AUTO_PST;

		EXPECT_EQ(nvmq_permit_driver_owns(&set), want);
		EXPECT_EQ(nvmq_permit_driver_owns(&saved), want);
		EXPECT(!nvmq_permit_driver_owns(&get));
	}
}

TEST(admin_anyone, "without the capability: identify of the controller and of namespaces, no more")
{
	unsigned int opcode, cns;

	for (opcode = 0; opcode < 256; opcode++)
		for (cns = 0; cns < 256; cns++) {
			struct nvm_sqe sqe = sqe_of(opcode, cns, 0, 0, 0);
			bool want = opcode == NVM_ADMIN_IDENTIFY &&
				    (cns == 0 || cns == 1 || cns == 5 || cns == 6 || cns == 8);

			EXPECT_EQ(nvmq_permit_admin_anyone(&sqe), want);
		}
}

TEST(io_anyone, "without the capability: nothing that writes to a file open for reading")
{
	unsigned int opcode, bit;

	for (opcode = 0; opcode < 256; opcode++) {
		struct nvm_sqe sqe = sqe_of(opcode, 0, 0, 0, 0);
		u32 effects = nvmq_permit_io_effects(opcode, NVM_CSI_NVM);

		if (nvmq_permit_io_anyone(&sqe, effects, false)) {
			EXPECT(!(opcode & NVM_OPC_DATA_OUT) && !(effects & NVM_CMD_EFFECTS_LBCC));
			EXPECT(opcode < NVM_CMD_VENDOR_START);
		}
		/* what a log says besides harmless things needs the capability */
		for (bit = 0; bit < 20; bit++) {
			u32 more = NVM_CMD_EFFECTS_CSUPP | 1U << bit;

			if (bit == 0 || bit == 1 || bit == 19)
				continue;
			EXPECT(!nvmq_permit_io_anyone(&sqe, more, true));
		}
		EXPECT(!nvmq_permit_io_anyone(&sqe, 0, true));
	}
	/* what read() and write() could do as well */
	EXPECT(nvmq_permit_io_anyone(&(struct nvm_sqe){ .opcode = NVM_CMD_READ },
				     NVM_CMD_EFFECTS_CSUPP, false));
	EXPECT(nvmq_permit_io_anyone(&(struct nvm_sqe){ .opcode = NVM_CMD_WRITE },
				     NVM_CMD_EFFECTS_CSUPP | NVM_CMD_EFFECTS_LBCC, true));
	EXPECT(!nvmq_permit_io_anyone(&(struct nvm_sqe){ .opcode = NVM_CMD_WRITE },
				      NVM_CMD_EFFECTS_CSUPP, false));
}

TEST(effects, "commands that need the disks frozen or the namespaces looked at again")
{
	EXPECT(nvmq_permit_admin_effects(NVM_ADMIN_FORMAT_NVM) & NVM_CMD_EFFECTS_CSE);
	EXPECT(nvmq_permit_admin_effects(NVM_ADMIN_FORMAT_NVM) & NVM_CMD_EFFECTS_NCC);
	EXPECT(nvmq_permit_admin_effects(NVM_ADMIN_NS_ATTACH) & NVM_CMD_EFFECTS_NIC);
	EXPECT(nvmq_permit_admin_effects(NVM_ADMIN_NS_MGMT) & NVM_CMD_EFFECTS_NIC);
	EXPECT(nvmq_permit_admin_effects(NVM_ADMIN_SANITIZE_NVM) & NVM_CMD_EFFECTS_LBCC);
	EXPECT_EQ(nvmq_permit_admin_effects(NVM_ADMIN_IDENTIFY), 0);
	EXPECT_EQ(nvmq_permit_io_effects(NVM_CMD_ZONE_APPEND, NVM_CSI_NVM), 0);
	EXPECT(nvmq_permit_io_effects(NVM_CMD_ZONE_APPEND, NVM_CSI_ZNS) & NVM_CMD_EFFECTS_LBCC);
	EXPECT_EQ(nvmq_permit_io_effects(NVM_CMD_READ, 0x7f), 0);
}
