// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a frame belongs to. Random frames are built layer by layer, and what
 * the reader finds is compared with what went in. Cut and broken frames must
 * do no harm; every buffer is exactly as long as the frame.
 *
 * cores: mlagbond/core/flow.c
 */
#include <stdlib.h>

#include <linux/types.h>

#include "mlagbond/core/flow.h"
#include "ktap.h"

enum { FRAME_MAX = 1024, ROUNDS = 200000 };

/* A frame under construction, and what is known of it */
struct frame {
	u8 data[FRAME_MAX];
	u32 len;
	struct mbond_flow outer;
	struct mbond_flow inner;
};

static u32 rnd(u32 limit)
{
	return (u32)rand() % limit;
}

static void put(struct frame *f, u32 value, u32 bytes)
{
	while (bytes--)
		f->data[f->len++] = value >> 8 * bytes;
}

static void put_random(struct frame *f, u32 bytes)
{
	while (bytes--)
		f->data[f->len++] = rand();
}

/* Ethernet and up to two tags; the EtherType is put by put_type() */
static void put_mac(struct frame *f, struct mbond_flow *flow)
{
	u32 tags = rnd(3), i, tci;

	memset(flow, 0, sizeof(*flow));
	for (i = 0; i < ETH_ALEN; i++)
		flow->dst[i] = rand();
	for (i = 0; i < ETH_ALEN; i++)
		flow->src[i] = rand();
	for (i = 0; i < ETH_ALEN; i++)
		put(f, flow->dst[i], 1);
	for (i = 0; i < ETH_ALEN; i++)
		put(f, flow->src[i], 1);
	for (i = 0; i < tags; i++) {
		tci = rnd(65536);
		put(f, rnd(2) ? 0x8100 : 0x88a8, 2);
		put(f, tci, 2);
		if (!i)
			flow->vid = tci & 0xfff;
	}
}

static void put_type(struct frame *f, struct mbond_flow *flow, u16 type)
{
	put(f, type, 2);
	flow->proto = type;
}

static u32 put_word(struct frame *f)
{
	u32 word = rnd(65536) << 16 | rnd(65536);

	put(f, word, 4);
	return word;
}

static u32 put_addr6(struct frame *f)
{
	u32 a = put_word(f), b = put_word(f), c = put_word(f), d = put_word(f);

	return a ^ b ^ c ^ d;
}

static void put_ip4(struct frame *f, struct mbond_flow *flow, u8 proto,
		    u16 frag)
{
	u32 options = rnd(3);

	flow->ip = true;
	put(f, 0x45 + options, 1);
	put_random(f, 5);
	put(f, frag, 2);
	put_random(f, 1);
	put(f, proto, 1);
	put_random(f, 2);
	flow->saddr = put_word(f);
	flow->daddr = put_word(f);
	put_random(f, options * 4);
}

/* With extension headers; @frag of -1 for none of that kind */
static void put_ip6(struct frame *f, struct mbond_flow *flow, u8 proto,
		    s32 frag)
{
	static const u8 kinds[] = { 0, 43, 60, 51 };
	u32 count = rnd(4), i, words;
	u8 next[5];

	for (i = 0; i < count; i++)
		next[i] = kinds[rnd(4)];
	if (frag >= 0)
		next[count++] = 44;
	next[count] = proto;
	flow->ip = true;
	put(f, 0x60000000, 4);
	put_random(f, 2);
	put(f, next[0], 1);
	put_random(f, 1);
	flow->saddr = put_addr6(f);
	flow->daddr = put_addr6(f);
	for (i = 0; i < count; i++) {
		words = rnd(3);
		put(f, next[i + 1], 1);
		put(f, next[i] == 51 ? 2 * words : words, 1);
		if (next[i] == 44) {
			put(f, frag, 2);
			put_random(f, 4);
		} else {
			put_random(f, 6 + 8 * words);
		}
	}
}

static void put_ip(struct frame *f, struct mbond_flow *flow, bool six,
		   u8 proto)
{
	if (six)
		put_ip6(f, flow, proto, rnd(8) ? -1 : 0);
	else
		put_ip4(f, flow, proto, rnd(2) ? 0x4000 : 0);
}

static void put_ports(struct frame *f, struct mbond_flow *flow)
{
	flow->l4 = true;
	flow->sport = rnd(65536);
	flow->dport = 1024 + rnd(1024);		/* no tunnel's */
	put(f, flow->sport, 2);
	put(f, flow->dport, 2);
	put_random(f, 4 + rnd(20));
}

static void put_echo(struct frame *f, struct mbond_flow *flow, bool six)
{
	put_ip(f, flow, six, six ? 58 : 1);
	put(f, six ? 128 + rnd(2) : rnd(2) * 8, 1);
	put_random(f, 3);
	flow->l4 = true;
	flow->sport = flow->dport = rnd(65536);
	put(f, flow->sport, 2);
	put_random(f, 2);
}

/* The part of an ICMP error before the packet it is about */
static void put_error(struct frame *f, struct mbond_flow *flow, bool six)
{
	put_ip(f, flow, six, six ? 58 : 1);
	put(f, six ? 1 + rnd(4) : 3, 1);
	put_random(f, 7);
}

static void put_l4(struct frame *f, struct mbond_flow *flow, bool six)
{
	static const u8 protos[] = { 6, 17, 33, 132, 136 };
	u8 proto;

	switch (rnd(6)) {
	case 0:
		put_echo(f, flow, six);
		break;
	case 1:			/* error about a packet with ports */
		put_error(f, flow, six);
		put_ip(f, flow, six, 6);
		put_ports(f, flow);
		break;
	case 4:			/* error about an echo: a ping that ran out */
		put_error(f, flow, six);
		put_echo(f, flow, six);
		break;
	case 2:			/* fragment, first or later */
		proto = protos[rnd(5)];
		if (six)
			put_ip6(f, flow, proto, rnd(2) ? 1 : 8 + 8 * rnd(9));
		else
			put_ip4(f, flow, proto, rnd(2) ? 0x2000 : 1 + rnd(99));
		put_random(f, 8);
		break;
	case 3:			/* a protocol without ports */
		put_ip(f, flow, six, 89);
		put_random(f, 8);
		break;
	default:
		put_ip(f, flow, six, protos[rnd(5)]);
		put_ports(f, flow);
	}
}

/* A packet: what is asked of a reader that does not look into tunnels */
static void put_packet(struct frame *f, struct mbond_flow *flow)
{
	bool six = rnd(2);

	put_mac(f, flow);
	if (!rnd(8)) {
		put_type(f, flow, 0x0806);
		put_random(f, 28);
		return;
	}
	put_type(f, flow, six ? 0x86dd : 0x0800);
	put_l4(f, flow, six);
}

/* The outer part of a tunnel over UDP */
static void put_udp_tunnel(struct frame *f, struct mbond_flow *flow,
			   u16 port)
{
	put_ip(f, flow, rnd(2), 17);
	flow->l4 = true;
	flow->sport = rnd(65536);
	flow->dport = port;
	put(f, flow->sport, 2);
	put(f, port, 2);
	put_random(f, 4);
}

/* Fixes the EtherType that belongs to what put_ip() chose */
static void tunnel(struct frame *f, u32 kind)
{
	bool six = rnd(2), outer_six;
	u32 type_at, options;
	u16 flags;

	put_mac(f, &f->outer);
	type_at = f->len;
	put(f, 0, 2);
	switch (kind) {
	case 0:			/* VXLAN */
		put_udp_tunnel(f, &f->outer, rnd(2) ? 4789 : 8472);
		put(f, 0x08000000, 4);
		put_random(f, 4);
		put_packet(f, &f->inner);
		break;
	case 1:			/* GENEVE with options */
		put_udp_tunnel(f, &f->outer, 6081);
		options = rnd(5);
		put(f, options, 1);
		put_random(f, 1);
		put(f, 0x6558, 2);
		put_random(f, 4 + options * 4);
		put_packet(f, &f->inner);
		break;
	case 2:			/* GRE */
		put_ip(f, &f->outer, rnd(2), 47);
		flags = (rnd(2) << 15) | (rnd(2) << 13) | (rnd(2) << 12);
		put(f, flags, 2);
		put(f, six ? 0x86dd : 0x0800, 2);
		put_random(f, 4 * __builtin_popcount(flags));
		f->inner = f->outer;
		put_l4(f, &f->inner, six);
		break;
	case 3:			/* IP in IP */
		put_ip(f, &f->outer, rnd(2), six ? 41 : 4);
		f->inner = f->outer;
		put_l4(f, &f->inner, six);
		break;
	case 4:			/* ICMP error about IP in IP */
		outer_six = rnd(2);
		put_error(f, &f->outer, outer_six);
		put_ip(f, &f->outer, outer_six, six ? 41 : 4);
		f->inner = f->outer;
		put_l4(f, &f->inner, six);
		break;
	}
	/* which IP it was is told by its first nibble */
	f->outer.proto = f->data[type_at + 2] >> 4 == 4 ? 0x0800 : 0x86dd;
	f->data[type_at] = f->outer.proto >> 8;
	f->data[type_at + 1] = (u8)f->outer.proto;
	if (kind >= 2)
		f->inner.proto = f->outer.proto;
}

/* Labels or a session before an IP packet: seen by the inner look alone */
static void below_ip(struct frame *f, bool mpls)
{
	bool six = rnd(2);
	u32 i, labels = 1 + rnd(3);

	put_mac(f, &f->outer);
	put_type(f, &f->outer, mpls ? 0x8847 : 0x8864);
	f->inner = f->outer;
	if (mpls) {
		for (i = 0; i < labels; i++)
			put(f, rnd(65536) << 12 | (i == labels - 1) << 8 | 64,
			    4);
	} else {
		put(f, 0x1100, 2);
		put_random(f, 4);
		put(f, six ? 0x0057 : 0x0021, 2);
	}
	put_l4(f, &f->inner, six);
}

static void build(struct frame *f)
{
	u32 kind = rnd(9);

	memset(f, 0, sizeof(*f));
	if (kind < 5) {
		tunnel(f, kind);
	} else if (kind < 7) {
		below_ip(f, kind == 5);
	} else {
		put_packet(f, &f->outer);
		f->inner = f->outer;
	}
}

static bool read_exact(const struct frame *f, u32 len, u32 what,
		       struct mbond_flow *flow)
{
	u8 *copy = malloc(len ? len : 1);
	bool whole;

	memcpy(copy, f->data, len);
	whole = mbond_flow_read(flow, copy, len, what);
	free(copy);
	return whole;
}

static bool same(const struct mbond_flow *a, const struct mbond_flow *b)
{
	return !memcmp(a->src, b->src, ETH_ALEN) &&
	       !memcmp(a->dst, b->dst, ETH_ALEN) && a->proto == b->proto &&
	       a->vid == b->vid && a->ip == b->ip && a->l4 == b->l4 &&
	       (!a->ip || (a->saddr == b->saddr && a->daddr == b->daddr)) &&
	       (!a->l4 || (a->sport == b->sport && a->dport == b->dport));
}

static void dump(const struct frame *f)
{
	u32 i;

	printf("# ");
	for (i = 0; i < f->len; i++)
		printf("%02x", f->data[i]);
	printf("\n");
}

TEST(flow_of_random_frames)
{
	struct mbond_flow flow;
	static struct frame f;
	int i;

	srand(21);
	for (i = 0; i < ROUNDS; i++) {
		build(&f);
		EXPECT(read_exact(&f, f.len, MBOND_FLOW_IP, &flow));
		if (!EXPECT(same(&flow, &f.outer))) {
			dump(&f);
			return;
		}
		EXPECT(read_exact(&f, f.len, MBOND_FLOW_INNER, &flow));
		if (!EXPECT(same(&flow, &f.inner))) {
			dump(&f);
			return;
		}
	}
}

/* What is read from a part is never wrong, only less; and it is said so */
TEST(flow_of_cut_frames)
{
	struct mbond_flow flow;
	static struct frame f;
	u32 i, len;
	bool whole;

	srand(22);
	for (i = 0; i < ROUNDS; i++) {
		build(&f);
		len = rnd(f.len);
		whole = read_exact(&f, len, MBOND_FLOW_INNER, &flow);
		if (whole && !EXPECT(same(&flow, &f.inner))) {
			dump(&f);
			return;
		}
	}
}

TEST(flow_of_broken_frames)
{
	struct mbond_flow flow;
	static struct frame f;
	u32 i, hits;

	srand(23);
	for (i = 0; i < ROUNDS; i++) {
		build(&f);
		for (hits = 1 + rnd(8); hits; hits--)
			f.data[rnd(f.len)] = rand();
		read_exact(&f, rnd(f.len + 1), MBOND_FLOW_INNER, &flow);
		read_exact(&f, rnd(f.len + 1), MBOND_FLOW_IP, &flow);
	}
	f.len = FRAME_MAX;
	for (i = 0; i < ROUNDS / 10; i++) {
		for (hits = 0; hits < 200; hits++)
			f.data[hits] = rand();
		f.data[12] = i % 2 ? 0x08 : 0x86;
		f.data[13] = i % 2 ? 0x00 : 0xdd;
		read_exact(&f, rnd(200), MBOND_FLOW_INNER, &flow);
	}
}

TEST(flow_of_no_frame)
{
	struct mbond_flow flow;
	struct frame f = { .len = 13 };

	EXPECT(!read_exact(&f, 0, 0, &flow));
	EXPECT(!read_exact(&f, 13, MBOND_FLOW_IP, &flow));
	EXPECT(!flow.ip && !flow.l4);
	EXPECT(read_exact(&f, 14, MBOND_FLOW_INNER, &flow));
}
