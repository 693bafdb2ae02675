// SPDX-License-Identifier: GPL-2.0
/*
 * Function level reset, the last rung: a controller that does not stop when CC.EN is cleared, or
 * does not become ready, is reset through its configuration space (PCIe 6.6.2), once in a recovery.
 *
 * Not by pci_reset_function(): that takes the device's lock, which remove() holds while it waits
 * for the reset work, and calls our own reset_prepare(), which waits for it as well. Nor by
 * pcie_reset_flr(), whose waiting has no regard for the budget.
 */
#include <linux/delay.h>

#include "budget.h"
#include "flr.h"

/* From the request on the function may not be touched for that long (PCIe 6.6.2); and then each. */
#define NVMQ_FLR_MS 100
#define NVMQ_FLR_POLL_MS 20

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

/* A function that is there answers: its command register does not read as ones. */
static bool nvmq_flr_answers(struct pci_dev *pdev)
{
	u16 command;

	return !pci_read_config_word(pdev, PCI_COMMAND, &command) && !PCI_POSSIBLE_ERROR(command);
}

/* The kernel's own reset waits a minute for a function that does not come back. */
static int nvmq_flr_reset(struct nvmq_ctrl *ctrl)
{
	struct pci_dev *pdev = ctrl->pdev;

	if (!pci_wait_for_pending_transaction(pdev))
		nvmq_warn(ctrl, "has transactions pending; its function is reset nevertheless\n");
	pcie_capability_set_word(pdev, PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_BCR_FLR);
	msleep(NVMQ_FLR_MS);
	while (!nvmq_flr_answers(pdev)) {
		if (!nvmq_budget_left(ctrl) || nvmq_state(ctrl) == NVMQ_DELETING)
			return -ETIMEDOUT;
		msleep(NVMQ_FLR_POLL_MS);
	}
	return 0;
}

/**
 * nvmq_flr_do - reset the function; its configuration is as before afterwards
 * @ctrl: controller that is stopped, or cut off from the bus
 * @why: reason, for the log
 *
 * It has a tenth of a second (PCIe 6.6.2), and what is left of the recovery's budget. What was
 * saved of the configuration of one that stays away is kept for the next bring-up.
 *
 * Context: the reset work, may sleep.
 * Return: 0; -EBUSY if somebody else is resetting it; -ETIMEDOUT if it does not come back.
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
	ret = nvmq_flr_reset(ctrl);
	if (!ret)
		pci_restore_state(pdev);
	pci_cfg_access_unlock(pdev);
	if (ret)
		nvmq_err(ctrl, "does not come back from a function level reset\n");
	else
		clear_bit(NVMQ_CF_HOPELESS, &ctrl->flags);
	return ret;
}
