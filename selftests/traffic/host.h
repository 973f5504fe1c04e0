/* SPDX-License-Identifier: GPL-2.0-only */
/* A host of the traffic meter: one interface in one network namespace, with a
 * packet socket to send (batched) and one with a memory-mapped ring to receive.
 */
#ifndef TRAFFIC_HOST_H
#define TRAFFIC_HOST_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "wire.h"

struct acct_stream;

enum host_limits {
	HOST_BATCH = 64,		/* frames per sendmmsg() */
	HOST_SLOT = 256,		/* bytes of a ring slot */
	HOST_SLOTS = 1 << 14,		/* slots of a ring: 4 MiB */
	HOST_BLOCK = 1 << 16,		/* bytes of a ring block */
};

/**
 * struct host_staged - whose frame waits in the batch
 * @stream: where to account it; NULL for frames that only teach an address
 * @seq: its number
 */
struct host_staged {
	struct acct_stream *stream;
	uint64_t seq;
};

/**
 * struct host - one sender and receiver
 * @name: name in streams and tables
 * @netns: name below /run/netns, or "-" for the caller's own
 * @ifname: interface; may be a bond
 * @mac: its address when last opened
 * @down: declared dead by the operator; nothing is sent from it
 * @ring_drops: frames the ring had no room for, since the start
 * @alias_left: source addresses still to teach
 * @alias_next: number of the next one
 * @tx: sending socket, -1 while closed
 * @rx: receiving socket, -1 while closed
 * @ring: mapped ring of @rx
 * @slot: next slot of @ring to look at
 * @staged: frames in the batch
 * @owner: per staged frame
 * @msg: per staged frame
 * @iov: per staged frame
 * @frame: the staged frames
 */
struct host {
	char name[32];
	char netns[64];
	char ifname[IFNAMSIZ];
	uint8_t mac[6];
	bool down;
	uint64_t ring_drops;
	unsigned int alias_left;
	unsigned int alias_next;

	int tx;
	int rx;
	uint8_t *ring;
	unsigned int slot;

	unsigned int staged;
	struct host_staged owner[HOST_BATCH];
	struct mmsghdr *msg;
	struct iovec iov[HOST_BATCH];
	uint8_t frame[HOST_BATCH][WIRE_MAX_FRAME];
};

/* A frame out of the ring. @rx_ns is CLOCK_MONOTONIC. */
struct host_rx {
	const uint8_t *dst;
	const struct wire_hdr *hdr;
	uint64_t rx_ns;
};

typedef void (*host_rx_fn)(struct host *h, const struct host_rx *rx);

bool host_parse(struct host *h, const char *arg);
int host_open(struct host *h, bool qdisc);
void host_close(struct host *h);
uint8_t *host_stage(struct host *h, unsigned int len, struct acct_stream *s,
		    uint64_t seq);
void host_flush(struct host *h);
void host_receive(struct host *h, host_rx_fn fn);
void host_read_drops(struct host *h);

#endif
