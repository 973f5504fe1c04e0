// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a domain: one bridge under MLAG. A list of them in each network
 * namespace.
 *
 * In: requests of the operator, bridges and namespaces that go, reboot. Out: a
 * running core with its table, and on the way out a farewell to the peer and a
 * bridge as we found it.
 */
#include "domain.h"

#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/reboot.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <uapi/linux/mlag_iccp.h>

#include "bridge.h"
#include "consistency.h"
#include "drain.h"
#include "event.h"
#include "fdb.h"
#include "leg.h"
#include "mcast.h"
#include "peer_port.h"
#include "self.h"
#include "stp.h"
#include "transport.h"

/* Domains of one namespace; written under RTNL, read under RCU. */
struct mlag_net {
	struct list_head domains;
};

enum {
	AGAIN_MS = 1000,	/* after memory was short */
	AHEAD_MS = 20,		/* steps of a clock that runs ahead */
	AHEAD_STEPS = MLAG_LEAVE_MS / AHEAD_MS,
};

struct workqueue_struct *mlag_wq;
static unsigned int mlag_net_id;

/* Domains of all namespaces; RTNL. */
static LIST_HEAD(all_domains);

static struct mlag_net *mlag_net(const struct net *net)
{
	return net_generic(net, mlag_net_id);
}

/**
 * mlag_domain_by_bridge - the domain of a bridge
 * @br: any device
 *
 * Context: RCU or RTNL.
 */
struct mlag_domain *mlag_domain_by_bridge(const struct net_device *br)
{
	struct mlag_domain *dom;

	list_for_each_entry_rcu(dom, &mlag_net(dev_net(br))->domains, list,
				lockdep_rtnl_is_held())
		if (dom->bridge == br)
			return dom;

	return NULL;
}

/**
 * mlag_domain_by_peer_port - the domain a device is the peer-port of
 * @dev: any device
 *
 * Context: RCU or RTNL.
 */
struct mlag_domain *mlag_domain_by_peer_port(const struct net_device *dev)
{
	struct mlag_domain *dom;

	list_for_each_entry_rcu(dom, &mlag_net(dev_net(dev))->domains, list,
				lockdep_rtnl_is_held())
		if (rcu_access_pointer(dom->peer_port) == dev)
			return dom;

	return NULL;
}

/**
 * mlag_domain_by_heartbeat - the domain whose second path a device is
 * @dev: any device
 * @tag: tag of the domain
 *
 * Context: RCU or RTNL.
 */
struct mlag_domain *mlag_domain_by_heartbeat(const struct net_device *dev,
					     u32 tag)
{
	struct mlag_domain *dom;

	list_for_each_entry_rcu(dom, &mlag_net(dev_net(dev))->domains, list,
				lockdep_rtnl_is_held())
		if (rcu_access_pointer(dom->heartbeat.dev) == dev &&
		    !READ_ONCE(dom->heartbeat.sock) &&
		    READ_ONCE(dom->config.domain) == tag)
			return dom;

	return NULL;
}

/**
 * mlag_domain_next - domain after another one, in the order they were added
 * @net: namespace
 * @dom: NULL for the first
 *
 * Also of a namespace that is being set up, where devices are registered before
 * there is a list.
 *
 * Context: RTNL.
 * Return: NULL after the last.
 */
struct mlag_domain *mlag_domain_next(struct net *net, struct mlag_domain *dom)
{
	struct mlag_net *mn = mlag_net(net);
	struct list_head *head, *next;

	ASSERT_RTNL();

	if (!mn)
		return NULL;
	head = &mn->domains;
	next = dom ? dom->list.next : head->next;

	return next == head ? NULL : list_entry(next, struct mlag_domain, list);
}

static void domain_free(struct mlag_domain *dom)
{
	kvfree(dom->mem.heads);
	kvfree(dom->mem.entries);
	kvfree(dom->stamps);
	kvfree(dom->mem.mcast_tx);
	kvfree(dom->mem.mcast_rx);
	kvfree(dom->mem.stp_ports);
	kvfree(dom->mem.fdb_legs);
	kvfree(dom->mem.legs);
	if (dom->node)
		iccp_node_wipe(dom->node);
	kvfree(dom->node);
	kfree_skb(dom->scratch);
	kvfree(dom->self);
	kfree(dom);
}

/**
 * mlag_domain_put - drop a reference
 * @dom: freed with the last one
 */
void mlag_domain_put(struct mlag_domain *dom)
{
	if (refcount_dec_and_test(&dom->ref))
		domain_free(dom);
}

/**
 * mlag_domain_work - have the RTNL worker look at something
 * @dom: domain
 * @what: what
 *
 * Context: up to softirq; RCU or RTNL held.
 */
void mlag_domain_work(struct mlag_domain *dom, enum mlag_work what)
{
	set_bit(what, &dom->work_bits);
	refcount_inc(&dom->ref);
	if (!queue_work(mlag_wq, &dom->rtnl_work))
		mlag_domain_put(dom);
}

/**
 * mlag_domain_again - there was no memory for something nobody asks for again
 * @dom: domain
 * @what: work that does it
 *
 * Said as an alarm, and done with the next scan, which is soon.
 *
 * Context: RTNL.
 */
void mlag_domain_again(struct mlag_domain *dom, enum mlag_work what)
{
	ASSERT_RTNL();

	if (dom->removed)
		return;
	mlag_fdb_no_memory(dom);
	set_bit(what, &dom->again_bits);
	mod_delayed_work(mlag_wq, &dom->scan_work,
			 msecs_to_jiffies(AGAIN_MS));
}

/*
 * What the core's configuration takes from devices. Not the MAC of the bridge:
 * that follows its ports, but the chassis stays who it was when the domain
 * began.
 */
static void config_from_devices(const struct mlag_domain *dom,
				struct iccp_config *cfg)
{
	struct net_device *port = rtnl_dereference(dom->peer_port);
	clock_t ageing = br_get_ageing_time(dom->bridge);

	cfg->ageing = jiffies_to_msecs(clock_t_to_jiffies(ageing));
	if (port)
		cfg->mtu = port->mtu;
}

static void update_config(struct mlag_domain *dom)
{
	config_from_devices(dom, &dom->config);
	spin_lock_bh(&dom->lock);
	iccp_node_set_config(dom->node, mlag_clock(dom), &dom->config);
	spin_unlock_bh(&dom->lock);
}

static u32 alarms_of_devices(const struct mlag_domain *dom)
{
	struct net_device *port = rtnl_dereference(dom->peer_port);
	u32 alarms = 0;

	if (!mlag_peer_port_present(dom))
		return 0;
	if (mlag_bridge_forwards_control(dom->bridge, port))
		alarms |= MLAG_ICCP_ALARMS_GROUP_FWD_MASK;
	if (netif_carrier_ok(port) && !mlag_bridge_port_forwarding(port))
		alarms |= MLAG_ICCP_ALARMS_PEER_PORT_BLOCKED;

	return alarms;
}

/* Alarms that follow from devices, with their words when they come and go. */
static const struct {
	u32 bit;
	const char *on;
	const char *off;
} device_alarms[] = {
	{ MLAG_ICCP_ALARMS_GROUP_FWD_MASK, "group-fwd-mask",
	  "group-fwd-mask-cleared" },
	{ MLAG_ICCP_ALARMS_PEER_PORT_BLOCKED, "peer-port-blocked",
	  "peer-port-blocked-cleared" },
};

static void update_alarm(struct mlag_domain *dom, u32 bit, bool on,
			 const char *word)
{
	bool changed;

	spin_lock_bh(&dom->lock);
	changed = on != !!(dom->alarms & bit);
	if (changed)
		dom->alarms ^= bit;
	spin_unlock_bh(&dom->lock);
	if (changed)
		mlag_event_raise(dom, MLAG_ICCP_EVENT_ALARM, 0, word);
}

static void update_alarms(struct mlag_domain *dom)
{
	u32 now = alarms_of_devices(dom);
	bool on;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(device_alarms); i++) {
		on = now & device_alarms[i].bit;
		update_alarm(dom, device_alarms[i].bit, on,
			     on ? device_alarms[i].on : device_alarms[i].off);
	}
}

static void update_bridge(struct mlag_domain *dom)
{
	mlag_peer_port_bridge(dom);
	mlag_leg_bridge_all(dom);
}

static void update_snapshot(struct mlag_domain *dom)
{
	const struct mlag_leg *leg;
	struct net_device *port;
	struct list_head *iter;

	netdev_for_each_lower_dev(dom->bridge, port, iter) {
		leg = mlag_leg_find(port);
		/* what is new will be read */
		if (!leg || !READ_ONCE(leg->unread))
			mlag_fdb_snapshot(dom, port);
	}
}

/* What a notification cannot be had for in every case. */
static void update_config_facts(struct mlag_domain *dom)
{
	mlag_consistency_update(dom);
	mlag_stp_update(dom);
}

/* Another peer-port: all legs must know. A leg that comes knows of it. */
static bool update_peer_port(struct mlag_domain *dom)
{
	int before = dom->peer_ifindex;

	mlag_peer_port_update(dom);
	dom->vlans_unread = true;

	return dom->peer_ifindex != before;
}

static void update(struct mlag_domain *dom, unsigned long what)
{
	if (what & BIT(MLAG_WORK_PORTS)) {
		if (update_peer_port(dom))
			what |= BIT(MLAG_WORK_BRIDGE);
		mlag_leg_update(dom);
		what |= BIT(MLAG_WORK_CONFIG);
	}
	if (what & BIT(MLAG_WORK_CONFIG))
		update_config(dom);
	if (what & BIT(MLAG_WORK_BRIDGE))
		update_bridge(dom);
	if (what & BIT(MLAG_WORK_LEG_PORTS))
		mlag_leg_bridge_some(dom);
	if (what & BIT(MLAG_WORK_SELF))
		mlag_self_update(dom);
	if (what & BIT(MLAG_WORK_LEGS))
		mlag_leg_read(dom);
	if (what & (BIT(MLAG_WORK_PORTS) | BIT(MLAG_WORK_LEGS) |
		    BIT(MLAG_WORK_CONFIG) | BIT(MLAG_WORK_CHECK)))
		update_config_facts(dom);
	if (what & BIT(MLAG_WORK_SNAPSHOT))
		update_snapshot(dom);
	if (what & BIT(MLAG_WORK_ALARMS))
		update_alarms(dom);
	if (what & BIT(MLAG_WORK_SCAN))
		mlag_fdb_scan_now(dom);
	mlag_drain(dom);
}

static bool serve(struct mlag_domain *dom)
{
	unsigned long what = xchg(&dom->work_bits, 0);

	if (what)
		update(dom, what);

	return mlag_fdb_serve(dom);
}

/* Lets go of RTNL now and then: a table may have many entries to install. */
static void rtnl_work(struct work_struct *work)
{
	struct mlag_domain *dom;
	bool more;

	dom = container_of(work, struct mlag_domain, rtnl_work);
	do {
		rtnl_lock();
		more = !dom->removed && serve(dom);
		rtnl_unlock();
		cond_resched();
	} while (more);
	mlag_domain_put(dom);
}

static int alloc_mem(struct mlag_domain *dom)
{
	struct iccp_node_mem *mem = &dom->mem;

	mem->nlegs = MLAG_LEGS;
	mem->nentries = MLAG_FDB_START;
	mem->nheads = MLAG_FDB_START;
	dom->node = kvzalloc(sizeof(*dom->node), GFP_KERNEL);
	mem->legs = kvcalloc(mem->nlegs, sizeof(*mem->legs), GFP_KERNEL);
	mem->fdb_legs = kvcalloc(mem->nlegs, sizeof(*mem->fdb_legs),
				 GFP_KERNEL);
	mem->entries = kvcalloc(mem->nentries, sizeof(*mem->entries),
				GFP_KERNEL);
	mem->heads = kvcalloc(mem->nheads, sizeof(*mem->heads), GFP_KERNEL);
	mem->mcast_tx = kvcalloc(ICCP_MCAST_RECS, sizeof(*mem->mcast_tx),
				 GFP_KERNEL);
	mem->mcast_rx = kvcalloc(ICCP_MCAST_RECS, sizeof(*mem->mcast_rx),
				 GFP_KERNEL);
	mem->nstp_ports = MLAG_STP_PORTS;
	mem->stp_ports = kvcalloc(mem->nstp_ports, sizeof(*mem->stp_ports),
				  GFP_KERNEL);
	dom->stamps = kvcalloc(mem->nentries, sizeof(*dom->stamps), GFP_KERNEL);
	dom->scratch = mlag_bridge_fdb_scratch();
	if (!dom->node || !mem->legs || !mem->fdb_legs || !mem->entries ||
	    !mem->heads || !mem->mcast_tx || !mem->mcast_rx ||
	    !mem->stp_ports || !dom->stamps || !dom->scratch)
		return -ENOMEM;

	return 0;
}

static struct mlag_domain *domain_alloc(const struct mlag_config *cfg)
{
	struct mlag_domain *dom;

	dom = kzalloc(sizeof(*dom), GFP_KERNEL);
	if (!dom)
		return NULL;

	refcount_set(&dom->ref, 1);
	spin_lock_init(&dom->lock);
	init_completion(&dom->left);
	INIT_LIST_HEAD(&dom->legs);
	mlag_leg_ids_init(dom);
	INIT_LIST_HEAD(&dom->stp_hooks);
	INIT_WORK(&dom->rtnl_work, rtnl_work);
	INIT_DELAYED_WORK(&dom->scan_work, mlag_fdb_scan);
	INIT_DELAYED_WORK(&dom->mcast_work, mlag_mcast_work);
	dom->net = dev_net(cfg->bridge);
	dom->bridge = cfg->bridge;
	dom->bridge_ifindex = cfg->bridge->ifindex;
	dom->config = cfg->node;
	dom->want_peer_learning = true;
	dom->peer_router = MDB_RTR_TYPE_PERM;
	dom->grow_at = jiffies;
	if (alloc_mem(dom)) {
		domain_free(dom);
		return NULL;
	}

	return dom;
}

static int start_node(struct mlag_domain *dom, const struct mlag_config *cfg)
{
	int err;

	ether_addr_copy(dom->config.mac, dom->bridge->dev_addr);
	config_from_devices(dom, &dom->config);

	err = iccp_node_init(dom->node, &dom->config, &dom->mem,
			     mlag_clock(dom), get_random_u64());
	if (!err && cfg->key)
		err = iccp_node_set_key(dom->node, mlag_clock(dom), cfg->key,
					cfg->key_len);

	return err;
}

/* Everything the bridge knows at the moment the domain begins. */
static void first_look(struct mlag_domain *dom)
{
	mlag_leg_update(dom);
	update_snapshot(dom);
	mlag_self_update(dom);
	mlag_peer_port_presence(dom);
	mlag_drain(dom);
	update_alarms(dom);
	dom->vlans_unread = true;
	update_config_facts(dom);
	mlag_drain(dom);
	mlag_fdb_scan_arm(dom);
}

/**
 * mlag_domain_add - put a bridge under MLAG
 * @cfg: checked configuration
 * @extack: says why not
 *
 * Context: RTNL, may sleep.
 * Return: 0, -ENOMEM, -EINVAL, or what a socket for heartbeats says.
 */
int mlag_domain_add(const struct mlag_config *cfg,
		    struct netlink_ext_ack *extack)
{
	struct mlag_beat_sock *sock;
	struct mlag_domain *dom;
	int err;

	ASSERT_RTNL();

	err = mlag_heartbeat_prepare(dev_net(cfg->bridge), NULL,
				     &cfg->heartbeat, &sock, extack);
	if (err)
		return err;
	dom = domain_alloc(cfg);
	if (!dom) {
		NL_SET_ERR_MSG(extack, "no memory for the address table");
		err = -ENOMEM;
		goto discard_heartbeat;
	}
	mlag_drain_start(dom);
	mlag_peer_port_attach(dom, cfg->peer_port);
	err = start_node(dom, cfg);
	if (err) {
		NL_SET_ERR_MSG(extack, "the configuration is contradictory");
		goto put_domain;
	}
	dom->joined = true;
	mlag_heartbeat_change(dom, &cfg->heartbeat, sock);
	list_add_tail_rcu(&dom->list, &mlag_net(dom->net)->domains);
	list_add_tail(&dom->all, &all_domains);
	mlag_event_raise(dom, MLAG_ICCP_EVENT_DOMAIN_ADDED, 0, NULL);
	first_look(dom);

	return 0;

put_domain:
	mlag_domain_put(dom);
discard_heartbeat:
	mlag_heartbeat_discard(sock);
	return err;
}

/**
 * mlag_domain_set - change a domain
 * @dom: domain
 * @cfg: complete, checked configuration
 * @extack: says why not
 *
 * Context: RTNL, may sleep.
 * Return: 0, -EINVAL, or what a socket for heartbeats says; nothing is changed
 * then.
 */
int mlag_domain_set(struct mlag_domain *dom, const struct mlag_config *cfg,
		    struct netlink_ext_ack *extack)
{
	struct iccp_config node = cfg->node;
	struct mlag_beat_sock *sock;
	int err;

	ASSERT_RTNL();

	err = mlag_heartbeat_prepare(dom->net, &dom->heartbeat.config,
				     &cfg->heartbeat, &sock, extack);
	if (err)
		return err;
	ether_addr_copy(node.mac, dom->config.mac);
	config_from_devices(dom, &node);
	if (cfg->peer_port)
		node.mtu = cfg->peer_port->mtu;
	spin_lock_bh(&dom->lock);
	err = iccp_node_set_config(dom->node, mlag_clock(dom), &node);
	if (!err && cfg->key)
		err = iccp_node_set_key(dom->node, mlag_clock(dom), cfg->key,
					cfg->key_len);
	spin_unlock_bh(&dom->lock);
	if (err) {
		NL_SET_ERR_MSG(extack, "the configuration is contradictory");
		mlag_heartbeat_discard(sock);
		return err;
	}
	dom->config = node;
	mlag_heartbeat_change(dom, &cfg->heartbeat, sock);
	if (cfg->peer_port) {
		mlag_peer_port_change(dom, cfg->peer_port);
		dom->vlans_unread = true;
		update_config_facts(dom);
	}
	mlag_peer_port_presence(dom);
	mlag_event_raise(dom, MLAG_ICCP_EVENT_DOMAIN_CHANGED, 0, NULL);
	mlag_drain(dom);

	return 0;
}

/**
 * mlag_domain_leave_begin - begin the farewell of a domain that is to go
 * @dom: domain
 *
 * Context: RTNL.
 * Return: 0 with a reference for the caller, -EBUSY if somebody else did.
 */
int mlag_domain_leave_begin(struct mlag_domain *dom)
{
	ASSERT_RTNL();

	if (dom->leaving)
		return -EBUSY;
	dom->leaving = true;
	refcount_inc(&dom->ref);
	mlag_peer_port_presence(dom);
	mlag_drain(dom);

	return 0;
}

/**
 * mlag_domain_leave_end - wait for the farewell to end, then remove the domain
 * @dom: domain; the reference of mlag_domain_leave_begin() is dropped
 *
 * Context: may sleep; takes RTNL.
 */
void mlag_domain_leave_end(struct mlag_domain *dom)
{
	wait_for_completion_timeout(&dom->left,
				    msecs_to_jiffies(MLAG_LEAVE_MS));
	rtnl_lock();
	if (!dom->removed)
		mlag_domain_remove(dom);
	rtnl_unlock();
	mlag_domain_put(dom);
}

/**
 * mlag_domain_remove - end a domain; the bridge gets back what was changed
 * @dom: domain
 *
 * Context: RTNL, may sleep.
 */
void mlag_domain_remove(struct mlag_domain *dom)
{
	ASSERT_RTNL();

	dom->removed = true;
	list_del_rcu(&dom->list);
	list_del(&dom->all);
	mlag_stp_stop(dom);
	mlag_drain_stop(dom);
	mlag_mcast_stop(dom);
	mlag_heartbeat_end(dom);
	cancel_delayed_work_sync(&dom->scan_work);
	mlag_fdb_withdraw(dom);
	mlag_leg_remove_all(dom);
	mlag_peer_port_detach(dom);
	mlag_event_raise(dom, MLAG_ICCP_EVENT_DOMAIN_REMOVED, 0, NULL);
	mlag_domain_put(dom);
}

/**
 * mlag_domain_bridge_gone - the bridge is being unregistered
 * @dom: its domain, removed
 *
 * There is no time to wait for the peer: the clock of the core runs ahead,
 * until it has said goodbye.
 *
 * Context: RTNL, may sleep.
 */
void mlag_domain_bridge_gone(struct mlag_domain *dom)
{
	int n;

	ASSERT_RTNL();

	dom->leaving = true;
	mlag_peer_port_presence(dom);
	for (n = 0; n < AHEAD_STEPS && !completion_done(&dom->left); n++) {
		spin_lock_bh(&dom->lock);
		dom->ahead += AHEAD_MS;
		spin_unlock_bh(&dom->lock);
		mlag_drain_sync(dom);
	}
	mlag_domain_remove(dom);
}

static int __net_init domains_init_net(struct net *net)
{
	INIT_LIST_HEAD(&mlag_net(net)->domains);

	return 0;
}

static struct mlag_domain *first_staying(struct net *net)
{
	struct mlag_domain *dom = NULL;

	while ((dom = mlag_domain_next(net, dom)))
		if (!dom->leaving)
			return dom;

	return NULL;
}

/* All begin their farewell before the first is waited for. */
static void leave_begin_net(struct net *net, struct list_head *going)
{
	struct mlag_domain *dom;

	while ((dom = first_staying(net)))
		if (!mlag_domain_leave_begin(dom))
			list_add_tail(&dom->going, going);
}

static void leave_end_all(struct list_head *going)
{
	struct mlag_domain *dom, *next;

	list_for_each_entry_safe(dom, next, going, going)
		mlag_domain_leave_end(dom);
}

/* Somebody else may be removing one: that ends before its namespace can. */
static void __net_exit domains_exit_net(struct list_head *nets)
{
	struct net *net;
	LIST_HEAD(going);

	rtnl_lock();
	list_for_each_entry(net, nets, exit_list)
		leave_begin_net(net, &going);
	rtnl_unlock();
	leave_end_all(&going);
}

static struct pernet_operations mlag_net_ops = {
	.init = domains_init_net,
	.exit_batch = domains_exit_net,
	.id = &mlag_net_id,
	.size = sizeof(struct mlag_net),
};

/* With a reference, NULL if all have said farewell. */
static struct mlag_domain *first_saying_farewell(void)
{
	struct mlag_domain *dom, *found = NULL;

	rtnl_lock();
	list_for_each_entry(dom, &all_domains, all) {
		if (completion_done(&dom->left))
			continue;
		found = dom;
		refcount_inc(&dom->ref);
		break;
	}
	rtnl_unlock();

	return found;
}

/*
 * Hands all legs over to the peers, and waits a moment for that to happen,
 * without RTNL: addresses have to be moved to the peer-ports.
 */
static int reboot_event(struct notifier_block *nb, unsigned long event,
			void *unused)
{
	unsigned long until = jiffies + msecs_to_jiffies(MLAG_LEAVE_MS);
	struct mlag_domain *dom;
	long left;

	rtnl_lock();
	list_for_each_entry(dom, &all_domains, all) {
		dom->rebooting = true;
		mlag_peer_port_presence(dom);
		mlag_drain(dom);
	}
	rtnl_unlock();
	while ((left = until - jiffies) > 0 &&
	       (dom = first_saying_farewell())) {
		wait_for_completion_timeout(&dom->left, left);
		mlag_domain_put(dom);
	}

	return NOTIFY_DONE;
}

static struct notifier_block reboot_notifier = {
	.notifier_call = reboot_event,
};

int mlag_domain_init(void)
{
	int err;

	mlag_wq = alloc_workqueue("mlag_iccp", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!mlag_wq)
		return -ENOMEM;
	err = register_pernet_device(&mlag_net_ops);
	if (err) {
		destroy_workqueue(mlag_wq);
		return err;
	}
	register_reboot_notifier(&reboot_notifier);

	return 0;
}

/**
 * mlag_domain_stop - every domain says goodbye and is gone afterwards
 *
 * Nobody can add another. The lists stay until mlag_domain_exit(): devices
 * are still looked up in them.
 */
void mlag_domain_stop(void)
{
	struct mlag_domain *dom;
	LIST_HEAD(going);

	unregister_reboot_notifier(&reboot_notifier);
	rtnl_lock();
	list_for_each_entry(dom, &all_domains, all)
		if (!mlag_domain_leave_begin(dom))
			list_add_tail(&dom->going, &going);
	rtnl_unlock();
	leave_end_all(&going);
}

/* No notifier, packet handler or bond of ours calls in any more. */
void mlag_domain_exit(void)
{
	unregister_pernet_device(&mlag_net_ops);
	destroy_workqueue(mlag_wq);
}
