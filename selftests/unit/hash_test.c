// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow hash: what it must and must not depend on, and how evenly it
 * spreads flows as they occur (neighbouring addresses and ports); random flows
 * against a second implementation that adds and sorts.
 *
 * cores: mlagbond/core/flow.c
 */
#include <stdlib.h>

#include <linux/types.h>

#include "mlagbond/core/hash.h"
#include "ktap.h"

enum { FLOWS = 4096, PORTS = 4 };

typedef u32 hash_fn(const struct mbond_flow *flow);

static struct mbond_flow random_flow(void)
{
	struct mbond_flow flow = { .proto = 0x0800, .ip = true, .l4 = true };
	int i;

	for (i = 0; i < ETH_ALEN; i++) {
		flow.src[i] = rand();
		flow.dst[i] = rand();
	}
	flow.saddr = rand() ^ (u32)rand() << 16;
	flow.daddr = rand() ^ (u32)rand() << 16;
	flow.sport = rand();
	flow.dport = rand();
	return flow;
}

/*
 * The naive one: products in full, by the pieces of school, and then cut; a
 * pair is sorted.
 */
static u64 times(u64 a, u64 b)
{
	u64 product = 0;
	int bit;

	for (bit = 0; bit < 64; bit++)
		if (b >> bit & 1)
			product += a << bit;
	return product;
}

static u32 naive_mix(u64 x)
{
	u64 folded = x / 0x100000000ULL ^ x;

	return times(folded, 0x94d049bb133111ebULL) / 0x100000000ULL;
}

static int by_size(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x > *y ? 1 : *x < *y ? -1 : 0;
}

static u64 naive_pair(u64 a, u64 b)
{
	u64 both[2] = { a, b };

	qsort(both, 2, sizeof(*both), by_size);
	return times(both[0], 0x9e3779b97f4a7c15ULL) +
	       times(both[1], 0xbb67ae8584caa73bULL);
}

static u64 naive_word(const u8 *bytes, int count)
{
	u64 word = 0;

	while (count--)
		word = word * 256 + *bytes++;
	return word;
}

static u64 naive_macs(const struct mbond_flow *f)
{
	return naive_pair(naive_word(f->src, 6), naive_word(f->dst, 6)) +
	       times(f->proto, 0xa54ff53a5f1d36f1ULL);
}

static u32 naive_l23(const struct mbond_flow *f)
{
	u64 sum = naive_macs(f);

	if (f->ip)
		sum = times(sum, 0xa54ff53a5f1d36f1ULL) +
		      naive_pair(f->saddr, f->daddr);
	return naive_mix(sum);
}

static u32 naive_l34(const struct mbond_flow *f)
{
	u64 src = f->saddr * 65536ULL, dst = f->daddr * 65536ULL;

	if (!f->ip)
		return naive_mix(naive_macs(f));
	if (f->l4) {
		src += f->sport;
		dst += f->dport;
	}
	return naive_mix(naive_pair(src, dst));
}

static struct mbond_flow reverse(const struct mbond_flow *flow)
{
	struct mbond_flow back = *flow;

	memcpy(back.src, flow->dst, ETH_ALEN);
	memcpy(back.dst, flow->src, ETH_ALEN);
	back.saddr = flow->daddr;
	back.daddr = flow->saddr;
	back.sport = flow->dport;
	back.dport = flow->sport;
	return back;
}

TEST(hash_both_directions_agree)
{
	static hash_fn *const fns[] = {
		mbond_hash_l2, mbond_hash_l23, mbond_hash_l34,
	};
	struct mbond_flow flow, back;
	int i, f;

	srand(4);
	for (i = 0; i < 10000; i++) {
		flow = random_flow();
		flow.ip = i % 7;
		flow.l4 = flow.ip && i % 3;
		back = reverse(&flow);
		for (f = 0; f < 3; f++)
			ASSERT_EQ(fns[f](&flow), fns[f](&back));
	}
}

TEST(hash_like_the_naive_one)
{
	struct mbond_flow f;
	u16 vid;
	int i;

	srand(12);
	for (i = 0; i < 100000; i++) {
		f = random_flow();
		f.proto = rand();
		f.ip = rand() % 7;
		f.l4 = f.ip && rand() % 3;
		vid = rand() % 4096;
		ASSERT_EQ(mbond_hash_l2(&f), naive_mix(naive_macs(&f)));
		ASSERT_EQ(mbond_hash_l23(&f), naive_l23(&f));
		ASSERT_EQ(mbond_hash_l34(&f), naive_l34(&f));
		ASSERT_EQ(mbond_hash_vlan_srcmac(&f, vid),
			  naive_mix(times(naive_word(f.src, 6),
					  0x9e3779b97f4a7c15ULL) +
				    times(vid, 0xa54ff53a5f1d36f1ULL)));
	}
}

TEST(hash_l2_sees_only_layer_2)
{
	struct mbond_flow a, b;

	srand(5);
	a = random_flow();
	b = a;
	b.saddr++;
	b.sport++;
	EXPECT_EQ(mbond_hash_l2(&a), mbond_hash_l2(&b));
	b.dst[5]++;
	EXPECT(mbond_hash_l2(&a) != mbond_hash_l2(&b));
	b = a;
	b.proto++;
	EXPECT(mbond_hash_l2(&a) != mbond_hash_l2(&b));
}

TEST(hash_l23_sees_addresses_not_ports)
{
	struct mbond_flow a, b;

	srand(6);
	a = random_flow();
	b = a;
	b.sport++;
	b.dport++;
	EXPECT_EQ(mbond_hash_l23(&a), mbond_hash_l23(&b));
	b.saddr++;
	EXPECT(mbond_hash_l23(&a) != mbond_hash_l23(&b));
}

TEST(hash_l34_sees_ports_not_macs)
{
	struct mbond_flow a, b;

	srand(7);
	a = random_flow();
	b = a;
	b.src[5]++;
	b.dst[0]++;
	EXPECT_EQ(mbond_hash_l34(&a), mbond_hash_l34(&b));
	b.sport++;
	EXPECT(mbond_hash_l34(&a) != mbond_hash_l34(&b));
	b.sport = a.sport;
	b.l4 = false;
	b.dport++;
	a.l4 = false;
	EXPECT_EQ(mbond_hash_l34(&a), mbond_hash_l34(&b));
}

TEST(hash_without_ip_is_layer_2)
{
	struct mbond_flow flow;

	srand(8);
	flow = random_flow();
	flow.ip = false;
	EXPECT_EQ(mbond_hash_l34(&flow), mbond_hash_l2(&flow));
	EXPECT_EQ(mbond_hash_l23(&flow), mbond_hash_l2(&flow));
}

TEST(hash_vlan_srcmac)
{
	struct mbond_flow a, b;

	srand(9);
	a = random_flow();
	b = a;
	b.dst[3]++;
	b.saddr++;
	EXPECT_EQ(mbond_hash_vlan_srcmac(&a, 5), mbond_hash_vlan_srcmac(&b, 5));
	EXPECT(mbond_hash_vlan_srcmac(&a, 5) != mbond_hash_vlan_srcmac(&a, 6));
	b.src[5]++;
	EXPECT(mbond_hash_vlan_srcmac(&a, 5) != mbond_hash_vlan_srcmac(&b, 5));
}

/* Five standard deviations of a fair coin with FLOWS throws */
static void expect_even(const u32 *load, const char *what)
{
	u32 i;

	for (i = 0; i < PORTS; i++)
		if (!EXPECT(load[i] > FLOWS / PORTS - 140 &&
			    load[i] < FLOWS / PORTS + 140))
			printf("# %s: port %u has %u\n", what, i, load[i]);
}

static void spread(hash_fn *fn, void (*vary)(struct mbond_flow *flow, u32 i),
		   const char *what)
{
	u32 load[PORTS] = { 0 };
	struct mbond_flow flow;
	u32 i;

	srand(10);
	for (i = 0; i < FLOWS; i++) {
		flow = (struct mbond_flow) {
			.proto = 0x0800, .ip = true, .l4 = true,
			.src = { 2, 0, 0, 0, 0, 1 },
			.dst = { 2, 0, 0, 0, 0, 2 },
			.saddr = 0x0a000001, .daddr = 0x0a000101,
			.sport = 40000, .dport = 80,
		};
		vary(&flow, i);
		load[fn(&flow) % 256 / 64]++;
	}
	expect_even(load, what);
}

static void vary_sport(struct mbond_flow *flow, u32 i)
{
	flow->sport = 32768 + i;
}

static void vary_sport_even(struct mbond_flow *flow, u32 i)
{
	flow->sport = 32768 + 2 * i;
}

static void vary_both_ports(struct mbond_flow *flow, u32 i)
{
	flow->sport = 1024 + i;
	flow->dport = 1024 + i;
}

static void vary_saddr(struct mbond_flow *flow, u32 i)
{
	flow->saddr = 0x0a000000 + i;
}

static void vary_both_addrs(struct mbond_flow *flow, u32 i)
{
	flow->saddr = 0x0a000000 + i;
	flow->daddr = 0x0a010000 + i;
}

static void vary_addr_big_endian(struct mbond_flow *flow, u32 i)
{
	flow->saddr = __builtin_bswap32(0x0a000000 + i);
}

static void vary_mac(struct mbond_flow *flow, u32 i)
{
	flow->dst[4] = i >> 8;
	flow->dst[5] = i;
}

static void vary_mac_stride(struct mbond_flow *flow, u32 i)
{
	flow->src[3] = i >> 8;
	flow->src[4] = i;
}

TEST(hash_spreads_neighbours)
{
	spread(mbond_hash_l34, vary_sport, "source ports");
	spread(mbond_hash_l34, vary_sport_even, "even source ports");
	spread(mbond_hash_l34, vary_both_ports, "equal ports");
	spread(mbond_hash_l34, vary_saddr, "sources");
	spread(mbond_hash_l34, vary_both_addrs, "pairs");
	spread(mbond_hash_l34, vary_addr_big_endian, "sources, swapped");
	spread(mbond_hash_l23, vary_saddr, "sources, layer2+3");
	spread(mbond_hash_l23, vary_both_addrs, "pairs, layer2+3");
	spread(mbond_hash_l2, vary_mac, "destination MACs");
	spread(mbond_hash_l2, vary_mac_stride, "source MACs, stride");
}

/* At random 41427 of 65536 would be met */
TEST(hash_mix_spreads_low_bits)
{
	static u8 seen[1 << 16];
	u32 i, x, hits = 0;

	for (i = 0; i < 1 << 16; i++) {
		x = mbond_hash_mix(i) >> 16;
		hits += !seen[x];
		seen[x] = 1;
	}
	EXPECT(hits > 40000);
}
