/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decisions of the ARP and ND monitor for one port: is it heard, when is it to
 * be asked.
 *
 * Answers, traffic, the role of the port and the time enter; verdicts and the
 * wish for a probe leave as bits, and the next deadline is there to be asked
 * for. The rules are drawn in Documentation/monitors.rst.
 */
#ifndef _MBOND_ARP_MON_H
#define _MBOND_ARP_MON_H

#include <linux/bits.h>
#include <linux/types.h>

enum {
	ARP_MON_TARGETS = 32,	/* one bit each in a u32 */
};

/* No deadline */
#define ARP_MON_NEVER		((u64)-1)

/* Bits of MLAGBOND_VALIDATE_*: on which ports only answers count */
#define ARP_MON_ACTIVE		BIT(0)
#define ARP_MON_BACKUP		BIT(1)
#define ARP_MON_FILTER		BIT(2)	/* traffic is ARP and ND alone */

/* What arp_mon_run() reports */
#define ARP_MON_PROBE		BIT(0)	/* ask all targets now */
#define ARP_MON_LOST		BIT(1)	/* became silent */
#define ARP_MON_FOUND		BIT(2)	/* is heard again */

/**
 * struct arp_mon_conf - options
 * @interval: ms between probes, above 0
 * @targets: bits of the targets there are; not 0
 * @missed_max: intervals without evidence until a port is silent, above 0
 * @validate: ARP_MON_ACTIVE, ARP_MON_BACKUP
 * @all: every target must answer, not just one
 */
struct arp_mon_conf {
	u32 interval;
	u32 targets;
	u8 missed_max;
	u8 validate;
	bool all;
};

/**
 * struct arp_mon - one port
 * @heard: answer of each target, ms
 * @traffic: last frame that counts where answers are not asked for, ms
 * @floor: nothing is held against the port before this, ms
 * @probed: last probe, ms
 * @probe_at: next regular probe, ms
 * @deadline: when to call arp_mon_run() again at the latest, ms
 * @active: role of the port
 * @silent: the verdict
 *
 * Caller serialises calls on one instance.
 */
struct arp_mon {
	u64 heard[ARP_MON_TARGETS];
	u64 traffic;
	u64 floor;
	u64 probed;
	u64 probe_at;
	u64 deadline;
	bool active;
	bool silent;
};

void arp_mon_start(struct arp_mon *mon, bool active, u64 now);
void arp_mon_renew(struct arp_mon *mon, u64 now);
void arp_mon_answer(struct arp_mon *mon, unsigned int target, u64 now);
void arp_mon_traffic(struct arp_mon *mon, u64 when);
u32 arp_mon_run(struct arp_mon *mon, const struct arp_mon_conf *conf,
		bool active, u64 now);

#endif /* _MBOND_ARP_MON_H */
