// SPDX-License-Identifier: GPL-2.0
/*
 * Function level reset, the last rung: a controller that does not stop when CC.EN is cleared, or
 * does not become ready, is reset through its configuration space (PCIe 6.6.2), once in a recovery.
 *
 * Not by pci_reset_function(): that takes the device's lock, which remove() holds while it waits
 * for the reset work, and calls our own reset_prepare(), which waits for it as well.
 */
#include "flr.h"

/**
 * nvmq_flr_can - can the function be reset?
 * @ctrl: controller
 *
 * Context: may sleep.
 * Return: true if it is there and has FLR, and the kernel knows of no reason against it.
 */
bool nvmq_flr_can(struct nvmq_ctrl *ctrl)
{
	return !test_bit(NVMQ_CF_GONE, &ctrl->flags) &&
	       !pcie_reset_flr(ctrl->pdev, PCI_RESET_PROBE);
}

/**
 * nvmq_flr_do - reset the function; its configuration is as before afterwards
 * @ctrl: controller that is stopped, or cut off from the bus
 * @why: reason, for the log
 *
 * The kernel waits for the function to answer again: a tenth of a second, and up to a minute for
 * one that does not.
 *
 * Context: the reset work, may sleep.
 * Return: 0; -EBUSY if somebody else is resetting it; -errno of the kernel's.
 */
int nvmq_flr_do(struct nvmq_ctrl *ctrl, const char *why)
{
	struct pci_dev *pdev = ctrl->pdev;
	int ret;

	/*
	 * Who resets the function from outside holds this, and waits for us in reset_prepare(): so
	 * try only.
	 */
	if (!pci_cfg_access_trylock(pdev))
		return -EBUSY;
	nvmq_warn(ctrl, "%s: function level reset\n", why);
	pci_save_state(pdev);
	ret = pcie_reset_flr(pdev, PCI_RESET_DO_RESET);
	pci_restore_state(pdev);
	pci_cfg_access_unlock(pdev);
	if (ret)
		nvmq_err(ctrl, "function level reset failed, error %d\n", ret);
	else
		clear_bit(NVMQ_CF_HOPELESS, &ctrl->flags);
	return ret;
}
