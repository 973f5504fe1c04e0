// SPDX-License-Identifier: GPL-2.0-only
/* Streams of the traffic meter: which frames are due, what they look like, and
 * whose book a received one belongs in. In: the tick. Out: frames staged at
 * the hosts, receptions to account.c.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "meter.h"

enum pace {
	PACE_BURST = 4,		/* frames of one stream per tick, at least */
	PACE_LATE_MS = 100,	/* backlog beyond this is given up */
};

/* stream_receive() hands frames on through a callback without argument */
static struct meter *receiving;
static unsigned int receiver;

static const char *parse_option(struct stream *st, const char *word)
{
	if (sscanf(word, "rate=%u", &st->rate) == 1)
		return st->rate && st->rate <= 100000 ? NULL : "bad rate";
	if (sscanf(word, "vlan=%u", &st->vlan) == 1)
		return st->vlan < 4095 ? NULL : "bad VLAN id";
	if (sscanf(word, "size=%u", &st->size) == 1)
		return st->size >= WIRE_MIN_FRAME &&
		       st->size <= WIRE_MAX_FRAME ? NULL : "bad size";
	return "unknown stream option";
}

static const char *parse_ends(struct meter *m, struct stream *st,
			      const char *word)
{
	const char *sep = strchr(word, '>');
	int src, dst = 0;

	if (!sep)
		return "a stream is SRC>DST";
	strcpy(st->name, word);
	src = meter_find_host(m, word, sep - word);
	sep++;
	if (!strcmp(sep, "*"))
		st->kind = STREAM_BROADCAST;
	else if (!strcmp(sep, "+"))
		st->kind = STREAM_MULTICAST;
	else if (!strcmp(sep, "?"))
		st->kind = STREAM_UNKNOWN;
	else
		dst = meter_find_host(m, sep, strlen(sep));
	if (src < 0 || dst < 0)
		return "unknown host";
	if (st->kind == STREAM_UNICAST && src == dst)
		return "source and destination are the same host";
	st->src = src;
	st->dst = dst;
	return NULL;
}

/**
 * stream_parse() - add a stream from the command line
 * @m: the meter, with all its hosts
 * @arg: SRC>DST, DST one of a host, "*" broadcast, "+" multicast, "?" an
 *       unknown unicast address; then ,rate=N ,vlan=N ,size=N
 * @defaults: what @arg does not say
 *
 * Return: NULL, or what is wrong.
 */
const char *stream_parse(struct meter *m, const char *arg,
			 const struct stream *defaults)
{
	char *copy, *word, *save = NULL;
	const char *err = NULL;
	struct stream *st;

	st = malloc(sizeof(*st));
	copy = strdup(arg);
	if (!st || !copy)
		abort();
	*st = *defaults;
	word = strtok_r(copy, ",", &save);
	if (!word || strlen(word) >= sizeof(st->name))
		err = "bad stream name";
	else if (m->nr_streams == METER_MAX_STREAMS)
		err = "too many streams";
	else
		err = parse_ends(m, st, word);
	while (!err && (word = strtok_r(NULL, ",", &save)))
		err = parse_option(st, word);
	free(copy);
	if (err)
		free(st);
	else
		m->stream[m->nr_streams++] = st;
	return err;
}

static void add_path(struct stream *st, unsigned int host)
{
	st->path[host] = malloc(sizeof(*st->path[host]));
	if (!st->path[host])
		abort();
	acct_path_init(st->path[host], &st->acct);
}

/**
 * stream_start() - open the books of all streams
 * @m: the meter
 * @now: time of the first frame
 */
void stream_start(struct meter *m, uint64_t now)
{
	struct stream *st;
	unsigned int i, h;

	for (i = 0; i < m->nr_streams; i++) {
		st = m->stream[i];
		acct_stream_init(&st->acct, NSEC_PER_SEC / st->rate, now);
		st->due_ns = now + st->acct.interval_ns * i / m->nr_streams;
		for (h = 0; h < m->nr_hosts; h++)
			if (st->kind == STREAM_UNICAST ? h == st->dst :
							 h != st->src)
				add_path(st, h);
	}
}

static void fill_dst(const struct meter *m, const struct stream *st,
		     uint16_t index, uint8_t *dst)
{
	static const uint8_t multicast[] = { 0x03, 0x00, 0x5e, 0x6d };
	static const uint8_t unknown[] = { 0x02, 0x00, 0x5e, 0x6e };

	switch (st->kind) {
	case STREAM_UNICAST:
		memcpy(dst, m->host[st->dst]->mac, 6);
		return;
	case STREAM_BROADCAST:
		memset(dst, 0xff, 6);
		return;
	case STREAM_MULTICAST:
		memcpy(dst, multicast, 4);
		break;
	case STREAM_UNKNOWN:
		memcpy(dst, unknown, 4);
		break;
	}
	dst[4] = index >> 8;
	dst[5] = index;
}

static void fill_u16(uint8_t **at, uint16_t value)
{
	*(*at)++ = value >> 8;
	*(*at)++ = value;
}

static void emit(struct meter *m, uint16_t index, uint64_t now)
{
	struct stream *st = m->stream[index];
	struct host *h = m->host[st->src];
	struct wire_hdr hdr = {
		.magic = htonl(WIRE_MAGIC),
		.run = htonl(m->run),
		.stream = htons(index),
		.sent_ns = htobe64(now),
	};
	uint64_t seq = acct_attempt(&st->acct, now);
	uint8_t *at;

	at = host_stage(h, st->size + (st->vlan ? 4 : 0), &st->acct, seq);
	fill_dst(m, st, index, at);
	memcpy(at + 6, h->mac, 6);
	at += 12;
	if (st->vlan) {
		fill_u16(&at, 0x8100);
		fill_u16(&at, st->vlan);
	}
	fill_u16(&at, WIRE_ETHERTYPE);
	hdr.seq = htobe64(seq);
	memcpy(at, &hdr, sizeof(hdr));
}

/* How many frames to send now. Lateness is made good a few frames per tick. */
static unsigned int pace(struct stream *st, uint64_t now, uint64_t tick_ns)
{
	const uint64_t step = st->acct.interval_ns;
	uint64_t burst = 2 * tick_ns / step + 1;
	uint64_t n;

	if (now < st->due_ns)
		return 0;
	if (now - st->due_ns > PACE_LATE_MS * NSEC_PER_MSEC)
		st->due_ns = now - PACE_LATE_MS * NSEC_PER_MSEC;
	if (burst < PACE_BURST)
		burst = PACE_BURST;
	n = (now - st->due_ns) / step + 1;
	if (n > burst)
		n = burst;
	st->due_ns += n * step;
	return n;
}

/**
 * stream_transmit() - send what is due, one batch per host
 * @m: the meter
 * @now: time of the tick
 */
void stream_transmit(struct meter *m, uint64_t now)
{
	struct stream *st;
	unsigned int i, n;

	for (i = 0; i < m->nr_streams; i++) {
		st = m->stream[i];
		if (m->host[st->src]->down) {
			st->due_ns = now;
			continue;
		}
		for (n = pace(st, now, m->tick_ns); n; n--)
			emit(m, i, now);
	}
	for (i = 0; i < m->nr_hosts; i++)
		host_flush(m->host[i]);
}

static void receive_one(struct host *h, const struct host_rx *rx)
{
	uint64_t seq = be64toh(rx->hdr->seq);
	uint16_t index = ntohs(rx->hdr->stream);
	struct stream *st;

	if (ntohl(rx->hdr->run) != receiving->run ||
	    index >= receiving->nr_streams)
		return;
	st = receiving->stream[index];
	if (st->src == receiver)
		acct_echo(&st->acct, seq);
	else if (!st->path[receiver] ||
		 (st->kind == STREAM_UNICAST && memcmp(rx->dst, h->mac, 6)))
		acct_flood(&st->acct, seq);
	else
		acct_path_rx(st->path[receiver], seq, rx->rx_ns);
}

/**
 * stream_receive() - account everything the hosts received
 * @m: the meter
 */
void stream_receive(struct meter *m)
{
	receiving = m;
	for (receiver = 0; receiver < m->nr_hosts; receiver++)
		host_receive(m->host[receiver], receive_one);
}

static void teach_one(const struct meter *m, struct host *h, unsigned int index)
{
	struct wire_hdr hdr = {
		.magic = htonl(WIRE_MAGIC),
		.run = htonl(m->run),
		.stream = htons(WIRE_NO_STREAM),
	};
	uint8_t *at = host_stage(h, WIRE_MIN_FRAME, NULL, 0);

	memset(at, 0xff, 6);
	at += 6;
	*at++ = 0x02;
	*at++ = 0x6d;
	*at++ = index;
	*at++ = h->alias_next >> 16;
	fill_u16(&at, h->alias_next);
	fill_u16(&at, WIRE_ETHERTYPE);
	memcpy(at, &hdr, sizeof(hdr));
	h->alias_next++;
	h->alias_left--;
}

/**
 * stream_teach() - send one tick's share of frames from extra source addresses
 * @m: the meter
 *
 * Return: true while there are more to send.
 */
bool stream_teach(struct meter *m)
{
	unsigned int share = m->alias_rate * m->tick_ns / NSEC_PER_SEC + 1;
	bool more = false;
	struct host *h;
	unsigned int i, n;

	for (i = 0; i < m->nr_hosts; i++) {
		h = m->host[i];
		for (n = 0; n < share && h->alias_left && !h->down; n++)
			teach_one(m, h, i);
		host_flush(h);
		more |= h->alias_left && !h->down;
	}
	return more;
}
