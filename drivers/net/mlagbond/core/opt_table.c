// SPDX-License-Identifier: GPL-2.0-only
/*
 * The option table, and what can be said of one option alone.
 *
 * Words and numbers enter, typed values leave. Rules that need the state of
 * the bond or a second option are in opt_check.c.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mlagbond.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "opt_table.h"

#define MODE_BIT(mode)	BIT(MLAGBOND_MODE_##mode)
#define MODES_ALL	0x7f
#define NOT_PRIMARY	(MODES_ALL & ~(MODE_BIT(ACTIVE_BACKUP) | \
				       MODE_BIT(BALANCE_TLB) | \
				       MODE_BIT(BALANCE_ALB)))
#define NOT_8023AD	(MODES_ALL & ~MODE_BIT(8023AD))
#define NOT_RR		(MODES_ALL & ~MODE_BIT(BALANCE_RR))
#define NOT_TLB		(MODES_ALL & ~(MODE_BIT(BALANCE_TLB) | \
				       MODE_BIT(BALANCE_ALB)))

#define NOT_HASHED	(MODES_ALL & ~(MODE_BIT(BALANCE_XOR) | \
				       MODE_BIT(8023AD)))

#define WORD(w, v)	{ .word = (w), .value = (v) }

static const struct mbond_word words_mode[] = {
	WORD("balance-rr", MLAGBOND_MODE_BALANCE_RR),
	WORD("active-backup", MLAGBOND_MODE_ACTIVE_BACKUP),
	WORD("balance-xor", MLAGBOND_MODE_BALANCE_XOR),
	WORD("broadcast", MLAGBOND_MODE_BROADCAST),
	WORD("802.3ad", MLAGBOND_MODE_8023AD),
	WORD("balance-tlb", MLAGBOND_MODE_BALANCE_TLB),
	WORD("balance-alb", MLAGBOND_MODE_BALANCE_ALB),
	{ }
};

static const struct mbond_word words_validate[] = {
	WORD("none", MLAGBOND_VALIDATE_NONE),
	WORD("active", MLAGBOND_VALIDATE_ACTIVE),
	WORD("backup", MLAGBOND_VALIDATE_BACKUP),
	WORD("all", MLAGBOND_VALIDATE_ALL),
	WORD("filter", MLAGBOND_VALIDATE_FILTER),
	WORD("filter_active", MLAGBOND_VALIDATE_FILTER_ACTIVE),
	WORD("filter_backup", MLAGBOND_VALIDATE_FILTER_BACKUP),
	{ }
};

static const struct mbond_word words_all_targets[] = {
	WORD("any", MLAGBOND_TARGETS_ANY),
	WORD("all", MLAGBOND_TARGETS_ALL),
	{ }
};

static const struct mbond_word words_reselect[] = {
	WORD("always", MLAGBOND_RESELECT_ALWAYS),
	WORD("better", MLAGBOND_RESELECT_BETTER),
	WORD("failure", MLAGBOND_RESELECT_FAILURE),
	{ }
};

static const struct mbond_word words_fail_over_mac[] = {
	WORD("none", MLAGBOND_FOM_NONE),
	WORD("active", MLAGBOND_FOM_ACTIVE),
	WORD("follow", MLAGBOND_FOM_FOLLOW),
	{ }
};

static const struct mbond_word words_hash[] = {
	WORD("layer2", MLAGBOND_HASH_LAYER2),
	WORD("layer3+4", MLAGBOND_HASH_LAYER34),
	WORD("layer2+3", MLAGBOND_HASH_LAYER23),
	WORD("encap2+3", MLAGBOND_HASH_ENCAP23),
	WORD("encap3+4", MLAGBOND_HASH_ENCAP34),
	WORD("vlan+srcmac", MLAGBOND_HASH_VLAN_SRCMAC),
	{ }
};

static const struct mbond_word words_rate[] = {
	WORD("slow", 0),
	WORD("fast", 1),
	{ }
};

static const struct mbond_word words_switch[] = {
	WORD("off", 0),
	WORD("on", 1),
	{ }
};

static const struct mbond_word words_ad_select[] = {
	WORD("stable", MLAGBOND_AD_STABLE),
	WORD("bandwidth", MLAGBOND_AD_BANDWIDTH),
	WORD("count", MLAGBOND_AD_COUNT),
	WORD("actor_port_prio", MLAGBOND_AD_PORT_PRIO),
	{ }
};

static const struct mbond_word words_mlag_id[] = {
	WORD("none", 0),
	{ }
};

static const struct mbond_word words_rebalance[] = {
	WORD("off", 0),
	{ }
};

static const struct mbond_word words_system_mac[] = {
	WORD("first", MLAGBOND_SYSTEM_MAC_FIRST),
	WORD("lowest", MLAGBOND_SYSTEM_MAC_LOWEST),
	{ }
};

#define FIELD(type, field) \
	.offset = offsetof(struct type, field), \
	.size = sizeof(((struct type *)NULL)->field)
#define BOND(field)	FIELD(mbond_params, field)
#define PORT(field)	FIELD(mbond_port_params, field)

const struct mbond_opt mbond_opt_table[MBOND_OPT_COUNT] = {
	[MBOND_OPT_MODE] = {
		.name = "mode", .attr = IFLA_MLAGBOND_MODE,
		.kind = MBOND_KIND_U8, BOND(mode),
		.flags = MBOND_OPT_NOPORTS | MBOND_OPT_IFDOWN,
		.words = words_mode, .def = MLAGBOND_MODE_BALANCE_RR,
	},
	[MBOND_OPT_ACTIVE_SLAVE] = {
		.name = "active_slave", .attr = IFLA_MLAGBOND_ACTIVE_SLAVE,
		.kind = MBOND_KIND_DEV, .flags = MBOND_OPT_ACTION,
		.badmodes = NOT_PRIMARY, .max = INT_MAX,
	},
	[MBOND_OPT_MIIMON] = {
		.name = "miimon", .attr = IFLA_MLAGBOND_MIIMON,
		.kind = MBOND_KIND_U32, BOND(miimon),
		.max = INT_MAX, .def = 100,
	},
	[MBOND_OPT_UPDELAY] = {
		.name = "updelay", .attr = IFLA_MLAGBOND_UPDELAY,
		.kind = MBOND_KIND_U32, BOND(updelay),
		.max = INT_MAX,
	},
	[MBOND_OPT_DOWNDELAY] = {
		.name = "downdelay", .attr = IFLA_MLAGBOND_DOWNDELAY,
		.kind = MBOND_KIND_U32, BOND(downdelay),
		.max = INT_MAX,
	},
	[MBOND_OPT_PEER_NOTIF_DELAY] = {
		.name = "peer_notify_delay", .alias = "peer_notif_delay",
		.attr = IFLA_MLAGBOND_PEER_NOTIF_DELAY,
		.kind = MBOND_KIND_U32, BOND(peer_notif_delay),
		.max = 300000,
	},
	[MBOND_OPT_USE_CARRIER] = {
		.name = "use_carrier", .attr = IFLA_MLAGBOND_USE_CARRIER,
		.kind = MBOND_KIND_U8, BOND(use_carrier),
		.min = 1, .max = 1, .def = 1,
	},
	[MBOND_OPT_ARP_INTERVAL] = {
		.name = "arp_interval", .attr = IFLA_MLAGBOND_ARP_INTERVAL,
		.kind = MBOND_KIND_U32, BOND(arp_interval),
		.max = INT_MAX,
	},
	[MBOND_OPT_ARP_MISSED_MAX] = {
		.name = "arp_missed_max", .attr = IFLA_MLAGBOND_MISSED_MAX,
		.kind = MBOND_KIND_U8, BOND(arp_missed_max),
		.min = 1, .max = U8_MAX, .def = 2,
	},
	[MBOND_OPT_ARP_IP_TARGET] = {
		.name = "arp_ip_target", .attr = IFLA_MLAGBOND_ARP_IP_TARGET,
		.kind = MBOND_KIND_IP4S, BOND(arp_ip_target),
	},
	[MBOND_OPT_NS_IP6_TARGET] = {
		.name = "ns_ip6_target", .attr = IFLA_MLAGBOND_NS_IP6_TARGET,
		.kind = MBOND_KIND_IP6S, BOND(ns_ip6_target),
	},
	[MBOND_OPT_ARP_VALIDATE] = {
		.name = "arp_validate", .attr = IFLA_MLAGBOND_ARP_VALIDATE,
		.kind = MBOND_KIND_U32, BOND(arp_validate),
		.words = words_validate, .def = MLAGBOND_VALIDATE_NONE,
	},
	[MBOND_OPT_ARP_ALL_TARGETS] = {
		.name = "arp_all_targets",
		.attr = IFLA_MLAGBOND_ARP_ALL_TARGETS,
		.kind = MBOND_KIND_U32, BOND(arp_all_targets),
		.words = words_all_targets, .def = MLAGBOND_TARGETS_ANY,
	},
	[MBOND_OPT_PRIMARY] = {
		.name = "primary", .attr = IFLA_MLAGBOND_PRIMARY,
		.kind = MBOND_KIND_DEV, BOND(primary),
		.badmodes = NOT_PRIMARY, .max = INT_MAX,
	},
	[MBOND_OPT_PRIMARY_RESELECT] = {
		.name = "primary_reselect",
		.attr = IFLA_MLAGBOND_PRIMARY_RESELECT,
		.kind = MBOND_KIND_U8, BOND(primary_reselect),
		.words = words_reselect, .def = MLAGBOND_RESELECT_ALWAYS,
	},
	[MBOND_OPT_FAIL_OVER_MAC] = {
		.name = "fail_over_mac", .attr = IFLA_MLAGBOND_FAIL_OVER_MAC,
		.kind = MBOND_KIND_U8, BOND(fail_over_mac),
		.flags = MBOND_OPT_NOPORTS,
		.words = words_fail_over_mac, .def = MLAGBOND_FOM_NONE,
	},
	[MBOND_OPT_XMIT_HASH_POLICY] = {
		.name = "xmit_hash_policy",
		.attr = IFLA_MLAGBOND_XMIT_HASH_POLICY,
		.kind = MBOND_KIND_U8, BOND(xmit_hash_policy),
		.words = words_hash, .def = MLAGBOND_HASH_LAYER2,
	},
	[MBOND_OPT_RESEND_IGMP] = {
		.name = "resend_igmp", .attr = IFLA_MLAGBOND_RESEND_IGMP,
		.kind = MBOND_KIND_U32, BOND(resend_igmp),
		.max = U8_MAX, .def = 1,
	},
	[MBOND_OPT_NUM_PEER_NOTIF] = {
		.name = "num_grat_arp", .alias = "num_unsol_na",
		.json = "num_peer_notif",
		.attr = IFLA_MLAGBOND_NUM_PEER_NOTIF,
		.kind = MBOND_KIND_U8, BOND(num_peer_notif),
		.max = U8_MAX, .def = 1,
	},
	[MBOND_OPT_ALL_SLAVES_ACTIVE] = {
		.name = "all_slaves_active",
		.attr = IFLA_MLAGBOND_ALL_SLAVES_ACTIVE,
		.kind = MBOND_KIND_U8, BOND(all_slaves_active),
		.max = 1,
	},
	[MBOND_OPT_MIN_LINKS] = {
		.name = "min_links", .attr = IFLA_MLAGBOND_MIN_LINKS,
		.kind = MBOND_KIND_U32, BOND(min_links),
		.max = INT_MAX,
	},
	[MBOND_OPT_LP_INTERVAL] = {
		.name = "lp_interval", .attr = IFLA_MLAGBOND_LP_INTERVAL,
		.kind = MBOND_KIND_U32, BOND(lp_interval),
		.min = 1, .max = INT_MAX, .def = 1,
	},
	[MBOND_OPT_PACKETS_PER_SLAVE] = {
		.name = "packets_per_slave",
		.attr = IFLA_MLAGBOND_PACKETS_PER_SLAVE,
		.kind = MBOND_KIND_U32, BOND(packets_per_slave),
		.badmodes = NOT_RR, .max = U16_MAX, .def = 1,
	},
	[MBOND_OPT_LACP_ACTIVE] = {
		.name = "lacp_active", .json = "ad_lacp_active",
		.attr = IFLA_MLAGBOND_AD_LACP_ACTIVE,
		.kind = MBOND_KIND_U8, BOND(lacp_active),
		.flags = MBOND_OPT_LIVE, .badmodes = NOT_8023AD,
		.words = words_switch, .def = 1,
	},
	[MBOND_OPT_LACP_RATE] = {
		.name = "lacp_rate", .json = "ad_lacp_rate",
		.attr = IFLA_MLAGBOND_AD_LACP_RATE,
		.kind = MBOND_KIND_U8, BOND(lacp_rate),
		.flags = MBOND_OPT_LIVE, .badmodes = NOT_8023AD,
		.words = words_rate,
	},
	[MBOND_OPT_COUPLED_CONTROL] = {
		.name = "coupled_control",
		.attr = IFLA_MLAGBOND_COUPLED_CONTROL,
		.kind = MBOND_KIND_U8, BOND(coupled_control),
		.flags = MBOND_OPT_LIVE, .badmodes = NOT_8023AD,
		.words = words_switch,
	},
	[MBOND_OPT_BROADCAST_NEIGHBOR] = {
		.name = "broadcast_neighbor",
		.attr = IFLA_MLAGBOND_BROADCAST_NEIGH,
		.kind = MBOND_KIND_U8, BOND(broadcast_neighbor),
		.badmodes = NOT_8023AD,
		.words = words_switch,
	},
	[MBOND_OPT_LACP_STRICT] = {
		.name = "lacp_strict", .attr = IFLA_MLAGBOND_LACP_STRICT,
		.kind = MBOND_KIND_U8, BOND(lacp_strict),
		.badmodes = NOT_8023AD,
		.words = words_switch, .def = 1,
	},
	[MBOND_OPT_AD_SELECT] = {
		.name = "ad_select", .attr = IFLA_MLAGBOND_AD_SELECT,
		.kind = MBOND_KIND_U8, BOND(ad_select),
		.flags = MBOND_OPT_LIVE,
		.words = words_ad_select, .def = MLAGBOND_AD_STABLE,
	},
	[MBOND_OPT_AD_ACTOR_SYS_PRIO] = {
		.name = "ad_actor_sys_prio",
		.attr = IFLA_MLAGBOND_AD_ACTOR_SYS_PRIO,
		.kind = MBOND_KIND_U16, BOND(ad_actor_sys_prio),
		.flags = MBOND_OPT_ADMIN, .badmodes = NOT_8023AD,
		.min = 1, .max = U16_MAX, .def = U16_MAX,
	},
	[MBOND_OPT_AD_USER_PORT_KEY] = {
		.name = "ad_user_port_key",
		.attr = IFLA_MLAGBOND_AD_USER_PORT_KEY,
		.kind = MBOND_KIND_U16, BOND(ad_user_port_key),
		.flags = MBOND_OPT_IFDOWN | MBOND_OPT_ADMIN,
		.badmodes = NOT_8023AD,
		.max = 1023,
	},
	[MBOND_OPT_AD_ACTOR_SYSTEM] = {
		.name = "ad_actor_system",
		.attr = IFLA_MLAGBOND_AD_ACTOR_SYSTEM,
		.kind = MBOND_KIND_MAC, BOND(ad_actor_system),
		.flags = MBOND_OPT_ADMIN, .badmodes = NOT_8023AD,
	},
	[MBOND_OPT_TLB_DYNAMIC_LB] = {
		.name = "tlb_dynamic_lb",
		.attr = IFLA_MLAGBOND_TLB_DYNAMIC_LB,
		.kind = MBOND_KIND_U8, BOND(tlb_dynamic_lb),
		.flags = MBOND_OPT_IFDOWN, .badmodes = NOT_TLB,
		.max = 1, .def = 1,
	},
	[MBOND_OPT_MLAG_ID] = {
		.name = "mlag_id", .attr = IFLA_MLAGBOND_EXT_MLAG_ID,
		.kind = MBOND_KIND_U32, BOND(mlag_id),
		.flags = MBOND_OPT_EXT,
		.words = words_mlag_id, .min = 1, .max = U32_MAX,
	},
	[MBOND_OPT_CARRIER_EVENTS] = {
		.name = "carrier_events",
		.attr = IFLA_MLAGBOND_EXT_CARRIER_EVENTS,
		.kind = MBOND_KIND_U8, BOND(carrier_events),
		.flags = MBOND_OPT_EXT, .words = words_switch, .def = 1,
	},
	[MBOND_OPT_HASH_BUCKETS] = {
		.name = "hash_buckets",
		.attr = IFLA_MLAGBOND_EXT_HASH_BUCKETS,
		.kind = MBOND_KIND_U32, BOND(hash_buckets),
		.flags = MBOND_OPT_EXT | MBOND_OPT_POW2,
		.min = 64, .max = 4096, .def = 256,
	},
	[MBOND_OPT_REBALANCE_INTERVAL] = {
		.name = "rebalance_interval",
		.attr = IFLA_MLAGBOND_EXT_REBALANCE_INTERVAL,
		.kind = MBOND_KIND_U32, BOND(rebalance_interval),
		.flags = MBOND_OPT_EXT, .badmodes = NOT_HASHED,
		.words = words_rebalance, .min = 100, .max = 3600000,
	},
	[MBOND_OPT_SYSTEM_MAC] = {
		.name = "system_mac",
		.attr = IFLA_MLAGBOND_EXT_SYSTEM_MAC,
		.kind = MBOND_KIND_U8, BOND(system_mac),
		.flags = MBOND_OPT_EXT,
		.words = words_system_mac, .def = MLAGBOND_SYSTEM_MAC_FIRST,
	},
	[MBOND_OPT_LACP_FALLBACK] = {
		.name = "lacp_fallback",
		.attr = IFLA_MLAGBOND_EXT_LACP_FALLBACK,
		.kind = MBOND_KIND_U8, BOND(lacp_fallback),
		.flags = MBOND_OPT_EXT, .badmodes = NOT_8023AD,
		.words = words_switch,
	},
	[MBOND_OPT_LACP_FALLBACK_DELAY] = {
		.name = "lacp_fallback_delay",
		.attr = IFLA_MLAGBOND_EXT_LACP_FALLBACK_DELAY,
		.kind = MBOND_KIND_U32, BOND(lacp_fallback_delay),
		.flags = MBOND_OPT_EXT, .badmodes = NOT_8023AD,
		.max = 900000, .def = 5000,
	},
	[MBOND_OPT_MARKER_FLUSH] = {
		.name = "marker_flush",
		.attr = IFLA_MLAGBOND_EXT_MARKER_FLUSH,
		.kind = MBOND_KIND_U8, BOND(marker_flush),
		.flags = MBOND_OPT_EXT, .badmodes = NOT_8023AD,
		.words = words_switch,
	},
	[MBOND_OPT_QUEUE_ID] = {
		.name = "queue_id", .attr = IFLA_MLAGBOND_PORT_QUEUE_ID,
		.kind = MBOND_KIND_U16, PORT(queue_id), .max = U16_MAX,
	},
	[MBOND_OPT_PRIO] = {
		.name = "prio", .attr = IFLA_MLAGBOND_PORT_PRIO,
		.kind = MBOND_KIND_S32, PORT(prio),
		.badmodes = NOT_PRIMARY, .min = INT_MIN, .max = INT_MAX,
	},
	[MBOND_OPT_ACTOR_PORT_PRIO] = {
		.name = "actor_port_prio",
		.attr = IFLA_MLAGBOND_PORT_ACTOR_PORT_PRIO,
		.kind = MBOND_KIND_U16, PORT(actor_port_prio),
		.badmodes = NOT_8023AD,
		.min = 1, .max = U16_MAX, .def = 255,
	},
};

/* Attributes of kind "bond" that are known and refused. */
static const struct {
	u16 attr;
	const char *name;
} foreign_attrs[] = {
	{ 23, "ad_info" },
};

/**
 * mbond_attr_foreign() - name of a bonding attribute this build refuses
 * @attr: IFLA_BOND_* number
 *
 * Return: the option's name, NULL if the number means nothing.
 */
const char *mbond_attr_foreign(u16 attr)
{
	unsigned int i;

	for (i = 0; i < sizeof(foreign_attrs) / sizeof(foreign_attrs[0]); i++)
		if (foreign_attrs[i].attr == attr)
			return foreign_attrs[i].name;
	return NULL;
}

/**
 * mbond_opt_by_attr() - option of a bond by netlink number
 * @attr: number
 * @ext: the number is one of IFLA_MLAGBOND_EXT_*
 *
 * Return: the row, or NULL.
 */
const struct mbond_opt *mbond_opt_by_attr(u16 attr, bool ext)
{
	const struct mbond_opt *opt = mbond_opt_table;

	for (; opt < &mbond_opt_table[MBOND_OPT_BOND_COUNT]; opt++)
		if (opt->attr == attr && !!(opt->flags & MBOND_OPT_EXT) == ext)
			return opt;
	return NULL;
}

/**
 * mbond_port_opt_by_attr() - option of a port by netlink number
 * @attr: IFLA_MLAGBOND_PORT_*
 *
 * Return: the row, or NULL: nothing that could be written.
 */
const struct mbond_opt *mbond_port_opt_by_attr(u16 attr)
{
	const struct mbond_opt *opt = &mbond_opt_table[MBOND_OPT_BOND_COUNT];

	for (; opt < &mbond_opt_table[MBOND_OPT_COUNT]; opt++)
		if (opt->attr == attr)
			return opt;
	return NULL;
}

/**
 * mbond_opt_by_name() - option by its word
 * @name: name or alias, in full
 *
 * Return: the row, or NULL.
 */
const struct mbond_opt *mbond_opt_by_name(const char *name)
{
	const struct mbond_opt *opt = mbond_opt_table;

	for (; opt < &mbond_opt_table[MBOND_OPT_COUNT]; opt++)
		if (!strcmp(opt->name, name) ||
		    (opt->alias && !strcmp(opt->alias, name)))
			return opt;
	return NULL;
}

/**
 * mbond_opt_get() - number stored for an option
 * @opt: a row of kind U8, U16, U32 or S32 that is no action
 * @params: struct mbond_params or mbond_port_params
 *
 * Return: the value, 0 for any other kind.
 */
s64 mbond_opt_get(const struct mbond_opt *opt, const void *params)
{
	const void *field = (const char *)params + opt->offset;

	switch (opt->kind) {
	case MBOND_KIND_U8:
		return *(const u8 *)field;
	case MBOND_KIND_U16:
		return *(const u16 *)field;
	case MBOND_KIND_U32:
		return *(const u32 *)field;
	case MBOND_KIND_S32:
		return *(const s32 *)field;
	default:
		return 0;
	}
}

/**
 * mbond_opt_put() - store a number
 * @opt: a row of kind U8, U16, U32 or S32 that is no action
 * @params: struct mbond_params or mbond_port_params
 * @value: within the range of @opt
 */
void mbond_opt_put(const struct mbond_opt *opt, void *params, s64 value)
{
	void *field = (char *)params + opt->offset;

	switch (opt->kind) {
	case MBOND_KIND_U8:
		*(u8 *)field = value;
		break;
	case MBOND_KIND_U16:
		*(u16 *)field = value;
		break;
	case MBOND_KIND_U32:
		*(u32 *)field = value;
		break;
	case MBOND_KIND_S32:
		*(s32 *)field = value;
		break;
	}
}

/**
 * mbond_opt_addr() - address of a list
 * @opt: row that is a list
 * @params: options
 * @index: which
 *
 * Return: its bytes, NULL behind the last one.
 */
const u8 *mbond_opt_addr(const struct mbond_opt *opt,
			 const struct mbond_params *params, unsigned int index)
{
	static const u8 none[MBOND_IP6_LEN];
	unsigned int len = mbond_opt_addr_len(opt);
	const u8 *addr;

	if (index >= MLAGBOND_TARGETS)
		return NULL;
	addr = (const u8 *)params + opt->offset + index * len;
	return memcmp(addr, none, len) ? addr : NULL;
}

/**
 * mbond_opt_word() - word for a value
 * @opt: row
 * @value: number
 *
 * Return: the entry, NULL if the value has no word.
 */
const struct mbond_word *mbond_opt_word(const struct mbond_opt *opt, s64 value)
{
	const struct mbond_word *word;

	if (!opt->words)
		return NULL;
	for (word = opt->words; word->word; word++)
		if (word->value == value)
			return word;
	return NULL;
}

/**
 * mbond_opt_in_range() - may the option have this value at all
 * @opt: row of a numeric kind
 * @value: number
 *
 * Return: true if so. With words and no maximum only the words count.
 */
bool mbond_opt_in_range(const struct mbond_opt *opt, s64 value)
{
	if (mbond_opt_word(opt, value))
		return true;
	if (opt->words && !opt->max)
		return false;
	if (value < opt->min || value > opt->max)
		return false;
	return !(opt->flags & MBOND_OPT_POW2) || !(value & (value - 1));
}

/* A number above all that any option takes stays above */
static int parse_number(const char *text, s64 *value)
{
	bool minus = *text == '-';
	s64 sum = 0;

	text += minus;
	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		if (sum <= U32_MAX)
			sum = sum * 10 + (*text - '0');
	}
	*value = minus ? -sum : sum;
	return 0;
}

/**
 * mbond_opt_parse() - text to number
 * @opt: row of a numeric kind
 * @text: a word of the option, or a decimal number
 * @value: result, also when it is out of range
 *
 * Return: 0, -EINVAL if it is neither word nor number, -ERANGE if it is a
 * number outside the option's range.
 */
int mbond_opt_parse(const struct mbond_opt *opt, const char *text, s64 *value)
{
	const struct mbond_word *word;
	int err;

	for (word = opt->words; word && word->word; word++)
		if (!strcmp(word->word, text)) {
			*value = word->value;
			return 0;
		}
	err = parse_number(text, value);
	if (err)
		return err;
	return mbond_opt_in_range(opt, *value) ? 0 : -ERANGE;
}

static void set_defaults(const struct mbond_opt *opt,
			 const struct mbond_opt *end, void *params)
{
	for (; opt < end; opt++)
		if (!(opt->flags & MBOND_OPT_ACTION))
			mbond_opt_put(opt, params, opt->def);
}

/**
 * mbond_params_default() - options of a bond that was told nothing
 * @params: result
 */
void mbond_params_default(struct mbond_params *params)
{
	memset(params, 0, sizeof(*params));
	set_defaults(mbond_opt_table, &mbond_opt_table[MBOND_OPT_BOND_COUNT],
		     params);
}

/* Defaults of bonding that are not ours */
static const struct {
	enum mbond_opt_id id;
	u32 value;
} bonding_defaults[] = {
	{ MBOND_OPT_MODE, MLAGBOND_MODE_BALANCE_RR },
	{ MBOND_OPT_MIIMON, 0 },
	{ MBOND_OPT_COUPLED_CONTROL, 1 },
	{ MBOND_OPT_LACP_STRICT, 0 },
	{ MBOND_OPT_CARRIER_EVENTS, 0 },
};

/**
 * mbond_params_bonding() - options of a bonding bond that was told nothing
 * @params: result; what this build does not provide stays as it is with us
 */
void mbond_params_bonding(struct mbond_params *params)
{
	const struct mbond_opt *opt;
	unsigned int i;

	mbond_params_default(params);
	for (i = 0; i < sizeof(bonding_defaults) / sizeof(bonding_defaults[0]);
	     i++) {
		opt = &mbond_opt_table[bonding_defaults[i].id];
		if (mbond_opt_in_range(opt, bonding_defaults[i].value))
			mbond_opt_put(opt, params, bonding_defaults[i].value);
	}
}

/**
 * mbond_port_params_default() - options of a port that was told nothing
 * @params: result
 */
void mbond_port_params_default(struct mbond_port_params *params)
{
	memset(params, 0, sizeof(*params));
	set_defaults(&mbond_opt_table[MBOND_OPT_BOND_COUNT],
		     &mbond_opt_table[MBOND_OPT_COUNT], params);
}

/**
 * mbond_params_diff() - options in which two bonds differ
 * @a: one
 * @b: other
 *
 * Return: set of options, bit n for enum mbond_opt_id n.
 */
u64 mbond_params_diff(const struct mbond_params *a,
		      const struct mbond_params *b)
{
	const struct mbond_opt *opt = mbond_opt_table;
	u64 diff = 0;

	for (; opt < &mbond_opt_table[MBOND_OPT_BOND_COUNT]; opt++)
		if (memcmp((const char *)a + opt->offset,
			   (const char *)b + opt->offset, opt->size))
			diff |= mbond_opt_bit(opt);
	return diff;
}
