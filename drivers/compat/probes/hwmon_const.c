// 6.4: hwmon_chip_info points to const pointers
#include <linux/hwmon.h>

void probe(struct hwmon_chip_info *chip,
	   const struct hwmon_channel_info *const *info);
void probe(struct hwmon_chip_info *chip,
	   const struct hwmon_channel_info *const *info)
{
	chip->info = info;
}
