// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fake kernel in which nothing is as it should be: a domain for each state
 * and alarm, a leg for each of some reasons, every kind of finding.
 */
#include <linux/mlag_iccp.h>
#include <string.h>

#include "fake_kernel.h"

#define DOMAIN(name)	MLAG_ICCP_A_DOMAIN_##name
#define LINK(name)	MLAG_ICCP_A_LINK_##name
#define LEG(name)	MLAG_ICCP_A_LEG_##name
#define FINDING(name)	MLAG_ICCP_A_FINDING_##name
#define STATE(name)	MLAG_ICCP_STATE_##name
#define BEAT(name)	MLAG_ICCP_HEARTBEAT_STATE_##name

/* A domain; zero and NULL are absent, but @state. */
struct sick_domain {
	uint8_t state;
	uint8_t posture;
	const char *reason;
	const char *refused;
	uint32_t alarms;
	uint8_t heartbeat_state;
	uint32_t lost;
	const char *links;	/* a letter for each: U up, d down */
};

static const struct sick_domain domains[] = {
	{ .state = STATE(DISABLED), .reason = "removal" },
	{ .state = STATE(DISABLED), .reason = "no-peer-port" },
	{ .state = STATE(INIT), .links = "d" },
	{ .state = STATE(INIT), .links = "UUd" },
	{ .state = STATE(CONNECTING), .refused = "domain" },
	{ .state = STATE(CONNECTING), .refused = "version" },
	{ .state = STATE(CONNECTING), .refused = "of-a-later-version" },
	{ .state = STATE(CONNECTING) },
	{ .state = STATE(ALONE), .posture = MLAG_ICCP_POSTURE_ALONE },
	{ .state = STATE(ALONE), .posture = MLAG_ICCP_POSTURE_REVERTED },
	{ .state = STATE(ISOLATED),
	  .posture = MLAG_ICCP_POSTURE_ISOLATED },
	{ .state = STATE(CONNECTED), .alarms = 1 | 2 | 4 | 8 | 16 },
	{ .state = STATE(CONNECTED), .heartbeat_state = BEAT(UNHEARD),
	  .alarms = MLAG_ICCP_ALARMS_HEARTBEAT },
	{ .state = STATE(CONNECTED), .heartbeat_state = BEAT(ALIVE),
	  .alarms = MLAG_ICCP_ALARMS_HEARTBEAT },
	{ .state = STATE(CONNECTED), .heartbeat_state = BEAT(SILENT),
	  .alarms = MLAG_ICCP_ALARMS_HEARTBEAT, .lost = 7 },
};

/* A finding; the bridge is br0. */
struct sick_finding {
	const char *kind;
	uint32_t mlag_id;
	uint16_t from;
	uint16_t to;
	uint64_t own;
	uint64_t peer;
};

static const struct sick_finding findings[] = {
	{ "vlan-filtering", .own = 1 },
	{ "vlan-protocol", .own = 0x8100, .peer = 0x88a8 },
	{ "stp-mode", .own = 1, .peer = 2 },
	{ "stp-priority", .own = 32768, .peer = 4096 },
	{ "peer-port-mtu", .own = 9000, .peer = 1500 },
	{ "peer-port-pvid", .own = 1, .peer = 2 },
	{ "peer-port-vlan", 0, 30, 30, 1, 0 },
	{ "peer-port-vlan", 0, 40, 49, 0, 1 },
	{ "default-pvid", .own = 1, .peer = 0 },
	{ "ageing", .own = 300000, .peer = 20000 },
	{ "multicast-snooping", .own = 0, .peer = 1 },
	{ "hello", .own = 200, .peer = 100 },
	{ "dead", .own = 600, .peer = 300 },
	{ "version", .own = 1, .peer = 2 },
	{ "heartbeat", .own = 1, .peer = 0 },
	{ "vlan-not-carried", 0, 7, 7, 0, 0 },
	{ "mtu", 10, .own = 1500, .peer = 1400 },
	{ "pvid", 10, .own = 1, .peer = 30 },
	{ "vlan", 10, 30, 30, 0, 1 },
	{ "lacp-rate", 10, .own = 1, .peer = 0 },
	{ "min-links", 10, .own = 0, .peer = 2 },
	{ "lacp-fallback", 10, .own = 0, .peer = 1 },
	{ "one-side", 10, .own = 1, .peer = 0 },
	{ "one-side", 12, .own = 0, .peer = 1 },
	{ "no-partner", 10, .own = 0, .peer = 1 },
	{ "partner", 10, .own = 0x0200000000c0, .peer = 0x0200000000c1 },
	{ "duplicate-partner", 10, .own = 9, .peer = 9 },
	{ "mtu-above-peer-port", 10, .own = 9000, .peer = 1500 },
	{ "slow-client", 10, .own = 1, .peer = 0 },
	{ "of-a-later-version", 0, .own = 1, .peer = 2 },
};

static void link_state(struct nlmsghdr *nlh, unsigned int n, bool up)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, DOMAIN(LINK));
	char name[] = "pp0";

	name[2] += n;
	mnl_attr_put_strz(nlh, LINK(NAME), name);
	mnl_attr_put_u8(nlh, LINK(CARRIER), up);
	mnl_attr_nest_end(nlh, nest);
}

static void sick_domain(struct fake_socket *socket, unsigned int n)
{
	const struct sick_domain *d = &domains[n];
	char name[] = "bra";
	struct nlmsghdr *nlh;
	unsigned int i;

	name[2] += n;
	nlh = fake_message(socket, FAKE_MLAG_ID, MLAG_ICCP_CMD_DOMAIN_GET);
	mnl_attr_put_u32(nlh, DOMAIN(BRIDGE_IFINDEX), n ? 50 + n : 3);
	mnl_attr_put_strz(nlh, DOMAIN(BRIDGE_NAME), n ? name : "br0");
	mnl_attr_put_strz(nlh, DOMAIN(PEER_PORT_NAME), "pp0");
	mnl_attr_put_u8(nlh, DOMAIN(STATE), d->state);
	mnl_attr_put_u8(nlh, DOMAIN(POSTURE), d->posture);
	if (d->reason)
		mnl_attr_put_strz(nlh, DOMAIN(REASON), d->reason);
	if (d->refused)
		mnl_attr_put_strz(nlh, DOMAIN(REFUSED), d->refused);
	mnl_attr_put_u32(nlh, DOMAIN(ALARMS), d->alarms);
	mnl_attr_put_u8(nlh, DOMAIN(HEARTBEAT), MLAG_ICCP_HEARTBEAT_DEV);
	mnl_attr_put_u8(nlh, DOMAIN(HEARTBEAT_STATE), d->heartbeat_state);
	mnl_attr_put_u32(nlh, DOMAIN(FINDINGS_LOST), d->lost);
	for (i = 0; d->links && d->links[i]; i++)
		link_state(nlh, i, d->links[i] == 'U');
	fake_done(socket, nlh);
}

static void sick_leg(struct fake_socket *socket, uint32_t mlag_id,
		     const char *reason)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_MLAG_ID, MLAG_ICCP_CMD_LEG_GET);
	mnl_attr_put_u32(nlh, LEG(BRIDGE_IFINDEX), 3);
	mnl_attr_put_strz(nlh, LEG(BRIDGE_NAME), "br0");
	mnl_attr_put_strz(nlh, LEG(NAME), "leg10");
	mnl_attr_put_u32(nlh, LEG(MLAG_ID), mlag_id);
	mnl_attr_put_u32(nlh, LEG(IFINDEX), mlag_id);
	mnl_attr_put_strz(nlh, LEG(HOLD_REASON), reason);
	fake_done(socket, nlh);
}

static void sick_finding(struct fake_socket *socket,
			 const struct sick_finding *f)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_MLAG_ID, MLAG_ICCP_CMD_FINDING_GET);
	mnl_attr_put_u32(nlh, FINDING(BRIDGE_IFINDEX), 3);
	mnl_attr_put_strz(nlh, FINDING(BRIDGE_NAME), "br0");
	mnl_attr_put_strz(nlh, FINDING(KIND), f->kind);
	mnl_attr_put_u8(nlh, FINDING(SEVERITY), MLAG_ICCP_SEVERITY_ERROR);
	if (f->mlag_id)
		mnl_attr_put_u32(nlh, FINDING(MLAG_ID), f->mlag_id);
	if (f->mlag_id == 10)
		mnl_attr_put_strz(nlh, FINDING(LEG_NAME), "leg10");
	if (!strcmp(f->kind, "slow-client"))
		mnl_attr_put_u32(nlh, FINDING(LEG_IFINDEX), 10);
	if (f->from) {
		mnl_attr_put_u16(nlh, FINDING(VID_FROM), f->from);
		mnl_attr_put_u16(nlh, FINDING(VID_TO), f->to);
	}
	mnl_attr_put_u64(nlh, FINDING(OWN), f->own);
	mnl_attr_put_u64(nlh, FINDING(PEER), f->peer);
	fake_done(socket, nlh);
}

void sick_answer(struct fake_socket *socket, uint16_t family, uint8_t command)
{
	unsigned int n;

	if (family != FAKE_MLAG_ID)
		return;
	switch (command) {
	case MLAG_ICCP_CMD_DOMAIN_GET:
		for (n = 0; n < sizeof(domains) / sizeof(domains[0]); n++)
			sick_domain(socket, n);
		break;
	case MLAG_ICCP_CMD_LEG_GET:
		sick_leg(socket, 10, "config-differs");
		sick_leg(socket, 11, "of-a-later-version");
		sick_leg(socket, 12, "maintenance");
		break;
	case MLAG_ICCP_CMD_FINDING_GET:
		for (n = 0; n < sizeof(findings) / sizeof(findings[0]); n++)
			sick_finding(socket, &findings[n]);
		break;
	}
}
