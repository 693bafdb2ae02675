// after 6.12: pci_suspend_retains_context()
#include <linux/pci.h>

bool probe(struct pci_dev *pdev);
bool probe(struct pci_dev *pdev)
{
	return pci_suspend_retains_context(pdev);
}
