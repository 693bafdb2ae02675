// SPDX-License-Identifier: GPL-2.0
/*
 * dma_direct.c as the module compiles it: bus addresses are computed only where nothing stands
 * between the device and memory, and where no memory can be out of its reach.
 *
 * Seen red: each of its conditions left out; the constant left out; the comparison left out.
 */
#include "tap.h"
#include <nvmq.h>

/* options of the kernel, and what it says of the device */
static bool shim_CONFIG_DMA_API_DEBUG, shim_CONFIG_KMSAN, shim_CONFIG_ARCH_HAS_PHYS_TO_DMA;
static bool shim_CONFIG_SPARSEMEM_VMEMMAP;
static bool need_unmap, force_bounce, no_room;
static u64 mask, encrypted, moved;
static int mapped;
static struct page a_page = { 0x123000 };

#undef IS_ENABLED
#define IS_ENABLED(option) shim_##option
#undef DMA_BIT_MASK
#define DMA_BIT_MASK(n) ((n) == 64 ? ~0ULL : (1ULL << (n)) - 1)
#define dma_need_unmap(dev) need_unmap
#define is_swiotlb_force_bounce(dev) force_bounce
#define dma_get_mask(dev) mask
#define virt_to_page(p) (&a_page)
#define phys_to_dma(dev, phys) ((phys) | encrypted)
#undef dma_map_page
#define dma_map_page(dev, page, offset, len, dir) \
	(mapped += !no_room, (page_to_phys(page) | encrypted) + moved)
#undef dma_unmap_page
#define dma_unmap_page(dev, addr, len, dir) (mapped--)
#undef dma_mapping_error
#define dma_mapping_error(dev, addr) no_room

#include <dma_direct.c>

static struct device dev;
static u64 base;

static bool direct(void)
{
	bool ret = nvmq_dma_is_direct(&dev, &base);

	EXPECT_EQ(mapped, 0);
	need_unmap = force_bounce = no_room = false;
	moved = 0;
	shim_CONFIG_DMA_API_DEBUG = shim_CONFIG_KMSAN = shim_CONFIG_ARCH_HAS_PHYS_TO_DMA = false;
	dev = (struct device){};
	mask = ~0ULL;
	return ret;
}

TEST(plain, "a device with 64 address bits and nothing before it is direct")
{
	direct();
	EXPECT(direct());
	EXPECT_EQ(base, 0);
	/* memory encryption: a bit that every bus address has */
	encrypted = 1ULL << 47;
	EXPECT(direct());
	EXPECT_EQ(base, 1ULL << 47);
	encrypted = 0;
}

TEST(before, "an IOMMU, bounce buffers, windows of the bus, a kernel that watches: not direct")
{
	direct();
	need_unmap = true;
	EXPECT(!direct());
	force_bounce = true;
	EXPECT(!direct());
	dev.dma_range_map = &base;
	EXPECT(!direct());
	shim_CONFIG_DMA_API_DEBUG = true;
	EXPECT(!direct());
	shim_CONFIG_KMSAN = true;
	EXPECT(!direct());
	shim_CONFIG_ARCH_HAS_PHYS_TO_DMA = true;
	EXPECT(!direct());
	EXPECT(direct());
}

TEST(agrees, "a mapping of the kernel's that lies elsewhere, or cannot be made: not direct")
{
	direct();
	moved = 4096;
	EXPECT(!direct());
	no_room = true;
	EXPECT(!direct());
	EXPECT(direct());
}

TEST(reach, "memory may be out of reach with any mask below 64 bits, or a limit of the bus")
{
	unsigned int bits;

	direct();
	for (bits = 24; bits < 64; bits++) {
		mask = DMA_BIT_MASK(bits);
		EXPECT(!direct());
	}
	dev.bus_dma_limit = (1ULL << 32) - 1;
	EXPECT(!direct());
	EXPECT(direct());
}
