// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options on a live bond.
 *
 * A request enters as netlink attributes, is resolved and judged whole, and
 * is refused in one sentence or put into effect. What may fail happens before
 * the first change.
 */
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "active.h"
#include "addr.h"
#include "fault.h"
#include "mbond.h"
#include "mlag.h"
#include "mode.h"
#include "modparam.h"
#include "monitor.h"
#include "monitor_arp.h"
#include "opts.h"
#include "rebalance.h"
#include "table.h"
#include "tx.h"

static const u64 monitor_opts = MBOND_OPT_BIT(MIIMON) |
				MBOND_OPT_BIT(UPDELAY) |
				MBOND_OPT_BIT(DOWNDELAY) |
				MBOND_OPT_BIT(CARRIER_EVENTS);

static const u64 loads_opts = MBOND_OPT_BIT(HASH_BUCKETS) |
			      MBOND_OPT_BIT(REBALANCE_INTERVAL);
static const u64 arp_opts = MBOND_OPT_BIT(ARP_INTERVAL) |
			    MBOND_OPT_BIT(ARP_MISSED_MAX) |
			    MBOND_OPT_BIT(ARP_IP_TARGET) |
			    MBOND_OPT_BIT(NS_IP6_TARGET) |
			    MBOND_OPT_BIT(ARP_VALIDATE) |
			    MBOND_OPT_BIT(ARP_ALL_TARGETS);

static s64 attr_number(const struct mbond_opt *opt, const struct nlattr *attr)
{
	switch (opt->kind) {
	case MBOND_KIND_U8:
		return nla_get_u8(attr);
	case MBOND_KIND_U16:
		return nla_get_u16(attr);
	case MBOND_KIND_S32:
		return nla_get_s32(attr);
	default:
		return nla_get_u32(attr);
	}
}

static struct net_device *attr_dev(const struct mbond *bond,
				   const struct mbond_opt *opt,
				   const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	u32 ifindex = nla_get_u32(attr);
	struct net_device *dev = NULL;

	if (ifindex <= INT_MAX)
		dev = __dev_get_by_index(dev_net(bond->dev), ifindex);
	if (!dev)
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s: there is no interface %u",
					opt->name, ifindex);
	return dev;
}

/**
 * mbond_opts_judge() - may the bond have these options now
 * @bond: the bond
 * @req: request, all values staged
 * @fault: filled on error
 *
 * RTNL held. Changes nothing but what follows in @req.
 *
 * Return: 0 or the errno in @fault.
 */
int mbond_opts_judge(const struct mbond *bond, struct mbond_request *req,
		     struct mbond_fault *fault)
{
	struct mbond_bond_state state = {
		.up = bond->dev->flags & IFF_UP,
		.ports = !list_empty(&bond->ports),
		.as_bonding = mbond_as_bonding(),
	};

	ASSERT_RTNL();
	return mbond_request_check(req, &bond->params, &state, fault);
}

/**
 * mbond_opts_judge_active() - may the wanted port be the active one
 * @bond: the bond
 * @req: request
 * @attr: attribute that names the port, or NULL
 * @extack: gets the refusal
 *
 * RTNL held.
 *
 * Return: 0, or -EINVAL if it is no port of the bond, or has no link.
 */
int mbond_opts_judge_active(const struct mbond *bond,
			    const struct mbond_request *req,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	struct mbond_port *port;

	if (!req->active_ifindex)
		return 0;
	dev = __dev_get_by_index(dev_net(bond->dev), req->active_ifindex);
	port = mbond_port_get_rtnl(dev);
	if (!port || port->bond != bond) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"active_slave %s is no port of this bond",
					dev->name);
		return -EINVAL;
	}
	if (!mbond_port_has_link(port)) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"active_slave %s has no link",
					dev->name);
		return -EINVAL;
	}
	return 0;
}

static int stage_dev(const struct mbond *bond, const struct mbond_opt *opt,
		     const struct nlattr *attr, struct mbond_request *req,
		     struct netlink_ext_ack *extack)
{
	struct net_device *dev = NULL;

	if (nla_get_u32(attr)) {
		dev = attr_dev(bond, opt, attr, extack);
		if (!dev)
			return -ENODEV;
	}
	if (mbond_opt_id(opt) == MBOND_OPT_ACTIVE_SLAVE)
		mbond_request_set_active(req, dev ? dev->ifindex : 0);
	else
		mbond_request_set_primary(req, dev ? dev->name : "");
	return 0;
}

static int stage_list(const struct mbond_opt *opt, const struct nlattr *attr,
		      struct mbond_request *req, struct netlink_ext_ack *extack)
{
	const unsigned int len = mbond_opt_addr_len(opt);
	const struct nlattr *entry;
	struct mbond_fault fault;
	int rem;

	mbond_request_clear_list(req, opt);
	nla_for_each_nested(entry, attr, rem) {
		if (nla_len(entry) != len) {
			NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
						"%s: address of %d bytes instead of %u",
						opt->name, nla_len(entry), len);
			return -EINVAL;
		}
		if (mbond_request_add_addr(req, opt, nla_data(entry), &fault))
			return mbond_fault_report(&fault, attr, extack);
	}
	return 0;
}

static int stage_attr(const struct mbond *bond, const struct mbond_opt *opt,
		      const struct nlattr *attr, struct mbond_request *req,
		      struct netlink_ext_ack *extack)
{
	struct mbond_fault fault;
	int err;

	if (opt->kind == MBOND_KIND_DEV)
		return stage_dev(bond, opt, attr, req, extack);
	if (mbond_opt_is_list(opt))
		return stage_list(opt, attr, req, extack);
	if (opt->kind == MBOND_KIND_MAC)
		err = mbond_request_set_mac(req, opt, nla_data(attr), &fault);
	else
		err = mbond_request_set(req, opt, attr_number(opt, attr),
					&fault);
	return err ? mbond_fault_report(&fault, attr, extack) : 0;
}

/**
 * mbond_opts_stage() - turn a netlink request into an accepted candidate
 * @bond: the bond; one that is not registered yet has default options
 * @attrs: attributes by option, with lengths validated
 * @req: result
 * @extack: gets the refusal
 *
 * RTNL held. Changes nothing.
 *
 * Return: 0, or the refusal: -EINVAL for a value, -EACCES for the mode,
 * -ENOTEMPTY with ports, -EBUSY while up, -EPERM for a delay without miimon,
 * -ENODEV for an unknown interface.
 */
int mbond_opts_stage(struct mbond *bond, const struct mbond_opt_attrs *attrs,
		     struct mbond_request *req,
		     struct netlink_ext_ack *extack)
{
	struct mbond_fault fault;
	int id, err;

	ASSERT_RTNL();
	mbond_request_init(req, &bond->params);
	for (id = 0; id < MBOND_OPT_BOND_COUNT; id++) {
		if (!attrs->attr[id])
			continue;
		err = stage_attr(bond, &mbond_opt_table[id], attrs->attr[id],
				 req, extack);
		if (err)
			return err;
	}
	err = mbond_opts_judge(bond, req, &fault);
	if (err) {
		id = mbond_opt_id(fault.opt);
		return mbond_fault_report(&fault, attrs->attr[id], extack);
	}
	return mbond_opts_judge_active(bond, req,
				       attrs->attr[MBOND_OPT_ACTIVE_SLAVE],
				       extack);
}

/**
 * mbond_opts_adopt() - give a bond its options before it is registered
 * @bond: the bond; nobody else sees it yet
 * @req: from mbond_opts_stage()
 *
 * RTNL held. Registration then sets up the mode and the tables they ask for.
 */
void mbond_opts_adopt(struct mbond *bond, const struct mbond_request *req)
{
	ASSERT_RTNL();
	bond->params = req->params;
	bond->policy = req->params.xmit_hash_policy;
}

/**
 * struct memory - what a change of options needs, ready before it begins
 * @table: transmit table, empty if the present one stays
 * @loads: counters of the buckets, or NULL
 */
struct memory {
	struct mbond_table_new table;
	struct mbond_loads *loads;
};

static void memory_free(struct memory *memory)
{
	mbond_table_discard(&memory->table);
	mbond_loads_free(memory->loads);
}

static int memory_get(struct memory *memory, const struct mbond_params *params,
		      u64 changed, struct netlink_ext_ack *extack)
{
	u32 count = params->hash_buckets;

	if (changed & MBOND_OPT_BIT(HASH_BUCKETS) &&
	    mbond_table_prepare(&memory->table, count))
		goto err_refuse;
	if (changed & loads_opts && params->rebalance_interval) {
		memory->loads = mbond_loads_alloc(count);
		if (!memory->loads)
			goto err_memory_free;
	}
	return 0;

err_memory_free:
	memory_free(memory);
err_refuse:
	NL_SET_ERR_MSG_FMT(extack, "no memory for hash_buckets %u", count);
	return -ENOMEM;
}

/* Whatever of the change may fail; on error nothing has changed. */
static int prepare(struct mbond *bond, const struct mbond_request *req,
		   u64 changed, struct memory *memory,
		   struct netlink_ext_ack *extack)
{
	int err;

	err = memory_get(memory, &req->params, changed, extack);
	if (err || !(changed & MBOND_OPT_BIT(MODE)))
		return err;
	err = mbond_mode_set(bond, req->params.mode, extack);
	if (err)
		memory_free(memory);
	return err;
}

static void apply_active(struct mbond *bond, int ifindex)
{
	struct mbond_port *port = NULL;
	struct net_device *dev;

	if (ifindex) {
		dev = __dev_get_by_index(dev_net(bond->dev), ifindex);
		port = mbond_port_get_rtnl(dev);
	}
	mbond_lock(bond);
	/* the monitor may have found it silent since it was judged */
	if (port && !mbond_port_has_link(port))
		port = NULL;
	mbond_set_active(bond, port);
	if (!port)
		mbond_reselect(bond, false);
	mbond_update(bond);
	mbond_unlock(bond);
}

/* rtnetlink tells of a changed link only if that is up. */
static void tell(struct mbond *bond)
{
	mbond_leg_tell(bond);
	if (!(bond->dev->flags & IFF_UP))
		call_netdevice_notifiers(NETDEV_CHANGEINFODATA, bond->dev);
}

static void commit(struct mbond *bond, const struct mbond_request *req,
		   u64 changed, const struct memory *memory)
{
	if (memory->table.table)
		mbond_table_commit(bond, &memory->table);
	mbond_lock(bond);
	bond->params = req->params;
	WRITE_ONCE(bond->policy, req->params.xmit_hash_policy);
	mbond_unlock(bond);

	if (changed & loads_opts)
		mbond_rebalance_swap(bond, memory->loads);
	if (changed & MBOND_OPT_BIT(MLAG_ID))
		mbond_leg_update(bond);
	if (changed)
		bond->ops->reconfigure(bond, changed);
	if (changed & MBOND_OPT_BIT(SYSTEM_MAC))
		mbond_addr_lowest(bond);
	if (changed & arp_opts)
		mbond_arp_update(bond, true);
	if (changed & monitor_opts)
		mbond_monitor_kick(bond);
	if (req->given & MBOND_OPT_BIT(ACTIVE_SLAVE))
		apply_active(bond, req->active_ifindex);
	mbond_drain(bond);
	if (changed)
		tell(bond);
}

/**
 * mbond_opts_apply() - change the options of a live bond
 * @bond: the bond
 * @req: from mbond_opts_stage(), under the same RTNL
 * @extack: gets the refusal
 *
 * RTNL held, may sleep.
 *
 * Return: 0, or -ENOMEM, or what the mode says, with nothing changed.
 */
int mbond_opts_apply(struct mbond *bond, const struct mbond_request *req,
		     struct netlink_ext_ack *extack)
{
	u64 changed = mbond_params_diff(&req->params, &bond->params);
	struct memory memory = {};
	int err;

	ASSERT_RTNL();
	err = prepare(bond, req, changed, &memory, extack);
	if (err)
		return err;
	commit(bond, req, changed, &memory);
	return 0;
}

/* A queue of the bond that belongs to no other port; errors as bonding's */
static int check_queue(const struct mbond_port *port, u16 id,
		       const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	const struct mbond *bond = port->bond;
	const struct mbond_port *other;

	if (id > bond->dev->real_num_tx_queues) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"queue_id %u is above the %u queues of the bond",
					id, bond->dev->real_num_tx_queues);
		return -EPERM;
	}
	mbond_for_each_port(bond, other)
		if (id && other != port && other->params.queue_id == id) {
			NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
						"queue_id %u belongs to %s",
						id, other->dev->name);
			return -EPERM;
		}
	return 0;
}

/**
 * mbond_port_opts_commit() - put options of a port into effect
 * @port: the port
 * @params: its options from now on, each checked by itself
 * @queue: attribute of queue_id, for the refusal; or NULL
 * @extack: gets the refusal
 *
 * RTNL held, may sleep.
 *
 * Return: 0, or -EPERM for a queue_id that cannot be had, with nothing changed.
 */
int mbond_port_opts_commit(struct mbond_port *port,
			   const struct mbond_port_params *params,
			   const struct nlattr *queue,
			   struct netlink_ext_ack *extack)
{
	const struct mbond_port_params old = port->params;
	struct mbond *bond = port->bond;
	int err;

	ASSERT_RTNL();
	if (!memcmp(params, &old, sizeof(*params)))
		return 0;
	if (params->queue_id != old.queue_id) {
		err = check_queue(port, params->queue_id, queue, extack);
		if (err)
			return err;
	}
	mbond_lock(bond);
	port->params = *params;
	mbond_queue_ids_update(bond);
	mbond_unlock(bond);
	if (params->prio != old.prio ||
	    params->actor_port_prio != old.actor_port_prio)
		bond->ops->port_reconfigure(port);
	mbond_drain(bond);
	return 0;
}

/**
 * mbond_port_opts_apply() - change the options of a port
 * @port: the port
 * @attrs: attributes by option, with lengths validated
 * @extack: gets the refusal
 *
 * RTNL held, may sleep.
 *
 * Return: 0, -EINVAL for a value, -EACCES for the mode or -EPERM for a
 * queue_id that cannot be had, with nothing changed.
 */
int mbond_port_opts_apply(struct mbond_port *port,
			  const struct mbond_opt_attrs *attrs,
			  struct netlink_ext_ack *extack)
{
	struct mbond_port_params params = port->params;
	const struct mbond_opt *opt;
	struct mbond_fault fault;
	int id, err;

	ASSERT_RTNL();
	for (id = MBOND_OPT_BOND_COUNT; id < MBOND_OPT_COUNT; id++) {
		if (!attrs->attr[id])
			continue;
		opt = &mbond_opt_table[id];
		err = mbond_port_opt_set(&params, port->bond->params.mode, opt,
					 attr_number(opt, attrs->attr[id]),
					 &fault);
		if (err)
			return mbond_fault_report(&fault, attrs->attr[id],
						  extack);
	}
	return mbond_port_opts_commit(port, &params,
				      attrs->attr[MBOND_OPT_QUEUE_ID], extack);
}
