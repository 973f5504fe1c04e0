/* SPDX-License-Identifier: GPL-2.0-only */
/* The book-keeping of the traffic meter. In: frames attempted, sent, received,
 * echoed, and phase boundaries. Out: exact counts per phase for each stream
 * and receiver. No sockets and no clock: time is an argument in ns.
 */
#ifndef TRAFFIC_ACCOUNT_H
#define TRAFFIC_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum acct_limits {
	ACCT_MAX_PHASES = 256,
	ACCT_TIMES = 1 << 14,	/* attempts whose time is remembered */
};

/**
 * struct acct_bits - set of sequence numbers, grows as needed
 * @word: the bits, NULL while empty
 * @words: allocated length of @word
 */
struct acct_bits {
	uint64_t *word;
	size_t words;
};

/**
 * struct acct_sphase - one phase of one stream, sender side
 * @first_seq: first sequence number attempted in the phase
 * @start_ns: when the phase began
 * @unsent: frames the socket refused
 * @echo: own frames received back at the sender
 * @flood: unicast frames that reached a host they were not for
 */
struct acct_sphase {
	uint64_t first_seq;
	uint64_t start_ns;
	uint64_t unsent;
	uint64_t echo;
	uint64_t flood;
};

/**
 * struct acct_stream - sender side of one stream
 * @interval_ns: nominal distance of two frames
 * @next_seq: sequence number of the next attempt
 * @alien: frames received with a sequence number never attempted
 * @sent: sequence numbers the socket accepted
 * @time: attempt times of the last ACCT_TIMES frames
 * @nr_phases: phases begun
 * @phase: per phase
 */
struct acct_stream {
	uint64_t interval_ns;
	uint64_t next_seq;
	uint64_t alien;
	struct acct_bits sent;
	uint64_t time[ACCT_TIMES];
	unsigned int nr_phases;
	struct acct_sphase phase[ACCT_MAX_PHASES];
};

/**
 * struct acct_cell - one phase of one path
 * @received: distinct frames received
 * @dup: further copies of frames received already
 * @reord: frames received after one with a higher number
 * @gap_ns: longest time without a reception while the sender was trying,
 *          clipped to the phase
 * @lost: frames sent and not received; valid after acct_path_close()
 * @lost_run: longest run of lost frames; valid after acct_path_close()
 */
struct acct_cell {
	uint64_t received;
	uint64_t dup;
	uint64_t reord;
	uint64_t gap_ns;
	uint64_t lost;
	uint64_t lost_run;
};

/**
 * struct acct_path - one stream as seen by one receiver
 * @stream: where the frames come from
 * @seen: sequence numbers received
 * @next_seq: one above the highest number received
 * @last_ns: time of the latest reception
 * @gap_ns: longest gap of the run, not clipped to phases
 * @gap_phase: phase in which that gap began
 * @cell: per phase
 */
struct acct_path {
	struct acct_stream *stream;
	struct acct_bits seen;
	uint64_t next_seq;
	uint64_t last_ns;
	uint64_t gap_ns;
	unsigned int gap_phase;
	struct acct_cell cell[ACCT_MAX_PHASES];
};

void acct_stream_init(struct acct_stream *s, uint64_t interval_ns,
		      uint64_t now);
void acct_stream_free(struct acct_stream *s);
void acct_path_init(struct acct_path *p, struct acct_stream *s);
void acct_path_free(struct acct_path *p);

bool acct_stream_mark(struct acct_stream *s, uint64_t now);
uint64_t acct_attempt(struct acct_stream *s, uint64_t now);
void acct_sent(struct acct_stream *s, uint64_t seq);
void acct_unsent(struct acct_stream *s, uint64_t seq);
void acct_echo(struct acct_stream *s, uint64_t seq);
void acct_flood(struct acct_stream *s, uint64_t seq);
void acct_path_rx(struct acct_path *p, uint64_t seq, uint64_t rx_ns);
void acct_path_close(struct acct_path *p, unsigned int phase);

uint64_t acct_phase_sent(const struct acct_stream *s, unsigned int phase);
uint64_t acct_tail_lost(const struct acct_path *p, unsigned int phase,
			uint64_t frames, uint64_t *sent);

#endif
