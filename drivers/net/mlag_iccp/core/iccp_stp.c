// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spanning tree of a pair, IEEE 802.1D-2004 clause 17 for one bridge in two
 * boxes.
 *
 * In: BPDUs that ports hear and the bridge sends, what the peer heard, ports
 * that come and go. Out: BPDUs the bridge is to hear, what the peer is to know,
 * the claim in what leaves. Rules and their reasons: mlag-stp.rst.
 *
 * The bridge holds at most one claim of a root that is better than itself, on
 * its root port. All other ports are designated, or hold a claim of the bridge
 * itself: so the peer-port is never blocked.
 */
#include "iccp_stp.h"

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#define NUMBER_MASK	0x3ff	/* of a port identifier */
#define PRIORITY_MASK	0xf000
#define ORPHAN_BIT	0x800	/* orphan ports are worse than legs */
#define NODE_BIT	0x400
#define LEG_MASK	0x7ff
#define PRIORITY_ONE	(1ull << 48)
#define TICKS		256

static struct iccp_stp_port *port_find(const struct iccp_stp *stp, u32 id)
{
	u32 i;

	for (i = 0; id && i < stp->used; i++)
		if (stp->ports[i].facts.id == id)
			return &stp->ports[i];
	return NULL;
}

static struct iccp_stp_port *leg_find(const struct iccp_stp *stp, u32 mlag_id)
{
	u32 i;

	for (i = 0; mlag_id && i < stp->used; i++)
		if (stp->ports[i].facts.id &&
		    stp->ports[i].facts.mlag_id == mlag_id)
			return &stp->ports[i];
	return NULL;
}

static bool is_peer_port(const struct iccp_stp *stp,
			 const struct iccp_stp_port *port)
{
	return stp->id.mode == ICCP_STP_PAIR &&
	       port->facts.kind == ICCP_STP_PEER_PORT;
}

static bool speaks_for_pair(const struct iccp_stp *stp)
{
	return stp->id.mode >= ICCP_STP_ALONE;
}

/* As others see it: a leg is one port, whichever chassis speaks. */
static u16 port_number(const struct iccp_stp *stp,
		       const struct iccp_stp_port *port)
{
	u16 number = port->facts.number & PRIORITY_MASK;

	if (port->facts.kind == ICCP_STP_LEG)
		return number | (port->facts.mlag_id & LEG_MASK);
	return number | ORPHAN_BIT | (stp->id.node ? NODE_BIT : 0) |
	       (port->facts.number & NUMBER_MASK);
}

/* Both chassis must come to the same cost of a leg. */
static u32 port_cost(const struct iccp_stp_port *port)
{
	if (port->facts.kind == ICCP_STP_LEG && port->peer_cost)
		return min_t(u32, port->facts.cost, port->peer_cost);
	return port->facts.cost;
}

static bool heard_now(const struct iccp_stp_port *port, u64 now)
{
	return now < port->heard_until;
}

static bool held_now(const struct iccp_stp_port *port, u64 now)
{
	return now < port->held_until;
}

/* What was heard, as old as it is by now. */
static struct iccp_bpdu aged(const struct iccp_bpdu *bpdu, u64 until, u64 now)
{
	struct iccp_bpdu ret = *bpdu;
	u64 left = until > now ? (until - now) * TICKS / 1000 : 0;

	ret.age = ret.max_age - min_t(u64, left, ret.max_age - ret.age);
	return ret;
}

void iccp_stp_init(struct iccp_stp *stp, struct iccp_stp_port *ports, u32 n)
{
	memset(stp, 0, sizeof(*stp));
	if (n)
		memset(ports, 0, n * sizeof(*ports));
	stp->ports = ports;
	stp->nports = n;
	stp->deadline = U64_MAX;
}

static void session_begins(struct iccp_stp *stp)
{
	u32 i;

	stp->offer_due = true;
	for (i = 0; i < stp->used; i++)
		if (stp->ports[i].facts.kind == ICCP_STP_PEER_PORT)
			stp->ports[i].heard_until = 0;
}

static void session_ends(struct iccp_stp *stp)
{
	memset(&stp->peer, 0, sizeof(stp->peer));
	stp->offer_due = false;
	stp->tc_due = false;
	stp->tcn_due = false;
}

/* What the bridge heard by itself it holds, whatever it was told before. */
static void speech_begins(struct iccp_stp *stp)
{
	u32 i;

	for (i = 0; i < stp->used; i++)
		stp->ports[i].quiet_until = 0;
}

void iccp_stp_be(struct iccp_stp *stp, const struct iccp_stp_identity *id)
{
	u8 before = stp->id.mode;

	stp->run_due |= memcmp(&stp->id, id, sizeof(*id)) != 0;
	stp->id = *id;
	if (before == id->mode)
		return;
	if (before < ICCP_STP_ALONE)
		speech_begins(stp);
	if (before == ICCP_STP_PAIR)
		session_ends(stp);
	if (id->mode == ICCP_STP_PAIR)
		session_begins(stp);
}

static void drop_tell(struct iccp_stp *stp, struct iccp_stp_port *port)
{
	stp->tells -= port->tell_due;
	stp->relays -= port->relay_due;
	port->tell_due = false;
	port->relay_due = false;
}

static void port_down(struct iccp_stp *stp, struct iccp_stp_port *port)
{
	if (port->tell_due) {
		port->tell_due = false;
		stp->tells--;
	}
	port->held_until = 0;
	port->quiet_until = 0;
	if (stp->source == port)
		stp->gap_until = U64_MAX;
}

static struct iccp_stp_port *port_new(struct iccp_stp *stp)
{
	u32 i;

	for (i = 0; i < stp->used; i++)
		if (!stp->ports[i].facts.id)
			return &stp->ports[i];
	return stp->used < stp->nports ? &stp->ports[stp->used++] : NULL;
}

static bool other_port(const struct iccp_stp_port *port,
		       const struct iccp_stp_facts *facts)
{
	return port->facts.kind != facts->kind ||
	       port->facts.mlag_id != facts->mlag_id;
}

int iccp_stp_port_set(struct iccp_stp *stp, const struct iccp_stp_facts *facts)
{
	struct iccp_stp_port *port = port_find(stp, facts->id);

	if (port && other_port(port, facts)) {
		port->heard_until = 0;
		port->peer_cost = 0;
	}
	if (!port) {
		port = port_new(stp);
		if (!port)
			return -ENOSPC;
		memset(port, 0, sizeof(*port));
	} else if (!facts->up && port->facts.up) {
		port_down(stp, port);
	}
	stp->run_due |= memcmp(&port->facts, facts, sizeof(*facts)) != 0;
	port->facts = *facts;
	return 0;
}

void iccp_stp_port_gone(struct iccp_stp *stp, u32 id)
{
	struct iccp_stp_port *port = port_find(stp, id);

	if (!port)
		return;
	port_down(stp, port);
	drop_tell(stp, port);
	if (stp->source == port)
		stp->source = NULL;
	memset(port, 0, sizeof(*port));
	stp->run_due = true;
}

/* --- what the bridge is told --------------------------------------------- */

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
static void view_update(struct iccp_stp *stp, u64 now)
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
		*want = aged(&stp->peer.bpdu, stp->peer_until, now);
		want->v.cost = total - min_t(u32, total, port->facts.cost);
		want->v.bridge = 0;
		want->v.port = 0;
	} else {
		*want = aged(&port->heard, port->heard_until, now);
	}
	want->v.root = root_for_bridge(stp, want->v.root);
}

/* Another port of the same bridge is designated: this one is not needed. */
static void want_blocked(const struct iccp_stp *stp,
			 const struct iccp_stp_port *port, u64 now,
			 struct iccp_bpdu *want)
{
	*want = aged(&port->heard, port->heard_until, now);
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

static void apply_all(struct iccp_stp *stp, u64 now)
{
	u32 i;

	/* who held a root and is no longer to: first */
	for (i = 0; i < stp->used; i++)
		if (stp->ports[i].facts.id && &stp->ports[i] != stp->source &&
		    holds_root(stp, &stp->ports[i], now))
			apply(stp, &stp->ports[i], now);
	if (stp->source)
		apply(stp, stp->source, now);
	view_update(stp, now);
	for (i = 0; i < stp->used; i++)
		if (stp->ports[i].facts.id && &stp->ports[i] != stp->source)
			apply(stp, &stp->ports[i], now);
}

/* --- roles ------------------------------------------------------------------ */

static bool offer_better(const struct iccp_stp_offer *a,
			 const struct iccp_stp_offer *b)
{
	int order;

	if (!a->known || !b->known)
		return a->known;
	order = iccp_stp_compare(&a->total, &b->total);
	return order < 0 || (!order && a->via < b->via);
}

static void offer_of(const struct iccp_stp *stp,
		     const struct iccp_stp_port *port, u64 now,
		     struct iccp_stp_offer *out)
{
	const struct iccp_bpdu *heard = &port->heard;

	memset(out, 0, sizeof(*out));
	if (!port->facts.id || !port->facts.up || port->facts.no_root ||
	    !heard_now(port, now) || is_peer_port(stp, port))
		return;
	/* our own voice is no way to anywhere */
	if (heard->v.root >= stp->id.pair || heard->v.bridge == stp->id.pair)
		return;
	out->known = true;
	out->via = port_number(stp, port);
	out->mlag_id = port->facts.mlag_id;
	out->bpdu = aged(heard, port->heard_until, now);
	out->total = heard->v;
	out->total.cost += port_cost(port);
}

static struct iccp_stp_port *best_own(const struct iccp_stp *stp, u64 now,
				      struct iccp_stp_offer *best)
{
	struct iccp_stp_port *found = NULL;
	struct iccp_stp_offer offer;
	u32 i;

	memset(best, 0, sizeof(*best));
	for (i = 0; i < stp->used; i++) {
		offer_of(stp, &stp->ports[i], now, &offer);
		if (!offer_better(&offer, best))
			continue;
		*best = offer;
		found = &stp->ports[i];
	}
	return found;
}

/* A leg that is up here too needs no way around over the peer-port. */
static bool peer_better(const struct iccp_stp *stp, u64 now)
{
	const struct iccp_stp_port *leg = leg_find(stp, stp->peer.mlag_id);

	if (leg && leg->facts.up && heard_now(leg, now))
		return false;
	return offer_better(&stp->peer, &stp->best);
}

static struct iccp_stp_port *peer_port(const struct iccp_stp *stp)
{
	u32 i;

	for (i = 0; i < stp->used; i++)
		if (stp->ports[i].facts.id && is_peer_port(stp, &stp->ports[i]))
			return &stp->ports[i];
	return NULL;
}

static void offer_update(struct iccp_stp *stp, bool fresh,
			 const struct iccp_stp_offer *best)
{
	if (fresh || best->known != stp->best.known ||
	    best->via != stp->best.via ||
	    iccp_stp_compare(&best->total, &stp->best.total))
		stp->offer_due |= stp->id.mode == ICCP_STP_PAIR;
	stp->best = *best;
}

/* The way of the pair to the root, which may be itself. */
static void select_root(struct iccp_stp *stp, u64 now)
{
	const struct iccp_stp_offer *offer = &stp->best;
	struct iccp_stp_offer best;
	struct iccp_stp_port *port;

	if (now >= stp->peer_until)
		stp->peer.known = false;
	port = best_own(stp, now, &best);
	offer_update(stp, port && port->news, &best);
	if (port)
		port->news = false;
	if (peer_better(stp, now)) {
		offer = &stp->peer;
		port = peer_port(stp);
		if (port)
			port->fresh |= stp->peer_fresh;
	}
	stp->peer_fresh = false;
	stp->source = port;
	stp->root = offer->known ? offer->total.root : stp->id.pair;
	stp->cost = offer->known ? offer->total.cost : 0;
}

static struct iccp_stp_vector claim(const struct iccp_stp *stp,
				    const struct iccp_stp_port *port)
{
	struct iccp_stp_vector v = {
		.root = stp->root,
		.cost = stp->cost,
		.bridge = stp->id.pair,
		.port = port_number(stp, port),
	};

	return v;
}

static u8 role_find(const struct iccp_stp *stp,
		    const struct iccp_stp_port *port, u64 now)
{
	struct iccp_stp_vector own = claim(stp, port);

	if (port == stp->source)
		return ICCP_STP_ROOT;
	if (is_peer_port(stp, port) || !heard_now(port, now))
		return ICCP_STP_DESIGNATED;
	if (port->heard.v.bridge == stp->id.pair)
		return port->heard.v.port < own.port ? ICCP_STP_ALTERNATE :
						       ICCP_STP_DESIGNATED;
	return iccp_stp_compare(&port->heard.v, &own) < 0 ?
	       ICCP_STP_ALTERNATE : ICCP_STP_DESIGNATED;
}

static void role_set(struct iccp_stp *stp, struct iccp_stp_port *port, u8 role)
{
	stp->roles_changed |= port->role != role &&
			      port->facts.kind == ICCP_STP_LEG;
	port->role = role;
}

static u64 port_deadline(const struct iccp_stp_port *port, u64 now)
{
	u64 at = U64_MAX;

	if (heard_now(port, now))
		at = port->heard_until;
	if (held_now(port, now))
		at = min_t(u64, at, port->held_until);
	if (now < port->quiet_until)
		at = min_t(u64, at, port->quiet_until);
	return at;
}

static void deadline_update(struct iccp_stp *stp, u64 now)
{
	u32 i;

	stp->deadline = stp->peer.known ? stp->peer_until : U64_MAX;
	for (i = 0; i < stp->used; i++)
		stp->deadline = min_t(u64, stp->deadline,
				      port_deadline(&stp->ports[i], now));
}

void iccp_stp_run(struct iccp_stp *stp, u64 now)
{
	u32 i;

	if (!stp->run_due && now < stp->deadline)
		return;
	stp->run_due = false;
	if (speaks_for_pair(stp)) {
		select_root(stp, now);
		for (i = 0; i < stp->used; i++)
			role_set(stp, &stp->ports[i],
				 role_find(stp, &stp->ports[i], now));
		apply_all(stp, now);
	} else {
		stp->source = NULL;
		for (i = 0; i < stp->used; i++)
			role_set(stp, &stp->ports[i], ICCP_STP_DESIGNATED);
	}
	view_update(stp, now);
	deadline_update(stp, now);
}

/* --- frames ----------------------------------------------------------------- */

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
	struct iccp_stp_port *port = port_find(stp, id);
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
	struct iccp_stp_vector v = claim(stp, port);
	struct iccp_bpdu held;

	iccp_bpdu_claim(bytes, &v);
	if (!stp->source)
		return true;
	held = aged(&stp->source->held, stp->source->held_until, now);
	held.age++;
	iccp_bpdu_times(bytes, &held);
	return held.age < held.max_age;
}

bool iccp_stp_sent(struct iccp_stp *stp, u64 now, u32 id, u8 *bytes, u32 len)
{
	struct iccp_stp_port *port = port_find(stp, id);
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

/* --- the peer --------------------------------------------------------------- */

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
		*bpdu = aged(&port->heard, port->heard_until, now);
		*cost = port->facts.cost;
		memcpy(mac, port->mac, ETH_ALEN);
		return port->facts.mlag_id;
	}
	return 0;
}

void iccp_stp_relayed(struct iccp_stp *stp, u64 now, u32 mlag_id,
		      const struct iccp_bpdu *bpdu, const u8 *mac, u32 cost)
{
	struct iccp_stp_port *port = leg_find(stp, mlag_id);

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

/* --- results ---------------------------------------------------------------- */

static bool tcn_next(struct iccp_stp *stp, struct iccp_stp_tell *out)
{
	static const struct iccp_bpdu tcn = { .type = ICCP_BPDU_TCN };
	const struct iccp_stp_port *port = peer_port(stp);

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

bool iccp_stp_leg_blocked(const struct iccp_stp *stp, u32 mlag_id)
{
	const struct iccp_stp_port *port = leg_find(stp, mlag_id);

	return port && port->role == ICCP_STP_ALTERNATE;
}

u8 iccp_stp_port_role(const struct iccp_stp *stp, u32 id)
{
	const struct iccp_stp_port *port = port_find(stp, id);

	return port ? port->role : ICCP_STP_DESIGNATED;
}

void iccp_stp_status(const struct iccp_stp *stp, struct iccp_stp_status *out)
{
	memset(out, 0, sizeof(*out));
	out->mode = stp->id.mode;
	out->bridge = stp->id.pair;
	out->root = stp->root;
	out->cost = stp->cost;
	out->port = stp->source ? stp->source->facts.id : 0;
}
