// 6.7: split from linux/io_uring.h
#include <linux/io_uring/cmd.h>
