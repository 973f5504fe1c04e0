// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which port receives from whom: see rlb.h.
 *
 * A client gets the port that has the fewest clients for its speed once it is
 * among them, and keeps it until that port leaves, or until one that joins
 * needs its share.
 */
#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "rlb.h"

static bool same_key(const struct rlb_key *a, const struct rlb_key *b)
{
	return a->ip == b->ip && a->our == b->our && a->vlan == b->vlan;
}

static u16 *chain(struct rlb *rlb, const struct rlb_key *key)
{
	u32 x = key->ip ^ key->vlan;

	x ^= x >> 16;
	x ^= x >> 8;
	return &rlb->head[x % RLB_HEADS];
}

static u32 ours_bit(u32 ip)
{
	ip ^= ip >> 16;
	ip ^= ip >> 8;
	return BIT(ip % 32);
}

static struct rlb_client *find(struct rlb *rlb, const struct rlb_key *key)
{
	u16 at = *chain(rlb, key);

	while (at && !same_key(&rlb->client[at - 1].key, key))
		at = rlb->client[at - 1].next;
	return at ? &rlb->client[at - 1] : NULL;
}

static u16 place(const struct rlb *rlb, const struct rlb_client *client)
{
	return client - rlb->client + 1;
}

static void chain_in(struct rlb *rlb, struct rlb_client *client)
{
	u16 *head = chain(rlb, &client->key);

	client->next = *head;
	*head = place(rlb, client);
}

static void chain_out(struct rlb *rlb, const struct rlb_client *client)
{
	u16 *at = chain(rlb, &client->key);

	while (*at != place(rlb, client))
		at = &rlb->client[*at - 1].next;
	*at = client->next;
}

/* Has @a, with @more clients, more for its speed than @b with as many more? */
static bool busier(const struct rlb *rlb, u8 a, u8 b, u32 more)
{
	return ((u64)rlb->load[a] + more) * rlb->speed[b] >
	       ((u64)rlb->load[b] + more) * rlb->speed[a];
}

/*
 * Who is least busy with one client more: a slow port without clients is not
 * idle if one would be too many for it.
 */
static u8 idlest(const struct rlb *rlb)
{
	u8 best = RLB_NONE;
	u8 slot;

	for (slot = 0; slot < RLB_SLOTS; slot++)
		if (rlb->ports & BIT_ULL(slot) &&
		    (best == RLB_NONE || busier(rlb, best, slot, 1)))
			best = slot;
	return best;
}

static u8 busiest(const struct rlb *rlb)
{
	u8 best = RLB_NONE;
	u8 slot;

	for (slot = 0; slot < RLB_SLOTS; slot++)
		if (rlb->ports & BIT_ULL(slot) &&
		    (best == RLB_NONE || busier(rlb, slot, best, 0)))
			best = slot;
	return best;
}

static void give(struct rlb *rlb, struct rlb_client *client, u8 slot)
{
	if (client->slot != RLB_NONE)
		rlb->load[client->slot]--;
	if (slot != RLB_NONE)
		rlb->load[slot]++;
	else
		client->teach_at = RLB_NEVER;
	client->slot = slot;
}

static void teach(struct rlb_client *client, u64 at)
{
	if (!client->known || client->slot == RLB_NONE)
		return;
	client->rounds = RLB_ROUNDS;
	client->teach_at = min(client->teach_at, at);
}

/* The last one fills the gap */
static void drop(struct rlb *rlb, struct rlb_client *client)
{
	struct rlb_client *last = &rlb->client[rlb->count - 1];

	chain_out(rlb, client);
	give(rlb, client, RLB_NONE);
	if (client != last) {
		chain_out(rlb, last);
		*client = *last;
		chain_in(rlb, client);
	}
	rlb->count--;
	if (!rlb->count)
		rlb->ours = 0;
}

static struct rlb_client *longest_silent(struct rlb *rlb)
{
	struct rlb_client *best = rlb->client;
	u16 i;

	for (i = 1; i < rlb->count; i++)
		if (rlb->client[i].used < best->used)
			best = &rlb->client[i];
	return best;
}

static struct rlb_client *add(struct rlb *rlb, const struct rlb_key *key)
{
	struct rlb_client *client;

	if (rlb->count == RLB_CLIENTS)
		drop(rlb, longest_silent(rlb));
	client = &rlb->client[rlb->count++];
	memset(client, 0, sizeof(*client));
	client->key = *key;
	client->slot = RLB_NONE;
	client->teach_at = RLB_NEVER;
	chain_in(rlb, client);
	rlb->ours |= ours_bit(key->our);
	give(rlb, client, idlest(rlb));
	return client;
}

/**
 * rlb_init() - no clients, no ports
 * @rlb: table
 */
void rlb_init(struct rlb *rlb)
{
	memset(rlb, 0, sizeof(*rlb));
	rlb->active = RLB_NONE;
}

/**
 * rlb_may_be_ours() - is it worth calling rlb_forget() for an address?
 * @ours: rlb->ours, read without regard to calls that are under way
 * @ip: the address
 *
 * Return: false if no client speaks to it.
 */
bool rlb_may_be_ours(u32 ours, u32 ip)
{
	return ours & ours_bit(ip);
}

/* Clients of ports that left, or of none, go elsewhere at once */
static void hand_out(struct rlb *rlb, u64 now)
{
	struct rlb_client *client;
	u16 i;

	for (i = 0; i < rlb->count; i++) {
		client = &rlb->client[i];
		if (client->slot != RLB_NONE &&
		    rlb->ports & BIT_ULL(client->slot))
			continue;
		give(rlb, client, idlest(rlb));
		teach(client, now);
	}
}

static struct rlb_client *first_of(struct rlb *rlb, u8 slot)
{
	u16 i;

	for (i = 0; i < rlb->count; i++)
		if (rlb->client[i].slot == slot)
			return &rlb->client[i];
	return NULL;
}

/* Would the port that gets one more still be no busier than the other is? */
static bool helps(const struct rlb *rlb, u8 from, u8 to)
{
	return ((u64)rlb->load[to] + 1) * rlb->speed[from] <
	       (u64)rlb->load[from] * rlb->speed[to];
}

static void share(struct rlb *rlb, u64 now)
{
	struct rlb_client *client;
	u8 from, to;

	while (rlb->ports) {
		from = busiest(rlb);
		to = idlest(rlb);
		if (!helps(rlb, from, to))
			break;
		client = first_of(rlb, from);
		give(rlb, client, to);
		teach(client, now + RLB_SETTLE_MS);
	}
}

/**
 * rlb_set() - these ports receive from now on
 * @rlb: table
 * @ports: bit = slot; 0: nobody
 * @speed: of each slot, Mbit/s; 0 counts as 1
 * @active: slot whose address our requests carry, or RLB_NONE
 * @now: ms
 *
 * Clients of a port that left get another one and are taught at once. A port
 * that joins gets its share of clients, which are taught when it has settled.
 */
void rlb_set(struct rlb *rlb, u64 ports, const u32 *speed, u8 active, u64 now)
{
	u64 join = ports & ~rlb->ports;
	u8 slot;

	for (slot = 0; slot < RLB_SLOTS; slot++)
		rlb->speed[slot] = max_t(u32, speed[slot], 1);
	rlb->ports = ports;
	rlb->active = active;
	hand_out(rlb, now);
	if (join)
		share(rlb, now);
}

/**
 * rlb_speak() - we send ARP to a client
 * @rlb: table
 * @key: to whom
 * @mac: hardware address, NULL if that is what we ask for
 * @now: ms
 *
 * Return: slot of the port that receives from it, RLB_NONE if none can.
 */
u8 rlb_speak(struct rlb *rlb, const struct rlb_key *key, const u8 *mac, u64 now)
{
	struct rlb_client *client = find(rlb, key);

	if (!client)
		client = add(rlb, key);
	client->used = now;
	if (mac) {
		memcpy(client->mac, mac, ETH_ALEN);
		client->known = true;
	}
	return client->slot;
}

/**
 * rlb_heard() - a client has answered our request
 * @rlb: table
 * @key: who, to which address
 * @mac: its hardware address
 * @now: ms
 *
 * The request has told it the address of the active port.
 */
void rlb_heard(struct rlb *rlb, const struct rlb_key *key, const u8 *mac,
	       u64 now)
{
	struct rlb_client *client = find(rlb, key);

	if (!client)
		return;
	client->used = now;
	if (client->known && !memcmp(client->mac, mac, ETH_ALEN))
		return;
	memcpy(client->mac, mac, ETH_ALEN);
	client->known = true;
	if (client->slot != rlb->active)
		teach(client, now);
}

/**
 * rlb_all_heard() - everybody has heard the address of the active port
 * @rlb: table
 * @our: for this address of ours
 * @vlan: in this VLAN
 * @now: ms
 *
 * Whoever belongs to another port is taught again when it is quiet.
 */
void rlb_all_heard(struct rlb *rlb, u32 our, u16 vlan, u64 now)
{
	struct rlb_client *client;
	u16 i;

	for (i = 0; i < rlb->count; i++) {
		client = &rlb->client[i];
		if (client->key.our == our && client->key.vlan == vlan &&
		    client->slot != rlb->active)
			teach(client, now + RLB_SETTLE_MS);
	}
}

/**
 * rlb_port_changed() - a port has another hardware address
 * @rlb: table
 * @slot: the port
 * @now: ms
 */
void rlb_port_changed(struct rlb *rlb, u8 slot, u64 now)
{
	u16 i;

	for (i = 0; i < rlb->count; i++)
		if (rlb->client[i].slot == slot)
			teach(&rlb->client[i], now);
}

/**
 * rlb_forget() - an address is no longer ours
 * @rlb: table
 * @our: the address
 * @vlan: in this VLAN
 */
void rlb_forget(struct rlb *rlb, u32 our, u16 vlan)
{
	struct rlb_client *client;
	u16 i = rlb->count;

	while (i-- > 0) {
		client = &rlb->client[i];
		if (client->key.our == our && client->key.vlan == vlan)
			drop(rlb, client);
	}
}

/**
 * rlb_next() - take a lesson that is due
 * @rlb: table
 * @now: ms; may be a little behind that of other calls
 * @lesson: result
 *
 * Return: true if there was one.
 */
bool rlb_next(struct rlb *rlb, u64 now, struct rlb_lesson *lesson)
{
	struct rlb_client *client;
	u16 i = rlb->count;

	while (i-- > 0) {
		client = &rlb->client[i];
		if (client->teach_at > now)
			continue;
		if (client->used + RLB_SILENCE_MS < now) {
			drop(rlb, client);
			continue;
		}
		client->rounds--;
		client->teach_at = client->rounds ? now + RLB_RETRY_MS :
						    RLB_NEVER;
		lesson->key = client->key;
		memcpy(lesson->mac, client->mac, ETH_ALEN);
		lesson->slot = client->slot;
		return true;
	}
	return false;
}

/**
 * rlb_deadline() - when the next lesson is due
 * @rlb: table
 *
 * Return: ms, RLB_NEVER if there is none.
 */
u64 rlb_deadline(const struct rlb *rlb)
{
	u64 next = RLB_NEVER;
	u16 i;

	for (i = 0; i < rlb->count; i++)
		next = min(next, rlb->client[i].teach_at);
	return next;
}
