// 6.6 dropped it, the PCI core does it: pci_enable_pcie_error_reporting(), an older form
#include <linux/pci.h>
#include <linux/aer.h>

int probe(struct pci_dev *pdev);
int probe(struct pci_dev *pdev)
{
	return pci_enable_pcie_error_reporting(pdev);
}
