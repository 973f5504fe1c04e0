// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spanning tree of a pair, among simple bridges: who is the root, which ports
 * block, what a failure changes; in the end random networks and events.
 *
 * cores: mlag_iccp/core/iccp_stp*.c mlag_iccp/core/iccp_bpdu.c ../../selftests/unit/stp_bench.c
 */
#include "stp_bench.h"

#include <stdlib.h>

#include "ktap.h"

enum { LONG = 120000, FORWARD_MS = 36000 };

#define PRIO	0x8000000000000000ull

static struct stp_bench bench;

static int peer_link;

/* Chassis of given addresses with a session; @pair is their identity. */
static void pair_up(struct stp_bench *b, u64 seed, u64 one, u64 two, u64 pair)
{
	stp_open(b, seed);
	stp_bridge_add(b, 0, one);
	stp_bridge_add(b, 1, two);
	b->pair = pair;
	peer_link = stp_peer_link_add(b);
	stp_link_set(b, peer_link, 0, true);
	stp_session(b, true);
}

static int bundle(struct stp_bench *b, int client, u32 cost)
{
	int l = stp_bundle_add(b, client, cost);

	stp_link_set(b, l, 0, true);
	stp_link_set(b, l, 1, true);
	return l;
}

static int plug(struct stp_bench *b, int one, int two, u32 cost)
{
	int l = stp_link_add(b, one, two, cost);

	stp_link_set(b, l, 0, true);
	return l;
}

static enum stp_state end_state(const struct stp_bench *b, int link, int end)
{
	const struct stp_link *l = &b->link[link];

	return b->bridge[l->bridge[end]].port[l->port[end]].state;
}

static enum stp_state other_leg(const struct stp_bench *b, int link)
{
	return b->bridge[1].port[b->link[link].other_port].state;
}

TEST(pair_is_root)
{
	struct stp_bench *b = &bench;
	int l;

	pair_up(b, 1, PRIO | 0x20, PRIO | 0x30, PRIO | 0x10);
	stp_bridge_add(b, 2, PRIO | 0x40);
	l = bundle(b, 2, 19);
	stp_run(b, LONG);
	EXPECT(stp_tree_ok(b));
	EXPECT_EQ(b->bridge[0].root, b->bridge[0].id);
	EXPECT_EQ(b->bridge[1].root, b->bridge[1].id);
	EXPECT_EQ(b->bridge[2].root, b->pair);
	EXPECT_EQ(b->bridge[2].port[0].info.bridge, b->pair);
	EXPECT_EQ(b->bridge[2].cost, 19);
	EXPECT_EQ(end_state(b, l, 0), STP_FORWARD);
	EXPECT_EQ(other_leg(b, l), STP_FORWARD);
	EXPECT_EQ(b->peer_port_blocked, 0);
}

TEST(client_is_root)
{
	struct stp_bench *b = &bench;
	int l, o;

	pair_up(b, 2, PRIO | 0x20, PRIO | 0x30, PRIO | 0x20);
	stp_bridge_add(b, 2, PRIO | 0x10);
	stp_bridge_add(b, 3, PRIO | 0x50);
	l = bundle(b, 2, 19);
	o = plug(b, 1, 3, 4);
	stp_run(b, LONG);
	EXPECT(stp_tree_ok(b));
	EXPECT_EQ(b->bridge[0].root, PRIO | 0x10);
	EXPECT_EQ(b->bridge[1].root, PRIO | 0x10);
	EXPECT_EQ(b->bridge[0].cost, 19);
	EXPECT_EQ(b->bridge[1].cost, 19);
	EXPECT_EQ(b->bridge[3].root, PRIO | 0x10);
	EXPECT_EQ(b->bridge[3].cost, 19 + 4);
	EXPECT_EQ(b->bridge[3].port[0].info.bridge, b->pair);
	EXPECT_EQ(end_state(b, l, 0), STP_FORWARD);
	EXPECT_EQ(other_leg(b, l), STP_FORWARD);
	EXPECT_EQ(end_state(b, o, 0), STP_FORWARD);
	EXPECT_EQ(b->peer_port_blocked, 0);
}

/* Then a leg goes: the way to the root is over the peer-port; no change. */
TEST(leg_to_the_root_goes_and_returns)
{
	struct stp_bench *b = &bench;
	u32 before;
	int l, o;

	pair_up(b, 3, PRIO | 0x20, PRIO | 0x30, PRIO | 0x20);
	stp_bridge_add(b, 2, PRIO | 0x10);
	stp_bridge_add(b, 3, PRIO | 0x50);
	l = bundle(b, 2, 19);
	o = plug(b, 0, 3, 4);
	stp_run(b, LONG);
	before = b->bridge[2].changes;
	stp_link_set(b, l, 0, false);
	stp_run(b, 5000);
	EXPECT_EQ(b->bridge[0].root, PRIO | 0x10);
	EXPECT_EQ(b->bridge[3].root, PRIO | 0x10);
	EXPECT_EQ(b->bridge[3].cost, 19 + 4);
	EXPECT_EQ(end_state(b, o, 0), STP_FORWARD);
	EXPECT_EQ(end_state(b, o, 1), STP_FORWARD);
	stp_run(b, LONG);
	EXPECT_EQ(b->bridge[2].changes, before);
	EXPECT(stp_tree_ok(b));
	stp_link_set(b, l, 0, true);
	stp_run(b, LONG);
	EXPECT(stp_tree_ok(b));
	EXPECT_EQ(end_state(b, l, 0), STP_FORWARD);
	EXPECT_EQ(b->peer_port_blocked, 0);
}

/* With its own spanning tree it blocks one of its ports; the pair none. */
TEST(switch_at_both_chassis)
{
	struct stp_bench *b = &bench;
	int one, two, blocked;

	pair_up(b, 4, PRIO | 0x20, PRIO | 0x30, PRIO | 0x20);
	stp_bridge_add(b, 2, PRIO | 0x40);
	one = plug(b, 0, 2, 19);
	two = plug(b, 1, 2, 19);
	stp_run(b, LONG);
	EXPECT(stp_tree_ok(b));
	blocked = (end_state(b, one, 1) == STP_BLOCKED) +
		  (end_state(b, two, 1) == STP_BLOCKED);
	EXPECT_EQ(blocked, 1);
	EXPECT_EQ(end_state(b, one, 0), STP_FORWARD);
	EXPECT_EQ(end_state(b, two, 0), STP_FORWARD);
	EXPECT_EQ(b->peer_port_blocked, 0);
}

/* A cable between orphan ports of both: the pair hears itself. */
TEST(cable_between_orphan_ports)
{
	struct stp_bench *b = &bench;
	int l;

	pair_up(b, 5, PRIO | 0x20, PRIO | 0x30, PRIO | 0x20);
	l = plug(b, 0, 1, 19);
	stp_run(b, LONG);
	EXPECT_EQ(end_state(b, l, 0), STP_FORWARD);
	EXPECT_EQ(end_state(b, l, 1), STP_BLOCKED);
	EXPECT_EQ(b->peer_port_blocked, 0);
}

TEST(root_behind_an_orphan_port)
{
	struct stp_bench *b = &bench;
	int one, two, l;

	pair_up(b, 6, PRIO | 0x20, PRIO | 0x30, PRIO | 0x20);
	stp_bridge_add(b, 2, PRIO | 0x10);
	stp_bridge_add(b, 3, PRIO | 0x60);
	one = plug(b, 0, 2, 19);
	two = plug(b, 1, 2, 19);
	l = bundle(b, 3, 100);
	stp_run(b, LONG);
	EXPECT(stp_tree_ok(b));
	EXPECT_EQ(b->bridge[0].root, PRIO | 0x10);
	EXPECT_EQ(b->bridge[1].root, PRIO | 0x10);
	EXPECT_EQ(b->bridge[3].root, PRIO | 0x10);
	EXPECT_EQ(b->bridge[3].cost, 119);
	EXPECT_EQ(end_state(b, one, 0), STP_FORWARD);
	EXPECT_EQ(end_state(b, two, 0), STP_BLOCKED);
	EXPECT_EQ(end_state(b, l, 0), STP_FORWARD);
	EXPECT_EQ(other_leg(b, l), STP_FORWARD);
	/* the other way must do when this one breaks */
	stp_link_set(b, one, 0, false);
	stp_run(b, LONG);
	EXPECT(stp_tree_ok(b));
	EXPECT_EQ(end_state(b, two, 0), STP_FORWARD);
	EXPECT_EQ(b->bridge[0].root, PRIO | 0x10);
	stp_link_set(b, one, 0, true);
	stp_run(b, LONG);
	EXPECT(stp_tree_ok(b));
	EXPECT_EQ(b->peer_port_blocked, 0);
}

/* A port that must not lead to a root is blocked if one comes there. */
TEST(root_where_none_may_be)
{
	struct stp_bench *b = &bench;
	int l;

	pair_up(b, 10, PRIO | 0x20, PRIO | 0x30, PRIO | 0x20);
	stp_bridge_add(b, 2, PRIO | 0x10);
	l = plug(b, 0, 2, 19);
	b->bridge[0].port[b->link[l].port[0]].no_root = true;
	stp_run(b, LONG);
	EXPECT_EQ(end_state(b, l, 0), STP_BLOCKED);
	EXPECT_EQ(b->bridge[0].root, b->bridge[0].id);
	EXPECT_EQ(b->bridge[1].root, b->bridge[1].id);
}

/* The pair's identifier lies above a chassis's own, and a root between them. */
TEST(root_between_own_and_pair)
{
	struct stp_bench *b = &bench;

	pair_up(b, 7, PRIO | 0x20, PRIO | 0x30, PRIO | 0x50);
	stp_bridge_add(b, 2, PRIO | 0x40);
	stp_bridge_add(b, 3, PRIO | 0x60);
	plug(b, 0, 2, 19);
	plug(b, 1, 2, 19);
	bundle(b, 3, 19);
	stp_run(b, LONG);
	EXPECT(stp_tree_ok(b));
	EXPECT_EQ(b->bridge[2].root, PRIO | 0x40);
	EXPECT_EQ(b->bridge[3].root, PRIO | 0x40);
	EXPECT_EQ(b->bridge[3].cost, 38);
	EXPECT_EQ(b->peer_port_blocked, 0);
}

TEST(chassis_dies_unnoticed)
{
	struct stp_bench *b = &bench;
	u32 before;
	int l, n;

	for (n = 0; n < 2; n++) {
		pair_up(b, 8, PRIO | 0x20, PRIO | 0x30, PRIO | 0x20);
		stp_bridge_add(b, 2, PRIO | 0x40);
		l = bundle(b, 2, 19);
		stp_run(b, LONG);
		before = b->bridge[2].changes;
		stp_kill(b, n);
		stp_run(b, LONG);
		EXPECT_EQ(b->bridge[2].changes, before);
		EXPECT_EQ(b->bridge[2].root, b->pair);
		EXPECT_EQ(end_state(b, l, 1), STP_FORWARD);
		EXPECT(stp_tree_ok(b));
	}
}

/* A change at an orphan port of one is known to all, wherever the root is. */
static void change_known(u64 client, u64 orphan)
{
	struct stp_bench *b = &bench;
	u32 before[STP_BRIDGES];
	int n, l;

	pair_up(b, 9, PRIO | 0x20, PRIO | 0x30, PRIO | 0x20);
	stp_bridge_add(b, 2, client);
	stp_bridge_add(b, 3, orphan);
	stp_bridge_add(b, 4, PRIO | 0x70);
	bundle(b, 2, 19);
	plug(b, 0, 3, 19);
	l = plug(b, 1, 4, 19);
	stp_run(b, LONG);
	stp_link_set(b, l, 0, false);
	stp_run(b, LONG);
	for (n = 0; n < STP_BRIDGES; n++)
		before[n] = b->bridge[n].changes;
	stp_link_set(b, l, 0, true);
	stp_run(b, FORWARD_MS);
	for (n = 0; n < 4; n++)
		EXPECT(b->bridge[n].changes > before[n]);
	/* and it is over some day: nobody tells the other again and again */
	stp_run(b, 2 * LONG);
	for (n = 0; n < 4; n++)
		before[n] = b->bridge[n].changes;
	stp_run(b, 2 * LONG);
	for (n = 0; n < 4; n++)
		EXPECT_EQ(b->bridge[n].changes, before[n]);
}

TEST(change_below_the_pair)
{
	change_known(PRIO | 0x40, PRIO | 0x50);
}

TEST(change_below_a_client)
{
	change_known(PRIO | 0x10, PRIO | 0x50);
}

TEST(change_below_an_orphan)
{
	change_known(PRIO | 0x40, PRIO | 0x10);
}

/* --- random networks ---------------------------------------------------------- */

static void some_network(struct stp_bench *b, u64 seed)
{
	u64 ids[STP_BRIDGES];
	int n, links, x, y;

	for (n = 0; n < STP_BRIDGES; n++)
		ids[n] = PRIO | (seed * 7 + n * 5) % 64 << 8 | n;
	pair_up(b, seed, ids[0], ids[1],
		seed % 3 ? (ids[0] < ids[1] ? ids[0] : ids[1]) :
			   PRIO | (seed * 11 % 64) << 8 | 9);
	for (n = 2; n < STP_BRIDGES; n++)
		stp_bridge_add(b, n, ids[n]);
	for (n = 2; n < 5; n++)
		if (stp_random(b, 3))
			bundle(b, n, 1 + stp_random(b, 30));
	links = 3 + stp_random(b, 8);
	while (links--) {
		x = stp_random(b, STP_BRIDGES);
		y = stp_random(b, STP_BRIDGES);
		if (x != y)
			plug(b, x, y, 1 + stp_random(b, 30));
	}
}

static void some_event(struct stp_bench *b)
{
	int i = stp_random(b, STP_LINKS);
	int leg;

	if (!b->link[i].used || b->link[i].peer)
		return;
	leg = b->link[i].bundle ? stp_random(b, 2) : 0;
	stp_link_set(b, i, leg, !b->link[i].up[leg]);
}

/* @gap: a session is lost now and then, and both go on for themselves. */
static bool network_fails(u64 seed, bool gap)
{
	struct stp_bench *b = &bench;
	int n, events;

	some_network(b, seed);
	stp_run(b, LONG);
	if (!stp_tree_ok(b))
		return true;
	for (n = 0; n < 4; n++) {
		stp_session(b, !gap);
		for (events = stp_random(b, 4); events >= 0; events--) {
			some_event(b);
			stp_run(b, stp_random(b, 20) * 1000);
		}
		stp_session(b, true);
		stp_run(b, LONG);
		if (!stp_tree_ok(b))
			return true;
	}
	return !gap && b->peer_port_blocked;
}

static bool loses_links(u64 seed)
{
	return network_fails(seed, false);
}

static bool loses_sessions(u64 seed)
{
	return network_fails(seed, true);
}

/* What the bridge has heard for itself before a session takes some steps to be taken back. */
static void meet(struct stp_bench *b)
{
	stp_run(b, stp_random(b, 3000));
	stp_session(b, true);
	stp_run(b, 500);
	b->peer_port_blocked = 0;
}

/* A chassis dies, the other goes on with the identity of both; it boots. */
static bool loses_chassis(u64 seed)
{
	struct stp_link was[STP_LINKS];
	struct stp_bench *b = &bench;
	int n, which;

	some_network(b, seed);
	stp_run(b, LONG);
	for (n = 0; n < 4; n++) {
		which = stp_random(b, 2);
		memcpy(was, b->link, sizeof(was));
		stp_kill(b, which);
		stp_run(b, LONG);
		if (!stp_tree_ok(b))
			return true;
		stp_revive(b, which, was);
		meet(b);
		stp_run(b, LONG);
		if (!stp_tree_ok(b) || b->peer_port_blocked)
			return true;
	}
	return false;
}

/* STP_SEEDS: so many, instead of the few of each check */
static void random_networks(bool (*fails)(u64 seed))
{
	const char *count = getenv("STP_SEEDS");
	u64 seed, last = count ? strtoull(count, NULL, 10) : 60;

	for (seed = 1; seed <= last; seed++)
		if (!EXPECT(!fails(seed)))
			printf("# seed %llu\n", (unsigned long long)seed);
}

TEST(random_networks_and_links)
{
	random_networks(loses_links);
}

TEST(random_networks_and_sessions)
{
	random_networks(loses_sessions);
}

TEST(random_networks_and_deaths)
{
	random_networks(loses_chassis);
}
