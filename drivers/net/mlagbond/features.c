// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a bond offers, from what its ports can.
 *
 * The features of all ports enter; the bond offers what every one of them has
 * where all must, and what any has where the stack makes up for the others.
 */
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "features.h"
#include "mbond.h"

#define BASE_FEATURES	(NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_FRAGLIST | \
			 NETIF_F_GSO_SOFTWARE | NETIF_F_HIGHDMA)
#define VLAN_FEATURES	(BASE_FEATURES | NETIF_F_ALL_TSO | NETIF_F_LRO)
#define ENC_FEATURES	(NETIF_F_HW_CSUM | NETIF_F_SG | NETIF_F_RXCSUM | \
			 NETIF_F_GSO_SOFTWARE)
#define MPLS_FEATURES	(NETIF_F_HW_CSUM | NETIF_F_SG | NETIF_F_GSO_SOFTWARE)
#define VLAN_OFFLOADS	(NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_RX | \
			 NETIF_F_HW_VLAN_STAG_TX | NETIF_F_HW_VLAN_STAG_RX)
#define VLAN_FILTERS	(NETIF_F_HW_VLAN_CTAG_FILTER | \
			 NETIF_F_HW_VLAN_STAG_FILTER)

/**
 * struct merged - what the ports agree on
 * @vlan: for frames of VLAN devices above
 * @enc: for encapsulated frames
 * @mpls: for MPLS frames
 * @dst_release: every port lets the route of a frame go early
 * @header_len: longest link header
 * @headroom: most room asked for in front of a frame
 * @tailroom: same behind it
 * @tso_size: smallest limit of a TSO frame
 * @tso_segs: same of its segments
 */
struct merged {
	netdev_features_t vlan;
	netdev_features_t enc;
	netdev_features_t mpls;
	unsigned int dst_release;
	unsigned short header_len;
	unsigned short headroom;
	unsigned short tailroom;
	unsigned int tso_size;
	unsigned int tso_segs;
};

static void merge_port(struct merged *m, const struct net_device *dev)
{
	m->vlan = netdev_increment_features(m->vlan, dev->vlan_features,
					    VLAN_FEATURES);
	m->enc = netdev_increment_features(m->enc, dev->hw_enc_features,
					   ENC_FEATURES);
	m->mpls = netdev_increment_features(m->mpls, dev->mpls_features,
					    MPLS_FEATURES);
	m->dst_release &= dev->priv_flags;
	m->header_len = max(m->header_len, dev->hard_header_len);
	m->headroom = max(m->headroom, dev->needed_headroom);
	m->tailroom = max(m->tailroom, dev->needed_tailroom);
	m->tso_size = min_t(unsigned int, m->tso_size, dev->tso_max_size);
	m->tso_segs = min_t(unsigned int, m->tso_segs, dev->tso_max_segs);
}

static void merge_ports(struct merged *m, struct mbond *bond)
{
	struct mbond_port *port;

	*m = (struct merged) {
		.vlan		= VLAN_FEATURES & NETIF_F_ALL_FOR_ALL,
		.enc		= ENC_FEATURES & NETIF_F_ALL_FOR_ALL,
		.mpls		= MPLS_FEATURES & NETIF_F_ALL_FOR_ALL,
		.dst_release	= IFF_XMIT_DST_RELEASE |
				  IFF_XMIT_DST_RELEASE_PERM,
		.header_len	= ETH_HLEN,
		.tso_size	= TSO_MAX_SIZE,
		.tso_segs	= TSO_MAX_SEGS,
	};
	mbond_for_each_port(bond, port)
		merge_port(m, port->dev);
	if (bond->slots)
		return;
	m->vlan = VLAN_FEATURES;
	m->enc = ENC_FEATURES;
	m->mpls = MPLS_FEATURES;
}

static void apply_merged(struct net_device *dev, const struct merged *m)
{
	dev->vlan_features = m->vlan;
	dev->hw_enc_features = m->enc | NETIF_F_GSO_ENCAP_ALL | VLAN_OFFLOADS;
	dev->mpls_features = m->mpls;
	dev->hard_header_len = m->header_len;
	dev->needed_headroom = m->headroom;
	dev->needed_tailroom = m->tailroom;
	netif_set_tso_max_segs(dev, m->tso_segs);
	netif_set_tso_max_size(dev, m->tso_size);

	dev->priv_flags &= ~IFF_XMIT_DST_RELEASE;
	if (m->dst_release == (IFF_XMIT_DST_RELEASE |
			       IFF_XMIT_DST_RELEASE_PERM))
		dev->priv_flags |= IFF_XMIT_DST_RELEASE;
}

/**
 * mbond_compute_features() - offer what the ports can now
 * @bond: the bond
 */
void mbond_compute_features(struct mbond *bond)
{
	struct merged m;

	ASSERT_RTNL();
	merge_ports(&m, bond);
	apply_merged(bond->dev, &m);
	netdev_change_features(bond->dev);
}

/**
 * mbond_fix_features() - ndo_fix_features
 * @dev: the bond
 * @features: wanted
 *
 * Return: those of them that the ports allow.
 */
netdev_features_t mbond_fix_features(struct net_device *dev,
				     netdev_features_t features)
{
	struct mbond *bond = netdev_priv(dev);
	netdev_features_t wanted = features;
	struct mbond_port *port;

	features &= ~NETIF_F_ONE_FOR_ALL;
	features |= NETIF_F_ALL_FOR_ALL;
	mbond_for_each_port(bond, port)
		features = netdev_increment_features(features,
						     port->dev->features,
						     wanted);
	return netdev_add_tso_features(features, wanted);
}

/**
 * mbond_features_setup() - features of a bond without ports
 * @dev: new device
 */
void mbond_features_setup(struct net_device *dev)
{
	dev->hw_features = VLAN_FEATURES | NETIF_F_GSO_ENCAP_ALL |
			   VLAN_OFFLOADS | VLAN_FILTERS;
	dev->features |= dev->hw_features;
	dev->vlan_features = VLAN_FEATURES;
	dev->hw_enc_features = ENC_FEATURES | NETIF_F_GSO_ENCAP_ALL |
			       VLAN_OFFLOADS;
	dev->mpls_features = MPLS_FEATURES;
}
