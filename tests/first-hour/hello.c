// SPDX-License-Identifier: GPL-2.0
/*
 * Writes "hello world!" to a block of an NVMe disk and reads it back, by the
 * oldest and shortest of the NVMe ioctls. No file system, no page cache: one
 * ioctl is one command in a submission queue.
 *
 * usage: hello DISK [BLOCK]	what the block held is overwritten
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/fs.h>
#include <linux/nvme_ioctl.h>

/* Opcodes of the NVM command set. */
#define CMD_WRITE 0x01
#define CMD_READ 0x02

/*
 * SUBMIT_IO takes what a read or write has and nothing else; the kernel fills
 * in the namespace and turns the address into PRP entries.
 */
static int submit(int fd, uint8_t opcode, uint64_t block, void *data)
{
	struct nvme_user_io io = {
		.opcode = opcode,
		.nblocks = 0, /* zero-based, as in the command: one block */
		.addr = (uintptr_t)data,
		.slba = block,
	};
	int ret = ioctl(fd, NVME_IOCTL_SUBMIT_IO, &io);

	/* below zero: the kernel refused; above: the controller's status */
	if (ret < 0)
		fprintf(stderr, "hello: opcode %#x: %s\n", opcode, strerror(errno));
	else if (ret > 0)
		fprintf(stderr, "hello: opcode %#x: NVMe status %#x\n", opcode, ret);
	return ret;
}

int main(int argc, char **argv)
{
	unsigned long long block;
	char *out, *in;
	int fd, size;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: hello DISK [BLOCK]\n");
		return 2;
	}
	block = argc == 3 ? strtoull(argv[2], NULL, 0) : 0;

	/* O_EXCL on a disk: fail if it is mounted, or in use by the kernel otherwise. */
	fd = open(argv[1], O_RDWR | O_EXCL);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	if (ioctl(fd, BLKSSZGET, &size) < 0) {
		perror("BLKSSZGET");
		return 1;
	}

	/* The controller reads this memory itself; a page of its own is the plainest case. */
	out = aligned_alloc(4096, (size + 4095) & ~4095);
	in = aligned_alloc(4096, (size + 4095) & ~4095);
	if (!out || !in) {
		perror("aligned_alloc");
		return 1;
	}
	memset(out, 0, size);
	memset(in, 0xff, size);
	strcpy(out, "hello world!");

	if (submit(fd, CMD_WRITE, block, out) || submit(fd, CMD_READ, block, in))
		return 1;
	if (memcmp(out, in, size)) {
		fprintf(stderr, "hello: block %llu came back different\n", block);
		return 1;
	}
	/* from the disk, not from the program's own string */
	printf("%s\n", in);
	return 0;
}
