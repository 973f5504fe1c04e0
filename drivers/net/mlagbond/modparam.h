/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Module parameters: what new bonds are like until they are told otherwise.
 */
#ifndef _MBOND_MODPARAM_H
#define _MBOND_MODPARAM_H

#include <linux/types.h>

struct mbond_params;

int mbond_modparam_init(void);

/* From mbond_modparam_init() on these do not change */
const struct mbond_params *mbond_new_params(void);
unsigned int mbond_new_queues(void);
unsigned int mbond_max_bonds(void);
bool mbond_as_bonding(void);

#endif /* _MBOND_MODPARAM_H */
