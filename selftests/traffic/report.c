// SPDX-License-Identifier: GPL-2.0-only
/* Tables, JSON and verdict of the traffic meter. In: a phase whose frames have
 * settled, or the end of the run. Out: text for people on stdout, one JSON
 * object per phase for scripts, and the exit status.
 */
#include <string.h>

#include "meter.h"

enum verdict {
	VERDICT_PASS = 0,
	VERDICT_FAIL = 1,
	VERDICT_OVERLOAD = 3,	/* our own buffers overflowed: no judgement */
};

/* One line of a table. Echo and unsent belong to the stream and appear in the
 * line of its first receiver.
 */
struct row {
	const char *stream;
	const char *to;
	const char *kind;
	uint64_t sent;
	uint64_t unsent;
	uint64_t received;
	uint64_t lost;
	uint64_t dup;
	uint64_t reord;
	uint64_t echo;
	uint64_t flood;
	double gap_ms;
	double run_ms;
	const char *phase;
	const char *state;
};

static const char * const kind_names[] = {
	[STREAM_UNICAST] = "unicast",
	[STREAM_BROADCAST] = "broadcast",
	[STREAM_MULTICAST] = "multicast",
	[STREAM_UNKNOWN] = "unknown",
};

static double ms(uint64_t ns)
{
	return ns / (double)NSEC_PER_MSEC;
}

static bool was_down(const struct meter *m, const struct stream *st,
		     unsigned int to, unsigned int phase)
{
	return m->phase[phase].down & (1u << st->src | 1u << to);
}

static bool is_down(const struct meter *m, const struct stream *st,
		    unsigned int to)
{
	return m->host[st->src]->down || m->host[to]->down;
}

/* The path carries everything at the end of the phase. */
static bool recovered(const struct meter *m, const struct stream *st,
		      unsigned int to, unsigned int phase)
{
	uint64_t frames = m->tail_ns / st->acct.interval_ns;
	uint64_t sent;

	return !acct_tail_lost(st->path[to], phase, frames ? frames : 1,
			       &sent) && sent;
}

static const char *state(const struct meter *m, const struct stream *st,
			 unsigned int to, unsigned int phase)
{
	if (was_down(m, st, to, phase))
		return "down";
	return recovered(m, st, to, phase) ? "ok" : "LOSING";
}

static bool first_path(const struct stream *st, unsigned int to)
{
	while (to--)
		if (st->path[to])
			return false;
	return true;
}

static void add_phase(const struct stream *st, unsigned int to,
		      unsigned int phase, struct row *r)
{
	const struct acct_sphase *ph = &st->acct.phase[phase];
	const struct acct_cell *cell = &st->path[to]->cell[phase];
	double run;

	acct_path_close(st->path[to], phase);
	run = ms(cell->lost_run * st->acct.interval_ns);
	r->sent += acct_phase_sent(&st->acct, phase);
	r->received += cell->received;
	r->lost += cell->lost;
	r->dup += cell->dup;
	r->reord += cell->reord;
	if (ms(cell->gap_ns) > r->gap_ms)
		r->gap_ms = ms(cell->gap_ns);
	if (run > r->run_ms)
		r->run_ms = run;
	if (!first_path(st, to))
		return;
	r->unsent += ph->unsent;
	r->echo += ph->echo;
	r->flood += ph->flood;
}

static struct row new_row(const struct meter *m, const struct stream *st,
			  unsigned int to)
{
	return (struct row) {
		.stream = st->name,
		.to = m->host[to]->name,
		.kind = kind_names[st->kind],
	};
}

static void print_head(const char *last)
{
	printf("%-16s %-8s %8s %7s %5s %6s %9s %9s %6s %7s  %s\n", "stream",
	       "to", "sent", "lost", "dup", "reord", "gap-ms", "run-ms",
	       "echo", "unsent", last);
}

static void print_row(const struct row *r)
{
	printf("%-16s %-8s %8llu %7llu %5llu %6llu %9.2f %9.2f %6llu %7llu  %s%s%s\n",
	       r->stream, r->to, (unsigned long long)r->sent,
	       (unsigned long long)r->lost, (unsigned long long)r->dup,
	       (unsigned long long)r->reord, r->gap_ms, r->run_ms,
	       (unsigned long long)r->echo, (unsigned long long)r->unsent,
	       r->state, r->phase ? ", longest gap in " : "",
	       r->phase ? r->phase : "");
}

/* Names come from the command line and the FIFO: escape what JSON must not
 * contain.
 */
static void json_string(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', f);
		if ((unsigned char)*s < ' ')
			fprintf(f, "\\u%04x", *s);
		else
			fputc(*s, f);
	}
	fputc('"', f);
}

static void json_row(FILE *f, const struct row *r, bool first)
{
	fprintf(f, "%s{\"stream\":", first ? "" : ",");
	json_string(f, r->stream);
	fputs(",\"to\":", f);
	json_string(f, r->to);
	fprintf(f, ",\"kind\":\"%s\",\"sent\":%llu,\"unsent\":%llu,"
		"\"received\":%llu,\"lost\":%llu,\"dup\":%llu,\"reord\":%llu,"
		"\"echo\":%llu,\"flood\":%llu,\"gap_ms\":%.6f,"
		"\"lost_run_ms\":%.6f,\"state\":\"%s\"}", r->kind,
		(unsigned long long)r->sent, (unsigned long long)r->unsent,
		(unsigned long long)r->received, (unsigned long long)r->lost,
		(unsigned long long)r->dup, (unsigned long long)r->reord,
		(unsigned long long)r->echo, (unsigned long long)r->flood,
		r->gap_ms, r->run_ms, r->state);
}

static void print_overload(const struct meter_phase *ph)
{
	if (ph->ring_drops)
		printf("! meter overloaded: %llu frames arrived and found no room in its buffers\n",
		       (unsigned long long)ph->ring_drops);
	if (ph->softnet_drops)
		printf("! machine overloaded: %llu frames dropped in the receive backlog (netdev_max_backlog)\n",
		       (unsigned long long)ph->softnet_drops);
	if (ph->stall_ns > 20 * NSEC_PER_MSEC)
		printf("! meter stalled: it slept %.1f ms too long once\n",
		       ms(ph->stall_ns));
}

static void json_phase_head(FILE *f, const struct meter *m, unsigned int phase)
{
	const struct meter_phase *ph = &m->phase[phase];

	fprintf(f, "{\"phase\":%u,\"name\":", phase);
	json_string(f, ph->name);
	fprintf(f, ",\"start_ms\":%.3f,\"duration_ms\":%.3f,"
		"\"ring_drops\":%llu,\"softnet_drops\":%llu,"
		"\"stall_ms\":%.3f,\"rows\":[", ms(ph->start_ns - m->begin_ns),
		ms(ph->end_ns - ph->start_ns),
		(unsigned long long)ph->ring_drops,
		(unsigned long long)ph->softnet_drops, ms(ph->stall_ns));
}

/* i runs over the streams, to over the receivers of each. */
#define for_each_path(m, i, to)						\
	for ((i) = 0; (i) < (m)->nr_streams; (i)++)			\
		for ((to) = 0; (to) < (m)->nr_hosts; (to)++)		\
			if ((m)->stream[i]->path[to])

/**
 * report_phase() - print and write one settled phase
 * @m: the meter
 * @phase: the phase
 */
void report_phase(struct meter *m, unsigned int phase)
{
	const struct meter_phase *ph = &m->phase[phase];
	const struct stream *st;
	unsigned int i, to;
	bool first = true;
	struct row r;

	printf("\n== %s  (%.2f s)\n", ph->name,
	       ms(ph->end_ns - ph->start_ns) / 1000);
	print_head("at end");
	if (m->json)
		json_phase_head(m->json, m, phase);
	for_each_path(m, i, to) {
		st = m->stream[i];
		r = new_row(m, st, to);
		add_phase(st, to, phase, &r);
		r.state = state(m, st, to, phase);
		print_row(&r);
		if (m->json)
			json_row(m->json, &r, first);
		first = false;
	}
	print_overload(ph);
	if (m->json)
		fputs("]}\n", m->json);
	if (m->json)
		fflush(m->json);
	fflush(stdout);
}

static bool summary_row(const struct meter *m, const struct stream *st,
			unsigned int to, struct row *r)
{
	const unsigned int last = m->nr_phases - 1;
	const struct acct_path *p = st->path[to];
	unsigned int i;

	*r = new_row(m, st, to);
	for (i = 0; i < m->nr_phases; i++)
		add_phase(st, to, i, r);
	r->gap_ms = ms(p->gap_ns);
	if (p->gap_ns > 3 * st->acct.interval_ns)
		r->phase = m->phase[p->gap_phase].name;
	if (is_down(m, st, to)) {
		r->state = "down";
		return true;
	}
	r->state = recovered(m, st, to, last) ? "ok" : "NOT RECOVERED";
	return *r->state == 'o';
}

static enum verdict judge(const struct meter *m, uint64_t dup, uint64_t echo,
			  unsigned int dead)
{
	uint64_t alien = 0, drops = 0;
	unsigned int i;

	for (i = 0; i < m->nr_streams; i++)
		alien += m->stream[i]->acct.alien;
	for (i = 0; i < m->nr_phases; i++)
		drops += m->phase[i].ring_drops;
	if (alien)
		printf("! %llu frames with numbers never sent\n",
		       (unsigned long long)alien);
	printf("duplicated %llu, echoed %llu, paths not recovered %u\n",
	       (unsigned long long)dup, (unsigned long long)echo, dead);
	if (dup || echo || dead || alien)
		return VERDICT_FAIL;
	return drops ? VERDICT_OVERLOAD : VERDICT_PASS;
}

static const char *verdict_name(enum verdict v)
{
	return v == VERDICT_PASS ? "pass" :
	       v == VERDICT_FAIL ? "fail" : "overload";
}

/**
 * report_summary() - print the whole run and judge it
 * @m: the meter, all phases closed
 *
 * Return: exit status: 0 nothing was duplicated or echoed and every path ends
 * the run without loss, 1 otherwise, 3 if the meter itself was overloaded.
 */
int report_summary(struct meter *m)
{
	uint64_t dup = 0, echo = 0;
	unsigned int i, to, dead = 0;
	bool first = true;
	enum verdict v;
	struct row r;

	printf("\n== summary of %u phases\n", m->nr_phases);
	print_head("at end");
	if (m->json)
		fputs("{\"summary\":true,\"rows\":[", m->json);
	for_each_path(m, i, to) {
		dead += !summary_row(m, m->stream[i], to, &r);
		dup += r.dup;
		echo += r.echo;
		print_row(&r);
		if (m->json)
			json_row(m->json, &r, first);
		first = false;
	}
	v = judge(m, dup, echo, dead);
	printf("verdict: %s\n", verdict_name(v));
	if (m->json)
		fprintf(m->json, "],\"verdict\":\"%s\"}\n", verdict_name(v));
	return v;
}

/**
 * report_progress() - one line that shows life
 * @m: the meter
 * @now: time
 */
void report_progress(struct meter *m, uint64_t now)
{
	const unsigned int last = m->nr_phases - 1;
	uint64_t sent = 0, received = 0, dup = 0;
	unsigned int i, to;

	for (i = 0; i < m->nr_streams; i++)
		sent += acct_phase_sent(&m->stream[i]->acct, last);
	for_each_path(m, i, to) {
		received += m->stream[i]->path[to]->cell[last].received;
		dup += m->stream[i]->path[to]->cell[last].dup;
	}
	printf("# %7.2f s  %s: %llu sent, %llu received, %llu duplicated\n",
	       ms(now - m->begin_ns) / 1000, m->phase[last].name,
	       (unsigned long long)sent, (unsigned long long)received,
	       (unsigned long long)dup);
	fflush(stdout);
}
