/* SPDX-License-Identifier: GPL-2.0-only */
/* The central structs of the traffic meter: streams between hosts, and the run
 * with its phases. Filled by flows.c, driven by stream.c, shown by report.c.
 */
#ifndef TRAFFIC_METER_H
#define TRAFFIC_METER_H

#include <stdio.h>

#include "account.h"
#include "host.h"

#define NSEC_PER_SEC	1000000000ULL
#define NSEC_PER_MSEC	1000000ULL
#define NSEC_PER_USEC	1000ULL

enum meter_limits {
	METER_MAX_HOSTS = 16,
	METER_MAX_STREAMS = 256,
};

enum stream_kind {
	STREAM_UNICAST,
	STREAM_BROADCAST,
	STREAM_MULTICAST,
	STREAM_UNKNOWN,		/* unicast to an address nobody has */
};

/**
 * struct stream - frames of one source at a constant rate
 * @name: as on the command line: SRC>DST
 * @kind: what the destination address is
 * @src: index of the sending host
 * @dst: index of the receiving host, unicast only
 * @vlan: VLAN id of the frames, 0 untagged
 * @size: frame length in bytes without FCS
 * @rate: frames per second
 * @due_ns: when the next frame is to be sent
 * @acct: sender side of the book-keeping
 * @path: receiver side, per host; NULL where none is expected
 */
struct stream {
	char name[72];
	enum stream_kind kind;
	unsigned int src;
	unsigned int dst;
	unsigned int vlan;
	unsigned int size;
	unsigned int rate;
	uint64_t due_ns;
	struct acct_stream acct;
	struct acct_path *path[METER_MAX_HOSTS];
};

/**
 * struct meter_phase - one step of the run
 * @name: given by the operator
 * @start_ns: when it began
 * @end_ns: when the next began, 0 while it lasts
 * @down: hosts declared dead at any time in it, one bit each
 * @ring_drops: frames our own rings had no room for
 * @softnet_drops: frames the kernel's backlog had no room for
 * @stall_ns: longest oversleep of the meter
 */
struct meter_phase {
	char name[64];
	uint64_t start_ns;
	uint64_t end_ns;
	uint32_t down;
	uint64_t ring_drops;
	uint64_t softnet_drops;
	uint64_t stall_ns;
};

/**
 * struct meter - the run
 * @run: number that tells our frames from those of other runs
 * @tick_ns: time between two rounds of receiving and sending
 * @settle_ns: how long frames of an ended phase may be under way
 * @tail_ns: end of a phase in which nothing may be lost
 * @qdisc: send through the queueing discipline
 * @progress: print one line per second
 * @alias_rate: source addresses taught per second
 * @nr_phases: phases begun
 * @nr_closed: phases counted and printed
 * @begin_ns: time 0 of what is printed
 * @json: one object per phase goes here, or NULL
 */
struct meter {
	uint32_t run;
	uint64_t tick_ns;
	uint64_t settle_ns;
	uint64_t tail_ns;
	bool qdisc;
	bool progress;
	unsigned int alias_rate;

	struct host *host[METER_MAX_HOSTS];
	unsigned int nr_hosts;
	struct stream *stream[METER_MAX_STREAMS];
	unsigned int nr_streams;

	struct meter_phase phase[ACCT_MAX_PHASES];
	unsigned int nr_phases;
	unsigned int nr_closed;
	uint64_t begin_ns;
	FILE *json;
};

int meter_find_host(const struct meter *m, const char *name, size_t len);

/* stream.c */
const char *stream_parse(struct meter *m, const char *arg,
			 const struct stream *defaults);
void stream_start(struct meter *m, uint64_t now);
void stream_transmit(struct meter *m, uint64_t now);
void stream_receive(struct meter *m);
bool stream_teach(struct meter *m);

/* report.c */
void report_phase(struct meter *m, unsigned int phase);
int report_summary(struct meter *m);
void report_progress(struct meter *m, uint64_t now);

#endif
