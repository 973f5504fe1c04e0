// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests as text, by a second table of attributes that knows nothing of the
 * tool's own: a wrong number or width in one of the two shows as a difference.
 */
#include <inttypes.h>
#include <linux/genetlink.h>
#include <linux/mlag_iccp.h>
#include <linux/mlagbond.h>
#include <stdio.h>
#include <string.h>

#include "fake_kernel.h"

/* One attribute of a request; @size 0 is a string. */
struct decode_attr {
	uint16_t family;
	uint8_t command;	/* 0: every command of the family */
	uint16_t type;
	uint16_t size;
	const char *name;
};

struct decode_command {
	uint16_t family;
	uint8_t command;
	const char *name;
};

#define MLAG(command, attr, size, name) \
	{ FAKE_MLAG_ID, command, MLAG_ICCP_A_##attr, size, name }
#define BOND(command, attr, size, name) \
	{ FAKE_BOND_ID, MLAGBOND_CMD_##command, MLAGBOND_A_##attr, size, name }

static const struct decode_command commands[] = {
	{ FAKE_MLAG_ID, MLAG_ICCP_CMD_DOMAIN_NEW, "domain-new" },
	{ FAKE_MLAG_ID, MLAG_ICCP_CMD_DOMAIN_SET, "domain-set" },
	{ FAKE_MLAG_ID, MLAG_ICCP_CMD_DOMAIN_DEL, "domain-del" },
	{ FAKE_MLAG_ID, MLAG_ICCP_CMD_DOMAIN_GET, "domain-get" },
	{ FAKE_MLAG_ID, MLAG_ICCP_CMD_LEG_GET, "leg-get" },
	{ FAKE_MLAG_ID, MLAG_ICCP_CMD_FDB_GET, "fdb-get" },
	{ FAKE_MLAG_ID, MLAG_ICCP_CMD_EVENT_GET, "event-get" },
	{ FAKE_MLAG_ID, MLAG_ICCP_CMD_FINDING_GET, "finding-get" },
	{ FAKE_BOND_ID, MLAGBOND_CMD_BOND_GET, "bond-get" },
	{ FAKE_BOND_ID, MLAGBOND_CMD_PORT_GET, "port-get" },
	{ FAKE_BOND_ID, MLAGBOND_CMD_COUNTERS_GET, "counters-get" },
};

enum { ANY_SIZE = UINT16_MAX };

static const struct decode_attr attrs[] = {
	MLAG(MLAG_ICCP_CMD_LEG_GET, LEG_BRIDGE_NAME, 0, "bridge-name"),
	MLAG(MLAG_ICCP_CMD_FDB_GET, FDB_BRIDGE_NAME, 0, "bridge-name"),
	MLAG(MLAG_ICCP_CMD_EVENT_GET, EVENT_BRIDGE_NAME, 0, "bridge-name"),
	MLAG(0, DOMAIN_BRIDGE_NAME, 0, "bridge-name"),
	MLAG(0, DOMAIN_PEER_PORT_NAME, 0, "peer-port-name"),
	MLAG(0, DOMAIN_PRIORITY, 1, "priority"),
	MLAG(0, DOMAIN_SYSTEM_ID, 6, "system-id"),
	MLAG(0, DOMAIN_SYSTEM_PRIO, 2, "system-prio"),
	MLAG(0, DOMAIN_HELLO, 4, "hello"),
	MLAG(0, DOMAIN_DEAD, 4, "dead"),
	MLAG(0, DOMAIN_INIT_DELAY, 4, "init-delay"),
	MLAG(0, DOMAIN_RELOAD_DELAY, 4, "reload-delay"),
	MLAG(0, DOMAIN_SPLIT_ACTION, 1, "split-action"),
	MLAG(0, DOMAIN_PREEMPT, 1, "preempt"),
	MLAG(0, DOMAIN_TAG, 4, "tag"),
	MLAG(0, DOMAIN_MAINTENANCE, 1, "maintenance"),
	MLAG(0, DOMAIN_HEARTBEAT, 1, "heartbeat"),
	MLAG(0, DOMAIN_HEARTBEAT_NAME, 0, "heartbeat-name"),
	MLAG(0, DOMAIN_HEARTBEAT_LOCAL, 16, "heartbeat-local"),
	MLAG(0, DOMAIN_HEARTBEAT_PEER, 16, "heartbeat-peer"),
	MLAG(0, DOMAIN_HEARTBEAT_PORT, 2, "heartbeat-port"),
	MLAG(0, DOMAIN_AUTH_KEY, ANY_SIZE, "auth-key"),
	MLAG(0, DOMAIN_CONSISTENCY_ACTION, 1, "consistency-action"),
	BOND(BOND_GET, BOND_IFINDEX, 4, "ifindex"),
	BOND(PORT_GET, PORT_BOND, 4, "bond"),
	BOND(COUNTERS_GET, COUNTERS_BOND, 4, "bond"),
};

static const char *command_name(uint16_t family, uint8_t command)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].family == family &&
		    commands[i].command == command)
			return commands[i].name;
	return "?";
}

static const struct decode_attr *attr_row(uint16_t family, uint8_t command,
					  uint16_t type)
{
	size_t i;

	for (i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
		if (attrs[i].family == family && attrs[i].type == type &&
		    (!attrs[i].command || attrs[i].command == command))
			return &attrs[i];
	return NULL;
}

static void decode_bytes(FILE *out, const uint8_t *bytes, uint16_t len)
{
	uint16_t i;

	fputc('"', out);
	for (i = 0; i < len; i++)
		fprintf(out, "%s%02x", i ? ":" : "", bytes[i]);
	fputc('"', out);
}

static void decode_value(FILE *out, const struct nlattr *attr, uint16_t size)
{
	uint16_t len = mnl_attr_get_payload_len(attr);

	if (size && size != ANY_SIZE && len != size)
		fprintf(out, "\"%u bytes for %u\"", len, size);
	else if (!size)
		fprintf(out, "\"%s\"", mnl_attr_get_str(attr));
	else if (size == 1)
		fprintf(out, "%u", mnl_attr_get_u8(attr));
	else if (size == 2)
		fprintf(out, "%u", mnl_attr_get_u16(attr));
	else if (size == 4)
		fprintf(out, "%" PRIu32, mnl_attr_get_u32(attr));
	else
		decode_bytes(out, mnl_attr_get_payload(attr), len);
}

void decode_request(const struct nlmsghdr *request, char *buf, size_t size)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(request);
	const struct decode_attr *row;
	const struct nlattr *attr;
	FILE *out = fmemopen(buf, size, "w");

	fprintf(out, "{\"%s\":\"%s\"",
		(request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP ? "dump" :
		"do", command_name(request->nlmsg_type, genl->cmd));
	mnl_attr_for_each(attr, request, sizeof(*genl)) {
		row = attr_row(request->nlmsg_type, genl->cmd,
			       mnl_attr_get_type(attr));
		fprintf(out, ",\"%s\":", row ? row->name : "?");
		decode_value(out, attr, row ? row->size : 0);
	}
	fputs("}\n", out);
	fclose(out);
}
