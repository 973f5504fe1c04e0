// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is wrong with domains: their state, the peer-port, alarms, held legs,
 * and then the findings of the consistency check. Domains and legs of family
 * mlag_iccp come in, a row for each thing leaves.
 */
#include <linux/mlag_iccp.h>
#include <stdio.h>
#include <string.h>

#include "cmd_domain.h"
#include "diagnose.h"
#include "mlagctl.h"

#define DOMAIN(name)	MLAG_ICCP_A_DOMAIN_##name
#define LINK(name)	MLAG_ICCP_A_LINK_##name
#define LEG(name)	MLAG_ICCP_A_LEG_##name
#define ALARM(name)	MLAG_ICCP_ALARMS_##name
#define STATE(name)	MLAG_ICCP_STATE_##name

static const struct field domain_fields[] = {
	{ "bridge", DOMAIN(BRIDGE_NAME), FIELD_NAME },
	{ "ifindex", DOMAIN(BRIDGE_IFINDEX), FIELD_U32 },
	{ "peer-port", DOMAIN(PEER_PORT_NAME), FIELD_NAME },
	{ "state", DOMAIN(STATE), FIELD_U8 },
	{ "reason", DOMAIN(REASON), FIELD_NAME },
	{ "posture", DOMAIN(POSTURE), FIELD_U8 },
	{ "refused", DOMAIN(REFUSED), FIELD_NAME },
	{ "alarms", DOMAIN(ALARMS), FIELD_U32 },
	{ "heartbeat", DOMAIN(HEARTBEAT), FIELD_U8 },
	{ "heartbeat-state", DOMAIN(HEARTBEAT_STATE), FIELD_U8 },
	{ "findings-lost", DOMAIN(FINDINGS_LOST), FIELD_U32 },
};

static const struct field link_fields[] = {
	{ "name", LINK(NAME), FIELD_NAME },
	{ "carrier", LINK(CARRIER), FIELD_U8 },
};

static const struct field leg_fields[] = {
	{ "leg", LEG(NAME), FIELD_NAME },
	{ "mlag-id", LEG(MLAG_ID), FIELD_U32 },
	{ "hold-reason", LEG(HOLD_REASON), FIELD_NAME, FORM_HIDDEN },
	{ "bridge", LEG(BRIDGE_NAME), FIELD_NAME, FORM_HIDDEN },
	{ "bridge", LEG(BRIDGE_IFINDEX), FIELD_U32, FORM_HIDDEN },
	{ "ifindex", LEG(IFINDEX), FIELD_U32, FORM_HIDDEN },
};

/* The chassis takes no part in the pair. */
static const struct ailment absences[] = {
	{ "no-peer-port", "the peer-port is no port of the bridge",
	  "ip link set PEER-PORT master BRIDGE" },
	{ "removal", "the domain is being removed", "nothing" },
	{ "reboot", "the machine goes down", "nothing" },
};

/* The peer is heard and refused. */
static const struct ailment refusals[] = {
	{ "domain", "the peer has another domain tag",
	  "mlagctl domain set BRIDGE domain N, alike on both" },
	{ "version", "the peer speaks another version of the protocol",
	  "bring both chassis to releases with a common version" },
	{ "auth", "the peer does not prove that it knows the key",
	  "give both chassis the same key" },
};

static const struct ailment not_heard = {
	"not-heard", "nothing is heard from the peer",
	"is there a domain at the other end of the peer-port, and does nothing between drop EtherType 0x88b5?",
};
static const struct ailment one_way = {
	"one-way", "the peer is heard, and does not hear this chassis",
	"look for a cable or a filter that lets frames pass one way only",
};
static const struct ailment alone = {
	"alone", "the peer is gone, this chassis goes on alone",
	"see to the peer and to the peer-port; the system-id stays",
};
static const struct ailment reverted = {
	"reverted", "the peer is lost, this chassis has a system-id of its own",
	"repair the peer-port; a heartbeat tells a dead peer from a cut peer-port",
};
static const struct ailment isolated = {
	"isolated", "the peer lives and the peer-port is lost: all legs are held",
	"repair the peer-port; orphan ports go on",
};
static const struct ailment no_link = {
	"peer-port-down", "no link of the peer-port has carrier",
	"check the cables between the chassis",
};
static const struct ailment no_heartbeat = {
	"no-heartbeat",
	"there is no heartbeat: a dead peer and a cut peer-port look alike, and split-action decides",
	"mlagctl domain set BRIDGE heartbeat dev DEV or udp LOCAL PEER, on both",
};

static const struct {
	uint32_t bit;
	struct ailment ailment;
} alarms[] = {
	{ ALARM(GROUP_FWD_MASK), { "group-fwd-mask",
	  "group_fwd_mask of the bridge or of the peer-port has 0x4000: control frames of other chassis are forwarded",
	  "clear 0x4000 in group_fwd_mask" } },
	{ ALARM(FOREIGN_FRAMES), { "foreign-frames",
	  "frames of EtherType 0x88b5 came in that are not ours",
	  "is the peer-port connected to MLAG of another make?" } },
	{ ALARM(NO_MEMORY), { "no-memory",
	  "the address table could not grow",
	  "free memory; addresses that were left out are flooded" } },
	{ ALARM(PEER_PORT_BLOCKED), { "peer-port-blocked",
	  "STP of the bridge blocks the peer-port",
	  "keep STP off the peer-port: it must always forward" } },
	{ ALARM(DUPLICATE_DOMAIN), { "duplicate-domain",
	  "a third chassis with this domain tag speaks on the segment",
	  "give each pair a domain tag of its own, and connect the peer-ports directly" } },
};

static const struct ailment heartbeats[] = {
	[MLAG_ICCP_HEARTBEAT_STATE_UNHEARD] = { "heartbeat-unheard",
	  "nothing was heard on the heartbeat yet",
	  "is it configured at the peer, and do the addresses reach each other?" },
	[MLAG_ICCP_HEARTBEAT_STATE_ALIVE] = { "heartbeat-one-way",
	  "the peer is heard on the heartbeat, and does not hear this chassis",
	  "look for a firewall or a route at the peer" },
	[MLAG_ICCP_HEARTBEAT_STATE_ASKED] = { "heartbeat-asked",
	  "the peer-port is lost, the heartbeat is being asked",
	  "nothing, it takes a moment" },
	[MLAG_ICCP_HEARTBEAT_STATE_SILENT] = { "heartbeat-silent",
	  "the heartbeat is configured, and silent",
	  "check the second path; until then a cut peer-port is taken for a dead peer" },
};

static const struct ailment holds[] = {
	{ "no-domain", "its bridge is no domain",
	  "mlagctl domain add" },
	{ "duplicate-mlag-id", "another bond of the bridge has this mlag_id",
	  "give each bond an mlag_id of its own" },
	{ "key-collision", "a lower mlag-id has the same LACP key",
	  "choose mlag_ids that do not differ by a multiple of 32768" },
	{ "init", "no peer was heard since the start",
	  "wait for reload-delay, or see to the peer", true },
	{ "session", "the session with the peer is being set up",
	  "nothing, it takes a moment", true },
	{ "init-delay", "the init-delay runs", "nothing, or a shorter one", true },
	{ "no-identity", "there is no system-id yet", "see to the peer" },
	{ "partner-mismatch", "the leg of the peer leads to another client",
	  "one cable is in the wrong port" },
	{ "config-differs",
	  "the two chassis are configured differently, and consistency-action is hold",
	  "see the errors here, or consistency-action none" },
	{ "peer-silent", "the peer did not acknowledge the leg in time",
	  "nothing, it is tried again; if it lasts, look for loss on the peer-port" },
	{ "settling", "the client has yet to see that the leg went",
	  "nothing, it takes a second", true },
	{ "no-partner", "no port of the leg has an LACP partner",
	  "check the cable, and LACP at the client" },
	{ "no-carrier", "the bond has no carrier",
	  "see min_links and the ports of the bond" },
	{ "learning", "the bridge still learns on it",
	  "nothing, it takes a moment", true },
	{ "stp", "STP of the bridge does not forward on it",
	  "wait for STP, or keep it off the leg" },
	{ "fdb", "addresses still point to the leg",
	  "nothing, it takes a moment", true },
	{ "fallback-at-peer",
	  "the client speaks no LACP here, and the leg of the peer serves it",
	  "configure LACP at the client", true },
	{ "isolated", "this chassis is isolated", "repair the peer-port" },
	{ "leaving", "the chassis leaves the pair", "nothing", true },
	{ "maintenance", "the chassis is under maintenance",
	  "mlagctl maintenance exit BRIDGE", true },
};

/* The peer-port of a domain among all that there are. */
const char *diagnose_peer_port(const struct diagnosis *d, uint32_t bridge)
{
	const struct nlmsghdr *message = NULL;
	struct attrs domain;

	while ((message = nl_reply_next(d->replies, message)))
		if (!attrs_parse(&domain, message, domain_fields,
				 ARRAY_SIZE(domain_fields)) &&
		    attrs_number(&domain, DOMAIN(BRIDGE_IFINDEX)) == bridge)
			return attrs_text(&domain, DOMAIN(PEER_PORT_NAME));
	return NULL;
}

void diagnose_domain_end(struct diagnosis *d, const char *severity,
			 const struct ailment *ailment)
{
	if (severity)
		print_str(d->p, "severity", severity);
	print_str(d->p, "reason", ailment->reason);
	diagnose_end(d, ailment);
}

static void row(struct diagnosis *d, const struct attrs *domain,
		const char *severity, const struct ailment *ailment)
{
	diagnose_begin(d, attrs_text(domain, DOMAIN(BRIDGE_NAME)));
	d->names[DIAGNOSE_PEER_PORT] =
		attrs_text(domain, DOMAIN(PEER_PORT_NAME));
	diagnose_domain_end(d, severity, ailment);
}

/* What a state that is not "connected" means; NULL if nothing. */
static const struct ailment *state_ailment(const struct attrs *domain)
{
	const char *reason = attrs_text(domain, DOMAIN(REASON));
	uint64_t posture = attrs_number(domain, DOMAIN(POSTURE));

	switch (attrs_number(domain, DOMAIN(STATE))) {
	case STATE(DISABLED):
		return ailment_find(absences, ARRAY_SIZE(absences), reason);
	case STATE(INIT):
		return &not_heard;
	case STATE(CONNECTING):
		return attrs_text(domain, DOMAIN(REFUSED)) ? NULL : &one_way;
	case STATE(ALONE):
		return posture == MLAG_ICCP_POSTURE_REVERTED ? &reverted :
							       &alone;
	case STATE(ISOLATED):
		return &isolated;
	}
	return NULL;
}

static void print_state(struct diagnosis *d, const struct attrs *domain)
{
	const char *refused = attrs_text(domain, DOMAIN(REFUSED));
	const struct ailment *ailment = NULL;

	if (domain->at[DOMAIN(STATE)])
		ailment = state_ailment(domain);
	if (ailment)
		row(d, domain, "error", ailment);
	if (!refused)
		return;
	ailment = ailment_find(refusals, ARRAY_SIZE(refusals), refused);
	row(d, domain, "error",
	    ailment ? ailment : &(struct ailment){ .reason = refused });
}

/* The first link is the peer-port itself, the others are its ports. */
static int print_links(struct diagnosis *d, const struct attrs *domain,
		       const struct nlmsghdr *message)
{
	char down[DIAGNOSE_SENTENCE] = "";
	unsigned int links = 0, up = 0;
	const struct nlattr *attr;
	struct attrs link;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != DOMAIN(LINK))
			continue;
		if (attrs_parse_nest(&link, attr, link_fields,
				     ARRAY_SIZE(link_fields)))
			return -1;
		links++;
		if (attrs_number(&link, LINK(CARRIER)))
			up++;
		else
			snprintf(down, sizeof(down),
				 "link %s of the peer-port has no carrier",
				 attrs_text(&link, LINK(NAME)));
	}
	if (links && !up)
		row(d, domain, "error", &no_link);
	else if (links != up)
		row(d, domain, "advice",
		    &(struct ailment){ "peer-port-link", down,
				       no_link.advice });
	return 0;
}

static void print_alarms(struct diagnosis *d, const struct attrs *domain)
{
	uint32_t bits = attrs_number(domain, DOMAIN(ALARMS));
	uint64_t state = attrs_number(domain, DOMAIN(HEARTBEAT_STATE));
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(alarms); i++)
		if (bits & alarms[i].bit)
			row(d, domain, "error", &alarms[i].ailment);
	if (bits & ALARM(HEARTBEAT) && state < ARRAY_SIZE(heartbeats) &&
	    heartbeats[state].reason)
		row(d, domain, "error", &heartbeats[state]);
	if (domain->at[DOMAIN(HEARTBEAT)] &&
	    attrs_number(domain, DOMAIN(HEARTBEAT)) ==
	    MLAG_ICCP_HEARTBEAT_NONE)
		row(d, domain, "advice", &no_heartbeat);
}

static void print_lost(struct diagnosis *d, const struct attrs *domain)
{
	uint32_t lost = attrs_number(domain, DOMAIN(FINDINGS_LOST));
	char text[DIAGNOSE_SENTENCE];

	if (!lost)
		return;
	snprintf(text, sizeof(text), "%u more findings are not shown",
		 (unsigned int)lost);
	row(d, domain, "advice",
	    &(struct ailment){ "more", text, "see to those that are" });
}

bool diagnose_wanted(const struct diagnosis *d, const struct attrs *attrs,
		     uint16_t bridge, uint16_t leg)
{
	return !d->name || attrs_number(attrs, bridge) == d->ifindex ||
	       (leg && attrs_number(attrs, leg) == d->ifindex);
}

static int print_domains(struct diagnosis *d, const struct nl_replies *domains)
{
	const struct nlmsghdr *message = NULL;
	struct attrs domain;

	while ((message = nl_reply_next(domains, message))) {
		if (attrs_parse(&domain, message, domain_fields,
				ARRAY_SIZE(domain_fields)))
			return MLAGCTL_REFUSED;
		if (!diagnose_wanted(d, &domain, DOMAIN(BRIDGE_IFINDEX), 0))
			continue;
		d->domains++;
		print_state(d, &domain);
		if (print_links(d, &domain, message))
			return MLAGCTL_REFUSED;
		print_alarms(d, &domain);
		print_lost(d, &domain);
	}
	return MLAGCTL_OK;
}

static void print_leg(struct diagnosis *d, const struct attrs *leg,
		      const char *reason)
{
	const struct ailment *ailment;

	ailment = ailment_find(holds, ARRAY_SIZE(holds), reason);
	diagnose_begin(d, attrs_text(leg, LEG(BRIDGE_NAME)));
	d->names[DIAGNOSE_LEG] = attrs_text(leg, LEG(NAME));
	attrs_print(d->p, leg, leg_fields, ARRAY_SIZE(leg_fields));
	diagnose_domain_end(d, ailment && ailment->passes ? "advice" : "error",
			    ailment ? ailment :
				      &(struct ailment){ .reason = reason });
}

static int diagnose_legs(struct ctx *ctx, const struct args *args,
			 const struct nl_family *family, struct diagnosis *d)
{
	const struct nlmsghdr *message = NULL;
	struct nl_replies legs;
	const char *reason;
	struct attrs leg;
	int ret;

	ret = request_run(ctx, args, NULL,
			  nl_request(&ctx->nl, family, MLAG_ICCP_CMD_LEG_GET,
				     NLM_F_DUMP), &legs);
	if (ret)
		return ret;
	while (!ret && (message = nl_reply_next(&legs, message))) {
		if (attrs_parse(&leg, message, leg_fields,
				ARRAY_SIZE(leg_fields))) {
			ret = MLAGCTL_REFUSED;
			break;
		}
		reason = attrs_text(&leg, LEG(HOLD_REASON));
		if (reason && diagnose_wanted(d, &leg, LEG(BRIDGE_IFINDEX),
					      LEG(IFINDEX)))
			print_leg(d, &leg, reason);
	}
	nl_replies_free(&legs);
	return ret;
}

int diagnose_domains(struct ctx *ctx, const struct args *args,
		     struct diagnosis *d)
{
	struct nl_replies domains;
	struct nl_family family;
	int ret;

	if (nl_family_find(&ctx->nl, MLAG_ICCP_FAMILY_NAME, &family))
		return MLAGCTL_OK;
	ret = domains_get(ctx, args, NULL, &domains);
	if (ret)
		return ret;
	d->replies = &domains;
	ret = print_domains(d, &domains);
	if (!ret)
		ret = diagnose_findings(ctx, args, &family, d);
	if (!ret)
		ret = diagnose_legs(ctx, args, &family, d);
	nl_replies_free(&domains);
	return ret;
}
