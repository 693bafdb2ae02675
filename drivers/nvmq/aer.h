/* SPDX-License-Identifier: GPL-2.0 */
/* Function level reset from outside, and PCIe errors. */
#ifndef _NVMQ_AER_H
#define _NVMQ_AER_H

#include "nvmq.h"

extern const struct pci_error_handlers nvmq_aer_handlers;

void nvmq_aer_frozen_work(struct work_struct *work);

#endif /* _NVMQ_AER_H */
