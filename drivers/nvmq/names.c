// SPDX-License-Identifier: GPL-2.0
/*
 * Classes and instance numbers.
 *
 * Tools look for the classes nvme, nvme-subsystem and nvme-generic and for devices nvme0 and up.
 * Where nvme_core is present, these are its own. Registering a name that is taken makes the kernel
 * warn with a trace, and whoever comes second fails to load; so we ask first, and step aside to
 * names and numbers of our own.
 *
 * A number X is in use as long as anything is called after it: nvmeX until the last reference to
 * the controller is gone, nvme-subsysX until the last controller of the subsystem has left.
 */
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include <nvmq-adapt.h>

#include "chrdev.h"
#include "names.h"
#include "params.h"

/* Who has more than this many disks under nvme_core has other worries than the names. */
#define NVMQ_NAMES_FIRST_BESIDE 1000
/* Time for the last references to go before the module's text does. */
#define NVMQ_NAMES_LINGER (10 * HZ)

/**
 * struct nvmq_names - one set of names
 * @ctrl: class of controllers
 * @subsys: class of subsystems
 * @generic: class of namespaces' character devices
 * @first: lowest instance number
 */
struct nvmq_names {
	const char *ctrl;
	const char *subsys;
	const char *generic;
	u32 first;
};

static const struct nvmq_names nvmq_names_familiar = {
	.ctrl = "nvme",
	.subsys = "nvme-subsystem",
	.generic = "nvme-generic",
};

static const struct nvmq_names nvmq_names_beside = {
	.ctrl = "nvmq",
	.subsys = "nvmq-subsystem",
	.generic = "nvmq-generic",
	.first = NVMQ_NAMES_FIRST_BESIDE,
};

static int nvmq_names_uevent(const struct device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "NVME_TRTYPE=pcie");
}

NVMQ_ADAPT_DEV_UEVENT(nvmq_names_uevent);

struct class nvmq_names_ctrl = {
	.dev_uevent = nvmq_adapted_dev_uevent(nvmq_names_uevent),
};

struct class nvmq_names_subsys = {};

struct class nvmq_names_generic = {};

/* Numbers in use, each with the count of its users. */
static DEFINE_XARRAY_ALLOC(nvmq_names_numbers);
static DEFINE_MUTEX(nvmq_names_lock);
static DECLARE_WAIT_QUEUE_HEAD(nvmq_names_wait);
static u32 nvmq_names_first;

/* nvme_core is there if its symbols are, or if somebody has its class. */
static bool nvmq_names_taken(void)
{
	struct path path;

	if (__symbol_get("nvme_init_ctrl")) {
		__symbol_put("nvme_init_ctrl");
		return true;
	}
	if (!kern_path("/sys/class/nvme", LOOKUP_FOLLOW, &path)) {
		path_put(&path);
		return true;
	}
	return false;
}

static const struct nvmq_names *nvmq_names_choose(void)
{
	bool taken;

	if (nvmq_classes == NVMQ_CLASSES_NVMQ)
		return &nvmq_names_beside;

	taken = nvmq_names_taken();
	if (!taken)
		return &nvmq_names_familiar;
	if (nvmq_classes == NVMQ_CLASSES_NVME) {
		pr_err("nvmq: classes=nvme, but nvme_core is present and has these names; unload it, or load nvmq with classes=auto\n");
		return NULL;
	}
	pr_info("nvmq: nvme_core is present: classes are nvmq, nvmq-subsystem, nvmq-generic; devices nvme%d and up\n",
		NVMQ_NAMES_FIRST_BESIDE);
	return &nvmq_names_beside;
}

/**
 * nvmq_names_init - choose the names and register the classes
 *
 * Context: module init, may sleep.
 * Return: 0; -EEXIST if the names that the user insists on are taken; other -errno.
 */
int nvmq_names_init(void)
{
	const struct nvmq_names *names = nvmq_names_choose();
	int ret;

	if (!names)
		return -EEXIST;
	nvmq_names_first = names->first;
	nvmq_names_ctrl.name = names->ctrl;
	nvmq_names_subsys.name = names->subsys;
	nvmq_names_generic.name = names->generic;

	ret = class_register(&nvmq_names_ctrl);
	if (ret)
		return ret;
	ret = class_register(&nvmq_names_subsys);
	if (ret)
		goto unregister_ctrl;
	ret = class_register(&nvmq_names_generic);
	if (ret)
		goto unregister_subsys;
	return 0;

unregister_subsys:
	class_unregister(&nvmq_names_subsys);
unregister_ctrl:
	class_unregister(&nvmq_names_ctrl);
	return ret;
}

/**
 * nvmq_names_exit - unregister the classes, once nothing is called after a number any more
 *
 * The last reference to a device may go a little after remove(), and its release function is in
 * this module.
 *
 * Context: module exit, all devices removed; sleeps.
 */
void nvmq_names_exit(void)
{
	WARN_ON(!wait_event_timeout(nvmq_names_wait, xa_empty(&nvmq_names_numbers),
				    NVMQ_NAMES_LINGER));
	class_unregister(&nvmq_names_generic);
	class_unregister(&nvmq_names_subsys);
	class_unregister(&nvmq_names_ctrl);
	xa_destroy(&nvmq_names_numbers);
}

/**
 * nvmq_names_take - take the lowest free instance number
 *
 * Context: may sleep.
 * Return: the number, with one user; or -errno.
 */
int nvmq_names_take(void)
{
	u32 nr;
	int ret;

	mutex_lock(&nvmq_names_lock);
	ret = xa_alloc(&nvmq_names_numbers, &nr, xa_mk_value(1),
		       XA_LIMIT(nvmq_names_first, NVMQ_CHRDEV_MINORS - 1), GFP_KERNEL);
	mutex_unlock(&nvmq_names_lock);
	return ret ? ret : nr;
}

static void nvmq_names_count(int instance, int by)
{
	unsigned long users;
	void *entry;

	mutex_lock(&nvmq_names_lock);
	entry = xa_load(&nvmq_names_numbers, instance);
	if (!WARN_ON_ONCE(!entry)) {
		users = xa_to_value(entry) + by;
		/* replacing an entry allocates nothing */
		if (users)
			xa_store(&nvmq_names_numbers, instance, xa_mk_value(users), GFP_KERNEL);
		else
			xa_erase(&nvmq_names_numbers, instance);
	}
	mutex_unlock(&nvmq_names_lock);
}

/**
 * nvmq_names_hold - one more user of a number
 * @instance: a number that has users
 *
 * Context: may sleep.
 */
void nvmq_names_hold(int instance)
{
	nvmq_names_count(instance, 1);
}

/**
 * nvmq_names_drop - one user less of a number
 * @instance: a number that the caller took or holds
 *
 * Context: may sleep.
 */
void nvmq_names_drop(int instance)
{
	nvmq_names_count(instance, -1);
	wake_up_all(&nvmq_names_wait);
}
