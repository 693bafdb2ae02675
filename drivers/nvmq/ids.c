// SPDX-License-Identifier: GPL-2.0
/*
 * Identifiers of namespaces (NGUID, EUI64, UUID; NVMe Base 4.5.1): which of them are in use. They
 * are unique in the world, and /dev/disk/by-id is made of them; whoever knows disks by them would
 * take one disk for the other. So of two namespaces with the same one, in a controller or in two,
 * the later one goes without any. Its disk is there all the same.
 *
 * What two controllers of a subsystem share is one namespace, and has its identifiers on both.
 */
#include <linux/mutex.h>

#include "ids.h"

/* Namespaces that have some. */
static LIST_HEAD(nvmq_ids_holders);
static DEFINE_MUTEX(nvmq_ids_lock);

static bool nvmq_ids_null(const u8 *id, size_t len)
{
	return !memchr_inv(id, 0, len);
}

static bool nvmq_ids_same(const u8 *a, const u8 *b, size_t len)
{
	return !nvmq_ids_null(a, len) && !memcmp(a, b, len);
}

static bool nvmq_ids_clash(const struct nvmq_ids *a, const struct nvmq_ids *b)
{
	return nvmq_ids_same(a->uuid, b->uuid, sizeof(a->uuid)) ||
	       nvmq_ids_same(a->nguid, b->nguid, sizeof(a->nguid)) ||
	       nvmq_ids_same(a->eui64, b->eui64, sizeof(a->eui64));
}

/* One namespace, by two ways. */
static bool nvmq_ids_shared(const struct nvmq_ns *a, const struct nvmq_ns *b)
{
	return a->ctrl != b->ctrl && a->ctrl->subsys && a->ctrl->subsys == b->ctrl->subsys &&
	       a->nsid == b->nsid && a->shared && b->shared;
}

static struct nvmq_ns *nvmq_ids_holder(const struct nvmq_ns *ns)
{
	struct nvmq_ns *other;

	list_for_each_entry(other, &nvmq_ids_holders, ids_entry)
		if (nvmq_ids_clash(&other->ids, &ns->ids) && !nvmq_ids_shared(other, ns))
			return other;
	return NULL;
}

/**
 * nvmq_ids_forget - a namespace without identifiers
 * @ids: its identifiers; the command set stays
 *
 * Context: any.
 */
void nvmq_ids_forget(struct nvmq_ids *ids)
{
	*ids = (struct nvmq_ids){ .csi = ids->csi };
}

/**
 * nvmq_ids_claim - a new namespace has these identifiers, unless another one has one of them
 * @ns: namespace that nobody sees yet; loses all of them, with a line in the log, if it comes too
 *      late, and is a twin from then on
 *
 * Context: scan work, may sleep.
 */
void nvmq_ids_claim(struct nvmq_ns *ns)
{
	struct nvmq_ns *other;

	mutex_lock(&nvmq_ids_lock);
	other = nvmq_ids_holder(ns);
	if (other && other->ctrl == ns->ctrl)
		nvmq_warn(ns->ctrl, "namespace %u: has an identifier of namespace %u; goes without any\n",
			  ns->nsid, other->nsid);
	else if (other)
		nvmq_warn(ns->ctrl, "namespace %u: has an identifier of nvme%d's namespace %u; goes without any\n",
			  ns->nsid, other->ctrl->instance, other->nsid);
	if (other) {
		nvmq_ids_forget(&ns->ids);
		set_bit(NVMQ_NF_TWIN, &ns->flags);
	} else {
		list_add_tail(&ns->ids_entry, &nvmq_ids_holders);
	}
	mutex_unlock(&nvmq_ids_lock);
}

/**
 * nvmq_ids_release - another namespace may have them
 * @ns: namespace that is on its way out
 *
 * Context: may sleep.
 */
void nvmq_ids_release(struct nvmq_ns *ns)
{
	mutex_lock(&nvmq_ids_lock);
	list_del_init(&ns->ids_entry);
	mutex_unlock(&nvmq_ids_lock);
}
