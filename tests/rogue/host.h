/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A host of 16 MiB: it starts a rogue, talks to it over vfio-user as QEMU does, and
 * drives it as a driver does. For the tests of rogue that need no guest.
 */
#ifndef ROGUE_HOST_H
#define ROGUE_HOST_H

#include "../unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/vfio.h>
#include <nvme/cmd.h>
#include <nvme/event.h>
#include <nvme/feature.h>
#include <nvme/identify.h>
#include <nvme/log.h>
#include <nvme/regs.h>

#define RAM_SIZE	(16U << 20)
#define RAM_IOVA	0x100000000ULL
#define NR_IRQS		4
#define DEPTH		16

/* Where things are in RAM. Queue q has its rings at q * 0x4000, data begins at 1 MiB. */
#define AT_SQ(q)	((q) * 0x4000U)
#define AT_CQ(q)	((q) * 0x4000U + 0x2000)
#define DATA		0x100000U

struct queue {
	uint32_t tail, head;
	uint8_t phase;
	uint16_t next_id;
};

struct host {
	pid_t pid;
	int fd, control;
	FILE *answers;
	uint8_t *ram;
	int memfd;
	int irq[NR_IRQS];
	struct queue q[4];
	char answer[65536];
	bool hung_up;
};

static struct host host;
static char dir[64];
static int patience = 1000;	/* ms that a command may take */

/* ---- vfio-user ------------------------------------------------------------------------- */

struct msg {
	uint16_t id, command;
	uint32_t size, flags, error;
};

static inline bool read_all(int fd, void *to, size_t len)
{
	uint8_t *p = to;

	while (len) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (poll(&pfd, 1, 5000) <= 0)
			return false;
		n = recv(fd, p, len, 0);
		if (n <= 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

/* -1: it hung up or does not answer; else the error of the answer. */
static inline int request(struct host *h, uint16_t command, const void *data, uint32_t len,
			  void *reply, uint32_t reply_len, const int *fds, uint32_t nr_fds)
{
	static uint16_t id;
	struct msg m = { .id = ++id, .command = command, .size = sizeof(m) + len };
	struct iovec iov[2] = { { &m, sizeof(m) }, { (void *)data, len } };
	union {
		struct cmsghdr align;
		uint8_t b[CMSG_SPACE(16 * sizeof(int))];
	} control = { 0 };
	struct msghdr mh = { .msg_iov = iov, .msg_iovlen = len ? 2 : 1 };
	uint8_t skip[8192];

	if (nr_fds) {
		struct cmsghdr *c = &control.align;

		mh.msg_control = &control;
		mh.msg_controllen = CMSG_SPACE(nr_fds * sizeof(int));
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(nr_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, nr_fds * sizeof(int));
	}
	if (sendmsg(h->fd, &mh, MSG_NOSIGNAL) != (ssize_t)m.size ||
	    !read_all(h->fd, &m, sizeof(m)) ||
	    m.id != id || m.command != command || m.size < sizeof(m)) {
		h->hung_up = true;
		return -1;
	}
	len = m.size - sizeof(m);
	if (len > sizeof(skip) || (len && !read_all(h->fd, skip, len))) {
		h->hung_up = true;
		return -1;
	}
	if (reply)
		memcpy(reply, skip, len < reply_len ? len : reply_len);
	return m.flags & 0x20 ? (int)m.error : 0;
}

struct rw {
	uint64_t offset;
	uint32_t region, count;
	uint64_t value;
};

static inline void put(struct host *h, uint32_t region, uint32_t offset, uint32_t len,
		       uint64_t value)
{
	struct rw rw = { offset, region, len, value };

	request(h, 10, &rw, 16 + len, NULL, 0, NULL, 0);
}

static inline uint64_t get(struct host *h, uint32_t region, uint32_t offset, uint32_t len)
{
	struct rw rw = { offset, region, len, 0 };

	request(h, 9, &rw, 16, &rw, sizeof(rw), NULL, 0);
	return rw.value;
}

static inline uint32_t reg(struct host *h, uint32_t offset)
{
	return get(h, 0, offset, 4);
}

static inline void set_reg(struct host *h, uint32_t offset, uint32_t value)
{
	put(h, 0, offset, 4, value);
}

/* ---- orders ------------------------------------------------------------------------------ */

static inline bool order(struct host *h, const char *line)
{
	dprintf(h->control, "%s\n", line);
	if (!fgets(h->answer, sizeof(h->answer), h->answers)) {
		h->answer[0] = 0;
		return false;
	}
	return !strncmp(h->answer, "{\"ok\":true", 10);
}

/* The name of the first breach, or "". */
static inline const char *first_breach(struct host *h)
{
	static char name[200];
	char *p;

	name[0] = 0;
	if (!order(h, "{\"do\":\"report\"}"))
		return "no report";
	p = strstr(h->answer, "\"what\":\"");
	if (p)
		sscanf(p, "\"what\":\"%199[^\"]", name);
	return name;
}

/* ---- coming and going ---------------------------------------------------------------------- */

static inline int connect_to(const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/%s", dir, name);
	for (int i = 0; i < 500; i++) {
		if (!connect(fd, (struct sockaddr *)&a, sizeof(a)))
			return fd;
		usleep(10000);
	}
	close(fd);
	return -1;
}

/* @options: a list that ends with NULL, or NULL. */
static inline bool start(struct host *h, char **options)
{
	const char *program = getenv("ROGUE") ?: "rogue";
	char *argv[40] = { (char *)program, "-s", NULL, "-c", NULL, "-n", "8M", "-v", "4" };
	char s[100], c[100];
	int n = 9;

	memset(h, 0, sizeof(*h));
	if (!dir[0]) {
		strcpy(dir, "/tmp/rogue-test.XXXXXX");
		if (!mkdtemp(dir))
			return false;
	}
	snprintf(s, sizeof(s), "%s/s", dir);
	snprintf(c, sizeof(c), "%s/c", dir);
	argv[2] = s;
	argv[4] = c;
	while (options && *options && n < 39)
		argv[n++] = *options++;
	/* nobody is to be found there but the new one */
	unlink(s);
	unlink(c);
	fflush(stdout);
	h->pid = fork();
	if (!h->pid) {
		/* no rogue stays behind a test that died */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execv(program, argv);
		_exit(127);
	}
	h->fd = connect_to("s");
	h->control = connect_to("c");
	h->answers = fdopen(h->control, "r");
	h->memfd = memfd_create("ram", 0);
	if (ftruncate(h->memfd, RAM_SIZE))
		return false;
	h->ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, h->memfd, 0);
	for (int i = 0; i < NR_IRQS; i++)
		h->irq[i] = eventfd(0, EFD_NONBLOCK);
	return h->fd >= 0 && h->answers;
}

struct map {
	uint32_t argsz, flags;
	uint64_t offset, iova, size;
};

static inline int map_ram(struct host *h, uint64_t iova, uint64_t offset, uint64_t size)
{
	struct map m = { sizeof(m), 3, offset, iova, size };

	return request(h, 2, &m, sizeof(m), NULL, 0, &h->memfd, 1);
}

static inline bool attach(struct host *h)
{
	static const uint8_t version[] = "\0\0\0\0{\"capabilities\":{\"max_msg_fds\":8}}";
	struct vfio_irq_set irqs = {
		.argsz = sizeof(irqs), .index = VFIO_PCI_MSIX_IRQ_INDEX, .count = NR_IRQS,
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
	};

	if (request(h, 1, version, sizeof(version), NULL, 0, NULL, 0) ||
	    map_ram(h, RAM_IOVA, 0, RAM_SIZE) ||
	    request(h, 8, &irqs, sizeof(irqs), NULL, 0, h->irq, NR_IRQS))
		return false;
	put(h, VFIO_PCI_CONFIG_REGION_INDEX, 4, 2, 6);
	return true;
}

/* The exit status of rogue, -1 if a signal ended it. */
static inline int end(struct host *h)
{
	int status = -1;

	close(h->fd);
	fclose(h->answers);
	for (int i = 0; i < NR_IRQS; i++)
		close(h->irq[i]);
	munmap(h->ram, RAM_SIZE);
	close(h->memfd);
	kill(h->pid, SIGTERM);
	waitpid(h->pid, &status, 0);
	rmdir(dir);
	dir[0] = 0;
	h->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- a driver ------------------------------------------------------------------------------ */

static inline bool wait_csts(struct host *h, uint32_t mask, uint32_t value, int ms)
{
	while ((reg(h, NVM_REG_CSTS) & mask) != value) {
		if (ms-- <= 0 || h->hung_up)
			return false;
		usleep(1000);
	}
	return true;
}

static inline void queue_clear(struct host *h, int q)
{
	h->q[q] = (struct queue){ .phase = 1 };
	memset(h->ram + AT_SQ(q), 0, 0x4000);
}

static inline bool enable(struct host *h)
{
	set_reg(h, NVM_REG_CC, 0);
	if (!wait_csts(h, NVM_CSTS_RDY, 0, patience))
		return false;
	queue_clear(h, 0);
	set_reg(h, NVM_REG_AQA, (DEPTH - 1) << 16 | (DEPTH - 1));
	put(h, 0, NVM_REG_ASQ, 8, RAM_IOVA + AT_SQ(0));
	put(h, 0, NVM_REG_ACQ, 8, RAM_IOVA + AT_CQ(0));
	set_reg(h, NVM_REG_CC, NVM_CC_EN | NVM_PREP(NVM_CC_IOSQES, 6) | NVM_PREP(NVM_CC_IOCQES, 4));
	return wait_csts(h, NVM_CSTS_RDY, NVM_CSTS_RDY, patience);
}

static inline void push(struct host *h, int q, const struct nvm_sqe *sqe)
{
	memcpy(h->ram + AT_SQ(q) + 64 * h->q[q].tail, sqe, 64);
	h->q[q].tail = (h->q[q].tail + 1) % DEPTH;
}

static inline void ring(struct host *h, int q)
{
	set_reg(h, NVM_REG_DBS + 8 * q, h->q[q].tail);
}

/* The next completion; false when none comes within @ms. */
static inline bool pop(struct host *h, int q, struct nvm_cqe *cqe, int ms)
{
	volatile struct nvm_cqe *e = (void *)(h->ram + AT_CQ(q) + 16 * h->q[q].head);

	ms *= 10;
	while ((e->status & 1) != h->q[q].phase) {
		if (ms-- <= 0)
			return false;
		usleep(100);
	}
	memcpy(cqe, (void *)e, sizeof(*cqe));
	if (++h->q[q].head == DEPTH) {
		h->q[q].head = 0;
		h->q[q].phase ^= 1;
	}
	set_reg(h, NVM_REG_DBS + 8 * q + 4, h->q[q].head);
	return true;
}

static inline bool irq_came(struct host *h, int vector)
{
	uint64_t n;

	/* the interrupt follows the entry */
	for (int i = 0; i < 20; i++) {
		if (read(h->irq[vector], &n, sizeof(n)) == sizeof(n))
			return true;
		usleep(1000);
	}
	return false;
}

/* Its status; -1: no completion, -2: somebody else's. */
static inline int command(struct host *h, int q, struct nvm_sqe sqe, uint64_t *result)
{
	struct nvm_cqe cqe;

	sqe.cid = h->q[q].next_id++;
	push(h, q, &sqe);
	ring(h, q);
	if (!pop(h, q, &cqe, patience))
		return -1;
	if (cqe.cid != sqe.cid)
		return -2;
	if (result)
		*result = cqe.result;
	return nvm_cqe_status(&cqe);
}

static inline int identify(struct host *h, uint32_t cns, uint32_t nsid, void *to)
{
	struct nvm_sqe s = {
		.opcode = NVM_ADMIN_IDENTIFY, .nsid = nsid, .prp1 = RAM_IOVA + DATA, .cdw10 = cns,
	};
	int status = command(h, 0, s, NULL);

	memcpy(to, h->ram + DATA, 4096);
	return status;
}

static inline bool create_queue(struct host *h, int q)
{
	struct nvm_sqe cq = {
		.opcode = NVM_ADMIN_CREATE_CQ, .prp1 = RAM_IOVA + AT_CQ(q),
		.cdw10 = (DEPTH - 1) << 16 | q, .cdw11 = q << 16 | 3,
	};
	struct nvm_sqe sq = {
		.opcode = NVM_ADMIN_CREATE_SQ, .prp1 = RAM_IOVA + AT_SQ(q),
		.cdw10 = (DEPTH - 1) << 16 | q, .cdw11 = q << 16 | 1,
	};

	queue_clear(h, q);
	return !command(h, 0, cq, NULL) && !command(h, 0, sq, NULL);
}

static inline bool set_queues(struct host *h)
{
	struct nvm_sqe s = {
		.opcode = NVM_ADMIN_SET_FEATURES, .cdw10 = NVM_FEAT_NUM_QUEUES,
		.cdw11 = 1 << 16 | 1,
	};

	return !command(h, 0, s, NULL);
}

static inline struct nvm_sqe rw_sqe(uint8_t opcode, uint64_t lba, uint32_t blocks, uint32_t at)
{
	return (struct nvm_sqe){
		.opcode = opcode, .nsid = 1, .prp1 = RAM_IOVA + at,
		.cdw10 = lba, .cdw11 = lba >> 32, .cdw12 = blocks - 1,
	};
}

static inline int rw(struct host *h, uint8_t opcode, uint64_t lba, uint32_t blocks, uint32_t at)
{
	return command(h, 1, rw_sqe(opcode, lba, blocks, at), NULL);
}

/* From nothing to a controller with I/O queues 1 and 2. */
static inline bool up(struct host *h, char **options)
{
	return start(h, options) && attach(h) && enable(h) && set_queues(h) && create_queue(h, 1) &&
	       create_queue(h, 2);
}

#endif /* ROGUE_HOST_H */
