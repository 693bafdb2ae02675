// 6.18: all of a block's metadata and the part that is checked have sizes of their own
#include <linux/blkdev.h>

void probe(struct blk_integrity *bi);
void probe(struct blk_integrity *bi)
{
	bi->metadata_size = 16;
	bi->pi_tuple_size = 8;
}
