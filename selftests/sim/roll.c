// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys of the pair: what each chassis is configured with, and how one follows another. One chassis
 * gets a key first, the other some time later; what is configured outlives the power of a chassis.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

/* the key of a number; 0: none, unsigned frames */
void chassis_key(struct chassis *ch)
{
	char text[ICCP_KEY_MAX + 1];
	unsigned int number = ch->sim->key[ch->index];
	u32 len = 0;

	if (number)
		len = snprintf(text, sizeof(text), "key %u of this schedule",
			       number);
	if (iccp_node_set_key(&ch->node, chassis_ms(ch), (u8 *)text, len))
		abort();
}

static void configure(struct sim *sim, int i, unsigned int number)
{
	sim->key[i] = number;
	sim_trace(sim, "%c gets key %u", 'A' + i, number);
	if (!sim_alive(sim, i))
		return;
	chassis_key(sim->chassis[i]);
	chassis_drain(sim->chassis[i]);
}

/* from none to a key, from a key to another one, sometimes back to none */
static unsigned int next_key(struct sim *sim, int i)
{
	if (sim->key[i] && rng_percent(&sim->rng, 25))
		return 0;
	return ++sim->keys;
}

/* one chassis, any; the number of the other */
int roll_begin(struct sim *sim)
{
	int i = rng_range(&sim->rng, 0, CHASSIS - 1);

	configure(sim, i, next_key(sim, i));
	return !i;
}

/* what the other has too then */
void roll_end(struct sim *sim, int i)
{
	if (sim->key[i] != sim->key[!i])
		configure(sim, i, sim->key[!i]);
}

/* all keys but one are forgotten, and it is in use both ways */
bool roll_done(const struct sim *sim)
{
	for (int i = 0; i < CHASSIS; i++) {
		const struct iccp_auth *a = &sim->chassis[i]->node.auth;

		if (a->n != 1 || a->heard != a->keys[0].id)
			return false;
	}
	return sim->key[0] == sim->key[1];
}

u64 roll_sessions(const struct sim *sim)
{
	u64 n = 0;

	for (int i = 0; i < CHASSIS; i++)
		n += sim->chassis[i]->node.counters[ICCP_C_SESSIONS_LOST];
	return n;
}
