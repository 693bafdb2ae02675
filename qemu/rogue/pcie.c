// SPDX-License-Identifier: GPL-2.0
/*
 * Configuration space: an endpoint with MSI-X (or MSI), power management and function level
 * reset. QEMU keeps BARs and the MSI-X table itself and shows us what is left.
 */
#include "rogue.h"

#define CAP_PM		0x40
#define CAP_MSIX	0x50	/* or MSI */
#define CAP_PCIE	0x70

#define COMMAND		0x04
#define COMMAND_MEMORY	0x02
#define COMMAND_MASTER	0x04
#define DEVCTL_FLR	0x8000

static u8 writable[256];

static void put(struct rogue *r, u32 offset, u32 len, u64 value, u64 mask)
{
	for (u32 i = 0; i < len; i++) {
		r->config[offset + i] = value >> (8 * i);
		writable[offset + i] = mask >> (8 * i);
	}
}

static void put_msix(struct rogue *r)
{
	put(r, CAP_MSIX, 2, 0x11 | CAP_PCIE << 8, 0);
	put(r, CAP_MSIX + 2, 2, r->nr_vectors - 1, 0xc000);
	put(r, CAP_MSIX + 4, 4, BAR_MSIX_TABLE, 0);
	put(r, CAP_MSIX + 8, 4, BAR_MSIX_PBA, 0);
}

/* Addresses of 64 bits; the number of vectors as a power of two. */
static void put_msi(struct rogue *r)
{
	u32 log = 0;

	while (1U << log < r->nr_vectors)
		log++;
	put(r, CAP_MSIX, 2, 0x05 | CAP_PCIE << 8, 0);
	put(r, CAP_MSIX + 2, 2, 0x80 | log << 1, 0x71);
	put(r, CAP_MSIX + 4, 8, 0, ~3ULL);
	put(r, CAP_MSIX + 12, 2, 0, 0xffff);
}

void pcie_init(struct rogue *r)
{
	memset(r->config, 0, sizeof(r->config));
	memset(writable, 0, sizeof(writable));
	put(r, 0x00, 2, 0x1b36, 0);
	put(r, 0x02, 2, 0x7267, 0);
	put(r, COMMAND, 2, 0, 0x0547);
	put(r, 0x06, 2, 0x0010, 0);			/* capabilities list */
	put(r, 0x08, 4, 0x01080201, 0);			/* NVM Express */
	put(r, 0x0c, 4, 0, 0xff);
	put(r, 0x10, 8, 0x4, ~(u64)(BAR_SIZE - 1));	/* 64 bits */
	put(r, 0x2c, 4, 0x72671b36, 0);
	put(r, 0x34, 1, CAP_PM, 0);
	put(r, 0x3c, 1, 0, 0xff);

	put(r, CAP_PM, 4, 0x00030001 | CAP_MSIX << 8, 0);
	put(r, CAP_PM + 4, 4, 0x8, 0x3);		/* no soft reset */

	if (r->msi)
		put_msi(r);
	else
		put_msix(r);

	put(r, CAP_PCIE, 4, 0x00020010, 0);		/* version 2, endpoint */
	put(r, CAP_PCIE + 4, 4, 0x10008fc0, 0);		/* FLR */
	put(r, CAP_PCIE + 8, 2, 0x2810, 0x7fff);
	put(r, CAP_PCIE + 0xc, 4, 0x00000411, 0);
	put(r, CAP_PCIE + 0x12, 2, 0x0011, 0);
}

bool pcie_bus_master(struct rogue *r)
{
	return r->config[COMMAND] & COMMAND_MASTER;
}

bool pcie_memory(struct rogue *r)
{
	return r->config[COMMAND] & COMMAND_MEMORY;
}

void pcie_read(struct rogue *r, u32 offset, u8 *to, u32 len)
{
	if (r->gone)
		memset(to, 0xff, len);
	else
		memcpy(to, r->config + offset, len);
}

void pcie_write(struct rogue *r, u32 offset, const u8 *from, u32 len)
{
	bool flr = false;

	if (r->gone)
		return;
	for (u32 i = 0; i < len; i++) {
		u32 at = offset + i;

		if (at >= sizeof(writable))
			break;
		if (at == CAP_PCIE + 9 && from[i] & DEVCTL_FLR >> 8)
			flr = true;
		r->config[at] = (r->config[at] & ~writable[at]) | (from[i] & writable[at]);
	}
	if (flr) {
		controller_flr(r);
		put(r, COMMAND, 2, 0, 0x0547);
	}
}
