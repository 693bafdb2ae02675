// SPDX-License-Identifier: GPL-2.0
/*
 * Which controllers need to be treated in a way of their own: those that are known to, by the
 * numbers of their PCI function, or by model and firmware; and the parameter quirks=, by which a
 * user adds to that, or takes away.
 *
 * The tables are what the kernel's own driver has learned over the years. One is missing: QEMU's
 * controller, whose identifiers are believed here.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "nvmq.h"
#include "quirks.h"

/* Entries that quirks= may have, and how long it may be. */
#define NVMQ_QUIRKS_USERS 16
#define NVMQ_QUIRKS_TEXT 512

static const char *const nvmq_quirks_names[] = {
	"stripe_size",
	"identify_cns",
	"deallocate_zeroes",
	"delay_before_chk_rdy",
	"no_apst",
	"no_deepest_ps",
	"qdepth_one",
	"medium_prio_sq",
	"ignore_dev_subnqn",
	"disable_write_zeroes",
	"simple_suspend",
	"single_vector",
	"128_bytes_sqes",
	"shared_tags",
	"no_temp_thresh_change",
	"no_ns_desc_list",
	"dma_address_bits_48",
	"skip_cid_gen",
	"bogus_nid",
	"no_secondary_temp_thresh",
	"force_no_simple_suspend",
	"broken_msi",
	"dmapool_align_512",
};

static_assert(BIT(ARRAY_SIZE(nvmq_quirks_names)) == NVMQ_QUIRKS_END);

#define Q(name) NVMQ_QUIRK_##name

/* By the function's vendor and device. */
static const struct {
	u16 vendor;
	u16 device;
	u32 quirks;
} nvmq_quirks_functions[] = {
	{ 0x025e, 0xf1ac, Q(NO_DEEPEST_PS) },
	{ 0x106b, 0x2001, Q(QDEPTH_ONE) | Q(SINGLE_VECTOR) },
	{ 0x106b, 0x2005, Q(128_BYTES_SQES) | Q(IDENTIFY_CNS) |
	  Q(SHARED_TAGS) | Q(SINGLE_VECTOR) | Q(SKIP_CID_GEN) },
	{ 0x10ec, 0x5762, Q(BOGUS_NID) | Q(IGNORE_DEV_SUBNQN) },
	{ 0x10ec, 0x5763, Q(BOGUS_NID) },
	{ 0x10ec, 0x5765, Q(BOGUS_NID) },
	{ 0x1217, 0x8760, Q(DMAPOOL_ALIGN_512) },
	{ 0x126f, 0x1001, Q(IGNORE_DEV_SUBNQN) | Q(NO_DEEPEST_PS) },
	{ 0x126f, 0x2262, Q(BOGUS_NID) | Q(NO_DEEPEST_PS) },
	{ 0x126f, 0x2263, Q(BOGUS_NID) | Q(NO_NS_DESC_LIST) },
	{ 0x1344, 0x5407, Q(IGNORE_DEV_SUBNQN) },
	{ 0x1344, 0x6001, Q(BOGUS_NID) },
	{ 0x1344, 0x6004, Q(DMAPOOL_ALIGN_512) },
	{ 0x144d, 0xa802, Q(BOGUS_NID) },
	{ 0x144d, 0xa809, Q(DISABLE_WRITE_ZEROES) },
	{ 0x144d, 0xa80b, Q(BOGUS_NID) | Q(DISABLE_WRITE_ZEROES) },
	{ 0x144d, 0xa821, Q(DELAY_BEFORE_CHK_RDY) },
	{ 0x144d, 0xa822, Q(DELAY_BEFORE_CHK_RDY) | Q(DISABLE_WRITE_ZEROES) |
	  Q(IGNORE_DEV_SUBNQN) },
	{ 0x15b7, 0x2001, Q(DISABLE_WRITE_ZEROES) },
	{ 0x15b7, 0x5008, Q(BROKEN_MSI) },
	{ 0x15b7, 0x5009, Q(BROKEN_MSI) | Q(NO_DEEPEST_PS) },
	{ 0x1987, 0x5012, Q(BOGUS_NID) },
	{ 0x1987, 0x5016, Q(BOGUS_NID) | Q(IGNORE_DEV_SUBNQN) },
	{ 0x1987, 0x5019, Q(DISABLE_WRITE_ZEROES) },
	{ 0x1987, 0x5021, Q(DISABLE_WRITE_ZEROES) },
	{ 0x1b4b, 0x1092, Q(IGNORE_DEV_SUBNQN) | Q(NO_NS_DESC_LIST) },
	{ 0x1bb1, 0x0100, Q(DELAY_BEFORE_CHK_RDY) | Q(NO_NS_DESC_LIST) },
	{ 0x1c58, 0x0003, Q(DELAY_BEFORE_CHK_RDY) },
	{ 0x1c58, 0x0023, Q(DELAY_BEFORE_CHK_RDY) },
	{ 0x1c5c, 0x1504, Q(DISABLE_WRITE_ZEROES) },
	{ 0x1c5c, 0x174a, Q(BOGUS_NID) },
	{ 0x1c5c, 0x1d59, Q(DISABLE_WRITE_ZEROES) },
	{ 0x1c5f, 0x0540, Q(DELAY_BEFORE_CHK_RDY) },
	{ 0x1cc1, 0x33f8, Q(BOGUS_NID) },
	{ 0x1cc1, 0x5350, Q(BOGUS_NID) },
	{ 0x1cc1, 0x8201, Q(IGNORE_DEV_SUBNQN) | Q(NO_DEEPEST_PS) },
	{ 0x1cc4, 0x6302, Q(DISABLE_WRITE_ZEROES) },
	{ 0x1cc4, 0x6303, Q(DISABLE_WRITE_ZEROES) },
	{ 0x1d0f, 0x0061, Q(DMA_ADDRESS_BITS_48) },
	{ 0x1d0f, 0x0065, Q(DMA_ADDRESS_BITS_48) },
	{ 0x1d0f, 0x8061, Q(DMA_ADDRESS_BITS_48) },
	{ 0x1d0f, 0xcd00, Q(DMA_ADDRESS_BITS_48) },
	{ 0x1d0f, 0xcd01, Q(DMA_ADDRESS_BITS_48) },
	{ 0x1d0f, 0xcd02, Q(DMA_ADDRESS_BITS_48) },
	{ 0x1d97, 0x1d97, Q(BOGUS_NID) },
	{ 0x1d97, 0x2263, Q(BOGUS_NID) | Q(DISABLE_WRITE_ZEROES) },
	{ 0x1d97, 0x2269, Q(BOGUS_NID) | Q(IGNORE_DEV_SUBNQN) },
	{ 0x1dbe, 0x5216, Q(BOGUS_NID) },
	{ 0x1dbe, 0x5236, Q(BOGUS_NID) },
	{ 0x1e49, 0x0021, Q(NO_DEEPEST_PS) },
	{ 0x1e49, 0x0041, Q(NO_DEEPEST_PS) },
	{ 0x1e4b, 0x1001, Q(BOGUS_NID) },
	{ 0x1e4b, 0x1002, Q(BOGUS_NID) },
	{ 0x1e4b, 0x1202, Q(BOGUS_NID) },
	{ 0x1e4b, 0x1602, Q(BOGUS_NID) },
	{ 0x1f40, 0x1202, Q(BOGUS_NID) },
	{ 0x1f40, 0x5236, Q(BOGUS_NID) },
	{ 0x1fa0, 0x2283, Q(NO_SECONDARY_TEMP_THRESH) },
	{ 0x2646, 0x2262, Q(NO_DEEPEST_PS) },
	{ 0x2646, 0x2263, Q(NO_DEEPEST_PS) },
	{ 0x2646, 0x5013, Q(NO_SECONDARY_TEMP_THRESH) },
	{ 0x2646, 0x5016, Q(DISABLE_WRITE_ZEROES) },
	{ 0x2646, 0x5018, Q(DISABLE_WRITE_ZEROES) },
	{ 0x2646, 0x501a, Q(DISABLE_WRITE_ZEROES) },
	{ 0x2646, 0x501b, Q(DISABLE_WRITE_ZEROES) },
	{ 0x2646, 0x501e, Q(DISABLE_WRITE_ZEROES) },
	{ 0x2646, 0x502f, Q(DISABLE_WRITE_ZEROES) },
	{ 0x8086, 0x0953, Q(DEALLOCATE_ZEROES) | Q(STRIPE_SIZE) },
	{ 0x8086, 0x0a53, Q(DEALLOCATE_ZEROES) | Q(STRIPE_SIZE) },
	{ 0x8086, 0x0a54, Q(BOGUS_NID) | Q(DEALLOCATE_ZEROES) |
	  Q(IGNORE_DEV_SUBNQN) | Q(STRIPE_SIZE) },
	{ 0x8086, 0x0a55, Q(DEALLOCATE_ZEROES) | Q(STRIPE_SIZE) },
	{ 0x8086, 0x5845, Q(BOGUS_NID) | Q(DISABLE_WRITE_ZEROES) | Q(IDENTIFY_CNS) },
	{ 0x8086, 0xf1a5, Q(DISABLE_WRITE_ZEROES) | Q(MEDIUM_PRIO_SQ) |
	  Q(NO_DEEPEST_PS) | Q(NO_TEMP_THRESH_CHANGE) },
	{ 0x8086, 0xf1a6, Q(IGNORE_DEV_SUBNQN) },
	{ 0xc0a9, 0x540a, Q(BOGUS_NID) },
};

/* By vendor and what identify says; NULL: any. */
static const struct {
	u16 vendor;
	const char *model;
	const char *firmware;
	u32 quirks;
} nvmq_quirks_models[] = {
	{ 0x1179, "THNSF5256GPUK TOSHIBA", NULL, Q(NO_APST) },
	{ 0x144d, "Samsung Portable SSD X5", NULL,
	  Q(DELAY_BEFORE_CHK_RDY) | Q(IGNORE_DEV_SUBNQN) | Q(NO_DEEPEST_PS) },
	{ 0x14a4, NULL, "22301111", Q(SIMPLE_SUSPEND) },
	{ 0x1e0f, "KCD6XVUL6T40", NULL, Q(NO_APST) },
};

/**
 * struct nvmq_quirks_user - an entry of quirks=
 * @vendor: of the function
 * @device: of the function
 * @add: quirks that it has
 * @drop: quirks that it has not, whatever the tables say
 */
struct nvmq_quirks_user {
	u16 vendor;
	u16 device;
	u32 add;
	u32 drop;
};

/* Written when the module is loaded, then constant. */
static struct nvmq_quirks_user nvmq_quirks_users[NVMQ_QUIRKS_USERS];
static unsigned int nvmq_quirks_nr_users;
static char nvmq_quirks_text[NVMQ_QUIRKS_TEXT];

static bool nvmq_quirks_is_model(unsigned int i, const struct nvmq_ctrl *ctrl)
{
	const char *model = nvmq_quirks_models[i].model;
	const char *firmware = nvmq_quirks_models[i].firmware;

	return nvmq_quirks_models[i].vendor == ctrl->pdev->vendor &&
	       (!model || !strcmp(model, ctrl->model)) &&
	       (!firmware || !strcmp(firmware, ctrl->firmware));
}

/**
 * nvmq_quirks_find - the quirks of a controller
 * @ctrl: controller; before it was identified its model and firmware are empty
 *
 * Context: any.
 * Return: enum nvmq_quirk, or-ed.
 */
u32 nvmq_quirks_find(const struct nvmq_ctrl *ctrl)
{
	const struct pci_dev *pdev = ctrl->pdev;
	u32 quirks = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nvmq_quirks_functions); i++)
		if (nvmq_quirks_functions[i].vendor == pdev->vendor &&
		    nvmq_quirks_functions[i].device == pdev->device)
			quirks |= nvmq_quirks_functions[i].quirks;
	for (i = 0; i < ARRAY_SIZE(nvmq_quirks_models); i++)
		if (nvmq_quirks_is_model(i, ctrl))
			quirks |= nvmq_quirks_models[i].quirks;
	for (i = 0; i < nvmq_quirks_nr_users; i++) {
		const struct nvmq_quirks_user *user = &nvmq_quirks_users[i];

		if (user->vendor == pdev->vendor && user->device == pdev->device)
			quirks = (quirks | user->add) & ~user->drop;
	}
	return quirks;
}

/**
 * nvmq_quirks_print - quirks by name
 * @quirks: enum nvmq_quirk, or-ed
 * @between: what stands between two names
 * @buf: filled with the names, "none" if there is none; what does not fit is left out
 * @len: bytes of @buf
 *
 * Context: any.
 * Return: bytes without the zero that ends them.
 */
int nvmq_quirks_print(u32 quirks, const char *between, char *buf, size_t len)
{
	unsigned int i;
	int n = 0;

	for (i = 0; i < ARRAY_SIZE(nvmq_quirks_names); i++)
		if (quirks & BIT(i))
			n += scnprintf(buf + n, len - n, "%s%s", n ? between : "",
				       nvmq_quirks_names[i]);
	return n ? n : scnprintf(buf, len, "none");
}

/* Four hexadecimal digits. */
static bool nvmq_quirks_parse_id(const char *text, u16 *id)
{
	return text && strlen(text) == 4 && !kstrtou16(text, 16, id);
}

/* A list of names, each with ^ before it if it is to be taken away. False: @name is none. */
static bool nvmq_quirks_parse_names(char *names, struct nvmq_quirks_user *user, const char **name)
{
	while (names) {
		bool drop;
		int bit;

		*name = strsep(&names, ",");
		drop = **name == '^';
		bit = sysfs_match_string(nvmq_quirks_names, *name + drop);
		if (bit < 0)
			return false;
		if (drop)
			user->drop |= BIT(bit);
		else
			user->add |= BIT(bit);
	}
	return true;
}

/* VENDOR:DEVICE:NAME,... A line in the log if it is anything else. */
static int nvmq_quirks_parse_entry(char *entry, struct nvmq_quirks_user *user)
{
	const char *vendor = strsep(&entry, ":"), *device = strsep(&entry, ":"), *name;

	*user = (struct nvmq_quirks_user){};
	if (!nvmq_quirks_parse_id(vendor, &user->vendor) ||
	    !nvmq_quirks_parse_id(device, &user->device) || !entry) {
		pr_err("nvmq: parameter quirks refused at '%s': it takes VVVV:DDDD:name,^name..., in hexadecimal, with - or ; between entries\n",
		       vendor);
		return -EINVAL;
	}
	if (!nvmq_quirks_parse_names(entry, user, &name)) {
		pr_err("nvmq: parameter quirks refused: there is no quirk '%s'; man nvmq has a list\n",
		       name);
		return -EINVAL;
	}
	return 0;
}

static int nvmq_quirks_set(const char *text, const struct kernel_param *kp)
{
	char *copy, *rest;
	int ret = 0;

	if (strlen(text) >= sizeof(nvmq_quirks_text)) {
		pr_err("nvmq: parameter quirks refused: more than %zu characters\n",
		       sizeof(nvmq_quirks_text) - 1);
		return -EINVAL;
	}
	copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = strim(copy);
	nvmq_quirks_nr_users = 0;
	while (!ret && rest && *rest) {
		if (nvmq_quirks_nr_users == NVMQ_QUIRKS_USERS) {
			pr_err("nvmq: parameter quirks refused: more than %u entries\n",
			       NVMQ_QUIRKS_USERS);
			ret = -EINVAL;
			break;
		}
		ret = nvmq_quirks_parse_entry(strsep(&rest, "-;"),
					      &nvmq_quirks_users[nvmq_quirks_nr_users++]);
	}
	if (ret)
		nvmq_quirks_nr_users = 0;
	else
		strscpy(nvmq_quirks_text, text, sizeof(nvmq_quirks_text));
	kfree(copy);
	return ret;
}

static int nvmq_quirks_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", nvmq_quirks_text);
}

static const struct kernel_param_ops nvmq_quirks_ops = {
	.set = nvmq_quirks_set,
	.get = nvmq_quirks_get,
};

module_param_cb(quirks, &nvmq_quirks_ops, NULL, 0444);
MODULE_PARM_DESC(quirks, "VVVV:DDDD:name,^name...[-VVVV:DDDD:...]: quirks to add, or with ^ to take away");
