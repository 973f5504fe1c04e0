/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Codec of the inter-chassis protocol: bytes to host-order structs and back.
 *
 * Every length and range is checked here and nowhere else. Frames are the
 * payload that follows the Ethernet header; layout in
 * Documentation/mlag-protocol.rst.
 */
#ifndef _MLAG_ICCP_PDU_H
#define _MLAG_ICCP_PDU_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include "iccp_bpdu.h"
#include "iccp_check.h"

#define ICCP_MAGIC		0x4D4C4147u	/* "MLAG" */
#ifndef ICCP_VERSION			/* but for tests of another one */
#define ICCP_VERSION		1
#define ICCP_MIN_VERSION	1
#endif
#define ICCP_HDR_LEN		40
#define ICCP_TLV_HDR_LEN	4
#define ICCP_AUTH_LEN		16	/* of a signature, behind the TLVs */
#define ICCP_KEYS		3	/* a chassis takes at one time */
#define ICCP_FRAME_MAX		1500	/* bytes after the Ethernet header */
#define ICCP_FRAME_MIN_MTU	576	/* smallest MTU a domain accepts */

#define ICCP_MCAST_MAX		(ICCP_FRAME_MAX - ICCP_HDR_LEN - \
				 ICCP_TLV_HDR_LEN - 4 - \
				 ICCP_AUTH_LEN)	/* of a frame told */

#define ICCP_DEAD_MIN_MS	100	/* twice the shortest hello */
#define ICCP_DEAD_MAX_MS	60000

#define ICCP_FLAG_AUTH		BIT(0)

#define ICCP_TLV_U		BIT(15)	/* skip if unknown */
#define ICCP_TLV_F		BIT(14)	/* reserved */
#define ICCP_TLV_TYPE(t)	((t) & 0x3fff)

enum iccp_type {
	ICCP_HELLO = 1,
	ICCP_DATA = 2,
	ICCP_ACK = 3,
	ICCP_GOODBYE = 4,
	ICCP_MARKER = 5,
	ICCP_HEARTBEAT = 6,	/* on the second path alone */
};

/**
 * enum iccp_tlv_type - what a TLV holds; the frame types it may appear in
 * @ICCP_TLV_HELLO: struct iccp_hello; HELLO, exactly one
 * @ICCP_TLV_HEARD: struct iccp_heard; HELLO
 * @ICCP_TLV_KEYS: u32 each, ids of the keys the sender takes, 0 = none; HELLO
 * @ICCP_TLV_SYSTEM: struct iccp_system; DATA
 * @ICCP_TLV_SYNC_BEGIN: struct iccp_sync_begin; DATA
 * @ICCP_TLV_SYNC_END: struct iccp_sync_end; DATA
 * @ICCP_TLV_LEG: struct iccp_leg_word; DATA
 * @ICCP_TLV_LEG_ACK: struct iccp_leg_ack; DATA
 * @ICCP_TLV_FDB: one or more struct iccp_fdb_rec, changes; DATA
 * @ICCP_TLV_FDB_SYNC: the same, refreshed between SYNC_BEGIN and SYNC_END; DATA
 * @ICCP_TLV_FDB_FLUSH: struct iccp_fdb_flush; DATA
 * @ICCP_TLV_REASON: u8 enum iccp_goodbye_reason; GOODBYE, exactly one
 * @ICCP_TLV_MARKER: struct iccp_marker; MARKER, exactly one
 * @ICCP_TLV_SACK: u64, bit n: DATA number ack + 1 + n is held; ACK
 * @ICCP_TLV_BEAT: struct iccp_beat_word; HEARTBEAT, exactly one
 * @ICCP_TLV_FACTS: mlag-id or 0, struct iccp_facts; DATA
 * @ICCP_TLV_VLANS: mlag-id or 0, struct iccp_vlans; DATA
 * @ICCP_TLV_MCAST_FRAME: u32 mlag-id, then an Ethernet frame that was heard on
 *	this leg; DATA
 * @ICCP_TLV_MCAST_RECS: one or more struct iccp_mcast_rec; DATA
 * @ICCP_TLV_STP_HEARD: struct iccp_stp_word; DATA
 * @ICCP_TLV_STP_ROOT: struct iccp_stp_root; DATA
 * @ICCP_TLV_STP_CHANGE: u8 0; DATA
 */
enum iccp_tlv_type {
	ICCP_TLV_HELLO = 0x0001,
	ICCP_TLV_HEARD = 0x0002,
	ICCP_TLV_KEYS = 0x0003,
	ICCP_TLV_SYSTEM = 0x0010,
	ICCP_TLV_SYNC_BEGIN = 0x0011,
	ICCP_TLV_SYNC_END = 0x0012,
	ICCP_TLV_LEG = 0x0020,
	ICCP_TLV_LEG_ACK = 0x0021,
	ICCP_TLV_FDB = 0x0030,
	ICCP_TLV_FDB_SYNC = 0x0031,
	ICCP_TLV_FDB_FLUSH = 0x0032,
	ICCP_TLV_REASON = 0x0040,
	ICCP_TLV_MARKER = 0x0041,
	ICCP_TLV_SACK = 0x0050,
	ICCP_TLV_BEAT = 0x0060,
	ICCP_TLV_FACTS = 0x0070,
	ICCP_TLV_VLANS = 0x0071,
	ICCP_TLV_MCAST_FRAME = 0x0080,
	ICCP_TLV_MCAST_RECS = 0x0081,
	ICCP_TLV_STP_HEARD = 0x0090,
	ICCP_TLV_STP_ROOT = 0x0091,
	ICCP_TLV_STP_CHANGE = 0x0092,
};

/* Role, as claimed in HELLO and SYSTEM. */
enum iccp_role {
	ICCP_ROLE_NONE,
	ICCP_ROLE_PRIMARY,
	ICCP_ROLE_SECONDARY,
};

/* Domain state, as shown to the operator and told in HELLO. */
enum iccp_state {
	ICCP_STATE_DISABLED,
	ICCP_STATE_INIT,
	ICCP_STATE_CONNECTING,
	ICCP_STATE_SYNCING,
	ICCP_STATE_CONNECTED,
	ICCP_STATE_ALONE,
	ICCP_STATE_ISOLATED,
};

/* State of a leg on the wire. */
enum iccp_wire {
	ICCP_WIRE_DOWN,
	ICCP_WIRE_PREPARE,
	ICCP_WIRE_SWITCH,
	ICCP_WIRE_UP,
	ICCP_WIRE_LEAVE,
};

enum iccp_goodbye_reason {
	/* 1 is not used: maintenance does not end a session */
	ICCP_BYE_REMOVAL = 2,
	ICCP_BYE_REBOOT = 3,
};

/* What lies behind an FDB entry. */
enum iccp_origin {
	ICCP_ORIGIN_LEG,
	ICCP_ORIGIN_ORPHAN,
	ICCP_ORIGIN_SELF,
	ICCP_ORIGIN_ANY,	/* FDB_FLUSH only */
};

#define ICCP_NODE_NONE		0xff	/* no node index yet */

/**
 * struct iccp_hdr - fixed part of every frame, host order
 * @version: version the sender writes
 * @min_version: oldest version it reads
 * @type: enum iccp_type
 * @flags: ICCP_FLAG_*
 * @domain: domain tag
 * @nonce: of the sender, never 0
 * @echo: nonce the sender last heard from us, 0 = none
 * @seq: DATA: number in the channel; others: counter of unnumbered frames
 * @ack: next DATA number the sender expects
 * @length: bytes of TLVs
 * @key: upper half of the id of the key it is signed with
 */
struct iccp_hdr {
	u8 version;
	u8 min_version;
	u8 type;
	u8 flags;
	u32 domain;
	u64 nonce;
	u64 echo;
	u32 seq;
	u32 ack;
	u16 length;
	u16 key;
};

#define ICCP_HELLO_FRESH	BIT(0)	/* has led no domain yet */
#define ICCP_HELLO_PREEMPT	BIT(1)
#define ICCP_HELLO_ID_SET	BIT(2)	/* system-id is configured */
#define ICCP_HELLO_MAINTENANCE	BIT(3)	/* legs held by the operator */
#define ICCP_HELLO_FLAGS	(ICCP_HELLO_FRESH | ICCP_HELLO_PREEMPT | \
				 ICCP_HELLO_ID_SET | ICCP_HELLO_MAINTENANCE)

/**
 * struct iccp_hello - what a chassis says about itself
 * @mac: bridge MAC, identifies the chassis
 * @priority: election, lowest wins
 * @role: enum iccp_role
 * @state: enum iccp_state
 * @node: node index or ICCP_NODE_NONE
 * @flags: ICCP_HELLO_*
 * @system: LACP system-id in use, zero if none yet
 * @system_prio: LACP system priority
 * @link: index of the peer-port link this copy was sent on
 * @links: number of links of the peer-port
 * @id_age: ms since the sender uses @system
 * @leg_digest: over (mlag-id, transaction, wire state) of its legs
 * @fdb_digest: see iccp_fdb_digest()
 * @fdb_gen: changes whenever the table does
 * @fdb_count: entries in the table
 * @clock: monotonic, ms
 * @dead: ms of silence after which the sender gives up its peer
 */
struct iccp_hello {
	u8 mac[ETH_ALEN];
	u8 priority;
	u8 role;
	u8 state;
	u8 node;
	u8 flags;
	u8 system[ETH_ALEN];
	u16 system_prio;
	u8 link;
	u8 links;
	u64 id_age;
	u64 leg_digest;
	u64 fdb_digest;
	u32 fdb_gen;
	u32 fdb_count;
	u64 clock;
	u32 dead;
};

/* HEARD: nonce and hello counter last heard, links they came in on. */
struct iccp_heard {
	u64 nonce;
	u32 seq;
	u32 links;
};

struct iccp_system {
	u8 system[ETH_ALEN];
	u16 system_prio;
	u8 role;
	u8 node;
};

#define ICCP_SYNC_FULL		BIT(0)	/* else FDB alone */

struct iccp_sync_begin {
	u32 generation;
	u8 flags;
};

struct iccp_sync_end {
	u32 generation;
	u32 count;
	u64 digest;
};

#define ICCP_LEG_GONE		BIT(0)	/* this mlag-id no longer exists here */
#define ICCP_LEG_PARTNER	BIT(1)	/* partner_* hold a client */
#define ICCP_LEG_FALLBACK	BIT(2)	/* ready for a client without LACP */
#define ICCP_LEG_IDLE		BIT(3)	/* nothing it sent is under way */
#define ICCP_LEG_FLAGS		(ICCP_LEG_GONE | ICCP_LEG_PARTNER | \
				 ICCP_LEG_FALLBACK | ICCP_LEG_IDLE)

/**
 * struct iccp_leg_word - a chassis speaks about its leg
 * @mlag_id: never 0
 * @txn: changes with every new @state
 * @drain: transaction of the last set of markers
 * @state: enum iccp_wire
 * @flags: ICCP_LEG_*
 * @ports: ports with link
 * @partner_system: LACP system of the client
 * @partner_prio: its priority
 * @partner_key: its key
 */
struct iccp_leg_word {
	u32 mlag_id;
	u32 txn;
	u32 drain;
	u8 state;
	u8 flags;
	u16 ports;
	u8 partner_system[ETH_ALEN];
	u16 partner_prio;
	u16 partner_key;
};

struct iccp_leg_ack {
	u32 mlag_id;
	u32 txn;
	u8 state;
};

#define ICCP_REC_ALIVE		BIT(0)	/* clear: withdrawn */
#define ICCP_REC_STATIC		BIT(1)
#define ICCP_REC_FLAGS		(ICCP_REC_ALIVE | ICCP_REC_STATIC)

/* One FDB record; @mlag_id is 0 unless @origin is ICCP_ORIGIN_LEG. */
struct iccp_fdb_rec {
	u8 mac[ETH_ALEN];
	u16 vid;
	u32 mlag_id;
	u32 seq;
	u8 origin;
	u8 flags;
};

/* Everything behind @origin (and @mlag_id) in @vid; vid 0 = all. */
struct iccp_fdb_flush {
	u32 mlag_id;
	u16 vid;
	u8 origin;
};

/* One marker of a set: link @index of @count. */
struct iccp_marker {
	u32 mlag_id;
	u32 txn;
	u8 index;
	u8 count;
};

#define ICCP_BEAT_FRESH		BIT(0)	/* has led no domain yet */
#define ICCP_BEAT_ASK		BIT(1)	/* answer at once */
#define ICCP_BEAT_BYE		BIT(2)	/* about to leave: silence is no failure */
#define ICCP_BEAT_FLAGS		(ICCP_BEAT_FRESH | ICCP_BEAT_ASK | \
				 ICCP_BEAT_BYE)

/**
 * struct iccp_beat_word - what a chassis says on the second path
 * @mac: bridge MAC, identifies the chassis
 * @priority: election, lowest wins
 * @role: enum iccp_role, without what is decided until more is known
 * @state: enum iccp_state
 * @flags: ICCP_BEAT_*
 */
struct iccp_beat_word {
	u8 mac[ETH_ALEN];
	u8 priority;
	u8 role;
	u8 state;
	u8 flags;
};

/* What a multicast record says. */
enum iccp_mcast_kind {
	ICCP_MCAST_ASK = 1,	/* which groups are wanted behind this leg? */
	ICCP_MCAST_V4,		/* this one, an IPv4 address in front */
	ICCP_MCAST_V6,		/* this one */
	ICCP_MCAST_END,		/* no more */
};

#define ICCP_MCAST_ROUTER	BIT(0)	/* END: a router is behind the leg */
#define ICCP_MCAST_LOST		BIT(1)	/* END: not all groups were told */
#define ICCP_MCAST_FLAGS	(ICCP_MCAST_ROUTER | ICCP_MCAST_LOST)

#define ICCP_GROUP_LEN		16

/**
 * struct iccp_mcast_rec - one record about the groups behind a leg
 * @mlag_id: the leg, never 0
 * @vid: VLAN of the group, 0 = none
 * @kind: enum iccp_mcast_kind
 * @flags: ICCP_MCAST_*
 * @group: address of the group, the rest 0
 */
struct iccp_mcast_rec {
	u32 mlag_id;
	u16 vid;
	u8 kind;
	u8 flags;
	u8 group[ICCP_GROUP_LEN];
};

/**
 * struct iccp_stp_word - a BPDU was heard on a leg
 * @mlag_id: the leg, never 0
 * @cost: path cost of the leg where it was heard
 * @mac: who sent it
 * @bpdu: the BPDU, as old as it is by now
 */
struct iccp_stp_word {
	u32 mlag_id;
	u32 cost;
	u8 mac[ETH_ALEN];
	u8 bpdu[ICCP_BPDU_MAX];
};

#define ICCP_STP_KNOWN		BIT(0)	/* there is a way to a better root */

/**
 * struct iccp_stp_root - the sender's best way to a root
 * @priority: of its bridge
 * @flags: ICCP_STP_KNOWN; without it what follows is 0
 * @via: identifier of its port
 * @mlag_id: of that port, 0: no leg
 * @cost: of the whole way
 * @bpdu: what was heard there
 */
struct iccp_stp_root {
	u16 priority;
	u8 flags;
	u16 via;
	u32 mlag_id;
	u32 cost;
	u8 bpdu[ICCP_BPDU_MAX];
};

#define ICCP_LEN_HELLO		65
#define ICCP_LEN_HEARD		16
#define ICCP_LEN_KEY		4
#define ICCP_LEN_SYSTEM		10
#define ICCP_LEN_SYNC_BEGIN	5
#define ICCP_LEN_SYNC_END	16
#define ICCP_LEN_LEG		26
#define ICCP_LEN_LEG_ACK	9
#define ICCP_LEN_FDB_REC	18
#define ICCP_LEN_FDB_FLUSH	7
#define ICCP_LEN_REASON		1
#define ICCP_LEN_MARKER		10
#define ICCP_LEN_SACK		8
#define ICCP_LEN_BEAT		10
#define ICCP_LEN_FACTS		4	/* and records */
#define ICCP_LEN_FACT		6	/* one of them */
#define ICCP_LEN_VLANS		6	/* and bytes of the set */
#define ICCP_LEN_MCAST_FRAME	(4 + ETH_HLEN)
#define ICCP_LEN_MCAST_REC	24
#define ICCP_LEN_STP_HEARD	(14 + ICCP_BPDU_MAX)
#define ICCP_LEN_STP_ROOT	(13 + ICCP_BPDU_MAX)
#define ICCP_LEN_STP_CHANGE	1

/*
 * enum iccp_drop - why a frame was not used; index into counters
 *
 * Names for the operator: iccp_drop_name().
 */
enum iccp_drop {
	ICCP_OK,
	ICCP_DROP_FOREIGN,	/* not our magic */
	ICCP_DROP_SHORT,	/* truncated */
	ICCP_DROP_VERSION,	/* no common version */
	ICCP_DROP_FLAGS,	/* flag bits nobody defined */
	ICCP_DROP_AUTH,		/* not signed with a key we take */
	ICCP_DROP_TYPE,		/* unknown frame type */
	ICCP_DROP_TLV,		/* malformed, misplaced or unknown TLV */
	ICCP_DROP_VALUE,	/* a value out of range */
	ICCP_DROP_DOMAIN,	/* another domain tag */
	ICCP_DROP_OWN,		/* our own frame came back */
	ICCP_DROP_DUPLICATE_DOMAIN, /* a third chassis on the segment */
	ICCP_DROP_STALE,	/* nonce or echo of a session that is over */
	ICCP_DROP_UNTRUSTED,	/* two-way check not passed */
	ICCP_DROP_REPLAY,	/* counter or number already used */
	ICCP_DROP_WINDOW,	/* number outside of the window */
	ICCP_DROP_DISABLED,	/* domain is leaving or has left */
	ICCP_DROP_LINK,		/* link index out of range */
	ICCP_DROP_PATH,		/* of the other path to the peer */
	ICCP_DROP_MAX,
};

/**
 * struct iccp_tlv - one TLV inside a checked frame
 * @type: enum iccp_tlv_type, U and F removed
 * @length: bytes of @value
 * @value: points into the frame
 */
struct iccp_tlv {
	u16 type;
	u16 length;
	const u8 *value;
};

/* Iterator over the TLVs of a checked frame. */
struct iccp_tlv_iter {
	const u8 *pos;
	const u8 *end;
};

/**
 * struct iccp_writer - builds one frame into caller's memory
 * @buf: start of the frame
 * @len: bytes written so far, header included
 * @size: limit
 */
struct iccp_writer {
	u8 *buf;
	u32 len;
	u32 size;
};

const char *iccp_drop_name(enum iccp_drop drop);
const char *iccp_role_name(enum iccp_role role);
const char *iccp_state_name(enum iccp_state state);
const char *iccp_wire_name(enum iccp_wire wire);

enum iccp_drop iccp_pdu_head(const u8 *bytes, u32 len, struct iccp_hdr *hdr);
enum iccp_drop iccp_pdu_body(const u8 *bytes, const struct iccp_hdr *hdr,
			     u32 *unknown);
enum iccp_drop iccp_pdu_check(const u8 *bytes, u32 len, struct iccp_hdr *hdr,
			      u32 *unknown);
u32 iccp_pdu_domain(const u8 *bytes, u32 len);
void iccp_tlv_first(struct iccp_tlv_iter *it, const u8 *bytes,
		    const struct iccp_hdr *hdr);
bool iccp_tlv_next(struct iccp_tlv_iter *it, struct iccp_tlv *tlv);

void iccp_get_hello(const struct iccp_tlv *tlv, struct iccp_hello *out);
void iccp_get_heard(const struct iccp_tlv *tlv, struct iccp_heard *out);
u32 iccp_get_keys(const struct iccp_tlv *tlv, u32 ids[ICCP_KEYS]);
void iccp_get_system(const struct iccp_tlv *tlv, struct iccp_system *out);
void iccp_get_sync_begin(const struct iccp_tlv *tlv,
			 struct iccp_sync_begin *out);
void iccp_get_sync_end(const struct iccp_tlv *tlv, struct iccp_sync_end *out);
void iccp_get_leg(const struct iccp_tlv *tlv, struct iccp_leg_word *out);
void iccp_get_leg_ack(const struct iccp_tlv *tlv, struct iccp_leg_ack *out);
u32 iccp_fdb_recs(const struct iccp_tlv *tlv);
void iccp_get_fdb_rec(const struct iccp_tlv *tlv, u32 n,
		      struct iccp_fdb_rec *out);
void iccp_get_fdb_flush(const struct iccp_tlv *tlv,
			struct iccp_fdb_flush *out);
u8 iccp_get_reason(const struct iccp_tlv *tlv);
void iccp_get_marker(const struct iccp_tlv *tlv, struct iccp_marker *out);
u64 iccp_get_sack(const struct iccp_tlv *tlv);
void iccp_get_beat(const struct iccp_tlv *tlv, struct iccp_beat_word *out);
u32 iccp_get_facts(const struct iccp_tlv *tlv, struct iccp_facts *out);
u32 iccp_get_vlans(const struct iccp_tlv *tlv, struct iccp_vlans *out);
const u8 *iccp_get_mcast_frame(const struct iccp_tlv *tlv, u32 *mlag_id,
			       u32 *len);
u32 iccp_mcast_recs(const struct iccp_tlv *tlv);
void iccp_get_mcast_rec(const struct iccp_tlv *tlv, u32 n,
			struct iccp_mcast_rec *out);
void iccp_get_stp_heard(const struct iccp_tlv *tlv, struct iccp_stp_word *out);
void iccp_get_stp_root(const struct iccp_tlv *tlv, struct iccp_stp_root *out);
void iccp_tlv_find(const u8 *bytes, const struct iccp_hdr *hdr, u16 type,
		   struct iccp_tlv *tlv);

void iccp_pdu_begin(struct iccp_writer *w, u8 *buf, u32 size);
u32 iccp_pdu_finish(struct iccp_writer *w, const struct iccp_hdr *hdr);
void iccp_pdu_patch(u8 *frame, u64 echo, u32 ack);
void iccp_pdu_mark_signed(u8 *frame, u16 key);

bool iccp_put_hello(struct iccp_writer *w, const struct iccp_hello *in);
bool iccp_put_heard(struct iccp_writer *w, const struct iccp_heard *in);
bool iccp_put_keys(struct iccp_writer *w, const u32 *ids, u32 n);
bool iccp_put_system(struct iccp_writer *w, const struct iccp_system *in);
bool iccp_put_sync_begin(struct iccp_writer *w,
			 const struct iccp_sync_begin *in);
bool iccp_put_sync_end(struct iccp_writer *w, const struct iccp_sync_end *in);
bool iccp_put_leg(struct iccp_writer *w, const struct iccp_leg_word *in);
bool iccp_put_leg_ack(struct iccp_writer *w, const struct iccp_leg_ack *in);
bool iccp_put_fdb_flush(struct iccp_writer *w,
			const struct iccp_fdb_flush *in);
bool iccp_put_reason(struct iccp_writer *w, u8 reason);
bool iccp_put_marker(struct iccp_writer *w, const struct iccp_marker *in);
bool iccp_put_sack(struct iccp_writer *w, u64 mask);
bool iccp_put_beat(struct iccp_writer *w, const struct iccp_beat_word *in);
bool iccp_put_facts(struct iccp_writer *w, u32 mlag_id,
		    const struct iccp_facts *in);
bool iccp_put_vlans(struct iccp_writer *w, u32 mlag_id,
		    const struct iccp_vlans *in);
bool iccp_put_mcast_frame(struct iccp_writer *w, u32 mlag_id, const u8 *bytes,
			  u32 len);
bool iccp_put_stp_heard(struct iccp_writer *w, const struct iccp_stp_word *in);
bool iccp_put_stp_root(struct iccp_writer *w, const struct iccp_stp_root *in);
bool iccp_put_stp_change(struct iccp_writer *w);

/*
 * Records share a TLV: open, add until false (full), close. An empty TLV is
 * taken back by close.
 */
bool iccp_fdb_tlv_open(struct iccp_writer *w, u16 type, u32 *mark);
bool iccp_fdb_tlv_add(struct iccp_writer *w, const struct iccp_fdb_rec *rec);
void iccp_fdb_tlv_close(struct iccp_writer *w, u32 mark);
bool iccp_mcast_tlv_open(struct iccp_writer *w, u32 *mark);
bool iccp_mcast_tlv_add(struct iccp_writer *w,
			const struct iccp_mcast_rec *rec);

#endif /* _MLAG_ICCP_PDU_H */
