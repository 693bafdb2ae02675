// 6.2: split from linux/string_helpers.h
#include <linux/string_choices.h>
