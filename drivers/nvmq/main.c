// SPDX-License-Identifier: GPL-2.0
/* Module init and exit, mirrored. Read on in pci.c (probe), reset.c (bring-up), submit.c (I/O). */
#include <linux/module.h>

#include "calm.h"
#include "chrdev.h"
#include "debugfs.h"
#include "pci.h"
#include "state.h"

static int __init nvmq_init(void)
{
	int ret;

	ret = nvmq_state_module_init();
	if (ret)
		return ret;
	ret = nvmq_calm_module_init();
	if (ret)
		goto state;
	ret = nvmq_chrdev_init();
	if (ret)
		goto calm;
	nvmq_debugfs_init();
	ret = nvmq_pci_init();
	if (ret)
		goto debugfs;
	return 0;

debugfs:
	nvmq_debugfs_exit();
	nvmq_chrdev_exit();
calm:
	nvmq_calm_module_exit();
state:
	nvmq_state_module_exit();
	return ret;
}

static void __exit nvmq_exit(void)
{
	nvmq_pci_exit();
	nvmq_debugfs_exit();
	nvmq_chrdev_exit();
	nvmq_calm_module_exit();
	nvmq_state_module_exit();
}

module_init(nvmq_init);
module_exit(nvmq_exit);

MODULE_DESCRIPTION("NVMe over PCIe, outside of the kernel tree");
MODULE_AUTHOR("the nvmq developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
