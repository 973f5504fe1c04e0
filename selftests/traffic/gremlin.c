// SPDX-License-Identifier: GPL-2.0-only
/* gremlin - a wire with faults at known sequence numbers, to prove the traffic
 * meter's counts. In: measuring frames on either interface. Out: the same
 * frames on the other one, but for what the rules say.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "wire.h"

enum fault {
	FAULT_NONE,
	FAULT_DROP,
	FAULT_DUP,	/* two more copies */
	FAULT_SWAP,	/* behind the next frame */
	FAULT_ECHO,	/* a copy back to where it came from */
};

static const char * const fault_names[] = {
	[FAULT_DROP] = "drop",
	[FAULT_DUP] = "dup",
	[FAULT_SWAP] = "swap",
	[FAULT_ECHO] = "echo",
};

struct rule {
	enum fault fault;
	unsigned long long first;
	unsigned long long last;
};

static struct rule rules[32];
static unsigned int nr_rules;

static void rule_parse(const char *arg)
{
	struct rule *r = &rules[nr_rules++];
	size_t i, len;

	for (i = FAULT_DROP; i <= FAULT_ECHO; i++) {
		len = strlen(fault_names[i]);
		if (strncmp(arg, fault_names[i], len) || arg[len] != '=')
			continue;
		r->fault = i;
		switch (sscanf(arg + len, "=%llu-%llu", &r->first, &r->last)) {
		case 1:
			r->last = r->first;
			return;
		case 2:
			return;
		}
	}
	fprintf(stderr, "gremlin: bad rule %s\n", arg);
	exit(2);
}

static enum fault fault_of(const uint8_t *frame, ssize_t len)
{
	const struct wire_hdr *hdr = (const void *)(frame + 14);
	uint64_t seq = be64toh(hdr->seq);
	unsigned int i;

	if (len < (ssize_t)(14 + sizeof(*hdr)) ||
	    hdr->magic != htonl(WIRE_MAGIC) ||
	    hdr->stream == htons(WIRE_NO_STREAM))
		return FAULT_NONE;
	for (i = 0; i < nr_rules; i++)
		if (seq >= rules[i].first && seq <= rules[i].last)
			return rules[i].fault;
	return FAULT_NONE;
}

static int port_open(const char *ifname)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(WIRE_ETHERTYPE),
		.sll_ifindex = if_nametoindex(ifname),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	int buf = 8 << 20;

	if (fd < 0 || !ll.sll_ifindex ||
	    bind(fd, (struct sockaddr *)&ll, sizeof(ll))) {
		fprintf(stderr, "gremlin: %s: %s\n", ifname, strerror(errno));
		exit(2);
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buf, sizeof(buf));
	return fd;
}

/* What cannot be sent is lost, as on a wire whose far end is gone. */
static void emit(int fd, const uint8_t *frame, ssize_t len, int copies)
{
	while (copies--)
		send(fd, frame, len, 0);
}

static void forward(int in, int out)
{
	static uint8_t held[WIRE_MAX_FRAME];
	static ssize_t held_len;
	static int held_out;
	uint8_t frame[WIRE_MAX_FRAME];
	ssize_t len = recv(in, frame, sizeof(frame), 0);
	enum fault fault;

	if (len <= 0)
		return;
	fault = fault_of(frame, len);
	if (fault == FAULT_ECHO)
		emit(in, frame, len, 1);
	if (fault == FAULT_SWAP && !held_len) {
		memcpy(held, frame, len);
		held_len = len;
		held_out = out;
		return;
	}
	if (fault != FAULT_DROP)
		emit(out, frame, len, fault == FAULT_DUP ? 3 : 1);
	if (held_len && out == held_out) {
		emit(out, held, held_len, 1);
		held_len = 0;
	}
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = {};
	int i;

	if (argc < 3 || argc - 3 > (int)(sizeof(rules) / sizeof(rules[0]))) {
		fprintf(stderr, "usage: gremlin IF1 IF2 [drop|dup|swap|echo=SEQ[-SEQ]]...\n");
		return 2;
	}
	for (i = 3; i < argc; i++)
		rule_parse(argv[i]);
	for (i = 0; i < 2; i++)
		fds[i] = (struct pollfd){ port_open(argv[1 + i]), POLLIN, 0 };
	puts("ready");
	fflush(stdout);
	for (;;) {
		poll(fds, 2, -1);
		for (i = 0; i < 2; i++)
			if (fds[i].revents)
				forward(fds[i].fd, fds[!i].fd);
	}
}
