/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel in a few pages: it stands where transport.c stands, writes down each
 * request as one JSON line and answers from a script.
 */
#ifndef MLAGCTL_TEST_FAKE_KERNEL_H
#define MLAGCTL_TEST_FAKE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

enum fake_ids {
	FAKE_MLAG_ID = 0x21,
	FAKE_BOND_ID = 0x22,
	FAKE_MLAG_GROUP = 5,
	FAKE_BOND_GROUP = 6,
};

struct fake_socket;

/**
 * struct fake_script - how the kernel of one test behaves
 * @without: bits of FAKE_WITHOUT_*: families that are not there
 * @error: positive errno that refuses every request but look-ups
 * @sentence: extended ack of the refusal, or of success
 * @bad_attr: attribute the refusal points at
 * @missing: attribute the refusal misses
 * @max: with @min the range the refusal reports, if not 0
 * @torn: dumps that are marked as interrupted
 * @answer: appends the replies to a request of @family and @command
 * @events: appends the events of a subscribed socket
 * @mutate: seed; every reply gets a few wrong bits, if not 0
 */
struct fake_script {
	unsigned int without;
	int error;
	const char *sentence;
	uint16_t bad_attr;
	uint16_t missing;
	uint64_t min;
	uint64_t max;
	unsigned int torn;
	void (*answer)(struct fake_socket *socket, uint16_t family,
		       uint8_t command);
	void (*events)(struct fake_socket *socket);
	uint32_t mutate;
};

enum fake_without {
	FAKE_WITHOUT_MLAG = 1,
	FAKE_WITHOUT_BOND = 2,
};

void fake_reset(const struct fake_script *script);
/* The requests so far, one line each; valid until the next reset. */
const char *fake_requests(void);
/* Sockets opened and not closed. */
unsigned int fake_open_sockets(void);

/* A reply or event under construction; fake_done() queues it. */
struct nlmsghdr *fake_message(struct fake_socket *socket, uint16_t family,
			      uint8_t command);
void fake_done(struct fake_socket *socket, struct nlmsghdr *message);
/* Events that were lost. */
void fake_overrun(struct fake_socket *socket);

/* Into @buf: the request as JSON, in the words of the specifications. */
void decode_request(const struct nlmsghdr *request, char *buf, size_t size);

/* Worlds the scripts answer from. */
void world_answer(struct fake_socket *socket, uint16_t family,
		  uint8_t command);
void world_events(struct fake_socket *socket);
void world_hostile(struct fake_socket *socket, uint16_t family,
		   uint8_t command);
/* Domains of which each has something else, legs held, every finding. */
void sick_answer(struct fake_socket *socket, uint16_t family,
		 uint8_t command);
void world_newer(struct fake_socket *socket, uint16_t family,
		 uint8_t command);

#endif /* MLAGCTL_TEST_FAKE_KERNEL_H */
