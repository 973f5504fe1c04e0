// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink family "mlag_iccp", as described in
 * Documentation/netlink/specs/mlag_iccp.yaml. In: requests. Out: domains added,
 * changed and removed; dumps; events to the multicast group.
 */
#include "netlink.h"

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/sizes.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>
#include <uapi/linux/mlag_iccp.h>

#include "bridge.h"
#include "config.h"
#include "domain.h"
#include "event.h"
#include "fill.h"
#include "leg.h"

static const struct genl_multicast_group mlag_groups[] = {
	{ .name = MLAG_ICCP_MCGRP_EVENTS },
};

/* Its operations are at the end of the file, and set when it is registered. */
static struct genl_family mlag_family __ro_after_init = {
	.name = MLAG_ICCP_FAMILY_NAME,
	.version = MLAG_ICCP_FAMILY_VERSION,
	.netnsok = true,
	.module = THIS_MODULE,
	.mcgrps = mlag_groups,
	.n_mcgrps = ARRAY_SIZE(mlag_groups),
};

enum { DOMAIN_SIZE = SZ_16K };	/* room for all that is told of one domain */

/* The domain a request names. */
static struct mlag_domain *find_domain(struct net *net,
				       const struct nlattr *index,
				       const struct nlattr *name,
				       struct netlink_ext_ack *extack)
{
	struct mlag_domain *dom;
	struct net_device *br;

	if (!index && !name) {
		NL_SET_ERR_MSG(extack, "the request names no bridge");
		return ERR_PTR(-EINVAL);
	}
	br = mlag_config_device(net, index, name, "bridge", extack);
	if (IS_ERR(br))
		return ERR_CAST(br);

	dom = mlag_domain_by_bridge(br);
	if (dom)
		return dom;

	NL_SET_BAD_ATTR(extack, index ? index : name);
	NL_SET_ERR_MSG_FMT(extack, "%s has no domain", br->name);
	return ERR_PTR(-ENOENT);
}

static struct mlag_domain *request_domain(struct genl_info *info)
{
	return find_domain(genl_info_net(info),
			   info->attrs[MLAG_ICCP_A_DOMAIN_BRIDGE_IFINDEX],
			   info->attrs[MLAG_ICCP_A_DOMAIN_BRIDGE_NAME],
			   info->extack);
}

static int domain_new(struct sk_buff *skb, struct genl_info *info)
{
	struct mlag_config cfg;
	int err;

	rtnl_lock();
	err = mlag_config_new(info, &cfg);
	if (!err)
		err = mlag_domain_add(&cfg, info->extack);
	rtnl_unlock();
	mlag_config_forget(info);

	return err;
}

static int domain_set(struct sk_buff *skb, struct genl_info *info)
{
	struct mlag_domain *dom;
	struct mlag_config cfg;
	int err;

	rtnl_lock();
	dom = request_domain(info);
	err = PTR_ERR_OR_ZERO(dom);
	if (!err)
		err = mlag_config_change(info, dom, &cfg);
	if (!err)
		err = mlag_domain_set(dom, &cfg, info->extack);
	rtnl_unlock();
	mlag_config_forget(info);

	return err;
}

static int domain_del(struct sk_buff *skb, struct genl_info *info)
{
	struct mlag_domain *dom;
	int err;

	rtnl_lock();
	dom = request_domain(info);
	err = PTR_ERR_OR_ZERO(dom);
	if (!err) {
		err = mlag_domain_leave_begin(dom);
		if (err)
			NL_SET_ERR_MSG_FMT(info->extack,
					   "the domain of %s is being removed",
					   dom->bridge->name);
	}
	rtnl_unlock();
	if (!err)
		mlag_domain_leave_end(dom);

	return err;
}

static int domain_get(struct sk_buff *skb, struct genl_info *info)
{
	struct mlag_domain *dom;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = genlmsg_new(DOMAIN_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	hdr = genlmsg_put_reply(msg, info, &mlag_family, 0,
				MLAG_ICCP_CMD_DOMAIN_GET);
	rtnl_lock();
	dom = request_domain(info);
	err = PTR_ERR_OR_ZERO(dom);
	if (!err)
		err = mlag_fill_domain(msg, dom);
	rtnl_unlock();
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);

	return genlmsg_reply(msg, info);
}

/* Where a dump goes on. */
struct dump {
	u32 domain;		/* position in the list */
	u32 item;		/* of the domain: position, index or number */
};

static struct dump *dump_of(struct netlink_callback *cb)
{
	return (struct dump *)cb->ctx;
}

/*
 * Calls @fill for each domain, or for the one the request names. @fill is
 * called again for the domain where it ran out of room.
 */
static int dump_domains(struct sk_buff *skb, struct netlink_callback *cb,
			int (*fill)(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    struct mlag_domain *dom))
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	const struct nlattr *index, *name;
	struct net *net = sock_net(skb->sk);
	struct dump *at = dump_of(cb);
	struct mlag_domain *dom, *only = NULL;
	u32 n = 0;
	int err = 0;

	/* all sets have the same two keys in front */
	index = attrs[MLAG_ICCP_A_DOMAIN_BRIDGE_IFINDEX];
	name = attrs[MLAG_ICCP_A_DOMAIN_BRIDGE_NAME];

	rtnl_lock();
	if (index || name)
		only = find_domain(net, index, name, cb->extack);
	if (IS_ERR(only)) {
		rtnl_unlock();
		return PTR_ERR(only);
	}
	for (dom = NULL; (dom = mlag_domain_next(net, dom)); n++) {
		if (n < at->domain || (only && dom != only))
			continue;
		err = fill(skb, cb, dom);
		if (err)
			break;
		at->item = 0;
	}
	at->domain = n;
	rtnl_unlock();

	return skb->len ? skb->len : err;
}

static void *dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &mlag_family, NLM_F_MULTI, cmd);
}

static int dump_end(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);

	return err;
}

static int dump_domain(struct sk_buff *skb, struct netlink_callback *cb,
		       struct mlag_domain *dom)
{
	void *hdr = dump_put(skb, cb, MLAG_ICCP_CMD_DOMAIN_GET);

	if (!hdr)
		return -EMSGSIZE;

	return dump_end(skb, hdr, mlag_fill_domain(skb, dom));
}

static int domain_dump_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = DOMAIN_SIZE;

	return 0;
}

static int domain_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_domains(skb, cb, dump_domain);
}

static int dump_leg(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct mlag_leg *leg)
{
	void *hdr = dump_put(skb, cb, MLAG_ICCP_CMD_LEG_GET);

	if (!hdr)
		return -EMSGSIZE;

	return dump_end(skb, hdr, mlag_fill_leg(skb, leg));
}

static int dump_legs(struct sk_buff *skb, struct netlink_callback *cb,
		     struct mlag_domain *dom)
{
	struct dump *at = dump_of(cb);
	struct mlag_leg *leg;
	u32 n = 0;
	int err;

	list_for_each_entry(leg, &dom->legs, list) {
		if (n++ < at->item)
			continue;
		err = dump_leg(skb, cb, leg);
		if (err)
			return err;
		at->item = n;
	}

	return 0;
}

static int leg_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_domains(skb, cb, dump_legs);
}

static int dump_address(struct sk_buff *skb, struct netlink_callback *cb,
			const struct mlag_domain *dom,
			const struct iccp_fdb_status *st,
			struct sk_buff *scratch)
{
	void *hdr = dump_put(skb, cb, MLAG_ICCP_CMD_FDB_GET);

	if (!hdr)
		return -EMSGSIZE;

	return dump_end(skb, hdr, mlag_fill_fdb(skb, dom, st, scratch));
}

static bool next_address(struct mlag_domain *dom, u32 *cursor,
			 struct iccp_fdb_status *st)
{
	bool ret;

	spin_lock_bh(&dom->lock);
	ret = iccp_node_fdb_status(dom->node, cursor, st);
	spin_unlock_bh(&dom->lock);

	return ret;
}

static int dump_addresses(struct sk_buff *skb, struct netlink_callback *cb,
			  struct mlag_domain *dom)
{
	struct dump *at = dump_of(cb);
	struct iccp_fdb_status st;
	struct sk_buff *scratch;
	u32 cursor = at->item;
	int err = 0;

	scratch = mlag_bridge_fdb_scratch();
	if (!scratch)
		return -ENOMEM;
	while (!err && next_address(dom, &cursor, &st)) {
		err = dump_address(skb, cb, dom, &st, scratch);
		if (!err)
			at->item = cursor;
	}
	kfree_skb(scratch);

	return err;
}

static int fdb_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_domains(skb, cb, dump_addresses);
}

static int dump_event(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct mlag_domain *dom,
		      const struct mlag_event *ev)
{
	void *hdr = dump_put(skb, cb, MLAG_ICCP_CMD_EVENT_GET);

	if (!hdr)
		return -EMSGSIZE;

	return dump_end(skb, hdr, mlag_fill_event(skb, dom, ev));
}

static bool next_event(struct mlag_domain *dom, u32 seq, struct mlag_event *ev)
{
	bool ret;

	spin_lock_bh(&dom->lock);
	ret = mlag_event_after(&dom->events, seq, ev);
	spin_unlock_bh(&dom->lock);

	return ret;
}

static int dump_events(struct sk_buff *skb, struct netlink_callback *cb,
		       struct mlag_domain *dom)
{
	struct dump *at = dump_of(cb);
	struct mlag_event ev;
	int err;

	while (next_event(dom, at->item, &ev)) {
		err = dump_event(skb, cb, dom, &ev);
		if (err)
			return err;
		at->item = ev.seq;
	}

	return 0;
}

static int event_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_domains(skb, cb, dump_events);
}

static int dump_finding(struct sk_buff *skb, struct netlink_callback *cb,
			const struct mlag_domain *dom,
			const struct iccp_finding *finding)
{
	void *hdr = dump_put(skb, cb, MLAG_ICCP_CMD_FINDING_GET);

	if (!hdr)
		return -EMSGSIZE;

	return dump_end(skb, hdr, mlag_fill_finding(skb, dom, finding));
}

static bool next_finding(struct mlag_domain *dom, u32 *cursor,
			 struct iccp_finding *finding)
{
	bool ret;

	spin_lock_bh(&dom->lock);
	ret = iccp_node_finding(dom->node, cursor, finding);
	spin_unlock_bh(&dom->lock);

	return ret;
}

static int dump_findings(struct sk_buff *skb, struct netlink_callback *cb,
			 struct mlag_domain *dom)
{
	struct dump *at = dump_of(cb);
	struct iccp_finding finding;
	u32 cursor = at->item;
	int err;

	while (next_finding(dom, &cursor, &finding)) {
		err = dump_finding(skb, cb, dom, &finding);
		if (err)
			return err;
		at->item = cursor;
	}

	return 0;
}

static int finding_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_domains(skb, cb, dump_findings);
}

/* The keys of every set; a dump takes no other attribute. */
static const struct nla_policy
key_policy[MLAG_ICCP_A_DOMAIN_BRIDGE_NAME + 1] = {
	[MLAG_ICCP_A_DOMAIN_BRIDGE_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[MLAG_ICCP_A_DOMAIN_BRIDGE_NAME] = {
		.type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
};

static_assert((int)MLAG_ICCP_A_LEG_BRIDGE_NAME ==
	      (int)MLAG_ICCP_A_DOMAIN_BRIDGE_NAME);
static_assert((int)MLAG_ICCP_A_FDB_BRIDGE_NAME ==
	      (int)MLAG_ICCP_A_DOMAIN_BRIDGE_NAME);
static_assert((int)MLAG_ICCP_A_EVENT_BRIDGE_NAME ==
	      (int)MLAG_ICCP_A_DOMAIN_BRIDGE_NAME);
static_assert((int)MLAG_ICCP_A_FINDING_BRIDGE_NAME ==
	      (int)MLAG_ICCP_A_DOMAIN_BRIDGE_NAME);

static const struct genl_ops mlag_ops[] = {
	{
		.cmd = MLAG_ICCP_CMD_DOMAIN_NEW,
		.doit = domain_new,
		.policy = mlag_domain_policy,
		.maxattr = MLAG_ICCP_A_DOMAIN_CONSISTENCY_ACTION,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MLAG_ICCP_CMD_DOMAIN_SET,
		.doit = domain_set,
		.policy = mlag_domain_policy,
		.maxattr = MLAG_ICCP_A_DOMAIN_CONSISTENCY_ACTION,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MLAG_ICCP_CMD_DOMAIN_DEL,
		.doit = domain_del,
		.policy = key_policy,
		.maxattr = ARRAY_SIZE(key_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = MLAG_ICCP_CMD_DOMAIN_GET,
		.doit = domain_get,
		.start = domain_dump_start,
		.dumpit = domain_dump,
		.policy = key_policy,
		.maxattr = ARRAY_SIZE(key_policy) - 1,
	}, {
		.cmd = MLAG_ICCP_CMD_LEG_GET,
		.dumpit = leg_dump,
		.policy = key_policy,
		.maxattr = ARRAY_SIZE(key_policy) - 1,
	}, {
		.cmd = MLAG_ICCP_CMD_FDB_GET,
		.dumpit = fdb_dump,
		.policy = key_policy,
		.maxattr = ARRAY_SIZE(key_policy) - 1,
	}, {
		.cmd = MLAG_ICCP_CMD_EVENT_GET,
		.dumpit = event_dump,
		.policy = key_policy,
		.maxattr = ARRAY_SIZE(key_policy) - 1,
	}, {
		.cmd = MLAG_ICCP_CMD_FINDING_GET,
		.dumpit = finding_dump,
		.policy = key_policy,
		.maxattr = ARRAY_SIZE(key_policy) - 1,
	},
};

static struct sk_buff *event_message(const struct mlag_domain *dom,
				     const struct mlag_event *ev)
{
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!skb)
		return NULL;

	hdr = genlmsg_put(skb, 0, 0, &mlag_family, 0, MLAG_ICCP_CMD_EVENT_NTF);
	if (mlag_fill_event(skb, dom, ev)) {
		nlmsg_free(skb);
		return NULL;
	}
	genlmsg_end(skb, hdr);

	return skb;
}

/**
 * mlag_netlink_event - send an event to the multicast group
 * @dom: domain
 * @ev: event
 *
 * Listeners get ENOBUFS if there is no memory.
 *
 * Context: up to softirq, RCU or RTNL held, dom->lock not held.
 */
void mlag_netlink_event(const struct mlag_domain *dom,
			const struct mlag_event *ev)
{
	struct sk_buff *skb;

	if (!genl_has_listeners(&mlag_family, dom->net, 0))
		return;

	skb = event_message(dom, ev);
	if (skb)
		genlmsg_multicast_netns(&mlag_family, dom->net, skb, 0, 0,
					GFP_ATOMIC);
	else
		genl_set_err(&mlag_family, dom->net, 0, 0, ENOBUFS);
}

int __init mlag_netlink_init(void)
{
	mlag_family.ops = mlag_ops;
	mlag_family.n_ops = ARRAY_SIZE(mlag_ops);

	return genl_register_family(&mlag_family);
}

void mlag_netlink_exit(void)
{
	genl_unregister_family(&mlag_family);
}
