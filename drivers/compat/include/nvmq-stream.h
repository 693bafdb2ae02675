/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a write wants to be placed.
 *
 * Since 6.16 a bio may name a stream, from 1 up to the queue's max_write_streams. Before, nobody
 * can say.
 */
#ifndef NVMQ_STREAM_H
#define NVMQ_STREAM_H

#include <linux/blk-mq.h>
#include <linux/blk_types.h>
#include <compat-config.h>

/* does the block layer have streams? */
static inline bool nvmq_stream_known(void)
{
#ifdef COMPAT_HAS_WRITE_STREAMS
	return true;
#else
	return false;
#endif
}

/* the stream of a request with data; 0: it has none */
static inline unsigned int nvmq_stream_of(const struct request *req)
{
#ifdef COMPAT_HAS_WRITE_STREAMS
	return req->bio->bi_write_stream;
#else
	return 0;
#endif
}

#endif
