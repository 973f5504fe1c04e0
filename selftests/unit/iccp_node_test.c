// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two chassis back to back: session, roles, legs, split-brain.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <linux/types.h>
#include <net/mlagbond_gate.h>
#include "iccp_bench.h"

#include "ktap.h"

static struct bench bench;

TEST(pair_connects)
{
	struct bench *b = &bench;
	struct iccp_status st;

	bench_pair(b, 1, 1024);
	EXPECT(bench_until(b, 1000, bench_connected));
	EXPECT(b->now - 1000000 < 50);
	iccp_node_status(b->c[0].node, b->now, &st);
	EXPECT_EQ(st.role, ICCP_ROLE_PRIMARY);
	EXPECT_EQ(st.node, 0);
	iccp_node_status(b->c[1].node, b->now, &st);
	EXPECT_EQ(st.role, ICCP_ROLE_SECONDARY);
	EXPECT_EQ(st.node, 1);
	EXPECT_EQ(st.system[5], 1);
	bench_close(b);
}

TEST(legs_come_up)
{
	struct bench *b = &bench;

	bench_pair(b, 2, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	printf("# all legs up after %llu ms, %llu frames\n",
	       b->now - 1000000, b->frames);
	EXPECT_EQ(b->violations, 0);
	EXPECT_EQ(b->c[0].legs[0].out.gate,
		  MLAGBOND_GATE(MLAGBOND_RX_OPEN, MLAGBOND_TX_OPEN,
				MLAGBOND_FILTER_BLOCK));
	EXPECT_EQ(b->c[0].legs[0].out.identity.key, 0x8000 | 10);
	EXPECT_MEMEQ(&b->c[0].legs[0].out.identity.system,
		     &b->c[1].legs[0].out.identity.system, 6);
	bench_close(b);
}

TEST(alone_after_reload_delay)
{
	struct bench *b = &bench;
	struct iccp_config cfg;

	bench_open(b, 3, 64);
	bench_config(b, 0, &cfg);
	bench_start(b, 0, &cfg);
	bench_plug(b, 0, 0, true);
	bench_run(b, 4900);
	EXPECT_EQ(b->c[0].node->state, ICCP_STATE_INIT);
	EXPECT_EQ(b->c[0].legs[0].out.hold, ICCP_HOLD_INIT);
	bench_run(b, 200);
	EXPECT_EQ(b->c[0].node->state, ICCP_STATE_ALONE);
	EXPECT_EQ(b->c[0].node->role, ICCP_ROLE_PRIMARY);
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_UP);
	EXPECT(iccp_node_peer_port_learning(b->c[0].node));
	bench_close(b);
}

/* Power cut of either chassis: the survivor's legs never leave UP. */
static void power_cut(int victim)
{
	struct bench *b = &bench;
	u8 system[ETH_ALEN];
	int i;

	bench_pair(b, 4 + victim, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	memcpy(system, b->c[!victim].node->system, ETH_ALEN);
	bench_stop(b, victim);
	for (i = 0; i < 1000; i++) {
		bench_step(b);
		EXPECT_EQ(bench_leg_state(b, !victim, 1), ICCP_LEG_UP);
	}
	EXPECT_EQ(b->c[!victim].node->state, ICCP_STATE_ALONE);
	EXPECT_EQ(b->c[!victim].node->role, ICCP_ROLE_PRIMARY);
	EXPECT_MEMEQ(b->c[!victim].node->system, system, ETH_ALEN);
	EXPECT_EQ(b->violations, 0);
}

static void rejoin(int newcomer)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	u8 node = b->c[!newcomer].node->node;
	u8 role = b->c[!newcomer].node->role;
	u8 system[ETH_ALEN];
	int i;

	memcpy(system, b->c[!newcomer].node->system, ETH_ALEN);
	bench_config(b, newcomer, &cfg);
	cfg.priority = 1;
	bench_start(b, newcomer, &cfg);
	for (i = 0; i < BENCH_LEGS; i++)
		bench_plug(b, newcomer, i, true);
	for (i = 0; i < 2000; i++) {
		bench_step(b);
		EXPECT_EQ(bench_leg_state(b, !newcomer, 1), ICCP_LEG_UP);
	}
	EXPECT(bench_connected(b));
	EXPECT(bench_legs_up(b));
	EXPECT_EQ(b->c[!newcomer].node->role, role);
	EXPECT(b->c[newcomer].node->role != role);
	EXPECT_EQ(b->c[!newcomer].node->node, node);
	EXPECT_EQ(b->c[newcomer].node->node, !node);
	EXPECT_MEMEQ(b->c[newcomer].node->system, system, ETH_ALEN);
	EXPECT_EQ(b->violations, 0);
}

TEST(power_cut_primary_and_rejoin)
{
	power_cut(0);
	rejoin(0);
	bench_close(&bench);
}

TEST(power_cut_secondary_and_rejoin)
{
	power_cut(1);
	rejoin(1);
	bench_close(&bench);
}

/* A chassis that restarts so fast that nobody was declared dead: roles stay. */
TEST(fast_restart)
{
	struct bench *b = &bench;
	int i, n;

	for (i = 0; i < 2; i++) {
		bench_pair(b, 20 + i, 1024);
		EXPECT(bench_until(b, 1000, bench_legs_up));
		bench_stop(b, i);
		for (n = 0; n < 30; n++) {
			bench_step(b);
			EXPECT_EQ(bench_leg_state(b, !i, 1), ICCP_LEG_UP);
		}
		rejoin(i);
		bench_close(b);
	}
}

static void set_action(struct bench *b, u8 action)
{
	struct iccp_config cfg;
	int i;

	for (i = 0; i < 2; i++) {
		bench_config(b, i, &cfg);
		cfg.split_action = action;
		cfg.heartbeat = b->c[i].node->cfg.heartbeat;
		EXPECT_EQ(iccp_node_set_config(b->c[i].node, b->now, &cfg), 0);
	}
}

struct split_row {
	bool links;		/* peer-port keeps carrier */
	enum iccp_heartbeat heartbeat;
	u8 action;
	u8 posture[2];
};

static const struct split_row split_rows[] = {
	{ true, ICCP_HEARTBEAT_ALIVE, ICCP_SPLIT_KEEP,
	  { ICCP_POSTURE_ALONE, ICCP_POSTURE_ISOLATED } },
	{ false, ICCP_HEARTBEAT_ALIVE, ICCP_SPLIT_KEEP,
	  { ICCP_POSTURE_ALONE, ICCP_POSTURE_ISOLATED } },
	{ true, ICCP_HEARTBEAT_SILENT, ICCP_SPLIT_REVERT_ID,
	  { ICCP_POSTURE_ALONE, ICCP_POSTURE_REVERTED } },
	{ true, ICCP_HEARTBEAT_NONE, ICCP_SPLIT_ISOLATE,
	  { ICCP_POSTURE_ALONE, ICCP_POSTURE_ISOLATED } },
	{ false, ICCP_HEARTBEAT_SILENT, ICCP_SPLIT_ISOLATE,
	  { ICCP_POSTURE_ALONE, ICCP_POSTURE_ALONE } },
	{ false, ICCP_HEARTBEAT_NONE, ICCP_SPLIT_KEEP,
	  { ICCP_POSTURE_ALONE, ICCP_POSTURE_ALONE } },
	{ false, ICCP_HEARTBEAT_NONE, ICCP_SPLIT_REVERT_ID,
	  { ICCP_POSTURE_ALONE, ICCP_POSTURE_REVERTED } },
	{ false, ICCP_HEARTBEAT_NONE, ICCP_SPLIT_ISOLATE,
	  { ICCP_POSTURE_ALONE, ICCP_POSTURE_ISOLATED } },
};

static void split_row_run(const struct split_row *row, u64 seed)
{
	struct bench *b = &bench;
	bool held;
	int i;

	bench_pair(b, seed, 1024);
	set_action(b, row->action);
	bench_heartbeat(b, row->heartbeat != ICCP_HEARTBEAT_NONE);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_run(b, 500);
	bench_deaf(b, row->heartbeat == ICCP_HEARTBEAT_SILENT);
	b->cut[0] = true;
	b->cut[1] = true;
	if (!row->links)
		bench_links(b, 0);
	bench_run(b, 3000);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(b->c[i].node->posture, row->posture[i]);
		held = row->posture[i] == ICCP_POSTURE_ISOLATED;
		EXPECT_EQ(bench_leg_state(b, i, 0),
			  held ? ICCP_LEG_DOWN : ICCP_LEG_UP);
	}
	EXPECT_EQ(!memcmp(b->c[0].legs[0].out.identity.system,
			  b->c[1].legs[0].out.identity.system, ETH_ALEN),
		  row->posture[1] != ICCP_POSTURE_REVERTED);

	/* heals: one id, one primary, all legs */
	b->cut[0] = false;
	b->cut[1] = false;
	bench_deaf(b, false);
	bench_links(b, 3);
	bench_run(b, 3000);
	EXPECT(bench_connected(b));
	EXPECT(bench_legs_up(b));
	EXPECT_EQ(b->c[0].node->role, ICCP_ROLE_PRIMARY);
	EXPECT_EQ(b->c[1].node->role, ICCP_ROLE_SECONDARY);
	EXPECT_MEMEQ(b->c[0].legs[0].out.identity.system,
		     b->c[1].legs[0].out.identity.system, ETH_ALEN);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

TEST(split_brain_table)
{
	u32 i;

	for (i = 0; i < sizeof(split_rows) / sizeof(split_rows[0]); i++) {
		split_row_run(&split_rows[i], 100 + i);
		if (ktap_failed) {
			printf("# row %u\n", i);
			return;
		}
	}
}

/* A pair with a second path that both have heard on */
static void beating_start(struct bench *b, u64 seed)
{
	bench_pair(b, seed, 1024);
	bench_heartbeat(b, true);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_run(b, 500);
}

static void beating_boot(struct bench *b, int who)
{
	struct iccp_config cfg;

	bench_config(b, who, &cfg);
	cfg.heartbeat = true;
	bench_start(b, who, &cfg);
	iccp_node_links(b->c[who].node, b->now, 0, BENCH_LINKS);
}

/* Isolated because the primary lived; then the primary dies. */
TEST(isolated_then_heartbeat_dies)
{
	struct bench *b = &bench;

	beating_start(b, 40);
	bench_links(b, 0);
	bench_run(b, 100);
	EXPECT_EQ(b->c[1].node->posture, ICCP_POSTURE_ISOLATED);
	EXPECT_EQ(b->c[1].legs[0].out.hold, ICCP_HOLD_ISOLATED);
	EXPECT_EQ(b->c[1].node->role, ICCP_ROLE_SECONDARY);
	bench_stop(b, 0);
	bench_run(b, 1500);
	EXPECT_EQ(b->c[1].node->posture, ICCP_POSTURE_ALONE);
	EXPECT_EQ(bench_leg_state(b, 1, 0), ICCP_LEG_UP);
	/* it leads now: the old primary coming back does not isolate it */
	beating_boot(b, 0);
	bench_run(b, 8000);
	EXPECT_EQ(b->c[0].node->posture, ICCP_POSTURE_ISOLATED);
	EXPECT_EQ(b->c[1].node->posture, ICCP_POSTURE_ALONE);
	EXPECT_EQ(bench_leg_state(b, 1, 0), ICCP_LEG_UP);
	bench_close(b);
}

/* Frames pass in one direction only: treated as a lost session by both. */
TEST(one_way_peer_port)
{
	struct bench *b = &bench;
	int deaf;

	for (deaf = 0; deaf < 2; deaf++) {
		bench_pair(b, 50 + deaf, 1024);
		set_action(b, ICCP_SPLIT_KEEP);
		EXPECT(bench_until(b, 1000, bench_legs_up));
		b->cut[deaf] = true;
		bench_run(b, 3000);
		EXPECT(!bench_connected(b));
		EXPECT_EQ(b->c[0].node->posture, ICCP_POSTURE_ALONE);
		/* if the secondary is heard it gives way */
		EXPECT_EQ(b->c[1].node->posture,
			  deaf == 0 ? ICCP_POSTURE_ISOLATED :
				      ICCP_POSTURE_ALONE);
		b->cut[deaf] = false;
		bench_run(b, 3000);
		EXPECT(bench_connected(b));
		EXPECT(bench_legs_up(b));
		EXPECT_EQ(b->violations, 0);
		bench_close(b);
	}
}

TEST(goodbye_hands_over)
{
	struct bench *b = &bench;
	int leaver, i;

	for (leaver = 0; leaver < 2; leaver++) {
		bench_pair(b, 60 + leaver, 1024);
		EXPECT(bench_until(b, 1000, bench_legs_up));
		iccp_node_leave(b->c[leaver].node, b->now, ICCP_BYE_REBOOT);
		for (i = 0; i < 500; i++) {
			bench_step(b);
			EXPECT_EQ(bench_leg_state(b, !leaver, 0), ICCP_LEG_UP);
		}
		EXPECT(b->c[leaver].node->todo & ICCP_TODO_LEFT);
		EXPECT_EQ(b->c[leaver].node->state, ICCP_STATE_DISABLED);
		EXPECT_EQ(b->c[!leaver].node->state, ICCP_STATE_ALONE);
		EXPECT_EQ(b->c[!leaver].node->role, ICCP_ROLE_PRIMARY);
		EXPECT_EQ(b->c[leaver].legs[0].out.hold, ICCP_HOLD_LEAVING);
		EXPECT_EQ(iccp_node_frame(b->c[leaver].node, b->now, 0,
					  (const u8 *)"", 0),
			  ICCP_DROP_DISABLED);
		iccp_node_join(b->c[leaver].node, b->now, 4711);
		bench_run(b, 1500);
		EXPECT(bench_connected(b));
		EXPECT(bench_legs_up(b));
		EXPECT_EQ(b->c[!leaver].node->role, ICCP_ROLE_PRIMARY);
		EXPECT_EQ(b->violations, 0);
		bench_close(b);
	}
}

static void maintain(struct bench *b, int who, bool on)
{
	struct iccp_config cfg = b->c[who].node->cfg;

	cfg.maintenance = on;
	EXPECT_EQ(iccp_node_set_config(b->c[who].node, b->now, &cfg), 0);
	b->c[who].next = 0;
}

static bool legs_down(struct bench *b, int who)
{
	int n;

	for (n = 0; n < BENCH_LEGS; n++)
		if (b->c[who].legs[n].exists &&
		    bench_leg_state(b, who, n) != ICCP_LEG_DOWN)
			return false;
	return true;
}

/* The session goes on; the other one leads, whoever led before. */
TEST(maintenance)
{
	struct bench *b = &bench;
	int who, ms;

	for (who = 0; who < 2; who++) {
		bench_pair(b, 80 + who, 1024);
		EXPECT(bench_until(b, 1000, bench_legs_up));
		bench_run(b, 1000);
		maintain(b, who, true);
		EXPECT_EQ(bench_leg_state(b, who, 0), ICCP_LEG_YIELDING);
		for (ms = 0; ms < 1000 && !legs_down(b, who); ms++)
			bench_step(b);
		printf("# legs down after %d ms\n", ms);
		EXPECT(ms > 60 && ms < 400);
		bench_run(b, 2000);
		EXPECT(bench_connected(b));
		EXPECT_EQ(b->c[who].node->role, ICCP_ROLE_SECONDARY);
		EXPECT_EQ(b->c[!who].node->role, ICCP_ROLE_PRIMARY);
		EXPECT_EQ(b->c[who].legs[0].out.hold, ICCP_HOLD_MAINTENANCE);
		EXPECT_EQ(bench_leg_state(b, !who, 0), ICCP_LEG_UP);
		maintain(b, who, false);
		EXPECT(bench_until(b, 2000, bench_legs_up));
		/* who leads now goes on leading */
		EXPECT_EQ(b->c[!who].node->role, ICCP_ROLE_PRIMARY);
		EXPECT_EQ(b->c[who].node->counters[ICCP_C_SESSIONS], 1);
		EXPECT_EQ(b->violations, 0);
		bench_close(b);
	}
}

/* A new thought, and a peer that is lost, on the way down. */
TEST(maintenance_interrupted)
{
	struct bench *b = &bench;
	int after;

	for (after = 0; after < 200; after += 7) {
		bench_pair(b, 82, 1024);
		EXPECT(bench_until(b, 1000, bench_legs_up));
		maintain(b, 0, true);
		bench_run(b, after);
		if (after % 2) {
			maintain(b, 0, false);
		} else {
			bench_stop(b, 1);
			bench_run(b, 1000);
			EXPECT(legs_down(b, 0));
			EXPECT_EQ(b->c[0].node->state, ICCP_STATE_ALONE);
			maintain(b, 0, false);
			bench_run(b, 1500);
			EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_UP);
			bench_close(b);
			continue;
		}
		EXPECT(bench_until(b, 3000, bench_legs_up));
		EXPECT_EQ(b->violations, 0);
		bench_close(b);
	}
}

/* Both at once: nobody is there to take over, so nothing is waited for. */
TEST(maintenance_of_both)
{
	struct bench *b = &bench;

	bench_pair(b, 83, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	maintain(b, 0, true);
	maintain(b, 1, true);
	bench_run(b, 500);
	EXPECT(legs_down(b, 0) && legs_down(b, 1));
	EXPECT(bench_connected(b));
	EXPECT(b->c[0].node->role != b->c[1].node->role);
	maintain(b, 0, false);
	maintain(b, 1, false);
	EXPECT(bench_until(b, 3000, bench_legs_up));
	bench_close(b);
}

TEST(init_delay_holds_the_newcomer)
{
	struct bench *b = &bench;
	struct iccp_config cfg;

	bench_pair(b, 70, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_stop(b, 1);
	bench_run(b, 1000);
	bench_config(b, 1, &cfg);
	cfg.init_delay = 2000;
	bench_start(b, 1, &cfg);
	bench_plug(b, 1, 0, true);
	bench_run(b, 1500);
	EXPECT(bench_connected(b));
	EXPECT_EQ(b->c[1].legs[0].out.hold, ICCP_HOLD_INIT_DELAY);
	EXPECT_EQ(b->c[1].legs[0].out.identity_valid, true);
	bench_run(b, 1000);
	EXPECT_EQ(bench_leg_state(b, 1, 0), ICCP_LEG_UP);
	bench_close(b);
}

TEST(partner_mismatch_holds_the_secondary)
{
	struct bench *b = &bench;

	bench_pair(b, 71, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	b->c[1].legs[2].in.partner_key = 8;
	bench_leg_tell(b, 1, 2);
	bench_run(b, 100);
	EXPECT_EQ(b->c[1].legs[2].out.hold, ICCP_HOLD_PARTNER);
	EXPECT_EQ(bench_leg_state(b, 0, 2), ICCP_LEG_UP);
	b->c[1].legs[2].in.partner_key = 7;
	bench_leg_tell(b, 1, 2);
	bench_run(b, 1500);
	EXPECT_EQ(bench_leg_state(b, 1, 2), ICCP_LEG_UP);
	bench_close(b);
}

/* what the codec of the peer would refuse must not be said: it would be said for ever */
TEST(client_with_a_group_address)
{
	struct bench *b = &bench;

	bench_pair(b, 73, 1024);
	b->c[0].legs[1].in.partner_system[0] |= 1;
	bench_leg_tell(b, 0, 1);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	b->c[0].legs[2].in.partner_system[0] |= 1;
	bench_leg_tell(b, 0, 2);
	bench_run(b, 7000);
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_UP);
	EXPECT_EQ(b->c[0].node->counters[ICCP_C_SESSIONS_LOST], 0);
	EXPECT_EQ(b->c[1].node->drops[ICCP_DROP_VALUE], 0);
	bench_close(b);
}

TEST(key_collision_holds_the_higher)
{
	struct iccp_leg_input in = { .lacp = ICCP_LACP_READY };
	struct iccp_leg_status st;
	struct bench *b = &bench;

	bench_pair(b, 72, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	EXPECT_EQ(iccp_node_leg_set(b->c[0].node, b->now, 0x8000 + bench_id(0),
				    &in), 0);
	EXPECT(iccp_node_leg_find(b->c[0].node, b->now, 0x8000 + bench_id(0),
				  &st));
	EXPECT_EQ(st.hold, ICCP_HOLD_NOT_IN_BRIDGE);
	in.in_bridge = true;
	iccp_node_leg_set(b->c[0].node, b->now, 0x8000 + bench_id(0), &in);
	iccp_node_leg_find(b->c[0].node, b->now, 0x8000 + bench_id(0), &st);
	EXPECT_EQ(st.hold, ICCP_HOLD_KEY_COLLISION);
	iccp_node_leg_del(b->c[0].node, b->now, 0x8000 + bench_id(0));
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_UP);
	bench_close(b);
}

static bool is_leg_data(const u8 *buf, u32 len)
{
	struct iccp_tlv_iter it;
	struct iccp_hdr hdr;
	struct iccp_tlv tlv;
	u32 unknown = 0;

	if (iccp_pdu_check(buf, len, &hdr, &unknown) || hdr.type != ICCP_DATA)
		return false;
	iccp_tlv_first(&it, buf, &hdr);
	while (iccp_tlv_next(&it, &tlv))
		if (tlv.type == ICCP_TLV_LEG || tlv.type == ICCP_TLV_LEG_ACK)
			return true;
	return false;
}

static bool drop_leg_data(struct bench *b, int to, const u8 *buf, u32 len)
{
	(void)b;
	(void)to;
	return is_leg_data(buf, len);
}

/* Leg messages get lost while the peer is alive: the leg stays held. */
TEST(peer_silent)
{
	struct bench *b = &bench;
	struct iccp_leg_status st;
	int i;

	bench_pair(b, 73, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_plug(b, 1, 0, false);
	bench_run(b, 100);
	bench_drop = drop_leg_data;
	bench_plug(b, 1, 0, true);
	for (i = 0; i < 160; i++) {
		bench_step(b);
		EXPECT(bench_leg_state(b, 1, 0) <= ICCP_LEG_PREPARE);
	}
	EXPECT_EQ(b->c[1].legs[0].out.hold, ICCP_HOLD_PEER_SILENT);
	bench_run(b, 500);
	bench_drop = NULL;
	bench_run(b, 1200);
	EXPECT_EQ(bench_leg_state(b, 1, 0), ICCP_LEG_UP);
	iccp_node_leg_find(b->c[1].node, b->now, bench_id(0), &st);
	EXPECT(st.timeouts >= 1);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

/* Leg down: the peer's filter opens, first for what cannot be doubled. */
TEST(leg_down_opens_the_peer)
{
	struct bench *b = &bench;
	u32 filter = MLAGBOND_FILTER_BLOCK;
	int ms = 0;

	bench_pair(b, 74, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_plug(b, 0, 0, false);
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_DOWN);
	while (filter == MLAGBOND_FILTER_BLOCK && ms++ < 100) {
		bench_step(b);
		filter = MLAGBOND_GATE_FILTER(b->c[1].legs[0].out.gate);
	}
	EXPECT_EQ(filter, MLAGBOND_FILTER_KNOWN);
	EXPECT(ms <= 3);
	while (filter == MLAGBOND_FILTER_KNOWN && ms++ < 100) {
		bench_step(b);
		filter = MLAGBOND_GATE_FILTER(b->c[1].legs[0].out.gate);
	}
	EXPECT_EQ(filter, MLAGBOND_FILTER_OPEN);
	EXPECT(ms <= 6);
	bench_close(b);
}

static bool drop_markers(struct bench *b, int to, const u8 *buf, u32 len)
{
	(void)b;
	(void)to;
	(void)len;
	return buf[6] == ICCP_MARKER;
}

TEST(markers_lost)
{
	struct bench *b = &bench;
	u32 filter;
	int ms;

	bench_pair(b, 75, 1024);
	bench_drop = drop_markers;
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_plug(b, 0, 0, false);
	for (ms = 0; ms < 100; ms++) {
		bench_step(b);
		filter = MLAGBOND_GATE_FILTER(b->c[1].legs[0].out.gate);
		if (filter == MLAGBOND_FILTER_OPEN)
			break;
	}
	EXPECT(ms >= 20 && ms < 25);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

/* Random faults on legs over a bad peer-port; then it must come to rest. */
static void chaos(u64 seed, bool power)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	int i, who, n;

	bench_pair(b, seed, 1024);
	b->loss = 50 + bench_random(b, 250);
	b->dup = 50;
	b->jitter = bench_random(b, 30);
	for (i = 0; i < 60; i++) {
		bench_run(b, bench_random(b, 300));
		who = bench_random(b, 2);
		n = bench_random(b, BENCH_LEGS);
		if (b->c[who].on)
			bench_plug(b, who, n, bench_random(b, 3));
		if (!power || bench_random(b, 8))
			continue;
		if (b->c[who].on) {
			bench_stop(b, who);
			continue;
		}
		bench_config(b, who, &cfg);
		bench_start(b, who, &cfg);
	}
	b->loss = 0;
	b->jitter = 2;
	for (who = 0; who < 2; who++) {
		bench_config(b, who, &cfg);
		if (!b->c[who].on)
			bench_start(b, who, &cfg);
		for (n = 0; n < BENCH_LEGS; n++)
			bench_plug(b, who, n, true);
	}
	bench_run(b, 8000);
	EXPECT(bench_connected(b));
	EXPECT(bench_legs_up(b));
	EXPECT_EQ(b->c[0].node->role + b->c[1].node->role,
		  ICCP_ROLE_PRIMARY + ICCP_ROLE_SECONDARY);
	EXPECT_EQ(b->c[0].node->node ^ b->c[1].node->node, 1);
	EXPECT_MEMEQ(b->c[0].node->system, b->c[1].node->system, ETH_ALEN);
	bench_close(b);
}

TEST(chaos_legs)
{
	u64 seed;

	for (seed = 1; seed <= 60 && !ktap_failed; seed++) {
		chaos(seed, false);
		EXPECT_EQ(bench.violations, 0);
		if (ktap_failed)
			printf("# seed %llu\n", seed);
	}
}

TEST(chaos_power)
{
	u64 seed;

	for (seed = 1; seed <= 60 && !ktap_failed; seed++) {
		chaos(1000 + seed, true);
		EXPECT_EQ(bench.violations, 0);
		if (ktap_failed)
			printf("# seed %llu\n", 1000 + seed);
	}
}

static bool drop_to_first(struct bench *b, int to, const u8 *buf, u32 len)
{
	(void)b;
	(void)buf;
	(void)len;
	return to == 0;
}

/*
 * A newcomer told the survivor that its legs are down, and hears no more before
 * it was synced; later the survivor hears no more either. When the newcomer's
 * reload-delay ends, the survivor still passes everything to its own legs.
 */
TEST(newcomer_goes_deaf_while_syncing)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	int i;

	bench_pair(b, 80, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_stop(b, 0);
	bench_run(b, 3000);
	bench_config(b, 0, &cfg);
	cfg.reload_delay = 700;
	bench_start(b, 0, &cfg);
	for (i = 0; i < BENCH_LEGS; i++)
		bench_plug(b, 0, i, true);
	for (i = 0; i < 100; i++) {
		bench_step(b);
		if (b->c[0].node->state == ICCP_STATE_SYNCING)
			bench_drop = drop_to_first;
	}
	EXPECT_EQ(b->c[0].node->state, ICCP_STATE_SYNCING);
	bench_run(b, 480);
	EXPECT_EQ(b->c[0].node->state, ICCP_STATE_SYNCING);
	EXPECT_EQ(MLAGBOND_GATE_FILTER(b->c[1].legs[0].out.gate),
		  MLAGBOND_FILTER_OPEN);
	b->cut[0] = true;
	b->cut[1] = true;
	bench_run(b, 5000);
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_UP);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

/*
 * It starts once more, and is not heard: the survivor still passes everything,
 * because the chassis of before said that its legs are down.
 */
TEST(newcomer_starts_twice)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	int i, n;

	bench_pair(b, 81, 1024);
	EXPECT(bench_until(b, 1000, bench_legs_up));
	bench_stop(b, 0);
	bench_run(b, 3000);
	bench_config(b, 0, &cfg);
	cfg.reload_delay = 100;
	for (n = 0; n < 2; n++) {
		bench_start(b, 0, &cfg);
		for (i = 0; i < BENCH_LEGS; i++)
			bench_plug(b, 0, i, true);
		if (n)
			break;
		for (i = 0; i < 60; i++) {
			bench_step(b);
			if (b->c[0].node->state == ICCP_STATE_SYNCING)
				bench_drop = drop_to_first;
		}
		EXPECT_EQ(MLAGBOND_GATE_FILTER(b->c[1].legs[0].out.gate),
			  MLAGBOND_FILTER_OPEN);
		bench_stop(b, 0);
		b->cut[0] = true;
		b->cut[1] = true;
	}
	bench_run(b, 200);
	EXPECT_EQ(b->c[0].node->state, ICCP_STATE_ALONE);
	bench_run(b, 3000);
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_UP);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}
