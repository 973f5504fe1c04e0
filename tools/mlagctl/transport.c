// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink socket over libmnl, and the step into a network namespace.
 * Whole messages go in and out; what they mean is nl.c's business.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/limits.h>
#include <linux/netlink.h>
#include <net/if.h>

#include "transport.h"

enum transport_limits {
	TRANSPORT_EVENT_BUFFER = 1024 * 1024,	/* bytes */
};

struct transport {
	struct mnl_socket *socket;
};

/* @name: as in "ip netns", or a path if it holds a slash. */
int transport_enter_netns(const char *name)
{
	char path[PATH_MAX];
	int fd, ret, saved;

	snprintf(path, sizeof(path), "%s%s",
		 strchr(name, '/') ? "" : "/run/netns/", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;

	ret = setns(fd, CLONE_NEWNET);
	saved = errno;
	close(fd);
	errno = saved;
	return ret;
}

static int transport_setup(struct transport *t)
{
	int on = 1;

	if (mnl_socket_setsockopt(t->socket, NETLINK_EXT_ACK, &on, sizeof(on)))
		return -1;
	if (mnl_socket_setsockopt(t->socket, NETLINK_CAP_ACK, &on, sizeof(on)))
		return -1;
	return mnl_socket_bind(t->socket, 0, MNL_SOCKET_AUTOPID);
}

struct transport *transport_open(void)
{
	struct transport *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!t->socket)
		goto free_transport;
	if (transport_setup(t))
		goto close_socket;
	return t;

close_socket:
	mnl_socket_close(t->socket);
free_transport:
	free(t);
	return NULL;
}

void transport_close(struct transport *t)
{
	if (!t)
		return;
	mnl_socket_close(t->socket);
	free(t);
}

int transport_join(struct transport *t, uint32_t group)
{
	int size = TRANSPORT_EVENT_BUFFER;
	int fd = mnl_socket_get_fd(t->socket);

	/* A full sync makes bursts of events. Without the right to more
	 * memory a loss is reported when it happens.
	 */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return mnl_socket_setsockopt(t->socket, NETLINK_ADD_MEMBERSHIP, &group,
				     sizeof(group));
}

ssize_t transport_send(struct transport *t, const void *buf, size_t len)
{
	return mnl_socket_sendto(t->socket, buf, len);
}

/*
 * Names of devices already asked for: three system calls for each of a hundred
 * thousand rows take longer than all the rest. What comes later may know other
 * names, so they are asked for again then.
 */
static struct {
	uint32_t ifindex;
	char name[IF_NAMESIZE];
} names[256];

ssize_t transport_recv(struct transport *t, void *buf, size_t len)
{
	ssize_t got;

	memset(names, 0, sizeof(names));
	do {
		got = mnl_socket_recvfrom(t->socket, buf, len);
	} while (got < 0 && errno == EINTR);
	return got;
}

uint32_t transport_ifindex(const char *name)
{
	return if_nametoindex(name);
}

const char *transport_ifname(uint32_t ifindex, char *buf)
{
	uint32_t at = ifindex % (sizeof(names) / sizeof(names[0]));

	if (!ifindex || names[at].ifindex != ifindex) {
		names[at].ifindex = 0;
		if (!if_indextoname(ifindex, names[at].name))
			return NULL;
		names[at].ifindex = ifindex;
	}
	return strcpy(buf, names[at].name);
}
