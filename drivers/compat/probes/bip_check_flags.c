// 6.13: each integrity payload says what is to be checked of it
#include <linux/bio-integrity.h>
#include <linux/blkdev.h>

unsigned int probe(struct bio_integrity_payload *bip);
unsigned int probe(struct bio_integrity_payload *bip)
{
	return bip->app_tag & (BIP_CHECK_GUARD | BIP_CHECK_REFTAG | BIP_CHECK_APPTAG);
}
