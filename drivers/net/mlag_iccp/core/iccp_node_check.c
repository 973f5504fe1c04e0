// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the two chassis are configured: own facts to the peer, the peer's facts
 * in, findings out.
 *
 * Facts wait as facts, not as bytes, and are sent before the SYNC_END of a full
 * sync, so that what holds legs is known before the first of them opens. A set
 * of VLANs is sent only where the digests of both are known and differ. A
 * moment after a change everything is compared anew; what came and went
 * becomes events.
 */
#include "iccp_node_priv.h"

#define SLOT_NIL	U32_MAX

/* Facts of an mlag-id, 0 = the domain; NULL if there is no such leg. */
static struct iccp_subject *subject_of(struct iccp_node *node, u32 mlag_id)
{
	struct iccp_leg *leg;

	if (!mlag_id)
		return &node->check.domain;
	leg = node_leg_find(node, mlag_id);
	return leg ? &leg->check : NULL;
}

/*
 * node_check_soon() - something that is compared has changed
 */
void node_check_soon(struct iccp_node *node)
{
	node->check.at = min_t(u64, node->check.at,
			       node->now + ICCP_CHECK_MS);
}

static void send_facts(struct iccp_node *node, struct iccp_subject *subject)
{
	subject->facts_due = true;
	node->check.due = node_two_way(node);
	node_check_soon(node);
}

/* The peer needs the own set to say what differs. */
static void send_vlans(struct iccp_node *node, struct iccp_subject *subject)
{
	if (!iccp_vlans_differ(subject))
		return;
	subject->vlans_due = true;
	node->check.due = node_two_way(node);
}

static void facts_of_config(const struct iccp_node *node,
			    struct iccp_facts *facts)
{
	const struct iccp_config *cfg = &node->cfg;

	iccp_fact_set(facts, ICCP_FACT_MTU, cfg->mtu);
	iccp_fact_set(facts, ICCP_FACT_AGEING, cfg->ageing);
	iccp_fact_set(facts, ICCP_FACT_HELLO, cfg->hello);
	iccp_fact_set(facts, ICCP_FACT_DEAD, node_dead(node));
	iccp_fact_set(facts, ICCP_FACT_VERSION, ICCP_VERSION);
	iccp_fact_set(facts, ICCP_FACT_HEARTBEAT, cfg->heartbeat);
}

static void facts_renew(struct iccp_node *node, struct iccp_subject *subject,
			const struct iccp_facts *facts)
{
	if (!memcmp(&subject->own, facts, sizeof(*facts)))
		return;
	subject->own = *facts;
	send_facts(node, subject);
}

/*
 * node_check_config() - the configuration of the domain may have changed
 */
void node_check_config(struct iccp_node *node)
{
	struct iccp_facts facts = node->check.domain.own;

	facts_of_config(node, &facts);
	facts_renew(node, &node->check.domain, &facts);
}

void node_check_init(struct iccp_node *node)
{
	node->check.at = U64_MAX;
	node_check_config(node);
}

/* The same, if this chassis has that leg. */
static struct iccp_subject *own_subject(struct iccp_node *node, u32 mlag_id)
{
	if (mlag_id && (!node_leg_find(node, mlag_id) ||
			!node_leg_find(node, mlag_id)->own))
		return NULL;
	return subject_of(node, mlag_id);
}

static bool same_set(const struct iccp_node *node, u16 handle,
		     const struct iccp_vlans *vlans)
{
	const struct iccp_vlans *kept;

	kept = iccp_vlans_get(&node->check.pool, handle);
	return kept && vlans ? !memcmp(kept, vlans, sizeof(*vlans)) :
			       !kept == !vlans;
}

static void vlans_renew(struct iccp_node *node, struct iccp_subject *subject,
			const struct iccp_vlans *vlans)
{
	struct iccp_vlan_pool *pool = &node->check.pool;

	iccp_vlans_drop(pool, &subject->own_vlans);
	if (vlans)
		subject->own_vlans = iccp_vlans_keep(pool, vlans);
	node_check_soon(node);
}

/* The digest belongs to what is kept: a set without a place is not told. */
static void digest_set(const struct iccp_node *node,
		       const struct iccp_subject *subject,
		       struct iccp_facts *facts)
{
	const struct iccp_vlans *kept;

	facts->have &= ~BIT(ICCP_FACT_VLANS);
	facts->value[ICCP_FACT_VLANS] = 0;
	kept = iccp_vlans_get(&node->check.pool, subject->own_vlans);
	if (kept)
		iccp_fact_set(facts, ICCP_FACT_VLANS,
			      iccp_vlans_digest(kept));
}

void iccp_node_facts(struct iccp_node *node, u64 now, u32 mlag_id,
		     const struct iccp_facts *facts)
{
	struct iccp_subject *subject = own_subject(node, mlag_id);
	struct iccp_facts own = *facts;

	node_clock(node, now);
	if (!subject)
		return;
	if (!mlag_id)
		facts_of_config(node, &own);
	digest_set(node, subject, &own);
	facts_renew(node, subject, &own);
	node_update(node, ICCP_CAUSE_NONE);
}

void iccp_node_vlans(struct iccp_node *node, u64 now, u32 mlag_id,
		     const struct iccp_vlans *vlans)
{
	struct iccp_subject *subject = own_subject(node, mlag_id);
	struct iccp_facts own;

	node_clock(node, now);
	if (!subject || same_set(node, subject->own_vlans, vlans))
		return;
	vlans_renew(node, subject, vlans);
	own = subject->own;
	digest_set(node, subject, &own);
	facts_renew(node, subject, &own);
	send_vlans(node, subject);
	node_update(node, ICCP_CAUSE_NONE);
}

static void peer_forget(struct iccp_node *node, struct iccp_subject *subject)
{
	memset(&subject->peer, 0, sizeof(subject->peer));
	iccp_vlans_drop(&node->check.pool, &subject->peer_vlans);
	subject->vlans_due = false;
}

/*
 * node_check_leg_gone() - a leg ceased to exist, here or at the peer
 */
void node_check_leg_gone(struct iccp_node *node, struct iccp_leg *leg,
			 bool own)
{
	struct iccp_subject *subject = &leg->check;

	if (own) {
		memset(&subject->own, 0, sizeof(subject->own));
		iccp_vlans_drop(&node->check.pool, &subject->own_vlans);
		subject->facts_due = false;
		subject->vlans_due = false;
		subject->hold = false;
	} else {
		peer_forget(node, subject);
	}
	node_check_soon(node);
}

/*
 * node_check_session() - a session begins or is over: nothing is known of the
 * peer, and it knows nothing
 */
void node_check_session(struct iccp_node *node, bool begins)
{
	u32 i;

	peer_forget(node, &node->check.domain);
	node->check.domain.facts_due = true;
	for (i = 0; i < node->legs_used; i++) {
		struct iccp_leg *leg = &node->legs[i];

		if (!leg->mlag_id)
			continue;
		peer_forget(node, &leg->check);
		leg->check.facts_due = leg->own;
	}
	node->check.due = begins;
	node->check.differs &= begins;
	node_check_soon(node);
}

void node_check_facts_in(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_subject *subject;
	struct iccp_facts facts;

	subject = subject_of(node, iccp_get_facts(tlv, &facts));
	if (!subject)
		return;
	if (facts.value[ICCP_FACT_VLANS] !=
	    subject->peer.value[ICCP_FACT_VLANS]) {
		iccp_vlans_drop(&node->check.pool, &subject->peer_vlans);
		subject->peer = facts;
		send_vlans(node, subject);
	}
	subject->peer = facts;
	node_check_soon(node);
}

void node_check_vlans_in(struct iccp_node *node, const struct iccp_tlv *tlv)
{
	struct iccp_subject *subject;
	struct iccp_vlans vlans;

	subject = subject_of(node, iccp_get_vlans(tlv, &vlans));
	if (!subject || !iccp_vlans_differ(subject))
		return;
	iccp_vlans_drop(&node->check.pool, &subject->peer_vlans);
	subject->peer_vlans = iccp_vlans_keep(&node->check.pool, &vlans);
	node_check_soon(node);
}

static bool put_subject(struct iccp_node *node, struct iccp_subject *subject,
			u32 mlag_id, struct iccp_writer *w)
{
	const struct iccp_vlans *vlans;

	if (subject->facts_due && !iccp_put_facts(w, mlag_id, &subject->own))
		return false;
	subject->facts_due = false;
	vlans = iccp_vlans_get(&node->check.pool, subject->own_vlans);
	if (subject->vlans_due && vlans && !iccp_put_vlans(w, mlag_id, vlans))
		return false;
	subject->vlans_due = false;
	return true;
}

/*
 * node_check_put() - as many of the facts that wait as the frame holds
 */
void node_check_put(struct iccp_node *node, struct iccp_writer *w)
{
	u32 i;

	if (!node->check.due || !put_subject(node, &node->check.domain, 0, w))
		return;
	for (i = 0; i < node->legs_used; i++) {
		struct iccp_leg *leg = &node->legs[i];

		if (leg->mlag_id && leg->own &&
		    !put_subject(node, &leg->check, leg->mlag_id, w))
			return;
	}
	node->check.due = false;
}

/* --- comparison ----------------------------------------------------------- */

static void find(struct iccp_node *node, const struct iccp_leg *leg, u8 code,
		 u8 severity, u64 own, u64 peer)
{
	const struct iccp_finding finding = {
		.code = code,
		.severity = severity,
		.mlag_id = leg->mlag_id,
		.own = own,
		.peer = peer,
	};

	iccp_finding_add(&node->check.next, &finding);
}

/**
 * struct partner - the client of a leg
 * @there: there is one
 * @system: its LACP system, as a number
 * @key: its key
 */
struct partner {
	bool there;
	u64 system;
	u16 key;
};

static void partner_of(const struct iccp_leg_word *word, struct partner *to)
{
	u32 i;

	to->there = word->flags & ICCP_LEG_PARTNER;
	to->key = word->partner_key;
	to->system = 0;
	for (i = 0; i < ETH_ALEN; i++)
		to->system = to->system << 8 | word->partner_system[i];
}

/* Partner of the own leg, else of the peer's. */
static void partner_any(const struct iccp_leg *leg, struct partner *to)
{
	struct iccp_leg_word word = { 0 };

	if (leg->own)
		iccp_leg_word(leg, 0, &word);
	partner_of(&word, to);
	if (!to->there && leg->peer.known && leg->peer.exists)
		partner_of(&leg->peer.word, to);
}

static void check_partners(struct iccp_node *node, const struct iccp_leg *leg)
{
	struct partner own, peer;
	struct iccp_leg_word word;

	iccp_leg_word(leg, node->now, &word);
	partner_of(&word, &own);
	partner_of(&leg->peer.word, &peer);
	if (leg->mismatch)
		find(node, leg, ICCP_FIND_LEG_PARTNER, ICCP_SEVERITY_ERROR,
		     own.system, peer.system);
	else if (own.there != peer.there)
		find(node, leg, ICCP_FIND_LEG_NO_PARTNER,
		     ICCP_SEVERITY_ADVICE, own.there, peer.there);
}

static bool same_partner(const struct iccp_leg *leg,
			 const struct partner *partner)
{
	struct partner other;

	partner_any(leg, &other);
	return other.system == partner->system && other.key == partner->key;
}

/* Where the leg that has a partner stands in its chain, or the end of that. */
static u32 *same_find(struct iccp_node *node, const struct partner *partner)
{
	u64 hash = partner->system ^ partner->key;
	u32 *link = &node->check.same[hash % ICCP_SAME_HEADS];

	while (*link != SLOT_NIL && !same_partner(&node->legs[*link], partner))
		link = &node->legs[*link].same_next;
	return link;
}

/* Of all legs of one partner the chain has the one with the lowest mlag-id. */
static void same_add(struct iccp_node *node, struct iccp_leg *leg)
{
	struct partner partner;
	u32 *link;

	leg->check.hold = false;
	partner_any(leg, &partner);
	if (!partner.there)
		return;
	link = same_find(node, &partner);
	leg->same_next = SLOT_NIL;
	if (*link != SLOT_NIL) {
		if (node->legs[*link].mlag_id < leg->mlag_id)
			return;
		leg->same_next = node->legs[*link].same_next;
	}
	*link = node_leg_slot(node, leg);
}

/* Two mlag-ids that lead to one client: the higher one is the duplicate. */
static void check_duplicate(struct iccp_node *node, struct iccp_leg *leg)
{
	const struct iccp_leg *lowest;
	struct partner partner;

	partner_any(leg, &partner);
	if (!partner.there)
		return;
	lowest = &node->legs[*same_find(node, &partner)];
	if (lowest == leg)
		return;
	find(node, leg, ICCP_FIND_LEG_DUPLICATE, ICCP_SEVERITY_ERROR,
	     lowest->mlag_id, lowest->mlag_id);
	leg->check.hold = true;
}

static void check_leg(struct iccp_node *node, struct iccp_leg *leg)
{
	const struct iccp_peer_leg *peer = &leg->peer;

	if (peer->known && peer->exists != leg->own)
		find(node, leg, ICCP_FIND_LEG_ONE_SIDE, ICCP_SEVERITY_ADVICE,
		     leg->own, peer->exists);
	if (!leg->own)
		return;
	if (peer->known && peer->exists)
		check_partners(node, leg);
	if (iccp_check_leg(&node->check.domain, &leg->check, leg->mlag_id,
			   &node->check.pool, &node->check.next))
		leg->check.hold = true;
}

static void check_legs(struct iccp_node *node)
{
	u32 i;

	memset(node->check.same, 0xff, sizeof(node->check.same));
	for (i = 0; i < node->legs_used; i++)
		if (node->legs[i].mlag_id)
			same_add(node, &node->legs[i]);
	for (i = 0; i < node->legs_used; i++) {
		if (!node->legs[i].mlag_id)
			continue;
		check_duplicate(node, &node->legs[i]);
		check_leg(node, &node->legs[i]);
	}
}

static void check_domain(struct iccp_node *node)
{
	struct iccp_check *check = &node->check;
	struct iccp_vlans carried;
	u16 last = ICCP_VLANS_NONE;
	u32 i;

	memset(&carried, 0, sizeof(carried));
	for (i = 0; i < node->legs_used; i++) {
		u16 set = node->legs[i].check.own_vlans;

		if (!node->legs[i].mlag_id || set == last)
			continue;
		last = set;
		if (set != ICCP_VLANS_NONE)
			iccp_vlans_merge(&carried,
					 iccp_vlans_get(&check->pool, set));
	}
	check->domain.hold = iccp_check_domain(&check->domain, &carried,
					       &check->pool, &check->next);
}

static void tell(struct iccp_node *node, const struct iccp_finding *finding,
		 enum iccp_event_code code)
{
	node_event(node, code, finding->code, finding->mlag_id,
		   finding->vids.from);
}

/* Both lists are sorted: what stands in one alone went or came. */
static void tell_changes(struct iccp_node *node)
{
	const struct iccp_findings *was = &node->check.now;
	const struct iccp_findings *is = &node->check.next;
	u32 a = 0, b = 0;
	int order;

	while (a < was->count || b < is->count) {
		if (a == was->count)
			order = 1;
		else if (b == is->count)
			order = -1;
		else
			order = iccp_finding_order(&was->list[a],
						   &is->list[b]);
		if (order < 0)
			tell(node, &was->list[a], ICCP_EV_FINDING_GONE);
		else if (order > 0)
			tell(node, &is->list[b], ICCP_EV_FINDING);
		a += order <= 0;
		b += order >= 0;
	}
}

static bool sides_differ(const struct iccp_findings *list)
{
	u32 i;

	for (i = 0; i < list->count; i++)
		if (list->list[i].code < ICCP_FIND_LOCAL)
			return true;
	return false;
}

static void differs_tell(struct iccp_node *node, bool differs)
{
	if (differs == node->check.differs)
		return;
	node->check.differs = differs;
	node_event(node, differs ? ICCP_EV_CONFIG_MISMATCH :
				   ICCP_EV_CONFIG_MATCH, 0, 0, 0);
}

/*
 * node_check_run() - compare everything now
 */
void node_check_run(struct iccp_node *node)
{
	struct iccp_check *check = &node->check;

	check->at = U64_MAX;
	node->legs_change++;
	check->next.count = 0;
	check->next.lost = 0;
	check_domain(node);
	check_legs(node);
	tell_changes(node);
	check->now = check->next;
	differs_tell(node, sides_differ(&check->now));
}

/*
 * node_check_holds() - is a leg to be held because the chassis differ?
 */
bool node_check_holds(const struct iccp_node *node,
		      const struct iccp_leg *leg)
{
	return node->cfg.consistency_action == ICCP_CONSISTENCY_HOLD &&
	       node->role == ICCP_ROLE_SECONDARY && node->synced &&
	       (node->check.domain.hold || leg->check.hold);
}
