// 6.12: asm/unaligned.h moved to linux/
#include <linux/unaligned.h>
