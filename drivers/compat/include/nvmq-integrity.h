/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a request says about its protection information.
 *
 * Since 6.13 each payload tells what is to be checked and may bring an application tag. Before,
 * everything that the format has is checked unless the payload says no.
 */
#ifndef NVMQ_INTEGRITY_H
#define NVMQ_INTEGRITY_H

#include <linux/bio.h>
#include <linux/blk-integrity.h>
#include <compat-config.h>

#define NVMQ_CHECK_GUARD	1
#define NVMQ_CHECK_REF		2
#define NVMQ_CHECK_APP		4

/**
 * nvmq_integrity_checks - what the controller is to check
 * @req: request with metadata
 * @known: NVMQ_CHECK_* that the format has
 * @app_tag: filled with the application tag if NVMQ_CHECK_APP is returned
 *
 * Return: NVMQ_CHECK_*, all of them in @known but the last.
 */
static inline unsigned int nvmq_integrity_checks(const struct request *req, unsigned int known,
						 u16 *app_tag)
{
	const struct bio_integrity_payload *bip = bio_integrity(req->bio);
#ifdef COMPAT_HAS_BIP_CHECK_FLAGS
	unsigned int checks = 0;

	if (bip->bip_flags & BIP_CHECK_GUARD)
		checks |= NVMQ_CHECK_GUARD;
	if (bip->bip_flags & BIP_CHECK_REFTAG)
		checks |= NVMQ_CHECK_REF;
	checks &= known;
	if (bip->bip_flags & BIP_CHECK_APPTAG) {
		checks |= NVMQ_CHECK_APP;
		*app_tag = bip->app_tag;
	}
	return checks;
#else
	return bip->bip_flags & BIP_CTRL_NOCHECK ? 0 : known;
#endif
}

/* pieces that the metadata of a request is in */
static inline unsigned int nvmq_integrity_segments(const struct request *req)
{
#ifdef CONFIG_BLK_DEV_INTEGRITY
	return req->nr_integrity_segments;
#else
	return 0;
#endif
}

#endif
