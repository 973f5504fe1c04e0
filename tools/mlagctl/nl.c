// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests and answers over the transport. In come requests built by the
 * commands and datagrams of the kernel; out go complete lists of replies,
 * refusals taken apart, and events one by one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>

#include "mlagctl.h"
#include "nl.h"
#include "transport.h"

enum nl_receive {
	NL_DATAGRAM_SIZE = 64 * 1024,	/* a dump sends up to 32 KiB */
	NL_MORE = 0,		/* datagram read, answer incomplete */
	NL_DONE = 1,		/* answer complete */
	NL_TORN = 2,		/* complete, but inconsistent */
};

/* Receive buffer, aligned for a message header. Only one at a time is used. */
static uint32_t nl_datagram[NL_DATAGRAM_SIZE / sizeof(uint32_t)];

int nl_open(struct nl *nl)
{
	memset(nl, 0, sizeof(*nl));
	nl->transport = transport_open();
	if (nl->transport)
		return 0;
	complain("cannot open a netlink socket: %s", strerror(errno));
	return -1;
}

void nl_close(struct nl *nl)
{
	transport_close(nl->transport);
	nl->transport = NULL;
}

uint8_t nl_command(const struct nlmsghdr *message)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(message);

	return genl->cmd;
}

struct nlmsghdr *nl_request(struct nl *nl, const struct nl_family *family,
			    uint8_t command, uint16_t flags)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	nlh = mnl_nlmsg_put_header(nl->request);
	nlh->nlmsg_type = family->id;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;

	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = command;
	genl->version = 1;
	return nlh;
}

/* The attribute of the request that stands @offset bytes into it. */
static uint16_t request_attr_at(const struct nlmsghdr *request, uint32_t offset)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr))
		if ((const char *)attr - (const char *)request == offset)
			return mnl_attr_get_type(attr);
	return 0;
}

/* A u64 of the policy nest; libmnl reads it at any alignment. */
static void refusal_range(struct nl_refusal *refusal, const struct nlattr *nest)
{
	bool has_min = false, has_max = false;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		uint16_t type = mnl_attr_get_type(attr);

		if (mnl_attr_get_payload_len(attr) != sizeof(uint64_t))
			continue;
		if (type == NL_POLICY_TYPE_ATTR_MIN_VALUE_U) {
			refusal->min = mnl_attr_get_u64(attr);
			has_min = true;
		} else if (type == NL_POLICY_TYPE_ATTR_MAX_VALUE_U) {
			refusal->max = mnl_attr_get_u64(attr);
			has_max = true;
		}
	}
	refusal->has_range = has_min && has_max;
}

static void refusal_attr(struct nl_refusal *refusal,
			 const struct nlmsghdr *request,
			 const struct nlattr *attr)
{
	bool is_u32 = mnl_attr_get_payload_len(attr) == sizeof(uint32_t);

	switch (mnl_attr_get_type(attr)) {
	case NLMSGERR_ATTR_MSG:
		snprintf(refusal->sentence, sizeof(refusal->sentence), "%.*s",
			 (int)mnl_attr_get_payload_len(attr),
			 (const char *)mnl_attr_get_payload(attr));
		break;
	case NLMSGERR_ATTR_OFFS:
		if (is_u32)
			refusal->attr = request_attr_at(request,
							mnl_attr_get_u32(attr));
		break;
	case NLMSGERR_ATTR_MISS_TYPE:
		if (is_u32)
			refusal->missing = mnl_attr_get_u32(attr);
		break;
	case NLMSGERR_ATTR_POLICY:
		refusal_range(refusal, attr);
		break;
	}
}

/* @skip: bytes of payload before the attributes of an acknowledgement. */
static void refusal_read(struct nl *nl, const struct nlmsghdr *ack, int error,
			 size_t skip)
{
	const struct nlmsghdr *request = (const void *)nl->request;
	const struct nlattr *attr;

	memset(&nl->refusal, 0, sizeof(nl->refusal));
	nl->refusal.error = -error;
	if (!(ack->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    mnl_nlmsg_get_payload_len(ack) < skip)
		return;
	mnl_attr_for_each(attr, ack, skip)
		refusal_attr(&nl->refusal, request, attr);
}

/* End of an answer, good or bad. */
static int ack_read(struct nl *nl, const struct nlmsghdr *ack)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(ack);
	size_t skip = sizeof(*err);
	int error;

	if (ack->nlmsg_type == NLMSG_DONE)
		skip = sizeof(error);
	if (mnl_nlmsg_get_payload_len(ack) < skip) {
		refusal_read(nl, ack, -EBADMSG, skip);
		return -1;
	}
	memcpy(&error, mnl_nlmsg_get_payload(ack), sizeof(error));
	if (ack->nlmsg_type == NLMSG_ERROR &&
	    !(ack->nlmsg_flags & NLM_F_CAPPED) && error)
		skip += err->msg.nlmsg_len - sizeof(err->msg);

	refusal_read(nl, ack, error, skip);
	if (error)
		return -1;
	if (nl->refusal.sentence[0])
		complain("note: %s", nl->refusal.sentence);
	return NL_DONE;
}

static int replies_room(struct nl_replies *replies, size_t need)
{
	size_t room = replies->room ? replies->room : NL_DATAGRAM_SIZE;
	char *data;

	if (need <= replies->room)
		return 0;
	while (room < need)
		room *= 2;
	data = realloc(replies->data, room);
	if (!data)
		return -1;
	replies->data = data;
	replies->room = room;
	return 0;
}

static int replies_add(struct nl_replies *replies, const struct nlmsghdr *nlh)
{
	size_t size = NLMSG_ALIGN(nlh->nlmsg_len);

	if (replies_room(replies, replies->size + size))
		return -1;
	memset(replies->data + replies->size, 0, size);
	memcpy(replies->data + replies->size, nlh, nlh->nlmsg_len);
	replies->size += size;
	return 0;
}

void nl_replies_free(struct nl_replies *replies)
{
	free(replies->data);
	memset(replies, 0, sizeof(*replies));
}

const struct nlmsghdr *nl_reply_next(const struct nl_replies *replies,
				     const struct nlmsghdr *at)
{
	const char *next = replies->data;

	if (at)
		next = (const char *)at + NLMSG_ALIGN(at->nlmsg_len);
	if (!next || next == replies->data + replies->size)
		return NULL;
	return (const struct nlmsghdr *)next;
}

static bool message_is_genl(const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_type >= NLMSG_MIN_TYPE &&
	       mnl_nlmsg_get_payload_len(nlh) >= sizeof(struct genlmsghdr);
}

/* One datagram of an answer. */
static int answer_read(struct nl *nl, struct nl_replies *replies, int len)
{
	const struct nlmsghdr *nlh = (const void *)nl_datagram;
	int torn = 0;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_seq != nl->seq)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			torn = NL_TORN;
		if (nlh->nlmsg_type == NLMSG_ERROR ||
		    nlh->nlmsg_type == NLMSG_DONE) {
			int ret = ack_read(nl, nlh);

			return ret < 0 ? ret : ret | torn;
		}
		if (!message_is_genl(nlh))
			continue;
		if (replies_add(replies, nlh)) {
			nl->refusal.error = ENOMEM;
			return -1;
		}
	}
	return NL_MORE | torn;
}

/* One request, one complete answer. */
static int exchange(struct nl *nl, struct nlmsghdr *request,
		    struct nl_replies *replies)
{
	int ret, state = NL_MORE;

	replies->size = 0;
	request->nlmsg_seq = ++nl->seq;
	if (transport_send(nl->transport, request, request->nlmsg_len) < 0)
		goto fail;

	do {
		ssize_t len = transport_recv(nl->transport, nl_datagram,
					     sizeof(nl_datagram));

		if (!len)
			errno = ENODATA;
		if (len <= 0)
			goto fail;
		ret = answer_read(nl, replies, len);
		if (ret < 0)
			return -1;
		state |= ret;
	} while (!(state & NL_DONE));
	return state;

fail:
	nl->refusal.error = errno;
	return -1;
}

int nl_query(struct nl *nl, struct nlmsghdr *request,
	     struct nl_replies *replies)
{
	unsigned int tries;
	int state;

	memset(replies, 0, sizeof(*replies));
	memset(&nl->refusal, 0, sizeof(nl->refusal));
	request->nlmsg_flags |= NLM_F_ACK;
	for (tries = 0; tries < NL_DUMP_TRIES; tries++) {
		state = exchange(nl, request, replies);
		if (state < 0) {
			nl_replies_free(replies);
			return -1;
		}
		replies->torn = state & NL_TORN;
		if (!replies->torn)
			break;
	}
	return 0;
}

static void family_group(struct nl_family *family, const struct nlattr *group)
{
	const struct nlattr *attr;
	const char *name = NULL;
	uint32_t id = 0;

	mnl_attr_for_each_nested(attr, group) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME &&
		    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			name = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID &&
		    mnl_attr_get_payload_len(attr) == sizeof(id))
			id = mnl_attr_get_u32(attr);
	}
	if (name && !strcmp(name, "events"))
		family->events = id;
}

static void family_read(struct nl_family *family, const struct nlmsghdr *reply)
{
	const struct nlattr *attr, *group;

	mnl_attr_for_each(attr, reply, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_get_payload_len(attr) == sizeof(uint16_t))
			family->id = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(group, attr)
			family_group(family, group);
	}
}

int nl_family_find(struct nl *nl, const char *name, struct nl_family *family)
{
	const struct nl_family control = { .name = "nlctrl", .id = GENL_ID_CTRL };
	const struct nlmsghdr *reply;
	struct nl_replies replies;
	struct nlmsghdr *request;

	memset(family, 0, sizeof(*family));
	family->name = name;
	request = nl_request(nl, &control, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, name);
	if (nl_query(nl, request, &replies))
		return -1;

	reply = nl_reply_next(&replies, NULL);
	if (reply)
		family_read(family, reply);
	nl_replies_free(&replies);
	if (family->id)
		return 0;
	nl->refusal.error = ENOENT;
	return -1;
}

int nl_subscribe(struct nl *nl, const struct nl_family *family)
{
	if (family->events &&
	    !transport_join(nl->transport, family->events))
		return 0;
	complain("cannot listen to the events of %s: %s", family->name,
		 family->events ? strerror(errno) : "it has none");
	return -1;
}

static int follow_datagram(int len, nl_event_fn *event, void *data)
{
	const struct nlmsghdr *nlh = (const void *)nl_datagram;
	int ret;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (!message_is_genl(nlh))
			continue;
		ret = event(nlh, data);
		if (ret)
			return ret;
	}
	return 0;
}

int nl_follow(struct nl *nl, nl_event_fn *event, void *data)
{
	int ret;

	do {
		ssize_t len = transport_recv(nl->transport, nl_datagram,
					     sizeof(nl_datagram));

		if (!len)
			return 0;
		if (len > 0) {
			ret = follow_datagram(len, event, data);
		} else if (errno == ENOBUFS) {
			ret = event(NULL, data);
		} else {
			complain("cannot read events: %s", strerror(errno));
			ret = -1;
		}
	} while (!ret);
	return ret;
}
