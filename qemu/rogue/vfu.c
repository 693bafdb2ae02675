// SPDX-License-Identifier: GPL-2.0
/*
 * The server side of the vfio-user protocol, as far as QEMU's vfio-user-pci asks.
 *
 * Requests are answered in order, at once: whoever rings a doorbell has his answer before
 * the command is looked at.
 */
#include "rogue.h"

#include <errno.h>
#include <linux/vfio.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	VFU_VERSION = 1, VFU_DMA_MAP, VFU_DMA_UNMAP, VFU_GET_INFO, VFU_GET_REGION_INFO,
	VFU_GET_REGION_IO_FDS, VFU_GET_IRQ_INFO, VFU_SET_IRQS, VFU_REGION_READ,
	VFU_REGION_WRITE, VFU_DMA_READ, VFU_DMA_WRITE, VFU_RESET, VFU_DIRTY_PAGES,
	VFU_REGION_WRITE_MULTI,
};

#define VFU_TYPE	0xf
#define VFU_REPLY	0x1
#define VFU_NO_REPLY	0x10
#define VFU_ERROR	0x20

struct vfu_hdr {
	u16 id, command;
	u32 size, flags, error;
};

struct vfu_version {
	u16 major, minor;
	char data[];
};

struct vfu_dma_map {
	u32 argsz, flags;
	u64 offset, iova, size;
};

struct vfu_dma_unmap {
	u32 argsz, flags;
	u64 iova, size;
};

struct vfu_region_rw {
	u64 offset;
	u32 region, count;
	u8 data[];
};

struct vfu_write_one {
	u64 offset;
	u32 region, count;
	u8 data[8];
};

#define MAX_FDS		16
#define MAX_COUNT	4096	/* of a region access: configuration space at once */

static const char capabilities[] =
	"{\"capabilities\":{\"max_msg_fds\":16,\"write_multiple\":true}}";

/* What has come and is not handled yet. */
static u8 buf[65536];
static u32 have;
static int fds[MAX_FDS];
static u32 nr_fds;
static u32 fds_end;		/* they belong to the message that ends at or behind it */

static u8 reply[sizeof(struct vfu_hdr) + 64 + MAX_COUNT] __attribute__((aligned(8)));

static void drop_fds(void)
{
	while (nr_fds)
		close(fds[--nr_fds]);
}

static void irq_close(struct rogue *r, u32 from, u32 nr)
{
	for (u32 i = from; i < from + nr; i++) {
		if (r->irq_fd[i] >= 0)
			close(r->irq_fd[i]);
		r->irq_fd[i] = -1;
	}
}

void vfu_init(struct rogue *r)
{
	r->fd = -1;
	memset(r->irq_fd, 0xff, sizeof(r->irq_fd));
}

void vfu_close(struct rogue *r)
{
	drop_fds();
	have = 0;
	irq_close(r, 0, MAX_VECTORS);
	controller_reset(r);
	pcie_init(r);
	dma_remove_all(r);
	close(r->fd);
	r->fd = -1;
}

/* ---- sending ------------------------------------------------------------------------------ */

static bool send_all(struct rogue *r, const u8 *p, u32 len)
{
	while (len) {
		ssize_t n = send(r->fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			struct pollfd pfd = { .fd = r->fd, .events = POLLOUT };

			if (errno == EAGAIN && poll(&pfd, 1, 5000) <= 0)
				return false;
			continue;
		}
		if (n <= 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

static bool answer(struct rogue *r, const struct vfu_hdr *q, int error, u32 len)
{
	struct vfu_hdr h = {
		.id = q->id, .command = q->command, .size = sizeof(h) + (error ? 0 : len),
		.flags = VFU_REPLY | (error ? VFU_ERROR : 0), .error = error,
	};

	if (q->flags & VFU_NO_REPLY)
		return true;
	memcpy(reply, &h, sizeof(h));
	return send_all(r, reply, h.size);
}

/* ---- requests: each fills reply behind the header, gives its length, or -errno ---- */

static int version(const u8 *p, u32 len, u8 *to)
{
	struct vfu_version v;

	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, p, sizeof(v));
	if (v.major)
		return -EINVAL;
	v.minor = 0;
	memcpy(to, &v, sizeof(v));
	memcpy(to + sizeof(v), capabilities, sizeof(capabilities));
	return sizeof(v) + sizeof(capabilities);
}

static int dma_map(struct rogue *r, const u8 *p, u32 len)
{
	struct vfu_dma_map m;

	if (len < sizeof(m))
		return -EINVAL;
	memcpy(&m, p, sizeof(m));
	if (nr_fds > 1)
		return -EINVAL;
	return -dma_add(r, m.iova, m.size, m.offset, nr_fds ? fds[0] : -1,
			m.flags & VFIO_DMA_MAP_FLAG_WRITE);
}

static int dma_unmap(struct rogue *r, const u8 *p, u32 len, u8 *to)
{
	struct vfu_dma_unmap m;
	int error = 0;

	if (len < sizeof(m))
		return -EINVAL;
	memcpy(&m, p, sizeof(m));
	if (m.flags & VFIO_DMA_UNMAP_FLAG_ALL)
		dma_remove_all(r);
	else
		error = dma_remove(r, m.iova, m.size);
	memcpy(to, &m, sizeof(m));
	return error ? -error : (int)sizeof(m);
}

static int get_info(const u8 *p, u32 len, u8 *to)
{
	struct vfio_device_info i = {
		.argsz = 16, .flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET,
		.num_regions = VFIO_PCI_NUM_REGIONS, .num_irqs = VFIO_PCI_NUM_IRQS,
	};

	(void)p;
	if (len < 16)
		return -EINVAL;
	memcpy(to, &i, 16);
	return 16;
}

static int get_region_info(const u8 *p, u32 len, u8 *to)
{
	struct vfio_region_info i;

	if (len < sizeof(i))
		return -EINVAL;
	memcpy(&i, p, sizeof(i));
	if (i.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	i.argsz = sizeof(i);
	i.flags = 0;
	i.cap_offset = 0;
	i.size = 0;
	i.offset = 0;
	if (i.index == VFIO_PCI_BAR0_REGION_INDEX)
		i.size = BAR_SIZE;
	else if (i.index == VFIO_PCI_CONFIG_REGION_INDEX)
		i.size = 4096;
	if (i.size)
		i.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	memcpy(to, &i, sizeof(i));
	return sizeof(i);
}

static u32 irq_index(const struct rogue *r)
{
	return r->msi ? VFIO_PCI_MSI_IRQ_INDEX : VFIO_PCI_MSIX_IRQ_INDEX;
}

static int get_irq_info(struct rogue *r, const u8 *p, u32 len, u8 *to)
{
	struct vfio_irq_info i;

	if (len < sizeof(i))
		return -EINVAL;
	memcpy(&i, p, sizeof(i));
	if (i.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	i.argsz = sizeof(i);
	i.flags = VFIO_IRQ_INFO_EVENTFD;
	i.count = i.index == irq_index(r) ? r->nr_vectors : 0;
	memcpy(to, &i, sizeof(i));
	return sizeof(i);
}

static int set_irqs(struct rogue *r, const u8 *p, u32 len)
{
	struct vfio_irq_set s;

	if (len < sizeof(s))
		return -EINVAL;
	memcpy(&s, p, sizeof(s));
	if (s.index != irq_index(r))
		return s.count ? -EINVAL : 0;
	if (s.start > r->nr_vectors || s.count > r->nr_vectors - s.start)
		return -EINVAL;
	if ((s.flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return 0;
	if (s.flags & VFIO_IRQ_SET_DATA_EVENTFD) {
		if (nr_fds && nr_fds != s.count)
			return -EINVAL;
		irq_close(r, s.start, s.count);
		for (u32 i = 0; i < nr_fds; i++)
			r->irq_fd[s.start + i] = fds[i];
		nr_fds = 0;
	} else if (s.flags & VFIO_IRQ_SET_DATA_NONE) {
		if (!s.count)
			irq_close(r, 0, MAX_VECTORS);
		for (u32 i = 0; i < s.count; i++)
			queue_irq(r, s.start + i);
	}
	return 0;
}

static bool inside(u32 region, u64 offset, u32 count)
{
	u64 size = region == VFIO_PCI_BAR0_REGION_INDEX ? BAR_SIZE :
		   region == VFIO_PCI_CONFIG_REGION_INDEX ? 4096 : 0;

	return count && count <= MAX_COUNT && offset < size && count <= size - offset;
}

static void bar_read(struct rogue *r, u32 offset, u8 *to, u32 count)
{
	/* in the largest pieces that are aligned: a register is read as a whole */
	while (count) {
		u32 n = !(offset & 7) && count >= 8 ? 8 : !(offset & 3) && count >= 4 ? 4 : 1;
		u64 v = regs_read(r, offset, n);

		memcpy(to, &v, n);
		offset += n;
		to += n;
		count -= n;
	}
}

static void bar_write(struct rogue *r, u32 offset, const u8 *from, u32 count)
{
	while (count) {
		u32 n = count >= 8 ? 8 : count >= 4 ? 4 : count;
		u64 v = 0;

		memcpy(&v, from, n);
		regs_write(r, offset, n, v);
		offset += n;
		from += n;
		count -= n;
	}
}

static int region_read(struct rogue *r, const u8 *p, u32 len, u8 *to)
{
	struct vfu_region_rw q;

	if (len < sizeof(q))
		return -EINVAL;
	memcpy(&q, p, sizeof(q));
	if (!inside(q.region, q.offset, q.count))
		return -EINVAL;
	memcpy(to, &q, sizeof(q));
	if (q.region == VFIO_PCI_CONFIG_REGION_INDEX)
		pcie_read(r, q.offset, to + sizeof(q), q.count);
	else
		bar_read(r, q.offset, to + sizeof(q), q.count);
	return sizeof(q) + q.count;
}

static int write_one(struct rogue *r, u32 region, u64 offset, const u8 *data, u32 count)
{
	if (!inside(region, offset, count))
		return -EINVAL;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		pcie_write(r, offset, data, count);
	else
		bar_write(r, offset, data, count);
	return 0;
}

static int region_write(struct rogue *r, const u8 *p, u32 len, u8 *to)
{
	struct vfu_region_rw q;

	if (len < sizeof(q))
		return -EINVAL;
	memcpy(&q, p, sizeof(q));
	if (len - sizeof(q) < q.count || write_one(r, q.region, q.offset, p + sizeof(q), q.count))
		return -EINVAL;
	memcpy(to, &q, sizeof(q));
	return sizeof(q);
}

static int region_write_multi(struct rogue *r, const u8 *p, u32 len, u8 *to)
{
	struct vfu_write_one w;
	u64 nr, done;

	if (len < sizeof(nr))
		return -EINVAL;
	memcpy(&nr, p, sizeof(nr));
	if (nr > (len - sizeof(nr)) / sizeof(w))
		return -EINVAL;
	for (done = 0; done < nr; done++) {
		memcpy(&w, p + sizeof(nr) + done * sizeof(w), sizeof(w));
		if (w.count > sizeof(w.data) || write_one(r, w.region, w.offset, w.data, w.count))
			return -EINVAL;
	}
	memcpy(to, &nr, sizeof(nr));
	return sizeof(nr);
}

static int handle(struct rogue *r, u16 command, const u8 *p, u32 len, u8 *to)
{
	switch (command) {
	case VFU_VERSION:
		return version(p, len, to);
	case VFU_DMA_MAP:
		return dma_map(r, p, len);
	case VFU_DMA_UNMAP:
		return dma_unmap(r, p, len, to);
	case VFU_GET_INFO:
		return get_info(p, len, to);
	case VFU_GET_REGION_INFO:
		return get_region_info(p, len, to);
	case VFU_GET_IRQ_INFO:
		return get_irq_info(r, p, len, to);
	case VFU_SET_IRQS:
		return set_irqs(r, p, len);
	case VFU_REGION_READ:
		return region_read(r, p, len, to);
	case VFU_REGION_WRITE:
		return region_write(r, p, len, to);
	case VFU_REGION_WRITE_MULTI:
		return region_write_multi(r, p, len, to);
	case VFU_RESET:
		controller_reset(r);
		pcie_init(r);
		return 0;
	}
	return -ENOTSUP;
}

/* ---- receiving ------------------------------------------------------------------------------ */

static void take_fds(struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		u32 n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		drop_fds();
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(c), n * sizeof(int));
		nr_fds = n;
	}
}

static bool receive(struct rogue *r)
{
	union {
		struct cmsghdr align;
		u8 b[CMSG_SPACE(MAX_FDS * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = buf + have, .iov_len = sizeof(buf) - have };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.b, .msg_controllen = sizeof(control.b),
	};
	ssize_t n = recvmsg(r->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (!n)
		return false;
	have += n;
	if (m.msg_controllen) {
		take_fds(&m);
		fds_end = have;
	}
	return true;
}

/* Handles what is whole. False: this is no conversation, hang up. */
static bool handle_all(struct rogue *r)
{
	u32 at = 0;

	while (have - at >= sizeof(struct vfu_hdr)) {
		struct vfu_hdr h;
		int n;

		memcpy(&h, buf + at, sizeof(h));
		if (h.size < sizeof(h) || h.size > sizeof(buf) || (h.flags & VFU_TYPE))
			return false;
		if (have - at < h.size)
			break;
		if (nr_fds && at + h.size < fds_end) {
			/* they came with a later message */
			u32 later = nr_fds;

			nr_fds = 0;
			n = handle(r, h.command, buf + at + sizeof(h), h.size - sizeof(h),
				   reply + sizeof(h));
			nr_fds = later;
		} else {
			n = handle(r, h.command, buf + at + sizeof(h), h.size - sizeof(h),
				   reply + sizeof(h));
			drop_fds();
		}
		if (!answer(r, &h, n < 0 ? -n : 0, n < 0 ? 0 : n))
			return false;
		at += h.size;
	}
	memmove(buf, buf + at, have - at);
	have -= at;
	fds_end = fds_end > at ? fds_end - at : 0;
	return true;
}

/* False: the connection is to be closed. */
bool vfu_readable(struct rogue *r)
{
	return receive(r) && handle_all(r);
}
