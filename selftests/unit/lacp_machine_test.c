// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machines one by one, against the state tables of IEEE 802.1AX-2014: a
 * row says where a machine stands, what it is given, and where it must go.
 *
 * cores: mlagbond/core/lacp*.c
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "ktap.h"
#include "mlagbond/core/lacp_priv.h"

static struct lacp_sys sys;
static struct lacp_port port;

#define NOW	100000

static void setup(void)
{
	struct lacp_config cfg = {
		.fast = true,
		.active = true,
		.strict = true,
		.wait_ms = 2000,
		.system_prio = 7,
		.system = { 2, 0, 0, 0, 0, 1 },
	};
	struct lacp_link link = { .up = true, .speed = 1000 };

	lacp_sys_init(&sys, &cfg);
	EXPECT_EQ(lacp_port_add(&sys, &port, 1, 255, NOW), 0);
	lacp_port_link(&port, &link);
}

static struct lacpdu pdu_from(u8 system, u8 state)
{
	struct lacpdu pdu = {
		.version = 1,
		.actor = {
			.system = { 2, 0, 0, 0, 0, system },
			.system_prio = 9,
			.key = 3,
			.port = 4,
			.port_prio = 5,
			.state = state,
		},
		.partner = port.actor,
	};

	return pdu;
}

/* Mux: 6.4.15, figure 6-21 (independent) and 6-22 (coupled) */

enum { OFF, ON };

struct mux_row {
	u8 mux;
	u8 selected;
	bool sync;
	bool collects;
	bool hold;
	u8 next;		/* independent control */
	u8 next_coupled;
};

#define MUX(state)	LACP_MUX_##state

static const struct mux_row mux_rows[] = {
	{ MUX(DETACHED), LACP_UNSELECTED, ON, ON, OFF,
	  MUX(DETACHED), MUX(DETACHED) },
	{ MUX(DETACHED), LACP_STANDBY, ON, ON, OFF,
	  MUX(WAITING), MUX(WAITING) },
	{ MUX(DETACHED), LACP_SELECTED, OFF, OFF, OFF,
	  MUX(WAITING), MUX(WAITING) },
	{ MUX(DETACHED), LACP_SELECTED, OFF, OFF, ON,
	  MUX(WAITING), MUX(WAITING) },

	{ MUX(WAITING), LACP_UNSELECTED, ON, ON, OFF,
	  MUX(DETACHED), MUX(DETACHED) },
	{ MUX(WAITING), LACP_STANDBY, ON, ON, OFF,
	  MUX(WAITING), MUX(WAITING) },
	{ MUX(WAITING), LACP_SELECTED, OFF, OFF, OFF,
	  MUX(ATTACHED), MUX(ATTACHED) },
	{ MUX(WAITING), LACP_SELECTED, ON, ON, ON,
	  MUX(WAITING), MUX(WAITING) },

	{ MUX(ATTACHED), LACP_UNSELECTED, ON, ON, OFF,
	  MUX(DETACHED), MUX(DETACHED) },
	{ MUX(ATTACHED), LACP_STANDBY, ON, ON, OFF,
	  MUX(DETACHED), MUX(DETACHED) },
	{ MUX(ATTACHED), LACP_SELECTED, ON, ON, ON,
	  MUX(DETACHED), MUX(DETACHED) },
	{ MUX(ATTACHED), LACP_SELECTED, OFF, ON, OFF,
	  MUX(ATTACHED), MUX(ATTACHED) },
	{ MUX(ATTACHED), LACP_SELECTED, ON, OFF, OFF,
	  MUX(COLLECTING), MUX(COLLECTING) },

	{ MUX(COLLECTING), LACP_UNSELECTED, ON, ON, OFF,
	  MUX(ATTACHED), MUX(ATTACHED) },
	{ MUX(COLLECTING), LACP_STANDBY, ON, ON, OFF,
	  MUX(ATTACHED), MUX(ATTACHED) },
	{ MUX(COLLECTING), LACP_SELECTED, ON, ON, ON,
	  MUX(ATTACHED), MUX(ATTACHED) },
	{ MUX(COLLECTING), LACP_SELECTED, OFF, ON, OFF,
	  MUX(ATTACHED), MUX(ATTACHED) },
	{ MUX(COLLECTING), LACP_SELECTED, ON, OFF, OFF,
	  MUX(COLLECTING), MUX(DISTRIBUTING) },
	{ MUX(COLLECTING), LACP_SELECTED, ON, ON, OFF,
	  MUX(DISTRIBUTING), MUX(DISTRIBUTING) },

	{ MUX(DISTRIBUTING), LACP_UNSELECTED, ON, ON, OFF,
	  MUX(COLLECTING), MUX(COLLECTING) },
	{ MUX(DISTRIBUTING), LACP_STANDBY, ON, ON, OFF,
	  MUX(COLLECTING), MUX(COLLECTING) },
	{ MUX(DISTRIBUTING), LACP_SELECTED, ON, ON, ON,
	  MUX(COLLECTING), MUX(COLLECTING) },
	{ MUX(DISTRIBUTING), LACP_SELECTED, OFF, ON, OFF,
	  MUX(COLLECTING), MUX(COLLECTING) },
	{ MUX(DISTRIBUTING), LACP_SELECTED, ON, OFF, OFF,
	  MUX(COLLECTING), MUX(DISTRIBUTING) },
	{ MUX(DISTRIBUTING), LACP_SELECTED, ON, ON, OFF,
	  MUX(DISTRIBUTING), MUX(DISTRIBUTING) },
};

static u8 mux_state(u8 mux)
{
	u8 state = 0;

	if (mux >= LACP_MUX_ATTACHED)
		state |= LACP_SYNC;
	if (mux >= LACP_MUX_COLLECTING)
		state |= LACP_COLLECTING;
	if (mux == LACP_MUX_DISTRIBUTING)
		state |= LACP_DISTRIBUTING;
	return state;
}

static void check_mux(const struct mux_row *row, bool coupled, int nr)
{
	const u8 bits = LACP_SYNC | LACP_COLLECTING | LACP_DISTRIBUTING;
	u8 next = coupled ? row->next_coupled : row->next;
	bool moved, ok;

	setup();
	sys.cfg.coupled = coupled;
	sys.leg = row->hold || !coupled; /* a leg is never coupled */
	sys.hold = row->hold;
	port.mux = row->mux;
	port.selected = row->selected;
	port.ready = true;
	port.agg = 0;
	port.actor.state &= ~bits;
	port.actor.state |= mux_state(row->mux);
	port.partner.state = (row->sync ? LACP_SYNC : 0) |
			     (row->collects ? LACP_COLLECTING : 0);
	port.ntt = false;
	moved = lacp_mux_step(&port, NOW);

	ok = EXPECT_EQ(port.mux, next) &&
	     EXPECT_EQ(moved, next != row->mux) &&
	     EXPECT_EQ(port.actor.state & bits, mux_state(next));
	/* what the partner has to know, it is told */
	if (moved && next != LACP_MUX_WAITING && next != LACP_MUX_DISTRIBUTING)
		ok &= EXPECT(port.ntt);
	if (!ok)
		printf("# row %d, %s\n", nr, coupled ? "coupled" : "independent");
}

TEST(mux_table)
{
	int i;

	for (i = 0; i < sizeof(mux_rows) / sizeof(mux_rows[0]); i++) {
		check_mux(&mux_rows[i], false, i);
		check_mux(&mux_rows[i], true, i);
	}
}

TEST(mux_wait_while)
{
	struct lacp_port other;
	struct lacp_link link = { .up = true, .speed = 1000 };

	setup();
	/* another port that may join */
	EXPECT_EQ(lacp_port_add(&sys, &other, 2, 255, NOW), 0);
	lacp_port_link(&other, &link);
	while (lacp_rx_step(&other, NOW))
		;
	EXPECT_EQ(other.rx, LACP_RX_EXPIRED);
	port.selected = LACP_SELECTED;
	port.agg = 0;
	EXPECT(lacp_mux_step(&port, NOW));
	EXPECT_EQ(port.mux, LACP_MUX_WAITING);
	EXPECT(!lacp_mux_step(&port, NOW + 1999));
	EXPECT(lacp_mux_step(&port, NOW + 2000));
	EXPECT(port.ready && lacp_mux_is_ready(&port));

	/* one that waits in the same aggregator holds up the rest: Ready */
	other.selected = LACP_SELECTED;
	other.agg = 0;
	other.mux = LACP_MUX_WAITING;
	other.wait_while = NOW + 9000;
	EXPECT(!lacp_mux_step(&port, NOW + 2001));
	other.ready = true;
	EXPECT(lacp_mux_step(&port, NOW + 2001));
	EXPECT_EQ(port.mux, LACP_MUX_ATTACHED);
}

/* Receive: 6.4.12, figure 6-18 */

TEST(rx_first_word_of_partner)
{
	struct lacpdu pdu;

	setup();
	EXPECT_EQ(port.rx, LACP_RX_INITIALIZE);
	EXPECT(lacp_rx_step(&port, NOW));
	EXPECT_EQ(port.rx, LACP_RX_PORT_DISABLED);
	EXPECT(lacp_rx_step(&port, NOW));
	EXPECT_EQ(port.rx, LACP_RX_EXPIRED);
	EXPECT(!lacp_rx_step(&port, NOW + 2999));
	EXPECT(port.actor.state & LACP_EXPIRED);
	EXPECT(port.actor.state & LACP_DEFAULTED);
	EXPECT(port.partner.state & LACP_TIMEOUT);

	pdu = pdu_from(9, LACP_ACTIVITY | LACP_AGGREGATION);
	lacp_rx_pdu(&port, &pdu, NOW + 100);
	EXPECT_EQ(port.rx, LACP_RX_CURRENT);
	EXPECT(!(port.actor.state & (LACP_EXPIRED | LACP_DEFAULTED)));
	EXPECT_EQ(port.current_while, NOW + 100 + LACP_SHORT_TIMEOUT_MS);
	EXPECT_EQ(port.partner.key, 3);
	EXPECT_EQ(port.partner.port, 4);
}

TEST(rx_current_expires_defaults)
{
	struct lacpdu pdu;

	setup();
	pdu = pdu_from(9, LACP_ACTIVITY | LACP_AGGREGATION | LACP_SYNC);
	lacp_rx_pdu(&port, &pdu, NOW);
	EXPECT(port.partner.state & LACP_SYNC);
	port.selected = LACP_SELECTED;

	EXPECT(!lacp_rx_step(&port, NOW + 2999));
	EXPECT(lacp_rx_step(&port, NOW + 3000));
	EXPECT_EQ(port.rx, LACP_RX_EXPIRED);
	EXPECT(!(port.partner.state & LACP_SYNC));
	EXPECT(port.partner.state & LACP_TIMEOUT);
	EXPECT_EQ(port.partner.system[5], 9);
	EXPECT_EQ(port.selected, LACP_SELECTED);

	EXPECT(!lacp_rx_step(&port, NOW + 5999));
	EXPECT(lacp_rx_step(&port, NOW + 6000));
	EXPECT_EQ(port.rx, LACP_RX_DEFAULTED);
	EXPECT_EQ(port.selected, LACP_UNSELECTED);
	EXPECT_EQ(port.partner.system[5], 0);
	EXPECT(!lacp_rx_step(&port, NOW + 1000000));

	lacp_rx_pdu(&port, &pdu, NOW + 1000000);
	EXPECT_EQ(port.rx, LACP_RX_CURRENT);
}

TEST(rx_long_timeout)
{
	struct lacpdu pdu;

	setup();
	sys.cfg.fast = false;
	lacp_sys_config(&sys, &sys.cfg);
	pdu = pdu_from(9, LACP_ACTIVITY);
	lacp_rx_pdu(&port, &pdu, NOW);
	EXPECT(!lacp_rx_step(&port, NOW + 89999));
	EXPECT(lacp_rx_step(&port, NOW + 90000));
	EXPECT_EQ(port.rx, LACP_RX_EXPIRED);
	/* short from here on, whatever the rate */
	EXPECT(lacp_rx_step(&port, NOW + 93000));
	EXPECT_EQ(port.rx, LACP_RX_DEFAULTED);
}

TEST(rx_port_disabled_keeps_partner)
{
	struct lacp_link link = {};
	struct lacpdu pdu;

	setup();
	pdu = pdu_from(9, LACP_ACTIVITY | LACP_SYNC | LACP_AGGREGATION);
	lacp_rx_pdu(&port, &pdu, NOW);
	port.selected = LACP_SELECTED;
	lacp_port_link(&port, &link);
	EXPECT(lacp_rx_step(&port, NOW));
	EXPECT_EQ(port.rx, LACP_RX_PORT_DISABLED);
	EXPECT_EQ(port.selected, LACP_SELECTED);
	EXPECT_EQ(port.partner.system[5], 9);
	EXPECT(!(port.partner.state & LACP_SYNC));
	EXPECT(!lacp_rx_step(&port, NOW + 1000000));
	/* nothing is heard without link */
	lacp_rx_pdu(&port, &pdu, NOW);
	EXPECT_EQ(port.rx, LACP_RX_PORT_DISABLED);
	EXPECT_EQ(port.stats.ignored_rx, 1);
}

TEST(rx_lacp_disabled)
{
	struct lacp_link link = { .up = true, .speed = 10,
				  .half_duplex = true };

	setup();
	lacp_port_link(&port, &link);
	while (lacp_rx_step(&port, NOW))
		;
	EXPECT_EQ(port.rx, LACP_RX_LACP_DISABLED);
	link.half_duplex = false;
	lacp_port_link(&port, &link);
	while (lacp_rx_step(&port, NOW))
		;
	EXPECT_EQ(port.rx, LACP_RX_EXPIRED);
}

/* update_Selected: one row for each value that is part of the identity */
TEST(rx_update_selected)
{
	struct lacpdu pdu, changed;
	int what;

	for (what = 0; what < 8; what++) {
		setup();
		pdu = pdu_from(9, LACP_ACTIVITY | LACP_AGGREGATION);
		lacp_rx_pdu(&port, &pdu, NOW);
		port.selected = LACP_SELECTED;
		changed = pdu;
		changed.actor.system[5] += what == 1;
		changed.actor.system_prio += what == 2;
		changed.actor.key += what == 3;
		changed.actor.port += what == 4;
		changed.actor.port_prio += what == 5;
		changed.actor.state ^= what == 6 ? LACP_AGGREGATION : 0;
		changed.actor.state ^= what == 7 ? LACP_ACTIVITY | LACP_SYNC |
						   LACP_COLLECTING : 0;
		lacp_rx_pdu(&port, &changed, NOW);
		EXPECT_EQ(port.selected, what >= 1 && what <= 6 ?
			  LACP_UNSELECTED : LACP_SELECTED);
	}
}

/* update_NTT: the partner's idea of us must be right in these, and no others */
TEST(rx_update_ntt)
{
	struct lacpdu pdu;
	int what;

	for (what = 0; what < 16; what++) {
		setup();
		pdu = pdu_from(9, LACP_ACTIVITY);
		lacp_rx_pdu(&port, &pdu, NOW);
		port.ntt = false;
		pdu.partner = port.actor;
		pdu.partner.system[0] ^= what == 1;
		pdu.partner.system_prio += what == 2;
		pdu.partner.key += what == 3;
		pdu.partner.port += what == 4;
		pdu.partner.port_prio += what == 5;
		if (what >= 8)
			pdu.partner.state ^= BIT(what - 8);
		lacp_rx_pdu(&port, &pdu, NOW);
		/* Activity, Timeout, Aggregation, Synchronization */
		EXPECT_EQ(port.ntt, (what >= 1 && what <= 5) ||
				    (what >= 8 && what <= 11));
	}
}

/* recordPDU: when is the partner taken to be in sync? */
TEST(rx_partner_sync)
{
	struct lacpdu pdu;

	setup();
	pdu = pdu_from(9, LACP_ACTIVITY | LACP_AGGREGATION | LACP_SYNC);
	lacp_rx_pdu(&port, &pdu, NOW);
	EXPECT(port.partner.state & LACP_SYNC);

	/* it takes us for somebody else */
	pdu.partner.key++;
	lacp_rx_pdu(&port, &pdu, NOW);
	EXPECT(!(port.partner.state & LACP_SYNC));

	/* which does not matter to an individual link */
	pdu.actor.state &= ~LACP_AGGREGATION;
	lacp_rx_pdu(&port, &pdu, NOW);
	EXPECT(port.partner.state & LACP_SYNC);

	/* nobody would keep LACP going */
	pdu.actor.state &= ~LACP_ACTIVITY;
	pdu.partner.state &= ~LACP_ACTIVITY;
	lacp_rx_pdu(&port, &pdu, NOW);
	EXPECT(!(port.partner.state & LACP_SYNC));
	/* but for us, and it knows that */
	pdu.partner.state |= LACP_ACTIVITY;
	lacp_rx_pdu(&port, &pdu, NOW);
	EXPECT(port.partner.state & LACP_SYNC);
}

/* Periodic Transmission: 6.4.13, figure 6-19 */

TEST(periodic_machine)
{
	setup();
	port.partner.state = LACP_ACTIVITY | LACP_TIMEOUT;
	lacp_periodic_step(&port, NOW);
	EXPECT_EQ(port.periodic, LACP_PERIODIC_FAST);
	EXPECT_EQ(port.periodic_at, NOW + 1000);
	port.ntt = false;
	lacp_periodic_step(&port, NOW + 999);
	EXPECT(!port.ntt);
	lacp_periodic_step(&port, NOW + 1000);
	EXPECT(port.ntt);
	EXPECT_EQ(port.periodic_at, NOW + 2000);

	/* the partner wants it slow */
	port.ntt = false;
	port.partner.state &= ~LACP_TIMEOUT;
	lacp_periodic_step(&port, NOW + 1500);
	EXPECT_EQ(port.periodic, LACP_PERIODIC_SLOW);
	EXPECT_EQ(port.periodic_at, NOW + 31500);
	EXPECT(!port.ntt);
	lacp_periodic_step(&port, NOW + 31500);
	EXPECT(port.ntt);

	/* and fast again: at once */
	port.ntt = false;
	port.partner.state |= LACP_TIMEOUT;
	lacp_periodic_step(&port, NOW + 32000);
	EXPECT(port.ntt);
	EXPECT_EQ(port.periodic, LACP_PERIODIC_FAST);

	/* both passive, or no link: silence */
	port.partner.state &= ~LACP_ACTIVITY;
	port.actor.state &= ~LACP_ACTIVITY;
	lacp_periodic_step(&port, NOW + 32500);
	EXPECT_EQ(port.periodic, LACP_PERIODIC_NONE);
	EXPECT_EQ(port.periodic_at, LACP_NEVER);
	port.actor.state |= LACP_ACTIVITY;
	lacp_periodic_step(&port, NOW + 33000);
	EXPECT_EQ(port.periodic, LACP_PERIODIC_FAST);
	port.enabled = false;
	lacp_periodic_step(&port, NOW + 33500);
	EXPECT_EQ(port.periodic, LACP_PERIODIC_NONE);
}

/* Transmit: 6.4.16, three in a Fast_Periodic_Time */

static bool wants_tx(u64 now)
{
	bool sent;

	port.ntt = true;
	lacp_tx_step(&port, now);
	sent = port.todo & LACP_TODO_TX;
	port.todo = 0;
	return sent;
}

TEST(tx_rate_limit)
{
	setup();
	lacp_periodic_step(&port, NOW);
	EXPECT(wants_tx(NOW));
	EXPECT(wants_tx(NOW + 1));
	EXPECT(wants_tx(NOW + 400));
	EXPECT(!wants_tx(NOW + 401));
	EXPECT_EQ(lacp_tx_deadline(&port), NOW + 1000);
	EXPECT(!wants_tx(NOW + 999));
	EXPECT(wants_tx(NOW + 1000));
	EXPECT(wants_tx(NOW + 1001));
	EXPECT(!wants_tx(NOW + 1002));
	EXPECT_EQ(lacp_tx_deadline(&port), NOW + 1400);
	EXPECT_EQ(port.stats.tx_delayed, 1);
	EXPECT(wants_tx(NOW + 1400));
	EXPECT_EQ(lacp_tx_deadline(&port), LACP_NEVER);
}

TEST(tx_not_taken_yet)
{
	setup();
	lacp_periodic_step(&port, NOW);
	port.ntt = true;
	lacp_tx_step(&port, NOW);
	EXPECT(port.todo & LACP_TODO_TX);
	/* more news before the first LACPDU is built: one LACPDU says it all */
	port.ntt = true;
	lacp_tx_step(&port, NOW + 1);
	EXPECT(!port.ntt);
	port.todo = 0;
	EXPECT(wants_tx(NOW + 2));
	EXPECT(wants_tx(NOW + 3));
	EXPECT(!wants_tx(NOW + 4));
}

TEST(tx_not_in_no_periodic)
{
	setup();
	port.actor.state &= ~LACP_ACTIVITY;
	lacp_periodic_step(&port, NOW);
	EXPECT(!wants_tx(NOW));
	EXPECT(!port.ntt);
}

/* Keys: 6.3.5 */

TEST(keys)
{
	static const struct {
		u32 speed;
		bool half;
		u16 user;
		u16 key;
	} rows[] = {
		{ 0, false, 0, 1 },
		{ 10, true, 0, 2 << 1 },
		{ 10, false, 0, 2 << 1 | 1 },
		{ 1000, false, 0, 4 << 1 | 1 },
		{ 10000, false, 0, 15 },
		{ 100000, false, 1, 15 << 1 | 1 | 1 << 6 },
		{ 800000, false, 1023, 18 << 1 | 1 | 1023 << 6 },
		{ 1600000, false, 0, 19 << 1 | 1 },
		{ 12345, false, 0, 31 << 1 | 1 },
	};
	struct lacp_link link = { .up = true };
	int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setup();
		sys.cfg.user_key = rows[i].user;
		link.speed = rows[i].speed;
		link.half_duplex = rows[i].half;
		lacp_port_link(&port, &link);
		EXPECT_EQ(port.actor.key, rows[i].key);
	}
}

/* Names: one for each state, and none that is missing */

static void check_names(const char *(*name)(u8 value), int count)
{
	int i;

	for (i = 0; i < count; i++)
		EXPECT(name(i) && strcmp(name(i), "unknown"));
	EXPECT_STREQ(name(count), "unknown");
	EXPECT_STREQ(name(255), "unknown");
}

TEST(names)
{
	check_names(lacp_rx_name, LACP_RX_STATES);
	check_names(lacp_periodic_name, LACP_PERIODIC_STATES);
	check_names(lacp_mux_name, LACP_MUX_STATES);
	check_names(lacp_selected_name, LACP_SELECTED_STATES);
	check_names(lacp_churn_name, LACP_CHURN_STATES);
	check_names(lacp_progress_name, LACP_PROGRESS_STATES);
	check_names(lacp_event_name, LACP_EVENTS);
}
