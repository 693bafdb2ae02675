// SPDX-License-Identifier: GPL-2.0
/*
 * The tables of names: sorted, without holes.
 *
 * Seen red: two lines swapped; a status taken out of its table.
 */
#include <nvme/names.h>

#include "tap.h"

static void check_sorted(const struct nvm_name *table, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		EXPECT(table[i].name && table[i].name[0]);
		if (i)
			EXPECT(table[i - 1].value < table[i].value);
		EXPECT_STR(nvm_name(table, nr, table[i].value, "lost"), table[i].name);
	}
}

TEST(sorted, "each table ascends, and each entry is found")
{
	check_sorted(nvm_admin_names, NVM_NR_NAMES(nvm_admin_names));
	check_sorted(nvm_io_names, NVM_NR_NAMES(nvm_io_names));
	check_sorted(nvm_status_names, NVM_NR_NAMES(nvm_status_names));
}

/* Counts the constants NVM_<PREFIX>... of a header's enums that the table @name() does not know. */
static unsigned int unnamed(const char *header, const char *prefix,
			    const char *(*name)(unsigned int))
{
	char path[256], line[256], word[128];
	unsigned int value, nr = 0, lost = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/nvme/%s", INCLUDE, header);
	f = fopen(path, "r");
	REQUIRE(f);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "\t%127[A-Z0-9_] = %i", word, (int *)&value) != 2)
			continue;
		if (strncmp(word, prefix, strlen(prefix)) || strstr(word, "VENDOR_START") ||
		    !strcmp(word, "NVM_SC_RESERVED"))
			continue;
		nr++;
		if (!strcmp(name(value), "Unknown")) {
			printf("# %s has no name\n", word);
			lost++;
		}
	}
	fclose(f);
	EXPECT(nr > 10);
	return lost;
}

static const char *admin(unsigned int value)
{
	return nvm_admin_name(value);
}

static const char *io(unsigned int value)
{
	return nvm_io_name(value);
}

static const char *status(unsigned int value)
{
	return nvm_status_name(value);
}

TEST(complete, "every opcode and status of the headers has a name")
{
	EXPECT_EQ(unnamed("cmd.h", "NVM_ADMIN_", admin), 0);
	EXPECT_EQ(unnamed("cmd.h", "NVM_CMD_", io), 0);
	EXPECT_EQ(unnamed("status.h", "NVM_SC_", status), 0);
}

TEST(status_bits, "DNR, MORE and the retry delay do not hide a status's name")
{
	uint16_t st = NVM_SC_LBA_RANGE | NVM_STATUS_DNR | NVM_STATUS_MORE | NVM_STATUS_CRD;

	EXPECT_STR(nvm_status_name(st), "LBA Out of Range");
	EXPECT_STR(nvm_status_name(0), "Successful Completion");
	EXPECT_STR(nvm_status_name(NVM_SCT_VS | 0x12), "Vendor Specific");
	EXPECT_STR(nvm_status_name(0x07f), "Unknown");
}

TEST(unknown, "all 256 opcodes have a word, vendor's opcodes are said to be that")
{
	unsigned int opcode;

	for (opcode = 0; opcode < 256; opcode++) {
		EXPECT(nvm_admin_name(opcode)[0]);
		EXPECT(nvm_io_name(opcode)[0]);
	}
	EXPECT_STR(nvm_admin_name(0xc0), "Vendor Specific");
	EXPECT_STR(nvm_io_name(0xff), "Vendor Specific");
	EXPECT_STR(nvm_io_name(0x03), "Unknown");
	EXPECT_STR(nvm_admin_name(NVM_ADMIN_IDENTIFY), "Identify");
	EXPECT_STR(nvm_io_name(NVM_CMD_WRITE_ZEROES), "Write Zeroes");
}
