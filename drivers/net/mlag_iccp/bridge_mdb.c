// SPDX-License-Identifier: GPL-2.0-only
/*
 * The groups a bridge has on its ports. The bridge exports none of this to
 * modules, so it is asked as a program would ask: over a netlink socket, here of
 * the kernel. The request is served in the call that sends it, under RTNL, so
 * the caller must not hold that. No state of our own.
 */
#include "bridge_mdb.h"

#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sizes.h>
#include <net/netlink.h>
#include <net/sock.h>

enum {
	REPLY_SIZE = SZ_16K,
};

/* A request about one entry. */
struct request {
	struct nlmsghdr nlh;
	struct br_port_msg bpm;
	struct nlattr attr;
	struct br_mdb_entry entry;
};

/**
 * mlag_mdb_open - a socket to ask with
 * @net: namespace; must stay until sock_release()
 * @sock: result
 *
 * Context: may sleep.
 * Return: 0 or an error.
 */
int mlag_mdb_open(struct net *net, struct socket **sock)
{
	return sock_create_kern(net, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE,
				sock);
}

/* An address is given: a kernel's socket has no file to check rights of. */
static int request_send(struct socket *sock, struct nlmsghdr *nlh)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = {
		.msg_name = &kernel,
		.msg_namelen = sizeof(kernel),
	};
	struct kvec vec = { .iov_base = nlh, .iov_len = nlh->nlmsg_len };
	int ret;

	ret = kernel_sendmsg(sock, &msg, &vec, 1, vec.iov_len);

	return min(ret, 0);
}

static int reply_receive(struct socket *sock, void *buf)
{
	struct kvec vec = { .iov_base = buf, .iov_len = REPLY_SIZE };
	struct msghdr msg = {};
	int len;

	len = kernel_recvmsg(sock, &msg, &vec, 1, REPLY_SIZE, MSG_DONTWAIT);

	return msg.msg_flags & MSG_TRUNC ? -EMSGSIZE : len;
}

static void entry_told(const struct nlattr *info, mlag_mdb_fn fn, void *arg)
{
	const struct br_mdb_entry *entry = nla_data(info);
	struct mlag_mdb e = {};

	if (nla_len(info) < (int)sizeof(*entry))
		return;
	e.ifindex = entry->ifindex;
	e.permanent = entry->state & MDB_PERMANENT;
	e.vid = entry->vid;
	e.proto = ntohs(entry->addr.proto);
	if (e.proto == ETH_P_IP)
		memcpy(e.group, &entry->addr.u.ip4, sizeof(struct in_addr));
	else if (e.proto == ETH_P_IPV6)
		memcpy(e.group, &entry->addr.u.ip6, sizeof(e.group));
	fn(arg, &e);
}

static void groups_told(const struct nlattr *mdb, mlag_mdb_fn fn, void *arg)
{
	const struct nlattr *entry, *info;
	int left, rest;

	nla_for_each_nested(entry, mdb, left)
		nla_for_each_nested(info, entry, rest)
			if (nla_type(info) == MDBA_MDB_ENTRY_INFO)
				entry_told(info, fn, arg);
}

static void routers_told(const struct nlattr *routers, mlag_mdb_fn fn,
			 void *arg)
{
	struct mlag_mdb e = { .router = true };
	const struct nlattr *port;
	int left;

	nla_for_each_nested(port, routers, left) {
		if (nla_type(port) != MDBA_ROUTER_PORT ||
		    nla_len(port) < (int)sizeof(u32))
			continue;
		e.ifindex = nla_get_u32(port);
		fn(arg, &e);
	}
}

static void bridge_told(const struct nlmsghdr *nlh, int bridge, mlag_mdb_fn fn,
			void *arg)
{
	const struct br_port_msg *bpm = nlmsg_data(nlh);
	const struct nlattr *attr;

	if (nlmsg_len(nlh) < (int)sizeof(*bpm) || bpm->ifindex != bridge)
		return;
	attr = nlmsg_find_attr(nlh, sizeof(*bpm), MDBA_MDB);
	if (attr)
		groups_told(attr, fn, arg);
	attr = nlmsg_find_attr(nlh, sizeof(*bpm), MDBA_ROUTER);
	if (attr)
		routers_told(attr, fn, arg);
}

static int error_of(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);

	return nlmsg_len(nlh) < (int)sizeof(*err) ? -EBADMSG : err->error;
}

/* All messages of one reply; 1 if more replies follow. */
static int reply_read(void *buf, int len, int bridge, mlag_mdb_fn fn, void *arg)
{
	struct nlmsghdr *nlh = buf;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type == NLMSG_DONE)
			return 0;
		if (nlh->nlmsg_type == NLMSG_ERROR)
			return error_of(nlh);
		bridge_told(nlh, bridge, fn, arg);
	}

	return 1;
}

/*
 * The bridge tells its routers in one piece, after the groups. If that is too
 * long for a reply it tries again in the next, and so for ever.
 */
static int replies_read(struct socket *sock, void *bufs, int bridge,
			mlag_mdb_fn fn, void *arg)
{
	int len, before = 0, ret;
	u32 n = 0;
	void *buf;

	do {
		buf = bufs + (n++ % 2) * REPLY_SIZE;
		len = reply_receive(sock, buf);
		if (len <= 0)
			return len;
		if (len == before && !memcmp(bufs, bufs + REPLY_SIZE, len))
			return -ELOOP;
		before = len;
		ret = reply_read(buf, len, bridge, fn, arg);
	} while (ret > 0);

	return ret;
}

/**
 * mlag_mdb_walk - call @fn for each group and each router of a bridge
 * @net: its namespace, held
 * @bridge: its ifindex
 * @fn: called without locks
 * @arg: passed to @fn
 *
 * Context: may sleep; takes RTNL.
 * Return: 0, or why not all was read. -ELOOP: the groups were, the routers are
 * more than the bridge can tell.
 */
int mlag_mdb_walk(struct net *net, int bridge, mlag_mdb_fn fn, void *arg)
{
	struct request req = {
		.nlh.nlmsg_len = NLMSG_LENGTH(sizeof(req.bpm)),
		.nlh.nlmsg_type = RTM_GETMDB,
		.nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.bpm.family = AF_BRIDGE,
	};
	struct socket *sock;
	void *bufs;
	int ret;

	bufs = kvmalloc(2 * REPLY_SIZE, GFP_KERNEL);
	if (!bufs)
		return -ENOMEM;

	ret = mlag_mdb_open(net, &sock);
	if (ret)
		goto free_bufs;
	ret = request_send(sock, &req.nlh);
	if (!ret)
		ret = replies_read(sock, bufs, bridge, fn, arg);
	sock_release(sock);
free_bufs:
	kvfree(bufs);

	return ret;
}

/* Room for the error that the bridge's refusal comes with. */
static int answer(struct socket *sock)
{
	void *buf;
	int ret;

	buf = kvmalloc(REPLY_SIZE, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	ret = reply_receive(sock, buf);
	if (ret >= (int)NLMSG_HDRLEN)
		ret = error_of(buf);
	else if (ret >= 0)
		ret = -EBADMSG;
	kvfree(buf);

	return ret;
}

/**
 * mlag_mdb_add - a group is wanted on a port, as if it had just been asked for
 * @sock: from mlag_mdb_open()
 * @bridge: ifindex of the bridge
 * @e: group and port
 *
 * It ages as if a host had asked.
 *
 * Context: may sleep; takes RTNL.
 * Return: 0, -EEXIST if the port has the group, or what the bridge says.
 */
int mlag_mdb_add(struct socket *sock, int bridge, const struct mlag_mdb *e)
{
	struct request req = {
		.nlh.nlmsg_len = sizeof(req),
		.nlh.nlmsg_type = RTM_NEWMDB,
		.nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE |
				   NLM_F_EXCL,
		.bpm.family = AF_BRIDGE,
		.bpm.ifindex = bridge,
		.attr.nla_len = nla_attr_size(sizeof(req.entry)),
		.attr.nla_type = MDBA_SET_ENTRY,
		.entry.ifindex = e->ifindex,
		.entry.state = MDB_TEMPORARY,
		.entry.vid = e->vid,
		.entry.addr.proto = htons(e->proto),
	};
	int err;

	BUILD_BUG_ON(sizeof(req.entry.addr.u) != sizeof(e->group));
	memcpy(&req.entry.addr.u, e->group, sizeof(e->group));
	err = request_send(sock, &req.nlh);

	return err ? err : answer(sock);
}
