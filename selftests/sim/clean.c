// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clean schedules: one fault at a time on a perfect network, and what may be lost is bounded.
 *
 * Leg cut: frames on the dead leg, for as long as its loss is unnoticed plus one trip. Leg back: no
 * unicast, and broadcast for one round trip of the peer-port. A chassis dies: what was on it. It
 * returns: as leg back. A key is replaced: nothing. A peer link is cut: what was on it. The peer-port is cut and the second path
 * works: one chassis isolates its legs, soon, and nothing is lost but what its clients still sent it.
 * Planned work, ended or followed by a reboot: no unicast, and broadcast as leg back.
 */
#include <stdio.h>
#include <string.h>

#include "sim.h"

enum { STEP_US = 6000000, DRAIN_US = 20000, BOOT_US = 30000 };

static void wait_settled(struct sim *sim, const char *what)
{
	u64 until = sim->now + STEP_US;
	char why[128] = "";

	while (!sim->failed && sim->now < until) {
		sim_busy(sim);
		sim_run(sim, sim->now + 20000);
		if (sim_settled(sim, why, sizeof(why)))
			return;
	}
	sim_fail(sim, "%s: not settled: %s", what, why);
}

/*
 * What a stream lost: what one address sends to one host, so one path. Each leg has its moment, no
 * longer than the bound: moments so long must cover all losses, and there are no more than legs. It
 * may be that nothing was sent between two of them.
 */
struct gap {
	u64 first; /* of this moment */
	u64 last;
	u32 moments;
	u32 lost;
};

enum { GAPS = HOST_MAX * HOST_MACS * HOST_MAX };

static void gap_add(struct gap *g, u64 at, u64 bound_us)
{
	if (!g->lost++ ||
	    (g->moments < CHASSIS_LEGS && at - g->first > bound_us)) {
		g->first = at;
		g->moments++;
	}
	g->last = at;
}

static void gap_judge(struct sim *sim, const char *what, const struct gap *g,
		      u8 kind, u64 bound_us)
{
	u64 us = g->last - g->first;

	if (!g->lost || (bound_us && us <= bound_us))
		return;
	sim_fail(sim, "%s: %u %s frames lost in %u moments, over %llu us in the last, allowed %llu",
		 what, g->lost, kind == HOST_ALL ? "broadcast" : "unicast",
		 g->moments, (unsigned long long)us,
		 (unsigned long long)bound_us);
}

static u32 known_bit(u8 host, u8 extra)
{
	return 1U << (host * HOST_MACS + extra);
}

static void gaps_page(struct sim *sim, struct gap *gaps, u32 id, u8 kind,
		      u8 hosts, u64 bound_us)
{
	const struct page *p = &sim->book.page[id];
	struct gap *gap = &gaps[(p->src * HOST_MACS + p->extra) * HOST_MAX];

	book_lost(sim, id, kind, hosts);
	for (u8 to = 0; to < HOST_MAX; to++) {
		if (to == p->src || (kind != HOST_ALL && p->dst != to))
			continue;
		if (hosts & ~p->seen & 1U << to)
			gap_add(&gap[to], p->at, bound_us);
	}
}

/*
 * Losses of @kind among @hosts between @from and now: none if @bound_us is 0, else moments of at most
 * so long.
 */
static void check_known(struct sim *sim, const char *what, u64 from, u8 kind,
			u8 hosts, u64 bound_us, u32 known)
{
	struct gap gaps[GAPS] = {};
	u32 i;

	for (i = 0; i < sim->book.count; i++) {
		const struct page *p = &sim->book.page[i];

		if (p->at < from || p->at + DRAIN_US > sim->now || p->rare ||
		    !(known & known_bit(p->src, p->extra)))
			continue;
		if (book_page_counts(p, kind, hosts))
			gaps_page(sim, gaps, i, kind, hosts, bound_us);
	}
	for (i = 0; i < GAPS; i++)
		gap_judge(sim, what, &gaps[i], kind, bound_us);
}

static void check_gap(struct sim *sim, const char *what, u64 from, u8 kind,
		      u8 hosts, u64 bound_us)
{
	check_known(sim, what, from, kind, hosts, bound_us, ~0);
}

static void watch(struct sim *sim, const char *what, u64 unicast_us,
		  u64 group_us)
{
	u64 from = sim->now, until = from + 1200000;

	while (!sim->failed && sim->now < until) {
		sim_busy(sim);
		sim_run(sim, sim->now + 20000);
	}
	if (sim->failed)
		return;
	check_gap(sim, what, from, 0, HOST_MASK, unicast_us);
	check_gap(sim, what, from, HOST_ALL, HOST_MASK, group_us);
}

/* a trip: two cables, settling, and the latency of noticing */
static u64 trip(const struct sim *sim)
{
	return 4 * sim->cfg.delay_us + 2 * sim->cfg.settle_us;
}

static void step_leg(struct sim *sim, int i, int k)
{
	u64 t = trip(sim);

	sim->leg_cut[i][k] = true;
	sim_trace(sim, "clean: leg %d of %c cut", k, 'A' + i);
	sim_cables(sim);
	watch(sim, "leg cut", sim->cfg.carrier_us + t,
	      sim->cfg.carrier_us + t + 5000);
	sim->leg_cut[i][k] = false;
	sim_trace(sim, "clean: leg %d of %c restored", k, 'A' + i);
	sim_cables(sim);
	watch(sim, "leg restored", 0, 2 * t);
	wait_settled(sim, "leg restored");
}

static void step_peer_link(struct sim *sim, int i)
{
	sim->peer_cut[i] = true;
	sim_trace(sim, "clean: peer link %d cut", i);
	sim_cables(sim);
	watch(sim, "peer link cut", trip(sim), trip(sim));
	sim->peer_cut[i] = false;
	sim_cables(sim);
	watch(sim, "peer link restored", 0, 0);
}

/* A machine boots longer than a leg needs to be idle: its links come up then. */
static void boot(struct sim *sim, int i)
{
	int k;

	for (k = 0; k < CHASSIS_LEGS; k++)
		sim->leg_cut[i][k] = true;
	chassis_start(sim, i);
	sim_cables(sim);
	sim_run(sim, sim->now + BOOT_US);
	for (k = 0; k < CHASSIS_LEGS; k++)
		sim->leg_cut[i][k] = false;
	sim_cables(sim);
}

static void step_power(struct sim *sim, int i)
{
	u8 hosts = HOST_MASK & ~(1U << (HOST_A + i));
	u64 from = sim->now;

	sim_trace(sim, "clean: power of %c off", 'A' + i);
	chassis_kill(sim->chassis[i]);
	sim_run(sim, sim->now + 1000000);
	check_gap(sim, "power off", from, 0, hosts,
		  sim->cfg.carrier_us + trip(sim));
	sim_trace(sim, "clean: power of %c on", 'A' + i);
	from = sim->now;
	boot(sim, i);
	wait_settled(sim, "power on");
	sim_run(sim, sim->now + DRAIN_US);
	check_gap(sim, "power on", from, 0, hosts, 0);
	check_gap(sim, "power on", from, HOST_ALL, hosts, 2 * trip(sim));
}

static bool isolated(const struct sim *sim, int i)
{
	return sim->chassis[i]->node.posture == ICCP_POSTURE_ISOLATED;
}

static void cut_peer_port(struct sim *sim, bool cut)
{
	for (int i = 0; i < PEER_LINKS; i++)
		sim->peer_cut[i] = cut;
	sim_trace(sim, "clean: peer-port %s", cut ? "cut" : "restored");
	sim_cables(sim);
}

/* a new key on one chassis, then on the other: nobody notices */
static void step_key(struct sim *sim)
{
	u64 sessions = roll_sessions(sim);
	int other;

	sim_trace(sim, "clean: key");
	other = roll_begin(sim);
	watch(sim, "key on one chassis", 0, 0);
	roll_end(sim, other);
	watch(sim, "key on both", 0, 0);
	sim_run(sim, sim->now + ICCP_KEY_GRACE_MS * 1000);
	if (!sim->failed && roll_sessions(sim) != sessions)
		sim_fail(sim, "session lost with a new key");
	if (!sim->failed && !roll_done(sim))
		sim_fail(sim, "an old key is still taken");
}

/* one gives way; it is given @us, then the other has everything but its orphan */
static int wait_isolated(struct sim *sim, u64 us)
{
	u64 until = sim->now + us;

	while (!sim->failed && sim->now < until &&
	       !isolated(sim, 0) && !isolated(sim, 1))
		sim_run(sim, sim->now + 1000);
	if (isolated(sim, 0) == isolated(sim, 1))
		sim_fail(sim, "peer-port cut: %s isolated after %llu us",
			 isolated(sim, 0) ? "both" : "none",
			 (unsigned long long)us);
	return isolated(sim, 1);
}

static void watch_split(struct sim *sim, int i)
{
	u8 hosts = HOST_MASK & ~(1U << (HOST_A + i));
	u64 from = sim->now, until = from + 1000000;

	while (!sim->failed && sim->now < until) {
		sim_busy(sim);
		sim_run(sim, sim->now + 20000);
		if (!isolated(sim, i) || isolated(sim, !i))
			sim_fail(sim, "who is isolated does not stay");
	}
	/* a client may go on with the held leg until LACP tells it */
	check_gap(sim, "peer-port cut", from, 0, hosts, 300000 +
		  sim->cfg.client_tick_us + trip(sim));
}

static void step_split(struct sim *sim)
{
	int i;

	/* LACP says three things a second; it needs one of them now */
	sim_run(sim, sim->now + 1100000);
	cut_peer_port(sim, true);
	i = wait_isolated(sim, sim->cfg.carrier_us + 300000);
	if (sim->failed)
		return;
	watch_split(sim, i);
	if (sim->failed)
		return;
	if (rng_percent(&sim->rng, 50)) {
		sim_trace(sim, "clean: power of %c off", 'A' + !i);
		chassis_kill(sim->chassis[!i]);
		sim_run(sim, sim->now + 1500000);
		if (isolated(sim, i))
			sim_fail(sim, "isolated after the other died");
		chassis_start(sim, !i);
	}
	cut_peer_port(sim, false);
	wait_settled(sim, "peer-port restored");
	sim_run(sim, sim->now + 500000);
}

static bool legs_down(const struct chassis *ch)
{
	return chassis_leg_down(ch, 0) && chassis_leg_down(ch, 1);
}

/* dense traffic until @done, which comes within what a client may take to go */
static void watch_until(struct sim *sim, const struct chassis *ch,
			const char *what, bool (*done)(const struct chassis *))
{
	u64 until = sim->now + 2000 * (u64)ICCP_LEG_LINGER_MS;

	while (!sim->failed && !done(ch)) {
		sim_busy(sim);
		sim_run(sim, sim->now + 1000);
		if (sim->now > until)
			sim_fail(sim, "%s: it does not end", what);
	}
	sim_run(sim, sim->now + DRAIN_US);
}

static void check_planned(struct sim *sim, const char *what, u64 from,
			  u8 hosts, u32 known)
{
	if (sim->failed)
		return;
	check_gap(sim, what, from, 0, hosts, 0);
	/* what comes from a leg that goes away is not flooded unless the peer knows it */
	check_known(sim, what, from, HOST_ALL, hosts, 2 * trip(sim) + 3000,
		    known);
}

/* addresses that both tables have */
static u32 known_addresses(struct sim *sim)
{
	struct iccp_fdb_status st;
	u8 mac[ETH_ALEN];
	u32 known = 0;

	for (int n = 0; n < HOST_MAX * HOST_MACS; n++) {
		host_mac(mac, n / HOST_MACS, n % HOST_MACS);
		if (iccp_node_fdb_find(&sim->chassis[0]->node, mac, 0, &st) &&
		    iccp_node_fdb_find(&sim->chassis[1]->node, mac, 0, &st))
			known |= known_bit(n / HOST_MACS, n % HOST_MACS);
	}
	return known;
}

static bool has_left(const struct chassis *ch)
{
	return ch->left;
}

/* the pair goes on without the legs of one, and follows the other */
static void check_maintained(struct sim *sim, int i)
{
	const struct chassis *ch = sim->chassis[i];

	if (!sim->failed && (ch->node.role != ICCP_ROLE_SECONDARY ||
			     ch->node.state != ICCP_STATE_CONNECTED))
		sim_fail(sim, "maintenance: role %u state %u", ch->node.role,
			 ch->node.state);
}

static void step_maintenance(struct sim *sim, int i)
{
	struct chassis *ch = sim->chassis[i];
	u32 known = known_addresses(sim);
	u64 from = sim->now;

	sim_trace(sim, "clean: maintenance of %c begins", 'A' + i);
	chassis_maintain(ch, true);
	watch_until(sim, ch, "maintenance", legs_down);
	sim_run(sim, sim->now + 300000);
	check_maintained(sim, i);
	check_planned(sim, "maintenance", from, HOST_MASK, known);
	sim_trace(sim, "clean: maintenance of %c ends", 'A' + i);
	from = sim->now;
	chassis_maintain(ch, false);
	wait_settled(sim, "maintenance ended");
	sim_run(sim, sim->now + DRAIN_US);
	check_gap(sim, "maintenance ended", from, 0, HOST_MASK, 0);
	check_gap(sim, "maintenance ended", from, HOST_ALL, HOST_MASK,
		  2 * trip(sim));
}

static void step_reboot(struct sim *sim, int i)
{
	u8 hosts = HOST_MASK & ~(1U << (HOST_A + i));
	u32 known = known_addresses(sim);
	u64 from = sim->now;

	sim_trace(sim, "clean: %c reboots", 'A' + i);
	chassis_leave(sim->chassis[i]);
	watch_until(sim, sim->chassis[i], "reboot", has_left);
	check_planned(sim, "reboot begins", from, hosts, known);
	from = sim->now;
	chassis_kill(sim->chassis[i]);
	sim_run(sim, sim->now + 500000);
	boot(sim, i);
	wait_settled(sim, "reboot");
	sim_run(sim, sim->now + DRAIN_US);
	check_gap(sim, "reboot ends", from, 0, hosts, 0);
	check_gap(sim, "reboot ends", from, HOST_ALL, hosts, 2 * trip(sim));
}

bool sim_clean(struct sim *sim, u64 seed)
{
	sim_open(sim, seed ^ 0xc1ea4);
	sim->cfg.init_delay = 0;
	for (int i = 0; i < CHASSIS; i++)
		chassis_start(sim, i);
	sim_cables(sim);
	wait_settled(sim, "start");
	sim_run(sim, sim->now + 300000);
	for (int n = 0; n < 3 && !sim->failed; n++) {
		int what = rng_range(&sim->rng, 0, 13);

		if (sim->cfg.heartbeat && rng_percent(&sim->rng, 20)) {
			step_split(sim);
			continue;
		}

		if (rng_percent(&sim->rng, 20)) {
			step_key(sim);
			continue;
		}
		if (what < 5)
			step_leg(sim, what & 1, rng_range(&sim->rng, 0, 1));
		else if (what < 7)
			step_peer_link(sim, what & 1);
		else if (what < 10)
			step_power(sim, what & 1);
		else if (what < 12)
			step_maintenance(sim, what & 1);
		else
			step_reboot(sim, what & 1);
	}
	sim_close(sim);
	return !sim->failed;
}
