// Always there: if this does not compile, no answer means anything.
#include <linux/module.h>
#include <linux/blk-mq.h>
#include <linux/pci.h>

int probe(struct request *rq, struct pci_dev *pdev);
int probe(struct request *rq, struct pci_dev *pdev)
{
	return blk_rq_bytes(rq) + pdev->device;
}
