// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gates of a leg against the tables of mlag-protocol.rst, written down
 * here a second time as one row per case.
 *
 * cores: mlagbond/core/gate.c
 */
#include <linux/if_ether.h>
#include <linux/types.h>
#include <net/mlagbond_gate.h>

#include "ktap.h"

static const u8 unicast[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 1 };
static const u8 multicast[ETH_ALEN] = { 0x01, 0x00, 0x5e, 0, 0, 1 };
static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const u8 lldp[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e };
static const u8 gmrp[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x20 };

#define CLOSED		MLAGBOND_GATE_HELD
#define RX(r)		MLAGBOND_GATE(MLAGBOND_RX_##r, MLAGBOND_TX_CLOSED, \
				      MLAGBOND_FILTER_BLOCK)
#define TX(t, f)	MLAGBOND_GATE(MLAGBOND_RX_CLOSED, MLAGBOND_TX_##t, \
				      MLAGBOND_FILTER_##f)
#define ON_LEG		MLAGBOND_DST_ON_LEG
#define KNOWN		MLAGBOND_DST_KNOWN
#define FROM_LEG	MLAGBOND_SRC_ON_LEG
#define FROM_ELSEWHERE	MLAGBOND_SRC_ELSEWHERE
#define ANY_SOURCE	(FROM_LEG | FROM_ELSEWHERE)

struct rx_row {
	u32 gate;
	const u8 *dst;
	u32 facts;
	u32 needs;
	enum mlagbond_verdict verdict;
};

static const struct rx_row rx_rows[] = {
	{ RX(CLOSED), unicast, KNOWN, 0, MLAGBOND_DROP_LEG_RX },
	{ RX(CLOSED), broadcast, 0, 0, MLAGBOND_DROP_LEG_RX },
	{ RX(CLOSED), lldp, 0, 0, MLAGBOND_PASS },
	{ RX(KNOWN), unicast, KNOWN, KNOWN, MLAGBOND_PASS },
	{ RX(KNOWN), unicast, 0, KNOWN, MLAGBOND_DROP_LEG_RX },
	{ RX(KNOWN), unicast, ON_LEG, KNOWN, MLAGBOND_DROP_LEG_RX },
	{ RX(KNOWN), multicast, KNOWN, 0, MLAGBOND_DROP_LEG_RX },
	{ RX(KNOWN), broadcast, KNOWN, 0, MLAGBOND_DROP_LEG_RX },
	{ RX(KNOWN), gmrp, 0, 0, MLAGBOND_DROP_LEG_RX },
	{ RX(KNOWN), lldp, 0, 0, MLAGBOND_PASS },
	{ RX(OPEN), unicast, 0, 0, MLAGBOND_PASS },
	{ RX(OPEN), broadcast, 0, 0, MLAGBOND_PASS },
	{ MLAGBOND_GATE_OPEN, multicast, 0, 0, MLAGBOND_PASS },
	{ 0xf, unicast, KNOWN, 0, MLAGBOND_DROP_LEG_RX },
	{ 0xf, lldp, 0, 0, MLAGBOND_PASS },
};

TEST(gate_rx_table)
{
	const struct rx_row *row;
	int i;

	for (i = 0; i < sizeof(rx_rows) / sizeof(rx_rows[0]); i++) {
		row = &rx_rows[i];
		if (!EXPECT_EQ(mlagbond_gate_rx_needs(row->gate, row->dst),
			       row->needs) ||
		    !EXPECT_EQ(mlagbond_gate_rx(row->gate, row->dst,
						row->facts), row->verdict))
			printf("# row %d\n", i);
	}
}

struct tx_row {
	u32 gate;
	const u8 *dst;
	bool from_peer;
	u32 facts;
	u32 needs;
	enum mlagbond_verdict verdict;
};

static const struct tx_row tx_rows[] = {
	/* tx gate alone: frames of our own ports */
	{ TX(CLOSED, OPEN), unicast, false, ON_LEG, 0, MLAGBOND_DROP_LEG_TX },
	{ TX(CLOSED, OPEN), broadcast, false, 0, 0, MLAGBOND_DROP_LEG_TX },
	{ TX(CLOSED, BLOCK), lldp, false, 0, 0, MLAGBOND_PASS },
	{ TX(KNOWN, BLOCK), unicast, false, ON_LEG, ON_LEG, MLAGBOND_PASS },
	{ TX(KNOWN, BLOCK), unicast, false, KNOWN, ON_LEG,
	  MLAGBOND_DROP_LEG_TX },
	{ TX(KNOWN, BLOCK), multicast, false, 0, 0, MLAGBOND_PASS },
	{ TX(KNOWN, BLOCK), broadcast, false, 0, 0, MLAGBOND_PASS },
	{ TX(UNICAST, BLOCK), unicast, false, ON_LEG, ON_LEG, MLAGBOND_PASS },
	{ TX(UNICAST, BLOCK), unicast, false, KNOWN, ON_LEG,
	  MLAGBOND_DROP_LEG_TX },
	{ TX(UNICAST, BLOCK), multicast, false, ON_LEG, 0,
	  MLAGBOND_DROP_LEG_TX },
	{ TX(UNICAST, BLOCK), broadcast, false, 0, 0, MLAGBOND_DROP_LEG_TX },
	{ TX(UNICAST, BLOCK), lldp, false, 0, 0, MLAGBOND_PASS },
	{ TX(OPEN, BLOCK), unicast, false, 0, 0, MLAGBOND_PASS },
	{ TX(OPEN, BLOCK), broadcast, false, FROM_LEG, 0, MLAGBOND_PASS },

	/* split horizon: frames of the peer-port */
	{ TX(OPEN, BLOCK), unicast, true, ON_LEG, 0,
	  MLAGBOND_DROP_SPLIT_HORIZON },
	{ TX(OPEN, BLOCK), broadcast, true, 0, 0,
	  MLAGBOND_DROP_SPLIT_HORIZON },
	{ TX(OPEN, BLOCK), lldp, true, 0, 0, MLAGBOND_PASS },
	{ TX(OPEN, KNOWN), unicast, true, ON_LEG, ON_LEG | FROM_LEG,
	  MLAGBOND_PASS },
	{ TX(OPEN, KNOWN), unicast, true, ON_LEG | FROM_LEG,
	  ON_LEG | FROM_LEG, MLAGBOND_DROP_ECHO },
	{ TX(OPEN, KNOWN), unicast, true, 0, ON_LEG | FROM_LEG,
	  MLAGBOND_DROP_SPLIT_HORIZON },
	{ TX(OPEN, KNOWN), broadcast, true, ON_LEG, 0,
	  MLAGBOND_DROP_SPLIT_HORIZON },
	{ TX(OPEN, ELSEWHERE), broadcast, true, 0, ANY_SOURCE,
	  MLAGBOND_DROP_ECHO },
	{ TX(OPEN, ELSEWHERE), broadcast, true, FROM_ELSEWHERE, ANY_SOURCE,
	  MLAGBOND_PASS },
	{ TX(OPEN, ELSEWHERE), broadcast, true, ANY_SOURCE, ANY_SOURCE,
	  MLAGBOND_DROP_ECHO },
	{ TX(OPEN, ELSEWHERE), unicast, true, FROM_ELSEWHERE,
	  ANY_SOURCE | ON_LEG, MLAGBOND_PASS },
	{ TX(OPEN, ELSEWHERE), unicast, true, ON_LEG, ANY_SOURCE | ON_LEG,
	  MLAGBOND_PASS },
	{ TX(OPEN, ELSEWHERE), unicast, true, 0, ANY_SOURCE | ON_LEG,
	  MLAGBOND_DROP_ECHO },
	{ TX(OPEN, ELSEWHERE), unicast, true, ON_LEG | FROM_LEG,
	  ANY_SOURCE | ON_LEG, MLAGBOND_DROP_ECHO },
	{ TX(OPEN, NO_ECHO), unicast, true, 0, FROM_LEG, MLAGBOND_PASS },
	{ TX(OPEN, NO_ECHO), broadcast, true, 0, FROM_LEG, MLAGBOND_PASS },
	{ TX(OPEN, NO_ECHO), unicast, true, FROM_LEG, FROM_LEG,
	  MLAGBOND_DROP_ECHO },
	{ TX(OPEN, NO_ECHO), broadcast, true, FROM_LEG, FROM_LEG,
	  MLAGBOND_DROP_ECHO },
	{ TX(OPEN, OPEN), broadcast, true, FROM_LEG, 0, MLAGBOND_PASS },

	/* both: the tx gate speaks first */
	{ TX(CLOSED, BLOCK), unicast, true, ON_LEG, 0, MLAGBOND_DROP_LEG_TX },
	{ TX(CLOSED, NO_ECHO), unicast, true, FROM_LEG, 0,
	  MLAGBOND_DROP_LEG_TX },
	{ TX(KNOWN, NO_ECHO), unicast, true, 0, ON_LEG | FROM_LEG,
	  MLAGBOND_DROP_LEG_TX },
	{ TX(KNOWN, NO_ECHO), unicast, true, ON_LEG, ON_LEG | FROM_LEG,
	  MLAGBOND_PASS },
	{ TX(KNOWN, BLOCK), broadcast, true, 0, 0,
	  MLAGBOND_DROP_SPLIT_HORIZON },

	/* an ordinary bond */
	{ MLAGBOND_GATE_OPEN, unicast, true, 0, 0, MLAGBOND_PASS },
	{ MLAGBOND_GATE_OPEN, broadcast, false, 0, 0, MLAGBOND_PASS },

	/* values nobody sets keep the leg shut */
	{ 0xff0, unicast, false, ON_LEG, 0, MLAGBOND_DROP_LEG_TX },
	{ 0xf30, unicast, true, ON_LEG, 0, MLAGBOND_DROP_SPLIT_HORIZON },
};

TEST(gate_tx_table)
{
	const struct tx_row *row;
	int i;

	for (i = 0; i < sizeof(tx_rows) / sizeof(tx_rows[0]); i++) {
		row = &tx_rows[i];
		if (!EXPECT_EQ(mlagbond_gate_tx_needs(row->gate, row->dst,
						      row->from_peer),
			       row->needs) ||
		    !EXPECT_EQ(mlagbond_gate_tx(row->gate, row->dst,
						row->from_peer, row->facts),
			       row->verdict))
			printf("# row %d\n", i);
	}
}

/* The verdict depends on no fact that was not asked for. */
TEST(gate_asks_for_all_it_uses)
{
	static const u8 *const dsts[] = { unicast, multicast, broadcast, lldp };
	u32 gate, facts, needs;
	int d, peer;

	for (gate = 0; gate < 0x1000; gate++) {
		for (d = 0; d < 4; d++) {
			needs = mlagbond_gate_rx_needs(gate, dsts[d]);
			for (facts = 0; facts < 8; facts++)
				ASSERT_EQ(mlagbond_gate_rx(gate, dsts[d],
							   facts),
					  mlagbond_gate_rx(gate, dsts[d],
							   facts & needs));
		}
		for (d = 0; d < 8; d++) {
			peer = d & 1;
			needs = mlagbond_gate_tx_needs(gate, dsts[d / 2], peer);
			for (facts = 0; facts < 8; facts++)
				ASSERT_EQ(mlagbond_gate_tx(gate, dsts[d / 2],
							   peer, facts),
					  mlagbond_gate_tx(gate, dsts[d / 2],
							   peer,
							   facts & needs));
		}
	}
}
