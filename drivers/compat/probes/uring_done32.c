// 6.18: io_uring_cmd_done() for 16-byte completions, io_uring_cmd_done32() for 32
#include <linux/io_uring/cmd.h>

void probe(struct io_uring_cmd *cmd);
void probe(struct io_uring_cmd *cmd)
{
	io_uring_cmd_done32(cmd, 0, 0, 0);
	io_uring_cmd_done(cmd, 0, 0);
}
