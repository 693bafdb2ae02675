// 6.17 (and stable 6.12): new names of the system work queues
#include <linux/workqueue.h>

void probe(struct work_struct *a, struct work_struct *b);
void probe(struct work_struct *a, struct work_struct *b)
{
	queue_work(system_percpu_wq, a);
	queue_work(system_dfl_wq, b);
}
