// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl bond: live state of bonds and of their ports, in the words and the
 * order of RouterOS' bonding monitor and monitor-slaves. Replies of family
 * mlagbond come in, records and rows leave.
 */
#include <linux/mlagbond.h>
#include <stdlib.h>
#include <string.h>

#include "follow.h"
#include "mlagctl.h"
#include "words_mlag.h"

#define BOND(name)	MLAGBOND_A_BOND_##name
#define PORT(name)	MLAGBOND_A_PORT_##name

enum bond_layout {
	BOND_LABEL_WIDTH = 23,
};

static const struct word words_mode[] = {
	{ "balance-rr", MLAGBOND_MODE_BALANCE_RR },
	{ "active-backup", MLAGBOND_MODE_ACTIVE_BACKUP },
	{ "balance-xor", MLAGBOND_MODE_BALANCE_XOR },
	{ "broadcast", MLAGBOND_MODE_BROADCAST },
	{ "802.3ad", MLAGBOND_MODE_8023AD },
	{ "balance-tlb", MLAGBOND_MODE_BALANCE_TLB },
	{ "balance-alb", MLAGBOND_MODE_BALANCE_ALB },
	{ NULL, 0 },
};

static const struct field head_fields[] = {
	{ "bond", BOND(IFNAME), FIELD_NAME },
	{ "mode", BOND(MODE), FIELD_U32, FORM_WORD, words_mode },
	{ "ifindex", BOND(IFINDEX), FIELD_U32, .flags = FIELD_DETAIL },
};

static const struct field tail_fields[] = {
	{ "lacp-system-id", BOND(ACTOR_SYSTEM), FIELD_MAC },
	{ "lacp-system-priority", BOND(ACTOR_SYS_PRIO), FIELD_U16 },
	{ "lacp-partner-system-id", BOND(PARTNER_SYSTEM), FIELD_MAC },
	{ "lacp-partner-priority", BOND(PARTNER_SYS_PRIO), FIELD_U16 },
	{ "lacp-key", BOND(ACTOR_KEY), FIELD_U16 },
	{ "lacp-partner-key", BOND(PARTNER_KEY), FIELD_U16 },
	{ "aggregator", BOND(AGGREGATOR), FIELD_U16 },
	{ "aggregator-ports", BOND(AGGREGATOR_PORTS), FIELD_U16 },
	{ "carrier", BOND(CARRIER), FIELD_U8, FORM_YES_NO },
	{ "ports", BOND(NUM_PORTS), FIELD_U32 },
	{ "tx-ports", BOND(TX_PORTS), FIELD_U32 },
	{ "active-port", BOND(ACTIVE_PORT), FIELD_U32, FORM_DEVICE },
	{ "mlag-id", BOND(MLAG_ID), FIELD_U32 },
	{ "rx-gate", BOND(RX_GATE), FIELD_U32, FORM_WORD, words_rx_gate },
	{ "tx-gate", BOND(TX_GATE), FIELD_U32, FORM_WORD, words_tx_gate },
	{ "filter", BOND(FILTER), FIELD_U32, FORM_WORD, words_filter },
	{ "peer-port", BOND(PEER_PORT), FIELD_U32, FORM_DEVICE },
	{ "sync-allowed", BOND(SYNC_ALLOWED), FIELD_U8, FORM_YES_NO },
	{ "hold-reason", BOND(HOLD_REASON), FIELD_NAME },
};

static const struct field port_fields[] = {
	{ "port", PORT(IFNAME), FIELD_NAME },
	{ "key", PORT(ACTOR_KEY), FIELD_U16 },
	{ "flags", PORT(ACTOR_STATE), FIELD_U32, FORM_LACP_BITS },
	{ "partner-sys-id", PORT(PARTNER_SYSTEM), FIELD_MAC },
	{ "partner-sys-priority", PORT(PARTNER_SYS_PRIO), FIELD_U16 },
	{ "partner-key", PORT(PARTNER_KEY), FIELD_U16 },
	{ "partner-flags", PORT(PARTNER_STATE), FIELD_U32, FORM_LACP_BITS },
	{ "bond", PORT(BOND), FIELD_U32, FORM_DEVICE },
	{ "link", PORT(LINK), FIELD_U32, FORM_WORD, words_link },
	{ "mux", PORT(MUX_MACHINE), FIELD_NAME },
	{ "reason", PORT(REASON), FIELD_NAME, FORM_QUOTED },
	{ "active", PORT(ACTIVE), FIELD_U8, FORM_HIDDEN },
	{ "lacpdu-age", PORT(LACPDU_AGE), FIELD_U32, FORM_DURATION,
	  .flags = FIELD_DETAIL },
	{ "flaps", PORT(FLAPS), FIELD_U32, .flags = FIELD_DETAIL },
	{ "flap-age", PORT(FLAP_AGE), FIELD_U32, FORM_DURATION,
	  .flags = FIELD_DETAIL },
	{ "flap-cause", PORT(FLAP_CAUSE), FIELD_NAME,
	  .flags = FIELD_DETAIL },
	{ "link-failures", PORT(LINK_FAILURES), FIELD_U32,
	  .flags = FIELD_DETAIL },
	{ "speed", PORT(SPEED), FIELD_U32, .flags = FIELD_DETAIL },
	{ "full-duplex", PORT(FULL_DUPLEX), FIELD_U8, FORM_YES_NO,
	  .flags = FIELD_DETAIL },
	{ "prio", PORT(PRIO), FIELD_S32, .flags = FIELD_DETAIL },
	{ "aggregator", PORT(AGGREGATOR), FIELD_U16, .flags = FIELD_DETAIL },
	{ "port-number", PORT(ACTOR_PORT), FIELD_U16, .flags = FIELD_DETAIL },
	{ "port-priority", PORT(ACTOR_PORT_PRIO), FIELD_U16,
	  .flags = FIELD_DETAIL },
	{ "partner-port-number", PORT(PARTNER_PORT), FIELD_U16,
	  .flags = FIELD_DETAIL },
	{ "partner-port-priority", PORT(PARTNER_PORT_PRIO), FIELD_U16,
	  .flags = FIELD_DETAIL },
	{ "rx-machine", PORT(RX_MACHINE), FIELD_NAME, .flags = FIELD_DETAIL },
	{ "periodic-machine", PORT(PERIODIC_MACHINE), FIELD_NAME,
	  .flags = FIELD_DETAIL },
	{ "actor-churn", PORT(ACTOR_CHURN), FIELD_NAME, .flags = FIELD_DETAIL },
	{ "partner-churn", PORT(PARTNER_CHURN), FIELD_NAME,
	  .flags = FIELD_DETAIL },
	{ "ifindex", PORT(IFINDEX), FIELD_U32, .flags = FIELD_DETAIL },
};

/**
 * struct port_list - ports of all bonds, each message read once
 * @port: of all bonds
 * @count: of @port
 * @names: room for the names of all
 */
struct port_list {
	struct {
		uint32_t bond;
		bool active;
		const char *name;
	} *port;
	unsigned int count;
	const char **names;
};

static void list_free(struct port_list *list)
{
	free(list->port);
	free(list->names);
}

static int list_read(struct port_list *list, const struct nl_replies *ports)
{
	const struct nlmsghdr *message = NULL;
	struct attrs attrs;
	size_t count = 1;

	while ((message = nl_reply_next(ports, message)))
		count++;
	list->count = 0;
	list->port = calloc(count, sizeof(*list->port));
	list->names = calloc(count, sizeof(*list->names));
	if (!list->port || !list->names) {
		complain("no memory for %zu ports", count);
		list_free(list);
		return -1;
	}
	while ((message = nl_reply_next(ports, message))) {
		if (attrs_parse(&attrs, message, port_fields,
				ARRAY_SIZE(port_fields)) ||
		    !attrs_text(&attrs, PORT(IFNAME)))
			continue;
		list->port[list->count].bond = attrs_number(&attrs, PORT(BOND));
		list->port[list->count].active =
			attrs_number(&attrs, PORT(ACTIVE));
		list->port[list->count++].name =
			attrs_text(&attrs, PORT(IFNAME));
	}
	return 0;
}

/* Names of the ports of @bond that are active or not, into @list->names. */
static unsigned int ports_collect(const struct port_list *list, uint32_t bond,
				  bool active)
{
	unsigned int i, count = 0;

	for (i = 0; i < list->count; i++)
		if (list->port[i].bond == bond &&
		    list->port[i].active == active)
			list->names[count++] = list->port[i].name;
	return count;
}

static int print_bond(struct printer *p, const struct nlmsghdr *message,
		      const struct port_list *ports)
{
	struct attrs head, tail;
	unsigned int count;
	uint32_t bond;

	if (attrs_parse(&head, message, head_fields, ARRAY_SIZE(head_fields)) ||
	    attrs_parse(&tail, message, tail_fields, ARRAY_SIZE(tail_fields)))
		return -1;
	bond = attrs_number(&head, BOND(IFINDEX));
	print_record_begin(p, BOND_LABEL_WIDTH);
	attrs_print(p, &head, head_fields, ARRAY_SIZE(head_fields));
	count = ports_collect(ports, bond, true);
	print_words(p, "active-ports", ports->names, count);
	count = ports_collect(ports, bond, false);
	print_words(p, "inactive-ports", ports->names, count);
	attrs_print(p, &tail, tail_fields, ARRAY_SIZE(tail_fields));
	print_record_end(p);
	return 0;
}

static int print_bonds(struct printer *p, const struct nl_replies *bonds,
		       const struct nl_replies *ports)
{
	const struct nlmsghdr *message = NULL;
	struct port_list list;
	int ret = 0;

	if (list_read(&list, ports))
		return MLAGCTL_REFUSED;
	print_list_begin(p);
	while (!ret && (message = nl_reply_next(bonds, message)))
		ret = print_bond(p, message, &list);
	print_list_end(p);
	list_free(&list);
	return ret ? MLAGCTL_REFUSED : MLAGCTL_OK;
}

/* Bond @ifindex, or all if it is 0. */
static int bonds_get(struct ctx *ctx, const struct args *args,
		     uint32_t ifindex, struct nl_replies *bonds)
{
	struct nl_family family;
	struct nlmsghdr *request;

	if (family_need(ctx, MLAGBOND_FAMILY_NAME, &family))
		return MLAGCTL_REFUSED;
	request = nl_request(&ctx->nl, &family, MLAGBOND_CMD_BOND_GET,
			     ifindex ? 0 : NLM_F_DUMP);
	if (ifindex)
		mnl_attr_put_u32(request, BOND(IFINDEX), ifindex);
	return request_run(ctx, args, NULL, request, bonds);
}

int ports_get(struct ctx *ctx, const struct args *args, uint32_t bond,
	      struct nl_replies *ports)
{
	struct nl_family family;
	struct nlmsghdr *request;

	if (family_need(ctx, MLAGBOND_FAMILY_NAME, &family))
		return MLAGCTL_REFUSED;
	request = nl_request(&ctx->nl, &family, MLAGBOND_CMD_PORT_GET,
			     NLM_F_DUMP);
	if (bond)
		mnl_attr_put_u32(request, PORT(BOND), bond);
	return request_run(ctx, args, NULL, request, ports);
}

static int bond_show_once(struct ctx *ctx, const struct args *args,
			  const char *name)
{
	struct nl_replies bonds, ports;
	uint32_t ifindex = 0;
	int ret;

	if (name) {
		ifindex = device_index(name);
		if (!ifindex)
			return MLAGCTL_REFUSED;
	}
	ret = bonds_get(ctx, args, ifindex, &bonds);
	if (ret)
		return ret;
	ret = ports_get(ctx, args, ifindex, &ports);
	if (ret)
		goto free_bonds;

	ret = print_bonds(&ctx->out, &bonds, &ports);
	nl_replies_free(&ports);
free_bonds:
	nl_replies_free(&bonds);
	return ret;
}

static bool port_has_partner(const struct attrs *attrs)
{
	static const uint8_t zero[ETH_ALEN];
	const struct nlattr *system = attrs->at[PORT(PARTNER_SYSTEM)];

	return system && memcmp(mnl_attr_get_payload(system), zero, ETH_ALEN);
}

static int print_ports(struct printer *p, const struct nl_replies *ports)
{
	const struct nlmsghdr *message = NULL;
	struct attrs attrs;

	print_list_begin(p);
	print_legend(p, "Flags: A - active, P - partner");
	while ((message = nl_reply_next(ports, message))) {
		if (attrs_parse(&attrs, message, port_fields,
				ARRAY_SIZE(port_fields)))
			return MLAGCTL_REFUSED;
		print_row_begin(p, NULL);
		print_flags(p, (const struct print_flag[]){
			{ 'A', "active", attrs_number(&attrs, PORT(ACTIVE)) },
			{ 'P', "partner", port_has_partner(&attrs) },
		}, 2);
		attrs_print(p, &attrs, port_fields, ARRAY_SIZE(port_fields));
		print_row_end(p);
	}
	print_list_end(p);
	return MLAGCTL_OK;
}

static int bond_ports_once(struct ctx *ctx, const struct args *args,
			   const char *name)
{
	struct nl_replies ports;
	uint32_t ifindex = 0;
	int ret;

	if (name) {
		ifindex = device_index(name);
		if (!ifindex)
			return MLAGCTL_REFUSED;
	}
	ret = ports_get(ctx, args, ifindex, &ports);
	if (ret)
		return ret;
	ret = print_ports(&ctx->out, &ports);
	nl_replies_free(&ports);
	return ret;
}

static int bond_show(struct ctx *ctx, struct args *args)
{
	return follow_show(ctx, args, MLAGBOND_FAMILY_NAME, bond_show_once);
}

static int bond_ports(struct ctx *ctx, struct args *args)
{
	return follow_show(ctx, args, MLAGBOND_FAMILY_NAME, bond_ports_once);
}

int cmd_bond(struct ctx *ctx, struct args *args)
{
	static const struct command table[] = {
		{ "show", bond_show, NULL },
		{ "monitor", bond_show, NULL },
		{ "ports", bond_ports, NULL },
		{ NULL, NULL, NULL },
	};

	return command_run(ctx, args, table);
}
