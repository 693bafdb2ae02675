// 6.2: devnode() of a class takes a const struct device
#include <linux/device.h>

void probe(struct class *cls, char *(*fn)(const struct device *, umode_t *));
void probe(struct class *cls, char *(*fn)(const struct device *, umode_t *))
{
	cls->devnode = fn;
}
