// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work over the whole table, a slice at a time.
 *
 * Jobs asked for while a pass is under way wait for the next pass, so that each
 * sees every entry. Legs that changed come first: traffic waits for them.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "iccp_fdb.h"

/*
 * iccp_fdb_job() - ask for work over all entries
 * @jobs: ICCP_JOB_*
 */
void iccp_fdb_job(struct iccp_fdb *fdb, u32 jobs)
{
	fdb->jobs_next |= jobs;
}

static void jobs_cancel(struct iccp_fdb *fdb, u32 jobs)
{
	fdb->jobs &= ~jobs;
	fdb->jobs_next &= ~jobs;
}

/*
 * iccp_fdb_session() - records of the peer come in from now on, or no longer
 */
void iccp_fdb_session(struct iccp_fdb *fdb, bool up)
{
	fdb->session = up;
	jobs_cancel(fdb, ICCP_JOB_SWEEP);
	if (up)
		jobs_cancel(fdb, ICCP_JOB_LOST | ICCP_JOB_EXPIRE);
}

/*
 * iccp_fdb_sync_begin() - the peer names all it sees from here on
 *
 * What it has not named when it ends is swept with ICCP_JOB_SWEEP.
 */
void iccp_fdb_sync_begin(struct iccp_fdb *fdb)
{
	fdb->rx_gen++;
	jobs_cancel(fdb, ICCP_JOB_SWEEP);
}

/*
 * iccp_fdb_flush() - forget what @flush names, here and as seen from the peer
 *
 * Two flushes that meet become one of everything.
 */
void iccp_fdb_flush(struct iccp_fdb *fdb, const struct iccp_fdb_flush *flush)
{
	struct iccp_fdb_flush *next = &fdb->flush_next;

	if (!(fdb->jobs_next & ICCP_JOB_FLUSH)) {
		*next = *flush;
	} else if (memcmp(next, flush, sizeof(*next))) {
		memset(next, 0, sizeof(*next));
		next->origin = ICCP_ORIGIN_ANY;
	}
	iccp_fdb_job(fdb, ICCP_JOB_FLUSH);
}

/*
 * iccp_fdb_flush_bridge() - the peer was flushed: do the same to what the
 * bridge learned here
 * @slot: of the leg, if @flush names one
 */
void iccp_fdb_flush_bridge(struct iccp_fdb *fdb,
			   const struct iccp_fdb_flush *flush, u16 slot)
{
	bool waiting = fdb->flush_orphans || fdb->flush_leg < fdb->flush_legs;

	fdb->flush_vid = waiting && fdb->flush_vid != flush->vid ? 0 :
								   flush->vid;
	if (flush->origin != ICCP_ORIGIN_LEG)
		fdb->flush_orphans = true;
	if (flush->origin == ICCP_ORIGIN_ORPHAN)
		return;
	fdb->flush_leg = 0;
	fdb->flush_legs = fdb->nlegs;
	if (flush->origin == ICCP_ORIGIN_LEG && !waiting) {
		fdb->flush_leg = slot;
		fdb->flush_legs = slot + 1;
	}
}

/*
 * iccp_fdb_flush_next() - next FLUSH operation; its result is of no interest
 */
bool iccp_fdb_flush_next(struct iccp_fdb *fdb, struct iccp_fdb_op *op)
{
	memset(op, 0, sizeof(*op));
	op->kind = ICCP_FDB_FLUSH;
	op->vid = fdb->flush_vid;
	op->index = ICCP_FDB_NIL;
	op->place = ICCP_PLACE_ORPHAN;
	if (fdb->flush_orphans) {
		fdb->flush_orphans = false;
		return true;
	}
	op->place = ICCP_PLACE_LEG;
	while (fdb->flush_leg < fdb->flush_legs) {
		op->mlag_id = fdb->legs[fdb->flush_leg++].mlag_id;
		if (op->mlag_id)
			return true;
	}
	return false;
}

static bool flush_names(const struct iccp_fdb_flush *f,
			const struct iccp_fdb_entry *e)
{
	if (e->origin == ICCP_ORIGIN_SELF)
		return false;
	if (f->vid && f->vid != e->vid)
		return false;
	if (f->origin == ICCP_ORIGIN_ANY)
		return true;
	return f->origin == e->origin && f->mlag_id == e->mlag_id;
}

static void job_peer_gone(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	if (!(e->flags & ICCP_FDB_PEER))
		return;
	e->flags &= ~(ICCP_FDB_PEER | ICCP_FDB_PEER_STATIC);
	if (!(e->flags & ICCP_FDB_LOCAL))
		iccp_fdb_let_static(e);
	fdb->counters[ICCP_FDB_C_SWEPT]++;
}

static void job_flush(struct iccp_fdb *fdb, struct iccp_fdb_entry *e)
{
	if (!flush_names(&fdb->flush, e))
		return;
	if (!(e->flags & ICCP_FDB_STATIC)) {
		e->flags &= ~ICCP_FDB_LOCAL;
		/* the bridge itself was or will be flushed */
		if (!(e->flags & ICCP_FDB_OURS))
			iccp_fdb_put_at(e, ICCP_PLACE_NONE, 0);
	}
	if (!(e->flags & ICCP_FDB_PEER_STATIC))
		e->flags &= ~ICCP_FDB_PEER;
}

static void undamp(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now)
{
	struct iccp_fdb_where at = {
		.place = e->damp_place,
		.mlag_id = e->damp_id,
	};
	u8 seen = e->moves;
	u64 due;

	if ((u32)now - e->window < ICCP_FDB_DAMP_MS) {
		due = now + ICCP_FDB_DAMP_MS - ((u32)now - e->window);
		fdb->undamp_at = min_t(u64, fdb->undamp_at, due);
		return;
	}
	e->flags &= ~ICCP_FDB_DAMPED;
	e->damp_place = ICCP_PLACE_NONE;
	e->moves = 0;
	fdb->damped--;
	if (!at.place || e->flags & ICCP_FDB_PEER_STATIC)
		return;
	at.slot = ICCP_SLOT_NONE;
	if (at.place == ICCP_PLACE_LEG)
		for (at.slot = 0; at.slot < fdb->nlegs; at.slot++)
			if (fdb->legs[at.slot].mlag_id == at.mlag_id)
				break;
	if (at.place == ICCP_PLACE_LEG && at.slot == fdb->nlegs)
		return;
	/* damped at the same moment, the chassis that saw it last is ahead */
	e->seq += 1 + seen;
	iccp_fdb_live_here(fdb, e, &at, false);
}

/* What is to be removed is so through any port of the bridge. */
static void job_moved(struct iccp_fdb_entry *e)
{
	if (e->installed == ICCP_PLACE_PEER_PORT && e->flags & ICCP_FDB_ALIVE)
		iccp_fdb_put_at(e, ICCP_PLACE_NONE, 0);
}

static void job_entry(struct iccp_fdb *fdb, struct iccp_fdb_entry *e, u64 now)
{
	u32 jobs = fdb->jobs;

	iccp_fdb_change(fdb, e);
	if (jobs & ICCP_JOB_SWEEP && e->gen != fdb->rx_gen)
		job_peer_gone(fdb, e);
	if (jobs & ICCP_JOB_LOST && e->origin != ICCP_ORIGIN_LEG)
		job_peer_gone(fdb, e);
	if (jobs & ICCP_JOB_EXPIRE)
		job_peer_gone(fdb, e);
	if (jobs & ICCP_JOB_RETRY)
		e->flags &= ~ICCP_FDB_FAILED;
	if (jobs & ICCP_JOB_FLUSH)
		job_flush(fdb, e);
	if (jobs & ICCP_JOB_MOVED)
		job_moved(e);
	if (jobs & ICCP_JOB_UNDAMP && e->flags & ICCP_FDB_DAMPED)
		undamp(fdb, e, now);
	iccp_fdb_changed(fdb, e);
}

static void pass_begin(struct iccp_fdb *fdb)
{
	fdb->jobs = fdb->jobs_next;
	fdb->jobs_next = 0;
	fdb->flush = fdb->flush_next;
	fdb->job_cursor = 0;
}

static bool pass_run(struct iccp_fdb *fdb, u64 now, u32 *budget)
{
	struct iccp_fdb_entry *e;

	if (!fdb->jobs)
		pass_begin(fdb);
	for (; fdb->jobs && *budget; --*budget) {
		if (fdb->job_cursor >= fdb->unused) {
			fdb->jobs = 0;
			break;
		}
		e = &fdb->entries[fdb->job_cursor++];
		if (e->flags & ICCP_FDB_USED)
			job_entry(fdb, e, now);
	}
	return fdb->jobs || fdb->jobs_next;
}

/* Nobody to tell: the entries are sent whole when a session begins. */
static bool dirty_drop(struct iccp_fdb *fdb, u32 *budget)
{
	struct iccp_fdb_entry *e;

	if (fdb->session)
		return false;
	for (; *budget && iccp_fdb_dirty_pop(fdb, &e); --*budget) {
		iccp_fdb_change(fdb, e);
		iccp_fdb_changed(fdb, e);
	}
	return fdb->dirty.count;
}

/*
 * iccp_fdb_work() - a slice of what is to be done over many entries
 * @budget: entries to look at, reduced
 *
 * Return: true if there is more.
 */
bool iccp_fdb_work(struct iccp_fdb *fdb, u64 now, u32 *budget)
{
	bool more = iccp_fdb_scan(fdb, budget);

	more |= dirty_drop(fdb, budget);
	return pass_run(fdb, now, budget) || more;
}

/*
 * iccp_fdb_busy() - operations or work over many entries wait
 */
bool iccp_fdb_busy(const struct iccp_fdb *fdb)
{
	return fdb->ops.count || fdb->scanning || fdb->jobs ||
	       fdb->jobs_next || fdb->flush_orphans ||
	       fdb->flush_leg < fdb->flush_legs ||
	       (!fdb->session && fdb->dirty.count);
}

/*
 * iccp_fdb_run() - timers
 */
void iccp_fdb_run(struct iccp_fdb *fdb, u64 now)
{
	if (now >= fdb->retry_at) {
		fdb->retry_at = U64_MAX;
		iccp_fdb_job(fdb, ICCP_JOB_RETRY);
	}
	if (now >= fdb->undamp_at) {
		fdb->undamp_at = U64_MAX;
		iccp_fdb_job(fdb, ICCP_JOB_UNDAMP);
	}
}

u64 iccp_fdb_deadline(const struct iccp_fdb *fdb)
{
	return min_t(u64, fdb->retry_at, fdb->undamp_at);
}
