/* SPDX-License-Identifier: GPL-2.0 */
/* The PCI driver. */
#ifndef _NVMQ_PCI_H
#define _NVMQ_PCI_H

int nvmq_pci_init(void);
void nvmq_pci_exit(void);

#endif /* _NVMQ_PCI_H */
