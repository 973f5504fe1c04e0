// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decisions of the ARP and ND monitor: see arp_mon.h.
 *
 * The verdict is a function of the times of the evidence and of now; nothing
 * is counted, so a late call changes nothing but when the verdict is known.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "arp_mon.h"

static bool validated(const struct arp_mon_conf *conf, bool active)
{
	return conf->validate & (active ? ARP_MON_ACTIVE : ARP_MON_BACKUP);
}

static u64 last_answer(const struct arp_mon *mon, u32 targets)
{
	u64 last = 0;
	int i;

	for (i = 0; i < ARP_MON_TARGETS; i++)
		if (targets & BIT(i))
			last = max(last, mon->heard[i]);
	return last;
}

static u64 oldest_answer(const struct arp_mon *mon, u32 targets)
{
	u64 oldest = ARP_MON_NEVER;
	int i;

	for (i = 0; i < ARP_MON_TARGETS; i++)
		if (targets & BIT(i))
			oldest = min(oldest, mon->heard[i]);
	return oldest;
}

static u64 evidence(const struct arp_mon *mon, const struct arp_mon_conf *conf)
{
	u64 when;

	if (!validated(conf, mon->active))
		when = max(mon->traffic, last_answer(mon, conf->targets));
	else if (conf->all)
		when = oldest_answer(mon, conf->targets);
	else
		when = last_answer(mon, conf->targets);
	return max(when, mon->floor);
}

/* What counted so far counts no longer, or nothing of it was wanted */
static void take_role(struct arp_mon *mon, const struct arp_mon_conf *conf,
		      bool active, u64 now)
{
	if (mon->active == active)
		return;
	mon->active = active;
	mon->probe_at = now;
	if (!mon->silent && validated(conf, active) != validated(conf, !active))
		mon->floor = now;
}

/* Time of the probe that is the last one before @limit; ARP_MON_NEVER: sent */
static u64 last_chance(const struct arp_mon *mon,
		       const struct arp_mon_conf *conf, u64 limit)
{
	u64 at = limit - conf->interval / 2;

	return mon->silent || mon->probed >= at ? ARP_MON_NEVER : at;
}

static void note_probe(struct arp_mon *mon, u32 interval, u64 now)
{
	mon->probed = now;
	if (now < mon->probe_at)
		return;
	mon->probe_at += interval;
	if (mon->probe_at <= now)
		mon->probe_at = now + interval;
}

/**
 * arp_mon_start() - begin, with the full time ahead
 * @mon: port
 * @active: its role
 * @now: ms, above 0
 *
 * The first arp_mon_run() asks for a probe.
 */
void arp_mon_start(struct arp_mon *mon, bool active, u64 now)
{
	memset(mon, 0, sizeof(*mon));
	mon->active = active;
	mon->floor = now;
	mon->probe_at = now;
	mon->deadline = now;
}

/**
 * arp_mon_renew() - the options changed
 * @mon: port
 * @now: ms
 *
 * What was heard no longer counts. A port that was heard has the full time
 * ahead; one that was silent stays so until it is heard.
 */
void arp_mon_renew(struct arp_mon *mon, u64 now)
{
	bool silent = mon->silent;

	arp_mon_start(mon, mon->active, now);
	mon->silent = silent;
	if (silent)
		mon->floor = 0;
}

/**
 * arp_mon_answer() - a target answered a probe of the port
 * @mon: port
 * @target: number below ARP_MON_TARGETS
 * @now: ms
 */
void arp_mon_answer(struct arp_mon *mon, unsigned int target, u64 now)
{
	if (target < ARP_MON_TARGETS)
		mon->heard[target] = max(mon->heard[target], now);
}

/**
 * arp_mon_traffic() - the port received something
 * @mon: port
 * @when: ms
 */
void arp_mon_traffic(struct arp_mon *mon, u64 when)
{
	mon->traffic = max(mon->traffic, when);
}

/**
 * arp_mon_run() - judge the port
 * @mon: port; @silent and @deadline are up to date afterwards
 * @conf: options
 * @active: is it the active port, or in a mode where all are
 * @now: ms
 *
 * To be called when @deadline is over; earlier does no harm, and is what makes
 * a port that answers again heard at once.
 *
 * Return: ARP_MON_* bits.
 */
u32 arp_mon_run(struct arp_mon *mon, const struct arp_mon_conf *conf,
		bool active, u64 now)
{
	bool was = mon->silent;
	u32 events = 0;
	u64 heard, limit;

	take_role(mon, conf, active, now);
	heard = evidence(mon, conf);
	limit = heard + (u64)conf->interval * conf->missed_max;
	/* without any evidence at all, the limit would be one of the uptime */
	mon->silent = !heard || now >= limit;
	if (mon->silent && !was)
		events |= ARP_MON_LOST;
	if (!mon->silent && was)
		events |= ARP_MON_FOUND;

	if (now >= mon->probe_at || now >= last_chance(mon, conf, limit)) {
		note_probe(mon, conf->interval, now);
		events |= ARP_MON_PROBE;
	}
	mon->deadline = min(mon->probe_at, last_chance(mon, conf, limit));
	if (!mon->silent)
		mon->deadline = min(mon->deadline, limit);
	return events;
}
