// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl fdb: every address the two chassis share, where it comes from and
 * where the bridge sends it. Entries come in the order of the kernel's table,
 * rows leave sorted by bridge, VLAN, address.
 */
#include <linux/mlag_iccp.h>
#include <stdlib.h>
#include <string.h>

#include "mlagctl.h"

#define FDB(name)	MLAG_ICCP_A_FDB_##name
#define FLAG(name)	MLAG_ICCP_FDB_FLAGS_##name

static const struct word words_origin[] = {
	{ "leg", MLAG_ICCP_ORIGIN_LEG },
	{ "orphan", MLAG_ICCP_ORIGIN_ORPHAN },
	{ "self", MLAG_ICCP_ORIGIN_SELF },
	{ NULL, 0 },
};

static const struct word words_place[] = {
	{ "none", MLAG_ICCP_PLACE_NONE },
	{ "leg", MLAG_ICCP_PLACE_LEG },
	{ "peer-port", MLAG_ICCP_PLACE_PEER_PORT },
	{ "orphan", MLAG_ICCP_PLACE_ORPHAN },
	{ "self", MLAG_ICCP_PLACE_SELF },
	{ NULL, 0 },
};

static const struct field fields[] = {
	{ "mac", FDB(MAC), FIELD_MAC },
	{ "vid", FDB(VID), FIELD_U16 },
	{ "dev", FDB(IFINDEX), FIELD_U32, FORM_DEVICE },
	{ "origin", FDB(ORIGIN), FIELD_U8, FORM_WORD, words_origin },
	{ "mlag-id", FDB(MLAG_ID), FIELD_U32 },
	{ "owner", FDB(OWNER), FIELD_U8 },
	{ "seq", FDB(SEQ), FIELD_U32 },
	{ "installed", FDB(INSTALLED), FIELD_U8, FORM_WORD, words_place },
	{ "wanted", FDB(WANTED), FIELD_U8, FORM_WORD, words_place },
	{ "bridge", FDB(BRIDGE_NAME), FIELD_NAME },
	{ "bridge-ifindex", FDB(BRIDGE_IFINDEX), FIELD_U32, FORM_HIDDEN },
	{ "flags", FDB(FLAGS), FIELD_U32, FORM_HIDDEN },
};

/**
 * struct fdb_row - one entry with what it is sorted by
 * @bridge: interface index
 * @vid: VLAN
 * @mac: address
 * @message: in the replies
 */
struct fdb_row {
	uint32_t bridge;
	uint16_t vid;
	uint8_t mac[ETH_ALEN];
	const struct nlmsghdr *message;
};

static int row_compare(const void *a, const void *b)
{
	const struct fdb_row *x = a, *y = b;

	if (x->bridge != y->bridge)
		return x->bridge < y->bridge ? -1 : 1;
	if (x->vid != y->vid)
		return x->vid < y->vid ? -1 : 1;
	return memcmp(x->mac, y->mac, ETH_ALEN);
}

static int row_fill(struct fdb_row *row, const struct nlmsghdr *message)
{
	struct attrs attrs;

	if (attrs_parse(&attrs, message, fields, ARRAY_SIZE(fields)))
		return -1;
	row->message = message;
	row->bridge = attrs_number(&attrs, FDB(BRIDGE_IFINDEX));
	row->vid = attrs_number(&attrs, FDB(VID));
	if (attrs.at[FDB(MAC)])
		memcpy(row->mac, mnl_attr_get_payload(attrs.at[FDB(MAC)]),
		       ETH_ALEN);
	return 0;
}

/* Sorted rows of @replies, to be freed; NULL after a complaint. */
static struct fdb_row *rows_sorted(const struct nl_replies *replies,
				   size_t *count)
{
	const struct nlmsghdr *message = NULL;
	struct fdb_row *rows;
	size_t i = 0;

	*count = 0;
	while ((message = nl_reply_next(replies, message)))
		(*count)++;
	rows = calloc(*count + 1, sizeof(*rows));
	if (!rows) {
		complain("no memory for %zu addresses", *count);
		return NULL;
	}
	while ((message = nl_reply_next(replies, message))) {
		if (row_fill(&rows[i++], message)) {
			free(rows);
			return NULL;
		}
	}
	qsort(rows, *count, sizeof(*rows), row_compare);
	return rows;
}

static void row_print(struct printer *p, const struct fdb_row *row)
{
	struct attrs attrs;
	uint32_t flags;

	/* row_fill() has parsed it once without an error. */
	attrs_parse(&attrs, row->message, fields, ARRAY_SIZE(fields));
	flags = attrs_number(&attrs, FDB(FLAGS));
	print_row_begin(p, NULL);
	print_flags(p, (const struct print_flag[]){
		{ 'L', "local", flags & FLAG(LOCAL) },
		{ 'P', "peer", flags & FLAG(PEER) },
		{ 'S', "static", flags & FLAG(STATIC) },
		{ 'R', "peer-static", flags & FLAG(PEER_STATIC) },
		{ 'O', "ours", flags & FLAG(OURS) },
		{ 'D', "damped", flags & FLAG(DAMPED) },
	}, 6);
	attrs_print(p, &attrs, fields, ARRAY_SIZE(fields));
	print_row_end(p);
}

static int fdb_print(struct printer *p, const struct nl_replies *replies)
{
	struct fdb_row *rows;
	size_t i, count;

	rows = rows_sorted(replies, &count);
	if (!rows)
		return MLAGCTL_REFUSED;
	print_list_begin(p);
	print_legend(p, "Flags: L - local, P - peer, S - static, R - static at the peer, O - ours, D - damped");
	for (i = 0; i < count; i++)
		row_print(p, &rows[i]);
	print_list_end(p);
	free(rows);
	return MLAGCTL_OK;
}

static int fdb_show(struct ctx *ctx, struct args *args)
{
	struct nl_replies replies;
	const char *bridge = NULL;
	struct nl_family family;
	struct nlmsghdr *request;
	int ret;

	if (args_optional_device(args, &bridge))
		return MLAGCTL_USAGE;
	if (family_need(ctx, MLAG_ICCP_FAMILY_NAME, &family))
		return MLAGCTL_REFUSED;

	request = nl_request(&ctx->nl, &family, MLAG_ICCP_CMD_FDB_GET,
			     NLM_F_DUMP);
	if (bridge)
		mnl_attr_put_strz(request, FDB(BRIDGE_NAME), bridge);
	ret = request_run(ctx, args, NULL, request, &replies);
	if (ret)
		return ret;
	ret = fdb_print(&ctx->out, &replies);
	nl_replies_free(&replies);
	return ret;
}

int cmd_fdb(struct ctx *ctx, struct args *args)
{
	static const struct command table[] = {
		{ "show", fdb_show, NULL },
		{ NULL, NULL, NULL },
	};

	return command_run(ctx, args, table);
}
