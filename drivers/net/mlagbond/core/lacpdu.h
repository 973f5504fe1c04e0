/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LACPDU and Marker PDU: bytes of a Slow Protocols frame to and from structs
 * in host order (IEEE 802.1AX-2014 6.4.2, 6.5.3). Every length is checked here
 * and nowhere else.
 */
#ifndef _MBOND_LACPDU_H
#define _MBOND_LACPDU_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/types.h>

enum {
	LACPDU_LEN		= 110,	/* bytes after the Ethernet header */
	LACPDU_VERSION		= 1,	/* version this implementation writes */
	LACP_SUBTYPE_LACP	= 1,
	LACP_SUBTYPE_MARKER	= 2,
};

/* LACP state, IEEE 802.1AX-2014 6.4.2.3 m */
#define LACP_ACTIVITY		BIT(0)	/* active, not passive */
#define LACP_TIMEOUT		BIT(1)	/* wants a PDU each second */
#define LACP_AGGREGATION	BIT(2)	/* aggregatable, not individual */
#define LACP_SYNC		BIT(3)	/* attached to the right aggregator */
#define LACP_COLLECTING		BIT(4)	/* takes frames */
#define LACP_DISTRIBUTING	BIT(5)	/* sends frames */
#define LACP_DEFAULTED		BIT(6)	/* partner is made up */
#define LACP_EXPIRED		BIT(7)	/* waits for the partner's first word */

/**
 * struct lacp_info - what one side of a link says about itself
 * @system: system identifier
 * @system_prio: system priority, lower is better
 * @key: operational key; equal keys can be aggregated
 * @port: port number, unique in the system
 * @port_prio: port priority, lower is better
 * @state: LACP_ACTIVITY and so on
 */
struct lacp_info {
	u8 system[ETH_ALEN];
	u16 system_prio;
	u16 key;
	u16 port;
	u16 port_prio;
	u8 state;
};

/**
 * struct lacpdu - a LACPDU
 * @actor: the sender about itself
 * @partner: the sender about the receiver
 * @max_delay: CollectorMaxDelay, tens of microseconds
 * @version: as written by the sender; ignored by lacpdu_encode()
 * @unknown_tlvs: TLVs of later versions that were skipped; same
 */
struct lacpdu {
	struct lacp_info actor;
	struct lacp_info partner;
	u16 max_delay;
	u8 version;
	u16 unknown_tlvs;
};

/**
 * struct lacp_marker - a Marker PDU, asking or answering
 * @system: system of the requester
 * @port: port number of the requester
 * @transaction: chosen by the requester
 * @response: answer, not question
 */
struct lacp_marker {
	u8 system[ETH_ALEN];
	u16 port;
	u32 transaction;
	bool response;
};

/**
 * enum lacp_illegal - why a frame of the Slow Protocols type is illegal
 * @LACP_ILLEGAL_LENGTH: ends too soon
 * @LACP_ILLEGAL_SUBTYPE: subtype 0
 * @LACP_ILLEGAL_VERSION: version 0
 * @LACP_ILLEGAL_TLV: type or length of a TLV, or no terminator
 * @LACP_ILLEGAL_MARKER: a Marker PDU that neither asks nor answers
 * @LACP_ILLEGAL_SYSTEM: a system identifier nobody can have: zero or a group
 * @LACP_ILLEGAL_SOURCE: a source address the partner cannot have
 */
enum lacp_illegal {
	LACP_ILLEGAL_LENGTH,
	LACP_ILLEGAL_SUBTYPE,
	LACP_ILLEGAL_VERSION,
	LACP_ILLEGAL_TLV,
	LACP_ILLEGAL_MARKER,
	LACP_ILLEGAL_SYSTEM,
	LACP_ILLEGAL_SOURCE,
	LACP_ILLEGALS,
};

/**
 * struct lacp_frame - a frame of the Slow Protocols type that is for us
 * @subtype: LACP_SUBTYPE_LACP: @pdu is valid; LACP_SUBTYPE_MARKER: @marker is
 * @illegal: enum lacp_illegal, where decoding said -EINVAL
 * @pdu: see struct lacpdu
 * @marker: see struct lacp_marker
 */
struct lacp_frame {
	u8 subtype;
	u8 illegal;
	union {
		struct lacpdu pdu;
		struct lacp_marker marker;
	};
};

int lacp_decode(struct lacp_frame *frame, const u8 *data, size_t len);
void lacpdu_encode(const struct lacpdu *pdu, u8 buf[LACPDU_LEN]);
void lacp_marker_encode(const struct lacp_marker *marker, u8 buf[LACPDU_LEN]);

#endif /* _MBOND_LACPDU_H */
