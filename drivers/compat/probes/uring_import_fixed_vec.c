// 6.16: io_uring_cmd_import_fixed_vec()
#include <linux/io_uring/cmd.h>

int probe(struct io_uring_cmd *cmd, struct iov_iter *iter);
int probe(struct io_uring_cmd *cmd, struct iov_iter *iter)
{
	return io_uring_cmd_import_fixed_vec(cmd, NULL, 0, 0, iter, 0);
}
