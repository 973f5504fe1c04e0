// SPDX-License-Identifier: GPL-2.0-only
/*
 * A random schedule: faults one after another, some at the same instant, over a network that is
 * bad to control frames; then everything is healed and must settle.
 */
#include <stdio.h>
#include <string.h>

#include "sim.h"

enum { SETTLE_US = 12000000, QUIET_US = 400000, DRAIN_US = 20000,
       DEAF_US = 1000000 /* a session lost to what is healed is told by then */,
       INSTALL_US = 100000 /* tables agree; bridges follow */,
       LONG_US = 20000000 };

#define HOUR_US	3600000000ull

static int draw(struct sim *sim, int n)
{
	return rng_range(&sim->rng, 0, n - 1);
}

/* --- faults ------------------------------------------------------------------ */

static void fault_leg(struct sim *sim)
{
	int i = draw(sim, CHASSIS), k = draw(sim, CLIENTS);

	sim->leg_cut[i][k] = !sim->leg_cut[i][k];
	sim_trace(sim, "fault: leg %d of %c %s", k, 'A' + i,
		  sim->leg_cut[i][k] ? "cut" : "restored");
	sim_cables(sim);
}

static void fault_flap(struct sim *sim)
{
	int i = draw(sim, CHASSIS), k = draw(sim, CLIENTS);

	for (int n = 2 * (1 + draw(sim, 3)); n && !sim->failed; n--) {
		sim->leg_cut[i][k] = !sim->leg_cut[i][k];
		sim_trace(sim, "fault: flap leg %d of %c", k, 'A' + i);
		sim_cables(sim);
		sim_run(sim, sim->now + rng_range(&sim->rng, 500, 200000));
	}
}

static void fault_peer_link(struct sim *sim)
{
	int i = draw(sim, PEER_LINKS);

	sim->peer_cut[i] = !sim->peer_cut[i];
	sim_trace(sim, "fault: peer link %d %s", i,
		  sim->peer_cut[i] ? "cut" : "restored");
	sim_cables(sim);
}

static void fault_peer_port(struct sim *sim)
{
	bool cut = !sim->peer_cut[0];

	sim_trace(sim, "fault: peer-port %s", cut ? "cut" : "restored");
	for (int i = 0; i < PEER_LINKS; i++)
		sim->peer_cut[i] = cut;
	sim_cables(sim);
}

static void fault_power(struct sim *sim)
{
	int i = draw(sim, CHASSIS);

	if (sim_alive(sim, i)) {
		sim_trace(sim, "fault: power of %c off", 'A' + i);
		chassis_kill(sim->chassis[i]);
		return;
	}
	sim_trace(sim, "fault: power of %c on", 'A' + i);
	chassis_start(sim, i);
	sim_cables(sim);
}

static void fault_impair(struct sim *sim)
{
	struct impair im = {
		.loss = rng_percent(&sim->rng, 70) ? draw(sim, 40) : 100,
		.dup = draw(sim, 30),
		.delay_us = draw(sim, 30000),
	};

	if (rng_percent(&sim->rng, 50))
		memset(&im, 0, sizeof(im));
	sim_trace(sim, "fault: control loss %u%% dup %u%% delay %u us", im.loss,
		  im.dup, im.delay_us);
	for (int i = 0; i < PEER_LINKS; i++)
		sim->peer[i].impair = im;
}

static void fault_one_way(struct sim *sim)
{
	int i = draw(sim, PEER_LINKS);

	sim->peer[i].mute = draw(sim, 3);
	sim_trace(sim, "fault: peer link %d mute %u", i, sim->peer[i].mute);
}

static void fault_beat(struct sim *sim)
{
	sim->beat_cut = !sim->beat_cut;
	sim->beat.mute = draw(sim, 3);
	sim->beat.impair.loss = draw(sim, 3) * 20;
	sim->beat.impair.delay_us = draw(sim, 30000);
	sim_trace(sim, "fault: second path %s, mute %u loss %u%%",
		  sim->beat_cut ? "cut" : "restored", sim->beat.mute,
		  sim->beat.impair.loss);
	sim_cables(sim);
}

static void fault_leave(struct sim *sim)
{
	int i = draw(sim, CHASSIS);
	struct chassis *ch = sim->chassis[i];

	if (!sim_alive(sim, i))
		return;
	sim_trace(sim, "fault: %c %s", 'A' + i, ch->left ? "joins" : "leaves");
	if (ch->left)
		chassis_join(ch);
	else
		chassis_leave(ch);
}

static void fault_maintain(struct sim *sim)
{
	int i = draw(sim, CHASSIS);
	bool on;

	if (!sim_alive(sim, i))
		return;
	on = !sim->chassis[i]->node.cfg.maintenance;
	sim_trace(sim, "fault: maintenance of %c %s", 'A' + i,
		  on ? "begins" : "ends");
	chassis_maintain(sim->chassis[i], on);
}

static void key_later(struct sim *sim, void *arg, u64 i)
{
	(void)arg;
	roll_end(sim, i);
}

/* a new key on one chassis, soon on the other; sometimes none gets round to that */
static void fault_key(struct sim *sim)
{
	int other;

	sim_trace(sim, "fault: key");
	other = roll_begin(sim);
	if (rng_percent(&sim->rng, 80))
		sim_at(sim, draw(sim, 1000000), key_later, NULL, other);
}

static void fault_mtu(struct sim *sim)
{
	int i = draw(sim, CHASSIS), k = draw(sim, CLIENTS);

	sim->odd_mtu[i][k] = !sim->odd_mtu[i][k];
	sim_trace(sim, "fault: MTU of leg %d of %c %s", k, 'A' + i,
		  sim->odd_mtu[i][k] ? "odd" : "as it should be");
	if (sim_alive(sim, i))
		chassis_configured(sim->chassis[i], k);
}

static void (*const faults[])(struct sim *sim) = {
	fault_leg, fault_leg, fault_leg, fault_leg, fault_flap,
	fault_peer_link, fault_peer_link, fault_peer_port,
	fault_power, fault_power, fault_power,
	fault_impair, fault_impair, fault_one_way, fault_leave,
	fault_beat, fault_maintain, fault_key, fault_key, fault_mtu,
};

static void one_fault(struct sim *sim)
{
	sim_busy(sim);
	faults[draw(sim, sizeof(faults) / sizeof(faults[0]))](sim);
}

/* --- schedule ---------------------------------------------------------------- */

static bool control_impaired(const struct sim *sim)
{
	for (int i = 0; i < PEER_LINKS; i++)
		if (sim->peer[i].impair.loss || sim->peer[i].mute)
			return true;
	return false;
}

static void heal(struct sim *sim)
{
	bool deaf = control_impaired(sim);

	sim_trace(sim, "heal");
	memset(sim->leg_cut, 0, sizeof(sim->leg_cut));
	memset(sim->peer_cut, 0, sizeof(sim->peer_cut));
	for (int i = 0; i < PEER_LINKS; i++) {
		sim->peer[i].impair = (struct impair){};
		sim->peer[i].mute = 0;
	}
	sim->beat.impair = (struct impair){};
	sim->beat.mute = 0;
	sim->beat_cut = false;
	roll_end(sim, draw(sim, CHASSIS));
	for (int i = 0; i < CHASSIS; i++) {
		if (!sim_alive(sim, i))
			chassis_start(sim, i);
		else if (sim->chassis[i]->left)
			chassis_join(sim->chassis[i]);
		chassis_maintain(sim->chassis[i], false);
	}
	memset(sim->odd_mtu, 0, sizeof(sim->odd_mtu));
	for (int i = 0; i < CHASSIS; i++)
		for (int k = 0; k < CLIENTS; k++)
			chassis_configured(sim->chassis[i], k);
	sim_cables(sim);
	if (deaf)
		sim_run(sim, sim->now + DEAF_US);
}

/* wait until settled; also joins a chassis whose departure completes late */
static void settle(struct sim *sim)
{
	u64 until = sim->now + SETTLE_US;
	char why[128] = "";

	while (!sim->failed && sim->now < until) {
		sim_run(sim, sim->now + 50000);
		for (int i = 0; i < CHASSIS; i++)
			if (sim->chassis[i]->left)
				chassis_join(sim->chassis[i]);
		if (sim_settled(sim, why, sizeof(why))) {
			sim_run(sim, sim->now + INSTALL_US);
			return;
		}
	}
	sim_fail(sim, "not settled %d s after the last fault: %s",
		 SETTLE_US / 1000000, why);
}

/* when all is well, nothing is lost */
static void quiet(struct sim *sim)
{
	u64 from = sim->now;
	u32 lost = 0;

	sim->busy_until = from + QUIET_US;
	sim_run(sim, from + QUIET_US + DRAIN_US);
	for (u32 i = 0; i < sim->book.count; i++) {
		const struct page *p = &sim->book.page[i];

		if (p->at >= from && p->at < from + QUIET_US)
			lost += book_lost(sim, i, HOST_ALL, HOST_MASK) ||
				book_lost(sim, i, 0, HOST_MASK);
	}
	if (lost)
		sim_fail(sim, "%u frames lost with everything in order", lost);
}

/* a new key on both: when all is well, no session ends with that */
static void roll(struct sim *sim)
{
	u64 sessions = roll_sessions(sim);
	int other = roll_begin(sim);

	if (rng_percent(&sim->rng, 70))
		sim_run(sim, sim->now + draw(sim, 600000));
	roll_end(sim, other);
	quiet(sim);
	if (roll_sessions(sim) != sessions)
		sim_fail(sim, "session lost with a new key");
}

static void some_faults(struct sim *sim, u64 pause_us)
{
	int n = 2 + draw(sim, 7);

	while (n-- && !sim->failed) {
		one_fault(sim);
		if (rng_percent(&sim->rng, 80))
			sim_run(sim, sim->now +
				rng_range(&sim->rng, 0, pause_us));
	}
}

static void well_again(struct sim *sim)
{
	heal(sim);
	settle(sim);
	quiet(sim);
}

/* chassis that were there all along, and faults for an hour */
bool sim_hour(struct sim *sim, u64 seed)
{
	sim_open(sim, seed ^ 0x40b75);
	for (int i = 0; i < CHASSIS; i++)
		chassis_start(sim, i);
	sim_cables(sim);
	settle(sim);
	while (!sim->failed && sim->now < HOUR_US) {
		some_faults(sim, LONG_US);
		well_again(sim);
		if (!sim->failed && rng_percent(&sim->rng, 10))
			roll(sim);
	}
	sim_close(sim);
	return !sim->failed;
}

bool sim_random(struct sim *sim, u64 seed)
{
	sim_open(sim, seed);
	for (int i = 0; i < CHASSIS; i++) {
		if (rng_percent(&sim->rng, 80))
			chassis_start(sim, i);
		if (rng_percent(&sim->rng, 30))
			sim_run(sim, sim->now + rng_range(&sim->rng, 0, 2000000));
	}
	for (int i = 0; i < CHASSIS; i++)
		if (!sim->chassis[i])
			chassis_start(sim, i);
	sim_cables(sim);
	if (rng_percent(&sim->rng, 75))
		settle(sim);
	some_faults(sim, 1500000);
	well_again(sim);
	if (rng_percent(&sim->rng, 30))
		roll(sim);
	sim_close(sim);
	return !sim->failed;
}
