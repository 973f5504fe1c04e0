// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the bridge of a pair is told, so that it does what the pair decided.
 *
 * In: roles of ports, what was heard, what the bridge holds already. Out: a BPDU
 * for a port, at most one each, and what the bridge makes of its root port.
 */
#include "iccp_stp_priv.h"

#define PRIORITY_ONE	(1ull << 48)

/* What was heard, as old as it is by now. */
struct iccp_bpdu stp_aged(const struct iccp_bpdu *bpdu, u64 until, u64 now)
{
	struct iccp_bpdu ret = *bpdu;
	u64 left = until > now ? (until - now) * STP_TICKS / 1000 : 0;

	ret.age = ret.max_age - min_t(u64, left, ret.max_age - ret.age);
	return ret;
}

static void tell(struct iccp_stp *stp, struct iccp_stp_port *port,
		 const struct iccp_bpdu *bpdu)
{
	port->tell = *bpdu;
	if (!stp->id.rst) {
		port->tell.type = ICCP_BPDU_CONFIG;
		port->tell.flags &= ICCP_BPDU_TC | ICCP_BPDU_TCA;
	}
	if (!port->tell_due)
		stp->tells++;
	port->tell_due = true;
}

/*
 * A bridge takes the pair for the root where it should be another one, if its
 * own identifier is lower than that of the pair and the root lies between them.
 */
static u64 root_for_bridge(const struct iccp_stp *stp, u64 root)
{
	u64 address = root & (PRIORITY_ONE - 1);
	u64 priority = stp->id.own & ~(PRIORITY_ONE - 1);

	if (root < stp->id.own || !priority)
		return root;
	return (priority - PRIORITY_ONE) | address;
}

/* What the bridge makes of what its root port holds. */
void stp_view(struct iccp_stp *stp, u64 now)
{
	const struct iccp_stp_port *port = stp->source;

	stp->view_root = stp->id.own;
	stp->view_cost = 0;
	if (!port || !held_now(port, now) || port->held.v.root >= stp->id.own)
		return;
	stp->view_root = port->held.v.root;
	stp->view_cost = port->held.v.cost + port->facts.cost;
}

static void want_root(const struct iccp_stp *stp,
		      const struct iccp_stp_port *port, u64 now,
		      struct iccp_bpdu *want)
{
	u32 total = stp->peer.total.cost;

	if (is_peer_port(stp, port)) {
		*want = stp_aged(&stp->peer.bpdu, stp->peer_until, now);
		want->v.cost = total - min_t(u32, total, port->facts.cost);
		want->v.bridge = 0;
		want->v.port = 0;
	} else {
		*want = stp_aged(&port->heard, port->heard_until, now);
	}
	want->v.root = root_for_bridge(stp, want->v.root);
}

/* Another port of the same bridge is designated: this one is not needed. */
static void want_blocked(const struct iccp_stp *stp,
			 const struct iccp_stp_port *port, u64 now,
			 struct iccp_bpdu *want)
{
	*want = stp_aged(&port->heard, port->heard_until, now);
	want->flags &= ~(ICCP_BPDU_TC | ICCP_BPDU_TCA);
	want->v.root = stp->view_root;
	want->v.cost = stp->view_cost;
	want->v.bridge = stp->id.own;
	want->v.port = 0;
}

static bool wants(const struct iccp_stp *stp, const struct iccp_stp_port *port,
		  u64 now, struct iccp_bpdu *want)
{
	switch (port->role) {
	case ICCP_STP_ROOT:
		want_root(stp, port, now, want);
		return true;
	case ICCP_STP_ALTERNATE:
		want_blocked(stp, port, now, want);
		return true;
	default:
		return false;
	}
}

/* A bridge holds on to a better claim until that is too old. */
static void expire(struct iccp_stp *stp, struct iccp_stp_port *port, u64 now)
{
	struct iccp_bpdu bpdu = port->held;

	bpdu.flags &= ~(ICCP_BPDU_TC | ICCP_BPDU_TCA);
	bpdu.age = bpdu.max_age;
	tell(stp, port, &bpdu);
	if (port->held.v.root < stp->id.own)
		stp->gap_until = max_t(u64, stp->gap_until,
				       now + ICCP_STP_GAP_MS);
	port->held_until = 0;
	port->quiet_until = now + ICCP_STP_QUIET_MS;
}

static bool holds_root(const struct iccp_stp *stp,
		       const struct iccp_stp_port *port, u64 now)
{
	if (now < port->quiet_until)
		return true;
	return held_now(port, now) && port->held.v.root < stp->id.own;
}

static bool root_held_elsewhere(const struct iccp_stp *stp,
				const struct iccp_stp_port *port, u64 now)
{
	u32 i;

	for (i = 0; i < stp->used; i++)
		if (&stp->ports[i] != port &&
		    holds_root(stp, &stp->ports[i], now))
			return true;
	return false;
}

/* The bridge answers with the pair's claim. */
static void tell_inferior(struct iccp_stp *stp, struct iccp_stp_port *port)
{
	struct iccp_bpdu bpdu = port->heard;

	bpdu.flags &= ~(ICCP_BPDU_TC | ICCP_BPDU_TCA);
	bpdu.v.root = U64_MAX;
	bpdu.v.cost = U32_MAX;
	tell(stp, port, &bpdu);
}

static void hold(struct iccp_stp *stp, struct iccp_stp_port *port, u64 now,
		 struct iccp_bpdu *want)
{
	bool root = port->role == ICCP_STP_ROOT;
	bool same = held_now(port, now) &&
		    !iccp_stp_compare(&port->held.v, &want->v);

	if (same && !port->fresh)
		return;
	if (root && !same && root_held_elsewhere(stp, port, now)) {
		stp->run_due = true;
		return;
	}
	port->held = *want;
	port->held_until = now + iccp_bpdu_life(want);
	if (root && stp->tca_due) {
		want->flags |= ICCP_BPDU_TCA;
		stp->tca_due = false;
	}
	if (root && !same)
		stp->gap_until = now + ICCP_STP_GAP_MS;
	tell(stp, port, want);
	port->fresh = false;
}

static void apply(struct iccp_stp *stp, struct iccp_stp_port *port, u64 now)
{
	struct iccp_bpdu want;
	bool any;

	if (!port->facts.up || now < port->quiet_until)
		return;
	any = wants(stp, port, now, &want);
	if (held_now(port, now) &&
	    (!any || iccp_stp_compare(&port->held.v, &want.v) < 0)) {
		expire(stp, port, now);
		return;
	}
	if (any) {
		hold(stp, port, now, &want);
	} else if (port->fresh) {
		port->fresh = false;
		tell_inferior(stp, port);
	}
}

void stp_apply(struct iccp_stp *stp, u64 now)
{
	u32 i;

	/* who held a root and is no longer to: first */
	for (i = 0; i < stp->used; i++)
		if (stp->ports[i].facts.id && &stp->ports[i] != stp->source &&
		    holds_root(stp, &stp->ports[i], now))
			apply(stp, &stp->ports[i], now);
	if (stp->source)
		apply(stp, stp->source, now);
	stp_view(stp, now);
	for (i = 0; i < stp->used; i++)
		if (stp->ports[i].facts.id && &stp->ports[i] != stp->source)
			apply(stp, &stp->ports[i], now);
}

static bool tcn_next(struct iccp_stp *stp, struct iccp_stp_tell *out)
{
	static const struct iccp_bpdu tcn = { .type = ICCP_BPDU_TCN };
	const struct iccp_stp_port *port = stp_peer_port(stp);

	stp->tcn_due = false;
	if (!port)
		return false;
	out->id = port->facts.id;
	memset(out->mac, 0, ETH_ALEN);
	out->len = iccp_bpdu_put(out->bytes, &tcn);
	return true;
}

bool iccp_stp_tell_next(struct iccp_stp *stp, struct iccp_stp_tell *out)
{
	struct iccp_stp_port *port;
	u32 i;

	for (i = 0; stp->tells && i < stp->used; i++) {
		port = &stp->ports[i];
		if (!port->tell_due)
			continue;
		port->tell_due = false;
		stp->tells--;
		out->id = port->facts.id;
		memcpy(out->mac, port->mac, ETH_ALEN);
		out->len = iccp_bpdu_put(out->bytes, &port->tell);
		return true;
	}
	return stp->tcn_due && tcn_next(stp, out);
}
