/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The wire of a version to come, for tests of this one beside it: every frame
 * has a TLV more, which this version skips and counts. Included in front of
 * core/iccp_pdu_put.c by the command line of a test build, see machines.sh.
 */
#include <linux/unaligned.h>
#include "core/iccp_pdu.h"

#define NEXT_TLV	(ICCP_TLV_U | 0x3ff0)
#define NEXT_LEN	5

u32 iccp_pdu_finish_now(struct iccp_writer *w, const struct iccp_hdr *hdr);

u32 iccp_pdu_finish(struct iccp_writer *w, const struct iccp_hdr *hdr)
{
	if (w->size - w->len >= ICCP_TLV_HDR_LEN + NEXT_LEN + ICCP_AUTH_LEN) {
		put_unaligned_be16(NEXT_TLV, w->buf + w->len);
		put_unaligned_be16(NEXT_LEN, w->buf + w->len + 2);
		memset(w->buf + w->len + ICCP_TLV_HDR_LEN, 0xa5, NEXT_LEN);
		w->len += ICCP_TLV_HDR_LEN + NEXT_LEN;
	}
	return iccp_pdu_finish_now(w, hdr);
}

#define iccp_pdu_finish iccp_pdu_finish_now
