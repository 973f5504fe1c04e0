// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl diagnose: what is wrong with domains and with the ports of bonds, and
 * what to do. Here the ports: the reasons of family mlagbond, a word each, come
 * in; a sentence and an advice for each leave.
 */
#include <linux/mlagbond.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "diagnose.h"
#include "mlagctl.h"
#include "transport.h"

#define PORT(name)	MLAGBOND_A_PORT_##name

enum { SENTENCE = 128 };

/* No sentence: how long no LACPDU was heard. */
static const struct ailment findings[] = {
	{ "bond-down", "the bond is down", "ip link set BOND up" },
	{ "no-link", "no link",
	  "check the cable and the port at the other end" },
	{ "no-answer", "the ARP or ND monitor hears no answer",
	  "check the targets and the way to them" },
	{ "no-identity", "the leg does not know the pair's identity yet",
	  "make its bridge a domain: mlagctl domain add" },
	{ "held", "the leg is held by MLAG",
	  "mlagctl monitor says what for" },
	{ "half-duplex", "half duplex, on which there is no LACP",
	  "set both ends to full duplex" },
	{ "loopback", "its own LACPDUs come back",
	  "look for a loop: two of our ports on one cable, or a switch without LACP" },
	{ "both-passive", "nobody speaks LACP first",
	  "set lacp_active on at one end" },
	{ "partner-silent", NULL,
	  "is the port at the other end still in its LACP group?" },
	{ "no-partner", NULL,
	  "configure LACP at the other end, or lacp_fallback on here" },
	{ "partner-differs", "another partner than the other ports have",
	  "connect all ports to one switch, or to an MLAG pair" },
	{ "partner-key-differs", "the partner has it in another LACP group",
	  "put the ports at the other end in one group" },
	{ "key-differs", "another speed or duplex than the other ports have",
	  "give all ports the same speed" },
	{ "other-aggregator", "another aggregator carries",
	  "see ad_select; the port or its partner does not aggregate" },
	{ "aggregate-wait", "waits for other ports to join it",
	  "nothing, it takes two seconds" },
	{ "partner-not-in-sync", "the partner does not take it into its group",
	  "ask the partner: limit of ports, standby, other speed" },
	{ "partner-not-collecting", "the partner does not receive yet",
	  "ask the partner, if it lasts" },
	{ "below-min-links", "fewer ports carry than min_links",
	  "see the other ports, or lower min_links" },
};

static const struct field fields[] = {
	{ "port", PORT(IFNAME), FIELD_NAME },
	{ "bond", PORT(BOND), FIELD_U32, FORM_DEVICE },
	{ "reason", PORT(REASON), FIELD_NAME },
	{ "lacpdu-age", PORT(LACPDU_AGE), FIELD_U32, FORM_HIDDEN },
};

/* How long no LACPDU was heard. */
static void say_silence(char *text, size_t size, const struct attrs *attrs)
{
	unsigned int age = attrs_number(attrs, PORT(LACPDU_AGE));

	if (attrs->at[PORT(LACPDU_AGE)])
		snprintf(text, size, "no LACPDU for %u s", age / 1000);
	else
		snprintf(text, size, "no LACPDU yet");
}

static void print_finding(struct diagnosis *d, const struct attrs *attrs)
{
	char silence[SENTENCE], name[IFNAMSIZ + 1];
	struct ailment ailment = { 0 };
	const struct ailment *found;

	found = ailment_find(findings, ARRAY_SIZE(findings),
			     attrs_text(attrs, PORT(REASON)));
	if (found)
		ailment = *found;
	if (found && !found->what) {
		say_silence(silence, sizeof(silence), attrs);
		ailment.what = silence;
	}
	diagnose_begin(d, NULL);
	d->names[DIAGNOSE_BOND] = transport_ifname(attrs_number(attrs, PORT(BOND)),
						   name);
	attrs_print(d->p, attrs, fields, ARRAY_SIZE(fields));
	diagnose_end(d, &ailment);
}

/* A backup is what it should be */
static bool is_wrong(const struct attrs *attrs)
{
	const char *reason = attrs_text(attrs, PORT(REASON));

	return reason && strcmp(reason, "backup");
}

static int print_findings(struct diagnosis *d, const struct nl_replies *ports)
{
	const struct nlmsghdr *message = NULL;
	struct attrs attrs;

	while ((message = nl_reply_next(ports, message))) {
		if (attrs_parse(&attrs, message, fields, ARRAY_SIZE(fields)))
			return MLAGCTL_REFUSED;
		if (is_wrong(&attrs))
			print_finding(d, &attrs);
	}
	return MLAGCTL_OK;
}

/* Ports of the bond that was named, or of all. */
static int diagnose_ports(struct ctx *ctx, const struct args *args,
			  struct diagnosis *d)
{
	struct nl_replies ports;
	int ret;

	ret = ports_get(ctx, args, d->ifindex, &ports);
	if (ret)
		return ret;
	ret = print_findings(d, &ports);
	nl_replies_free(&ports);
	return ret;
}

int cmd_diagnose(struct ctx *ctx, struct args *args)
{
	struct diagnosis d = { .p = &ctx->out };
	int ret;

	if (args_optional_device(args, &d.name))
		return MLAGCTL_USAGE;
	if (d.name) {
		d.ifindex = device_index(d.name);
		if (!d.ifindex)
			return MLAGCTL_REFUSED;
	}
	print_list_begin(d.p);
	ret = diagnose_domains(ctx, args, &d);
	/* a name that was that of a domain is none of a bond */
	if (!ret && !(d.name && d.domains))
		ret = diagnose_ports(ctx, args, &d);
	if (!ret && !d.rows)
		print_legend(d.p, "Everything does what it should");
	print_list_end(d.p);
	return ret;
}
