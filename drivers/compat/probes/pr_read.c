// 6.6: registered keys and the holder of a reservation can be asked for
#include <linux/blkdev.h>
#include <linux/pr.h>

void probe(struct pr_ops *ops, int (*keys)(struct block_device *, struct pr_keys *),
	   int (*held)(struct block_device *, struct pr_held_reservation *));
void probe(struct pr_ops *ops, int (*keys)(struct block_device *, struct pr_keys *),
	   int (*held)(struct block_device *, struct pr_held_reservation *))
{
	ops->pr_read_keys = keys;
	ops->pr_read_reservation = held;
}
