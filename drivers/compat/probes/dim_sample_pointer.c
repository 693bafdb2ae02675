// 6.13: net_dim() takes a pointer to the sample
#include <linux/dim.h>

void probe(struct dim *dim, const struct dim_sample *sample);
void probe(struct dim *dim, const struct dim_sample *sample)
{
	net_dim(dim, sample);
}
