/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands to a running traffic meter, and the phases they begin and end. */
#ifndef TRAFFIC_CONTROL_H
#define TRAFFIC_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "meter.h"

/**
 * struct control - where commands come from
 * @meter: what they act on
 * @fd: stdin or a FIFO, -1 after its end
 * @quit: the run is to end
 * @softnet: drops of the kernel's receive backlog read last
 * @len: bytes in @line
 * @line: a command not yet complete
 */
struct control {
	struct meter *meter;
	int fd;
	bool quit;
	uint64_t softnet;
	unsigned int len;
	char line[256];
};

void control_start(struct control *ctl, uint64_t now);
void control_read(struct control *ctl, uint64_t now);
void control_tick(struct control *ctl, uint64_t now);
void control_finish(struct control *ctl);

#endif
