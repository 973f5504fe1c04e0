// SPDX-License-Identifier: GPL-2.0-only
/* Exact book-keeping for sequence-numbered streams: every number attempted has
 * one bit "sent" in its stream and one bit "seen" in each path, kept for the
 * whole run, so a copy is known as such however late it comes. A frame belongs
 * to the phase in which it was attempted.
 */
#include <stdlib.h>
#include <string.h>

#include "account.h"

static bool bits_test(const struct acct_bits *b, uint64_t n)
{
	return n / 64 < b->words && b->word[n / 64] >> (n % 64) & 1;
}

static void bits_grow(struct acct_bits *b, size_t words)
{
	size_t want = b->words ? b->words : 64;

	while (want < words)
		want *= 2;
	b->word = realloc(b->word, want * sizeof(*b->word));
	if (!b->word)
		abort();
	memset(b->word + b->words, 0, (want - b->words) * sizeof(*b->word));
	b->words = want;
}

static void bits_set(struct acct_bits *b, uint64_t n)
{
	if (n / 64 >= b->words)
		bits_grow(b, n / 64 + 1);
	b->word[n / 64] |= 1ULL << (n % 64);
}

static void bits_free(struct acct_bits *b)
{
	free(b->word);
	memset(b, 0, sizeof(*b));
}

/**
 * acct_stream_init() - begin a stream, and its phase 0
 * @s: memory of the stream
 * @interval_ns: nominal distance of two frames
 * @now: start of the run
 */
void acct_stream_init(struct acct_stream *s, uint64_t interval_ns, uint64_t now)
{
	memset(s, 0, sizeof(*s));
	s->interval_ns = interval_ns;
	s->phase[0].start_ns = now;
	s->nr_phases = 1;
}

/**
 * acct_stream_free() - release what a stream allocated
 * @s: the stream
 */
void acct_stream_free(struct acct_stream *s)
{
	bits_free(&s->sent);
}

/**
 * acct_path_init() - begin a path
 * @p: memory of the path
 * @s: its stream; must outlive the path
 */
void acct_path_init(struct acct_path *p, struct acct_stream *s)
{
	memset(p, 0, sizeof(*p));
	p->stream = s;
	p->last_ns = s->phase[0].start_ns;
}

/**
 * acct_path_free() - release what a path allocated
 * @p: the path
 */
void acct_path_free(struct acct_path *p)
{
	bits_free(&p->seen);
}

static unsigned int phase_of(const struct acct_stream *s, uint64_t seq)
{
	unsigned int i = s->nr_phases - 1;

	while (i && seq < s->phase[i].first_seq)
		i--;
	return i;
}

static uint64_t phase_end(const struct acct_stream *s, unsigned int phase)
{
	if (phase + 1 < s->nr_phases)
		return s->phase[phase + 1].first_seq;
	return s->next_seq;
}

/**
 * acct_stream_mark() - what is attempted from now on belongs to a new phase
 * @s: the stream
 * @now: the boundary
 *
 * Return: false if ACCT_MAX_PHASES are used up; nothing changed then.
 */
bool acct_stream_mark(struct acct_stream *s, uint64_t now)
{
	struct acct_sphase *ph = &s->phase[s->nr_phases];

	if (s->nr_phases == ACCT_MAX_PHASES)
		return false;
	ph->first_seq = s->next_seq;
	ph->start_ns = now;
	s->nr_phases++;
	return true;
}

/**
 * acct_attempt() - a frame is about to be handed to the socket
 * @s: its stream
 * @now: time of the attempt
 *
 * Return: the sequence number the frame must carry. Each attempt must be
 * followed by acct_sent() or acct_unsent().
 */
uint64_t acct_attempt(struct acct_stream *s, uint64_t now)
{
	uint64_t seq = s->next_seq++;

	s->time[seq % ACCT_TIMES] = now;
	return seq;
}

/**
 * acct_sent() - the socket took the frame
 * @s: its stream
 * @seq: number returned by acct_attempt()
 */
void acct_sent(struct acct_stream *s, uint64_t seq)
{
	bits_set(&s->sent, seq);
}

/**
 * acct_unsent() - the socket refused the frame
 * @s: its stream
 * @seq: number returned by acct_attempt()
 */
void acct_unsent(struct acct_stream *s, uint64_t seq)
{
	s->phase[phase_of(s, seq)].unsent++;
}

static bool seq_known(struct acct_stream *s, uint64_t seq)
{
	if (seq < s->next_seq)
		return true;
	s->alien++;
	return false;
}

/**
 * acct_echo() - the sender received its own frame
 * @s: its stream
 * @seq: number in the frame
 */
void acct_echo(struct acct_stream *s, uint64_t seq)
{
	if (seq_known(s, seq))
		s->phase[phase_of(s, seq)].echo++;
}

/**
 * acct_flood() - a host received a unicast frame that is not for it
 * @s: its stream
 * @seq: number in the frame
 */
void acct_flood(struct acct_stream *s, uint64_t seq)
{
	if (seq_known(s, seq))
		s->phase[phase_of(s, seq)].flood++;
}

/* From when on the receiver could expect frame p->next_seq: one interval before
 * it was attempted, so that silence of the sender is not taken for a gap, but
 * not before the latest reception.
 */
static uint64_t gap_start(const struct acct_path *p)
{
	const struct acct_stream *s = p->stream;
	uint64_t seq = p->next_seq, due;

	if (seq >= s->next_seq)
		return UINT64_MAX;
	if (s->next_seq - seq > ACCT_TIMES)
		return p->last_ns;
	due = s->time[seq % ACCT_TIMES] - s->interval_ns;
	return due > p->last_ns ? due : p->last_ns;
}

/* A gap may reach over phase boundaries: each phase gets its part. */
static void path_gap(struct acct_path *p, uint64_t seq, uint64_t to)
{
	const struct acct_stream *s = p->stream;
	unsigned int first = phase_of(s, p->next_seq);
	unsigned int last = phase_of(s, seq);
	uint64_t from = gap_start(p);
	uint64_t start, end;
	unsigned int i;

	if (from >= to)
		return;
	for (i = first; i <= last; i++) {
		start = i > first ? s->phase[i].start_ns : from;
		end = i < last ? s->phase[i + 1].start_ns : to;
		if (end > start && end - start > p->cell[i].gap_ns)
			p->cell[i].gap_ns = end - start;
	}
	if (to - from > p->gap_ns) {
		p->gap_ns = to - from;
		p->gap_phase = first;
	}
}

/**
 * acct_path_rx() - a receiver got a frame that is for it
 * @p: the path
 * @seq: number in the frame
 * @rx_ns: when it was received, in the clock of acct_attempt()
 */
void acct_path_rx(struct acct_path *p, uint64_t seq, uint64_t rx_ns)
{
	struct acct_cell *cell;

	if (!seq_known(p->stream, seq))
		return;
	cell = &p->cell[phase_of(p->stream, seq)];
	if (bits_test(&p->seen, seq)) {
		cell->dup++;
		return;
	}
	bits_set(&p->seen, seq);
	cell->received++;
	if (seq < p->next_seq) {
		cell->reord++;
	} else {
		path_gap(p, seq, rx_ns);
		p->next_seq = seq + 1;
	}
	if (rx_ns > p->last_ns)
		p->last_ns = rx_ns;
}

/**
 * acct_path_close() - count what a phase lost
 * @p: the path
 * @phase: a phase whose frames are no longer under way
 *
 * May be called again later: a frame that came after all is taken back.
 */
void acct_path_close(struct acct_path *p, unsigned int phase)
{
	const struct acct_stream *s = p->stream;
	uint64_t first = s->phase[phase].first_seq;
	uint64_t end = phase_end(s, phase), run = 0, seq;
	struct acct_cell *cell = &p->cell[phase];

	cell->lost = 0;
	cell->lost_run = 0;
	for (seq = first; seq < end; seq++) {
		if (bits_test(&p->seen, seq)) {
			run = 0;
			continue;
		}
		if (!bits_test(&s->sent, seq))
			continue;
		cell->lost++;
		if (++run > cell->lost_run)
			cell->lost_run = run;
	}
	if (p->next_seq < end && s->next_seq - end < ACCT_TIMES)
		path_gap(p, end - 1, s->time[(end - 1) % ACCT_TIMES]);
}

/**
 * acct_phase_sent() - frames of a phase that the socket took
 * @s: the stream
 * @phase: one of its phases
 */
uint64_t acct_phase_sent(const struct acct_stream *s, unsigned int phase)
{
	const struct acct_sphase *ph = &s->phase[phase];

	return phase_end(s, phase) - ph->first_seq - ph->unsent;
}

/**
 * acct_tail_lost() - what is missing among the last frames of a phase
 * @p: the path
 * @phase: a phase whose frames are no longer under way
 * @frames: how many of the last attempts to look at
 * @sent: how many of those the socket took
 *
 * Return: how many of @sent did not arrive.
 */
uint64_t acct_tail_lost(const struct acct_path *p, unsigned int phase,
			uint64_t frames, uint64_t *sent)
{
	const struct acct_stream *s = p->stream;
	uint64_t first = s->phase[phase].first_seq;
	uint64_t end = phase_end(s, phase), lost = 0, seq;

	if (end - first > frames)
		first = end - frames;
	*sent = 0;
	for (seq = first; seq < end; seq++) {
		if (!bits_test(&s->sent, seq))
			continue;
		++*sent;
		lost += !bits_test(&p->seen, seq);
	}
	return lost;
}
