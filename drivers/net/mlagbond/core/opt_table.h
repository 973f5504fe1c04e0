/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The option table: every option of a bond and of a port, once.
 *
 * Netlink policy, parsing, range and dependency checks, defaults, dump, size,
 * the iproute2 plug-in and the manual's table all come from it. Values enter
 * as numbers or words, results leave in struct mbond_params.
 */
#ifndef _MBOND_OPT_TABLE_H
#define _MBOND_OPT_TABLE_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/mlagbond.h>
#include <linux/types.h>

/* Interface name with its terminating zero, IFNAMSIZ of the kernel. */
#define MBOND_NAME_LEN	16

/* Bytes of an address of MBOND_KIND_IP4S and MBOND_KIND_IP6S */
#define MBOND_IP4_LEN	4
#define MBOND_IP6_LEN	16

/**
 * struct mbond_params - the options of one bond
 * @mode: enum mlagbond_mode; changes only while down and without ports
 * @use_carrier: always 1: link state is netif_carrier
 * @primary_reselect: enum mlagbond_reselect
 * @fail_over_mac: enum mlagbond_fail_over_mac
 * @xmit_hash_policy: enum mlagbond_hash
 * @num_peer_notif: gratuitous ARP / unsolicited NA after a fail-over, 0..255
 * @all_slaves_active: 1: inactive ports receive as well
 * @tlb_dynamic_lb: 1: flows go by measured load, 0: by hash
 * @lacp_rate: 0: ask for a PDU every 30 s, 1: every second
 * @lacp_active: 0: speak only to a partner that is active
 * @ad_select: enum mlagbond_ad_select
 * @coupled_control: 1: collect and distribute in one step, 0: in two
 * @broadcast_neighbor: 1: ARP and ND leave by every port that distributes
 * @lacp_strict: 1: carrier counts ports that collect and distribute
 * @arp_missed_max: intervals without answer until a port is silent, 1..255
 * @system_mac: enum mlagbond_system_mac
 * @lacp_fallback: 1: without any partner one port carries after all
 * @marker_flush: 1: flows move when the partner has answered a Marker
 * @carrier_events: 1: act on a carrier change at once, 0: on the next poll
 * @ad_actor_system: LACP system; zero: the address of the bond
 * @ad_actor_sys_prio: LACP system priority, 1..65535
 * @ad_user_port_key: upper ten bits of the LACP key, 0..1023
 * @miimon: poll of the carrier, ms; 0: none
 * @updelay: ms from carrier on to link up, a multiple of @miimon
 * @downdelay: ms from carrier off to link down, a multiple of @miimon
 * @peer_notif_delay: ms between announcements, a multiple of @miimon;
 *	0: one each poll
 * @arp_interval: ms between probes of the targets; 0: none
 * @arp_validate: enum mlagbond_validate
 * @arp_all_targets: enum mlagbond_all_targets
 * @resend_igmp: membership reports sent after a fail-over, 0..255
 * @min_links: usable ports below which an LACP bond has no carrier
 * @lp_interval: seconds between learning packets, 1..INT_MAX
 * @packets_per_slave: frames in a row on one port in balance-rr, 0..65535;
 *	0: a random port for each
 * @mlag_id: same number on both chassis makes one leg each; 0: no MLAG
 * @hash_buckets: buckets of the transmit table, power of two 64..4096
 * @rebalance_interval: ms from one look at the load of the buckets to the
 *	next; 0: the load is not measured
 * @lacp_fallback_delay: ms without any partner until then, 0..900000
 * @arp_ip_target: IPv4 addresses to ask, zero from the first unused one on
 * @ns_ip6_target: same for IPv6
 * @primary: preferred port by name, also one that is not attached yet;
 *	empty: none
 *
 * Plain data, copied as a whole. A live copy is written under RTNL only.
 */
struct mbond_params {
	u8 mode;
	u8 use_carrier;
	u8 primary_reselect;
	u8 fail_over_mac;
	u8 xmit_hash_policy;
	u8 num_peer_notif;
	u8 all_slaves_active;
	u8 tlb_dynamic_lb;
	u8 lacp_rate;
	u8 lacp_active;
	u8 ad_select;
	u8 coupled_control;
	u8 broadcast_neighbor;
	u8 lacp_strict;
	u8 arp_missed_max;
	u8 carrier_events;
	u8 lacp_fallback;
	u8 marker_flush;
	u8 system_mac;
	u8 ad_actor_system[ETH_ALEN];
	u16 ad_actor_sys_prio;
	u16 ad_user_port_key;
	u32 miimon;
	u32 updelay;
	u32 downdelay;
	u32 peer_notif_delay;
	u32 arp_interval;
	u32 arp_validate;
	u32 arp_all_targets;
	u32 resend_igmp;
	u32 min_links;
	u32 lp_interval;
	u32 packets_per_slave;
	u32 mlag_id;
	u32 hash_buckets;
	u32 rebalance_interval;
	u32 lacp_fallback_delay;
	u8 arp_ip_target[MLAGBOND_TARGETS][MBOND_IP4_LEN];
	u8 ns_ip6_target[MLAGBOND_TARGETS][MBOND_IP6_LEN];
	char primary[MBOND_NAME_LEN];
};

/**
 * struct mbond_port_params - the options of one port
 * @prio: failover priority, higher wins
 * @actor_port_prio: LACP port priority, lower wins, 1..65535
 * @queue_id: frames with this queue mapping leave by the port; 0: none do
 */
struct mbond_port_params {
	s32 prio;
	u16 actor_port_prio;
	u16 queue_id;
};

/**
 * enum mbond_opt_id - index into the table, and bit in sets of options
 * @MBOND_OPT_BOND_COUNT: options of a bond are below, of a port from here
 * @MBOND_OPT_COUNT: length of the table
 *
 * The order is the order of the dump, which is that of kind "bond".
 */
enum mbond_opt_id {
	MBOND_OPT_MODE,
	MBOND_OPT_ACTIVE_SLAVE,
	MBOND_OPT_MIIMON,
	MBOND_OPT_UPDELAY,
	MBOND_OPT_DOWNDELAY,
	MBOND_OPT_PEER_NOTIF_DELAY,
	MBOND_OPT_USE_CARRIER,
	MBOND_OPT_ARP_INTERVAL,
	MBOND_OPT_ARP_MISSED_MAX,
	MBOND_OPT_ARP_IP_TARGET,
	MBOND_OPT_NS_IP6_TARGET,
	MBOND_OPT_ARP_VALIDATE,
	MBOND_OPT_ARP_ALL_TARGETS,
	MBOND_OPT_PRIMARY,
	MBOND_OPT_PRIMARY_RESELECT,
	MBOND_OPT_FAIL_OVER_MAC,
	MBOND_OPT_XMIT_HASH_POLICY,
	MBOND_OPT_RESEND_IGMP,
	MBOND_OPT_NUM_PEER_NOTIF,
	MBOND_OPT_ALL_SLAVES_ACTIVE,
	MBOND_OPT_MIN_LINKS,
	MBOND_OPT_LP_INTERVAL,
	MBOND_OPT_PACKETS_PER_SLAVE,
	MBOND_OPT_LACP_ACTIVE,
	MBOND_OPT_LACP_RATE,
	MBOND_OPT_COUPLED_CONTROL,
	MBOND_OPT_BROADCAST_NEIGHBOR,
	MBOND_OPT_LACP_STRICT,
	MBOND_OPT_AD_SELECT,
	MBOND_OPT_AD_ACTOR_SYS_PRIO,
	MBOND_OPT_AD_USER_PORT_KEY,
	MBOND_OPT_AD_ACTOR_SYSTEM,
	MBOND_OPT_TLB_DYNAMIC_LB,
	MBOND_OPT_MLAG_ID,
	MBOND_OPT_CARRIER_EVENTS,
	MBOND_OPT_HASH_BUCKETS,
	MBOND_OPT_REBALANCE_INTERVAL,
	MBOND_OPT_SYSTEM_MAC,
	MBOND_OPT_LACP_FALLBACK,
	MBOND_OPT_LACP_FALLBACK_DELAY,
	MBOND_OPT_MARKER_FLUSH,
	MBOND_OPT_BOND_COUNT,

	MBOND_OPT_QUEUE_ID = MBOND_OPT_BOND_COUNT,
	MBOND_OPT_PRIO,
	MBOND_OPT_ACTOR_PORT_PRIO,
	MBOND_OPT_COUNT,
};

#define MBOND_OPT_BIT(id)	BIT_ULL(MBOND_OPT_##id)

/**
 * enum mbond_opt_kind - netlink type of an option
 * @MBOND_KIND_U8: number
 * @MBOND_KIND_U16: number
 * @MBOND_KIND_U32: number
 * @MBOND_KIND_S32: number
 * @MBOND_KIND_MAC: six bytes
 * @MBOND_KIND_DEV: u32 ifindex on the wire, name in the parameters
 * @MBOND_KIND_IP4S: nest of IPv4 addresses, which replaces the list
 * @MBOND_KIND_IP6S: same for IPv6
 */
enum mbond_opt_kind {
	MBOND_KIND_U8,
	MBOND_KIND_U16,
	MBOND_KIND_U32,
	MBOND_KIND_S32,
	MBOND_KIND_MAC,
	MBOND_KIND_DEV,
	MBOND_KIND_IP4S,
	MBOND_KIND_IP6S,
};

/* Flags of struct mbond_opt */
#define MBOND_OPT_NOPORTS	BIT(0)	/* changes only without ports */
#define MBOND_OPT_IFDOWN	BIT(1)	/* changes only while the bond is down */
#define MBOND_OPT_EXT		BIT(2)	/* inside IFLA_MLAGBOND_EXT */
#define MBOND_OPT_ACTION	BIT(3)	/* a command, nothing in the params */
#define MBOND_OPT_POW2		BIT(4)	/* a power of two */
#define MBOND_OPT_ADMIN		BIT(5)	/* shown to CAP_NET_ADMIN alone */
#define MBOND_OPT_LIVE		BIT(6)	/* in bonding only while it is down */

/**
 * struct mbond_word - one named value
 * @word: as typed and printed; NULL ends a list
 * @value: number it stands for
 */
struct mbond_word {
	const char *word;
	u32 value;
};

/**
 * struct mbond_opt - one row of the table
 * @name: word of the command line
 * @alias: second word for the same, or NULL
 * @json: key in the JSON output if it differs from @name, or NULL
 * @attr: IFLA_MLAGBOND_*, _EXT_* or _PORT_*
 * @kind: netlink type
 * @flags: MBOND_OPT_*
 * @badmodes: bit mask of the modes that refuse it
 * @size: bytes in the parameters
 * @offset: where in struct mbond_params or mbond_port_params
 * @words: named values, or NULL
 * @min: least number; with @words the words alone decide
 * @max: greatest number
 * @def: default
 */
struct mbond_opt {
	const char *name;
	const char *alias;
	const char *json;
	u16 attr;
	u8 kind;
	u8 flags;
	u8 badmodes;
	u16 size;
	u16 offset;
	const struct mbond_word *words;
	s64 min;
	s64 max;
	s64 def;
};

extern const struct mbond_opt mbond_opt_table[MBOND_OPT_COUNT];

void mbond_params_default(struct mbond_params *params);
void mbond_params_bonding(struct mbond_params *params);
void mbond_port_params_default(struct mbond_port_params *params);

const struct mbond_opt *mbond_opt_by_attr(u16 attr, bool ext);
const struct mbond_opt *mbond_port_opt_by_attr(u16 attr);
const struct mbond_opt *mbond_opt_by_name(const char *name);

s64 mbond_opt_get(const struct mbond_opt *opt, const void *params);
void mbond_opt_put(const struct mbond_opt *opt, void *params, s64 value);

const struct mbond_word *mbond_opt_word(const struct mbond_opt *opt,
					s64 value);
int mbond_opt_parse(const struct mbond_opt *opt, const char *text,
		    s64 *value);
bool mbond_opt_in_range(const struct mbond_opt *opt, s64 value);
u64 mbond_params_diff(const struct mbond_params *a,
		      const struct mbond_params *b);

const u8 *mbond_opt_addr(const struct mbond_opt *opt,
			 const struct mbond_params *params, unsigned int index);

const char *mbond_attr_foreign(u16 attr);

/**
 * mbond_opt_is_list() - is the option a list of addresses
 * @opt: row of the table
 *
 * Return: true if so.
 */
static inline bool mbond_opt_is_list(const struct mbond_opt *opt)
{
	return opt->kind == MBOND_KIND_IP4S || opt->kind == MBOND_KIND_IP6S;
}

/**
 * mbond_opt_addr_len() - bytes of an address
 * @opt: row that is a list
 *
 * Return: their number.
 */
static inline unsigned int mbond_opt_addr_len(const struct mbond_opt *opt)
{
	return opt->kind == MBOND_KIND_IP4S ? MBOND_IP4_LEN : MBOND_IP6_LEN;
}

/**
 * mbond_opt_id() - index of @opt
 * @opt: row of the table
 *
 * Return: its place, for sets of options.
 */
static inline enum mbond_opt_id mbond_opt_id(const struct mbond_opt *opt)
{
	return opt - mbond_opt_table;
}

/**
 * mbond_opt_bit() - set with @opt alone
 * @opt: row of the table
 *
 * Return: the bit.
 */
static inline u64 mbond_opt_bit(const struct mbond_opt *opt)
{
	return BIT_ULL(mbond_opt_id(opt));
}

#endif /* _MBOND_OPT_TABLE_H */
