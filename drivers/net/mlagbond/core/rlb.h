/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which port receives from whom.
 *
 * Clients, known from their ARP, are shared among the ports; each is taught
 * our IP address with the hardware address of its port. Clients, usable ports
 * and what everybody has heard enter; lessons to be sent leave.
 *
 * IP addresses are opaque words, VLAN 0 means untagged, times are in ms.
 */
#ifndef _MBOND_RLB_H
#define _MBOND_RLB_H

#include <linux/if_ether.h>
#include <linux/types.h>

#define RLB_NEVER	(~0ULL)

enum {
	RLB_CLIENTS	= 1024,	/* the longest silent one makes room */
	RLB_HEADS	= 256,	/* chains of the table */
	RLB_SLOTS	= 64,	/* ports, one bit each */
	RLB_NONE	= 0xff,	/* no port can receive */
	RLB_ROUNDS	= 2,	/* a lesson may be lost */
	RLB_RETRY_MS	= 300,	/* between them */
	RLB_SETTLE_MS	= 1000,	/* after something that others heard as well */
	RLB_SILENCE_MS	= 600000, /* a client that nobody speaks to is gone */
};

/**
 * struct rlb_key - a conversation
 * @ip: address of the client
 * @our: our address it speaks to
 * @vlan: tag, 0: none
 */
struct rlb_key {
	u32 ip;
	u32 our;
	u16 vlan;
};

/**
 * struct rlb_client - a client
 * @key: who
 * @mac: its hardware address, if @known
 * @known: heard of
 * @slot: port that receives from it, or RLB_NONE
 * @rounds: lessons still to be sent
 * @next: in its chain, one more than the index; 0 ends it
 * @teach_at: when the next lesson is due, RLB_NEVER if none is
 * @used: when it was last spoken to or heard
 */
struct rlb_client {
	struct rlb_key key;
	u8 mac[ETH_ALEN];
	bool known;
	u8 slot;
	u8 rounds;
	u16 next;
	u64 teach_at;
	u64 used;
};

/**
 * struct rlb - table of clients
 * @ports: who receives, bit = slot
 * @speed: of each slot, Mbit/s
 * @load: clients of each slot
 * @active: slot whose address everybody hears in requests, or RLB_NONE
 * @ours: see rlb_may_be_ours()
 * @count: entries of @client in use
 * @head: first of each chain, one more than the index; 0: empty
 * @client: those below @count
 *
 * Caller serialises calls on one instance.
 */
struct rlb {
	u64 ports;
	u32 speed[RLB_SLOTS];
	u16 load[RLB_SLOTS];
	u8 active;
	u32 ours;
	u16 count;
	u16 head[RLB_HEADS];
	struct rlb_client client[RLB_CLIENTS];
};

/**
 * struct rlb_lesson - an ARP reply to be sent
 * @key: to whom, and for which address of ours
 * @mac: hardware address of the client
 * @slot: port that sends it and whose hardware address it carries
 */
struct rlb_lesson {
	struct rlb_key key;
	u8 mac[ETH_ALEN];
	u8 slot;
};

void rlb_init(struct rlb *rlb);
bool rlb_may_be_ours(u32 ours, u32 ip);
void rlb_set(struct rlb *rlb, u64 ports, const u32 *speed, u8 active, u64 now);
u8 rlb_speak(struct rlb *rlb, const struct rlb_key *key, const u8 *mac,
	     u64 now);
void rlb_heard(struct rlb *rlb, const struct rlb_key *key, const u8 *mac,
	       u64 now);
void rlb_all_heard(struct rlb *rlb, u32 our, u16 vlan, u64 now);
void rlb_port_changed(struct rlb *rlb, u8 slot, u64 now);
void rlb_forget(struct rlb *rlb, u32 our, u16 vlan);
bool rlb_next(struct rlb *rlb, u64 now, struct rlb_lesson *lesson);
u64 rlb_deadline(const struct rlb *rlb);

#endif /* _MBOND_RLB_H */
