// SPDX-License-Identifier: GPL-2.0
/*
 * Writes where only the driver should: into the configuration space and the registers of a PCI
 * function, to see what the driver makes of it.
 *
 *	poke reg ADDRESS OFFSET [VALUE]	a 32-bit register of BAR 0: read it, or write it. Needs a kernel
 *					that was booted with iomem=relaxed.
 *	poke keep ADDRESS OFFSET VALUE	16 bits of the configuration space, again and again
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int open_file(const char *address, const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", address, name);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

static int reg(const char *address, off_t offset, const char *value)
{
	int fd = open_file(address, "resource0");
	off_t page = offset & ~4095;
	volatile uint32_t *at;
	char *map;

	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, page);
	if (map == MAP_FAILED)
		err(2, "mmap of BAR 0 of %s", address);
	at = (volatile uint32_t *)(map + (offset - page));
	if (value)
		*at = strtoul(value, NULL, 0);
	else
		printf("0x%x\n", *at);
	return 0;
}

static int keep(const char *address, off_t offset, uint16_t value)
{
	int fd = open_file(address, "config");

	for (;;)
		if (pwrite(fd, &value, sizeof(value), offset) < 0)
			err(2, "configuration space of %s", address);
}

int main(int argc, char **argv)
{
	if ((argc == 4 || argc == 5) && !strcmp(argv[1], "reg"))
		return reg(argv[2], strtoul(argv[3], NULL, 0), argc == 5 ? argv[4] : NULL);
	if (argc == 5 && !strcmp(argv[1], "keep"))
		return keep(argv[2], strtoul(argv[3], NULL, 0), strtoul(argv[4], NULL, 0));
	errx(2, "usage: poke reg ADDRESS OFFSET [VALUE] | poke keep ADDRESS OFFSET VALUE");
}
