// SPDX-License-Identifier: GPL-2.0-only
/* Sockets of the traffic meter. In: frames staged by the streams. Out: sent or
 * refused frames to the book-keeping, received ones to a callback. A packet
 * socket bound to a bond sees each frame once, whatever port it came in on,
 * and one bound to our EtherType never sees frames that leave.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "account.h"
#include "host.h"

static bool take(char *dst, size_t size, const char **arg, char stop)
{
	const char *end = stop ? strchr(*arg, stop) : *arg + strlen(*arg);

	if (!end || end == *arg || (size_t)(end - *arg) >= size)
		return false;
	memcpy(dst, *arg, end - *arg);
	dst[end - *arg] = 0;
	*arg = end + !!stop;
	return true;
}

/**
 * host_parse() - read a host from the command line
 * @h: memory of the host, zeroed
 * @arg: NAME:NETNS:IFNAME
 *
 * Return: false if @arg has another form or a part is too long.
 */
bool host_parse(struct host *h, const char *arg)
{
	h->tx = -1;
	h->rx = -1;
	h->msg = calloc(HOST_BATCH, sizeof(*h->msg));
	return h->msg && take(h->name, sizeof(h->name), &arg, ':') &&
	       take(h->netns, sizeof(h->netns), &arg, ':') &&
	       take(h->ifname, sizeof(h->ifname), &arg, 0);
}

static int netns_enter(const char *name)
{
	char path[96];
	int fd, ret;

	if (!strcmp(name, "-"))
		return 0;
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	return ret;
}

static int ring_map(struct host *h)
{
	const size_t bytes = (size_t)HOST_SLOTS * HOST_SLOT;
	struct tpacket_req req = {
		.tp_block_size = HOST_BLOCK,
		.tp_block_nr = bytes / HOST_BLOCK,
		.tp_frame_size = HOST_SLOT,
		.tp_frame_nr = HOST_SLOTS,
	};
	int version = TPACKET_V2;

	if (setsockopt(h->rx, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)) ||
	    setsockopt(h->rx, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)))
		return -errno;
	h->ring = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, h->rx,
		       0);
	if (h->ring == MAP_FAILED) {
		h->ring = NULL;
		return -errno;
	}
	h->slot = 0;
	return 0;
}

static int bind_if(int fd, int ifindex, int proto)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(proto),
		.sll_ifindex = ifindex,
	};

	return bind(fd, (struct sockaddr *)&ll, sizeof(ll)) ? -errno : 0;
}

static int rx_open(struct host *h, int ifindex)
{
	int ret;

	h->rx = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (h->rx < 0)
		return -errno;
	ret = ring_map(h);
	return ret ? ret : bind_if(h->rx, ifindex, WIRE_ETHERTYPE);
}

/* Past the qdisc a frame for a device without carrier is refused; through the
 * qdisc it would be taken and dropped, and look like a loss of the network.
 */
static int tx_open(struct host *h, bool qdisc)
{
	int buf = 4 << 20, bypass = !qdisc;
	struct ifreq ifr = {};

	h->tx = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (h->tx < 0)
		return -errno;
	strcpy(ifr.ifr_name, h->ifname);
	if (ioctl(h->tx, SIOCGIFHWADDR, &ifr))
		return -errno;
	memcpy(h->mac, ifr.ifr_hwaddr.sa_data, sizeof(h->mac));
	if (ioctl(h->tx, SIOCGIFINDEX, &ifr))
		return -errno;
	setsockopt(h->tx, SOL_SOCKET, SO_SNDBUFFORCE, &buf, sizeof(buf));
	setsockopt(h->tx, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass,
		   sizeof(bypass));
	if (bind_if(h->tx, ifr.ifr_ifindex, 0))
		return -errno;
	return ifr.ifr_ifindex;
}

/**
 * host_open() - enter the namespace and open both sockets
 * @h: the host, closed
 * @qdisc: send through the queueing discipline
 *
 * Return: 0, or a negative errno with the host closed again.
 */
int host_open(struct host *h, bool qdisc)
{
	int home, ret;

	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0)
		return -errno;
	ret = netns_enter(h->netns);
	if (!ret)
		ret = tx_open(h, qdisc);
	if (ret > 0)
		ret = rx_open(h, ret);
	if (setns(home, CLONE_NEWNET)) {
		perror("flows: cannot return to own namespace");
		exit(2);
	}
	close(home);
	if (ret)
		host_close(h);
	return ret;
}

/**
 * host_close() - close the sockets; what is staged counts as not sent
 * @h: the host
 */
void host_close(struct host *h)
{
	host_flush(h);
	if (h->rx >= 0)
		host_read_drops(h);
	if (h->ring)
		munmap(h->ring, (size_t)HOST_SLOTS * HOST_SLOT);
	h->ring = NULL;
	if (h->rx >= 0)
		close(h->rx);
	if (h->tx >= 0)
		close(h->tx);
	h->rx = -1;
	h->tx = -1;
}

/**
 * host_stage() - reserve a place in the batch, flushing a full one
 * @h: the host
 * @len: length of the frame
 * @s: where to account it, or NULL
 * @seq: its number
 *
 * Return: memory of @len bytes to write the frame to, zeroed.
 */
uint8_t *host_stage(struct host *h, unsigned int len, struct acct_stream *s,
		    uint64_t seq)
{
	unsigned int i;

	if (h->staged == HOST_BATCH)
		host_flush(h);
	i = h->staged++;
	h->owner[i].stream = s;
	h->owner[i].seq = seq;
	h->iov[i].iov_base = memset(h->frame[i], 0, len);
	h->iov[i].iov_len = len;
	h->msg[i].msg_hdr.msg_iov = &h->iov[i];
	h->msg[i].msg_hdr.msg_iovlen = 1;
	return h->frame[i];
}

static void account(const struct host_staged *o, unsigned int nr, bool sent)
{
	for (; nr--; o++) {
		if (!o->stream)
			continue;
		if (sent)
			acct_sent(o->stream, o->seq);
		else
			acct_unsent(o->stream, o->seq);
	}
}

/**
 * host_flush() - send the batch
 * @h: the host
 *
 * A frame the socket refuses is skipped: the next may leave by another port of
 * the bond.
 */
void host_flush(struct host *h)
{
	unsigned int done = 0;
	int n;

	while (done < h->staged) {
		n = sendmmsg(h->tx, h->msg + done, h->staged - done,
			     MSG_DONTWAIT);
		if (n > 0)
			account(h->owner + done, n, true);
		else if (n < 0 && errno == EINTR)
			continue;
		else
			account(h->owner + done, n = 1, false);
		done += n;
	}
	h->staged = 0;
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static bool slot_parse(const uint8_t *slot, const struct tpacket2_hdr *tp,
		       struct host_rx *rx)
{
	const struct sockaddr_ll *ll;

	ll = (const void *)(slot + TPACKET_ALIGN(sizeof(*tp)));
	if (ll->sll_pkttype == PACKET_OUTGOING ||
	    tp->tp_snaplen < 14 + sizeof(*rx->hdr))
		return false;
	rx->dst = slot + tp->tp_mac;
	rx->hdr = (const void *)(rx->dst + 14);
	return rx->hdr->magic == htonl(WIRE_MAGIC);
}

/**
 * host_receive() - hand every frame of the ring to a callback
 * @h: the host
 * @fn: called for each frame of ours, of any run
 *
 * The kernel stamps a frame with CLOCK_REALTIME when it puts it into the ring;
 * this converts to CLOCK_MONOTONIC.
 */
void host_receive(struct host *h, host_rx_fn fn)
{
	struct tpacket2_hdr *tp;
	struct host_rx rx;
	uint64_t offset;
	uint8_t *slot;

	if (!h->ring)
		return;
	offset = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
	for (;;) {
		slot = h->ring + (size_t)h->slot * HOST_SLOT;
		tp = (void *)slot;
		if (!(__atomic_load_n(&tp->tp_status, __ATOMIC_ACQUIRE) &
		      TP_STATUS_USER))
			break;
		rx.rx_ns = tp->tp_sec * 1000000000ULL + tp->tp_nsec - offset;
		if (slot_parse(slot, tp, &rx))
			fn(h, &rx);
		__atomic_store_n(&tp->tp_status, TP_STATUS_KERNEL,
				 __ATOMIC_RELEASE);
		h->slot = (h->slot + 1) % HOST_SLOTS;
	}
}

/**
 * host_read_drops() - add what the ring lost since the last call
 * @h: the host
 */
void host_read_drops(struct host *h)
{
	struct tpacket_stats st;
	socklen_t len = sizeof(st);

	if (h->rx >= 0 && !getsockopt(h->rx, SOL_PACKET, PACKET_STATISTICS,
				      &st, &len))
		h->ring_drops += st.tp_drops;
}
