// SPDX-License-Identifier: GPL-2.0
/* Memory that is not for ever: the volatile write cache, files, the host's buffer. */
#include "host.h"

#define h (&host)

TEST(powerfail, "a power cut loses what was neither flushed nor FUA, and nothing else")
{
	struct nvm_sqe s;

	REQUIRE(up(h, NULL));
	for (int i = 0; i < 4; i++) {
		memset(h->ram + DATA, 0x10 + i, 4096);
		s = rw_sqe(NVM_CMD_WRITE, i * 8, 8, DATA);
		if (i == 3)
			s.cdw12 |= NVM_RW_FUA;
		EXPECT_EQ(command(h, 1, s, NULL), 0);
		if (i == 1) {
			s = (struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1 };
			EXPECT_EQ(command(h, 1, s, NULL), 0);
		}
	}
	/* flushed once, written again */
	memset(h->ram + DATA, 0x99, 512);
	EXPECT_EQ(rw(h, NVM_CMD_WRITE, 0, 1, DATA), 0);
	EXPECT(order(h, "{\"do\":\"powerfail\"}"));
	/* the host cannot know yet */
	push(h, 1, &s);
	ring(h, 1);
	EXPECT_EQ(reg(h, NVM_REG_CSTS), 0);
	EXPECT_EQ(reg(h, NVM_REG_CC), 0);
	REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1));
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(rw(h, NVM_CMD_READ, i * 8, 8, DATA), 0);
		EXPECT_EQ(h->ram[DATA], i == 2 ? 0 : 0x10 + i);
		EXPECT_EQ(h->ram[DATA + 4095], i == 2 ? 0 : 0x10 + i);
	}
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(destage, "a power cut may keep some of what was in the cache, and never mixes a block")
{
	int kept = 0;

	REQUIRE(up(h, NULL));
	for (int i = 0; i < 256; i++) {
		memset(h->ram + DATA, i + 1, 512);
		EXPECT_EQ(rw(h, NVM_CMD_WRITE, i, 1, DATA), 0);
	}
	EXPECT(order(h, "{\"do\":\"powerfail\",\"keep\":50,\"seed\":7}"));
	REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1));
	for (int i = 0; i < 256; i++) {
		EXPECT_EQ(rw(h, NVM_CMD_READ, i, 1, DATA), 0);
		EXPECT(h->ram[DATA] == 0 || h->ram[DATA] == (uint8_t)(i + 1));
		EXPECT_EQ(h->ram[DATA + 511], h->ram[DATA]);
		kept += h->ram[DATA] != 0;
	}
	EXPECT(kept > 80 && kept < 176);
	EXPECT_EQ(end(h), 0);
}

TEST(promise, "what is said to be safe, and is in the cache only, lacks a flush")
{
	REQUIRE(up(h, NULL));
	EXPECT_EQ(rw(h, NVM_CMD_WRITE, 10, 2, DATA), 0);
	EXPECT(order(h, "{\"do\":\"stable\",\"lba\":12}"));
	EXPECT(order(h, "{\"do\":\"stable\",\"blocks\":10}"));
	EXPECT_EQ(command(h, 1, (struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1 }, NULL), 0);
	EXPECT(order(h, "{\"do\":\"stable\"}"));
	EXPECT_STR(first_breach(h), "");
	EXPECT(!order(h, "{\"do\":\"stable\",\"lba\":16383,\"blocks\":2}"));
	EXPECT_EQ(rw(h, NVM_CMD_WRITE, 10, 2, DATA), 0);
	EXPECT(order(h, "{\"do\":\"stable\",\"lba\":11,\"blocks\":1}"));
	EXPECT_STR(first_breach(h), "a flush is missing");
	EXPECT_EQ(end(h), 0);
}

TEST(hmb, "a host memory buffer is filled, and missed when the host takes it away")
{
	struct nvm_host_mem_buf_desc *d;
	struct nvm_sqe s = {
		.opcode = NVM_ADMIN_SET_FEATURES, .cdw10 = NVM_FEAT_HOST_MEM_BUF,
		.cdw11 = NVM_HOST_MEM_ENABLE, .cdw12 = 3, .cdw15 = 2,
		.cdw13 = (uint32_t)(RAM_IOVA + DATA), .cdw14 = RAM_IOVA >> 32,
	};

	REQUIRE(up(h, NULL));
	EXPECT(!order(h, "{\"do\":\"hmb\",\"fill\":1}"));
	d = (void *)(h->ram + DATA);
	d[0] = (struct nvm_host_mem_buf_desc){ .addr = RAM_IOVA + DATA + 0x10000, .size = 1 };
	d[1] = (struct nvm_host_mem_buf_desc){ .addr = RAM_IOVA + DATA + 0x20000, .size = 2 };
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	EXPECT(order(h, "{\"do\":\"hmb\",\"fill\":165}"));
	EXPECT_EQ(h->ram[DATA + 0x10000], 165);
	EXPECT_EQ(h->ram[DATA + 0x21fff], 165);
	EXPECT_EQ(h->ram[DATA + 0x22000], 0);
	EXPECT(order(h, "{\"do\":\"hmb\",\"check\":165}"));
	EXPECT_STR(first_breach(h), "");
	h->ram[DATA + 0x21000]++;
	EXPECT(order(h, "{\"do\":\"hmb\",\"check\":165}"));
	EXPECT_STR(first_breach(h), "host memory buffer was changed by the host");

	/* in use: what the host does to it meanwhile, or between, is seen */
	EXPECT(order(h, "{\"do\":\"clear\"}"));
	EXPECT(order(h, "{\"do\":\"set\",\"use_hmb\":true}"));
	for (int i = 0; i < 100; i++)
		EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA + 0x40000), 0);
	s.cdw11 = 0;
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	s.cdw11 = NVM_HOST_MEM_ENABLE | NVM_HOST_MEM_RETURN;
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	EXPECT_STR(first_breach(h), "");
	s.cdw11 = 0;
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	memset(h->ram + DATA + 0x10000, 0, 0x1000);
	memset(h->ram + DATA + 0x20000, 0, 0x2000);
	s.cdw11 = NVM_HOST_MEM_ENABLE | NVM_HOST_MEM_RETURN;
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	EXPECT_STR(first_breach(h), "host memory buffer returned with other content");
	EXPECT(order(h, "{\"do\":\"clear\"}"));
	EXPECT(order(h, "{\"do\":\"set\",\"use_hmb\":true}"));
	for (int i = 0; i < 100; i++)
		EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA + 0x40000), 0);
	EXPECT_STR(first_breach(h), "host memory buffer was changed by the host");
	s.cdw11 = 0;
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	EXPECT(!order(h, "{\"do\":\"hmb\",\"fill\":1}"));
	EXPECT_EQ(end(h), 0);
}

TEST(file, "a namespace in a file keeps what was written; it has blocks of 4096 bytes")
{
	char path[100], what[110], *options[] = { "-n", what, "-V", "1.4", NULL };
	static struct nvm_id_ns ns;
	static uint8_t block[4096];
	char line[200];
	struct nvm_sqe s;
	int fd;

	strcpy(path, "/tmp/rogue-file.XXXXXX");
	fd = mkstemp(path);
	snprintf(what, sizeof(what), "%s,4096", path);
	REQUIRE(fd >= 0 && !ftruncate(fd, 1 << 20));
	REQUIRE(up(h, options));
	EXPECT_EQ(reg(h, NVM_REG_VS), 0x10400);
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS, 2, &ns), 0);
	EXPECT_EQ(ns.nsze, 256);
	EXPECT_EQ(ns.lbaf[ns.flbas & 15].ds, 12);
	memset(h->ram + DATA, 0x5a, 4096);
	s = rw_sqe(NVM_CMD_WRITE, 3, 1, DATA);
	s.nsid = 2;
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	EXPECT(!order(h, "{\"do\":\"ns\",\"nsid\":2,\"size\":\"2M\"}"));
	/* another one on the same file finds it there */
	snprintf(line, sizeof(line), "{\"do\":\"ns\",\"nsid\":3,\"block\":4096,"
		 "\"file\":\"%s\"}", path);
	EXPECT(order(h, line));
	s = rw_sqe(NVM_CMD_READ, 3, 1, DATA + 0x10000);
	s.nsid = 3;
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	EXPECT_EQ(h->ram[DATA + 0x10000], 0x5a);
	EXPECT(order(h, "{\"do\":\"ns\",\"nsid\":2,\"size\":\"512K\"}"));
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
	EXPECT_EQ(pread(fd, block, 4096, 3 * 4096), 4096);
	EXPECT_EQ(block[0], 0x5a);
	EXPECT_EQ(block[4095], 0x5a);
	close(fd);
	unlink(path);
}
