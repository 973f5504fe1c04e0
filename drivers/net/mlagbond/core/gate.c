// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gates of an MLAG leg: may this frame be taken from, or sent to, the
 * client? In come the gate word and the addresses, then the facts the FDB was
 * asked for; out goes a verdict. Called for every frame of a leg, no state.
 */
#include <linux/if_ether.h>
#include <linux/types.h>
#include <net/mlagbond_gate.h>

static bool is_group(const u8 *dst)
{
	return dst[0] & 1;
}

/* 01:80:C2:00:00:00 to :0F never leave the segment: IEEE 802.1Q 8.6.3 */
static bool is_link_local(const u8 *dst)
{
	return dst[0] == 0x01 && dst[1] == 0x80 && dst[2] == 0xc2 &&
	       dst[3] == 0x00 && dst[4] == 0x00 && (dst[5] & 0xf0) == 0x00;
}

/**
 * mlagbond_gate_rx_needs - facts that mlagbond_gate_rx() wants for a frame
 * @gate: MLAGBOND_GATE() of the leg
 * @dst: destination address of the frame
 *
 * Return: MLAGBOND_DST_* to look up, 0 if the gate alone decides.
 */
u32 mlagbond_gate_rx_needs(u32 gate, const u8 *dst)
{
	if (MLAGBOND_GATE_RX(gate) != MLAGBOND_RX_KNOWN || is_group(dst))
		return 0;
	return MLAGBOND_DST_KNOWN;
}

/**
 * mlagbond_gate_rx - may this frame be taken from the client?
 * @gate: MLAGBOND_GATE() of the leg
 * @dst: destination address of the frame
 * @known: answer to mlagbond_gate_rx_needs()
 *
 * Return: MLAGBOND_PASS or MLAGBOND_DROP_LEG_RX.
 */
enum mlagbond_verdict mlagbond_gate_rx(u32 gate, const u8 *dst, u32 known)
{
	if (is_link_local(dst))
		return MLAGBOND_PASS;
	switch (MLAGBOND_GATE_RX(gate)) {
	case MLAGBOND_RX_OPEN:
		return MLAGBOND_PASS;
	case MLAGBOND_RX_KNOWN:
		if (!is_group(dst) && known & MLAGBOND_DST_KNOWN)
			return MLAGBOND_PASS;
		return MLAGBOND_DROP_LEG_RX;
	default:
		return MLAGBOND_DROP_LEG_RX;
	}
}

static u32 filter_needs(u32 gate, const u8 *dst)
{
	switch (MLAGBOND_GATE_FILTER(gate)) {
	case MLAGBOND_FILTER_KNOWN:
		if (is_group(dst))
			return 0;
		return MLAGBOND_DST_ON_LEG | MLAGBOND_SRC_ON_LEG;
	case MLAGBOND_FILTER_ELSEWHERE:
		return MLAGBOND_SRC_ON_LEG | MLAGBOND_SRC_ELSEWHERE |
		       (is_group(dst) ? 0 : MLAGBOND_DST_ON_LEG);
	case MLAGBOND_FILTER_NO_ECHO:
		return MLAGBOND_SRC_ON_LEG;
	default:
		return 0;
	}
}

static u32 tx_needs(u32 gate, const u8 *dst)
{
	switch (MLAGBOND_GATE_TX(gate)) {
	case MLAGBOND_TX_UNICAST:
	case MLAGBOND_TX_KNOWN:
		return is_group(dst) ? 0 : MLAGBOND_DST_ON_LEG;
	default:
		return 0;
	}
}

/**
 * mlagbond_gate_tx_needs - facts that mlagbond_gate_tx() wants for a frame
 * @gate: MLAGBOND_GATE() of the leg
 * @dst: destination address of the frame
 * @from_peer: the frame came in on the peer-port
 *
 * Return: MLAGBOND_DST_* and MLAGBOND_SRC_* to look up, 0 if the gate alone
 * decides.
 */
u32 mlagbond_gate_tx_needs(u32 gate, const u8 *dst, bool from_peer)
{
	u32 needs;

	if (MLAGBOND_GATE_TX(gate) == MLAGBOND_TX_CLOSED || is_link_local(dst))
		return 0;
	needs = tx_needs(gate, dst);
	if (from_peer)
		needs |= filter_needs(gate, dst);
	return needs;
}

static enum mlagbond_verdict filter_known(const u8 *dst, u32 known)
{
	if (is_group(dst) || !(known & MLAGBOND_DST_ON_LEG))
		return MLAGBOND_DROP_SPLIT_HORIZON;
	if (known & MLAGBOND_SRC_ON_LEG)
		return MLAGBOND_DROP_ECHO;
	return MLAGBOND_PASS;
}

/* A source nobody knows may be behind this leg: no word of it has come yet. */
static enum mlagbond_verdict filter_elsewhere(const u8 *dst, u32 known)
{
	if (known & MLAGBOND_SRC_ON_LEG)
		return MLAGBOND_DROP_ECHO;
	if (known & MLAGBOND_SRC_ELSEWHERE)
		return MLAGBOND_PASS;
	if (!is_group(dst) && known & MLAGBOND_DST_ON_LEG)
		return MLAGBOND_PASS;
	return MLAGBOND_DROP_ECHO;
}

static enum mlagbond_verdict filter_verdict(u32 gate, const u8 *dst, u32 known)
{
	switch (MLAGBOND_GATE_FILTER(gate)) {
	case MLAGBOND_FILTER_OPEN:
		return MLAGBOND_PASS;
	case MLAGBOND_FILTER_NO_ECHO:
		return known & MLAGBOND_SRC_ON_LEG ? MLAGBOND_DROP_ECHO :
						     MLAGBOND_PASS;
	case MLAGBOND_FILTER_ELSEWHERE:
		return filter_elsewhere(dst, known);
	case MLAGBOND_FILTER_KNOWN:
		return filter_known(dst, known);
	default:
		return MLAGBOND_DROP_SPLIT_HORIZON;
	}
}

static enum mlagbond_verdict tx_verdict(u32 gate, const u8 *dst, u32 known)
{
	switch (MLAGBOND_GATE_TX(gate)) {
	case MLAGBOND_TX_OPEN:
		return MLAGBOND_PASS;
	case MLAGBOND_TX_KNOWN:
		if (is_group(dst) || known & MLAGBOND_DST_ON_LEG)
			return MLAGBOND_PASS;
		return MLAGBOND_DROP_LEG_TX;
	case MLAGBOND_TX_UNICAST:
		if (!is_group(dst) && known & MLAGBOND_DST_ON_LEG)
			return MLAGBOND_PASS;
		return MLAGBOND_DROP_LEG_TX;
	default:
		return MLAGBOND_DROP_LEG_TX;
	}
}

/**
 * mlagbond_gate_tx - may this frame be sent to the client?
 * @gate: MLAGBOND_GATE() of the leg
 * @dst: destination address of the frame
 * @from_peer: the frame came in on the peer-port
 * @known: answer to mlagbond_gate_tx_needs()
 *
 * The tx gate speaks first: what is dropped because the leg is not up counts as
 * such, also if the filter would have dropped it too.
 *
 * Return: MLAGBOND_PASS, or why the frame is dropped.
 */
enum mlagbond_verdict mlagbond_gate_tx(u32 gate, const u8 *dst, bool from_peer,
				       u32 known)
{
	enum mlagbond_verdict verdict;

	if (is_link_local(dst))
		return MLAGBOND_PASS;
	verdict = tx_verdict(gate, dst, known);
	if (verdict == MLAGBOND_PASS && from_peer)
		verdict = filter_verdict(gate, dst, known);
	return verdict;
}
