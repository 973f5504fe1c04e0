// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPDUs of the spanning tree of a pair, in and out, and what the peer is told.
 *
 * In: BPDUs that ports hear and the bridge sends, words of the peer. Out: whether
 * they pass, the pair's claim in them, words for the peer. What was heard counts
 * from the next iccp_stp_run() on.
 */
#include "iccp_stp_priv.h"

static void heard_set(struct iccp_stp *stp, struct iccp_stp_port *port, u64 now,
		      const struct iccp_bpdu *bpdu, const u8 *mac)
{
	memcpy(port->mac, mac, ETH_ALEN);
	port->heard = *bpdu;
	port->heard_until = now + iccp_bpdu_life(bpdu);
	port->fresh = true;
	port->news = true;
	stp->run_due = true;
}

/* The bridge hears it itself. */
static void heard_plain(struct iccp_stp *stp, struct iccp_stp_port *port,
			u64 now, const struct iccp_bpdu *bpdu, const u8 *mac)
{
	heard_set(stp, port, now, bpdu, mac);
	port->fresh = false;
	if (!port->facts.up || (held_now(port, now) &&
	    iccp_stp_compare(&port->held.v, &bpdu->v) < 0))
		return;
	port->held = *bpdu;
	port->held_until = port->heard_until;
}

bool iccp_stp_heard(struct iccp_stp *stp, u64 now, u32 id, const u8 *mac,
		    const u8 *bytes, u32 len)
{
	struct iccp_stp_port *port = stp_port_find(stp, id);
	struct iccp_bpdu bpdu;

	if (stp->id.mode == ICCP_STP_OFF || !port)
		return false;
	if (is_peer_port(stp, port))
		return true;
	if (!iccp_bpdu_get(bytes, len, &bpdu) || bpdu.type == ICCP_BPDU_TCN)
		return false;
	if (!speaks_for_pair(stp)) {
		heard_plain(stp, port, now, &bpdu, mac);
		return false;
	}
	heard_set(stp, port, now, &bpdu, mac);
	if (stp->id.mode == ICCP_STP_PAIR &&
	    port->facts.kind == ICCP_STP_LEG) {
		stp->relays += !port->relay_due;
		port->relay_due = true;
	}
	return true;
}

/*
 * A change that the bridge came to while it thought, for a moment, to be the
 * root is none. One that it reports to its root, which is behind the peer-port,
 * is for the peer.
 */
static bool sent_tcn(struct iccp_stp *stp, const struct iccp_stp_port *port,
		     u64 now)
{
	if (now >= stp->gap_until && !is_peer_port(stp, port))
		return true;
	if (now >= stp->gap_until)
		stp->tc_due = true;
	stp->tca_due = true;
	return false;
}

/* A root tells of a change by a flag, for some time. */
static void watch_flag(struct iccp_stp *stp, const struct iccp_bpdu *bpdu,
		       u64 now)
{
	bool tc = bpdu->flags & ICCP_BPDU_TC;

	if (stp->id.mode != ICCP_STP_PAIR || stp->source)
		return;
	if (tc && !stp->tc_seen && now >= stp->tc_quiet_until)
		stp->tc_due = true;
	stp->tc_seen = tc;
}

/* The bridge takes another one for the root than it was told, or was not yet. */
static bool sent_astray(struct iccp_stp *stp, u64 root, u64 now)
{
	if (stp->source && !held_now(stp->source, now))
		return true;
	if (root == stp->view_root)
		return false;
	if (stp->source && now >= stp->gap_until) {
		stp->source->held_until = 0;
		stp->run_due = true;
	}
	return true;
}

/* A claim grows older on its way through the pair. */
static bool pair_claims(const struct iccp_stp *stp,
			const struct iccp_stp_port *port, u64 now, u8 *bytes)
{
	struct iccp_stp_vector v = stp_claim(stp, port);
	struct iccp_bpdu held;

	iccp_bpdu_claim(bytes, &v);
	if (!stp->source)
		return true;
	held = stp_aged(&stp->source->held, stp->source->held_until, now);
	held.age++;
	iccp_bpdu_times(bytes, &held);
	return held.age < held.max_age;
}

bool iccp_stp_sent(struct iccp_stp *stp, u64 now, u32 id, u8 *bytes, u32 len)
{
	struct iccp_stp_port *port = stp_port_find(stp, id);
	struct iccp_bpdu bpdu;

	if (stp->id.mode == ICCP_STP_OFF || !port)
		return true;
	if (!speaks_for_pair(stp))
		return port->facts.kind != ICCP_STP_LEG;
	if (!iccp_bpdu_get(bytes, len, &bpdu))
		return true;
	if (bpdu.type == ICCP_BPDU_TCN)
		return sent_tcn(stp, port, now);
	if (sent_astray(stp, bpdu.v.root, now))
		return false;
	watch_flag(stp, &bpdu, now);
	if (is_peer_port(stp, port) || port->role != ICCP_STP_DESIGNATED)
		return false;
	return pair_claims(stp, port, now, bytes);
}

/* --- the peer ------------------------------------------------------------- */

u32 iccp_stp_relay_next(struct iccp_stp *stp, u64 now, struct iccp_bpdu *bpdu,
			u8 *mac, u32 *cost)
{
	struct iccp_stp_port *port;
	u32 i;

	for (i = 0; stp->relays && i < stp->used; i++) {
		port = &stp->ports[i];
		if (!port->relay_due)
			continue;
		port->relay_due = false;
		stp->relays--;
		if (!heard_now(port, now))
			continue;
		*bpdu = stp_aged(&port->heard, port->heard_until, now);
		*cost = port->facts.cost;
		memcpy(mac, port->mac, ETH_ALEN);
		return port->facts.mlag_id;
	}
	return 0;
}

void iccp_stp_relayed(struct iccp_stp *stp, u64 now, u32 mlag_id,
		      const struct iccp_bpdu *bpdu, const u8 *mac, u32 cost)
{
	struct iccp_stp_port *port = stp_leg_find(stp, mlag_id);

	if (!port || stp->id.mode != ICCP_STP_PAIR ||
	    port->facts.kind != ICCP_STP_LEG || bpdu->type == ICCP_BPDU_TCN)
		return;
	port->peer_cost = cost;
	heard_set(stp, port, now, bpdu, mac);
}

void iccp_stp_offer_get(struct iccp_stp *stp, struct iccp_stp_offer *out)
{
	*out = stp->best;
	stp->offer_due = false;
}

void iccp_stp_offered(struct iccp_stp *stp, u64 now,
		      const struct iccp_stp_offer *offer)
{
	if (stp->id.mode != ICCP_STP_PAIR)
		return;
	stp->peer = *offer;
	stp->peer_until = offer->known ? now + iccp_bpdu_life(&offer->bpdu) :
					 0;
	stp->peer_fresh = true;
	stp->run_due = true;
}

void iccp_stp_tc(struct iccp_stp *stp, u64 now)
{
	if (stp->id.mode != ICCP_STP_PAIR)
		return;
	stp->tcn_due = true;
	stp->tc_quiet_until = now + ICCP_STP_CAUSED_MS;
}
