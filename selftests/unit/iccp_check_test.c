// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consistency: sets of VLANs, facts of two chassis compared, and their codec.
 * Every code, runs of VLANs, bounds, order.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <stdlib.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>
#include "iccp_bench.h"

#include "ktap.h"

static struct iccp_findings findings;
static struct iccp_vlan_pool pool;

static void vlans_of(struct iccp_vlans *set, u16 from, u16 to)
{
	memset(set, 0, sizeof(*set));
	while (from <= to)
		iccp_vlans_add(set, from++);
}

/* --- sets of VLANs -------------------------------------------------------- */

TEST(runs_are_merged)
{
	struct iccp_vlan_range r;
	struct iccp_vlans a, b;

	vlans_of(&a, 1, 4094);
	vlans_of(&b, 10, 19);
	EXPECT(iccp_vlans_missing(&b, &a, 1, &r));
	EXPECT_EQ(r.from, 1);
	EXPECT_EQ(r.to, 9);
	EXPECT(iccp_vlans_missing(&b, &a, r.to + 1, &r));
	EXPECT_EQ(r.from, 20);
	EXPECT_EQ(r.to, 4094);
	EXPECT(!iccp_vlans_missing(&b, &a, r.to + 1, &r));
	EXPECT(!iccp_vlans_missing(&a, &b, 1, &r));
}

static u32 runs_slowly(const struct iccp_vlans *set,
		       const struct iccp_vlans *from, u16 at)
{
	struct iccp_vlan_range r;
	u32 n = 0;

	for (; iccp_vlans_missing(set, from, at, &r); at = r.to + 1)
		n++;
	return n;
}

TEST(runs_are_counted)
{
	struct iccp_vlan_range r;
	struct iccp_vlans a, b;
	u32 i, n, round;

	for (round = 0; round < 200; round++) {
		for (i = 0; i < ICCP_VLAN_BYTES; i++) {
			a.byte[i] = rand() & (round & 1 ? rand() : 0xff);
			b.byte[i] = round & 2 ? rand() & rand() : 0;
		}
		EXPECT_EQ(iccp_vlans_runs(&b, &a, 1), runs_slowly(&b, &a, 1));
		r.to = 0;
		for (n = 0; n < round; n++)
			if (!iccp_vlans_missing(&b, &a, r.to + 1, &r))
				break;
		EXPECT_EQ(iccp_vlans_runs(&b, &a, r.to + 1),
			  runs_slowly(&b, &a, r.to + 1));
	}
	memset(&a, 0, sizeof(a));
	a.byte[ICCP_VLAN_BYTES - 1] = 1;
	memset(&b, 0, sizeof(b));
	EXPECT_EQ(iccp_vlans_runs(&b, &a, 1), 0);
	EXPECT_EQ(iccp_vlans_runs(&b, &a, 4095), 0);
}

TEST(no_vlan_beyond_the_last)
{
	struct iccp_vlan_range r;
	struct iccp_vlans a, b;

	memset(&a, 0, sizeof(a));
	iccp_vlans_add(&a, 0);
	iccp_vlans_add(&a, 4095);
	memset(&b, 0, sizeof(b));
	EXPECT_MEMEQ(&a, &b, sizeof(a));
	/* what a peer says of them is not believed either */
	memset(&a, 0xff, sizeof(a));
	EXPECT(iccp_vlans_missing(&b, &a, 1, &r));
	EXPECT_EQ(r.to, 4094);
}

TEST(equal_sets_share_a_place)
{
	struct iccp_vlans set;
	u16 h[ICCP_VLAN_SETS], again, one_more;
	u32 i;

	memset(&pool, 0, sizeof(pool));
	for (i = 0; i < ICCP_VLAN_SETS; i++) {
		vlans_of(&set, 1, i + 1);
		h[i] = iccp_vlans_keep(&pool, &set);
		EXPECT_EQ(h[i], i + 1);
	}
	again = iccp_vlans_keep(&pool, &set);
	EXPECT_EQ(again, h[i - 1]);
	vlans_of(&set, 2, 3);
	one_more = iccp_vlans_keep(&pool, &set);
	EXPECT_EQ(one_more, ICCP_VLANS_NONE);
	EXPECT_EQ(pool.full, 1);
	EXPECT(!iccp_vlans_get(&pool, one_more));
	iccp_vlans_drop(&pool, &one_more);
	iccp_vlans_drop(&pool, &again);
	EXPECT_EQ(again, ICCP_VLANS_NONE);
	EXPECT(iccp_vlans_get(&pool, h[i - 1]));
	iccp_vlans_drop(&pool, &h[i - 1]);
	EXPECT_EQ(iccp_vlans_keep(&pool, &set), ICCP_VLAN_SETS);
}

TEST(digests_tell_sets_apart)
{
	struct iccp_vlans a, b;
	u16 vid;

	vlans_of(&a, 1, 1);
	for (vid = 2; vid <= 4094; vid++) {
		vlans_of(&b, 1, vid);
		EXPECT(iccp_vlans_digest(&a) != iccp_vlans_digest(&b));
		a = b;
	}
}

/* --- comparison ----------------------------------------------------------- */

static void check_domain(const struct iccp_subject *domain)
{
	struct iccp_vlans none;

	memset(&none, 0, sizeof(none));
	memset(&findings, 0, sizeof(findings));
	iccp_check_domain(domain, &none, &pool, &findings);
}

/* What each fact of the domain becomes if only it differs. */
TEST(every_domain_fact)
{
	static const struct {
		u8 fact, code, severity;
		bool holds;
	} rows[] = {
		{ ICCP_FACT_VLAN_FILTERING, ICCP_FIND_VLAN_FILTERING, 1, true },
		{ ICCP_FACT_VLAN_PROTOCOL, ICCP_FIND_VLAN_PROTOCOL, 1, true },
		{ ICCP_FACT_STP_MODE, ICCP_FIND_STP_MODE, 1, true },
		{ ICCP_FACT_STP_PRIORITY, ICCP_FIND_STP_PRIORITY, 1, false },
		{ ICCP_FACT_MTU, ICCP_FIND_PEER_PORT_MTU, 1, false },
		{ ICCP_FACT_PVID, ICCP_FIND_PEER_PORT_PVID, 1, false },
		{ ICCP_FACT_DEFAULT_PVID, ICCP_FIND_DEFAULT_PVID, 0, false },
		{ ICCP_FACT_AGEING, ICCP_FIND_AGEING, 0, false },
		{ ICCP_FACT_MCAST_SNOOPING, ICCP_FIND_MCAST_SNOOPING, 0,
		  false },
		{ ICCP_FACT_HELLO, ICCP_FIND_HELLO, 0, false },
		{ ICCP_FACT_DEAD, ICCP_FIND_DEAD, 0, false },
		{ ICCP_FACT_VERSION, ICCP_FIND_VERSION, 0, false },
		{ ICCP_FACT_HEARTBEAT, ICCP_FIND_HEARTBEAT, 0, false },
	};
	struct iccp_vlans none;
	u32 i, fact;

	memset(&none, 0, sizeof(none));
	memset(&pool, 0, sizeof(pool));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct iccp_subject domain;

		memset(&domain, 0, sizeof(domain));
		memset(&findings, 0, sizeof(findings));
		for (fact = 1; fact < ICCP_FACT_MAX; fact++) {
			if (fact == ICCP_FACT_VLANS)
				continue;
			iccp_fact_set(&domain.own, fact, 5);
			iccp_fact_set(&domain.peer, fact,
				      5 + (fact == rows[i].fact));
		}
		EXPECT_EQ(iccp_check_domain(&domain, &none, &pool, &findings),
			  rows[i].holds);
		EXPECT_EQ(findings.count, 1);
		EXPECT_EQ(findings.list[0].code, rows[i].code);
		EXPECT_EQ(findings.list[0].severity, rows[i].severity);
		EXPECT_EQ(findings.list[0].own, 5);
		EXPECT_EQ(findings.list[0].peer, 6);
		/* what the peer did not say is not compared */
		domain.peer.have &= ~(1u << rows[i].fact);
		check_domain(&domain);
		EXPECT_EQ(findings.count, 0);
	}
}

TEST(every_leg_fact)
{
	static const struct {
		u8 fact, code, severity;
		bool holds;
	} rows[] = {
		{ ICCP_FACT_MTU, ICCP_FIND_LEG_MTU, 1, true },
		{ ICCP_FACT_PVID, ICCP_FIND_LEG_PVID, 1, false },
		{ ICCP_FACT_LACP_RATE, ICCP_FIND_LEG_LACP_RATE, 0, false },
		{ ICCP_FACT_MIN_LINKS, ICCP_FIND_LEG_MIN_LINKS, 0, false },
		{ ICCP_FACT_LACP_FALLBACK, ICCP_FIND_LEG_FALLBACK, 0, false },
	};
	u32 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct iccp_subject domain, leg;

		memset(&domain, 0, sizeof(domain));
		memset(&leg, 0, sizeof(leg));
		memset(&findings, 0, sizeof(findings));
		iccp_fact_set(&domain.own, ICCP_FACT_VLAN_FILTERING, 1);
		iccp_fact_set(&domain.peer, ICCP_FACT_VLAN_FILTERING, 1);
		iccp_fact_set(&leg.own, rows[i].fact, 1);
		iccp_fact_set(&leg.peer, rows[i].fact, 0);
		EXPECT_EQ(iccp_check_leg(&domain, &leg, 7, &pool, &findings),
			  rows[i].holds);
		EXPECT_EQ(findings.count, 1);
		EXPECT_EQ(findings.list[0].code, rows[i].code);
		EXPECT_EQ(findings.list[0].severity, rows[i].severity);
		EXPECT_EQ(findings.list[0].mlag_id, 7);
	}
}

/* Without VLAN filtering nobody asks for VLANs, without STP for priorities. */
TEST(facts_that_depend_on_others)
{
	struct iccp_subject domain;

	memset(&domain, 0, sizeof(domain));
	iccp_fact_set(&domain.own, ICCP_FACT_VLAN_FILTERING, 0);
	iccp_fact_set(&domain.peer, ICCP_FACT_VLAN_FILTERING, 0);
	iccp_fact_set(&domain.own, ICCP_FACT_PVID, 1);
	iccp_fact_set(&domain.peer, ICCP_FACT_PVID, 2);
	iccp_fact_set(&domain.own, ICCP_FACT_STP_PRIORITY, 1);
	iccp_fact_set(&domain.peer, ICCP_FACT_STP_PRIORITY, 2);
	check_domain(&domain);
	EXPECT_EQ(findings.count, 0);
}

TEST(own_configuration_that_cannot_work)
{
	struct iccp_subject domain, leg;
	struct iccp_vlans carried, port;

	memset(&domain, 0, sizeof(domain));
	memset(&leg, 0, sizeof(leg));
	memset(&pool, 0, sizeof(pool));
	memset(&findings, 0, sizeof(findings));
	vlans_of(&port, 1, 20);
	vlans_of(&carried, 15, 30);
	domain.own_vlans = iccp_vlans_keep(&pool, &port);
	iccp_fact_set(&domain.own, ICCP_FACT_VLAN_FILTERING, 1);
	iccp_fact_set(&domain.own, ICCP_FACT_MTU, 1500);
	iccp_fact_set(&leg.own, ICCP_FACT_MTU, 9000);
	iccp_fact_set(&leg.own, ICCP_FACT_SLOW_CLIENT, 1);
	EXPECT(!iccp_check_domain(&domain, &carried, &pool, &findings));
	EXPECT(!iccp_check_leg(&domain, &leg, 7, &pool, &findings));
	ASSERT(findings.count == 3);
	EXPECT_EQ(findings.list[0].code, ICCP_FIND_VLAN_NOT_CARRIED);
	EXPECT_EQ(findings.list[0].vids.from, 21);
	EXPECT_EQ(findings.list[0].vids.to, 30);
	EXPECT_EQ(findings.list[1].code, ICCP_FIND_LEG_MTU_ABOVE);
	EXPECT_EQ(findings.list[1].own, 9000);
	EXPECT_EQ(findings.list[1].peer, 1500);
	EXPECT_EQ(findings.list[2].code, ICCP_FIND_LEG_SLOW_CLIENT);
}

TEST(too_many_runs_are_counted)
{
	struct iccp_subject domain;
	struct iccp_vlans set;
	u32 vid;

	memset(&domain, 0, sizeof(domain));
	memset(&pool, 0, sizeof(pool));
	memset(&set, 0, sizeof(set));
	domain.peer_vlans = iccp_vlans_keep(&pool, &set);
	for (vid = 2; vid <= 40; vid += 2)
		iccp_vlans_add(&set, vid);
	domain.own_vlans = iccp_vlans_keep(&pool, &set);
	iccp_fact_set(&domain.own, ICCP_FACT_VLAN_FILTERING, 1);
	iccp_fact_set(&domain.peer, ICCP_FACT_VLAN_FILTERING, 1);
	iccp_fact_set(&domain.own, ICCP_FACT_VLANS, 1);
	iccp_fact_set(&domain.peer, ICCP_FACT_VLANS, 2);
	check_domain(&domain);
	EXPECT_EQ(findings.count, ICCP_FINDING_RUNS);
	EXPECT_EQ(findings.lost, 20 - ICCP_FINDING_RUNS);
	EXPECT_EQ(findings.list[0].own, 1);
	EXPECT_EQ(findings.list[0].peer, 0);
}

/* However they come: sorted, bounded, the rest counted. */
TEST(order_does_not_matter)
{
	struct iccp_finding f = { .code = ICCP_FIND_LEG_MTU, .own = 1 };
	static struct iccp_findings up, down;
	u32 n;

	memset(&up, 0, sizeof(up));
	memset(&down, 0, sizeof(down));
	for (n = 0; n < 100; n++) {
		f.mlag_id = 1 + n;
		iccp_finding_add(&up, &f);
		f.mlag_id = 100 - n;
		iccp_finding_add(&down, &f);
	}
	EXPECT_EQ(up.count, ICCP_FINDINGS_MAX);
	EXPECT_EQ(up.lost, 100 - ICCP_FINDINGS_MAX);
	EXPECT_MEMEQ(&up, &down, sizeof(up));
	EXPECT_EQ(up.list[0].mlag_id, 1);
}

/* --- codec ---------------------------------------------------------------- */

static u8 frame[ICCP_FRAME_MAX];

static enum iccp_drop finish(struct iccp_writer *w, struct iccp_tlv *tlv)
{
	struct iccp_hdr hdr = { .type = ICCP_DATA, .nonce = 1 };
	u32 unknown = 0, len = iccp_pdu_finish(w, &hdr);
	struct iccp_tlv_iter it;
	enum iccp_drop drop = iccp_pdu_check(frame, len, &hdr, &unknown);

	iccp_tlv_first(&it, frame, &hdr);
	iccp_tlv_next(&it, tlv);
	return drop;
}

TEST(facts_round_trip)
{
	struct iccp_facts in, out;
	struct iccp_writer w;
	struct iccp_tlv tlv;

	memset(&in, 0, sizeof(in));
	iccp_fact_set(&in, ICCP_FACT_MTU, 9000);
	iccp_fact_set(&in, ICCP_FACT_MAX - 1, U32_MAX);
	iccp_pdu_begin(&w, frame, sizeof(frame));
	EXPECT(iccp_put_facts(&w, 77, &in));
	EXPECT_EQ(finish(&w, &tlv), ICCP_OK);
	EXPECT_EQ(iccp_get_facts(&tlv, &out), 77);
	EXPECT_MEMEQ(&in, &out, sizeof(in));
	/* a code of a newer version */
	put_unaligned_be16(ICCP_FACT_MAX, frame + ICCP_HDR_LEN + 8);
	EXPECT_EQ(iccp_get_facts(&tlv, &out), 77);
	EXPECT(!iccp_fact_has(&out, ICCP_FACT_MTU));
	EXPECT(iccp_fact_has(&out, ICCP_FACT_MAX - 1));
	/* half a record */
	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_facts(&w, 77, &in);
	put_unaligned_be16(ICCP_LEN_FACTS + 7, frame + ICCP_HDR_LEN + 2);
	w.len -= 5;
	EXPECT_EQ(finish(&w, &tlv), ICCP_DROP_VALUE);
}

TEST(vlans_round_trip)
{
	static const u16 ends[][2] = {
		{ 1, 4094 }, { 1, 1 }, { 4094, 4094 }, { 100, 200 }, { 2, 1 },
	};
	struct iccp_vlans in, out;
	struct iccp_writer w;
	struct iccp_tlv tlv;
	u32 i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		vlans_of(&in, ends[i][0], ends[i][1]);
		/* the largest fits into the smallest frame */
		iccp_pdu_begin(&w, frame, ICCP_FRAME_MIN_MTU);
		EXPECT(iccp_put_vlans(&w, 5, &in));
		EXPECT_EQ(finish(&w, &tlv), ICCP_OK);
		EXPECT_EQ(iccp_get_vlans(&tlv, &out), 5);
		EXPECT_MEMEQ(&in, &out, sizeof(in));
	}
	vlans_of(&in, 4000, 4094);
	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_vlans(&w, 5, &in);
	put_unaligned_be16(501, frame + ICCP_HDR_LEN + 8);
	EXPECT_EQ(finish(&w, &tlv), ICCP_DROP_VALUE);
	put_unaligned_be16(U16_MAX, frame + ICCP_HDR_LEN + 8);
	EXPECT_EQ(finish(&w, &tlv), ICCP_DROP_VALUE);
}

TEST(action_out_of_range)
{
	struct iccp_config cfg;
	const char *what = "";

	bench_config(NULL, 0, &cfg);
	cfg.consistency_action = ICCP_CONSISTENCY_HOLD;
	EXPECT_EQ(iccp_config_check(&cfg, &what), 0);
	cfg.consistency_action++;
	EXPECT(iccp_config_check(&cfg, &what) < 0);
	EXPECT(!strcmp(what, "consistency-action"));
}

TEST(names)
{
	u32 i, k;

	for (i = 0; i < ICCP_FIND_MAX; i++) {
		EXPECT(strcmp(iccp_finding_name(i), "unknown"));
		for (k = 0; k < i; k++)
			EXPECT(strcmp(iccp_finding_name(i),
				      iccp_finding_name(k)));
	}
	EXPECT(!strcmp(iccp_finding_name(ICCP_FIND_MAX), "unknown"));
}
