// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's interface to self-encrypting drives, one call each:
 *
 *	sed-opal own|activate DISK PASSWORD
 *	sed-opal range DISK PASSWORD RANGE START BLOCKS
 *	sed-opal lock|unlock|readonly|save DISK PASSWORD RANGE
 *	sed-opal revert DISK PASSWORD
 *	sed-opal psid DISK PSID
 *
 * save leaves the password with the kernel, which unlocks the range after a suspend.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sed-opal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

static struct opal_key key_of(const char *password)
{
	struct opal_key k = { .key_len = strnlen(password, 128) };

	memcpy(k.key, password, k.key_len);
	return k;
}

static int lock(int fd, const char *what, const char *password, int range)
{
	struct opal_lock_unlock l = {
		.session = { .who = OPAL_ADMIN1, .opal_key = key_of(password) },
		.l_state = !strcmp(what, "lock") ? OPAL_LK :
			   !strcmp(what, "readonly") ? OPAL_RO : OPAL_RW,
	};

	l.session.opal_key.lr = range;
	return ioctl(fd, !strcmp(what, "save") ? IOC_OPAL_SAVE : IOC_OPAL_LOCK_UNLOCK, &l);
}

static int range(int fd, const char *password, char **v)
{
	struct opal_user_lr_setup s = {
		.range_start = strtoull(v[1], NULL, 0), .range_length = strtoull(v[2], NULL, 0),
		.RLE = 1, .WLE = 1,
		.session = { .who = OPAL_ADMIN1, .opal_key = key_of(password) },
	};

	s.session.opal_key.lr = atoi(v[0]);
	return ioctl(fd, IOC_OPAL_LR_SETUP, &s);
}

int main(int argc, char **argv)
{
	struct opal_lr_act act = { .num_lrs = 1 };
	struct opal_key key;
	const char *what;
	int fd, rc = -1;

	if (argc < 4)
		return 2;
	what = argv[1];
	fd = open(argv[2], O_RDWR);
	if (fd < 0) {
		perror(argv[2]);
		return 1;
	}
	key = key_of(argv[3]);
	if (!strcmp(what, "own")) {
		rc = ioctl(fd, IOC_OPAL_TAKE_OWNERSHIP, &key);
	} else if (!strcmp(what, "activate")) {
		act.key = key;
		rc = ioctl(fd, IOC_OPAL_ACTIVATE_LSP, &act);
	} else if (!strcmp(what, "revert")) {
		rc = ioctl(fd, IOC_OPAL_REVERT_TPR, &key);
	} else if (!strcmp(what, "psid")) {
		rc = ioctl(fd, IOC_OPAL_PSID_REVERT_TPR, &key);
	} else if (!strcmp(what, "range") && argc == 7) {
		rc = range(fd, argv[3], argv + 4);
	} else if (argc == 5) {
		rc = lock(fd, what, argv[3], atoi(argv[4]));
	} else {
		return 2;
	}
	if (!rc)
		return 0;
	/* positive: a status of the drive */
	fprintf(stderr, "%s: %s\n", what, rc > 0 ? "refused" : strerror(errno));
	return 1;
}
