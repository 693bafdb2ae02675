// 6.2: dev_uevent() of a class takes a const struct device
#include <linux/device.h>

void probe(struct class *cls,
	   int (*fn)(const struct device *, struct kobj_uevent_env *));
void probe(struct class *cls,
	   int (*fn)(const struct device *, struct kobj_uevent_env *))
{
	cls->dev_uevent = fn;
}
