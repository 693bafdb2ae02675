/* SPDX-License-Identifier: GPL-2.0 */
/* Self-test, sanitize, firmware, telemetry (service.c), and what persists of them (pel.c). */
#ifndef ROGUE_SERVICE_H
#define ROGUE_SERVICE_H

#include "base.h"

#define FW_SLOTS	2
#define BOOT_UNIT	(128U << 10)
#define BOOT_BYTES	(2 * BOOT_UNIT)		/* each of two */
#define PEL_EVENTS	64

enum sanitize_state {
	SANITIZE_NEVER, SANITIZE_DONE, SANITIZE_RUNNING, SANITIZE_FAILED,
};

struct service {
	/* how long things take, and how they end */
	u64 sanitize_ms, selftest_ms;		/* self-test, 0: 2 s, extended 10 s */
	bool sanitize_fails, selftest_fails;

	u8 selftest;				/* the code of the one that runs */
	u64 selftest_from, selftest_until;
	u32 nr_results;
	u8 results[20];				/* the newest first */

	enum sanitize_state sanitize;
	u64 sanitize_until;
	u32 sanitize_dw10;

	char fw[FW_SLOTS][9];
	char image[9];				/* what was downloaded calls itself */
	u8 fw_active, fw_next;

	u8 download[BOOT_BYTES];		/* as far as a boot partition is long */
	u8 boot[2][BOOT_BYTES];
	u8 boot_active;
	u64 boot_buffer;			/* BPMBL */
	u32 boot_status;			/* BPINFO.BRS */

	u8 telemetry_host, telemetry_ctrl;	/* generations */
	bool telemetry_waits;			/* of the controller's own, unread */
};

/* One persistent event. */
struct pel_event {
	u8 type, len;
	u64 at;
	u8 data[52];
};

struct pel {
	struct pel_event v[PEL_EVENTS];
	u64 nr;
	bool open;				/* a host reads it */
	u64 end;				/* events that it sees, and how many */
	u32 shown;
	u16 generation;
};

enum {
	PEL_RESET = 0x04, PEL_NS_CHANGE = 0x06, PEL_FORMAT_START = 0x07, PEL_FORMAT_END = 0x08,
	PEL_SANITIZE_START = 0x09, PEL_SANITIZE_END = 0x0a,
};

void service_init(struct rogue *r);
void service_reset(struct rogue *r);
void service_time(struct rogue *r, u64 now);
u64 service_next(struct rogue *r);
int service_selftest(struct rogue *r, struct cmd *c);
int service_sanitize(struct rogue *r, struct cmd *c);
u32 service_boot_info(const struct rogue *r);
void service_boot_read(struct rogue *r, u32 select);
int service_download(struct rogue *r, struct cmd *c);
int service_firmware(struct rogue *r, struct cmd *c);
u32 service_selftest_log(struct rogue *r, u8 *p);
u32 service_sanitize_log(struct rogue *r, u8 *p);
u32 service_firmware_log(struct rogue *r, u8 *p);
u32 service_telemetry_log(struct rogue *r, struct cmd *c, u8 *p);
const char *service_telemetry(struct rogue *r, const struct json *order);

void pel_add(struct rogue *r, u8 type, const void *data, u8 len);
void pel_reset(struct rogue *r);
void pel_ns_change(struct rogue *r, u32 cdw10, const struct ns *n);
int pel_log(struct rogue *r, struct cmd *c, u8 *p, u32 *size);

#endif /* ROGUE_SERVICE_H */
