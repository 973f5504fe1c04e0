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
#include "iccp_stp_priv.h"

#include <linux/errno.h>

#define NUMBER_MASK	0x3ff	/* of a port identifier */
#define PRIORITY_MASK	0xf000
#define ORPHAN_BIT	0x800	/* orphan ports are worse than legs */
#define NODE_BIT	0x400
#define LEG_MASK	0x7ff

struct iccp_stp_port *stp_port_find(const struct iccp_stp *stp, u32 id)
{
	u32 i;

	for (i = 0; id && i < stp->used; i++)
		if (stp->ports[i].facts.id == id)
			return &stp->ports[i];
	return NULL;
}

struct iccp_stp_port *stp_leg_find(const struct iccp_stp *stp, u32 mlag_id)
{
	u32 i;

	for (i = 0; mlag_id && i < stp->used; i++)
		if (stp->ports[i].facts.id &&
		    stp->ports[i].facts.mlag_id == mlag_id)
			return &stp->ports[i];
	return NULL;
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

static void relay_drop(struct iccp_stp *stp, struct iccp_stp_port *port)
{
	stp->relays -= port->relay_due;
	port->relay_due = false;
}

static void port_down(struct iccp_stp *stp, struct iccp_stp_port *port)
{
	stp->tells -= port->tell_due;
	port->tell_due = false;
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
	struct iccp_stp_port *port = stp_port_find(stp, facts->id);

	if (port && other_port(port, facts)) {
		relay_drop(stp, port);
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
	struct iccp_stp_port *port = stp_port_find(stp, id);

	if (!port)
		return;
	port_down(stp, port);
	relay_drop(stp, port);
	if (stp->source == port)
		stp->source = NULL;
	memset(port, 0, sizeof(*port));
	stp->run_due = true;
}

/* --- roles ---------------------------------------------------------------- */

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
	out->bpdu = stp_aged(heard, port->heard_until, now);
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
	const struct iccp_stp_port *leg = stp_leg_find(stp, stp->peer.mlag_id);

	if (leg && leg->facts.up && heard_now(leg, now))
		return false;
	return offer_better(&stp->peer, &stp->best);
}

struct iccp_stp_port *stp_peer_port(const struct iccp_stp *stp)
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
		port = stp_peer_port(stp);
		if (port)
			port->fresh |= stp->peer_fresh;
	}
	stp->peer_fresh = false;
	stp->source = port;
	stp->root = offer->known ? offer->total.root : stp->id.pair;
	stp->cost = offer->known ? offer->total.cost : 0;
}

struct iccp_stp_vector stp_claim(const struct iccp_stp *stp,
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
	struct iccp_stp_vector own = stp_claim(stp, port);

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
		stp_apply(stp, now);
	} else {
		stp->source = NULL;
		for (i = 0; i < stp->used; i++)
			role_set(stp, &stp->ports[i], ICCP_STP_DESIGNATED);
		stp_view(stp, now);
	}
	deadline_update(stp, now);
}

/* --- results -------------------------------------------------------------- */

bool iccp_stp_leg_blocked(const struct iccp_stp *stp, u32 mlag_id)
{
	const struct iccp_stp_port *port = stp_leg_find(stp, mlag_id);

	return port && port->role == ICCP_STP_ALTERNATE;
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
