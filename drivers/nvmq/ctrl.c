// SPDX-License-Identifier: GPL-2.0
/* What identify says of a controller. */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "admin.h"
#include "cc.h"
#include "ctrl.h"

/**
 * nvmq_ctrl_string - a string of identify, as one that ends with a zero
 * @to: @len + 1 bytes
 * @from: padded with blanks; some controllers put anything in it
 * @len: bytes of it
 *
 * Context: any.
 */
void nvmq_ctrl_string(char *to, const char *from, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : ' ';
	while (len && to[len - 1] == ' ')
		len--;
	to[len] = '\0';
}

/*
 * The largest transfer: MDTS counts pages of CAP.MPSMIN, 0 is no limit; there is ours as well, and
 * that of the host's DMA mapping (bounce buffers are small).
 */
static u32 nvmq_ctrl_max_sectors(const struct nvmq_ctrl *ctrl, u8 mdts)
{
	unsigned int shift = mdts + NVM_GET(NVM_CAP_MPSMIN, ctrl->cap) + NVM_PAGE_SHIFT_MIN;
	u32 bytes = min_t(u64, NVMQ_MAX_BYTES, dma_max_mapping_size(ctrl->dev));

	if (mdts && shift < 32)
		bytes = min(bytes, 1U << shift);
	return bytes >> SECTOR_SHIFT;
}

/* Over a reset the same device must be there: disks are not handed to another one. */
static int nvmq_ctrl_check_identity(struct nvmq_ctrl *ctrl, const struct nvm_id_ctrl *id)
{
	char serial[sizeof(ctrl->serial)], model[sizeof(ctrl->model)];

	nvmq_ctrl_string(serial, id->sn, sizeof(id->sn));
	nvmq_ctrl_string(model, id->mn, sizeof(id->mn));
	if (!test_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags)) {
		strscpy(ctrl->serial, serial, sizeof(ctrl->serial));
		strscpy(ctrl->model, model, sizeof(ctrl->model));
		return 0;
	}
	if (!strcmp(serial, ctrl->serial) && !strcmp(model, ctrl->model))
		return 0;
	nvmq_err(ctrl, "another device is there since the reset: %s %s was %s %s\n", model, serial,
		 ctrl->model, ctrl->serial);
	return -ENODEV;
}

static void nvmq_ctrl_take_power(struct nvmq_power *power, const struct nvm_id_ctrl *id)
{
	unsigned int i;

	for (i = 0; i < NVMQ_NR_PS; i++) {
		const struct nvm_id_power_state *psd = &id->psd[i];
		u64 latency = (u64)le32_to_cpu(psd->entry_lat) + le32_to_cpu(psd->exit_lat);

		power->ps[i].latency = min_t(u64, latency, U32_MAX);
		power->ps[i].nops = psd->flags & NVM_PS_NOPS;
	}
	power->apst = id->apsta & NVM_CTRL_APSTA_APST;
	power->wctemp = le16_to_cpu(id->wctemp);
	power->cctemp = le16_to_cpu(id->cctemp);
	power->mntmt = le16_to_cpu(id->mntmt);
	power->mxtmt = 0;
	/* one that has it need not say in which range */
	if (le16_to_cpu(id->hctma) & NVM_CTRL_HCTMA_HCTM)
		power->mxtmt = id->mxtmt ? le16_to_cpu(id->mxtmt) : U16_MAX;
	power->hmpre = le32_to_cpu(id->hmpre);
	power->hmmin = le32_to_cpu(id->hmmin);
	power->hmminds = le32_to_cpu(id->hmminds);
	power->hmmaxd = le16_to_cpu(id->hmmaxd);
}

static void nvmq_ctrl_take(struct nvmq_ctrl *ctrl, const struct nvm_id_ctrl *id)
{
	nvmq_ctrl_string(ctrl->firmware, id->fr, sizeof(id->fr));
	ctrl->quirks = nvmq_quirks_find(ctrl);
	strscpy(ctrl->subnqn, id->subnqn, min(sizeof(ctrl->subnqn), sizeof(id->subnqn)));
	if (ctrl->quirks & NVMQ_QUIRK_IGNORE_DEV_SUBNQN)
		*ctrl->subnqn = '\0';
	ctrl->vid = le16_to_cpu(id->vid);
	ctrl->ssvid = le16_to_cpu(id->ssvid);
	ctrl->cntlid = le16_to_cpu(id->cntlid);
	ctrl->cntrltype = id->cntrltype;
	ctrl->oacs = le16_to_cpu(id->oacs);
	ctrl->oncs = le16_to_cpu(id->oncs);
	ctrl->oaes = le32_to_cpu(id->oaes);
	ctrl->sgls = le32_to_cpu(id->sgls);
	ctrl->ctratt = le32_to_cpu(id->ctratt);
	ctrl->rtd3e = le32_to_cpu(id->rtd3e);
	ctrl->nn = le32_to_cpu(id->nn);
	ctrl->awupf = le16_to_cpu(id->awupf);
	ctrl->vwc = id->vwc;
	ctrl->lpa = id->lpa;
	ctrl->npss = min_t(u8, id->npss, NVMQ_NR_PS - 1);
	nvmq_ctrl_take_power(&ctrl->power, id);
	ctrl->mtfa = le16_to_cpu(id->mtfa);
	ctrl->crdt[0] = le16_to_cpu(id->crdt1);
	ctrl->crdt[1] = le16_to_cpu(id->crdt2);
	ctrl->crdt[2] = le16_to_cpu(id->crdt3);
	ctrl->max_hw_sectors = nvmq_ctrl_max_sectors(ctrl, id->mdts);
	atomic_set(&ctrl->abort_budget, id->acl + 1);
}

/*
 * Limits of commands that MDTS does not bound (NVM 4.1.5.2). Asked for only where the controller
 * has I/O command sets to tell apart, or is of 2.0: older ones would enter the question into their
 * error log.
 */
static void nvmq_ctrl_read_limits(struct nvmq_ctrl *ctrl)
{
	struct nvm_id_ctrl_nvm *id;

	ctrl->dmrl = 0;
	ctrl->dmrsl = 0;
	ctrl->dmsl = 0;
	ctrl->max_zeroes_sectors = ctrl->max_hw_sectors;
	if (!(ctrl->cap & NVM_CAP_CSS_CSI) && ctrl->vs < NVM_VS(2, 0, 0))
		return;
	id = kzalloc_obj(*id);
	if (!id)
		return;
	if (!nvmq_admin_identify(ctrl, NVM_ID_CNS_CS_CTRL, NVM_CSI_NVM, 0, id, sizeof(*id))) {
		ctrl->dmrl = id->dmrl;
		ctrl->dmrsl = le32_to_cpu(id->dmrsl);
		ctrl->dmsl = le64_to_cpu(id->dmsl);
		if (id->wzsl)
			ctrl->max_zeroes_sectors = nvmq_ctrl_max_sectors(ctrl, id->wzsl);
	}
	kfree(id);
}

/**
 * nvmq_ctrl_read_effects - which commands of a command set there are, and what they change
 * @ctrl: controller that was identified
 * @csi: command set
 *
 * Without the log a table of ours serves. One that is there is overwritten, never freed: who looks
 * into it needs no lock.
 *
 * Context: bring-up and scan work, may sleep.
 */
void nvmq_ctrl_read_effects(struct nvmq_ctrl *ctrl, u8 csi)
{
	struct nvm_effects_log *log;

	if (!(ctrl->lpa & NVM_CTRL_LPA_CMD_EFFECTS_LOG) || csi >= NVMQ_NR_CSI)
		return;
	log = kzalloc_obj(*log);
	if (!log)
		return;
	ctrl->effects_asked |= BIT(csi);
	if (nvmq_admin_get_log(ctrl, NVM_NSID_ALL, NVM_LOG_CMD_EFFECTS, 0, csi, log, sizeof(*log),
			       0))
		goto free;
	if (!ctrl->effects[csi]) {
		/* the log before the pointer to it; pairs with nvmq_passthru_effects() */
		smp_store_release(&ctrl->effects[csi], log);
		return;
	}
	*ctrl->effects[csi] = *log;
free:
	kfree(log);
}

/**
 * nvmq_ctrl_identify - ask the controller what it is
 * @ctrl: controller whose admin queue is up
 *
 * Context: bring-up, may sleep.
 * Return: 0, or -errno: it did not answer, refused, or is another device than before.
 */
int nvmq_ctrl_identify(struct nvmq_ctrl *ctrl)
{
	struct nvm_id_ctrl *id = kzalloc_obj(*id);
	int ret;

	if (!id)
		return -ENOMEM;
	ret = nvmq_admin_identify(ctrl, NVM_ID_CNS_CTRL, 0, 0, id, sizeof(*id));
	if (ret > 0) {
		nvmq_err(ctrl, "identify controller was refused, status %#x\n", ret);
		ret = -EIO;
	}
	if (!ret)
		ret = nvmq_ctrl_check_identity(ctrl, id);
	if (!ret)
		ret = nvmq_cc_fit_entries(ctrl, id->sqes);
	if (!ret)
		nvmq_ctrl_take(ctrl, id);
	kfree(id);
	if (ret)
		return ret;
	nvmq_ctrl_read_limits(ctrl);
	nvmq_ctrl_read_effects(ctrl, NVM_CSI_NVM);
	return 0;
}
