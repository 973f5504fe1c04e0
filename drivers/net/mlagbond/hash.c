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

/* Headers that are not in the linear part: seldom, and from outside */
static noinline void flow_scattered(struct mbond_flow *flow,
				    const struct sk_buff *skb, u32 what)
{
	u32 len = min_t(u32, skb->len, HEADERS);
	u8 buf[HEADERS];

	if (!skb_copy_bits(skb, 0, buf, len))
		mbond_flow_read(flow, buf, len, what);
}

static __always_inline void flow_skb(struct mbond_flow *flow,
				     const struct sk_buff *skb, u32 what)
{
	if (likely(mbond_flow_read(flow, skb->data, skb_headlen(skb), what)))
		return;
	if (skb_is_nonlinear(skb))
		flow_scattered(flow, skb, what);
}

/* What a policy wants to know of IP */
static u32 flow_what(u8 policy)
{
	return policy == MLAGBOND_HASH_ENCAP34 ||
	       policy == MLAGBOND_HASH_ENCAP23 ? MBOND_FLOW_INNER :
						 MBOND_FLOW_IP;
}

static u16 flow_vid(const struct mbond_flow *flow, const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) :
					   flow->vid;
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
	case MLAGBOND_HASH_LAYER34:
	case MLAGBOND_HASH_ENCAP34:
		flow_skb(&flow, skb, flow_what(policy));
		return mbond_hash_l34(&flow);
	case MLAGBOND_HASH_LAYER23:
	case MLAGBOND_HASH_ENCAP23:
		flow_skb(&flow, skb, flow_what(policy));
		return mbond_hash_l23(&flow);
	case MLAGBOND_HASH_VLAN_SRCMAC:
		flow_skb(&flow, skb, 0);
		return mbond_hash_vlan_srcmac(&flow, flow_vid(&flow, skb));
	default:
		flow_skb(&flow, skb, 0);
		return mbond_hash_l2(&flow);
	}
}
