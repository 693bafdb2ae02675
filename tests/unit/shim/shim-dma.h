/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A DMA layer that a test can look into: it knows what is mapped and what was taken from pools,
 * says no when told to, and finds the memory behind a bus address as a controller would.
 */
#ifndef NVMQ_SHIM_DMA_H
#define NVMQ_SHIM_DMA_H

#include "shim.h"

#define DMA_NOWHERE (~0ULL)
#define SHIM_MAX 8192

struct dma_pool {
	size_t size;
	size_t align;
};

struct shim_region {
	u64 bus;
	size_t len;
	void *mem;			/* pool memory, NULL for mapped data */
	struct dma_pool *pool;
	enum dma_data_direction dir;
};

static struct shim_region shim_regions[SHIM_MAX];
static unsigned int shim_nr_regions;
static u64 shim_next_bus = 0x7f0000000000ULL;
/* the n-th call from now fails, 0: none */
static unsigned int shim_fail_alloc, shim_fail_map;
static unsigned long shim_allocs;
/* no IOMMU, no bounce buffers: all of memory is mapped, and nothing is unmapped */
static bool shim_direct;

static inline bool shim_fails(unsigned int *countdown)
{
	return *countdown && !--*countdown;
}

static inline struct shim_region *shim_find(u64 bus, bool pool)
{
	unsigned int i;

	for (i = 0; i < shim_nr_regions; i++)
		if (shim_regions[i].bus == bus && !!shim_regions[i].mem == pool)
			return &shim_regions[i];
	return NULL;
}

static inline void shim_add(struct shim_region region)
{
	assert(shim_nr_regions < SHIM_MAX);
	shim_regions[shim_nr_regions++] = region;
}

static inline void shim_del(struct shim_region *region)
{
	*region = shim_regions[--shim_nr_regions];
}

/* What a controller sees: pool memory that holds [@bus, @bus + @len), else NULL. */
static inline void *shim_memory(u64 bus, size_t len)
{
	unsigned int i;

	for (i = 0; i < shim_nr_regions; i++) {
		struct shim_region *r = &shim_regions[i];

		if (r->mem && bus >= r->bus && bus + len <= r->bus + r->len)
			return (char *)r->mem + (bus - r->bus);
	}
	return NULL;
}

static inline bool shim_is_mapped(u64 bus, size_t len)
{
	unsigned int i;

	if (shim_direct)
		return true;
	for (i = 0; i < shim_nr_regions; i++) {
		struct shim_region *r = &shim_regions[i];

		if (!r->mem && bus >= r->bus && bus + len <= r->bus + r->len)
			return true;
	}
	return false;
}

static inline unsigned int shim_nr_mapped(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < shim_nr_regions; i++)
		nr += !shim_regions[i].mem;
	return nr;
}

static inline struct dma_pool *dma_pool_create(const char *name, struct device *dev, size_t size,
					       size_t align, size_t boundary)
{
	struct dma_pool *pool = malloc(sizeof(*pool));

	pool->size = size;
	pool->align = align;
	return pool;
}

#define dma_pool_create_node(name, dev, size, align, boundary, node) \
	dma_pool_create(name, dev, size, align, boundary)

static inline void dma_pool_destroy(struct dma_pool *pool)
{
	free(pool);
}

static inline void *dma_pool_alloc(struct dma_pool *pool, gfp_t gfp, dma_addr_t *bus)
{
	struct shim_region r = { .len = pool->size, .pool = pool };

	if (shim_fails(&shim_fail_alloc))
		return NULL;
	shim_allocs++;
	r.mem = aligned_alloc(pool->align, pool->size);
	/* what was there before is not zero, and no valid address */
	memset(r.mem, 0xa5, pool->size);
	/* never neighbours: a list that runs over its end lands nowhere */
	shim_next_bus = (shim_next_bus + 2 * pool->align) & ~(u64)(pool->align - 1);
	r.bus = shim_next_bus;
	shim_next_bus += pool->size;
	shim_add(r);
	*bus = r.bus;
	return r.mem;
}

static inline void dma_pool_free(struct dma_pool *pool, void *mem, dma_addr_t bus)
{
	struct shim_region *r = shim_find(bus, true);

	assert(r && "freed what was not allocated");
	assert(r->mem == mem && r->pool == pool);
	free(mem);
	shim_del(r);
}

static inline dma_addr_t dma_map_page(struct device *dev, struct page *page, size_t offset,
				      size_t len, enum dma_data_direction dir)
{
	struct shim_region r = { .len = len, .dir = dir };

	if (shim_fails(&shim_fail_map))
		return DMA_NOWHERE;
	r.bus = page->bus + offset;
	if (!shim_direct)
		shim_add(r);
	return r.bus;
}

static inline dma_addr_t dma_map_bvec(struct device *dev, const struct bio_vec *bv,
				      enum dma_data_direction dir, unsigned long attrs)
{
	return dma_map_page(dev, bv->bv_page, bv->bv_offset, bv->bv_len, dir);
}

static inline int dma_mapping_error(struct device *dev, dma_addr_t bus)
{
	return bus == DMA_NOWHERE ? -ENOMEM : 0;
}

static inline void dma_unmap_page(struct device *dev, dma_addr_t bus, size_t len,
				  enum dma_data_direction dir)
{
	struct shim_region *r = shim_find(bus, false);

	assert(r && "unmapped what was not mapped");
	assert(r->len == len && r->dir == dir);
	shim_del(r);
}

/* no ranges of addresses: guests have them */
static inline unsigned long dma_get_merge_boundary(struct device *dev)
{
	return 0;
}

static inline bool dma_iova_try_alloc(struct device *dev, struct dma_iova_state *state,
				      phys_addr_t phys, size_t size)
{
	return false;
}

static inline int dma_iova_link(struct device *dev, struct dma_iova_state *state, phys_addr_t phys,
				size_t offset, size_t size, enum dma_data_direction dir,
				unsigned long attrs)
{
	return -EOPNOTSUPP;
}

static inline int dma_iova_sync(struct device *dev, struct dma_iova_state *state, size_t offset,
				size_t size)
{
	return -EOPNOTSUPP;
}

#define dma_iova_free(dev, state) ((void)(state))
#define dma_iova_destroy(dev, state, len, dir, attrs) ((void)(state))

static inline void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	return shim_fails(&shim_fail_alloc) ? NULL : calloc(n, size);
}

static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kcalloc(1, size, gfp);
}

#define kmalloc(size, gfp) kzalloc(size, gfp)
#define kmalloc_array(n, size, gfp) kcalloc(n, size, gfp)

static inline void kfree(const void *p)
{
	free((void *)p);
}

/* No memory is that of a PCI device. */
#define REQ_NOMERGE (1U << 12)
#define BLK_RQ_DMA_MMIO 0
#define is_pci_p2pdma_page(page) ((void)(page), false)
struct nvmq_queue;
bool nvmq_p2p_possible(struct device *dev);
blk_status_t nvmq_p2p_map(struct nvmq_queue *q, struct request *req);

bool nvmq_p2p_possible(struct device *dev)
{
	return false;
}

blk_status_t nvmq_p2p_map(struct nvmq_queue *q, struct request *req)
{
	return BLK_STS_NOTSUPP;
}

#endif
