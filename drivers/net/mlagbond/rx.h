/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive: the rx_handler of ports.
 */
#ifndef _MBOND_RX_H
#define _MBOND_RX_H

#include <linux/netdevice.h>

rx_handler_result_t mbond_handle_frame(struct sk_buff **pskb);

#endif /* _MBOND_RX_H */
