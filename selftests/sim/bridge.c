// SPDX-License-Identifier: GPL-2.0-only
/*
 * Model bridge: a frame comes in on a port, is learned, and leaves on one port or on all others.
 */
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

struct fdb_entry *bridge_find(struct bridge *br, const u8 *mac)
{
	for (int i = 0; i < br->top; i++)
		if (br->fdb[i].used && !memcmp(br->fdb[i].mac, mac, ETH_ALEN))
			return &br->fdb[i];
	return NULL;
}

static struct fdb_entry *entry_new(struct bridge *br, const u8 *mac)
{
	for (int i = 0; i < BRIDGE_FDB_SIZE; i++) {
		struct fdb_entry *e = &br->fdb[i];

		if (e->used)
			continue;
		*e = (struct fdb_entry){ .used = true };
		memcpy(e->mac, mac, ETH_ALEN);
		if (br->top <= i)
			br->top = i + 1;
		return e;
	}
	abort();
}

static void entry_forget(struct bridge *br, struct fdb_entry *e)
{
	e->used = false;
	br->notify(br->owner, e, true);
}

/* as br_fdb_update(): a known address on its port is refreshed, on another it moves */
static void learn(struct bridge *br, u64 now, int in, const u8 *src)
{
	struct fdb_entry *e = bridge_find(br, src);

	if (!br->learning[in] || src[0] & 1)
		return;
	if (e && e->port == in) {
		e->updated = now;
		return;
	}
	if (!e)
		e = entry_new(br, src);
	e->port = in;
	e->ext = false;
	e->updated = now;
	br->notify(br->owner, e, false);
}

static void forward(struct bridge *br, int in, int out, const struct frame *f)
{
	if (!br->carrier[out] && br->backup[out])
		out = PORT_PEER;
	if (out != in && br->carrier[out])
		br->transmit(br->owner, in, out, f);
}

void bridge_member(struct bridge *br, u64 now, int port)
{
	if (br->carrier[port])
		br->member_until[port] = now + BRIDGE_MEMBER_US;
}

bool bridge_wants(const struct bridge *br, u64 now, int port)
{
	return br->member_until[port] > now;
}

/* where somebody asked for it, and to routers; a report to routers alone */
static void flood_group(struct bridge *br, u64 now, int in,
			const struct frame *f)
{
	if (f->report)
		bridge_member(br, now, in);
	for (int out = 0; out < PORT_MAX; out++)
		if (out != in && br->carrier[out] && (br->router[out] ||
		    (!f->report && bridge_wants(br, now, out))))
			br->transmit(br->owner, in, out, f);
}

static void flood(struct bridge *br, int in, const struct frame *f)
{
	for (int out = 0; out < PORT_MAX; out++)
		if (out != in && br->carrier[out])
			br->transmit(br->owner, in, out, f);
}

void bridge_input(struct bridge *br, u64 now, int in, struct frame *f)
{
	struct fdb_entry *dst = bridge_find(br, f->dst);

	if (!br->carrier[in])
		return;
	f->hops++;
	learn(br, now, in, f->src);
	if (dst && !(f->dst[0] & 1))
		forward(br, in, dst->port, f);
	else if (f->group)
		flood_group(br, now, in, f);
	else
		flood(br, in, f);
}

/* SWITCHDEV_FDB_FLUSH_TO_BRIDGE: what the bridge learned there by itself */
void bridge_flush(struct bridge *br, int port)
{
	for (int i = 0; i < BRIDGE_FDB_SIZE; i++)
		if (br->fdb[i].used && !br->fdb[i].ext &&
		    br->fdb[i].port == port)
			entry_forget(br, &br->fdb[i]);
}

void bridge_carrier(struct bridge *br, int port, bool up)
{
	br->carrier[port] = up;
	if (!up)
		br->member_until[port] = 0;
	if (!up && !br->backup[port])
		bridge_flush(br, port);
}

void bridge_age(struct bridge *br, u64 now, u64 max_age)
{
	for (int i = 0; i < BRIDGE_FDB_SIZE; i++) {
		struct fdb_entry *e = &br->fdb[i];

		if (e->used && !e->ext && e->updated + max_age < now)
			entry_forget(br, e);
	}
}

bool bridge_alive(const struct fdb_entry *e, u64 now, u64 max_age)
{
	return e->updated > e->installed && e->updated + max_age >= now;
}

/* SWITCHDEV_FDB_ADD_TO_BRIDGE */
void bridge_install(struct bridge *br, u64 now, const u8 *mac, int port)
{
	struct fdb_entry *e = bridge_find(br, mac);

	if (!e)
		e = entry_new(br, mac);
	e->port = port;
	e->ext = true;
	e->updated = now;
	e->installed = now;
}

/* SWITCHDEV_FDB_DEL_TO_BRIDGE: only what was installed so */
void bridge_remove(struct bridge *br, const u8 *mac)
{
	struct fdb_entry *e = bridge_find(br, mac);

	if (e && e->ext)
		e->used = false;
}
