/* SPDX-License-Identifier: GPL-2.0-only */
/* What a measuring frame looks like on the wire: an Ethernet header with our
 * experimental EtherType (behind an 802.1Q tag if the stream has a VLAN) and
 * this header, all of it big endian, padded to the frame size of the stream.
 */
#ifndef TRAFFIC_WIRE_H
#define TRAFFIC_WIRE_H

#include <stdint.h>

#define WIRE_ETHERTYPE	0x88b6	/* IEEE 802 local experimental 2 */
#define WIRE_MAGIC	0x6d6c6667
#define WIRE_MIN_FRAME	60	/* bytes without FCS */
#define WIRE_MAX_FRAME	1514
#define WIRE_NO_STREAM	0xffff	/* frames that only teach an address */

/**
 * struct wire_hdr - what follows the EtherType
 * @magic: WIRE_MAGIC
 * @run: number of this run; frames of other runs are ignored
 * @stream: index of the stream, or WIRE_NO_STREAM
 * @seq: position of the frame in its stream, from 0
 * @sent_ns: CLOCK_MONOTONIC of the sender when the frame was staged
 */
struct wire_hdr {
	uint32_t magic;
	uint32_t run;
	uint16_t stream;
	uint64_t seq;
	uint64_t sent_ns;
} __attribute__((packed));

#endif
