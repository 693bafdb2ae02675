/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/pci.h>

#ifndef COMPAT_LINUX_PCI_H
#define COMPAT_LINUX_PCI_H

#include <linux/suspend.h>
#include <compat-config.h>

/* 6.8 */
#ifndef PCI_IRQ_INTX
#define PCI_IRQ_INTX PCI_IRQ_LEGACY
#endif

#ifndef COMPAT_HAS_PCI_SUSPEND_RETAINS
/* Firmware that takes part in suspend may cut the power of the device. */
static inline bool pci_suspend_retains_context(struct pci_dev *pdev)
{
	return !pm_suspend_via_firmware();
}
#endif

#endif
