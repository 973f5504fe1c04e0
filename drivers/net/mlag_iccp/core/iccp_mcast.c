// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues of what the two chassis tell each other about multicast groups.
 *
 * In: frames heard on a leg, records. Out: the same, in order. Bounded: what
 * finds no room is refused, and an end says that records before it were. The
 * state itself is in the bridges.
 */
#include <linux/stddef.h>
#include "iccp_mcast.h"

static void recs_clear(struct iccp_mcast_recs *q)
{
	q->head = 0;
	q->tail = 0;
	q->lost = false;
}

/*
 * iccp_mcast_clear() - forget what waits; the peer it was for or of is lost
 */
void iccp_mcast_clear(struct iccp_mcast *mc)
{
	mc->tx.head = 0;
	mc->tx.tail = 0;
	mc->rx.head = 0;
	mc->rx.tail = 0;
	recs_clear(&mc->tx_recs);
	recs_clear(&mc->rx_recs);
}

/*
 * iccp_mcast_open() - slot for a frame, in no queue before iccp_mcast_commit()
 *
 * Return: NULL if the queue is full.
 */
struct iccp_mcast_frame *iccp_mcast_open(struct iccp_mcast_frames *q)
{
	if (q->tail - q->head == ICCP_MCAST_FRAMES)
		return NULL;
	return &q->slot[q->tail % ICCP_MCAST_FRAMES];
}

void iccp_mcast_commit(struct iccp_mcast_frames *q)
{
	q->tail++;
}

/*
 * iccp_mcast_oldest() - frame that waits longest, NULL if none does
 */
const struct iccp_mcast_frame *
iccp_mcast_oldest(const struct iccp_mcast_frames *q)
{
	if (q->tail == q->head)
		return NULL;
	return &q->slot[q->head % ICCP_MCAST_FRAMES];
}

void iccp_mcast_drop(struct iccp_mcast_frames *q)
{
	q->head++;
}

/*
 * iccp_mcast_rec_put() - add a record
 *
 * An end has room when others have none any more, and tells of those.
 * Return: false if there was no room.
 */
bool iccp_mcast_rec_put(struct iccp_mcast_recs *q,
			const struct iccp_mcast_rec *rec)
{
	u32 room = ICCP_MCAST_RECS - (q->tail - q->head);
	bool end = rec->kind == ICCP_MCAST_END;
	struct iccp_mcast_rec *slot;

	if (room <= (end ? 0 : ICCP_MCAST_END_ROOM)) {
		q->lost |= !end;
		return false;
	}
	slot = &q->slot[q->tail++ % ICCP_MCAST_RECS];
	*slot = *rec;
	if (!end)
		return true;
	if (q->lost)
		slot->flags |= ICCP_MCAST_LOST;
	q->lost = false;
	return true;
}

/*
 * iccp_mcast_rec_room() - would a record that is no end be taken?
 */
bool iccp_mcast_rec_room(const struct iccp_mcast_recs *q)
{
	return ICCP_MCAST_RECS - (q->tail - q->head) > ICCP_MCAST_END_ROOM;
}

/*
 * iccp_mcast_rec_oldest() - record that waits longest, NULL if none does
 */
const struct iccp_mcast_rec *
iccp_mcast_rec_oldest(const struct iccp_mcast_recs *q)
{
	if (q->tail == q->head)
		return NULL;
	return &q->slot[q->head % ICCP_MCAST_RECS];
}

void iccp_mcast_rec_drop(struct iccp_mcast_recs *q)
{
	q->head++;
}
