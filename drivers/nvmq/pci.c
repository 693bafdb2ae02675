// SPDX-License-Identifier: GPL-2.0
/*
 * The PCI driver: probe holds the device and queues the reset work, remove() is its mirror;
 * shutdown, suspend and resume. What befalls the function from outside is in aer.c.
 */
#include <linux/aer.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "aer.h"
#include "blkmq.h"
#include "bootpart.h"
#include "budget.h"
#include "chrdev.h"
#include "coalesce.h"
#include "debugfs.h"
#include "dma.h"
#include "down.h"
#include "event.h"
#include "hmb.h"
#include "hwmon.h"
#include "ioq.h"
#include "opal.h"
#include "pace.h"
#include "pci.h"
#include "power.h"
#include "queue.h"
#include "regs.h"
#include "reset.h"
#include "scan.h"
#include "state.h"
#include "stray.h"
#include "subsys.h"
#include "watch.h"

/* BAR 0 is mapped up to here: registers and doorbells; a memory buffer behind them is not ours. */
#define NVMQ_BAR_MAX SZ_1M

/* All controllers: when the machine goes down they do so together. */
static LIST_HEAD(nvmq_pci_ctrls);
static DEFINE_MUTEX(nvmq_pci_lock);

/* The last reference is gone: files on the character device, namespaces. */
static void nvmq_pci_release(struct nvmq_ctrl *ctrl)
{
	unsigned int csi;

	if (ctrl->admin_q)
		blk_put_queue(ctrl->admin_q);
	ida_destroy(&ctrl->ns_ida);
	nvmq_opal_free(ctrl);
	for (csi = 0; csi < NVMQ_NR_CSI; csi++)
		kfree(ctrl->effects[csi]);
	kvfree(ctrl->queues);
	kfree(ctrl);
}

static void nvmq_pci_shutdown_work(struct work_struct *work);

static struct nvmq_ctrl *nvmq_pci_alloc(struct pci_dev *pdev)
{
	int node = dev_to_node(&pdev->dev);
	struct nvmq_ctrl *ctrl;

	ctrl = kzalloc_node(sizeof(*ctrl), GFP_KERNEL, node);
	if (!ctrl)
		return NULL;
	ctrl->nr_queues_max = nvmq_ioq_max() + 1;
	ctrl->queues = kvcalloc(ctrl->nr_queues_max, sizeof(*ctrl->queues), GFP_KERNEL);
	if (!ctrl->queues) {
		kfree(ctrl);
		return NULL;
	}
	ctrl->pdev = pdev;
	ctrl->dev = &pdev->dev;
	ctrl->io_timeout = nvmq_io_timeout * HZ;
	ctrl->admin_timeout = nvmq_admin_timeout * HZ;
	ctrl->bell_cost = U32_MAX;
	nvmq_power_init(ctrl);
	nvmq_hmb_init(ctrl);
	nvmq_state_init(ctrl);
	mutex_init(&ctrl->down_lock);
	mutex_init(&ctrl->tagset_lock);
	mutex_init(&ctrl->scan_lock);
	init_rwsem(&ctrl->ns_lock);
	ida_init(&ctrl->ns_ida);
	INIT_LIST_HEAD(&ctrl->namespaces);
	INIT_LIST_HEAD(&ctrl->subsys_entry);
	INIT_LIST_HEAD(&ctrl->pci_entry);
	INIT_WORK(&ctrl->reset_work, nvmq_reset_work);
	INIT_DELAYED_WORK(&ctrl->watch_work, nvmq_watch_work);
	INIT_DELAYED_WORK(&ctrl->frozen_work, nvmq_aer_frozen_work);
	INIT_WORK(&ctrl->shutdown_work, nvmq_pci_shutdown_work);
	INIT_WORK(&ctrl->scan_work, nvmq_scan_work);
	INIT_WORK(&ctrl->event_work, nvmq_event_work);
	nvmq_coalesce_init(ctrl);
	nvmq_pace_init(ctrl);
	nvmq_stray_init(ctrl);
	/* nothing was ever enabled: the first stop has nothing to do */
	set_bit(NVMQ_CF_STOPPED, &ctrl->flags);
	return ctrl;
}

static int nvmq_pci_hold(struct nvmq_ctrl *ctrl)
{
	struct pci_dev *pdev = ctrl->pdev;
	int ret;

	ret = pci_enable_device_mem(pdev);
	if (ret)
		return ret;
	ret = pci_request_mem_regions(pdev, KBUILD_MODNAME);
	if (ret)
		goto disable;
	ret = dma_set_mask_and_coherent(&pdev->dev, ctrl->quirks & NVMQ_QUIRK_DMA_ADDRESS_BITS_48 ?
							    DMA_BIT_MASK(48) : DMA_BIT_MASK(64));
	if (ret)
		goto regions;
	/* a bounce buffer must keep the offset in a controller page, PRP entries depend on it */
	dma_set_min_align_mask(&pdev->dev, SZ_4K - 1);
	dma_set_max_seg_size(&pdev->dev, UINT_MAX);
	ctrl->bar_len = min_t(u64, pci_resource_len(pdev, 0), NVMQ_BAR_MAX);
	ret = -ENODEV;
	if (ctrl->bar_len < nvm_bar_size(1, 0))
		goto regions;
	ret = -ENOMEM;
	ctrl->bar = ioremap(pci_resource_start(pdev, 0), ctrl->bar_len);
	if (!ctrl->bar)
		goto regions;
	pci_enable_pcie_error_reporting(pdev);
	return 0;

regions:
	pci_release_mem_regions(pdev);
disable:
	pci_disable_device(pdev);
	return ret;
}

static void nvmq_pci_let_go(struct nvmq_ctrl *ctrl)
{
	struct pci_dev *pdev = ctrl->pdev;

	pci_disable_pcie_error_reporting(pdev);
	iounmap(ctrl->bar);
	ctrl->bar = NULL;
	pci_release_mem_regions(pdev);
	if (pci_is_enabled(pdev))
		pci_disable_device(pdev);
}

/* What is different with a controller? */
static void nvmq_pci_find_quirks(struct nvmq_ctrl *ctrl)
{
	char names[256];

	ctrl->quirks = nvmq_quirks_find(ctrl);
	ctrl->sqe_shift = ctrl->quirks & NVMQ_QUIRK_128_BYTES_SQES ? NVMQ_SQE_SHIFT_MAX :
								     NVM_IOSQES;
	if (!ctrl->quirks)
		return;
	nvmq_quirks_print(ctrl->quirks, " ", names, sizeof(names));
	nvmq_info(ctrl, "quirks: %s\n", names);
}

static int nvmq_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct nvmq_ctrl *ctrl;
	int ret;

	ctrl = nvmq_pci_alloc(pdev);
	if (!ctrl)
		return -ENOMEM;
	ret = nvmq_chrdev_init_ctrl(ctrl, nvmq_pci_release);
	if (ret) {
		nvmq_pci_release(ctrl);
		return ret;
	}
	nvmq_pci_find_quirks(ctrl);
	ret = nvmq_pci_hold(ctrl);
	if (ret) {
		nvmq_err(ctrl, "cannot take pci function %s, error %d\n", pci_name(pdev), ret);
		put_device(&ctrl->device);
		return ret;
	}
	ret = nvmq_debugfs_add(ctrl);
	if (ret) {
		nvmq_pci_let_go(ctrl);
		put_device(&ctrl->device);
		return ret;
	}
	pci_set_drvdata(pdev, ctrl);
	pci_save_state(pdev);
	nvmq_info(ctrl, "pci function %s\n", pci_name(pdev));
	mutex_lock(&nvmq_pci_lock);
	list_add(&ctrl->pci_entry, &nvmq_pci_ctrls);
	mutex_unlock(&nvmq_pci_lock);
	nvmq_state_request_reset(ctrl, "probe");
	return 0;
}

static void nvmq_pci_free(struct nvmq_ctrl *ctrl)
{
	unsigned int i;

	nvmq_blkmq_remove_io(ctrl);
	nvmq_blkmq_remove_admin(ctrl);
	for (i = 0; i < ctrl->nr_queues_max; i++)
		nvmq_queue_free(&ctrl->queues[i]);
	nvmq_ioq_free_shadow(ctrl);
	nvmq_hmb_free(ctrl);
	nvmq_dma_exit(ctrl);
	nvmq_pci_let_go(ctrl);
	/* not before it has lost the bus: a read of a boot partition has no other end */
	nvmq_bootpart_free(ctrl);
}

/*
 * Does I/O wait for somebody who will not come? For a reset that was cut short; not for firmware
 * that is being activated: the event work waits for the end of that.
 */
static bool nvmq_pci_is_stranded(struct nvmq_ctrl *ctrl)
{
	bool stranded;

	mutex_lock(&ctrl->down_lock);
	stranded = test_bit(NVMQ_CF_STOPPED, &ctrl->flags) ||
		   (test_bit(NVMQ_CF_QUIESCED, &ctrl->flags) &&
		    !test_bit(NVMQ_CF_PAUSED, &ctrl->flags));
	mutex_unlock(&ctrl->down_lock);
	return stranded;
}

/*
 * After this the state is NVMQ_DELETING and no work of ours runs. Returns whether the controller
 * still does I/O. A bring-up that is under way is not waited for: what it waits for is taken away.
 */
static bool nvmq_pci_stop_works(struct nvmq_ctrl *ctrl)
{
	bool useless = nvmq_state(ctrl) == NVMQ_CONNECTING;

	nvmq_state_set(ctrl, NVMQ_DELETING);
	if (!pci_device_is_present(ctrl->pdev)) {
		set_bit(NVMQ_CF_GONE, &ctrl->flags);
		useless = true;
	}
	cancel_delayed_work_sync(&ctrl->frozen_work);
	if (useless)
		nvmq_down_for_good(ctrl);
	cancel_work_sync(&ctrl->reset_work);
	if (nvmq_pci_is_stranded(ctrl))
		nvmq_down_for_good(ctrl);
	/* an event may ask for a scan, not the other way round */
	cancel_work_sync(&ctrl->event_work);
	cancel_work_sync(&ctrl->scan_work);
	/* who would have found them another queue does not run any more */
	nvmq_stray_give_up(ctrl);
	return !test_bit(NVMQ_CF_STOPPED, &ctrl->flags);
}

/* Virtual functions go with their physical one, unless a virtual machine has one. */
static void nvmq_pci_disable_vfs(struct nvmq_ctrl *ctrl)
{
	if (!pci_num_vf(ctrl->pdev))
		return;
	if (pci_vfs_assigned(ctrl->pdev))
		nvmq_warn(ctrl, "virtual machines have virtual functions of it: they stay\n");
	else
		pci_disable_sriov(ctrl->pdev);
}

static void nvmq_pci_remove(struct pci_dev *pdev)
{
	struct nvmq_ctrl *ctrl = pci_get_drvdata(pdev);
	bool alive;

	mutex_lock(&nvmq_pci_lock);
	list_del(&ctrl->pci_entry);
	mutex_unlock(&nvmq_pci_lock);
	cancel_work_sync(&ctrl->shutdown_work);
	nvmq_pci_disable_vfs(ctrl);
	alive = nvmq_pci_stop_works(ctrl);
	nvmq_scan_remove_all(ctrl);
	if (alive && !test_bit(NVMQ_CF_STOPPED, &ctrl->flags))
		nvmq_reset_power_off(ctrl);
	nvmq_down_for_good(ctrl);
	/* one more event may have come until just now */
	cancel_work_sync(&ctrl->event_work);
	/* and nobody passes a gate any more who would wake it */
	cancel_delayed_work_sync(&ctrl->watch_work);
	nvmq_hwmon_remove(ctrl);
	nvmq_power_remove(ctrl);
	nvmq_coalesce_cancel(ctrl);
	if (test_and_clear_bit(NVMQ_CF_ANNOUNCED, &ctrl->flags))
		nvmq_chrdev_remove_ctrl(ctrl);
	if (ctrl->subsys)
		nvmq_subsys_leave(ctrl);
	nvmq_debugfs_remove(ctrl);
	nvmq_pci_free(ctrl);
	pci_set_drvdata(pdev, NULL);
	nvmq_info(ctrl, "released pci function %s\n", pci_name(pdev));
	put_device(&ctrl->device);
}

/* Reboot and power off: the last words; file systems may still be mounted. */
static void nvmq_pci_shutdown_work(struct work_struct *work)
{
	struct nvmq_ctrl *ctrl = container_of(work, struct nvmq_ctrl, shutdown_work);

	if (nvmq_pci_stop_works(ctrl))
		nvmq_reset_power_off(ctrl);
	nvmq_down_for_good(ctrl);
}

/*
 * The kernel shuts devices down one after the other, and only when it shuts all of them down. A
 * disk may need seconds for it, so the first one that is called starts all, and each call waits for
 * its own.
 */
static void nvmq_pci_shutdown(struct pci_dev *pdev)
{
	struct nvmq_ctrl *ctrl = pci_get_drvdata(pdev), *other;

	mutex_lock(&nvmq_pci_lock);
	list_for_each_entry(other, &nvmq_pci_ctrls, pci_entry)
		if (!test_and_set_bit(NVMQ_CF_SHUTDOWN, &other->flags))
			queue_work(system_dfl_wq, &other->shutdown_work);
	mutex_unlock(&nvmq_pci_lock);
	flush_work(&ctrl->shutdown_work);
}

/* @keep: it may be left in a power state where it keeps what it knows. */
static int nvmq_pci_sleep(struct nvmq_ctrl *ctrl, bool keep)
{
	if (!nvmq_state_park(ctrl, NVMQ_BY_DRIVER)) {
		enum nvmq_state state = nvmq_state(ctrl);

		/* one that was given up is stopped already, and stays so */
		return state == NVMQ_DELETING || state == NVMQ_DEAD ? 0 : -EBUSY;
	}
	if (keep && !nvmq_power_doze(ctrl))
		return 0;
	nvmq_reset_power_off(ctrl);
	nvmq_down(ctrl);
	return 0;
}

static int nvmq_pci_suspend(struct device *dev)
{
	return nvmq_pci_sleep(pci_get_drvdata(to_pci_dev(dev)), true);
}

/* Hibernation: an image is made or loaded, or the power goes. */
static int nvmq_pci_freeze(struct device *dev)
{
	return nvmq_pci_sleep(pci_get_drvdata(to_pci_dev(dev)), false);
}

static int nvmq_pci_resume(struct device *dev)
{
	nvmq_reset_resume(pci_get_drvdata(to_pci_dev(dev)));
	return 0;
}

static const struct dev_pm_ops nvmq_pci_pm_ops = {
	.suspend = pm_sleep_ptr(nvmq_pci_suspend),
	.resume = pm_sleep_ptr(nvmq_pci_resume),
	.freeze = pm_sleep_ptr(nvmq_pci_freeze),
	.thaw = pm_sleep_ptr(nvmq_pci_resume),
	.poweroff = pm_sleep_ptr(nvmq_pci_freeze),
	.restore = pm_sleep_ptr(nvmq_pci_resume),
};

/*
 * Two tables, and no MODULE_DEVICE_TABLE: by default the module matches nothing and udev never
 * loads it; a device comes by driver_override (tools/nvmq-bind). With claim=1 it matches all.
 */
static const struct pci_device_id nvmq_pci_nothing[] = { {} };
static const struct pci_device_id nvmq_pci_all[] = {
	{ PCI_DEVICE_CLASS(PCI_CLASS_STORAGE_EXPRESS, 0xffffff) },
	{}
};

static struct pci_driver nvmq_pci_driver = {
	.name = KBUILD_MODNAME,
	.probe = nvmq_pci_probe,
	.remove = nvmq_pci_remove,
	.shutdown = nvmq_pci_shutdown,
	.err_handler = &nvmq_aer_handlers,
	.sriov_configure = pci_sriov_configure_simple,
	.driver = {
		.probe_type = PROBE_PREFER_ASYNCHRONOUS,
		.pm = pm_sleep_ptr(&nvmq_pci_pm_ops),
	},
};

/**
 * nvmq_pci_init - register the PCI driver
 *
 * Context: module init, may sleep.
 * Return: 0 or -errno.
 */
int nvmq_pci_init(void)
{
	nvmq_pci_driver.id_table = nvmq_claim ? nvmq_pci_all : nvmq_pci_nothing;
	return pci_register_driver(&nvmq_pci_driver);
}

/**
 * nvmq_pci_exit - unregister the PCI driver; all controllers are removed
 *
 * Context: module exit, may sleep.
 */
void nvmq_pci_exit(void)
{
	pci_unregister_driver(&nvmq_pci_driver);
}
