/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink conversations: a request and its complete answer, or a
 * stream of events. What a refusal said is kept in parts, so that a command
 * can put it in its own words.
 */
#ifndef MLAGCTL_NL_H
#define MLAGCTL_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

struct transport;

enum nl_limits {
	NL_REQUEST_SIZE = 4096,
	NL_SENTENCE_SIZE = 256,
	NL_DUMP_TRIES = 5,
};

/**
 * struct nl_refusal - what the kernel had against a request
 * @error: positive errno
 * @sentence: extended ack, empty if there was none
 * @attr: attribute it points at, 0 if none
 * @missing: attribute that was missing, 0 if none
 * @has_range: @min and @max are what the kernel takes for @attr
 */
struct nl_refusal {
	int error;
	char sentence[NL_SENTENCE_SIZE];
	uint16_t attr;
	uint16_t missing;
	bool has_range;
	uint64_t min;
	uint64_t max;
};

/**
 * struct nl - one socket and the request under construction
 * @transport: owned
 * @seq: of the last request
 * @refusal: of the last request that failed
 * @request: room for one request, aligned for a header
 */
struct nl {
	struct transport *transport;
	uint32_t seq;
	struct nl_refusal refusal;
	uint32_t request[NL_REQUEST_SIZE / sizeof(uint32_t)];
};

/**
 * struct nl_family - a family by its number in this kernel
 * @name: as registered
 * @id: message type
 * @events: multicast group "events", 0 if the family has none
 */
struct nl_family {
	const char *name;
	uint16_t id;
	uint32_t events;
};

/**
 * struct nl_replies - all messages that answered one request
 * @data: the messages one behind another, owned; nl_replies_free()
 * @size: bytes used
 * @room: bytes allocated
 * @torn: the kernel's table changed during every attempt to read it
 */
struct nl_replies {
	char *data;
	size_t size;
	size_t room;
	bool torn;
};

/* Functions of type int give 0, or -1 after they explained on stderr; ... */
int nl_open(struct nl *nl);
void nl_close(struct nl *nl);

struct nlmsghdr *nl_request(struct nl *nl, const struct nl_family *family,
			    uint8_t command, uint16_t flags);
/* ... but these two leave nl->refusal for the caller to explain. */
int nl_family_find(struct nl *nl, const char *name, struct nl_family *family);
int nl_query(struct nl *nl, struct nlmsghdr *request,
	     struct nl_replies *replies);
void nl_replies_free(struct nl_replies *replies);

/* First and next message of @replies; @at NULL begins. NULL ends. */
const struct nlmsghdr *nl_reply_next(const struct nl_replies *replies,
				     const struct nlmsghdr *at);

int nl_subscribe(struct nl *nl, const struct nl_family *family);
/**
 * typedef nl_event_fn - one event; @message is NULL if events were lost
 * Must not query: @message lies in the one receive buffer.
 * Return: 0 to go on.
 */
typedef int nl_event_fn(const struct nlmsghdr *message, void *data);
/* Calls @event for each message that comes until it returns non-zero. */
int nl_follow(struct nl *nl, nl_event_fn *event, void *data);

uint8_t nl_command(const struct nlmsghdr *message);

#endif /* MLAGCTL_NL_H */
