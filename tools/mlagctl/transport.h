/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All system calls about netlink, devices and namespaces are behind this page.
 * Tests link another implementation of it.
 */
#ifndef MLAGCTL_TRANSPORT_H
#define MLAGCTL_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct transport;

/* All return 0 or a positive length, or -1 with errno set. */
int transport_enter_netns(const char *name);

/* A generic netlink socket with extended acknowledgements; NULL on error. */
struct transport *transport_open(void);
void transport_close(struct transport *t);
int transport_join(struct transport *t, uint32_t group);
ssize_t transport_send(struct transport *t, const void *buf, size_t len);
/* Waits. -1/ENOBUFS: messages were lost. 0: nothing will ever come. */
ssize_t transport_recv(struct transport *t, void *buf, size_t len);

/* Index of a device; 0 and errno if there is none. */
uint32_t transport_ifindex(const char *name);
/* Name of a device into @buf of IF_NAMESIZE bytes; NULL if there is none. */
const char *transport_ifname(uint32_t ifindex, char *buf);

#endif /* MLAGCTL_TRANSPORT_H */
