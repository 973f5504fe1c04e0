// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hash of a frame: finds its bytes, has core/flow.c read the few fields that a
 * policy wants, and core/hash.h mix them. No flow dissector.
 */
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "core/flow.h"
#include "core/hash.h"
#include "hash.h"
#include "mbond.h"

enum {
	HEADERS		= 256,	/* bytes looked at where they are scattered */
};

static u16 flow_vid(const struct mbond_flow *flow, const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) :
					   flow->vid;
}

/* What a policy wants to know beside layer 2 */
static u32 flow_what(u8 policy)
{
	switch (policy) {
	case MLAGBOND_HASH_LAYER34:
	case MLAGBOND_HASH_LAYER23:
		return MBOND_FLOW_IP;
	case MLAGBOND_HASH_ENCAP34:
	case MLAGBOND_HASH_ENCAP23:
		return MBOND_FLOW_INNER;
	default:
		return 0;
	}
}

/* Of headers that are not in the linear part: from outside, and seldom */
static noinline void flow_scattered(struct mbond_flow *flow,
				    const struct sk_buff *skb, u32 what)
{
	u32 len = min_t(u32, skb->len, HEADERS);
	u8 buf[HEADERS];

	if (!skb_copy_bits(skb, 0, buf, len))
		mbond_flow_read(flow, buf, len, what);
}

/* Any frame. Out of line: a flow whose address nobody takes is in registers */
static noinline u32 hash_any(u8 policy, const struct sk_buff *skb)
{
	u32 what = flow_what(policy);
	struct mbond_flow flow;

	if (!mbond_flow_read_any(&flow, skb->data, skb_headlen(skb), what) &&
	    skb_is_nonlinear(skb))
		flow_scattered(&flow, skb, what);
	switch (policy) {
	case MLAGBOND_HASH_LAYER34:
	case MLAGBOND_HASH_ENCAP34:
		return mbond_hash_l34(&flow);
	case MLAGBOND_HASH_LAYER23:
	case MLAGBOND_HASH_ENCAP23:
		return mbond_hash_l23(&flow);
	case MLAGBOND_HASH_VLAN_SRCMAC:
		return mbond_hash_vlan_srcmac(&flow, flow_vid(&flow, skb));
	default:
		return mbond_hash_l2(&flow);
	}
}

static __always_inline bool plain(struct mbond_flow *flow,
				  const struct sk_buff *skb, u32 what)
{
	return likely(mbond_flow_read_plain(flow, skb->data, skb_headlen(skb),
					    what));
}

/**
 * mbond_hash_skb() - hash of a frame about to be sent
 * @bond: the bond, for its policy
 * @skb: frame, its data begin at the Ethernet header
 *
 * Data path.
 *
 * Return: 32 well mixed bits.
 */
u32 mbond_hash_skb(const struct mbond *bond, const struct sk_buff *skb)
{
	u8 policy = READ_ONCE(bond->policy);
	struct mbond_flow flow;

	switch (policy) {
	case MLAGBOND_HASH_LAYER2:
		if (plain(&flow, skb, 0))
			return mbond_hash_l2(&flow);
		break;
	case MLAGBOND_HASH_LAYER34:
		if (plain(&flow, skb, MBOND_FLOW_IP))
			return mbond_hash_l34(&flow);
		break;
	case MLAGBOND_HASH_LAYER23:
		if (plain(&flow, skb, MBOND_FLOW_IP))
			return mbond_hash_l23(&flow);
		break;
	case MLAGBOND_HASH_ENCAP34:
		if (plain(&flow, skb, MBOND_FLOW_INNER))
			return mbond_hash_l34(&flow);
		break;
	case MLAGBOND_HASH_ENCAP23:
		if (plain(&flow, skb, MBOND_FLOW_INNER))
			return mbond_hash_l23(&flow);
		break;
	case MLAGBOND_HASH_VLAN_SRCMAC:
		if (plain(&flow, skb, 0))
			return mbond_hash_vlan_srcmac(&flow,
						      flow_vid(&flow, skb));
		break;
	}
	return hash_any(policy, skb);
}
