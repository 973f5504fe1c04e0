/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bridges that speak 802.1D, and two of them in front of which the core of a
 * pair sits: to see which ports forward in the end.
 */
#ifndef _STP_BENCH_H
#define _STP_BENCH_H

#include <linux/types.h>
#include "mlag_iccp/core/iccp_stp.h"

#define STP_BRIDGES	8	/* 0 and 1 are the chassis */
#define STP_PORTS	12
#define STP_LINKS	32
#define STP_QUEUE	4096

enum stp_state { STP_DISABLED, STP_BLOCKED, STP_LISTEN, STP_LEARN, STP_FORWARD };

struct stp_port {
	bool used;
	bool up;
	enum stp_state state;
	u32 cost;
	u16 number;
	struct iccp_stp_vector info;	/* designated for the segment */
	u64 info_until;			/* 0: it is ours */
	u64 step_at;			/* of the forward delay */
	bool tca;
	bool no_root;
};

struct stp_bridge {
	bool alive;
	u64 id;
	u64 root;
	u32 cost;
	int root_port;
	u64 hello_at;
	u64 tc_until;
	u64 tcn_at;
	bool tc_heard;
	u32 changes;			/* topology changes detected or heard */
	struct stp_port port[STP_PORTS];
};

/*
 * A link between two ports. A bundle has a second end at the other chassis: the
 * client sends to either, and hears both.
 */
struct stp_link {
	bool used;
	bool up[2];			/* of a bundle: each leg */
	bool bundle;
	bool peer;			/* the peer-port */
	int bridge[2];
	int port[2];
	int other_port;			/* at chassis 1, of a bundle */
	u32 turn;
};

struct stp_frame {
	u64 at;
	int bridge;
	int port;
	u8 bytes[ICCP_BPDU_MAX];
	u32 len;
	bool tell;
};

struct stp_word {
	u64 at;
	int to;
	u8 kind;			/* relay, offer, change */
	u32 mlag_id;
	u32 cost;
	struct iccp_bpdu bpdu;
	struct iccp_stp_offer offer;
};

struct stp_bench {
	u64 now;
	u64 seed;
	bool session;
	u64 pair;
	struct stp_bridge bridge[STP_BRIDGES];
	struct stp_link link[STP_LINKS];
	struct stp_frame frame[STP_QUEUE];
	u32 nframes;
	struct stp_word word[STP_QUEUE];
	u32 nwords;
	struct iccp_stp core[2];
	struct iccp_stp_port ports[2][STP_PORTS];
	u32 peer_port_blocked;		/* while there was a session */
};

void stp_open(struct stp_bench *b, u64 seed);
u32 stp_random(struct stp_bench *b, u32 below);
void stp_bridge_add(struct stp_bench *b, int n, u64 id);
int stp_link_add(struct stp_bench *b, int one, int two, u32 cost);
int stp_bundle_add(struct stp_bench *b, int client, u32 cost);
int stp_peer_link_add(struct stp_bench *b);
void stp_link_set(struct stp_bench *b, int link, int leg, bool up);
void stp_session(struct stp_bench *b, bool on);
void stp_kill(struct stp_bench *b, int n);
void stp_revive(struct stp_bench *b, int n, const struct stp_link *was);
void stp_run(struct stp_bench *b, u64 ms);
bool stp_tree_ok(const struct stp_bench *b);

#endif /* _STP_BENCH_H */
