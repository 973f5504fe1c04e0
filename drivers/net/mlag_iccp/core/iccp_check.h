/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Are two chassis configured alike? Facts of both in, findings out.
 *
 * A fact is a number with a code. The domain has facts, and each leg. Both
 * chassis tell theirs; what only one of them knows, or this version does not
 * know, is not compared. A finding is one difference that matters, or
 * something of our own that cannot work; the list of them is bounded and
 * sorted, so that it does not depend on the order in which facts came.
 */
#ifndef _MLAG_ICCP_CHECK_H
#define _MLAG_ICCP_CHECK_H

#include <linux/types.h>
#include "iccp_vlans.h"

#define ICCP_FINDINGS_MAX	64
#define ICCP_FINDING_RUNS	8	/* runs of VLANs of one kind */
#define ICCP_SAME_HEADS		64

/*
 * enum iccp_fact - codes on the wire; a new one gets the next number
 *
 * The domain's MTU, PVID and VLANS are those of the peer-port.
 */
enum iccp_fact {
	ICCP_FACT_VLAN_FILTERING = 1,	/* 0, 1 */
	ICCP_FACT_VLAN_PROTOCOL,	/* EtherType of the tag */
	ICCP_FACT_STP_MODE,	/* 0 none, 1 kernel, 2 user space */
	ICCP_FACT_STP_PRIORITY,
	ICCP_FACT_MTU,
	ICCP_FACT_PVID,		/* VLAN of untagged frames, 0 = none */
	ICCP_FACT_VLANS,	/* iccp_vlans_digest() */
	ICCP_FACT_DEFAULT_PVID,
	ICCP_FACT_AGEING,	/* ms */
	ICCP_FACT_MCAST_SNOOPING, /* 0, 1 */
	ICCP_FACT_HELLO,	/* ms */
	ICCP_FACT_DEAD,		/* ms */
	ICCP_FACT_VERSION,	/* of the protocol */
	ICCP_FACT_HEARTBEAT,	/* 0, 1: a second path is configured */
	ICCP_FACT_LACP_RATE,	/* leg: 0 slow, 1 fast */
	ICCP_FACT_MIN_LINKS,	/* leg */
	ICCP_FACT_LACP_FALLBACK, /* leg: 0, 1 */
	ICCP_FACT_SLOW_CLIENT,	/* leg: the client asks for slow LACPDUs */
	ICCP_FACT_MAX,
};

/**
 * struct iccp_facts - what one chassis says of the domain or of a leg
 * @have: mask of codes
 * @value: by code; 0 where it is not known
 */
struct iccp_facts {
	u32 have;
	u32 value[ICCP_FACT_MAX];
};

/*
 * enum iccp_finding_code - what was found; name: iccp_finding_name()
 *
 * Up to ICCP_FIND_LOCAL the two chassis differ, and both find it. From there on
 * the configuration of one of them does not fit together.
 */
enum iccp_finding_code {
	ICCP_FIND_VLAN_FILTERING,
	ICCP_FIND_VLAN_PROTOCOL,
	ICCP_FIND_STP_MODE,
	ICCP_FIND_STP_PRIORITY,
	ICCP_FIND_PEER_PORT_MTU,
	ICCP_FIND_PEER_PORT_PVID,
	ICCP_FIND_PEER_PORT_VLAN, /* VLANs one peer-port lacks */
	ICCP_FIND_DEFAULT_PVID,
	ICCP_FIND_AGEING,
	ICCP_FIND_MCAST_SNOOPING,
	ICCP_FIND_HELLO,
	ICCP_FIND_DEAD,
	ICCP_FIND_VERSION,
	ICCP_FIND_HEARTBEAT,
	ICCP_FIND_LEG_MTU,
	ICCP_FIND_LEG_PVID,
	ICCP_FIND_LEG_VLAN,	/* VLANs one leg lacks */
	ICCP_FIND_LEG_LACP_RATE,
	ICCP_FIND_LEG_MIN_LINKS,
	ICCP_FIND_LEG_FALLBACK,
	ICCP_FIND_LEG_ONE_SIDE,	/* the mlag-id exists on one chassis */
	ICCP_FIND_LEG_NO_PARTNER, /* one leg has an LACP partner */
	ICCP_FIND_LEG_PARTNER,	/* different ones; values are addresses */
	ICCP_FIND_LEG_DUPLICATE, /* same partner as mlag-id @own */
	ICCP_FIND_LOCAL,
	/* VLANs of legs that neither peer-port carries */
	ICCP_FIND_VLAN_NOT_CARRIED = ICCP_FIND_LOCAL,
	ICCP_FIND_LEG_MTU_ABOVE, /* @peer: MTU of the own peer-port */
	ICCP_FIND_LEG_SLOW_CLIENT,
	ICCP_FIND_MAX,
};

/* Does it make forwarding wrong, or is it not as it should be? */
enum iccp_severity {
	ICCP_SEVERITY_ADVICE,
	ICCP_SEVERITY_ERROR,
};

/**
 * struct iccp_finding - one difference
 * @code: enum iccp_finding_code
 * @severity: enum iccp_severity
 * @mlag_id: leg, 0 = the domain
 * @vids: run of VLANs, 0 if it is not about VLANs
 * @own: value here; of VLANs and legs 1 = there, 0 = missing
 * @peer: value at the peer
 */
struct iccp_finding {
	u8 code;
	u8 severity;
	u32 mlag_id;
	struct iccp_vlan_range vids;
	u64 own;
	u64 peer;
};

/**
 * struct iccp_findings - sorted by mlag-id, code, VLAN, value
 * @count: of @list
 * @lost: findings that found no room
 */
struct iccp_findings {
	u32 count;
	u32 lost;
	struct iccp_finding list[ICCP_FINDINGS_MAX];
};

/**
 * struct iccp_subject - the domain or one leg, as both chassis have it
 * @own: facts
 * @peer: the peer's, of this session
 * @own_vlans: handle of the own set
 * @peer_vlans: handle of the peer's; it is told only if digests differ
 * @facts_due: @own waits to be sent
 * @vlans_due: so does the own set
 * @hold: a difference is reason to hold
 */
struct iccp_subject {
	struct iccp_facts own;
	struct iccp_facts peer;
	u16 own_vlans;
	u16 peer_vlans;
	bool facts_due;
	bool vlans_due;
	bool hold;
};

/* What the secondary does to legs that cannot work as they are configured. */
enum iccp_consistency_action {
	ICCP_CONSISTENCY_NONE,
	ICCP_CONSISTENCY_HOLD,
};

/**
 * struct iccp_check - are the chassis configured alike?
 * @domain: facts of the domain
 * @due: a fact or a set of VLANs of the domain or of a leg may have to be sent
 * @differs: the last comparison found a difference between the two
 * @at: next comparison, U64_MAX = nothing has changed
 * @pool: sets of VLANs
 * @now: result of the last comparison
 * @next: of the one under way
 * @same: hash heads: legs by partner
 */
struct iccp_check {
	struct iccp_subject domain;
	bool due;
	bool differs;
	u64 at;
	struct iccp_vlan_pool pool;
	struct iccp_findings now;
	struct iccp_findings next;
	u32 same[ICCP_SAME_HEADS];
};

const char *iccp_finding_name(enum iccp_finding_code code);

void iccp_fact_set(struct iccp_facts *facts, enum iccp_fact fact, u32 value);
bool iccp_fact_has(const struct iccp_facts *facts, enum iccp_fact fact);

void iccp_finding_add(struct iccp_findings *list,
		      const struct iccp_finding *finding);
int iccp_finding_order(const struct iccp_finding *a,
		       const struct iccp_finding *b);
bool iccp_vlans_differ(const struct iccp_subject *subject);

bool iccp_check_domain(const struct iccp_subject *domain,
		       const struct iccp_vlans *carried,
		       const struct iccp_vlan_pool *pool,
		       struct iccp_findings *list);
bool iccp_check_leg(const struct iccp_subject *domain,
		    const struct iccp_subject *leg, u32 mlag_id,
		    const struct iccp_vlan_pool *pool,
		    struct iccp_findings *list);

#endif /* _MLAG_ICCP_CHECK_H */
