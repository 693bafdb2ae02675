// SPDX-License-Identifier: GPL-2.0
/* Options, sockets, and the loop around everything. */
#define _GNU_SOURCE
#include "rogue.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "structures on the wire are used as they are"
#endif

#define MAX_CLIENTS	8
#define MAX_LINE	65536

static const char usage[] =
"usage: rogue -s SOCKET [-c SOCKET] [options]\n"
"       rogue tell SOCKET ORDER...\n"
"\n"
"An NVMe controller that does what it is told, for QEMU's vfio-user-pci:\n"
"\n"
"	-s SOCKET	where QEMU connects\n"
"	-c SOCKET	where orders come in: JSON, one object per line\n"
"	-n SIZE|FILE[,4096]  a namespace: of memory (64M, 1G) or in a file; of blocks of\n"
"			4096 bytes instead of 512; may be given more than once\n"
"	-o ORDER	an order before anybody connects; may be given more than once\n"
"	-i NAME		its serial number, and a part of its other ids (rogue)\n"
"	-V 1.4|2.0	the version of NVMe that it says it is (2.0)\n"
"	-q ENTRIES	of the largest queue (1024)\n"
"	-v VECTORS	of MSI-X (65)\n"
"	-M		MSI, up to 32 vectors, and no MSI-X\n"
"	-m MDTS		largest transfer, log2 of 4 KiB pages (7); 0: no limit\n"
"	-w		no volatile write cache\n"
"	-S		shadow doorbells\n"
"	-1		end with the first connection\n"
"	-d		say on standard error what happens\n"
"\n"
"tell hands on orders, prints the answers, and fails if one was not obeyed:\n"
"	rogue tell SOCKET '{\"on\":\"read\",\"qid\":1,\"nth\":3,\"do\":\"double\"}'\n"
"Documentation/rogue.md has all of them.\n";

struct client {
	int fd;
	u32 len;
	char *line;
};

static struct rogue rogue;
static struct client clients[MAX_CLIENTS];
static volatile sig_atomic_t stop;
static bool once;

u64 now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ULL + t.tv_nsec / 1000;
}

u64 now_ms(void)
{
	return now_us() / 1000;
}

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

static void die(const char *what, const char *detail)
{
	fprintf(stderr, "rogue: %s: %s\n", what, detail);
	exit(1);
}

static int unix_socket(const char *path, struct sockaddr_un *a)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(a->sun_path))
		die(path, "too long for a socket's name");
	strcpy(a->sun_path, path);
	if (fd < 0)
		die("socket", strerror(errno));
	return fd;
}

static int listen_at(const char *path)
{
	struct sockaddr_un a;
	int fd = unix_socket(path, &a);

	unlink(path);
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 4))
		die(path, strerror(errno));
	return fd;
}

/* ---- orders ------------------------------------------------------------------------------ */

static void client_close(struct client *c)
{
	close(c->fd);
	free(c->line);
	memset(c, 0, sizeof(*c));
	c->fd = -1;
}

static void client_new(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	for (u32 i = 0; i < MAX_CLIENTS; i++) {
		if (clients[i].fd >= 0)
			continue;
		clients[i].line = malloc(MAX_LINE);
		if (!clients[i].line)
			break;
		clients[i].fd = fd;
		return;
	}
	close(fd);
}

static void client_readable(struct rogue *r, struct client *c)
{
	ssize_t n = recv(c->fd, c->line + c->len, MAX_LINE - c->len, MSG_DONTWAIT);
	char *end;

	if (n <= 0) {
		if (!n || errno != EAGAIN)
			client_close(c);
		return;
	}
	c->len += n;
	while ((end = memchr(c->line, '\n', c->len))) {
		struct out o = { 0 };
		u32 used = end + 1 - c->line;

		*end = 0;
		order_line(r, c->line, &o);
		n = o.s ? send(c->fd, o.s, o.len, MSG_NOSIGNAL) : -1;
		free(o.s);
		if (n < 0) {
			client_close(c);
			return;
		}
		memmove(c->line, c->line + used, c->len - used);
		c->len -= used;
	}
	if (c->len == MAX_LINE)
		client_close(c);
}

static int tell(int argc, char **argv)
{
	struct sockaddr_un a;
	int fd, rc = 0;
	FILE *f;

	if (argc < 2) {
		fputs(usage, stderr);
		return 2;
	}
	fd = unix_socket(argv[0], &a);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)))
		die(argv[0], strerror(errno));
	f = fdopen(fd, "r");
	if (!f)
		die(argv[0], strerror(errno));
	for (int i = 1; i < argc; i++) {
		static char line[MAX_LINE];

		if (strchr(argv[i], '\n'))
			die("tell", "an order is one line");
		dprintf(fd, "%s\n", argv[i]);
		if (!fgets(line, sizeof(line), f))
			die("tell", "no answer");
		fputs(line, stdout);
		if (strncmp(line, "{\"ok\":true", 10))
			rc = 1;
	}
	fclose(f);
	return rc;
}

/* ---- the loop ---------------------------------------------------------------------------- */

/* Microseconds until something is to be done by itself. */
static u64 time_left(struct rogue *r, bool more, u64 irq)
{
	u64 now = now_us(), next = regs_next(r, now / 1000);

	if (more)
		return 0;
	if (next != NEVER)
		next *= 1000;
	if (working(r))
		next = MIN(next, queue_next_due(r));
	next = MIN(next, irq);
	return next <= now ? 0 : MIN(next - now, 60000000);
}

/* A signal that ends this comes while it waits, and at no other time: none is overslept. */
static sigset_t waiting_mask;

static void hear_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGINT);
	sigprocmask(SIG_BLOCK, &held, &waiting_mask);
	sigdelset(&waiting_mask, SIGTERM);
	sigdelset(&waiting_mask, SIGINT);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void loop(struct rogue *r, int qemu, int control)
{
	struct pollfd p[3 + MAX_CLIENTS];
	bool more = false;
	u64 irq = NEVER, left;
	struct timespec t;

	while (!stop && !r->quit) {
		p[0] = (struct pollfd){ .fd = r->fd < 0 ? qemu : -1, .events = POLLIN };
		p[1] = (struct pollfd){ .fd = r->fd, .events = POLLIN };
		p[2] = (struct pollfd){ .fd = control, .events = POLLIN };
		for (u32 i = 0; i < MAX_CLIENTS; i++)
			p[3 + i] = (struct pollfd){ .fd = clients[i].fd, .events = POLLIN };
		left = time_left(r, more, irq);
		t = (struct timespec){ left / 1000000, left % 1000000 * 1000 };
		if (ppoll(p, ARRAY_SIZE(p), &t, &waiting_mask) < 0 && errno != EINTR)
			die("poll", strerror(errno));
		if (p[0].revents)
			r->fd = accept4(qemu, NULL, NULL, SOCK_CLOEXEC);
		if (p[1].revents && !vfu_readable(r)) {
			vfu_close(r);
			if (once)
				break;
		}
		regs_time(r, now_ms());
		queue_run_held(r, now_us());
		more = queue_run_all(r);
		irq = queue_interrupts(r, now_us());
		for (u32 i = 0; i < MAX_CLIENTS; i++) {
			if (p[3 + i].revents)
				client_readable(r, &clients[i]);
		}
		if (p[2].revents)
			client_new(control);
	}
}

static void add_ns(struct rogue *r, char *what)
{
	char *comma = strchr(what, ',');
	u8 shift = 9;
	struct ns *n;
	u32 nsid = 1;
	u64 bytes = 0;

	if (comma) {
		if (strcmp(comma, ",4096") && strcmp(comma, ",512"))
			die(what, "blocks are of 512 or 4096 bytes");
		shift = comma[1] == '4' ? 12 : 9;
		*comma = 0;
	}
	while (ns_find(r, nsid))
		nsid++;
	if (size_of(what, &bytes))
		n = ns_add(r, nsid, bytes, shift, NULL);
	else
		n = ns_add(r, nsid, 0, shift, what);
	if (!n)
		die(what, "cannot be a namespace");
	n->attached = true;
}

static u32 number(const char *s, u32 least, u32 most)
{
	char *end;
	unsigned long v = strtoul(s, &end, 0);

	if (end == s || *end || v < least || v > most)
		die(s, "not a number that could be meant");
	return v;
}

static void defaults(struct rogue *r)
{
	r->first_version = NVM_VS(2, 0, 0);
	r->version = r->first_version;
	r->name = "rogue";
	r->mqes = 1024;
	r->nr_vectors = 65;
	r->mdts = 7;
	r->vwc = true;
	r->random = 1;
	r->nn = MAX_NS;
	r->smart.temperature[0] = 300 & 0xff;
	r->smart.temperature[1] = 300 >> 8;
	r->smart.avail_spare = 100;
	r->smart.spare_thresh = 10;
	orders_init(r);
	r->granted = r->knobs.grant;
	queue_reset_all(r);
	feature_defaults(r);
}

int main(int argc, char **argv)
{
	const char *qemu = NULL, *control = NULL, *orders[64], *files[MAX_NS];
	u32 nr_orders = 0, nr_files = 0;
	struct rogue *r = &rogue;
	int opt, qfd, cfd = -1;

	if (argc > 1 && !strcmp(argv[1], "tell"))
		return tell(argc - 2, argv + 2);
	defaults(r);
	while ((opt = getopt(argc, argv, "s:c:n:o:i:V:q:v:m:MwS1dh")) != -1) {
		switch (opt) {
		case 's':
			qemu = optarg;
			break;
		case 'c':
			control = optarg;
			break;
		case 'n':
			if (nr_files < ARRAY_SIZE(files))
				files[nr_files++] = optarg;
			break;
		case 'o':
			if (nr_orders < ARRAY_SIZE(orders))
				orders[nr_orders++] = optarg;
			break;
		case 'i':
			if (!*optarg || strlen(optarg) > 20)
				die(optarg, "a name has 1 to 20 characters");
			r->name = optarg;
			break;
		case 'V':
			if (strcmp(optarg, "1.4") && strcmp(optarg, "2.0"))
				die(optarg, "1.4 or 2.0");
			r->first_version = *optarg == '1' ? NVM_VS(1, 4, 0) : NVM_VS(2, 0, 0);
			break;
		case 'q':
			r->mqes = number(optarg, 2, 65536);
			break;
		case 'v':
			r->nr_vectors = number(optarg, 1, MAX_VECTORS);
			break;
		case 'm':
			r->mdts = number(optarg, 0, 13);
			break;
		case 'M':
			r->msi = true;
			break;
		case 'w':
			r->vwc = false;
			break;
		case 'S':
			r->shadows = true;
			break;
		case '1':
			once = true;
			break;
		case 'd':
			r->verbose = true;
			break;
		default:
			fputs(usage, opt == 'h' ? stdout : stderr);
			return opt == 'h' ? 0 : 2;
		}
	}
	if (!qemu || optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	for (u32 i = 0; i < MAX_CLIENTS; i++)
		clients[i].fd = -1;
	/* a power of two */
	while (r->msi && (r->nr_vectors > 32 || r->nr_vectors & (r->nr_vectors - 1)))
		r->nr_vectors--;
	vfu_init(r);
	pcie_init(r);
	regs_init(r);
	for (u32 i = 0; i < nr_files; i++)
		add_ns(r, (char *)files[i]);
	for (u32 i = 0; i < nr_orders; i++) {
		struct out o = { 0 };

		if (!order_line(r, orders[i], &o))
			die(orders[i], o.s ? o.s : "not obeyed");
		free(o.s);
	}
	hear_signals();
	if (control)
		cfd = listen_at(control);
	qfd = listen_at(qemu);
	/* what takes 100 us should not take 150 */
	prctl(PR_SET_TIMERSLACK, 1);
	loop(r, qfd, cfd);

	if (r->fd >= 0)
		vfu_close(r);
	while (r->ns[0])
		ns_remove(r, r->ns[0]);
	for (u32 i = 0; i < MAX_CLIENTS; i++) {
		if (clients[i].fd >= 0)
			client_close(&clients[i]);
	}
	hmb_forget(r);
	fault_forget(r);
	identify_forget_lies(r);
	free(r->segs.v);
	free(r->stage);
	unlink(qemu);
	if (control)
		unlink(control);
	return 0;
}
