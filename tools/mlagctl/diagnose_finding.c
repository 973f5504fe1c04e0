// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings of the consistency check in sentences: what it is about, which VLAN,
 * the value here and at the peer, and what to do. A finding of family mlag_iccp
 * comes in, a row leaves.
 */
#include <inttypes.h>
#include <linux/mlag_iccp.h>
#include <stdio.h>
#include <string.h>

#include "diagnose.h"
#include "mlagctl.h"

#define FINDING(name)	MLAG_ICCP_A_FINDING_##name

enum { VALUE_TEXT = 40 };

/* How a value is said. */
enum value {
	VALUE_NUMBER,
	VALUE_MS,
	VALUE_ON_OFF,
	VALUE_STP,
	VALUE_TAG,
	VALUE_RATE,
	VALUE_MAC,
};

/* How the sentence is built. */
enum shape {
	SHAPE_VALUES,		/* WHAT is A here and B at the peer */
	SHAPE_VLAN,		/* VLAN N is missing WHAT here */
	SHAPE_ONE_SIDE,		/* WHAT here and not at the peer */
	SHAPE_OWN,		/* WHAT */
	SHAPE_OTHER_ID,		/* WHAT mlag-id N */
	SHAPE_ABOVE,		/* WHAT A is above B of the peer-port */
};

/**
 * struct meaning - what a kind of finding is about
 * @kind: word of the kernel
 * @shape: of the sentence
 * @value: how the values are said
 * @what: begin of the sentence
 * @advice: what to do
 */
struct meaning {
	const char *kind;
	enum shape shape;
	enum value value;
	const char *what;
	const char *advice;
};

static const struct meaning meanings[] = {
	{ "vlan-filtering", SHAPE_VALUES, VALUE_ON_OFF, "VLAN filtering",
	  "ip link set BRIDGE type bridge vlan_filtering, alike on both" },
	{ "vlan-protocol", SHAPE_VALUES, VALUE_TAG, "the VLAN tag",
	  "ip link set BRIDGE type bridge vlan_protocol, alike on both" },
	{ "stp-mode", SHAPE_VALUES, VALUE_STP, "STP",
	  "ip link set BRIDGE type bridge stp_state, alike on both" },
	{ "stp-priority", SHAPE_VALUES, VALUE_NUMBER,
	  "the STP priority of the bridge",
	  "ip link set BRIDGE type bridge priority, alike on both" },
	{ "peer-port-mtu", SHAPE_VALUES, VALUE_NUMBER,
	  "the MTU of the peer-port",
	  "ip link set PEER-PORT mtu, alike on both" },
	{ "peer-port-pvid", SHAPE_VALUES, VALUE_NUMBER,
	  "the VLAN of untagged frames on the peer-port",
	  "bridge vlan add dev PEER-PORT vid N pvid untagged, alike on both" },
	{ "peer-port-vlan", SHAPE_VLAN, VALUE_NUMBER, "on the peer-port",
	  "bridge vlan add dev PEER-PORT vid VIDS, where it is missing" },
	{ "default-pvid", SHAPE_VALUES, VALUE_NUMBER,
	  "the VLAN that a new port of the bridge gets",
	  "ip link set BRIDGE type bridge vlan_default_pvid, alike on both" },
	{ "ageing", SHAPE_VALUES, VALUE_MS, "the ageing time of the bridge",
	  "ip link set BRIDGE type bridge ageing_time, alike on both" },
	{ "multicast-snooping", SHAPE_VALUES, VALUE_ON_OFF,
	  "multicast snooping",
	  "ip link set BRIDGE type bridge mcast_snooping, alike on both" },
	{ "hello", SHAPE_VALUES, VALUE_MS, "hello",
	  "mlagctl domain set BRIDGE hello, alike on both" },
	{ "dead", SHAPE_VALUES, VALUE_MS, "dead",
	  "mlagctl domain set BRIDGE dead, alike on both" },
	{ "version", SHAPE_VALUES, VALUE_NUMBER, "the protocol version",
	  "bring both chassis to one release" },
	{ "heartbeat", SHAPE_VALUES, VALUE_ON_OFF, "the heartbeat",
	  "mlagctl domain set BRIDGE heartbeat on both: one end alone hears nobody" },
	{ "mtu", SHAPE_VALUES, VALUE_NUMBER, "the MTU of the leg",
	  "ip link set LEG mtu, alike on both" },
	{ "pvid", SHAPE_VALUES, VALUE_NUMBER,
	  "the VLAN of untagged frames on the leg",
	  "bridge vlan add dev LEG vid N pvid untagged, alike on both" },
	{ "vlan", SHAPE_VLAN, VALUE_NUMBER, "on the leg",
	  "bridge vlan add dev LEG vid VIDS, where it is missing" },
	{ "lacp-rate", SHAPE_VALUES, VALUE_RATE, "lacp_rate of the leg",
	  "ip link set LEG type mlagbond lacp_rate, alike on both" },
	{ "min-links", SHAPE_VALUES, VALUE_NUMBER, "min_links of the leg",
	  "ip link set LEG type mlagbond min_links, alike on both" },
	{ "lacp-fallback", SHAPE_VALUES, VALUE_ON_OFF,
	  "lacp_fallback of the leg",
	  "ip link set LEG type mlagbond lacp_fallback, alike on both" },
	{ "one-side", SHAPE_ONE_SIDE, VALUE_NUMBER, "the mlag-id is",
	  "give a bond of the other chassis this mlag_id, and put it into the bridge" },
	{ "no-partner", SHAPE_ONE_SIDE, VALUE_NUMBER,
	  "the leg has an LACP partner",
	  "check the cable of the other leg, and that the client has it in the same group" },
	{ "partner", SHAPE_VALUES, VALUE_MAC, "the LACP partner",
	  "one cable is in the wrong port: both legs must lead to one client" },
	{ "duplicate-partner", SHAPE_OTHER_ID, VALUE_NUMBER,
	  "the leg leads to the same LACP group as",
	  "give all ports to that client one mlag_id, or check the cables" },
	{ "vlan-not-carried", SHAPE_VLAN, VALUE_NUMBER,
	  "on both peer-ports, and legs carry it",
	  "bridge vlan add dev PEER-PORT vid VIDS, on both" },
	{ "mtu-above-peer-port", SHAPE_ABOVE, VALUE_NUMBER,
	  "the MTU of the leg",
	  "ip link set PEER-PORT mtu, at least that of every leg" },
	{ "slow-client", SHAPE_OWN, VALUE_NUMBER,
	  "the client asks for an LACPDU every 30 s only: a leg that falls silent is noticed after 90 s",
	  "set the LACP rate of the client to fast" },
};

static const struct word words_severity[] = {
	{ "advice", MLAG_ICCP_SEVERITY_ADVICE },
	{ "error", MLAG_ICCP_SEVERITY_ERROR },
	{ NULL, 0 },
};

static const struct field fields[] = {
	{ "leg", FINDING(LEG_NAME), FIELD_NAME },
	{ "mlag-id", FINDING(MLAG_ID), FIELD_U32 },
	{ "vid-from", FINDING(VID_FROM), FIELD_U16, .flags = FIELD_DETAIL },
	{ "vid-to", FINDING(VID_TO), FIELD_U16, .flags = FIELD_DETAIL },
	{ "own", FINDING(OWN), FIELD_U64, .flags = FIELD_DETAIL },
	{ "peer", FINDING(PEER), FIELD_U64, .flags = FIELD_DETAIL },
	{ "severity", FINDING(SEVERITY), FIELD_U8, FORM_HIDDEN },
	{ "reason", FINDING(KIND), FIELD_NAME, FORM_HIDDEN },
	{ "bridge", FINDING(BRIDGE_NAME), FIELD_NAME, FORM_HIDDEN },
	{ "bridge", FINDING(BRIDGE_IFINDEX), FIELD_U32, FORM_HIDDEN },
	{ "ifindex", FINDING(LEG_IFINDEX), FIELD_U32, FORM_HIDDEN },
};

static const struct meaning *meaning_find(const char *kind)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(meanings); i++)
		if (!strcmp(meanings[i].kind, kind))
			return &meanings[i];
	return NULL;
}

static void say_mac(char *text, uint64_t v)
{
	snprintf(text, VALUE_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x",
		 (unsigned int)(v >> 40) & 0xff, (unsigned int)(v >> 32) & 0xff,
		 (unsigned int)(v >> 24) & 0xff, (unsigned int)(v >> 16) & 0xff,
		 (unsigned int)(v >> 8) & 0xff, (unsigned int)v & 0xff);
}

static void say(char *text, enum value form, uint64_t v)
{
	static const char *const stp[] = { "off", "the kernel's", "a daemon's" };
	const char *word = NULL;

	if (form == VALUE_ON_OFF)
		word = v ? "on" : "off";
	else if (form == VALUE_RATE)
		word = v ? "fast" : "slow";
	else if (form == VALUE_STP && v < ARRAY_SIZE(stp))
		word = stp[v];
	else if (form == VALUE_TAG && v == 0x8100)
		word = "802.1Q";
	else if (form == VALUE_TAG && v == 0x88a8)
		word = "802.1ad";
	if (word)
		snprintf(text, VALUE_TEXT, "%s", word);
	else if (form == VALUE_MAC)
		say_mac(text, v);
	else
		snprintf(text, VALUE_TEXT, "%" PRIu64 "%s", v,
			 form == VALUE_MS ? " ms" : "");
}

static void say_vlans(char *text, const struct attrs *attrs)
{
	unsigned int from = attrs_number(attrs, FINDING(VID_FROM));
	unsigned int to = attrs_number(attrs, FINDING(VID_TO));

	if (from == to)
		snprintf(text, VALUE_TEXT, "VLAN %u is", from);
	else
		snprintf(text, VALUE_TEXT, "VLANs %u to %u are", from, to);
}

/* As bridge(8) takes them. */
static const char *vids_of(char *text, const struct attrs *attrs)
{
	unsigned int from = attrs_number(attrs, FINDING(VID_FROM));
	unsigned int to = attrs_number(attrs, FINDING(VID_TO));

	if (!from)
		return NULL;
	if (from == to)
		snprintf(text, VALUE_TEXT, "%u", from);
	else
		snprintf(text, VALUE_TEXT, "%u-%u", from, to);
	return text;
}

/* Where something is and where it is missing, after @what. */
static const char *say_sides(uint64_t own, uint64_t peer)
{
	if (!own && !peer)
		return "";
	return own ? " at the peer and present here" :
		     " here and present at the peer";
}

static void sentence(char *text, const struct meaning *m,
		     const struct attrs *attrs)
{
	uint64_t own = attrs_number(attrs, FINDING(OWN));
	uint64_t peer = attrs_number(attrs, FINDING(PEER));
	char a[VALUE_TEXT], b[VALUE_TEXT];

	say(a, m->value, own);
	say(b, m->value, peer);
	switch (m->shape) {
	case SHAPE_VALUES:
		snprintf(text, DIAGNOSE_SENTENCE,
			 "%s is %s here and %s at the peer", m->what, a, b);
		break;
	case SHAPE_VLAN:
		say_vlans(a, attrs);
		snprintf(text, DIAGNOSE_SENTENCE, "%s missing %s%s", a,
			 m->what, say_sides(own, peer));
		break;
	case SHAPE_ONE_SIDE:
		snprintf(text, DIAGNOSE_SENTENCE, "%s %s", m->what,
			 own ? "here and not at the peer" :
			       "at the peer and not here");
		break;
	case SHAPE_OWN:
		snprintf(text, DIAGNOSE_SENTENCE, "%s", m->what);
		break;
	case SHAPE_OTHER_ID:
		snprintf(text, DIAGNOSE_SENTENCE, "%s mlag-id %s", m->what, a);
		break;
	case SHAPE_ABOVE:
		snprintf(text, DIAGNOSE_SENTENCE,
			 "%s is %s, that of the peer-port %s", m->what, a, b);
		break;
	}
}

static void print_finding(struct diagnosis *d, const struct attrs *attrs)
{
	const char *kind = attrs_text(attrs, FINDING(KIND));
	const struct meaning *m = meaning_find(kind ? kind : "");
	struct ailment ailment = { .reason = kind ? kind : "unknown" };
	uint64_t severity = attrs_number(attrs, FINDING(SEVERITY));
	char text[DIAGNOSE_SENTENCE], vids[VALUE_TEXT];

	if (m) {
		sentence(text, m, attrs);
		ailment.what = text;
		ailment.advice = m->advice;
	}
	diagnose_begin(d, attrs_text(attrs, FINDING(BRIDGE_NAME)));
	d->names[DIAGNOSE_LEG] = attrs_text(attrs, FINDING(LEG_NAME));
	d->names[DIAGNOSE_PEER_PORT] = diagnose_peer_port(d,
		attrs_number(attrs, FINDING(BRIDGE_IFINDEX)));
	d->names[DIAGNOSE_VIDS] = vids_of(vids, attrs);
	attrs_print(d->p, attrs, fields, ARRAY_SIZE(fields));
	diagnose_domain_end(d, word_text(words_severity, severity), &ailment);
}

int diagnose_findings(struct ctx *ctx, const struct args *args,
		      const struct nl_family *family, struct diagnosis *d)
{
	const struct nlmsghdr *message = NULL;
	struct nl_replies replies;
	struct attrs attrs;
	int ret;

	ret = request_run(ctx, args, NULL,
			  nl_request(&ctx->nl, family,
				     MLAG_ICCP_CMD_FINDING_GET, NLM_F_DUMP),
			  &replies);
	if (ret)
		return ret;
	while (!ret && (message = nl_reply_next(&replies, message))) {
		if (attrs_parse(&attrs, message, fields, ARRAY_SIZE(fields)))
			ret = MLAGCTL_REFUSED;
		else if (diagnose_wanted(d, &attrs, FINDING(BRIDGE_IFINDEX),
					 FINDING(LEG_IFINDEX)))
			print_finding(d, &attrs);
	}
	nl_replies_free(&replies);
	return ret;
}
