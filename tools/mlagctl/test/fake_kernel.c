// SPDX-License-Identifier: GPL-2.0-only
/*
 * transport.h without a kernel. Requests come in and are written down; the
 * datagrams a script asks for are queued on the socket and go out one by one.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_kernel.h"
#include "transport.h"

enum fake_limits {
	FAKE_DATAGRAMS = 256,
	FAKE_DATAGRAM_SIZE = 8192,
	FAKE_LOG_SIZE = 16384,
};

/**
 * struct fake_datagram - one unit of transport_recv()
 * @size: bytes, 0 for an overrun
 * @data: aligned for a message header
 */
struct fake_datagram {
	size_t size;
	uint32_t data[FAKE_DATAGRAM_SIZE / sizeof(uint32_t)];
};

struct transport {
	struct fake_datagram *queue[FAKE_DATAGRAMS];
	unsigned int head;
	unsigned int tail;
	bool subscribed;
};

/* A script sees the socket and the request it answers. */
struct fake_socket {
	struct transport *transport;
	uint32_t seq;
	uint16_t flags;
};

static const struct fake_script *script;
static unsigned int open_sockets;
static unsigned int torn_left;
static uint32_t random_state;
static char request_log[FAKE_LOG_SIZE];
static uint32_t scratch[FAKE_DATAGRAM_SIZE / sizeof(uint32_t)];

void fake_reset(const struct fake_script *next)
{
	static const struct fake_script none;

	script = next ? next : &none;
	torn_left = script->torn;
	random_state = script->mutate;
	open_sockets = 0;
	request_log[0] = '\0';
}

const char *fake_requests(void)
{
	return request_log;
}

unsigned int fake_open_sockets(void)
{
	return open_sockets;
}

static uint32_t fake_random(void)
{
	random_state = random_state * 1664525 + 1013904223;
	return random_state >> 8;
}

/* Wrong bits behind the netlink header, as a broken module would send. */
static void mutate(struct fake_datagram *datagram)
{
	unsigned char *bytes = (unsigned char *)datagram->data;
	unsigned int i, count = 1 + fake_random() % 4;

	if (!script->mutate || datagram->size <= NLMSG_HDRLEN)
		return;
	for (i = 0; i < count; i++) {
		size_t room = datagram->size - NLMSG_HDRLEN;
		size_t at = NLMSG_HDRLEN + fake_random() % room;

		bytes[at] ^= 1u << fake_random() % 8;
	}
}

static void enqueue(struct transport *t, const void *data, size_t size)
{
	struct fake_datagram *datagram = calloc(1, sizeof(*datagram));

	if (!datagram || t->tail == FAKE_DATAGRAMS ||
	    size > sizeof(datagram->data))
		abort();
	if (size)
		memcpy(datagram->data, data, size);
	datagram->size = size;
	t->queue[t->tail++] = datagram;
}

struct nlmsghdr *fake_message(struct fake_socket *socket, uint16_t family,
			      uint8_t command)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	memset(scratch, 0, sizeof(scratch));
	nlh = mnl_nlmsg_put_header(scratch);
	nlh->nlmsg_type = family;
	nlh->nlmsg_seq = socket->seq;
	if (socket->flags & NLM_F_DUMP)
		nlh->nlmsg_flags = NLM_F_MULTI;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = command;
	genl->version = 1;
	return nlh;
}

void fake_done(struct fake_socket *socket, struct nlmsghdr *message)
{
	struct transport *t = socket->transport;

	enqueue(t, message, message->nlmsg_len);
	mutate(t->queue[t->tail - 1]);
}

void fake_overrun(struct fake_socket *socket)
{
	enqueue(socket->transport, NULL, 0);
}

static uint32_t attr_offset(const struct nlmsghdr *request, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == type)
			return (const char *)attr - (const char *)request;
	return 0;
}

static void put_range(struct nlmsghdr *ack)
{
	struct nlattr *nest = mnl_attr_nest_start(ack, NLMSGERR_ATTR_POLICY);

	mnl_attr_put_u64(ack, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, script->min);
	mnl_attr_put_u64(ack, NL_POLICY_TYPE_ATTR_MAX_VALUE_U, script->max);
	mnl_attr_nest_end(ack, nest);
}

/* The acknowledgement; @error 0 is success. */
static void put_ack(struct transport *t, const struct nlmsghdr *request,
		    int error)
{
	struct nlmsgerr *err;
	struct nlmsghdr *ack;

	memset(scratch, 0, sizeof(scratch));
	ack = mnl_nlmsg_put_header(scratch);
	ack->nlmsg_type = NLMSG_ERROR;
	ack->nlmsg_flags = NLM_F_CAPPED | NLM_F_ACK_TLVS;
	ack->nlmsg_seq = request->nlmsg_seq;
	err = mnl_nlmsg_put_extra_header(ack, sizeof(*err));
	err->error = -error;
	err->msg = *request;
	if (script->sentence && request->nlmsg_type != GENL_ID_CTRL)
		mnl_attr_put_strz(ack, NLMSGERR_ATTR_MSG, script->sentence);
	if (error && script->bad_attr)
		mnl_attr_put_u32(ack, NLMSGERR_ATTR_OFFS,
				 attr_offset(request, script->bad_attr));
	if (error && script->missing)
		mnl_attr_put_u32(ack, NLMSGERR_ATTR_MISS_TYPE, script->missing);
	if (error && script->max)
		put_range(ack);
	enqueue(t, ack, ack->nlmsg_len);
}

static void put_done(struct transport *t, const struct nlmsghdr *request)
{
	struct nlmsghdr *done;
	int *error;

	memset(scratch, 0, sizeof(scratch));
	done = mnl_nlmsg_put_header(scratch);
	done->nlmsg_type = NLMSG_DONE;
	done->nlmsg_flags = NLM_F_MULTI;
	done->nlmsg_seq = request->nlmsg_seq;
	if (torn_left) {
		done->nlmsg_flags |= NLM_F_DUMP_INTR;
		torn_left--;
	}
	error = mnl_nlmsg_put_extra_header(done, sizeof(*error));
	*error = 0;
	enqueue(t, done, done->nlmsg_len);
}

static void put_family(struct fake_socket *socket, uint16_t id, uint32_t group)
{
	struct nlmsghdr *reply;
	struct nlattr *groups, *one;

	reply = fake_message(socket, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
	mnl_attr_put_u16(reply, CTRL_ATTR_FAMILY_ID, id);
	groups = mnl_attr_nest_start(reply, CTRL_ATTR_MCAST_GROUPS);
	one = mnl_attr_nest_start(reply, 1);
	mnl_attr_put_u32(reply, CTRL_ATTR_MCAST_GRP_ID, group);
	mnl_attr_put_strz(reply, CTRL_ATTR_MCAST_GRP_NAME, "events");
	mnl_attr_nest_end(reply, one);
	mnl_attr_nest_end(reply, groups);
	enqueue(socket->transport, reply, reply->nlmsg_len);
}

static void answer_control(struct fake_socket *socket,
			   const struct nlmsghdr *request)
{
	bool has_mlag = !(script->without & FAKE_WITHOUT_MLAG);
	bool has_bond = !(script->without & FAKE_WITHOUT_BOND);
	const struct nlattr *attr;
	const char *name = "";

	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_NAME)
			name = mnl_attr_get_str(attr);
	if (!strcmp(name, "mlag_iccp") && has_mlag)
		put_family(socket, FAKE_MLAG_ID, FAKE_MLAG_GROUP);
	else if (!strcmp(name, "mlagbond") && has_bond)
		put_family(socket, FAKE_BOND_ID, FAKE_BOND_GROUP);
	else
		return put_ack(socket->transport, request, ENOENT);
	put_ack(socket->transport, request, 0);
}

static void answer_module(struct fake_socket *socket,
			  const struct nlmsghdr *request)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(request);
	size_t used = strlen(request_log);

	decode_request(request, request_log + used,
		       sizeof(request_log) - used);
	if (script->error)
		return put_ack(socket->transport, request, script->error);
	if (script->answer)
		script->answer(socket, request->nlmsg_type, genl->cmd);
	if (request->nlmsg_flags & NLM_F_DUMP)
		put_done(socket->transport, request);
	else
		put_ack(socket->transport, request, 0);
}

int transport_enter_netns(const char *name)
{
	if (!strcmp(name, "blue"))
		return 0;
	errno = ENOENT;
	return -1;
}

struct transport *transport_open(void)
{
	struct transport *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	open_sockets++;
	return t;
}

void transport_close(struct transport *t)
{
	if (!t)
		return;
	open_sockets--;
	for (; t->head < t->tail; t->head++)
		free(t->queue[t->head]);
	free(t);
}

int transport_join(struct transport *t, uint32_t group)
{
	struct fake_socket socket = { .transport = t };

	if (group != FAKE_MLAG_GROUP && group != FAKE_BOND_GROUP) {
		errno = EINVAL;
		return -1;
	}
	if (!t->subscribed && script->events)
		script->events(&socket);
	t->subscribed = true;
	return 0;
}

ssize_t transport_send(struct transport *t, const void *buf, size_t len)
{
	const struct nlmsghdr *request = buf;
	struct fake_socket socket = {
		.transport = t,
		.seq = request->nlmsg_seq,
		.flags = request->nlmsg_flags,
	};

	if (request->nlmsg_type == GENL_ID_CTRL)
		answer_control(&socket, request);
	else
		answer_module(&socket, request);
	return len;
}

ssize_t transport_recv(struct transport *t, void *buf, size_t len)
{
	struct fake_datagram *datagram;
	ssize_t size;

	if (t->head == t->tail)
		return 0;
	datagram = t->queue[t->head++];
	size = datagram->size;
	if ((size_t)size > len)
		abort();
	memcpy(buf, datagram->data, size);
	free(datagram);
	if (size)
		return size;
	errno = ENOBUFS;
	return -1;
}

static const struct {
	uint32_t ifindex;
	const char *name;
} devices[] = {
	{ 3, "br0" }, { 4, "br1" }, { 10, "bond0" }, { 11, "eth1" },
	{ 12, "eth2" }, { 20, "pp0" }, { 30, "bond1" },
};

uint32_t transport_ifindex(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (!strcmp(devices[i].name, name))
			return devices[i].ifindex;
	errno = ENODEV;
	return 0;
}

const char *transport_ifname(uint32_t ifindex, char *buf)
{
	size_t i;

	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (devices[i].ifindex == ifindex)
			return strcpy(buf, devices[i].name);
	errno = ENXIO;
	return NULL;
}
