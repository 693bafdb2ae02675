// 6.8: strscpy() finds the size of an array itself
#include <linux/string.h>

void probe(const char *s);
void probe(const char *s)
{
	char a[8];

	strscpy(a, s);
}
