/* SPDX-License-Identifier: GPL-2.0-only */
/* Words for refused requests. */
#ifndef _MBOND_FAULT_H
#define _MBOND_FAULT_H

#include "core/opt_check.h"

struct netlink_ext_ack;
struct nlattr;

int mbond_fault_report(const struct mbond_fault *fault,
		       const struct nlattr *attr,
		       struct netlink_ext_ack *extack);

#endif /* _MBOND_FAULT_H */
