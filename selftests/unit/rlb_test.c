// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which port receives from whom: fixed cases, and random events against a
 * second implementation that keeps clients in one list, counts by looking at
 * all of them and knows no chains. After each event every client of both must
 * be the same, and the ports must share them fairly.
 *
 * cores: mlagbond/core/rlb.c
 */
#include <stdlib.h>

#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "mlagbond/core/rlb.h"
#include "ktap.h"

static struct rlb rlb;
static u32 speed[RLB_SLOTS];
static const u8 macs[4][ETH_ALEN] = {
	{ 2, 0, 0, 0, 0, 1 }, { 2, 0, 0, 0, 0, 2 }, { 2, 0, 0, 0, 0, 3 },
	{ 2, 0, 0, 0, 0, 4 },
};

static void start(u64 ports)
{
	int i;

	for (i = 0; i < RLB_SLOTS; i++)
		speed[i] = 1000;
	rlb_init(&rlb);
	rlb_set(&rlb, ports, speed, 0, 0);
}

static struct rlb_key key_of(u32 ip)
{
	return (struct rlb_key) { .ip = ip, .our = 1 };
}

static u8 speak(u32 ip, const u8 *mac, u64 now)
{
	struct rlb_key key = key_of(ip);

	return rlb_speak(&rlb, &key, mac, now);
}

static u32 lessons(u64 now)
{
	struct rlb_lesson lesson;
	u32 n = 0;

	while (rlb_next(&rlb, now, &lesson))
		n++;
	return n;
}

TEST(rlb_clients_are_shared_and_stay)
{
	u32 seen[4] = { 0 };
	u8 slot[40];
	int i;

	start(0xf);
	for (i = 0; i < 40; i++) {
		slot[i] = speak(100 + i, macs[0], 0);
		ASSERT(slot[i] < 4);
		seen[slot[i]]++;
	}
	for (i = 0; i < 4; i++)
		EXPECT_EQ(seen[i], 10);
	for (i = 0; i < 40; i++)
		EXPECT_EQ(speak(100 + i, macs[0], 5), slot[i]);
	EXPECT_EQ(lessons(100), 0);
	EXPECT_EQ(rlb_deadline(&rlb), RLB_NEVER);
}

TEST(rlb_by_speed)
{
	u32 seen[2] = { 0 };
	int i;

	start(0);
	speed[1] = 3000;
	rlb_set(&rlb, 3, speed, 0, 0);
	for (i = 0; i < 40; i++)
		seen[speak(100 + i, macs[0], 0)]++;
	EXPECT_EQ(seen[0], 10);
	EXPECT_EQ(seen[1], 30);
}

/* A port that is too slow for a single client keeps nobody from a fast one */
TEST(rlb_joiner_beside_a_slow_port)
{
	int i;

	start(1);
	for (i = 0; i < 5; i++)
		speak(100 + i, macs[0], 0);
	speed[1] = 100;
	rlb_set(&rlb, 3, speed, 0, 10);
	EXPECT_EQ(rlb.load[1], 0);
	speed[2] = 10000;
	rlb_set(&rlb, 7, speed, 0, 20);
	EXPECT_EQ(rlb.load[0], 0);
	EXPECT_EQ(rlb.load[2], 5);
	EXPECT_EQ(speak(200, macs[0], 30), 2);
}

TEST(rlb_same_ip_elsewhere_is_another_client)
{
	struct rlb_key a = { .ip = 7, .our = 1 }, b = a, c = a;

	start(3);
	b.vlan = 5;
	c.our = 2;
	rlb_speak(&rlb, &a, macs[0], 0);
	rlb_speak(&rlb, &b, macs[0], 0);
	rlb_speak(&rlb, &c, macs[0], 0);
	EXPECT_EQ(rlb.count, 3);
	rlb_forget(&rlb, 1, 5);
	EXPECT_EQ(rlb.count, 2);
	rlb_forget(&rlb, 1, 0);
	EXPECT_EQ(rlb.count, 1);
}

TEST(rlb_addresses_of_others_are_told_apart)
{
	struct rlb_key key = { .ip = 7, .our = 0x0a000001 };

	start(3);
	EXPECT(!rlb_may_be_ours(rlb.ours, key.our));
	rlb_speak(&rlb, &key, macs[0], 0);
	EXPECT(rlb_may_be_ours(rlb.ours, key.our));
	EXPECT(!rlb_may_be_ours(rlb.ours, key.our + 1));
	rlb_forget(&rlb, key.our, 0);
	EXPECT(!rlb_may_be_ours(rlb.ours, key.our));
}

TEST(rlb_lost_port_is_taught_twice_at_once)
{
	struct rlb_lesson lesson;
	u8 slot;

	start(3);
	speak(10, macs[0], 0);
	slot = speak(11, macs[1], 0);
	EXPECT_EQ(slot, 1);
	rlb_set(&rlb, 1, speed, 0, 1000);
	EXPECT_EQ(rlb_deadline(&rlb), 1000);
	ASSERT(rlb_next(&rlb, 1000, &lesson));
	EXPECT_EQ(lesson.slot, 0);
	EXPECT_EQ(lesson.key.ip, 11);
	EXPECT_MEMEQ(lesson.mac, macs[1], ETH_ALEN);
	EXPECT_EQ(lessons(1000 + RLB_RETRY_MS - 1), 0);
	EXPECT_EQ(lessons(1000 + RLB_RETRY_MS), 1);
	EXPECT_EQ(rlb_deadline(&rlb), RLB_NEVER);
}

TEST(rlb_joiner_gets_its_share_when_it_has_settled)
{
	int i;

	start(1);
	for (i = 0; i < 20; i++)
		speak(10 + i, macs[0], 0);
	rlb_set(&rlb, 3, speed, 0, 50);
	EXPECT_EQ(rlb.load[0], 10);
	EXPECT_EQ(rlb.load[1], 10);
	EXPECT_EQ(lessons(50), 0);
	EXPECT_EQ(lessons(50 + RLB_SETTLE_MS), 10);
}

TEST(rlb_without_ports)
{
	start(0);
	EXPECT_EQ(speak(10, macs[0], 0), RLB_NONE);
	rlb_port_changed(&rlb, RLB_NONE, 0);
	rlb_all_heard(&rlb, 1, 0, 0);
	EXPECT_EQ(lessons(99999), 0);
	rlb_set(&rlb, 4, speed, 2, 7);
	EXPECT_EQ(speak(10, macs[0], 7), 2);
	EXPECT_EQ(lessons(7), 1);
	rlb_port_changed(&rlb, 2, 8);
	rlb_set(&rlb, 0, speed, RLB_NONE, 9);
	EXPECT_EQ(rlb_deadline(&rlb), RLB_NEVER);
}

TEST(rlb_what_everybody_heard_is_put_right_later)
{
	start(3);
	speak(10, macs[0], 0);		/* slot 0, the active one */
	speak(11, macs[1], 0);
	speak(12, NULL, 0);
	rlb_all_heard(&rlb, 1, 0, 100);
	rlb_all_heard(&rlb, 2, 0, 200);
	EXPECT_EQ(rlb_deadline(&rlb), 100 + RLB_SETTLE_MS);
	EXPECT_EQ(lessons(100 + RLB_SETTLE_MS), 1);
}

TEST(rlb_answer_to_our_request)
{
	struct rlb_key key = key_of(11);

	start(3);
	speak(10, NULL, 0);
	speak(11, NULL, 0);
	rlb_heard(&rlb, &key, macs[1], 5);
	EXPECT_EQ(lessons(5), 1);
	rlb_heard(&rlb, &key, macs[1], 6);
	lessons(5 + RLB_RETRY_MS);
	EXPECT_EQ(rlb_deadline(&rlb), RLB_NEVER);
	key.ip = 99;
	rlb_heard(&rlb, &key, macs[1], 6);
	EXPECT_EQ(rlb.count, 2);
}

TEST(rlb_silent_clients_are_let_go)
{
	start(3);
	speak(10, macs[0], 0);
	speak(11, macs[1], 0);
	rlb_port_changed(&rlb, 1, 5 + RLB_SILENCE_MS);
	EXPECT_EQ(lessons(5 + RLB_SILENCE_MS), 0);
	EXPECT_EQ(rlb.count, 1);
}

/* Who sends lessons looked at the clock before somebody spoke to a client */
TEST(rlb_late_clock_lets_nobody_go)
{
	start(3);
	speak(10, macs[0], 0);
	speak(11, macs[1], 0);
	rlb_set(&rlb, 1, speed, 0, 500);
	speak(11, macs[1], 700);
	EXPECT_EQ(lessons(600), 1);
	EXPECT_EQ(rlb.count, 2);
}

TEST(rlb_full_table_drops_the_longest_silent)
{
	u32 i;

	start(0xff);
	for (i = 0; i < RLB_CLIENTS; i++)
		speak(i << 3, macs[0], 10 + i);
	speak(0, macs[0], 50000);
	speak(7, macs[0], 50001);
	EXPECT_EQ(rlb.count, RLB_CLIENTS);
	EXPECT_EQ(speak(0, macs[0], 50002), 0);
	for (i = 0; i < rlb.count; i++)
		EXPECT(rlb.client[i].key.ip != 1 << 3);
}

/* The naive one */
enum {
	FASTEST	= 10000,	/* Mbit/s; each speed divides it */
};

/**
 * struct world - where random events happen
 * @ips: addresses of clients, each with two of ours and in two VLANs
 * @ports: slots that are used
 * @crowd: conversations that it starts with
 * @forget: one in so many events of that kind takes an address away
 * @pause: ms between two events, at most
 * @events: how many
 */
struct world {
	int ips;
	int ports;
	int crowd;
	int forget;
	int pause;
	int events;
};

static struct world world;

struct pupil {
	struct rlb_key key;
	u8 mac[ETH_ALEN];
	bool known;
	int slot;		/* -1: none */
	int rounds;
	u64 at;
	u64 used;
};

static struct pupil list[RLB_CLIENTS];
static int pupils;
static u64 naive_ports;
static int naive_active;
static bool lopsided;		/* clients went, which moves nobody */

static bool has_port(int slot)
{
	return slot >= 0 && naive_ports & BIT_ULL(slot);
}

/* Clients of each slot */
static void count_all(int *load)
{
	int i;

	memset(load, 0, RLB_SLOTS * sizeof(*load));
	for (i = 0; i < pupils; i++)
		if (list[i].slot >= 0)
			load[list[i].slot]++;
}

/* What so many clients are for a port, where the fastest takes one for 1 */
static int burden(int slot, int clients)
{
	return clients * (FASTEST / (int)speed[slot]);
}

/* Port that is least busy with a client more, the first of equals */
static int naive_best(const int *load)
{
	int slot, best = -1;

	for (slot = world.ports - 1; slot >= 0; slot--)
		if (has_port(slot) &&
		    (best < 0 || burden(slot, load[slot] + 1) <=
				 burden(best, load[best] + 1)))
			best = slot;
	return best;
}

/* Nobody has a client who would be better off elsewhere */
static bool fair(void)
{
	int load[RLB_SLOTS], from, to;

	count_all(load);
	for (from = 0; from < world.ports; from++)
		for (to = 0; to < world.ports; to++)
			if (has_port(from) && has_port(to) && from != to &&
			    burden(from, load[from]) >
			    burden(to, load[to] + 1))
				return false;
	return true;
}

static void naive_teach(struct pupil *p, u64 at)
{
	if (!p->known || p->slot < 0)
		return;
	p->rounds = RLB_ROUNDS;
	if (at < p->at)
		p->at = at;
}

static bool is_key(const struct rlb_key *a, const struct rlb_key *b)
{
	return a->ip == b->ip && a->our == b->our && a->vlan == b->vlan;
}

static struct pupil *naive_find(const struct rlb_key *key)
{
	int i;

	for (i = 0; i < pupils; i++)
		if (is_key(&list[i].key, key))
			return &list[i];
	return NULL;
}

/*
 * The client in the other one's table, without the help of its chains. It is
 * mostly at the same place.
 */
static const struct rlb_client *real(const struct pupil *p)
{
	int at = p - list, i;

	for (i = 0; i < rlb.count; i++, at++)
		if (is_key(&rlb.client[at % rlb.count].key, &p->key))
			return &rlb.client[at % rlb.count];
	return NULL;
}

static int slot_of(const struct rlb_client *client)
{
	return client->slot == RLB_NONE ? -1 : client->slot;
}

static bool same_client(const struct pupil *p)
{
	const struct rlb_client *client = real(p);

	if (!client || slot_of(client) != p->slot ||
	    client->teach_at != p->at || client->used != p->used)
		return false;
	if (p->at != RLB_NEVER && client->rounds != p->rounds)
		return false;
	return client->known == p->known &&
	       (!p->known || !memcmp(client->mac, p->mac, ETH_ALEN));
}

static bool same(void)
{
	u64 next = RLB_NEVER;
	int load[RLB_SLOTS], i;

	for (i = 0; i < pupils; i++) {
		if (!same_client(&list[i]) ||
		    !rlb_may_be_ours(rlb.ours, list[i].key.our))
			return false;
		next = min(next, list[i].at);
	}
	count_all(load);
	for (i = 0; i < RLB_SLOTS; i++)
		if (rlb.load[i] != load[i])
			return false;
	return rlb.count == pupils && rlb_deadline(&rlb) == next;
}

static void naive_know(struct pupil *p, const u8 *mac)
{
	memcpy(p->mac, mac, ETH_ALEN);
	p->known = true;
}

static void naive_drop(struct pupil *p)
{
	*p = list[--pupils];
	lopsided = true;
}

/* The first of those that nobody spoke to for longest */
static struct pupil *naive_silent(void)
{
	struct pupil *best = list;
	int i;

	for (i = 1; i < pupils; i++)
		if (list[i].used < best->used)
			best = &list[i];
	return best;
}

static struct pupil *naive_add(const struct rlb_key *key)
{
	int load[RLB_SLOTS];
	struct pupil *p;

	if (pupils == RLB_CLIENTS)
		naive_drop(naive_silent());
	count_all(load);
	p = &list[pupils++];
	memset(p, 0, sizeof(*p));
	p->key = *key;
	p->at = RLB_NEVER;
	p->slot = naive_best(load);
	return p;
}

static bool do_speak(const struct rlb_key *key, const u8 *mac, u64 now)
{
	struct pupil *p = naive_find(key);

	if (!p)
		p = naive_add(key);
	if (rand() % 2)
		mac = NULL;
	if (mac)
		naive_know(p, mac);
	p->used = now;
	return rlb_speak(&rlb, key, mac, now) ==
	       (p->slot < 0 ? RLB_NONE : p->slot);
}

static bool do_heard(const struct rlb_key *key, const u8 *mac, u64 now)
{
	struct pupil *p = naive_find(key);

	rlb_heard(&rlb, key, mac, now);
	if (!p)
		return true;
	p->used = now;
	if (p->known && !memcmp(p->mac, mac, ETH_ALEN))
		return true;
	naive_know(p, mac);
	if (p->slot != naive_active)
		naive_teach(p, now);
	return true;
}

static bool do_all_heard(const struct rlb_key *key, const u8 *mac, u64 now)
{
	int i;

	rlb_all_heard(&rlb, key->our, key->vlan, now);
	for (i = 0; i < pupils; i++)
		if (list[i].key.our == key->our &&
		    list[i].key.vlan == key->vlan &&
		    list[i].slot != naive_active)
			naive_teach(&list[i], now + RLB_SETTLE_MS);
	return true;
}

static bool do_port_changed(const struct rlb_key *key, const u8 *mac, u64 now)
{
	int slot = rand() % world.ports, i;

	rlb_port_changed(&rlb, slot, now);
	for (i = 0; i < pupils; i++)
		if (list[i].slot == slot)
			naive_teach(&list[i], now);
	return true;
}

static bool do_forget(const struct rlb_key *key, const u8 *mac, u64 now)
{
	int i;

	if (rand() % world.forget)
		return true;
	rlb_forget(&rlb, key->our, key->vlan);
	for (i = pupils - 1; i >= 0; i--)
		if (list[i].key.our == key->our &&
		    list[i].key.vlan == key->vlan)
			naive_drop(&list[i]);
	return true;
}

static bool do_lessons(const struct rlb_key *key, const u8 *mac, u64 now)
{
	struct rlb_lesson lesson;
	struct pupil *p;
	int i;

	for (i = pupils - 1; i >= 0; i--)
		if (list[i].at <= now && list[i].used + RLB_SILENCE_MS < now)
			naive_drop(&list[i]);
	while (rlb_next(&rlb, now, &lesson)) {
		p = naive_find(&lesson.key);
		if (!p || p->at > now || p->slot != lesson.slot ||
		    memcmp(p->mac, lesson.mac, ETH_ALEN))
			return false;
		p->at = --p->rounds ? now + RLB_RETRY_MS : RLB_NEVER;
	}
	for (i = 0; i < pupils; i++)
		if (list[i].at <= now)
			return false;
	return true;
}

/* Clients of ports that left, one after the other; the others stay */
static bool handed_out(const struct pupil *before)
{
	int load[RLB_SLOTS] = { 0 }, got[RLB_SLOTS];
	int i, homeless = 0;

	for (i = 0; i < pupils; i++)
		if (has_port(before[i].slot))
			load[before[i].slot]++;
		else
			homeless++;
	while (naive_ports && homeless-- > 0)
		load[naive_best(load)]++;
	count_all(got);
	return !memcmp(load, got, sizeof(load));
}

/* Some went to the port that joins, and nobody moved for nothing */
static bool shared_out(const struct pupil *before)
{
	bool gave[RLB_SLOTS] = { false }, took[RLB_SLOTS] = { false };
	int i, slot;

	for (i = 0; i < pupils; i++) {
		if (before[i].slot == list[i].slot)
			continue;
		if (has_port(before[i].slot))
			gave[before[i].slot] = true;
		took[list[i].slot] = true;
	}
	for (slot = 0; slot < world.ports; slot++)
		if (gave[slot] && took[slot])
			return false;
	lopsided = false;
	return true;
}

static void naive_lesson(struct pupil *p, const struct pupil *before, u64 now)
{
	if (!has_port(before->slot) && p->slot < 0)
		p->at = RLB_NEVER;
	else if (!has_port(before->slot))
		naive_teach(p, now);
	else if (p->slot != before->slot)
		naive_teach(p, now + RLB_SETTLE_MS);
}

/* Which client goes is free, how many and to whom is not */
static bool naive_move(u64 join, u64 now)
{
	struct pupil before[RLB_CLIENTS];
	int i;

	memcpy(before, list, sizeof(before));
	for (i = 0; i < pupils; i++) {
		if (!real(&list[i]))
			return false;
		list[i].slot = slot_of(real(&list[i]));
		if (naive_ports ? !has_port(list[i].slot) : list[i].slot >= 0)
			return false;
		if (!join && has_port(before[i].slot) &&
		    list[i].slot != before[i].slot)
			return false;
		naive_lesson(&list[i], &before[i], now);
	}
	return join ? shared_out(before) : handed_out(before);
}

static bool do_set(const struct rlb_key *key, const u8 *mac, u64 now)
{
	static const u32 speeds[] = { 10, 100, 1000, FASTEST };
	u64 ports = naive_ports ^ BIT_ULL(rand() % world.ports);
	u64 join;
	int slot;

	if (rand() % 4 == 0)
		ports ^= BIT_ULL(rand() % world.ports);
	if (rand() % 32 == 0)
		ports = 0;
	join = ports & ~naive_ports;
	for (slot = 0; slot < world.ports; slot++)
		if (join & BIT_ULL(slot))
			speed[slot] = speeds[rand() % 4];
	naive_ports = ports;
	naive_active = rand() % world.ports;
	rlb_set(&rlb, ports, speed, naive_active, now);
	return naive_move(join, now);
}

static struct rlb_key random_key(void)
{
	return (struct rlb_key) {
		.ip = rand() % world.ips, .our = rand() % 2,
		.vlan = rand() % 2,
	};
}

static bool random_event(u64 now)
{
	static bool (*const events[])(const struct rlb_key *key, const u8 *mac,
				      u64 now) = {
		do_speak, do_speak, do_speak, do_heard, do_all_heard,
		do_port_changed, do_forget, do_lessons, do_set,
	};
	struct rlb_key key = random_key();

	return events[rand() % ARRAY_SIZE(events)](&key, macs[rand() % 4], now);
}

static void begin(const struct world *w)
{
	struct rlb_key key;
	int i;

	world = *w;
	start(0);
	pupils = 0;
	naive_ports = 0;
	naive_active = 0;
	lopsided = false;
	for (i = 0; i < world.crowd; i++) {
		key = random_key();
		ASSERT(do_speak(&key, macs[rand() % 4], 0));
	}
}

static void live(const struct world *w)
{
	u64 now = 0;
	int i;

	begin(w);
	for (i = 0; i < world.events; i++) {
		ASSERT(random_event(now));
		ASSERT(same());
		ASSERT(lopsided || fair());
		now += rand() % world.pause;
	}
}

TEST(rlb_as_the_naive_one)
{
	static const struct world few = {
		.ips = 20, .ports = 5, .forget = 10, .pause = 100,
		.events = 400,
	};
	int round;

	srand(11);
	for (round = 0; round < 100; round++)
		live(&few);
}

/* The table is full, and its clients fall silent */
TEST(rlb_as_the_naive_one_with_crowds)
{
	static const struct world crowds[] = {
		{ .ips = 300, .ports = 2 },
		{ .ips = 300, .ports = 8 },
		{ .ips = 1000, .ports = RLB_SLOTS },
	};
	struct world w;
	int i;

	srand(12);
	for (i = 0; i < ARRAY_SIZE(crowds); i++) {
		w = crowds[i];
		w.crowd = 2000;
		w.forget = 200;
		w.pause = 1000;
		w.events = 4000;
		live(&w);
	}
}
