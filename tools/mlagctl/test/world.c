// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the fake kernel has: two domains, three legs, four addresses, two bonds
 * with three ports. The same again as a newer and as a broken module would
 * send it.
 */
#include <linux/mlag_iccp.h>
#include <linux/mlagbond.h>
#include <string.h>

#include "fake_kernel.h"

#define DOMAIN(name)	MLAG_ICCP_A_DOMAIN_##name
#define PEER(name)	MLAG_ICCP_A_PEER_##name
#define LINK(name)	MLAG_ICCP_A_LINK_##name
#define LEG(name)	MLAG_ICCP_A_LEG_##name
#define FDB(name)	MLAG_ICCP_A_FDB_##name
#define STATS(name)	MLAG_ICCP_A_FDB_STATS_##name
#define EVENT(name)	MLAG_ICCP_A_EVENT_##name
#define BOND(name)	MLAGBOND_A_BOND_##name
#define PORT(name)	MLAGBOND_A_PORT_##name

enum world_odd {
	WORLD_UNKNOWN_ATTR = 200,
	WORLD_UNKNOWN_WORD = 200,
};

static void put_mac(struct nlmsghdr *nlh, uint16_t type, uint8_t last)
{
	const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, last };

	mnl_attr_put(nlh, type, sizeof(mac), mac);
}

static void put_config(struct nlmsghdr *nlh)
{
	static const uint8_t none[6];

	mnl_attr_put_u8(nlh, DOMAIN(PRIORITY), 100);
	mnl_attr_put(nlh, DOMAIN(SYSTEM_ID), sizeof(none), none);
	mnl_attr_put_u16(nlh, DOMAIN(SYSTEM_PRIO), 65535);
	mnl_attr_put_u32(nlh, DOMAIN(HELLO), 200);
	mnl_attr_put_u32(nlh, DOMAIN(DEAD), 600);
	mnl_attr_put_u32(nlh, DOMAIN(INIT_DELAY), 0);
	mnl_attr_put_u32(nlh, DOMAIN(RELOAD_DELAY), 60);
	mnl_attr_put_u8(nlh, DOMAIN(SPLIT_ACTION), 1);
	mnl_attr_put_u8(nlh, DOMAIN(PREEMPT), 0);
	mnl_attr_put_u32(nlh, DOMAIN(TAG), 7);
}

static void put_peer(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, DOMAIN(PEER));

	put_mac(nlh, PEER(MAC), 0xb0);
	mnl_attr_put_u8(nlh, PEER(PRIORITY), 128);
	mnl_attr_put_u8(nlh, PEER(STATE), MLAG_ICCP_STATE_CONNECTED);
	mnl_attr_put_u8(nlh, PEER(ROLE), MLAG_ICCP_ROLE_SECONDARY);
	mnl_attr_put_u8(nlh, PEER(NODE), 1);
	mnl_attr_put_u8(nlh, PEER(VERSION), 1);
	mnl_attr_put_u64(nlh, PEER(LAST_HEARD), 17);
	mnl_attr_put_u64(nlh, PEER(FDB_DIGEST), 0xfeedfacecafebeef);
	mnl_attr_nest_end(nlh, nest);
}

static void put_link(struct nlmsghdr *nlh, uint32_t ifindex, const char *name)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, DOMAIN(LINK));

	mnl_attr_put_u32(nlh, LINK(IFINDEX), ifindex);
	mnl_attr_put_strz(nlh, LINK(NAME), name);
	mnl_attr_put_u8(nlh, LINK(CARRIER), 1);
	mnl_attr_put_u64(nlh, LINK(TX_FRAMES), 12);
	mnl_attr_put_u64(nlh, LINK(RX_FRAMES), 5000000000);
	mnl_attr_nest_end(nlh, nest);
}

static void put_counter(struct nlmsghdr *nlh, uint16_t type, const char *name,
			uint64_t value)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	mnl_attr_put_strz(nlh, MLAG_ICCP_A_COUNTER_NAME, name);
	mnl_attr_put_u64(nlh, MLAG_ICCP_A_COUNTER_VALUE, value);
	mnl_attr_nest_end(nlh, nest);
}

static void put_stats(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, DOMAIN(FDB));

	mnl_attr_put_u32(nlh, STATS(ENTRIES), 4);
	mnl_attr_put_u32(nlh, STATS(CAPACITY), 131072);
	mnl_attr_put_u64(nlh, STATS(DIGEST), 0xfeedfacecafebeef);
	mnl_attr_nest_end(nlh, nest);
}

static void put_domain_live(struct nlmsghdr *nlh)
{
	mnl_attr_put_u8(nlh, DOMAIN(STATE), MLAG_ICCP_STATE_CONNECTED);
	mnl_attr_put_u64(nlh, DOMAIN(STATE_FOR), 93784005);
	mnl_attr_put_u8(nlh, DOMAIN(ROLE), MLAG_ICCP_ROLE_PRIMARY);
	mnl_attr_put_u8(nlh, DOMAIN(NODE), 0);
	mnl_attr_put_u64(nlh, DOMAIN(INIT_DELAY_LEFT), 0);
	mnl_attr_put_u64(nlh, DOMAIN(RELOAD_LEFT), 61000);
	put_mac(nlh, DOMAIN(NODE_MAC), 0xa0);
	put_mac(nlh, DOMAIN(ACTIVE_SYSTEM_ID), 0xa0);
	mnl_attr_put_u16(nlh, DOMAIN(ACTIVE_SYSTEM_PRIO), 65535);
	mnl_attr_put_u32(nlh, DOMAIN(ALARMS),
			 MLAG_ICCP_ALARMS_GROUP_FWD_MASK | 1u << 30);
	put_peer(nlh);
	put_link(nlh, 20, "pp0");
	put_link(nlh, 21, "p\"\\\x1b\xff");
	put_stats(nlh);
	put_counter(nlh, DOMAIN(COUNTER), "hello-tx", 18446744073709551615u);
	put_counter(nlh, DOMAIN(COUNTER), "foreign", 3);
}

static void domain(struct fake_socket *socket, bool first)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_MLAG_ID, MLAG_ICCP_CMD_DOMAIN_GET);
	mnl_attr_put_u32(nlh, DOMAIN(BRIDGE_IFINDEX), first ? 3 : 4);
	mnl_attr_put_strz(nlh, DOMAIN(BRIDGE_NAME), first ? "br0" : "br1");
	mnl_attr_put_strz(nlh, DOMAIN(PEER_PORT_NAME), first ? "pp0" : "eth9");
	put_config(nlh);
	if (first)
		put_domain_live(nlh);
	else
		mnl_attr_put_u8(nlh, DOMAIN(STATE), WORLD_UNKNOWN_WORD);
	fake_done(socket, nlh);
}

static void leg(struct fake_socket *socket, uint32_t bridge, const char *name,
		uint32_t mlag_id, const char *hold)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_MLAG_ID, MLAG_ICCP_CMD_LEG_GET);
	mnl_attr_put_u32(nlh, LEG(BRIDGE_IFINDEX), bridge);
	mnl_attr_put_strz(nlh, LEG(NAME), name);
	mnl_attr_put_u32(nlh, LEG(MLAG_ID), mlag_id);
	mnl_attr_put_u32(nlh, LEG(IFINDEX), mlag_id);
	mnl_attr_put_u8(nlh, LEG(STATE), hold ? MLAG_ICCP_LEG_STATE_DOWN :
			MLAG_ICCP_LEG_STATE_UP);
	mnl_attr_put_u8(nlh, LEG(PEER_STATE), MLAG_ICCP_LEG_WIRE_UP);
	if (hold)
		mnl_attr_put_strz(nlh, LEG(HOLD_REASON), hold);
	mnl_attr_put_u16(nlh, LEG(KEY), 32778);
	mnl_attr_put_u8(nlh, LEG(FILTER), MLAG_ICCP_FILTER_BLOCK);
	mnl_attr_put_u8(nlh, LEG(DRAINED), 1);
	fake_done(socket, nlh);
}

static void address(struct fake_socket *socket, uint8_t last, uint16_t vid,
		    uint32_t flags, uint32_t ifindex)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_MLAG_ID, MLAG_ICCP_CMD_FDB_GET);
	mnl_attr_put_u32(nlh, FDB(BRIDGE_IFINDEX), 3);
	mnl_attr_put_strz(nlh, FDB(BRIDGE_NAME), "br0");
	put_mac(nlh, FDB(MAC), last);
	mnl_attr_put_u16(nlh, FDB(VID), vid);
	mnl_attr_put_u32(nlh, FDB(FLAGS), flags);
	mnl_attr_put_u8(nlh, FDB(ORIGIN), MLAG_ICCP_ORIGIN_ORPHAN);
	mnl_attr_put_u8(nlh, FDB(OWNER), 1);
	mnl_attr_put_u32(nlh, FDB(SEQ), 2);
	mnl_attr_put_u8(nlh, FDB(INSTALLED), MLAG_ICCP_PLACE_PEER_PORT);
	mnl_attr_put_u8(nlh, FDB(WANTED), MLAG_ICCP_PLACE_PEER_PORT);
	if (ifindex)
		mnl_attr_put_u32(nlh, FDB(IFINDEX), ifindex);
	fake_done(socket, nlh);
}

static void event(struct fake_socket *socket, uint32_t bridge, uint32_t seq,
		  uint8_t kind, const char *value)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_MLAG_ID, MLAG_ICCP_CMD_EVENT_NTF);
	mnl_attr_put_u32(nlh, EVENT(BRIDGE_IFINDEX), bridge);
	mnl_attr_put_strz(nlh, EVENT(BRIDGE_NAME), bridge == 3 ? "br0" : "br1");
	mnl_attr_put_u32(nlh, EVENT(SEQ), seq);
	mnl_attr_put_u64(nlh, EVENT(TIME), 1234567890123ull + seq);
	mnl_attr_put_u8(nlh, EVENT(KIND), kind);
	if (kind == MLAG_ICCP_EVENT_LEG_HOLD) {
		mnl_attr_put_strz(nlh, EVENT(LEG_NAME), "bond0");
		mnl_attr_put_u32(nlh, EVENT(MLAG_ID), 10);
	}
	if (value)
		mnl_attr_put_strz(nlh, EVENT(VALUE), value);
	mnl_attr_put_strz(nlh, EVENT(REASON), "two-way");
	fake_done(socket, nlh);
}

static void bond_event(struct fake_socket *socket)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_BOND_ID, MLAGBOND_CMD_EVENT_NTF);
	mnl_attr_put_u64(nlh, MLAGBOND_A_EVENT_TIME, 2000000000);
	mnl_attr_put_strz(nlh, MLAGBOND_A_EVENT_BOND_NAME, "bond0");
	mnl_attr_put_strz(nlh, MLAGBOND_A_EVENT_PORT_NAME, "eth1");
	mnl_attr_put_u32(nlh, MLAGBOND_A_EVENT_CODE, MLAGBOND_EVENT_MUX);
	mnl_attr_put_strz(nlh, MLAGBOND_A_EVENT_OLD, "WAITING");
	mnl_attr_put_strz(nlh, MLAGBOND_A_EVENT_NEW, "ATTACHED");
	mnl_attr_put_strz(nlh, MLAGBOND_A_EVENT_CAUSE, "selected");
	fake_done(socket, nlh);
}

static void bond_lacp(struct fake_socket *socket)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_BOND_ID, MLAGBOND_CMD_BOND_GET);
	mnl_attr_put_u32(nlh, BOND(IFINDEX), 10);
	mnl_attr_put_strz(nlh, BOND(IFNAME), "bond0");
	mnl_attr_put_u32(nlh, BOND(MODE), MLAGBOND_MODE_8023AD);
	mnl_attr_put_u8(nlh, BOND(CARRIER), 1);
	mnl_attr_put_u32(nlh, BOND(NUM_PORTS), 2);
	put_mac(nlh, BOND(ACTOR_SYSTEM), 0xa0);
	mnl_attr_put_u16(nlh, BOND(ACTOR_SYS_PRIO), 65535);
	put_mac(nlh, BOND(PARTNER_SYSTEM), 0xc0);
	mnl_attr_put_u32(nlh, BOND(MLAG_ID), 10);
	mnl_attr_put_u32(nlh, BOND(RX_GATE), MLAG_ICCP_RX_GATE_KNOWN);
	mnl_attr_put_u32(nlh, BOND(PEER_PORT), 20);
	mnl_attr_put_strz(nlh, BOND(HOLD_REASON), "init-delay");
	fake_done(socket, nlh);
}

static void bond_backup(struct fake_socket *socket)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_BOND_ID, MLAGBOND_CMD_BOND_GET);
	mnl_attr_put_u32(nlh, BOND(IFINDEX), 30);
	mnl_attr_put_strz(nlh, BOND(IFNAME), "bond1");
	mnl_attr_put_u32(nlh, BOND(MODE), MLAGBOND_MODE_ACTIVE_BACKUP);
	mnl_attr_put_u32(nlh, BOND(ACTIVE_PORT), 99);
	fake_done(socket, nlh);
}

static void port(struct fake_socket *socket, const char *name, uint32_t bond,
		 bool active)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_BOND_ID, MLAGBOND_CMD_PORT_GET);
	mnl_attr_put_strz(nlh, PORT(IFNAME), name);
	mnl_attr_put_u32(nlh, PORT(BOND), bond);
	mnl_attr_put_u32(nlh, PORT(LINK), MLAGBOND_LINK_UP);
	mnl_attr_put_u8(nlh, PORT(ACTIVE), active);
	mnl_attr_put_u32(nlh, PORT(PRIO), (uint32_t)-5);
	if (active && bond == 10) {
		mnl_attr_put_u16(nlh, PORT(ACTOR_KEY), 17);
		mnl_attr_put_u32(nlh, PORT(ACTOR_STATE), 0x3d);
		put_mac(nlh, PORT(PARTNER_SYSTEM), 0xc0);
		mnl_attr_put_u16(nlh, PORT(PARTNER_SYS_PRIO), 65535);
		mnl_attr_put_u16(nlh, PORT(PARTNER_KEY), 9);
		mnl_attr_put_u32(nlh, PORT(PARTNER_STATE), 0xc2);
	}
	if (!active) {
		mnl_attr_put_strz(nlh, PORT(REASON), "no-partner");
		mnl_attr_put_u32(nlh, PORT(LACPDU_AGE), 12345);
		mnl_attr_put_u32(nlh, PORT(FLAPS), 2);
		mnl_attr_put_strz(nlh, PORT(FLAP_CAUSE), "no-link");
	}
	fake_done(socket, nlh);
}

static void counters(struct fake_socket *socket, uint32_t ifindex,
		     const char *name, uint32_t bond)
{
	struct nlmsghdr *nlh;

	nlh = fake_message(socket, FAKE_BOND_ID, MLAGBOND_CMD_COUNTERS_GET);
	mnl_attr_put_u32(nlh, MLAGBOND_A_COUNTERS_IFINDEX, ifindex);
	mnl_attr_put_strz(nlh, MLAGBOND_A_COUNTERS_IFNAME, name);
	if (bond)
		mnl_attr_put_u32(nlh, MLAGBOND_A_COUNTERS_BOND, bond);
	put_counter(nlh, MLAGBOND_A_COUNTERS_COUNTER, "split_horizon", 42);
	fake_done(socket, nlh);
}

static void answer_mlag(struct fake_socket *socket, uint8_t command)
{
	switch (command) {
	case MLAG_ICCP_CMD_DOMAIN_GET:
		domain(socket, true);
		domain(socket, false);
		break;
	case MLAG_ICCP_CMD_LEG_GET:
		leg(socket, 3, "bond0", 10, NULL);
		leg(socket, 4, "bond8", 8, NULL);
		leg(socket, 3, "bond2", 12, "no partner");
		break;
	case MLAG_ICCP_CMD_FDB_GET:
		address(socket, 9, 2, MLAG_ICCP_FDB_FLAGS_LOCAL, 20);
		address(socket, 8, 1, MLAG_ICCP_FDB_FLAGS_PEER |
			MLAG_ICCP_FDB_FLAGS_OURS, 77);
		address(socket, 7, 1, MLAG_ICCP_FDB_FLAGS_STATIC |
			MLAG_ICCP_FDB_FLAGS_DAMPED, 0);
		break;
	case MLAG_ICCP_CMD_EVENT_GET:
		event(socket, 3, 1, MLAG_ICCP_EVENT_STATE, "connected");
		event(socket, 3, 2, MLAG_ICCP_EVENT_LEG_HOLD, "init-delay");
		event(socket, 4, 1, WORLD_UNKNOWN_WORD, NULL);
		break;
	}
}

static void answer_bond(struct fake_socket *socket, uint8_t command)
{
	switch (command) {
	case MLAGBOND_CMD_BOND_GET:
		bond_lacp(socket);
		bond_backup(socket);
		break;
	case MLAGBOND_CMD_PORT_GET:
		port(socket, "eth1", 10, true);
		port(socket, "eth2", 10, false);
		port(socket, "eth3", 30, true);
		break;
	case MLAGBOND_CMD_COUNTERS_GET:
		counters(socket, 10, "bond0", 0);
		counters(socket, 11, "eth1", 10);
		counters(socket, 30, "bond1", 0);
		break;
	}
}

void world_answer(struct fake_socket *socket, uint16_t family, uint8_t command)
{
	if (family == FAKE_MLAG_ID)
		answer_mlag(socket, command);
	else
		answer_bond(socket, command);
}

void world_events(struct fake_socket *socket)
{
	event(socket, 3, 2, MLAG_ICCP_EVENT_LEG_HOLD, "init-delay");
	event(socket, 3, 3, MLAG_ICCP_EVENT_ROLE, "primary");
	fake_overrun(socket);
	bond_event(socket);
	event(socket, 3, 1, MLAG_ICCP_EVENT_DOMAIN_ADDED, NULL);
}

/* A number in too many bytes: nothing may be guessed from it. */
void world_hostile(struct fake_socket *socket, uint16_t family,
		   uint8_t command)
{
	struct nlmsghdr *nlh = fake_message(socket, family, command);

	mnl_attr_put_u32(nlh, DOMAIN(PRIORITY), 1);
	fake_done(socket, nlh);
}

/* Attributes this tool has never heard of, and a nest among them. */
void world_newer(struct fake_socket *socket, uint16_t family, uint8_t command)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	if (family != FAKE_MLAG_ID || command != MLAG_ICCP_CMD_DOMAIN_GET)
		return;
	nlh = fake_message(socket, family, command);
	mnl_attr_put_strz(nlh, DOMAIN(BRIDGE_NAME), "br0");
	mnl_attr_put_u64(nlh, WORLD_UNKNOWN_ATTR, 1);
	nest = mnl_attr_nest_start(nlh, WORLD_UNKNOWN_ATTR + 1000);
	mnl_attr_put_u8(nlh, DOMAIN(STATE), 1);
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_put_u8(nlh, DOMAIN(PREEMPT), 1);
	fake_done(socket, nlh);
}
