// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes into the codec of Slow Protocols. What it takes must come out the
 * same when encoded and decoded again; what it refuses must have a reason.
 */
#include <stdlib.h>

#include <linux/errno.h>
#include <linux/string.h>

#include "mlagbond/core/lacpdu.h"

#define CHECK(cond)	do { if (!(cond)) abort(); } while (0)

static bool same_info(const struct lacp_info *a, const struct lacp_info *b)
{
	return !memcmp(a->system, b->system, ETH_ALEN) &&
	       a->system_prio == b->system_prio && a->key == b->key &&
	       a->port == b->port && a->port_prio == b->port_prio &&
	       a->state == b->state;
}

static void check_pdu(const struct lacpdu *pdu)
{
	struct lacp_frame again;
	u8 buf[LACPDU_LEN];

	CHECK(pdu->version);
	CHECK(pdu->version > 1 || !pdu->unknown_tlvs);
	lacpdu_encode(pdu, buf);
	CHECK(!lacp_decode(&again, buf, sizeof(buf)));
	CHECK(again.subtype == LACP_SUBTYPE_LACP);
	CHECK(same_info(&again.pdu.actor, &pdu->actor));
	CHECK(same_info(&again.pdu.partner, &pdu->partner));
	CHECK(again.pdu.max_delay == pdu->max_delay);
}

static void check_marker(const struct lacp_marker *marker)
{
	struct lacp_frame again;
	u8 buf[LACPDU_LEN];

	lacp_marker_encode(marker, buf);
	CHECK(!lacp_decode(&again, buf, sizeof(buf)));
	CHECK(again.subtype == LACP_SUBTYPE_MARKER);
	CHECK(!memcmp(again.marker.system, marker->system, ETH_ALEN));
	CHECK(again.marker.port == marker->port);
	CHECK(again.marker.transaction == marker->transaction);
	CHECK(again.marker.response == marker->response);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct lacp_frame frame;
	int err = lacp_decode(&frame, data, size);

	CHECK(!err || err == -EINVAL || err == -EPROTONOSUPPORT);
	if (err)
		return 0;
	CHECK(size >= LACPDU_LEN);
	if (frame.subtype == LACP_SUBTYPE_LACP)
		check_pdu(&frame.pdu);
	else
		check_marker(&frame.marker);
	return 0;
}
