// 6.16: a write may say where it wants to be placed
#include <linux/blkdev.h>

void probe(struct queue_limits *lim, struct bio *bio);
void probe(struct queue_limits *lim, struct bio *bio)
{
	lim->max_write_streams = bio->bi_write_stream;
	lim->write_stream_granularity = 1;
}
