// SPDX-License-Identifier: GPL-2.0-only
/*
 * The peer-port of a domain: attached while it is a port of the bridge, and
 * with it the chassis takes part in the pair. In: ports that come and go, the
 * operator's wish to leave. Out: farewell and return of the core, learning of
 * the peer-port, its ifindex for the gates of the legs.
 */
#include "peer_port.h"

#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>

#include "bridge.h"
#include "domain.h"
#include "drain.h"
#include "leg.h"
#include "mcast.h"
#include "stats.h"
#include "transport.h"

static bool in_bridge(const struct mlag_domain *dom, struct net_device *port)
{
	return port && netdev_master_upper_dev_get(port) == dom->bridge;
}

/**
 * mlag_peer_port_present - whether the peer-port is a port of the bridge
 * @dom: domain
 *
 * Context: RTNL.
 */
bool mlag_peer_port_present(const struct mlag_domain *dom)
{
	return in_bridge(dom, rtnl_dereference(dom->peer_port));
}

/**
 * mlag_peer_port_absence - why the chassis takes no part in the pair
 * @dom: domain
 *
 * Context: RTNL.
 * Return: a word, NULL if it does take part.
 */
const char *mlag_peer_port_absence(const struct mlag_domain *dom)
{
	if (dom->leaving)
		return "removal";
	if (dom->rebooting)
		return "reboot";
	if (!mlag_peer_port_present(dom))
		return "no-peer-port";

	return NULL;
}

static enum iccp_goodbye_reason goodbye_reason(const struct mlag_domain *dom)
{
	return dom->rebooting ? ICCP_BYE_REBOOT : ICCP_BYE_REMOVAL;
}

/**
 * mlag_peer_port_presence - leave the pair or come back, as things are now
 * @dom: domain
 *
 * A chassis that is still saying farewell comes back when it has: the drainer
 * then has the RTNL worker call this again.
 *
 * Context: RTNL. The caller drains afterwards.
 */
void mlag_peer_port_presence(struct mlag_domain *dom)
{
	bool wanted = !mlag_peer_port_absence(dom);

	ASSERT_RTNL();

	if (wanted && !dom->joined && !completion_done(&dom->left))
		return;

	spin_lock_bh(&dom->lock);
	if (wanted && !dom->joined) {
		reinit_completion(&dom->left);
		iccp_node_join(dom->node, mlag_clock(dom), get_random_u64());
	} else if (!wanted && dom->joined) {
		/* nothing can be given over to who cannot be reached */
		if (!mlag_peer_port_present(dom))
			iccp_node_peer_port(dom->node, mlag_clock(dom), false);
		iccp_node_leave(dom->node, mlag_clock(dom),
				goodbye_reason(dom));
	}
	dom->joined = wanted;
	spin_unlock_bh(&dom->lock);
}

static void tell_moved(struct mlag_domain *dom)
{
	spin_lock_bh(&dom->lock);
	if (!dom->dead)
		iccp_node_peer_port_moved(dom->node, mlag_clock(dom));
	spin_unlock_bh(&dom->lock);
}

static void set_port(struct mlag_domain *dom, struct net_device *port)
{
	rcu_assign_pointer(dom->peer_port, port);
	WRITE_ONCE(dom->peer_ifindex, port ? port->ifindex : 0);
	mlag_leg_regate(dom);
	mlag_transport_update_links(dom);
}

/**
 * mlag_peer_port_attach - begin to use a port of the bridge as peer-port
 * @dom: domain without one
 * @port: port of its bridge
 *
 * Context: RTNL. The caller drains afterwards.
 */
void mlag_peer_port_attach(struct mlag_domain *dom, struct net_device *port)
{
	ASSERT_RTNL();

	dom->peer_learning = mlag_bridge_learning(port);
	strscpy(dom->peer_name, port->name, sizeof(dom->peer_name));
	set_port(dom, port);
}

/**
 * mlag_peer_port_detach - give up the peer-port, and give it back its learning
 * @dom: domain
 *
 * No frame leaves on it after this. The caller drains afterwards.
 *
 * Context: RTNL.
 */
void mlag_peer_port_detach(struct mlag_domain *dom)
{
	struct net_device *port = rtnl_dereference(dom->peer_port);

	ASSERT_RTNL();

	if (in_bridge(dom, port)) {
		mlag_mcast_peer_port_restore(dom, port);
		mlag_bridge_set_learning(dom->bridge, port,
					 dom->peer_learning);
	}
	set_port(dom, NULL);
}

/**
 * mlag_peer_port_change - another port of the bridge becomes the peer-port
 * @dom: domain
 * @port: port of its bridge
 *
 * Context: RTNL.
 */
void mlag_peer_port_change(struct mlag_domain *dom, struct net_device *port)
{
	if (port == rtnl_dereference(dom->peer_port))
		return;
	mlag_peer_port_detach(dom);
	mlag_peer_port_attach(dom, port);
	tell_moved(dom);
	mlag_peer_port_presence(dom);
	mlag_domain_work(dom, MLAG_WORK_BRIDGE);
	mlag_drain(dom);
}

static void find_again(struct mlag_domain *dom)
{
	struct net_device *port = __dev_get_by_name(dom->net, dom->peer_name);

	if (!in_bridge(dom, port) || mlag_leg_find(port))
		return;
	mlag_peer_port_attach(dom, port);
	tell_moved(dom);
}

/**
 * mlag_peer_port_update - look again whether the peer-port is there
 * @dom: domain
 *
 * A peer-port that left the bridge is kept until farewell was said through it.
 * One of the configured name that joins the bridge is taken.
 *
 * Context: RTNL, may sleep. The caller drains afterwards.
 */
void mlag_peer_port_update(struct mlag_domain *dom)
{
	struct net_device *port = rtnl_dereference(dom->peer_port);

	ASSERT_RTNL();

	mlag_peer_port_presence(dom);
	if (port && !in_bridge(dom, port) && completion_done(&dom->left))
		mlag_peer_port_detach(dom);
	if (!rtnl_dereference(dom->peer_port))
		find_again(dom);
	mlag_peer_port_presence(dom);
	mlag_transport_update_links(dom);
}

/*
 * What was learned without the peer's word goes with the learning: nothing
 * would ever move such an entry to the leg where the address lives now. The
 * grace period is for frames that saw the port still learning.
 */
static int stop_learning(struct mlag_domain *dom, struct net_device *port)
{
	int err;

	if (!mlag_bridge_learning(port))
		return 0;
	err = mlag_bridge_set_learning(dom->bridge, port, false);
	if (err)
		return err;
	synchronize_net();
	rcu_read_lock();
	err = mlag_bridge_fdb_flush(port, 0);
	rcu_read_unlock();

	return err;
}

static void tell_ready(struct mlag_domain *dom, bool ready)
{
	spin_lock_bh(&dom->lock);
	if (!dom->dead)
		iccp_node_peer_port(dom->node, mlag_clock(dom), ready);
	spin_unlock_bh(&dom->lock);
}

/**
 * mlag_peer_port_bridge - bring learning on the peer-port to what is wanted
 * @dom: domain
 *
 * The core hears of it, and of the state the bridge has the port in. A bridge
 * that refuses to stop learning is counted; to wait for it would help nobody.
 *
 * Context: RTNL, may sleep.
 */
void mlag_peer_port_bridge(struct mlag_domain *dom)
{
	struct net_device *port = rtnl_dereference(dom->peer_port);
	int err;

	ASSERT_RTNL();

	if (!in_bridge(dom, port))
		return;
	mlag_mcast_peer_port(dom, port);
	if (READ_ONCE(dom->want_peer_learning)) {
		tell_ready(dom, false);
		err = mlag_bridge_set_learning(dom->bridge, port, true);
	} else {
		err = stop_learning(dom, port);
		tell_ready(dom, mlag_bridge_port_forwarding(port));
	}
	if (err)
		mlag_stat_bridge_error(dom);
	mlag_drain(dom);
}
