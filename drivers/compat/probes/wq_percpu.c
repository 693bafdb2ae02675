// 6.17 (and stable 6.12): WQ_PERCPU says what used to be the default
#include <linux/workqueue.h>

unsigned int probe(void);
unsigned int probe(void)
{
	return WQ_PERCPU;
}
