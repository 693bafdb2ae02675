// 6.19: task work of io_uring gets a struct io_tw_req and a token
#include <linux/io_uring/cmd.h>

void probe(struct io_uring_cmd *cmd,
	   void (*fn)(struct io_tw_req, io_tw_token_t));
void probe(struct io_uring_cmd *cmd,
	   void (*fn)(struct io_tw_req, io_tw_token_t))
{
	io_uring_cmd_do_in_task_lazy(cmd, fn);
}
