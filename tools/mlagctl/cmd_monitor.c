// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl monitor: the live state of domains, first the three lines RouterOS
 * shows, then peer, links and legs. Domains and legs come from family
 * mlag_iccp, a record for each domain leaves.
 */
#include <linux/mlag_iccp.h>

#include "cmd_domain.h"
#include "follow.h"
#include "mlagctl.h"
#include "words_mlag.h"

#define DOMAIN(name)	MLAG_ICCP_A_DOMAIN_##name
#define PEER(name)	MLAG_ICCP_A_PEER_##name
#define FDB(name)	MLAG_ICCP_A_FDB_STATS_##name
#define LINK(name)	MLAG_ICCP_A_LINK_##name
#define LEG(name)	MLAG_ICCP_A_LEG_##name

enum monitor_layout {
	MONITOR_LABEL_WIDTH = 16,
};

static const struct field domain_fields[] = {
	{ "status", DOMAIN(STATE), FIELD_U8, FORM_WORD, words_status },
	{ "system-id", DOMAIN(ACTIVE_SYSTEM_ID), FIELD_MAC },
	{ "active-role", DOMAIN(ROLE), FIELD_U8, FORM_WORD, words_role },
	{ "bridge", DOMAIN(BRIDGE_NAME), FIELD_NAME },
	{ "peer-port", DOMAIN(PEER_PORT_NAME), FIELD_NAME },
	{ "state", DOMAIN(STATE), FIELD_U8, FORM_WORD, words_domain_state },
	{ "reason", DOMAIN(REASON), FIELD_NAME },
	{ "uptime", DOMAIN(STATE_FOR), FIELD_U64, FORM_DURATION },
	{ "posture", DOMAIN(POSTURE), FIELD_U8, FORM_WORD, words_posture },
	{ "init-delay-left", DOMAIN(INIT_DELAY_LEFT), FIELD_U64, FORM_DURATION,
	  .flags = FIELD_QUIET },
	{ "reload-left", DOMAIN(RELOAD_LEFT), FIELD_U64, FORM_DURATION,
	  .flags = FIELD_QUIET },
	{ "refused", DOMAIN(REFUSED), FIELD_NAME },
	{ "system-id-age", DOMAIN(SYSTEM_ID_AGE), FIELD_U64, FORM_DURATION },
	{ "system-priority", DOMAIN(ACTIVE_SYSTEM_PRIO), FIELD_U16 },
	{ "node", DOMAIN(NODE), FIELD_U8 },
	{ "node-mac", DOMAIN(NODE_MAC), FIELD_MAC },
	{ "priority", DOMAIN(PRIORITY), FIELD_U8 },
	{ "config-match", DOMAIN(CONFIG_MATCH), FIELD_U8, FORM_YES_NO },
	{ "rtt", DOMAIN(RTT), FIELD_U32, FORM_UNIT, .unit = "us" },
	{ "heartbeat", DOMAIN(HEARTBEAT_STATE), FIELD_U8, FORM_WORD,
	  words_heartbeat },
	{ "heartbeat-two-way", DOMAIN(HEARTBEAT_TWO_WAY), FIELD_U8,
	  FORM_YES_NO, .flags = FIELD_DETAIL },
	{ "heartbeat-last-heard", DOMAIN(HEARTBEAT_LAST_HEARD), FIELD_U64,
	  FORM_UNIT, .unit = "ms", .flags = FIELD_DETAIL },
	{ "auth", DOMAIN(AUTH), FIELD_U8, FORM_WORD, words_auth },
	{ "auth-key-id", DOMAIN(AUTH_KEY_ID), FIELD_U32, FORM_ID },
	{ "auth-sign-id", DOMAIN(AUTH_SIGN_ID), FIELD_U32, FORM_ID },
	{ "auth-peer-id", DOMAIN(AUTH_PEER_ID), FIELD_U32, FORM_ID },
	{ "auth-older-left", DOMAIN(AUTH_OLDER_LEFT), FIELD_U64,
	  FORM_DURATION },
	{ "stp", DOMAIN(STP), FIELD_U8, FORM_WORD, words_stp },
	{ "stp-bridge", DOMAIN(STP_BRIDGE), FIELD_U64, FORM_BRIDGE_ID },
	{ "stp-root", DOMAIN(STP_ROOT), FIELD_U64, FORM_BRIDGE_ID },
	{ "stp-cost", DOMAIN(STP_COST), FIELD_U32 },
	{ "stp-port", DOMAIN(STP_PORT), FIELD_U32, FORM_DEVICE },
	{ "alarms", DOMAIN(ALARMS), FIELD_U32, FORM_BITS, words_alarms },
	{ "findings", DOMAIN(FINDINGS), FIELD_U32, .flags = FIELD_QUIET },
	{ "findings-lost", DOMAIN(FINDINGS_LOST), FIELD_U32,
	  .flags = FIELD_QUIET },
	{ "ifindex", DOMAIN(BRIDGE_IFINDEX), FIELD_U32, FORM_HIDDEN },
	{ "peer", DOMAIN(PEER), FIELD_NEST, FORM_HIDDEN },
	{ "fdb", DOMAIN(FDB), FIELD_NEST, FORM_HIDDEN },
};

static const struct field peer_fields[] = {
	{ "peer-mac", PEER(MAC), FIELD_MAC },
	{ "peer-state", PEER(STATE), FIELD_U8, FORM_WORD, words_domain_state },
	{ "peer-role", PEER(ROLE), FIELD_U8, FORM_WORD, words_role },
	{ "peer-node", PEER(NODE), FIELD_U8 },
	{ "peer-priority", PEER(PRIORITY), FIELD_U8 },
	{ "peer-version", PEER(VERSION), FIELD_U8 },
	{ "peer-min-version", PEER(MIN_VERSION), FIELD_U8,
	  .flags = FIELD_DETAIL },
	{ "links-heard", PEER(LINKS_HEARD), FIELD_U32, .flags = FIELD_DETAIL },
	{ "links-hearing", PEER(LINKS_HEARING), FIELD_U32,
	  .flags = FIELD_DETAIL },
	{ "peer-last-heard", PEER(LAST_HEARD), FIELD_U64, FORM_UNIT,
	  .unit = "ms" },
	{ "peer-system-id", PEER(SYSTEM_ID), FIELD_MAC },
	{ "peer-fdb-entries", PEER(FDB_ENTRIES), FIELD_U32 },
	{ "peer-fdb-digest", PEER(FDB_DIGEST), FIELD_U64, FORM_HEX },
};

static const struct field fdb_fields[] = {
	{ "fdb-entries", FDB(ENTRIES), FIELD_U32 },
	{ "fdb-capacity", FDB(CAPACITY), FIELD_U32 },
	{ "fdb-pending", FDB(PENDING), FIELD_U32 },
	{ "fdb-digest", FDB(DIGEST), FIELD_U64, FORM_HEX },
};

static const struct field link_fields[] = {
	{ "name", LINK(NAME), FIELD_NAME },
	{ "carrier", LINK(CARRIER), FIELD_U8, FORM_YES_NO },
	{ "last-heard", LINK(LAST_HEARD), FIELD_U64, FORM_UNIT, .unit = "ms" },
	{ "tx-frames", LINK(TX_FRAMES), FIELD_U64 },
	{ "rx-frames", LINK(RX_FRAMES), FIELD_U64 },
	{ "ifindex", LINK(IFINDEX), FIELD_U32, .flags = FIELD_DETAIL },
};

static const struct field leg_fields[] = {
	{ "name", LEG(NAME), FIELD_NAME },
	{ "mlag-id", LEG(MLAG_ID), FIELD_U32 },
	{ "state", LEG(STATE), FIELD_U8, FORM_WORD, words_leg_state },
	{ "peer-state", LEG(PEER_STATE), FIELD_U8, FORM_WORD, words_leg_wire },
	{ "hold-reason", LEG(HOLD_REASON), FIELD_NAME, FORM_QUOTED },
	{ "lacp", LEG(LACP), FIELD_U8, FORM_WORD, words_lacp },
	{ "ports", LEG(PORTS), FIELD_U16 },
	{ "partner", LEG(PARTNER_SYSTEM), FIELD_MAC },
	{ "rx-gate", LEG(RX_GATE), FIELD_U8, FORM_WORD, words_rx_gate },
	{ "tx-gate", LEG(TX_GATE), FIELD_U8, FORM_WORD, words_tx_gate },
	{ "filter", LEG(FILTER), FIELD_U8, FORM_WORD, words_filter },
	{ "wire-state", LEG(WIRE_STATE), FIELD_U8, FORM_WORD, words_leg_wire,
	  .flags = FIELD_DETAIL },
	{ "partner-priority", LEG(PARTNER_PRIO), FIELD_U16,
	  .flags = FIELD_DETAIL },
	{ "partner-key", LEG(PARTNER_KEY), FIELD_U16, .flags = FIELD_DETAIL },
	{ "key", LEG(KEY), FIELD_U16, .flags = FIELD_DETAIL },
	{ "fallback", LEG(FALLBACK), FIELD_U8, FORM_YES_NO,
	  .flags = FIELD_DETAIL },
	{ "carrier", LEG(CARRIER), FIELD_U8, FORM_YES_NO,
	  .flags = FIELD_DETAIL },
	{ "forwarding", LEG(FORWARDING), FIELD_U8, FORM_YES_NO,
	  .flags = FIELD_DETAIL },
	{ "learning", LEG(LEARNING), FIELD_U8, FORM_YES_NO,
	  .flags = FIELD_DETAIL },
	{ "drained", LEG(DRAINED), FIELD_U8, FORM_YES_NO,
	  .flags = FIELD_DETAIL },
	{ "state-for", LEG(STATE_FOR), FIELD_U64, FORM_DURATION,
	  .flags = FIELD_DETAIL },
	{ "ups", LEG(UPS), FIELD_U32, .flags = FIELD_DETAIL },
	{ "timeouts", LEG(TIMEOUTS), FIELD_U32, .flags = FIELD_DETAIL },
	{ "fdb-entries", LEG(FDB_ENTRIES), FIELD_U32, .flags = FIELD_DETAIL },
	{ "fdb-pending", LEG(FDB_PENDING), FIELD_U32, .flags = FIELD_DETAIL },
	{ "peer-ports", LEG(PEER_PORTS), FIELD_U16, .flags = FIELD_DETAIL },
	{ "peer-partner", LEG(PEER_PARTNER_SYSTEM), FIELD_MAC,
	  .flags = FIELD_DETAIL },
	{ "peer-partner-priority", LEG(PEER_PARTNER_PRIO), FIELD_U16,
	  .flags = FIELD_DETAIL },
	{ "peer-partner-key", LEG(PEER_PARTNER_KEY), FIELD_U16,
	  .flags = FIELD_DETAIL },
	{ "ifindex", LEG(IFINDEX), FIELD_U32, .flags = FIELD_DETAIL },
	{ "bridge", LEG(BRIDGE_IFINDEX), FIELD_U32, FORM_HIDDEN },
};

/* A nest of values that stand in the record itself. */
static int print_nest(struct printer *p, const struct nlattr *nest,
		      const struct field *fields, unsigned int count)
{
	struct attrs attrs;

	if (!nest)
		return 0;
	if (attrs_parse_nest(&attrs, nest, fields, count))
		return -1;
	attrs_print(p, &attrs, fields, count);
	return 0;
}

static int print_links(struct printer *p, const struct nlmsghdr *domain)
{
	const struct nlattr *attr;
	struct attrs attrs;

	print_group_begin(p, "links");
	mnl_attr_for_each(attr, domain, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != DOMAIN(LINK))
			continue;
		if (attrs_parse_nest(&attrs, attr, link_fields,
				     ARRAY_SIZE(link_fields)))
			return -1;
		print_row_begin(p, "link");
		attrs_print(p, &attrs, link_fields, ARRAY_SIZE(link_fields));
		print_row_end(p);
	}
	print_group_end(p);
	return 0;
}

static int print_legs(struct printer *p, const struct nl_replies *legs,
		      uint32_t bridge)
{
	const struct nlmsghdr *leg = NULL;
	struct attrs attrs;

	print_group_begin(p, "legs");
	while ((leg = nl_reply_next(legs, leg))) {
		if (attrs_parse(&attrs, leg, leg_fields,
				ARRAY_SIZE(leg_fields)))
			return -1;
		if (attrs_number(&attrs, LEG(BRIDGE_IFINDEX)) != bridge)
			continue;
		print_row_begin(p, "leg");
		attrs_print(p, &attrs, leg_fields, ARRAY_SIZE(leg_fields));
		print_row_end(p);
	}
	print_group_end(p);
	return 0;
}

static int print_domain(struct printer *p, const struct nlmsghdr *domain,
			const struct nl_replies *legs)
{
	struct attrs attrs;

	if (attrs_parse(&attrs, domain, domain_fields,
			ARRAY_SIZE(domain_fields)))
		return -1;
	print_record_begin(p, MONITOR_LABEL_WIDTH);
	attrs_print(p, &attrs, domain_fields, ARRAY_SIZE(domain_fields));
	if (print_nest(p, attrs.at[DOMAIN(PEER)], peer_fields,
		       ARRAY_SIZE(peer_fields)) ||
	    print_nest(p, attrs.at[DOMAIN(FDB)], fdb_fields,
		       ARRAY_SIZE(fdb_fields)) ||
	    print_links(p, domain) ||
	    print_legs(p, legs, attrs_number(&attrs, DOMAIN(BRIDGE_IFINDEX))))
		return -1;
	print_record_end(p);
	return 0;
}

static int print_domains(struct printer *p, const struct nl_replies *domains,
			 const struct nl_replies *legs)
{
	const struct nlmsghdr *domain = NULL;

	print_list_begin(p);
	while ((domain = nl_reply_next(domains, domain)))
		if (print_domain(p, domain, legs))
			return MLAGCTL_REFUSED;
	print_list_end(p);
	return MLAGCTL_OK;
}

int legs_get(struct ctx *ctx, const struct args *args, const char *bridge,
	     struct nl_replies *legs)
{
	struct nl_family family;
	struct nlmsghdr *request;

	if (family_need(ctx, MLAG_ICCP_FAMILY_NAME, &family))
		return MLAGCTL_REFUSED;
	request = nl_request(&ctx->nl, &family, MLAG_ICCP_CMD_LEG_GET,
			     NLM_F_DUMP);
	if (bridge)
		mnl_attr_put_strz(request, LEG(BRIDGE_NAME), bridge);
	return request_run(ctx, args, NULL, request, legs);
}

static int monitor_show(struct ctx *ctx, const struct args *args,
			const char *bridge)
{
	struct nl_replies domains, legs;
	int ret;

	ret = domains_get(ctx, args, bridge, &domains);
	if (ret)
		return ret;
	ret = legs_get(ctx, args, bridge, &legs);
	if (ret)
		goto free_domains;

	ret = print_domains(&ctx->out, &domains, &legs);
	nl_replies_free(&legs);
free_domains:
	nl_replies_free(&domains);
	return ret;
}

int cmd_monitor(struct ctx *ctx, struct args *args)
{
	return follow_show(ctx, args, MLAG_ICCP_FAMILY_NAME, monitor_show);
}
