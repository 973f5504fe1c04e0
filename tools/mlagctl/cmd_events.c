// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl events: what happened, when, and why. The last events of every
 * domain come from a dump, with -f new ones of domains and bonds from the
 * multicast groups; one row leaves for each.
 */
#include <linux/mlag_iccp.h>
#include <linux/mlagbond.h>
#include <stdlib.h>
#include <string.h>

#include "mlagctl.h"

#define MLAG(name)	MLAG_ICCP_A_EVENT_##name
#define BOND(name)	MLAGBOND_A_EVENT_##name
#define KIND(name)	MLAG_ICCP_EVENT_##name
#define CODE(name)	MLAGBOND_EVENT_##name

static const struct word words_kind[] = {
	{ "domain-added", KIND(DOMAIN_ADDED) },
	{ "domain-changed", KIND(DOMAIN_CHANGED) },
	{ "domain-removed", KIND(DOMAIN_REMOVED) },
	{ "state", KIND(STATE) },
	{ "role", KIND(ROLE) },
	{ "system-id", KIND(SYSTEM_ID) },
	{ "node", KIND(NODE) },
	{ "posture", KIND(POSTURE) },
	{ "leg-added", KIND(LEG_ADDED) },
	{ "leg-removed", KIND(LEG_REMOVED) },
	{ "leg-state", KIND(LEG_STATE) },
	{ "leg-hold", KIND(LEG_HOLD) },
	{ "peer-leg", KIND(PEER_LEG) },
	{ "peer-silent", KIND(PEER_SILENT) },
	{ "peer-refused", KIND(PEER_REFUSED) },
	{ "partner-mismatch", KIND(PARTNER_MISMATCH) },
	{ "key-collision", KIND(KEY_COLLISION) },
	{ "config-mismatch", KIND(CONFIG_MISMATCH) },
	{ "config-match", KIND(CONFIG_MATCH) },
	{ "id-mismatch", KIND(ID_MISMATCH) },
	{ "duplicate-domain", KIND(DUPLICATE_DOMAIN) },
	{ "fdb-full", KIND(FDB_FULL) },
	{ "fdb-damped", KIND(FDB_DAMPED) },
	{ "fdb-static", KIND(FDB_STATIC) },
	{ "fdb-resync", KIND(FDB_RESYNC) },
	{ "legs-full", KIND(LEGS_FULL) },
	{ "left", KIND(LEFT) },
	{ "alarm", KIND(ALARM) },
	{ "heartbeat", KIND(HEARTBEAT) },
	{ "key", KIND(KEY) },
	{ "finding", KIND(FINDING) },
	{ "finding-gone", KIND(FINDING_GONE) },
	{ NULL, 0 },
};

static const struct word words_code[] = {
	{ "port-add", CODE(PORT_ADD) },
	{ "port-del", CODE(PORT_DEL) },
	{ "link", CODE(LINK) },
	{ "active", CODE(ACTIVE) },
	{ "carrier", CODE(CARRIER) },
	{ "rx-machine", CODE(RX_MACHINE) },
	{ "mux", CODE(MUX) },
	{ "partner", CODE(PARTNER) },
	{ "aggregator", CODE(AGGREGATOR) },
	{ "churn", CODE(CHURN) },
	{ "hold", CODE(HOLD) },
	{ "gate", CODE(GATE) },
	{ NULL, 0 },
};

static const struct field mlag_fields[] = {
	{ "time", MLAG(TIME), FIELD_U64, FORM_STAMP },
	{ "bridge", MLAG(BRIDGE_NAME), FIELD_NAME },
	{ "event", MLAG(KIND), FIELD_U8, FORM_WORD, words_kind },
	{ "leg", MLAG(LEG_NAME), FIELD_NAME },
	{ "mlag-id", MLAG(MLAG_ID), FIELD_U32 },
	{ "value", MLAG(VALUE), FIELD_NAME, FORM_QUOTED },
	{ "cause", MLAG(REASON), FIELD_NAME, FORM_QUOTED },
	{ "arg", MLAG(ARG), FIELD_U32, .flags = FIELD_DETAIL },
	{ "seq", MLAG(SEQ), FIELD_U32, .flags = FIELD_DETAIL },
	{ "ifindex", MLAG(BRIDGE_IFINDEX), FIELD_U32, FORM_HIDDEN },
};

static const struct field bond_fields[] = {
	{ "time", BOND(TIME), FIELD_U64, FORM_STAMP },
	{ "bond", BOND(BOND_NAME), FIELD_NAME },
	{ "event", BOND(CODE), FIELD_U32, FORM_WORD, words_code },
	{ "port", BOND(PORT_NAME), FIELD_NAME },
	{ "old", BOND(OLD), FIELD_NAME },
	{ "new", BOND(NEW), FIELD_NAME },
	{ "cause", BOND(CAUSE), FIELD_NAME, FORM_QUOTED },
};

/**
 * struct seen - last event of one domain that was printed
 * @bridge: interface index
 * @seq: of the event
 */
struct seen {
	uint32_t bridge;
	uint32_t seq;
};

/**
 * struct events - one run of the command
 * @p: writer
 * @name: bridge, bond, leg or port to be shown; NULL for all
 * @mlag: family, id 0 if its module is not loaded
 * @bond: the same for mlagbond
 * @seen: one for each domain met, owned
 * @seen_count: elements of @seen
 */
struct events {
	struct printer *p;
	const char *name;
	struct nl_family mlag;
	struct nl_family bond;
	struct seen *seen;
	size_t seen_count;
};

static bool name_is(const struct events *events, const struct attrs *attrs,
		    uint16_t attr)
{
	const char *name = attrs_text(attrs, attr);

	return !events->name || (name && !strcmp(name, events->name));
}

static struct seen *seen_find(struct events *events, uint32_t bridge)
{
	struct seen *seen;
	size_t i;

	for (i = 0; i < events->seen_count; i++)
		if (events->seen[i].bridge == bridge)
			return &events->seen[i];
	seen = realloc(events->seen, (i + 1) * sizeof(*seen));
	if (!seen)
		return NULL;
	events->seen = seen;
	events->seen_count++;
	seen[i] = (struct seen){ .bridge = bridge };
	return &seen[i];
}

/*
 * The stream begins before the history is read, so that nothing falls between;
 * what comes both ways is dropped here. A domain that is made anew counts from
 * 1 again.
 */
static bool seen_before(struct events *events, const struct attrs *attrs)
{
	uint32_t bridge = attrs_number(attrs, MLAG(BRIDGE_IFINDEX));
	uint32_t seq = attrs_number(attrs, MLAG(SEQ));
	struct seen *seen = seen_find(events, bridge);

	if (!seen)
		return false;
	if (seq <= seen->seq && seq != 1)
		return true;
	seen->seq = seq;
	return false;
}

static int print_mlag_event(struct events *events,
			    const struct nlmsghdr *message)
{
	struct attrs attrs;

	if (attrs_parse(&attrs, message, mlag_fields, ARRAY_SIZE(mlag_fields)))
		return -1;
	if (seen_before(events, &attrs))
		return 0;
	if (!name_is(events, &attrs, MLAG(BRIDGE_NAME)) &&
	    !name_is(events, &attrs, MLAG(LEG_NAME)))
		return 0;

	print_row_begin(events->p, NULL);
	attrs_print(events->p, &attrs, mlag_fields, ARRAY_SIZE(mlag_fields));
	print_row_end(events->p);
	return 0;
}

static int print_bond_event(struct events *events,
			    const struct nlmsghdr *message)
{
	struct attrs attrs;

	if (attrs_parse(&attrs, message, bond_fields, ARRAY_SIZE(bond_fields)))
		return -1;
	if (!name_is(events, &attrs, BOND(BOND_NAME)) &&
	    !name_is(events, &attrs, BOND(PORT_NAME)))
		return 0;

	print_row_begin(events->p, NULL);
	attrs_print(events->p, &attrs, bond_fields, ARRAY_SIZE(bond_fields));
	print_row_end(events->p);
	return 0;
}

static int event_print(const struct nlmsghdr *message, void *data)
{
	struct events *events = data;

	if (!message) {
		complain("note: events came faster than they were read; some are lost");
		return 0;
	}
	if (message->nlmsg_type == events->mlag.id &&
	    nl_command(message) == MLAG_ICCP_CMD_EVENT_NTF)
		return print_mlag_event(events, message);
	if (message->nlmsg_type == events->bond.id &&
	    nl_command(message) == MLAGBOND_CMD_EVENT_NTF)
		return print_bond_event(events, message);
	return 0;
}

static int events_history(struct ctx *ctx, const struct args *args,
			  struct events *events)
{
	const struct nlmsghdr *message = NULL;
	struct nl_replies replies;
	struct nlmsghdr *request;
	int ret;

	if (!events->mlag.id)
		return MLAGCTL_OK;
	request = nl_request(&ctx->nl, &events->mlag, MLAG_ICCP_CMD_EVENT_GET,
			     NLM_F_DUMP);
	ret = request_run(ctx, args, NULL, request, &replies);
	if (ret)
		return ret;
	while (!ret && (message = nl_reply_next(&replies, message)))
		ret = print_mlag_event(events, message);
	nl_replies_free(&replies);
	return ret ? MLAGCTL_REFUSED : MLAGCTL_OK;
}

static int events_follow(struct ctx *ctx, const struct args *args,
			 struct events *events)
{
	int ret = MLAGCTL_REFUSED;
	struct nl stream;

	if (nl_open(&stream))
		return MLAGCTL_REFUSED;
	if (events->mlag.id && nl_subscribe(&stream, &events->mlag))
		goto close_stream;
	if (events->bond.id && nl_subscribe(&stream, &events->bond))
		goto close_stream;
	ret = events_history(ctx, args, events);
	if (ret)
		goto close_stream;
	if (nl_follow(&stream, event_print, events))
		ret = MLAGCTL_REFUSED;
close_stream:
	nl_close(&stream);
	return ret;
}

static int events_once(struct ctx *ctx, const struct args *args,
		       struct events *events)
{
	int ret;

	print_list_begin(events->p);
	ret = events_history(ctx, args, events);
	print_list_end(events->p);
	return ret;
}

/* One module is enough to follow; the history is mlag_iccp's alone. */
static int events_families(struct ctx *ctx, struct events *events)
{
	nl_family_find(&ctx->nl, MLAGBOND_FAMILY_NAME, &events->bond);
	if (ctx->follow && events->bond.id) {
		nl_family_find(&ctx->nl, MLAG_ICCP_FAMILY_NAME, &events->mlag);
		return 0;
	}
	return family_need(ctx, MLAG_ICCP_FAMILY_NAME, &events->mlag);
}

int cmd_events(struct ctx *ctx, struct args *args)
{
	struct events events = { .p = &ctx->out };
	int ret;

	if (args_optional_device(args, &events.name))
		return MLAGCTL_USAGE;
	if (events_families(ctx, &events))
		return MLAGCTL_REFUSED;
	if (ctx->follow)
		ret = events_follow(ctx, args, &events);
	else
		ret = events_once(ctx, args, &events);
	free(events.seen);
	return ret;
}
