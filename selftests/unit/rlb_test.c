// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which port receives from whom: fixed cases, and random events against a
 * second implementation that keeps clients in one list without order, counts
 * by looking at all of them and knows no chains.
 *
 * cores: mlagbond/core/rlb.c
 */
#include <stdlib.h>

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
struct pupil {
	struct rlb_key key;
	u8 mac[ETH_ALEN];
	bool known;
	int slot;
	int rounds;
	u64 at, used;
};

static struct pupil list[64];
static int pupils;
static u64 naive_ports;
static int naive_active;

static int clients_of(int slot)
{
	int i, n = 0;

	for (i = 0; i < pupils; i++)
		n += list[i].slot == slot;
	return n;
}

static int naive_extreme(int sign)
{
	int slot, best = -1;
	double a, b;

	for (slot = 0; slot < RLB_SLOTS; slot++) {
		if (!(naive_ports & BIT_ULL(slot)))
			continue;
		a = (double)clients_of(slot) / speed[slot];
		b = best < 0 ? 0 : (double)clients_of(best) / speed[best];
		if (best < 0 || (a - b) * sign > 1e-12)
			best = slot;
	}
	return best;
}

static void naive_teach(struct pupil *p, u64 at)
{
	if (!p->known || p->slot < 0)
		return;
	p->rounds = RLB_ROUNDS;
	if (at < p->at)
		p->at = at;
}

static struct pupil *naive_find(u32 ip, u32 our, u16 vlan)
{
	int i;

	for (i = 0; i < pupils; i++)
		if (list[i].key.ip == ip && list[i].key.our == our &&
		    list[i].key.vlan == vlan)
			return &list[i];
	return NULL;
}

static int naive_speak(u32 ip, u32 our, u16 vlan, const u8 *mac)
{
	struct pupil *p = naive_find(ip, our, vlan);

	if (!p) {
		p = &list[pupils];
		memset(p, 0, sizeof(*p));
		p->key = (struct rlb_key) { .ip = ip, .our = our, .vlan = vlan };
		p->at = RLB_NEVER;
		p->slot = -1;
		p->slot = naive_extreme(-1);
		pupils++;
	}
	if (mac) {
		memcpy(p->mac, mac, ETH_ALEN);
		p->known = true;
	}
	return p->slot;
}

/* Who moves to a port that joins is free; that the loads are equal is not */
static bool naive_adopt(u64 join)
{
	struct pupil *p;
	int i, k;

	for (i = 0; i < pupils; i++) {
		p = &list[i];
		for (k = 0; k < rlb.count; k++)
			if (!memcmp(&rlb.client[k].key.ip, &p->key.ip, 4) &&
			    rlb.client[k].key.our == p->key.our &&
			    rlb.client[k].key.vlan == p->key.vlan)
				break;
		if (k == rlb.count)
			return false;
		if (p->slot >= 0 && p->slot != rlb.client[k].slot &&
		    !join && naive_ports & BIT_ULL(p->slot))
			return false;
		p->slot = rlb.client[k].slot == RLB_NONE ? -1 :
			  rlb.client[k].slot;
		p->at = rlb.client[k].teach_at;
		p->rounds = rlb.client[k].rounds;
	}
	return true;
}

static bool fair(void)
{
	int slot, hi = 0, lo = 1 << 30;

	for (slot = 0; slot < RLB_SLOTS; slot++) {
		if (clients_of(slot) != rlb.load[slot])
			return false;
		if (!(naive_ports & BIT_ULL(slot)) && rlb.load[slot])
			return false;
		if (!(naive_ports & BIT_ULL(slot)))
			continue;
		hi = rlb.load[slot] > hi ? rlb.load[slot] : hi;
		lo = rlb.load[slot] < lo ? rlb.load[slot] : lo;
	}
	return !naive_ports || hi - lo <= 1;
}

static int naive_lessons(u64 now)
{
	int i, n = 0;

	for (i = 0; i < pupils; i++) {
		if (list[i].at > now)
			continue;
		list[i].rounds--;
		list[i].at = list[i].rounds ? now + RLB_RETRY_MS : RLB_NEVER;
		n++;
	}
	return n;
}

static bool random_event(u64 now)
{
	struct rlb_key key = {
		.ip = rand() % 20, .our = rand() % 2, .vlan = rand() % 2,
	};
	const u8 *mac = macs[rand() % 4];
	struct pupil *p;
	u64 ports;
	int i;

	switch (rand() % 6) {
	case 0:
		mac = rand() % 2 ? mac : NULL;
		i = rlb_speak(&rlb, &key, mac, now);
		return (i == RLB_NONE ? -1 : i) ==
		       naive_speak(key.ip, key.our, key.vlan, mac);
	case 1:
		rlb_heard(&rlb, &key, mac, now);
		p = naive_find(key.ip, key.our, key.vlan);
		if (!p || (p->known && !memcmp(p->mac, mac, ETH_ALEN)))
			return true;
		naive_speak(key.ip, key.our, key.vlan, mac);
		if (p->slot != naive_active)
			naive_teach(p, now);
		return true;
	case 2:
		rlb_all_heard(&rlb, key.our, key.vlan, now);
		for (i = 0; i < pupils; i++)
			if (list[i].key.our == key.our &&
			    list[i].key.vlan == key.vlan &&
			    list[i].slot != naive_active)
				naive_teach(&list[i], now + RLB_SETTLE_MS);
		return true;
	case 3:
		ports = naive_ports ^ BIT_ULL(rand() % 5);
		naive_active = rand() % 5;
		rlb_set(&rlb, ports, speed, naive_active, now);
		swap(ports, naive_ports);
		return naive_adopt(naive_ports & ~ports) &&
		       (!(naive_ports & ~ports) || fair());
	case 4:
		naive_active = rlb.active;
		rlb_port_changed(&rlb, key.ip % 5, now);
		for (i = 0; i < pupils; i++)
			if (list[i].slot == (int)key.ip % 5)
				naive_teach(&list[i], now);
		return true;
	default:
		return lessons(now) == (u32)naive_lessons(now);
	}
}

TEST(rlb_as_the_naive_one)
{
	u64 now, next;
	int round, i;

	srand(11);
	for (round = 0; round < 50; round++) {
		start(0);
		pupils = 0;
		naive_ports = 0;
		naive_active = 0;
		for (now = 0; now < 20000; now += rand() % 100) {
			ASSERT(random_event(now));
			next = RLB_NEVER;
			for (i = 0; i < pupils; i++)
				next = list[i].at < next ? list[i].at : next;
			ASSERT_EQ(rlb_deadline(&rlb), next);
			ASSERT_EQ(rlb.count, pupils);
			for (i = 0; i < pupils; i++)
				ASSERT(rlb_may_be_ours(rlb.ours,
						       list[i].key.our));
		}
	}
}
