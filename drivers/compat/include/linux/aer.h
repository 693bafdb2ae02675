/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/aer.h>

#ifndef COMPAT_LINUX_AER_H
#define COMPAT_LINUX_AER_H

#include <compat-config.h>

/* Since 6.6 the PCI core enables error reporting for every device by itself. */
#ifndef COMPAT_HAS_AER_ENABLE
static inline int pci_enable_pcie_error_reporting(struct pci_dev *pdev)
{
	return 0;
}

static inline int pci_disable_pcie_error_reporting(struct pci_dev *pdev)
{
	return 0;
}
#endif

#endif
