// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts of two chassis compared: which differences matter, how much, and
 * whether legs should rather be held. No state: the same facts give the same
 * findings.
 */
#include <linux/bits.h>
#include <linux/string.h>
#include "iccp_check.h"

#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))

/**
 * struct rule - a fact that both chassis should have alike
 * @fact: enum iccp_fact
 * @code: finding if they differ
 * @severity: of the finding
 * @holds: frames would go wrong: reason to hold
 * @only_if: fact of the domain that must not be 0 on either chassis, 0 = none
 */
struct rule {
	u8 fact;
	u8 code;
	u8 severity;
	bool holds;
	u8 only_if;
};

#define FACT(name)	ICCP_FACT_##name
#define FIND(name)	ICCP_FIND_##name
#define ADVICE		ICCP_SEVERITY_ADVICE
#define ERROR		ICCP_SEVERITY_ERROR

/* What is about single VLANs never holds a leg: the other VLANs go on. */
static const struct rule domain_rules[] = {
	{ FACT(VLAN_FILTERING), FIND(VLAN_FILTERING), ERROR, true, 0 },
	{ FACT(VLAN_PROTOCOL), FIND(VLAN_PROTOCOL), ERROR, true,
	  FACT(VLAN_FILTERING) },
	{ FACT(STP_MODE), FIND(STP_MODE), ERROR, true, 0 },
	{ FACT(STP_PRIORITY), FIND(STP_PRIORITY), ERROR, false,
	  FACT(STP_MODE) },
	{ FACT(MTU), FIND(PEER_PORT_MTU), ERROR, false, 0 },
	{ FACT(PVID), FIND(PEER_PORT_PVID), ERROR, false,
	  FACT(VLAN_FILTERING) },
	{ FACT(DEFAULT_PVID), FIND(DEFAULT_PVID), ADVICE, false,
	  FACT(VLAN_FILTERING) },
	{ FACT(AGEING), FIND(AGEING), ADVICE, false, 0 },
	{ FACT(MCAST_SNOOPING), FIND(MCAST_SNOOPING), ADVICE, false, 0 },
	{ FACT(HELLO), FIND(HELLO), ADVICE, false, 0 },
	{ FACT(DEAD), FIND(DEAD), ADVICE, false, 0 },
	{ FACT(VERSION), FIND(VERSION), ADVICE, false, 0 },
	{ FACT(HEARTBEAT), FIND(HEARTBEAT), ADVICE, false, 0 },
};

static const struct rule leg_rules[] = {
	{ FACT(MTU), FIND(LEG_MTU), ERROR, true, 0 },
	{ FACT(PVID), FIND(LEG_PVID), ERROR, false, FACT(VLAN_FILTERING) },
	{ FACT(LACP_RATE), FIND(LEG_LACP_RATE), ADVICE, false, 0 },
	{ FACT(MIN_LINKS), FIND(LEG_MIN_LINKS), ADVICE, false, 0 },
	{ FACT(LACP_FALLBACK), FIND(LEG_FALLBACK), ADVICE, false, 0 },
};

const char *iccp_finding_name(enum iccp_finding_code code)
{
	static const char *const names[] = {
		[FIND(VLAN_FILTERING)] = "vlan-filtering",
		[FIND(VLAN_PROTOCOL)] = "vlan-protocol",
		[FIND(STP_MODE)] = "stp-mode",
		[FIND(STP_PRIORITY)] = "stp-priority",
		[FIND(PEER_PORT_MTU)] = "peer-port-mtu",
		[FIND(PEER_PORT_PVID)] = "peer-port-pvid",
		[FIND(PEER_PORT_VLAN)] = "peer-port-vlan",
		[FIND(DEFAULT_PVID)] = "default-pvid",
		[FIND(AGEING)] = "ageing",
		[FIND(MCAST_SNOOPING)] = "multicast-snooping",
		[FIND(HELLO)] = "hello",
		[FIND(DEAD)] = "dead",
		[FIND(VERSION)] = "version",
		[FIND(HEARTBEAT)] = "heartbeat",
		[FIND(LEG_MTU)] = "mtu",
		[FIND(LEG_PVID)] = "pvid",
		[FIND(LEG_VLAN)] = "vlan",
		[FIND(LEG_LACP_RATE)] = "lacp-rate",
		[FIND(LEG_MIN_LINKS)] = "min-links",
		[FIND(LEG_FALLBACK)] = "lacp-fallback",
		[FIND(LEG_ONE_SIDE)] = "one-side",
		[FIND(LEG_NO_PARTNER)] = "no-partner",
		[FIND(LEG_PARTNER)] = "partner",
		[FIND(LEG_DUPLICATE)] = "duplicate-partner",
		[FIND(VLAN_NOT_CARRIED)] = "vlan-not-carried",
		[FIND(LEG_MTU_ABOVE)] = "mtu-above-peer-port",
		[FIND(LEG_SLOW_CLIENT)] = "slow-client",
	};

	return code < ARRAY_LEN(names) ? names[code] : "unknown";
}

/*
 * iccp_fact_set() - say a fact; codes nobody knows are passed over
 */
void iccp_fact_set(struct iccp_facts *facts, enum iccp_fact fact, u32 value)
{
	if (!fact || fact >= ICCP_FACT_MAX)
		return;
	facts->have |= BIT(fact);
	facts->value[fact] = value;
}

bool iccp_fact_has(const struct iccp_facts *facts, enum iccp_fact fact)
{
	return facts->have & BIT(fact);
}

static int order(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

/*
 * iccp_finding_order() - which of two findings is told first
 *
 * Return: below, at or above 0; 0 if they are the same.
 */
int iccp_finding_order(const struct iccp_finding *a,
		       const struct iccp_finding *b)
{
	int ret = order(a->mlag_id, b->mlag_id);

	if (!ret)
		ret = order(a->code, b->code);
	if (!ret)
		ret = order(a->vids.from, b->vids.from);
	if (!ret)
		ret = order(a->vids.to, b->vids.to);
	if (!ret)
		ret = order(a->own, b->own);
	return ret ? ret : order(a->peer, b->peer);
}

/*
 * iccp_finding_add() - put a finding where it belongs; of too many the last go
 */
void iccp_finding_add(struct iccp_findings *list,
		      const struct iccp_finding *finding)
{
	u32 at = list->count;
	u32 behind;

	while (at && iccp_finding_order(&list->list[at - 1], finding) > 0)
		at--;
	if (list->count == ICCP_FINDINGS_MAX)
		list->lost++;
	else
		list->count++;
	if (at == ICCP_FINDINGS_MAX)
		return;
	behind = list->count - at - 1;
	memmove(&list->list[at + 1], &list->list[at],
		behind * sizeof(*finding));
	list->list[at] = *finding;
}

static bool both_have(const struct iccp_subject *subject, u8 fact)
{
	return iccp_fact_has(&subject->own, fact) &&
	       iccp_fact_has(&subject->peer, fact);
}

static bool both_set(const struct iccp_subject *subject, u8 fact)
{
	return both_have(subject, fact) && subject->own.value[fact] &&
	       subject->peer.value[fact];
}

static bool apply(const struct rule *rule, const struct iccp_subject *domain,
		  const struct iccp_subject *subject, u32 mlag_id,
		  struct iccp_findings *list)
{
	struct iccp_finding finding = {
		.code = rule->code,
		.severity = rule->severity,
		.mlag_id = mlag_id,
		.own = subject->own.value[rule->fact],
		.peer = subject->peer.value[rule->fact],
	};

	if (!both_have(subject, rule->fact) || finding.own == finding.peer)
		return false;
	if (rule->only_if && !both_set(domain, rule->only_if))
		return false;
	iccp_finding_add(list, &finding);
	return rule->holds;
}

/*
 * iccp_vlans_differ() - both have said which VLANs, and not the same
 */
bool iccp_vlans_differ(const struct iccp_subject *subject)
{
	return both_have(subject, ICCP_FACT_VLANS) &&
	       subject->own.value[ICCP_FACT_VLANS] !=
	       subject->peer.value[ICCP_FACT_VLANS];
}

/* Runs of VLANs that @from has and @set lacks; few of them, the rest counted. */
static void runs(const struct iccp_vlans *set, const struct iccp_vlans *from,
		 struct iccp_finding *finding, struct iccp_findings *list)
{
	u16 at = 1;
	u32 n;

	for (n = 0; n < ICCP_FINDING_RUNS; n++) {
		if (!iccp_vlans_missing(set, from, at, &finding->vids))
			return;
		at = finding->vids.to + 1;
		iccp_finding_add(list, finding);
	}
	list->lost += iccp_vlans_runs(set, from, at);
}

static void vlans(const struct iccp_subject *domain,
		  const struct iccp_subject *subject, u8 code, u32 mlag_id,
		  const struct iccp_vlan_pool *pool,
		  struct iccp_findings *list)
{
	const struct iccp_vlans *own, *peer;
	struct iccp_finding finding = {
		.code = code,
		.severity = ICCP_SEVERITY_ERROR,
		.mlag_id = mlag_id,
	};

	own = iccp_vlans_get(pool, subject->own_vlans);
	peer = iccp_vlans_get(pool, subject->peer_vlans);
	if (!own || !iccp_vlans_differ(subject) ||
	    !both_set(domain, ICCP_FACT_VLAN_FILTERING))
		return;
	/* on its way, or no place for it: they differ in any case */
	if (!peer) {
		list->lost++;
		return;
	}
	finding.peer = 1;
	runs(own, peer, &finding, list);
	finding.own = 1;
	finding.peer = 0;
	runs(peer, own, &finding, list);
}

/* What legs carry and the own peer-port does not, unless the peer's does. */
static void not_carried(const struct iccp_subject *domain,
			const struct iccp_vlans *carried,
			const struct iccp_vlan_pool *pool,
			struct iccp_findings *list)
{
	const struct iccp_vlans *own, *peer;
	struct iccp_finding finding = {
		.code = ICCP_FIND_VLAN_NOT_CARRIED,
		.severity = ICCP_SEVERITY_ERROR,
	};
	struct iccp_vlans covered;

	own = iccp_vlans_get(pool, domain->own_vlans);
	if (!own || !domain->own.value[ICCP_FACT_VLAN_FILTERING])
		return;
	covered = *own;
	peer = iccp_vlans_get(pool, domain->peer_vlans);
	if (peer && iccp_vlans_differ(domain))
		iccp_vlans_merge(&covered, peer);
	runs(&covered, carried, &finding, list);
}

/*
 * iccp_check_domain() - compare what is common to all legs
 * @domain: facts of both
 * @carried: VLANs of all own legs together
 * @pool: sets of VLANs
 * @list: findings are added
 *
 * Return: true if one of them is reason to hold all legs.
 */
bool iccp_check_domain(const struct iccp_subject *domain,
		       const struct iccp_vlans *carried,
		       const struct iccp_vlan_pool *pool,
		       struct iccp_findings *list)
{
	bool hold = false;
	u32 i;

	for (i = 0; i < ARRAY_LEN(domain_rules); i++)
		hold |= apply(&domain_rules[i], domain, domain, 0, list);
	vlans(domain, domain, ICCP_FIND_PEER_PORT_VLAN, 0, pool, list);
	not_carried(domain, carried, pool, list);
	return hold;
}

static void own_leg(const struct iccp_subject *domain,
		    const struct iccp_subject *leg, u32 mlag_id,
		    struct iccp_findings *list)
{
	struct iccp_finding finding = {
		.code = ICCP_FIND_LEG_MTU_ABOVE,
		.severity = ICCP_SEVERITY_ERROR,
		.mlag_id = mlag_id,
		.own = leg->own.value[ICCP_FACT_MTU],
		.peer = domain->own.value[ICCP_FACT_MTU],
	};

	if (iccp_fact_has(&domain->own, ICCP_FACT_MTU) &&
	    finding.own > finding.peer)
		iccp_finding_add(list, &finding);
	if (!leg->own.value[ICCP_FACT_SLOW_CLIENT])
		return;
	finding.code = ICCP_FIND_LEG_SLOW_CLIENT;
	finding.severity = ICCP_SEVERITY_ADVICE;
	finding.own = 1;
	finding.peer = 0;
	iccp_finding_add(list, &finding);
}

/*
 * iccp_check_leg() - compare one leg
 * @domain: facts of both, on which some of the leg's depend
 * @leg: facts of both
 * @mlag_id: of the leg
 * @pool: sets of VLANs
 * @list: findings are added
 *
 * Return: true if one of them is reason to hold this leg.
 */
bool iccp_check_leg(const struct iccp_subject *domain,
		    const struct iccp_subject *leg, u32 mlag_id,
		    const struct iccp_vlan_pool *pool,
		    struct iccp_findings *list)
{
	bool hold = false;
	u32 i;

	for (i = 0; i < ARRAY_LEN(leg_rules); i++)
		hold |= apply(&leg_rules[i], domain, leg, mlag_id, list);
	vlans(domain, leg, ICCP_FIND_LEG_VLAN, mlag_id, pool, list);
	own_leg(domain, leg, mlag_id, list);
	return hold;
}
