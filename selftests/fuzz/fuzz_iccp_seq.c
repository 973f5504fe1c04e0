// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any sequence of events into two chassis: cables, links, power, addresses,
 * configuration, departures, forged frames. The first byte says whether frames
 * are forged; if they are, nothing may crash and the tables must add up; if
 * not, no two legs may both deliver a flooded frame either. With keys, forged
 * frames are signed now and then.
 */
#include <stdlib.h>
#include <linux/string.h>
#include <net/mlagbond_gate.h>

#define BENCH_QUEUE 256
#include "iccp_bench.c"

#define CHECK(cond)	do { if (!(cond)) abort(); } while (0)

enum {
	EVENTS = 120,
	ENTRIES = 64,
};

struct input {
	const u8 *data;
	size_t left;
};

static struct bench bench;

static u8 take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static void forge(struct bench *b, int who, struct input *in)
{
	struct iccp_node *node = b->c[who].node;
	u8 buf[256] = { 0 };
	struct iccp_hdr hdr = { 0 };
	struct iccp_writer w;
	u32 len = take(in);
	u32 i;

	iccp_pdu_begin(&w, buf, sizeof(buf));
	for (i = 0; i < len && w.len < sizeof(buf) - ICCP_AUTH_LEN; i++)
		buf[w.len++] = take(in);
	hdr.type = 1 + take(in) % 6;
	hdr.nonce = take(in) % 8 ? node->session.peer_nonce : 4711;
	hdr.echo = take(in) % 8 ? node->session.nonce : 0;
	hdr.seq = hdr.type == ICCP_DATA ? node->session.rx_next + take(in) % 4 :
					  node->session.replay.top + take(in);
	hdr.ack = node->session.tx_una + take(in) % 4;
	len = iccp_pdu_finish(&w, &hdr);
	if (hdr.nonce != 4711 || take(in) % 2)
		len = iccp_auth_sign(&node->auth, buf, len);
	if (hdr.type == ICCP_HEARTBEAT)
		iccp_node_beat(node, b->now, buf, len);
	else
		iccp_node_frame(node, b->now, take(in) % 4, buf, len);
}

static void address(struct bench *b, int who, struct input *in)
{
	u8 mac[ETH_ALEN];
	u8 what = take(in);
	u32 n = take(in) % 80;
	int leg = what >> 6;

	bench_mac(mac, n);
	switch (what % 6) {
	case 0 ... 1:
		bench_learn(b, who, n, 1 + take(in) % 4, leg);
		break;
	case 2:
		iccp_node_fdb_forgot(b->c[who].node, b->now, mac, 1,
				     take(in) % 5, bench_id(leg));
		break;
	case 3:
		iccp_node_fdb_activity(b->c[who].node, b->now, mac, 1,
				       leg & 1);
		break;
	case 4:
		iccp_node_fdb_flush(b->c[who].node, b->now, take(in) % 4,
				    bench_id(leg), take(in) % 3);
		break;
	case 5:
		b->c[who].ops_held = leg & 1;
		break;
	}
}

static void leg_event(struct bench *b, int who, struct input *in)
{
	u8 what = take(in);
	struct bench_leg *l = &b->c[who].legs[what % BENCH_LEGS];

	if (what & 0x80) {
		iccp_node_leg_del(b->c[who].node, b->now,
				  bench_id(what % BENCH_LEGS));
		memset(l, 0, sizeof(*l));
		return;
	}
	bench_plug(b, who, what % BENCH_LEGS, what & 0x10);
	l->in.forwarding = (what & 0x60) != 0x60;
	if ((what & 0x68) == 0x28)
		l->in.partner_key = 8;
	bench_leg_tell(b, who, what % BENCH_LEGS);
}

static void second_path(struct bench *b, u8 what)
{
	b->deaf[0] = what & 1;
	b->deaf[1] = what & 2;
	if (!(what & 0x0c))
		bench_heartbeat(b, what & 0x10);
}

/* One of three keys, or none; on both at once, or this chassis alone */
static void set_key(struct bench *b, int who, u8 what)
{
	u8 key[ICCP_KEY_MIN];
	int i;

	memset(key, what % 4, sizeof(key));
	for (i = 0; i < 2; i++)
		if (b->c[i].on && (i == who || what & 4))
			iccp_node_set_key(b->c[i].node, b->now, key,
					  what % 4 ? sizeof(key) : 0);
}

static void check_keys(const struct iccp_auth *a)
{
	u32 i, k;

	CHECK(a->n && a->n <= ICCP_KEYS && a->npeer <= ICCP_KEYS);
	CHECK(a->keys[0].until == (u64)-1);
	for (i = 0; i < a->n; i++)
		for (k = 0; k < i; k++)
			CHECK(a->keys[i].id != a->keys[k].id);
	for (; i < ICCP_KEYS; i++)
		CHECK(!memchr_inv(&a->keys[i], 0, sizeof(a->keys[i])));
}

/* How a bridge or a leg is configured. */
static void facts(struct bench *b, int who, struct input *in)
{
	u8 what = take(in);
	struct iccp_facts facts = { 0 };
	struct iccp_vlans vlans = { { 0 } };
	u32 n, id;

	iccp_fact_set(&facts, ICCP_FACT_VLAN_FILTERING, !(what & 0x10));
	for (n = what & 7; n; n--)
		iccp_fact_set(&facts, take(in) % ICCP_FACT_MAX, take(in) & 3);
	for (n = take(in) & 3; n; n--)
		iccp_vlans_add(&vlans, take(in) << 4);
	id = what & 0x20 ? 0 : bench_id(take(in) % BENCH_LEGS);
	iccp_node_facts(b->c[who].node, b->now, id, &facts);
	iccp_node_vlans(b->c[who].node, b->now, id,
			what & 0x40 ? NULL : &vlans);
}

static void configure(struct bench *b, int who, struct input *in)
{
	struct iccp_config cfg;
	u8 what = take(in);

	bench_config(b, who, &cfg);
	cfg.priority = what & 3;
	cfg.preempt = what & 4;
	cfg.split_action = (what >> 3) % 3;
	cfg.heartbeat = b->c[who].node->cfg.heartbeat;
	cfg.init_delay = what & 0x20 ? 300 : 0;
	cfg.system[0] = what & 0x40 ? 2 : 0;
	cfg.consistency_action = what >> 7;
	iccp_node_set_config(b->c[who].node, b->now, &cfg);
	if (what & 0x80) {
		what = take(in);
		set_key(b, who, what);
		cfg.maintenance = what & 0x10;
		iccp_node_set_config(b->c[who].node, b->now, &cfg);
	}
}

static void power(struct bench *b, int who, struct input *in)
{
	struct iccp_config cfg;

	if (b->c[who].on && take(in) & 1) {
		bench_stop(b, who);
		return;
	}
	bench_config(b, who, &cfg);
	cfg.reload_delay = 500;
	bench_start(b, who, &cfg);
}

static void event(struct bench *b, struct input *in, bool forged)
{
	u8 what = take(in);
	int who = what >> 7;

	if (what % 16 >= 12) {
		bench_run(b, take(in) * 4);
		return;
	}
	if (!b->c[who].on) {
		power(b, who, in);
		return;
	}
	switch (what % 16) {
	case 0 ... 2:
		leg_event(b, who, in);
		break;
	case 3 ... 5:
		address(b, who, in);
		break;
	case 6:
		bench_links(b, take(in) & 3);
		break;
	case 7:
		b->loss = take(in) * 2;
		b->jitter = take(in) % 16;
		break;
	case 8:
		second_path(b, take(in));
		break;
	case 9:
		if (take(in) & 1)
			facts(b, who, in);
		else
			configure(b, who, in);
		break;
	case 10:
		if (forged)
			forge(b, who, in);
		else
			power(b, who, in);
		break;
	case 11:
		if (b->c[who].node->left)
			iccp_node_join(b->c[who].node, b->now, take(in) + 1);
		else if (take(in) % 4 == 0)
			iccp_node_leave(b->c[who].node, b->now,
					1 + take(in) % 3);
		break;
	}
	b->c[who].next = 0;
}

static void check_fdb(const struct iccp_fdb *fdb)
{
	u32 i, alive = 0, used = 0, on_legs = 0, freed = 0;

	for (i = 0; i < fdb->unused; i++) {
		used += !!(fdb->entries[i].flags & ICCP_FDB_USED);
		alive += !!(fdb->entries[i].flags & ICCP_FDB_ALIVE);
		on_legs += fdb->entries[i].flags & ICCP_FDB_USED &&
			   fdb->entries[i].slot != ICCP_SLOT_NONE;
	}
	CHECK(alive == fdb->count);
	for (i = fdb->free; i != ICCP_FDB_NIL; i = fdb->entries[i].hash_next)
		freed++;
	CHECK(used + freed == fdb->unused);
	for (i = 0; i < fdb->nlegs; i++) {
		CHECK(fdb->legs[i].count <= on_legs);
		CHECK(fdb->legs[i].pending <= fdb->legs[i].count);
		on_legs -= fdb->legs[i].count;
	}
	CHECK(!on_legs);
}

static void check_leg(const struct iccp_node *node, const struct iccp_leg *leg)
{
	if (!leg->mlag_id || !leg->own)
		return;
	CHECK(leg->state <= ICCP_LEG_LINGERING);
	/* held legs take and send nothing */
	if (node->posture == ICCP_POSTURE_HELD ||
	    node->posture == ICCP_POSTURE_ISOLATED)
		CHECK(leg->state == ICCP_LEG_DOWN);
	/* or are on their way there, while the peer's carry */
	if (node->leave_reason || node->cfg.maintenance)
		CHECK(leg->state == ICCP_LEG_DOWN ||
		      leg->state >= ICCP_LEG_YIELDING);
	if (leg->state >= ICCP_LEG_YIELDING)
		CHECK(node->synced && iccp_peer_leg_up(leg));
	/* no word of the peer: nothing passes from it */
	if (!leg->peer.known)
		CHECK(MLAGBOND_GATE_FILTER(iccp_leg_gate(leg)) ==
		      MLAGBOND_FILTER_BLOCK);
}

/* Every place of the pool has as many holders as hold it. */
static void check_pool(const struct iccp_node *node)
{
	const struct iccp_check *check = &node->check;
	u32 refs[ICCP_VLAN_SETS + 1] = { 0 };
	u32 i;

	refs[check->domain.own_vlans]++;
	refs[check->domain.peer_vlans]++;
	for (i = 0; i < node->legs_used; i++) {
		if (!node->legs[i].mlag_id)
			continue;
		refs[node->legs[i].check.own_vlans]++;
		refs[node->legs[i].check.peer_vlans]++;
	}
	for (i = 0; i < ICCP_VLAN_SETS; i++)
		CHECK(check->pool.refs[i] == refs[i + 1]);
	CHECK(check->now.count <= ICCP_FINDINGS_MAX);
}

static void check(struct bench *b, bool forged)
{
	u32 i, n;

	for (i = 0; i < 2; i++) {
		if (!b->c[i].on)
			continue;
		check_fdb(&b->c[i].node->fdb);
		check_keys(&b->c[i].node->auth);
		check_pool(b->c[i].node);
		for (n = 0; n < b->c[i].node->legs_used; n++)
			check_leg(b->c[i].node, &b->c[i].node->legs[n]);
	}
	CHECK(forged || !b->violations);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	struct bench *b = &bench;
	struct iccp_config cfg;
	bool forged;
	u32 i, n;

	if (!size || size > 4096)
		return 0;
	forged = take(&in) & 1;
	bench_open(b, take(&in), ENTRIES);
	for (i = 0; i < 2; i++) {
		bench_config(b, i, &cfg);
		cfg.reload_delay = 500;
		bench_start(b, i, &cfg);
		for (n = 0; n < BENCH_LEGS; n++)
			bench_plug(b, i, n, true);
	}
	for (i = 0; i < EVENTS && in.left; i++) {
		event(b, &in, forged);
		bench_step(b);
		check(b, forged);
	}
	bench_close(b);
	return 0;
}
