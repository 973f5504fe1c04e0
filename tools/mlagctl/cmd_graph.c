// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl graph: domains as Graphviz, both chassis, the links between them, the
 * legs with their ports, the clients. Domains and legs come from family
 * mlag_iccp, ports from mlagbond; one graph leaves, for dot(1).
 */
#include <inttypes.h>
#include <linux/mlag_iccp.h>
#include <linux/mlagbond.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd_domain.h"
#include "mlagctl.h"
#include "words_mlag.h"

#define DOMAIN(name)	MLAG_ICCP_A_DOMAIN_##name
#define PEER(name)	MLAG_ICCP_A_PEER_##name
#define LINK(name)	MLAG_ICCP_A_LINK_##name
#define LEG(name)	MLAG_ICCP_A_LEG_##name
#define PORT(name)	MLAGBOND_A_PORT_##name

enum { LABEL = 128 };

static const struct field domain_fields[] = {
	{ "bridge", DOMAIN(BRIDGE_NAME), FIELD_NAME },
	{ "ifindex", DOMAIN(BRIDGE_IFINDEX), FIELD_U32 },
	{ "mac", DOMAIN(NODE_MAC), FIELD_MAC },
	{ "state", DOMAIN(STATE), FIELD_U8 },
	{ "role", DOMAIN(ROLE), FIELD_U8 },
	{ "peer", DOMAIN(PEER), FIELD_NEST },
};

static const struct field peer_fields[] = {
	{ "mac", PEER(MAC), FIELD_MAC },
	{ "state", PEER(STATE), FIELD_U8 },
	{ "role", PEER(ROLE), FIELD_U8 },
};

static const struct field link_fields[] = {
	{ "name", LINK(NAME), FIELD_NAME },
	{ "carrier", LINK(CARRIER), FIELD_U8 },
};

static const struct field leg_fields[] = {
	{ "name", LEG(NAME), FIELD_NAME },
	{ "ifindex", LEG(IFINDEX), FIELD_U32 },
	{ "bridge", LEG(BRIDGE_IFINDEX), FIELD_U32 },
	{ "mlag-id", LEG(MLAG_ID), FIELD_U32 },
	{ "state", LEG(STATE), FIELD_U8 },
	{ "peer-state", LEG(PEER_STATE), FIELD_U8 },
	{ "hold-reason", LEG(HOLD_REASON), FIELD_NAME },
	{ "partner", LEG(PARTNER_SYSTEM), FIELD_MAC },
	{ "peer-partner", LEG(PEER_PARTNER_SYSTEM), FIELD_MAC },
};

static const struct field port_fields[] = {
	{ "port", PORT(IFNAME), FIELD_NAME },
	{ "bond", PORT(BOND), FIELD_U32 },
	{ "active", PORT(ACTIVE), FIELD_U8 },
	{ "reason", PORT(REASON), FIELD_NAME },
};

/**
 * struct graph - what it is drawn from
 * @p: where to
 * @legs: of the domains that are drawn
 * @ports: of all bonds
 * @bridge: index of the bridge whose domain is being drawn
 */
struct graph {
	struct printer *p;
	struct nl_replies domains;
	struct nl_replies legs;
	struct nl_replies ports;
	unsigned int bridge;
};

/* What would end the string is left out of names. */
static void put_line(struct printer *p, char *text)
{
	char *s;

	for (s = text; *s; s++)
		if (*s == '"' || *s == '\\')
			*s = '?';
	print_text(p, text);
}

/* A label of one line or several. */
static void put_label(const struct graph *g, const char *format, ...)
{
	char text[LABEL], *line, *rest = text;
	const char *between = "";
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fputs("label=\"", g->p->out);
	while ((line = strsep(&rest, "\n"))) {
		fputs(between, g->p->out);
		put_line(g->p, line);
		between = "\\n";
	}
	fputc('"', g->p->out);
}

static const char *mac_text(char *text, const struct nlattr *attr)
{
	const uint8_t *mac;

	if (!attr)
		return "unknown";
	mac = mnl_attr_get_payload(attr);
	snprintf(text, LABEL, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		 mac[2], mac[3], mac[4], mac[5]);
	return text;
}

static const char *word_or(const struct word *table, uint64_t value)
{
	const char *word = word_text(table, value);

	return word ? word : "unknown";
}

/* Solid what carries, dashed what does not. */
static const char *style(bool carries)
{
	return carries ? "solid" : "dashed";
}

static void draw_own(const struct graph *g, const struct attrs *domain)
{
	char mac[LABEL];

	fprintf(g->p->out, "\t\"own%u\" [shape=box, ", g->bridge);
	put_label(g, "%s\n%s\n%s, %s", attrs_text(domain, DOMAIN(BRIDGE_NAME)),
		  mac_text(mac, domain->at[DOMAIN(NODE_MAC)]),
		  word_or(words_role, attrs_number(domain, DOMAIN(ROLE))),
		  word_or(words_domain_state,
			  attrs_number(domain, DOMAIN(STATE))));
	fputs("];\n", g->p->out);
}

static int draw_peer(const struct graph *g, const struct nlattr *nest)
{
	struct attrs peer;
	char mac[LABEL];

	fprintf(g->p->out, "\t\"peer%u\" [shape=box, ", g->bridge);
	if (!nest) {
		put_label(g, "peer\nnot heard");
		fputs(", style=dashed];\n", g->p->out);
		return 0;
	}
	if (attrs_parse_nest(&peer, nest, peer_fields,
			     ARRAY_SIZE(peer_fields)))
		return -1;
	put_label(g, "peer\n%s\n%s, %s", mac_text(mac, peer.at[PEER(MAC)]),
		  word_or(words_role, attrs_number(&peer, PEER(ROLE))),
		  word_or(words_domain_state, attrs_number(&peer, PEER(STATE))));
	fputs("];\n", g->p->out);
	return 0;
}

static unsigned int count_links(const struct nlmsghdr *domain)
{
	const struct nlattr *attr;
	unsigned int n = 0;

	mnl_attr_for_each(attr, domain, sizeof(struct genlmsghdr))
		n += mnl_attr_get_type(attr) == DOMAIN(LINK);
	return n;
}

static int draw_link(const struct graph *g, const struct nlattr *nest)
{
	struct attrs link;

	if (attrs_parse_nest(&link, nest, link_fields, ARRAY_SIZE(link_fields)))
		return -1;
	fprintf(g->p->out, "\t\"own%u\" -- \"peer%u\" [style=%s, ", g->bridge,
		g->bridge, style(attrs_number(&link, LINK(CARRIER))));
	put_label(g, "%s", attrs_text(&link, LINK(NAME)));
	fputs("];\n", g->p->out);
	return 0;
}

/* The first link is the peer-port, the others are its ports, if it has any. */
static int draw_links(const struct graph *g, const struct nlmsghdr *domain)
{
	unsigned int n = 0, count = count_links(domain);
	const struct nlattr *attr;

	mnl_attr_for_each(attr, domain, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != DOMAIN(LINK))
			continue;
		if ((n++ || count == 1) && draw_link(g, attr))
			return -1;
	}
	return 0;
}

static void edge_begin(const struct graph *g, const char *chassis, uint64_t id,
		       bool carries)
{
	fprintf(g->p->out,
		"\t\"%s%u\" -- \"client%u.%" PRIu64 "\" [style=%s, ",
		chassis, g->bridge, g->bridge, id, style(carries));
}

/* An edge for each port of the leg, or one for a leg that has none. */
static int draw_ports(const struct graph *g, const struct attrs *leg,
		      uint64_t id)
{
	const char *name = attrs_text(leg, LEG(NAME)), *reason;
	const struct nlmsghdr *message = NULL;
	unsigned int drawn = 0;
	struct attrs port;

	while ((message = nl_reply_next(&g->ports, message))) {
		if (attrs_parse(&port, message, port_fields,
				ARRAY_SIZE(port_fields)))
			return -1;
		if (attrs_number(&port, PORT(BOND)) !=
		    attrs_number(leg, LEG(IFINDEX)))
			continue;
		reason = attrs_text(&port, PORT(REASON));
		edge_begin(g, "own", id, !reason);
		put_label(g, "%s %s%s%s", name, attrs_text(&port, PORT(IFNAME)),
			  reason ? "\n" : "", reason ? reason : "");
		fputs("];\n", g->p->out);
		drawn++;
	}
	if (drawn)
		return 0;
	edge_begin(g, "own", id, false);
	put_label(g, "%s\nno port", name);
	fputs("];\n", g->p->out);
	return 0;
}

static void draw_peer_leg(const struct graph *g, const struct attrs *leg,
			  uint64_t id)
{
	uint64_t state = attrs_number(leg, LEG(PEER_STATE));

	if (!leg->at[LEG(PEER_STATE)] ||
	    state == MLAG_ICCP_LEG_WIRE_ABSENT)
		return;
	edge_begin(g, "peer", id, state == MLAG_ICCP_LEG_WIRE_UP);
	put_label(g, "%s", word_or(words_leg_wire, state));
	fputs("];\n", g->p->out);
}

static int draw_leg(const struct graph *g, const struct attrs *leg)
{
	const char *hold = attrs_text(leg, LEG(HOLD_REASON));
	uint64_t id = attrs_number(leg, LEG(MLAG_ID));
	const struct nlattr *partner;
	char mac[LABEL];

	partner = leg->at[LEG(PARTNER_SYSTEM)];
	if (!partner)
		partner = leg->at[LEG(PEER_PARTNER_SYSTEM)];
	fprintf(g->p->out, "\t\"client%u.%" PRIu64 "\" [shape=ellipse, ",
		g->bridge, id);
	put_label(g, "mlag-id %" PRIu64 "\n%s\n%s%s%s", id,
		  partner ? mac_text(mac, partner) : "no LACP",
		  word_or(words_leg_state, attrs_number(leg, LEG(STATE))),
		  hold ? ": " : "", hold ? hold : "");
	fputs("];\n", g->p->out);
	if (draw_ports(g, leg, id))
		return -1;
	draw_peer_leg(g, leg, id);
	return 0;
}

static int draw_legs(const struct graph *g)
{
	const struct nlmsghdr *message = NULL;
	struct attrs leg;

	while ((message = nl_reply_next(&g->legs, message)))
		if (attrs_parse(&leg, message, leg_fields,
				ARRAY_SIZE(leg_fields)) ||
		    (attrs_number(&leg, LEG(BRIDGE_IFINDEX)) == g->bridge &&
		     draw_leg(g, &leg)))
			return -1;
	return 0;
}

static int draw_domain(struct graph *g, const struct nlmsghdr *message)
{
	struct attrs domain;

	if (attrs_parse(&domain, message, domain_fields,
			ARRAY_SIZE(domain_fields)))
		return -1;
	g->bridge = attrs_number(&domain, DOMAIN(BRIDGE_IFINDEX));
	draw_own(g, &domain);
	if (draw_peer(g, domain.at[DOMAIN(PEER)]) || draw_links(g, message) ||
	    draw_legs(g))
		return -1;
	/* the chassis side by side, whatever hangs below them */
	fprintf(g->p->out, "\t{ rank=same; \"own%u\"; \"peer%u\"; }\n",
		g->bridge, g->bridge);
	return 0;
}

static int draw(struct graph *g)
{
	const struct nlmsghdr *message = NULL;
	int ret = MLAGCTL_OK;

	fputs("graph mlag {\n", g->p->out);
	while (!ret && (message = nl_reply_next(&g->domains, message)))
		ret = draw_domain(g, message) ? MLAGCTL_REFUSED : MLAGCTL_OK;
	fputs("}\n", g->p->out);
	return ret;
}

static int graph_show(struct ctx *ctx, const struct args *args,
		      const char *bridge)
{
	struct graph g = { .p = &ctx->out };
	int ret;

	ret = domains_get(ctx, args, bridge, &g.domains);
	if (ret)
		return ret;
	ret = legs_get(ctx, args, bridge, &g.legs);
	if (ret)
		goto free_domains;
	ret = ports_get(ctx, args, 0, &g.ports);
	if (ret)
		goto free_legs;

	ret = draw(&g);
	nl_replies_free(&g.ports);
free_legs:
	nl_replies_free(&g.legs);
free_domains:
	nl_replies_free(&g.domains);
	return ret;
}

int cmd_graph(struct ctx *ctx, struct args *args)
{
	const char *bridge;

	if (ctx->out.json) {
		complain("a graph has no form in JSON, \"monitor -j\" has all that is in it");
		return MLAGCTL_USAGE;
	}
	if (args_optional_device(args, &bridge))
		return MLAGCTL_USAGE;
	return graph_show(ctx, args, bridge);
}
