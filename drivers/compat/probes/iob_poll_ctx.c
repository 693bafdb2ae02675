// 7.1: a completion batch says for which ring it is being polled
#include <linux/blkdev.h>
#include <linux/io_uring/cmd.h>

bool probe(struct io_uring_cmd *cmd, const struct io_comp_batch *iob);
bool probe(struct io_uring_cmd *cmd, const struct io_comp_batch *iob)
{
	return iob->poll_ctx == io_uring_cmd_ctx_handle(cmd);
}
