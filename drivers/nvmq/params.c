// SPDX-License-Identifier: GPL-2.0
/* Module parameters. A value out of range is refused with a line that says the range. */
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "params.h"

/* A parameter with bounds: kernel_param.arg points to one of these. */
struct nvmq_param {
	unsigned int *value;
	unsigned int min;
	unsigned int max;
	const char *unit;
};

static int nvmq_param_set(const char *text, const struct kernel_param *kp)
{
	const struct nvmq_param *param = kp->arg;
	unsigned int value;
	int ret;

	ret = kstrtouint(text, 0, &value);
	if (!ret && value >= param->min && value <= param->max) {
		WRITE_ONCE(*param->value, value);
		return 0;
	}
	/* what comes through sysfs ends with a newline */
	pr_err("nvmq: parameter %s=%.*s refused: it takes %u to %u %s\n", kp->name,
	       (int)strcspn(text, "\n"), text, param->min, param->max, param->unit);
	return ret ? ret : -EINVAL;
}

static int nvmq_param_get(char *buf, const struct kernel_param *kp)
{
	const struct nvmq_param *param = kp->arg;

	return sysfs_emit(buf, "%u\n", *param->value);
}

static const struct kernel_param_ops nvmq_param_ops = {
	.set = nvmq_param_set,
	.get = nvmq_param_get,
};

#define NVMQ_PARAM(name, initial, lowest, highest, what, text)				\
	unsigned int nvmq_##name = (initial);						\
	static const struct nvmq_param nvmq_param_##name = {				\
		.value = &nvmq_##name,							\
		.min = (lowest),							\
		.max = (highest),							\
		.unit = (what),								\
	};										\
	module_param_cb(name, &nvmq_param_ops, (void *)&nvmq_param_##name, 0644);	\
	MODULE_INFO(parm, #name ":" text)

NVMQ_PARAM(io_timeout, 30, 1, 86400, "seconds",
	   "seconds until an I/O command is aborted (1 to 86400, default 30)");
NVMQ_PARAM(admin_timeout, 60, 1, 86400, "seconds",
	   "seconds until an admin command leads to a reset (1 to 86400, default 60)");
NVMQ_PARAM(shutdown_timeout, 5, 1, 600, "seconds",
	   "seconds to wait for a controller to shut down (1 to 600, default 5)");
NVMQ_PARAM(recovery_budget_ms, 15000, 1000, 300000, "milliseconds",
	   "milliseconds from the first sign of trouble to live or dead (1000 to 300000, default 15000)");
NVMQ_PARAM(max_retries, 5, 0, 255, "times",
	   "times that a failed command is sent again (0 to 255, default 5)");
NVMQ_PARAM(io_queue_depth, 1024, NVMQ_IO_DEPTH_MIN, NVMQ_IO_DEPTH_MAX, "entries",
	   "entries of an I/O queue (2 to 4095, default 1024)");
NVMQ_PARAM(write_queues, 0, 0, 1024, "queues",
	   "queues for writes alone, 0: reads share them (0 to 1024, default 0)");
NVMQ_PARAM(poll_queues, 0, 0, 1024, "queues",
	   "queues without interrupt, for polled I/O (0 to 1024, default 0)");
NVMQ_PARAM(sgl_threshold, 32768, 0, 1U << 23, "bytes",
	   "mean segment in bytes from which an SGL is used, 0: never (0 to 8388608, default 32768)");
NVMQ_PARAM(default_ps_max_latency_us, 100000, 0, INT_MAX, "microseconds",
	   "most latency of a power state that an idle controller goes to by itself, 0: none (default 100000)");
NVMQ_PARAM(apst_primary_timeout_ms, 100, 0, 16777215, "milliseconds",
	   "idle time before a power state of the first kind, 0: 50 times its latency (default 100)");
NVMQ_PARAM(apst_secondary_timeout_ms, 2000, 0, 16777215, "milliseconds",
	   "idle time before a power state of the second kind, 0: 50 times its latency (default 2000)");
NVMQ_PARAM(apst_primary_latency_tol_us, 15000, 0, INT_MAX, "microseconds",
	   "most latency of a power state of the first kind (default 15000)");
NVMQ_PARAM(apst_secondary_latency_tol_us, 100000, 0, INT_MAX, "microseconds",
	   "most latency of a power state of the second kind (default 100000)");
NVMQ_PARAM(max_host_mem_size_mb, 128, 0, NVMQ_HMB_MAX_MIB, "MiB",
	   "most memory that a controller may have of the host, 0: none (0 to 65536, default 128)");

bool nvmq_use_threaded_interrupts;
module_param_named(use_threaded_interrupts, nvmq_use_threaded_interrupts, bool, 0444);
MODULE_PARM_DESC(use_threaded_interrupts, "complete commands in interrupt threads (default N)");

bool nvmq_force_apst;
module_param_named(force_apst, nvmq_force_apst, bool, 0444);
MODULE_PARM_DESC(force_apst, "power states by themselves for controllers known not to bear it, too (default N)");

bool nvmq_use_cmb_sqes = true;
module_param_named(use_cmb_sqes, nvmq_use_cmb_sqes, bool, 0444);
MODULE_PARM_DESC(use_cmb_sqes, "submission queues in the controller's memory, if it has some (default Y)");

bool nvmq_claim;
module_param_named(claim, nvmq_claim, bool, 0444);
MODULE_PARM_DESC(claim, "match every NVMe function, not only those given by driver_override (default N)");

/* A parameter that is one of some words: kernel_param.arg points to one of these. */
struct nvmq_choice {
	int *value;
	const char *const *words;
	const char *all; /* the words, for who writes another one */
};

static int nvmq_choice_set(const char *text, const struct kernel_param *kp)
{
	const struct nvmq_choice *choice = kp->arg;
	int index = __sysfs_match_string(choice->words, -1, text);

	if (index < 0) {
		pr_err("nvmq: parameter %s=%.*s refused: it takes %s\n", kp->name,
		       (int)strcspn(text, "\n"), text, choice->all);
		return index;
	}
	WRITE_ONCE(*choice->value, index);
	return 0;
}

static int nvmq_choice_get(char *buf, const struct kernel_param *kp)
{
	const struct nvmq_choice *choice = kp->arg;

	return sysfs_emit(buf, "%s\n", choice->words[*choice->value]);
}

static const struct kernel_param_ops nvmq_choice_ops = {
	.set = nvmq_choice_set,
	.get = nvmq_choice_get,
};

/* nvmq_NAME_words is a table that ends with NULL. */
#define NVMQ_CHOICE(name, initial, every, mode, text)					\
	int nvmq_##name = (initial);							\
	static const struct nvmq_choice nvmq_choice_##name = {				\
		.value = &nvmq_##name,							\
		.words = nvmq_##name##_words,						\
		.all = (every),								\
	};										\
	module_param_cb(name, &nvmq_choice_ops, (void *)&nvmq_choice_##name, mode);	\
	MODULE_INFO(parm, #name ":" text)

static const char *const nvmq_classes_words[] = {
	[NVMQ_CLASSES_AUTO] = "auto",
	[NVMQ_CLASSES_NVME] = "nvme",
	[NVMQ_CLASSES_NVMQ] = "nvmq",
	NULL
};

NVMQ_CHOICE(classes, NVMQ_CLASSES_AUTO, "auto, nvme or nvmq", 0444,
	    "class names: nvme (familiar), nvmq (beside nvme_core), auto (default): as fits");

static const char *const nvmq_suspend_words[] = {
	[NVMQ_SUSPEND_AUTO] = "auto",
	[NVMQ_SUSPEND_STATE] = "state",
	[NVMQ_SUSPEND_SHUTDOWN] = "shutdown",
	NULL
};

NVMQ_CHOICE(suspend, NVMQ_SUSPEND_AUTO, "auto, state or shutdown", 0644,
	    "what suspend does to a controller: state, shutdown, auto (default): as fits");

static const char *const nvmq_naming_words[] = {
	[NVMQ_NAMING_ORDER] = "order",
	[NVMQ_NAMING_NSID] = "nsid",
	NULL
};

NVMQ_CHOICE(naming, NVMQ_NAMING_ORDER, "order or nsid", 0444,
	    "the Y of nvmeXnY: order (default), the lowest free number, or nsid, the namespace identifier");

u8 nvmq_hostid[UUID_SIZE];

static int nvmq_hostid_set(const char *text, const struct kernel_param *kp)
{
	uuid_t id;

	if (strlen(text) != UUID_STRING_LEN || uuid_parse(text, &id)) {
		pr_err("nvmq: parameter hostid=%s refused: it takes a UUID, as in /etc/nvme/hostid\n",
		       text);
		return -EINVAL;
	}
	export_uuid(nvmq_hostid, &id);
	return 0;
}

static int nvmq_hostid_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%pUb\n", nvmq_hostid);
}

static const struct kernel_param_ops nvmq_hostid_ops = {
	.set = nvmq_hostid_set,
	.get = nvmq_hostid_get,
};

module_param_cb(hostid, &nvmq_hostid_ops, NULL, 0444);
MODULE_PARM_DESC(hostid, "UUID that controllers know this host by, for reservations (default none)");
