// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any BPDUs and events into the spanning tree of a pair: what ports hear, what
 * the bridge sends, what the peer says, ports and sessions that come and go.
 * The bridge must never be told of two roots, nor the peer-port be blocked, and
 * what waits must add up.
 */
#include <stdlib.h>
#include <linux/string.h>
#include "mlag_iccp/core/iccp_stp.h"

#define CHECK(cond)	do { if (!(cond)) abort(); } while (0)

enum { PORTS = 6, OWN = 0x40, PAIR = 0x38 };

struct input {
	const u8 *data;
	size_t left;
};

static struct iccp_stp stp;
static struct iccp_stp_port ports[PORTS];
static u64 now;

static u8 take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

/* Few values, so that they meet. */
static void some_bpdu(struct input *in, struct iccp_bpdu *bpdu)
{
	u8 what = take(in);

	memset(bpdu, 0, sizeof(*bpdu));
	bpdu->type = what % 3;
	bpdu->flags = take(in);
	bpdu->v.root = 0x30 + (what >> 3);
	bpdu->v.cost = take(in) % 8;
	bpdu->v.bridge = 0x30 + take(in) % 32;
	bpdu->v.port = 0x8000 | take(in) % 8 | (what & 4 ? 0x800 : 0);
	bpdu->max_age = 256 * (take(in) % 8);
	bpdu->age = take(in) * 4;
	bpdu->hello = take(in);
	bpdu->delay = take(in);
}

static void port_event(struct input *in)
{
	u8 what = take(in);
	struct iccp_stp_facts facts = {
		.id = 1 + what % (PORTS + 1),
		.cost = take(in) % 16,
		.number = 0x8000 | what % 16,
		.up = what & 0x80,
		.no_root = take(in) & 1,
	};

	if (!(what & 0x70)) {
		iccp_stp_port_gone(&stp, facts.id);
		return;
	}
	/* the first is the peer-port, the next are legs */
	facts.kind = facts.id == 1 ? ICCP_STP_PEER_PORT :
		     facts.id < 4 ? ICCP_STP_LEG : ICCP_STP_ORPHAN;
	facts.mlag_id = facts.kind == ICCP_STP_LEG ? facts.id : 0;
	iccp_stp_port_set(&stp, &facts);
}

static void identity(struct input *in)
{
	struct iccp_stp_identity id;
	u8 what = take(in);

	memset(&id, 0, sizeof(id));
	id.mode = what % 4;
	id.rst = what & 4;
	id.node = what >> 3 & 1;
	id.own = 1ull << 48 | OWN;
	id.pair = what & 0x10 ? 1ull << 48 | PAIR : 1ull << 48 | OWN;
	if (what & 0x20)
		id.own = OWN;
	iccp_stp_be(&stp, &id);
}

static void heard(struct input *in)
{
	static const u8 mac[ETH_ALEN] = { 2 };
	u8 bytes[ICCP_BPDU_MAX];
	struct iccp_bpdu bpdu;
	u8 id = take(in);
	u32 len;

	some_bpdu(in, &bpdu);
	len = iccp_bpdu_put(bytes, &bpdu);
	if (id & 0x80)
		bytes[take(in) % len] = take(in);
	if (id & 0x40)
		iccp_stp_sent(&stp, now, 1 + id % 8, bytes, len);
	else
		iccp_stp_heard(&stp, now, 1 + id % 8, mac, bytes,
			       id & 0x20 ? take(in) % (len + 1) : len);
}

static void peer_says(struct input *in)
{
	static const u8 mac[ETH_ALEN] = { 2 };
	struct iccp_stp_offer offer;
	struct iccp_bpdu bpdu;
	u8 what = take(in);

	some_bpdu(in, &bpdu);
	if (bpdu.age >= bpdu.max_age)
		return;
	memset(&offer, 0, sizeof(offer));
	if (what % 4 == 0) {
		iccp_stp_relayed(&stp, now, what >> 2 & 3, &bpdu, mac,
				 take(in));
	} else if (what % 4 == 1) {
		iccp_stp_tc(&stp, now);
	} else {
		offer.known = what & 4;
		offer.via = take(in);
		offer.mlag_id = what >> 3 & 3;
		offer.bpdu = bpdu;
		offer.total = bpdu.v;
		offer.total.cost += take(in);
		iccp_stp_offered(&stp, now, &offer);
	}
}

static void to_peer(void)
{
	struct iccp_stp_offer offer;
	struct iccp_bpdu bpdu;
	u8 mac[ETH_ALEN];
	u32 cost;

	while (iccp_stp_relay_next(&stp, now, &bpdu, mac, &cost))
		CHECK(bpdu.age <= bpdu.max_age);
	iccp_stp_offer_get(&stp, &offer);
	/* nothing new: nothing to say, however often it looks */
	stp.run_due = true;
	iccp_stp_run(&stp, now);
	CHECK(!stp.offer_due && !stp.relays);
}

static void check(void)
{
	u32 i, roots = 0, tells = 0, relays = 0;

	for (i = 0; i < PORTS; i++) {
		const struct iccp_stp_port *port = &ports[i];

		tells += port->tell_due;
		relays += port->relay_due;
		if (!port->facts.id)
			continue;
		/* a blocked port holds a claim of the bridge itself */
		roots += now < port->held_until &&
			 port->held.v.root < stp.id.own &&
			 port->held.v.bridge != stp.id.own;
		if (stp.id.mode == ICCP_STP_PAIR &&
		    port->facts.kind == ICCP_STP_PEER_PORT)
			CHECK(port->role != ICCP_STP_ALTERNATE);
	}
	CHECK(tells == stp.tells);
	CHECK(relays == stp.relays);
	/* what a bridge heard before we spoke for it may be anything */
	if (stp.id.mode >= ICCP_STP_ALONE)
		CHECK(roots <= 1);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	struct iccp_stp_tell tell;

	now = 1000;
	iccp_stp_init(&stp, ports, PORTS);
	while (in.left) {
		switch (take(&in) % 8) {
		case 0:
			port_event(&in);
			break;
		case 1:
			identity(&in);
			break;
		case 2 ... 4:
			heard(&in);
			break;
		case 5:
			peer_says(&in);
			break;
		case 6:
			to_peer();
			break;
		default:
			now += take(&in) * 10;
		}
		iccp_stp_run(&stp, now);
		check();
		while (iccp_stp_tell_next(&stp, &tell))
			CHECK(tell.id);
	}
	return 0;
}
