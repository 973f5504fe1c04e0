/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an MLAG leg lets through, as one word.
 *
 * mlag_iccp decides the three parts, mlagbond enforces them in its data path; the decision for one
 * frame is a pure function, so that the simulator uses the very same code.
 */
#ifndef _NET_MLAGBOND_GATE_H
#define _NET_MLAGBOND_GATE_H

#include <linux/types.h>

/**
 * enum mlagbond_rx_gate - what is taken from the client on this leg
 * @MLAGBOND_RX_CLOSED: nothing but link-local control frames
 * @MLAGBOND_RX_KNOWN: unicast whose destination is known and not behind this leg
 * @MLAGBOND_RX_OPEN: everything
 */
enum mlagbond_rx_gate {
	MLAGBOND_RX_CLOSED,
	MLAGBOND_RX_KNOWN,
	MLAGBOND_RX_OPEN,
};

/**
 * enum mlagbond_tx_gate - what this leg sends to the client
 * @MLAGBOND_TX_CLOSED: nothing but link-local control frames
 * @MLAGBOND_TX_UNICAST: unicast the bridge has installed on this leg
 * @MLAGBOND_TX_KNOWN: multicast, and unicast the bridge has installed on this leg
 * @MLAGBOND_TX_OPEN: everything
 */
enum mlagbond_tx_gate {
	MLAGBOND_TX_CLOSED,
	MLAGBOND_TX_UNICAST,
	MLAGBOND_TX_KNOWN,
	MLAGBOND_TX_OPEN,
};

/**
 * enum mlagbond_filter - what passes from the peer-port to this leg (split horizon)
 * @MLAGBOND_FILTER_BLOCK: nothing
 * @MLAGBOND_FILTER_KNOWN: unicast installed on this leg whose source is not behind this leg
 * @MLAGBOND_FILTER_ELSEWHERE: the same, and everything whose source is known to live elsewhere
 * @MLAGBOND_FILTER_NO_ECHO: everything whose source is not behind this leg
 * @MLAGBOND_FILTER_OPEN: everything
 */
enum mlagbond_filter {
	MLAGBOND_FILTER_BLOCK,
	MLAGBOND_FILTER_KNOWN,
	MLAGBOND_FILTER_ELSEWHERE,
	MLAGBOND_FILTER_NO_ECHO,
	MLAGBOND_FILTER_OPEN,
};

/* Facts about a frame's addresses, answered by the FDB only when a gate needs them. */
#define MLAGBOND_DST_ON_LEG	0x1	/* bridge has the destination installed on this leg */
#define MLAGBOND_DST_KNOWN	0x2	/* destination known, and not behind this leg */
#define MLAGBOND_SRC_ON_LEG	0x4	/* source lives behind this mlag-id, on either chassis */
#define MLAGBOND_SRC_ELSEWHERE	0x8	/* source is known, and lives behind something else */
#define MLAGBOND_SRC_IS_PEER	0x10	/* source is the peer's own bridge */

/**
 * enum mlagbond_verdict - fate of one frame at the gates of a leg
 * @MLAGBOND_PASS: goes on
 * @MLAGBOND_DROP_LEG_RX: rx gate
 * @MLAGBOND_DROP_LEG_TX: tx gate
 * @MLAGBOND_DROP_SPLIT_HORIZON: from the peer-port, and the peer's leg has it (filter)
 * @MLAGBOND_DROP_ECHO: from the peer-port, would return to its own sender
 */
enum mlagbond_verdict {
	MLAGBOND_PASS,
	MLAGBOND_DROP_LEG_RX,
	MLAGBOND_DROP_LEG_TX,
	MLAGBOND_DROP_SPLIT_HORIZON,
	MLAGBOND_DROP_ECHO,
};

#define MLAGBOND_GATE(rx, tx, filter)	((u32)(rx) | (u32)(tx) << 4 | (u32)(filter) << 8)
#define MLAGBOND_GATE_RX(gate)		((gate) & 0xf)
#define MLAGBOND_GATE_TX(gate)		((gate) >> 4 & 0xf)
#define MLAGBOND_GATE_FILTER(gate)	((gate) >> 8 & 0xf)

/* A bond that is no leg: all open, compares equal in one instruction. */
#define MLAGBOND_GATE_OPEN \
	MLAGBOND_GATE(MLAGBOND_RX_OPEN, MLAGBOND_TX_OPEN, MLAGBOND_FILTER_OPEN)
/* A leg nobody manages: held. */
#define MLAGBOND_GATE_HELD \
	MLAGBOND_GATE(MLAGBOND_RX_CLOSED, MLAGBOND_TX_CLOSED, MLAGBOND_FILTER_BLOCK)

/* drivers/net/mlagbond/core/gate.c; @dst and @known as in the kernel-doc there */
u32 mlagbond_gate_rx_needs(u32 gate, const u8 *dst);
u32 mlagbond_gate_tx_needs(u32 gate, const u8 *dst, bool from_peer);
enum mlagbond_verdict mlagbond_gate_rx(u32 gate, const u8 *dst, u32 known);
enum mlagbond_verdict mlagbond_gate_tx(u32 gate, const u8 *dst, bool from_peer,
				       u32 known);

#endif /* _NET_MLAGBOND_GATE_H */
