// SPDX-License-Identifier: GPL-2.0
/*
 * The handshake of CC and CSTS (NVMe Base 3.5, 3.6): enable, disable, shut down, stop for sure.
 *
 * Every wait has an end (budget.c), and ends early when the device is gone or says that it is
 * broken.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/ktime.h>

#include "budget.h"
#include "cc.h"
#include "queue.h"
#include "regs.h"

/* What those need that must not be asked for CSTS.RDY just after a disable. */
#define NVMQ_CC_QUIRK_DELAY_MS 2300

/*
 * Waits until the bits @mask of CSTS are @want. Fatal status ends the wait unless the controller is
 * being disabled, which is the way out of it.
 */
static int nvmq_cc_wait(struct nvmq_ctrl *ctrl, u32 mask, u32 want, unsigned int ms, bool fatal_ok,
			const char *what)
{
	ktime_t end = ktime_add_ms(ktime_get(), ms);
	u32 csts;

	for (;;) {
		bool late = ktime_after(ktime_get(), end);

		if (!nvmq_regs_status(ctrl, &csts)) {
			set_bit(NVMQ_CF_GONE, &ctrl->flags);
			nvmq_err(ctrl, "gone from the bus while %s\n", what);
			return -ENODEV;
		}
		/* ready and fatal at once is not ready */
		if ((csts & NVM_CSTS_CFS) && !fatal_ok) {
			nvmq_err(ctrl, "fatal status while %s, CSTS=%#x\n", what, csts);
			return -EIO;
		}
		if ((csts & mask) == want)
			return 0;
		/* remove() waits for us, and needs nobody to be ready */
		if (!fatal_ok && nvmq_state(ctrl) == NVMQ_DELETING)
			return -ESHUTDOWN;
		if (late)
			break;
		usleep_range(100, 1000);
	}
	if (ms)
		nvmq_err(ctrl, "not done after %u ms of %s, CSTS=%#x\n", ms, what, csts);
	return -ETIMEDOUT;
}

/* CAP.TO counts in 500 ms; zero means less than one unit. CRTO has the longer times of 2.0. */
static unsigned int nvmq_cc_ready_ms(struct nvmq_ctrl *ctrl)
{
	unsigned int units = NVM_GET(NVM_CAP_TO, ctrl->cap);

	if (ctrl->cap & NVM_CAP_CRMS_CRWMS) {
		u32 crto = nvmq_regs_read(ctrl, NVM_REG_CRTO);

		units = max_t(unsigned int, units, NVM_GET(NVM_CRTO_CRWMT, crto));
	}
	return (units + 1) * NVM_CAP_TO_UNIT_MS;
}

/* How many entries do I/O queues have? */
static int nvmq_cc_choose_depth(struct nvmq_ctrl *ctrl)
{
	/* what blk-mq has tags for stays, whatever the parameter says by now */
	u32 depth = test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags) ? ctrl->io_set.queue_depth + 1 :
								nvmq_io_queue_depth;
	/* a controller that says 0 is one of those that mean a queue of two */
	u32 most = max_t(u32, NVM_GET(NVM_CAP_MQES, ctrl->cap) + 1, 2), least = 2;

	if (ctrl->quirks & NVMQ_QUIRK_QDEPTH_ONE)
		most = 2;
	/* one entry stays empty, and there is no use in a queue without a tag */
	if (ctrl->quirks & NVMQ_QUIRK_SHARED_TAGS)
		least = NVMQ_SHARED_TAGS + 2;
	if (most < least) {
		nvmq_err(ctrl, "its I/O queues have %u entries, and must have %u where ids are shared with the admin queue: refused\n",
			 most, least);
		return -EINVAL;
	}
	if (depth < least)
		nvmq_info(ctrl, "I/O queues of %u entries, not %u: ids are shared with the admin queue\n",
			  least, depth);
	ctrl->depth = clamp(depth, least, most);
	return 0;
}

/**
 * nvmq_cc_read_caps - read CAP and VS and settle what depends on them
 * @ctrl: controller, its BAR mapped
 *
 * Fills cap, vs, page_shift and depth.
 *
 * Context: bring-up, may sleep.
 * Return: 0, -ENODEV if the device is gone, -EINVAL if it cannot work with this host.
 */
int nvmq_cc_read_caps(struct nvmq_ctrl *ctrl)
{
	unsigned int min_shift;
	u32 csts;

	if (!nvmq_regs_status(ctrl, &csts)) {
		nvmq_err(ctrl, "its registers read as all ones: the device is not there\n");
		return -ENODEV;
	}
	ctrl->cap = nvmq_regs_read64(ctrl, NVM_REG_CAP);
	ctrl->vs = nvmq_regs_read(ctrl, NVM_REG_VS);

	if (nvm_bar_size(1, NVM_GET(NVM_CAP_DSTRD, ctrl->cap)) > ctrl->bar_len) {
		nvmq_err(ctrl, "its doorbells are %u bytes apart, and its BAR has %zu: refused\n",
			 4U << NVM_GET(NVM_CAP_DSTRD, ctrl->cap), ctrl->bar_len);
		return -EINVAL;
	}
	min_shift = NVM_GET(NVM_CAP_MPSMIN, ctrl->cap) + NVM_PAGE_SHIFT_MIN;
	if (min_shift > PAGE_SHIFT) {
		nvmq_err(ctrl, "its smallest page is %lu bytes, this host's are %lu: refused\n",
			 1UL << min_shift, PAGE_SIZE);
		return -EINVAL;
	}
	if (ctrl->page_shift && ctrl->page_shift != min_shift) {
		nvmq_err(ctrl, "its smallest page changed over a reset: refused\n");
		return -EINVAL;
	}
	ctrl->page_shift = min_shift;
	return nvmq_cc_choose_depth(ctrl);
}

/**
 * nvmq_cc_disable - clear CC.EN and wait until the controller is not ready
 * @ctrl: controller
 *
 * All queues are gone from the controller afterwards, and it does no DMA.
 *
 * Context: may sleep, as long as the controller needs, within its share of a recovery.
 * Return: 0, -ENODEV, -ETIMEDOUT.
 */
int nvmq_cc_disable(struct nvmq_ctrl *ctrl)
{
	unsigned int ms = nvmq_budget_stop_ms(ctrl, nvmq_cc_ready_ms(ctrl));

	ctrl->cc &= ~(NVM_CC_EN | NVM_CC_SHN);
	nvmq_regs_write(ctrl, NVM_REG_CC, ctrl->cc);
	if (ctrl->quirks & NVMQ_QUIRK_DELAY_BEFORE_CHK_RDY)
		msleep(NVMQ_CC_QUIRK_DELAY_MS);
	return nvmq_cc_wait(ctrl, NVM_CSTS_RDY, 0, ms, true, "disabling it");
}

/* Sets CC.EN and waits until it is ready. */
static int nvmq_cc_start(struct nvmq_ctrl *ctrl)
{
	unsigned int declared = nvmq_cc_ready_ms(ctrl);
	int ret;

	ctrl->cc |= NVM_CC_EN;
	nvmq_regs_write(ctrl, NVM_REG_CC, ctrl->cc);
	ret = nvmq_cc_wait(ctrl, NVM_CSTS_RDY, NVM_CSTS_RDY, nvmq_budget_ready_ms(ctrl, declared),
			   false, "enabling it");
	if (!ret)
		nvmq_budget_was_ready(ctrl, declared);
	return ret;
}

/* Several command sets, the one of old, or none: what an administrative controller may have. */
static u32 nvmq_cc_command_set(const struct nvmq_ctrl *ctrl)
{
	if (ctrl->cap & NVM_CAP_CSS_CSI)
		return NVM_CC_CSS_CSI;
	if (ctrl->cap & NVM_CAP_CSS_ADMIN && !(ctrl->cap & NVM_CAP_CSS_NVM))
		return NVM_CC_CSS_ADMIN;
	return NVM_CC_CSS_NVM;
}

/**
 * nvmq_cc_enable - give the controller its admin queue, enable it, wait until it is ready
 * @ctrl: controller whose capabilities were read and whose admin queue is allocated
 *
 * One that does neither stop nor become ready is not waited for again (NVMQ_CF_HOPELESS).
 *
 * Context: bring-up, may sleep.
 * Return: 0, -ENODEV, -EIO (fatal status), -ETIMEDOUT, -ESHUTDOWN if it is being removed.
 */
int nvmq_cc_enable(struct nvmq_ctrl *ctrl)
{
	struct nvmq_queue *q = &ctrl->queues[0];
	int ret;

	/* whatever ran before us: firmware, another driver, a reset that failed half way */
	ctrl->cc = nvmq_regs_read(ctrl, NVM_REG_CC);
	ret = nvmq_cc_disable(ctrl);
	if (ret)
		goto hopeless;

	nvmq_queue_restart(q);
	nvmq_regs_write(ctrl, NVM_REG_AQA, NVM_PREP(NVM_AQA_ASQS, NVMQ_AQ_DEPTH - 1) |
					   NVM_PREP(NVM_AQA_ACQS, NVMQ_AQ_DEPTH - 1));
	nvmq_regs_write64(ctrl, NVM_REG_ASQ, q->sq_dma);
	nvmq_regs_write64(ctrl, NVM_REG_ACQ, q->cq_dma);

	ctrl->cc = nvmq_cc_command_set(ctrl);
	ctrl->cc |= NVM_PREP(NVM_CC_MPS, ctrl->page_shift - NVM_PAGE_SHIFT_MIN);
	ctrl->cc |= NVM_CC_AMS_RR | NVM_PREP(NVM_CC_IOSQES, ctrl->sqe_shift) |
		    NVM_PREP(NVM_CC_IOCQES, NVM_IOCQES);
	nvmq_regs_write(ctrl, NVM_REG_CC, ctrl->cc);
	/* CC.EN in a write of its own: the other fields must not change with it (Base 3.1.3.5) */
	ret = nvmq_cc_start(ctrl);
	if (!ret)
		return 0;
hopeless:
	set_bit(NVMQ_CF_HOPELESS, &ctrl->flags);
	return ret;
}

/**
 * nvmq_cc_fit_entries - make entries of I/O submission queues as large as the controller requires
 * @ctrl: enabled controller without I/O queues
 * @sqes: what identify says of them (SQES, NVMe Base 5.17.2.1)
 *
 * That is known after it was enabled; CC.IOSQES may change until there are I/O queues (Base
 * 3.1.3.5). What it could take, too, does not matter, and larger entries than it requires stay: a
 * quirk says so.
 *
 * Context: bring-up, may sleep.
 * Return: 0; -EINVAL if they cannot be as large; -EIO if the controller was stopped meanwhile.
 */
int nvmq_cc_fit_entries(struct nvmq_ctrl *ctrl, u8 sqes)
{
	unsigned int least = NVM_GET(NVM_CTRL_SQES_MIN, sqes);
	int ret = -EIO;

	if (least <= ctrl->sqe_shift)
		return 0;
	if (least > NVMQ_SQE_SHIFT_MAX || test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags)) {
		nvmq_err(ctrl, "wants commands in %u bytes each%s: refused\n", 1U << least,
			 least > NVMQ_SQE_SHIFT_MAX ? ", 128 are the most" : " since the reset");
		return -EINVAL;
	}
	/* whoever stops it writes CC, too */
	mutex_lock(&ctrl->down_lock);
	if (!test_bit(NVMQ_CF_STOPPED, &ctrl->flags)) {
		ctrl->sqe_shift = least;
		ctrl->cc = (ctrl->cc & ~NVM_CC_IOSQES) | NVM_PREP(NVM_CC_IOSQES, least);
		nvmq_regs_write(ctrl, NVM_REG_CC, ctrl->cc);
		ret = 0;
	}
	mutex_unlock(&ctrl->down_lock);
	return ret;
}

/**
 * nvmq_cc_shutdown - tell the controller that power may go, wait until it is ready for that
 * @ctrl: controller; no command is in flight
 *
 * The wait is shutdown_timeout seconds, or what the controller says that it needs (RTD3E), up to a
 * minute.
 *
 * Context: may sleep.
 * Return: 0, -ENODEV, -ETIMEDOUT.
 */
int nvmq_cc_shutdown(struct nvmq_ctrl *ctrl)
{
	unsigned int ms = max_t(unsigned int, nvmq_shutdown_timeout * 1000,
				min_t(unsigned int, ctrl->rtd3e / 1000, 60000));

	ctrl->cc &= ~NVM_CC_SHN;
	ctrl->cc |= NVM_CC_SHN_NORMAL;
	nvmq_regs_write(ctrl, NVM_REG_CC, ctrl->cc);
	return nvmq_cc_wait(ctrl, NVM_CSTS_SHST, NVM_CSTS_SHST_COMPLETE, ms, true,
			    "shutting it down");
}

/**
 * nvmq_cc_stop - make sure that the controller does no DMA
 * @ctrl: controller
 *
 * Disables it; if it does not obey, takes the bus from it, and remembers that (NVMQ_CF_STUCK).
 * Memory that commands pointed to may go back to its owners afterwards.
 *
 * Context: may sleep.
 */
void nvmq_cc_stop(struct nvmq_ctrl *ctrl)
{
	u16 command;

	if (!test_bit(NVMQ_CF_GONE, &ctrl->flags) && !nvmq_cc_disable(ctrl))
		return;
	if (!test_bit(NVMQ_CF_GONE, &ctrl->flags))
		set_bit(NVMQ_CF_STUCK, &ctrl->flags);
	/* a device that is gone does no DMA; one that is merely silent is cut off */
	pci_clear_master(ctrl->pdev);
	pci_read_config_word(ctrl->pdev, PCI_COMMAND, &command);
}
