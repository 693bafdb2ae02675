// SPDX-License-Identifier: GPL-2.0
/*
 * What befalls the PCI function from outside: a function level reset that somebody asked for, and
 * PCIe errors. The controller is parked (NVMQ_RESETTING, nothing runs) until the bus has done its
 * part, then the reset work brings it up as after any other trouble.
 */
#include <linux/pci.h>

#include "aer.h"
#include "budget.h"
#include "down.h"
#include "state.h"

static void nvmq_aer_reset_prepare(struct pci_dev *pdev)
{
	struct nvmq_ctrl *ctrl = pci_get_drvdata(pdev);

	/* a person asks for that, in sysfs or by giving the function to somebody else */
	if (nvmq_state_park(ctrl, NVMQ_BY_USER))
		nvmq_down(ctrl);
}

static void nvmq_aer_reset_done(struct pci_dev *pdev)
{
	struct nvmq_ctrl *ctrl = pci_get_drvdata(pdev);

	nvmq_state_resume_reset(ctrl, "function level reset");
	flush_work(&ctrl->reset_work);
}

/* As nvmq_state_park(), also for one that was parked by an earlier error of the same bus. */
static bool nvmq_aer_park(struct nvmq_ctrl *ctrl)
{
	flush_work(&ctrl->reset_work);
	return nvmq_state(ctrl) == NVMQ_RESETTING || nvmq_state_park(ctrl, NVMQ_BY_DRIVER);
}

/**
 * nvmq_aer_frozen_work - the slot reset that was to follow an error did not come
 * @work: ctrl->frozen_work
 *
 * The reset work sees what is left: live or dead.
 *
 * Context: work queue, may sleep.
 */
void nvmq_aer_frozen_work(struct work_struct *work)
{
	struct nvmq_ctrl *ctrl = container_of(to_delayed_work(work), struct nvmq_ctrl, frozen_work);

	nvmq_state_resume_reset(ctrl, "no slot reset came after a PCIe error");
}

static pci_ers_result_t nvmq_aer_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct nvmq_ctrl *ctrl = pci_get_drvdata(pdev);

	switch (state) {
	case pci_channel_io_normal:
		return PCI_ERS_RESULT_CAN_RECOVER;
	case pci_channel_io_frozen:
		nvmq_warn(ctrl, "PCIe error: channel frozen, stopping until the slot was reset\n");
		/* one that was given up is stopped; the others on the bus need the reset */
		if (!nvmq_aer_park(ctrl))
			return nvmq_state(ctrl) == NVMQ_DEAD ? PCI_ERS_RESULT_NEED_RESET :
							       PCI_ERS_RESULT_DISCONNECT;
		/* registers cannot be reached: nothing to ask, nothing to wait for */
		set_bit(NVMQ_CF_GONE, &ctrl->flags);
		nvmq_down(ctrl);
		queue_delayed_work(system_dfl_wq, &ctrl->frozen_work,
				   msecs_to_jiffies(nvmq_budget_share(1)));
		return PCI_ERS_RESULT_NEED_RESET;
	default:
		nvmq_err(ctrl, "PCIe error: permanent failure; I/O fails, a reset by the user tries again\n");
		cancel_delayed_work_sync(&ctrl->frozen_work);
		if (nvmq_aer_park(ctrl)) {
			set_bit(NVMQ_CF_GONE, &ctrl->flags);
			nvmq_down_for_good(ctrl);
			nvmq_state_set(ctrl, NVMQ_DEAD);
		}
		return PCI_ERS_RESULT_DISCONNECT;
	}
}

static pci_ers_result_t nvmq_aer_slot_reset(struct pci_dev *pdev)
{
	struct nvmq_ctrl *ctrl = pci_get_drvdata(pdev);

	cancel_delayed_work_sync(&ctrl->frozen_work);
	pci_restore_state(pdev);
	/* one that was given up has a new chance: what was wrong with it may be over */
	if (nvmq_state(ctrl) == NVMQ_RESETTING)
		nvmq_state_resume_reset(ctrl, "slot reset after a PCIe error");
	else
		nvmq_state_request_reset_by(ctrl, "slot reset after a PCIe error", NVMQ_BY_USER);
	return PCI_ERS_RESULT_RECOVERED;
}

static void nvmq_aer_error_resume(struct pci_dev *pdev)
{
	struct nvmq_ctrl *ctrl = pci_get_drvdata(pdev);

	flush_work(&ctrl->reset_work);
}

const struct pci_error_handlers nvmq_aer_handlers = {
	.error_detected = nvmq_aer_error_detected,
	.slot_reset = nvmq_aer_slot_reset,
	.resume = nvmq_aer_error_resume,
	.reset_prepare = nvmq_aer_reset_prepare,
	.reset_done = nvmq_aer_reset_done,
};
