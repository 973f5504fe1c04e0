/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The session with one peer: nonces, two-way check, replay window, reliable channel.
 *
 * In: checked headers, frames to be numbered, time. Out: frames in order, frames to send again,
 * whether the peer lives. Knows nothing of what the frames mean.
 */
#ifndef _MLAG_ICCP_SESSION_H
#define _MLAG_ICCP_SESSION_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include "iccp_pdu.h"

#define ICCP_WINDOW		64	/* DATA frames in flight */
#define ICCP_WINDOW_RESERVE	16	/* of these for leg messages alone */
#define ICCP_RTO_MIN_MS		20
#define ICCP_RTO_MAX_MS		200
#define ICCP_STALL_MS		5000	/* no progress of the channel: start again */
#define ICCP_OLD_NONCES		8

/* How far the two-way check has come. */
enum iccp_session_state {
	ICCP_SESSION_NONE,	/* nobody heard */
	ICCP_SESSION_HEARD,	/* a hello, but the peer does not hear us yet */
	ICCP_SESSION_TWO_WAY,	/* the channel runs */
};

/**
 * struct iccp_slot - one DATA frame, sent and kept or received out of order
 * @sent: last transmission, ms
 * @len: bytes in @buf, 0 = empty
 * @tries: transmissions so far
 * @sacked: the peer holds it
 * @skipped: acknowledgements that passed it by
 * @buf: the frame
 */
struct iccp_slot {
	u64 sent;
	u16 len;
	u16 tries;
	bool sacked;
	u8 skipped;
	u8 buf[ICCP_FRAME_MAX];
};

/**
 * struct iccp_session - Caller serialises calls
 * @state: see enum
 * @nonce: ours, of this session
 * @peer_nonce: the peer's, 0 = not heard
 * @old: nonces of sessions that are over, newest first
 * @counter: of unnumbered frames we sent
 * @replay_top: highest counter received
 * @replay_mask: bit n: replay_top - n was received
 * @heard_at: last sign of life, ms
 * @tx_una: oldest number not acknowledged
 * @tx_next: next number to assign
 * @rx_next: next number expected
 * @progress_at: last time tx_una moved or the window was empty
 * @srtt: smoothed round trip, 1/8 ms
 * @rttvar: its variation, 1/4 ms
 * @backoff: RTO is doubled that often
 * @ack_due: an acknowledgement should go out
 * @tx: window of sent frames
 * @rx: frames received out of order
 */
struct iccp_session {
	enum iccp_session_state state;
	u64 nonce;
	u64 peer_nonce;
	u64 old[ICCP_OLD_NONCES];
	u64 random;
	u32 counter;
	u32 replay_top;
	u64 replay_mask;
	u64 heard_at;
	u32 tx_una;
	u32 tx_next;
	u32 rx_next;
	u64 progress_at;
	u32 srtt;
	u32 rttvar;
	u8 backoff;
	bool rtt_valid;
	bool replay_any;
	bool ack_due;
	u32 retransmits;
	struct iccp_slot tx[ICCP_WINDOW];
	struct iccp_slot rx[ICCP_WINDOW];
};

#endif /* _MLAG_ICCP_SESSION_H */
