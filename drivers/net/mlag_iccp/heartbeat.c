// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second path to the peer, beside the peer-port.
 *
 * In: its configuration, devices that come and go, datagrams of the peer. Out:
 * heartbeats into the core, and those of the core as datagrams; on a device they
 * leave and arrive as all our frames do (transport.c). A socket is served by a
 * work, since it may sleep; it outlives changes of its device.
 */
#include "heartbeat.h"

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <uapi/linux/mlag_iccp.h>

#include "domain.h"
#include "drain.h"
#include "transport.h"

enum {
	OUT_MAX = 16,		/* beats that wait for the work */
	IN_MAX = 64,		/* datagrams taken in one go */
	TOS = 0xc0,		/* CS6, network control */
	NOWHERE = S32_MAX,	/* ifindex that no device has */
};

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_storage storage;
};

/**
 * struct mlag_beat_sock - a socket and who serves it
 * @sock: bound to the own address
 * @dom: domain, once it is in use
 * @peer: where to, and where from; written under RTNL and mlag_domain.lock
 * @len: of @peer
 * @work: receives and sends
 * @out: beats to send
 * @data_ready: of the socket before us
 */
struct mlag_beat_sock {
	struct socket *sock;
	struct mlag_domain *dom;
	union address peer;
	int len;
	struct work_struct work;
	struct sk_buff_head out;
	void (*data_ready)(struct sock *sk);
};

static int address_set(union address *a, const struct mlag_heartbeat_config *cfg,
		       const u8 *bytes, int ifindex)
{
	*a = (union address){};
	if (cfg->len == sizeof(struct in_addr)) {
		a->in.sin_family = AF_INET;
		a->in.sin_port = htons(cfg->port);
		memcpy(&a->in.sin_addr, bytes, cfg->len);
		return sizeof(a->in);
	}
	a->in6.sin6_family = AF_INET6;
	a->in6.sin6_port = htons(cfg->port);
	memcpy(&a->in6.sin6_addr, bytes, cfg->len);
	if (ipv6_addr_type(&a->in6.sin6_addr) & IPV6_ADDR_LINKLOCAL)
		a->in6.sin6_scope_id = ifindex;
	return sizeof(a->in6);
}

static bool address_same(const union address *a, const union address *b)
{
	if (a->any.sa_family != b->any.sa_family)
		return false;
	if (a->any.sa_family == AF_INET)
		return a->in.sin_port == b->in.sin_port &&
		       a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
	return a->in6.sin6_port == b->in6.sin6_port &&
	       ipv6_addr_equal(&a->in6.sin6_addr, &b->in6.sin6_addr);
}

/* --- serving a socket ------------------------------------------------------- */

static void count_errors(struct mlag_domain *dom, u32 errors)
{
	if (likely(!errors))
		return;
	spin_lock_bh(&dom->lock);
	dom->counters[MLAG_C_TX_ERRORS] += errors;
	spin_unlock_bh(&dom->lock);
}

static union address peer_of(struct mlag_beat_sock *b)
{
	union address peer;

	spin_lock_bh(&b->dom->lock);
	peer = b->peer;
	spin_unlock_bh(&b->dom->lock);

	return peer;
}

static void send_all(struct mlag_beat_sock *b)
{
	union address peer = peer_of(b);
	struct msghdr msg = {
		.msg_name = &peer,
		.msg_namelen = b->len,
		.msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL,
	};
	struct sk_buff *skb;
	struct kvec vec;
	u32 errors = 0;

	while ((skb = skb_dequeue(&b->out))) {
		vec.iov_base = skb->data;
		vec.iov_len = skb->len;
		errors += kernel_sendmsg(b->sock, &msg, &vec, 1, skb->len) < 0;
		consume_skb(skb);
	}
	count_errors(b->dom, errors);
}

/**
 * mlag_heartbeat_in - a frame of ours came in on the second path
 * @dom: domain
 * @bytes: without any header
 * @len: of @bytes
 *
 * The caller drains.
 */
void mlag_heartbeat_in(struct mlag_domain *dom, const u8 *bytes, u32 len)
{
	spin_lock_bh(&dom->lock);
	if (!dom->dead)
		iccp_node_beat(dom->node, mlag_clock(dom), bytes, len);
	spin_unlock_bh(&dom->lock);
}

/* One datagram; false if there is none. A stranger's is counted, no more. */
static bool receive_one(struct mlag_beat_sock *b, u8 *buf)
{
	union address from = {}, peer = peer_of(b);
	struct msghdr msg = { .msg_name = &from };
	struct kvec vec = { .iov_base = buf, .iov_len = ICCP_FRAME_MAX };
	int len;

	len = kernel_recvmsg(b->sock, &msg, &vec, 1, ICCP_FRAME_MAX,
			     MSG_DONTWAIT);
	if (len < 0)
		return false;
	if (address_same(&from, &peer)) {
		mlag_heartbeat_in(b->dom, buf, len);
		return true;
	}
	spin_lock_bh(&b->dom->lock);
	b->dom->counters[MLAG_C_RX_NOT_PEER]++;
	spin_unlock_bh(&b->dom->lock);
	return true;
}

static void serve(struct work_struct *work)
{
	struct mlag_beat_sock *b = container_of(work, struct mlag_beat_sock,
						work);
	u8 *buf = kmalloc(ICCP_FRAME_MAX, GFP_KERNEL);
	int n = 0;

	while (buf && n < IN_MAX && receive_one(b, buf))
		n++;
	kfree(buf);
	if (n)
		mlag_drain(b->dom);
	send_all(b);
	if (n == IN_MAX)
		queue_work(mlag_wq, &b->work);
}

/* Softirq */
static void data_ready(struct sock *sk)
{
	struct mlag_beat_sock *b;

	read_lock_bh(&sk->sk_callback_lock);
	b = sk->sk_user_data;
	if (b)
		queue_work(mlag_wq, &b->work);
	read_unlock_bh(&sk->sk_callback_lock);
}

/**
 * mlag_heartbeat_queue - send a heartbeat as a datagram
 * @dom: domain
 * @skb: the heartbeat, without any header; taken if true is returned
 *
 * Context: dom->lock held.
 * Return: false if the second path is none of datagrams.
 */
bool mlag_heartbeat_queue(struct mlag_domain *dom, struct sk_buff *skb)
{
	struct mlag_beat_sock *b = dom->heartbeat.sock;

	lockdep_assert_held(&dom->lock);

	if (!b)
		return false;
	if (skb_queue_len(&b->out) >= OUT_MAX) {
		dom->counters[MLAG_C_TX_ERRORS]++;
		kfree_skb(skb);
		return true;
	}
	skb_queue_tail(&b->out, skb);
	queue_work(mlag_wq, &b->work);

	return true;
}

/* --- life of a socket ------------------------------------------------------- */

/* Where the socket of a domain sends from now on */
static void set_peer(struct mlag_beat_sock *b,
		     const struct mlag_heartbeat_config *cfg, int ifindex)
{
	union address peer;

	address_set(&peer, cfg, cfg->peer, ifindex);
	spin_lock_bh(&b->dom->lock);
	b->peer = peer;
	spin_unlock_bh(&b->dom->lock);
	sock_bindtoindex(b->sock->sk, ifindex, true);
}

/* The address may come later than the domain, as may the device. */
static int sock_open(struct net *net, const struct mlag_heartbeat_config *cfg,
		     struct mlag_beat_sock *b)
{
	struct net_device *dev = NULL;
	union address local;
	int len, err;

	if (cfg->name[0])
		dev = __dev_get_by_name(net, cfg->name);
	len = address_set(&local, cfg, cfg->local, dev ? dev->ifindex : 0);
	b->len = address_set(&b->peer, cfg, cfg->peer, dev ? dev->ifindex : 0);
	err = sock_create_kern(net, local.any.sa_family, SOCK_DGRAM,
			       IPPROTO_UDP, &b->sock);
	if (err)
		return err;
	ip_sock_set_freebind(b->sock->sk);
	ip_sock_set_tos(b->sock->sk, TOS);
	sock_set_priority(b->sock->sk, TC_PRIO_CONTROL);
	if (dev)
		sock_bindtoindex(b->sock->sk, dev->ifindex, true);
	err = kernel_bind(b->sock, (struct sockaddr_unsized *)&local, len);
	if (err)
		sock_release(b->sock);

	return err;
}

/* Nobody else can have the port meanwhile: the socket stays. */
static bool keeps_sock(const struct mlag_heartbeat_config *now,
		       const struct mlag_heartbeat_config *cfg)
{
	return now && now->kind == MLAG_ICCP_HEARTBEAT_UDP &&
	       cfg->kind == now->kind && cfg->len == now->len &&
	       cfg->port == now->port &&
	       !memcmp(cfg->local, now->local, sizeof(cfg->local));
}

/**
 * mlag_heartbeat_prepare - what a second path needs that may fail
 * @net: namespace
 * @now: configuration of the present one, or NULL
 * @cfg: checked configuration
 * @sock: result, NULL if no new socket is needed
 * @extack: says why not
 *
 * Context: RTNL, may sleep.
 * Return: 0, -ENOMEM, or what the socket says.
 */
int mlag_heartbeat_prepare(struct net *net,
			   const struct mlag_heartbeat_config *now,
			   const struct mlag_heartbeat_config *cfg,
			   struct mlag_beat_sock **sock,
			   struct netlink_ext_ack *extack)
{
	struct mlag_beat_sock *b;
	int err;

	*sock = NULL;
	if (cfg->kind != MLAG_ICCP_HEARTBEAT_UDP || keeps_sock(now, cfg))
		return 0;
	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b) {
		NL_SET_ERR_MSG(extack, "no memory for the heartbeat");
		return -ENOMEM;
	}
	INIT_WORK(&b->work, serve);
	skb_queue_head_init(&b->out);
	err = sock_open(net, cfg, b);
	if (err) {
		kfree(b);
		NL_SET_ERR_MSG_FMT(extack,
				   "heartbeat udp: port %u of the local address cannot be had (error %d)",
				   cfg->port, err);
		return err;
	}
	*sock = b;

	return 0;
}

/**
 * mlag_heartbeat_discard - a socket that is not to be used
 * @sock: from mlag_heartbeat_prepare(), may be NULL
 */
void mlag_heartbeat_discard(struct mlag_beat_sock *sock)
{
	if (!sock)
		return;
	sock_release(sock->sock);
	kfree(sock);
}

static void sock_begin(struct mlag_domain *dom, struct mlag_beat_sock *b)
{
	struct sock *sk = b->sock->sk;

	b->dom = dom;
	write_lock_bh(&sk->sk_callback_lock);
	b->data_ready = sk->sk_data_ready;
	sk->sk_user_data = b;
	sk->sk_data_ready = data_ready;
	write_unlock_bh(&sk->sk_callback_lock);
	queue_work(mlag_wq, &b->work);
}

/* What waits to be sent is: it may be a goodbye. */
static void sock_end(struct mlag_beat_sock *b)
{
	struct sock *sk = b->sock->sk;

	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_data_ready = b->data_ready;
	sk->sk_user_data = NULL;
	write_unlock_bh(&sk->sk_callback_lock);
	cancel_work_sync(&b->work);
	send_all(b);
	sock_release(b->sock);
	kfree(b);
}

static bool same(const struct mlag_heartbeat_config *a,
		 const struct mlag_heartbeat_config *b)
{
	return a->kind == b->kind && a->len == b->len && a->port == b->port &&
	       !strcmp(a->name, b->name) &&
	       !memcmp(a->local, b->local, sizeof(a->local)) &&
	       !memcmp(a->peer, b->peer, sizeof(a->peer));
}

/* --- the path --------------------------------------------------------------- */

static void dev_attach(struct mlag_domain *dom, struct net_device *dev)
{
	if (!dom->heartbeat.sock)
		mlag_transport_listen(dev, true);
	rcu_assign_pointer(dom->heartbeat.dev, dev);
}

static void dev_detach(struct mlag_domain *dom)
{
	struct net_device *dev = rtnl_dereference(dom->heartbeat.dev);

	if (!dev)
		return;
	RCU_INIT_POINTER(dom->heartbeat.dev, NULL);
	if (!dom->heartbeat.sock)
		mlag_transport_listen(dev, false);
}

/**
 * mlag_heartbeat_device_came - a device was registered, or got its name
 * @dom: domain
 * @dev: any device of its namespace
 *
 * Context: RTNL.
 */
void mlag_heartbeat_device_came(struct mlag_domain *dom,
				struct net_device *dev)
{
	struct mlag_heartbeat *h = &dom->heartbeat;

	if (strcmp(h->config.name, dev->name) || rtnl_dereference(h->dev))
		return;
	if (h->sock)
		set_peer(h->sock, &h->config, dev->ifindex);
	dev_attach(dom, dev);
}

static void set_sock(struct mlag_domain *dom, struct mlag_beat_sock *sock)
{
	spin_lock_bh(&dom->lock);
	WRITE_ONCE(dom->heartbeat.sock, sock);
	spin_unlock_bh(&dom->lock);
}

static void begin(struct mlag_domain *dom,
		  const struct mlag_heartbeat_config *cfg)
{
	struct net_device *dev = NULL;

	dom->heartbeat.config = *cfg;
	if (cfg->name[0])
		dev = __dev_get_by_name(dom->net, cfg->name);
	if (dev)
		mlag_heartbeat_device_came(dom, dev);
}

/**
 * mlag_heartbeat_end - the second path is not used any more
 * @dom: domain
 *
 * Context: RTNL, may sleep; dom->lock not held.
 */
void mlag_heartbeat_end(struct mlag_domain *dom)
{
	struct mlag_beat_sock *sock = dom->heartbeat.sock;

	ASSERT_RTNL();

	dev_detach(dom);
	set_sock(dom, NULL);
	if (sock)
		sock_end(sock);
	dom->heartbeat.config = (struct mlag_heartbeat_config){};
}

/**
 * mlag_heartbeat_change - use another second path, or none
 * @dom: domain
 * @cfg: checked configuration
 * @sock: from mlag_heartbeat_prepare(); belongs to the domain from now on
 *
 * Context: RTNL, may sleep; dom->lock not held.
 */
void mlag_heartbeat_change(struct mlag_domain *dom,
			   const struct mlag_heartbeat_config *cfg,
			   struct mlag_beat_sock *sock)
{
	struct mlag_heartbeat *h = &dom->heartbeat;

	ASSERT_RTNL();

	if (same(&h->config, cfg))
		return;
	if (h->sock && !sock && cfg->kind == MLAG_ICCP_HEARTBEAT_UDP) {
		dev_detach(dom);
		set_peer(h->sock, cfg, 0);
	} else {
		mlag_heartbeat_end(dom);
	}
	if (sock) {
		/* the drainer queues its work as soon as it sees it */
		sock_begin(dom, sock);
		set_sock(dom, sock);
	}
	begin(dom, cfg);
}

/**
 * mlag_heartbeat_device_gone - a device is being unregistered
 * @dom: domain
 * @dev: device
 *
 * No pointer to it is kept; one that comes with its name is taken.
 *
 * Context: RTNL.
 */
void mlag_heartbeat_device_gone(struct mlag_domain *dom, struct net_device *dev)
{
	if (rtnl_dereference(dom->heartbeat.dev) != dev)
		return;
	dev_detach(dom);
	if (dom->heartbeat.sock)
		set_peer(dom->heartbeat.sock, &dom->heartbeat.config, NOWHERE);
}

/**
 * mlag_heartbeat_device_renamed - a device has another name
 * @dom: domain
 * @dev: device
 *
 * Context: RTNL.
 */
void mlag_heartbeat_device_renamed(struct mlag_domain *dom,
				   struct net_device *dev)
{
	struct mlag_heartbeat *h = &dom->heartbeat;

	if (rtnl_dereference(h->dev) == dev)
		strscpy(h->config.name, dev->name, sizeof(h->config.name));
	else
		mlag_heartbeat_device_came(dom, dev);
}
