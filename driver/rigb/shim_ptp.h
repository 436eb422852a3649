/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The C side of src/sys/ptp.rs and src/sys/hwtstamp.rs: inline functions, macros, and what is only a stub in a kernel without PTP.
 */
#ifndef RIGB_SHIM_PTP_H
#define RIGB_SHIM_PTP_H

#include <linux/net_tstamp.h>
#include <linux/netdevice.h>
#include <linux/ptp_clock_kernel.h>
#include <linux/skbuff.h>

/* As in shim.h: what libclang computed while the bindings were made, to be compared with the module's own compiler. */
enum {
	RIGB_SIZEOF_PTP_CLOCK_INFO = sizeof(struct ptp_clock_info),
	RIGB_OFFSETOF_PTP_SETTIME64 = offsetof(struct ptp_clock_info, settime64),
	RIGB_SIZEOF_HWTSTAMP_CONFIG = sizeof(struct kernel_hwtstamp_config),
	RIGB_OFFSETOF_NDO_HWTSTAMP_SET = offsetof(struct net_device_ops, ndo_hwtstamp_set),
};

extern const u32 rigb_ptp_layout[4];

/* ptp_clock */
struct ptp_clock *rigb_ptp_register(struct ptp_clock_info *info, struct device *parent);
void rigb_ptp_unregister(struct ptp_clock *clock);
int rigb_ptp_index(struct ptp_clock *clock);
void rigb_ptp_system_before(struct ptp_system_timestamp *stamps);
void rigb_ptp_system_after(struct ptp_system_timestamp *stamps);

/* sk_buff */
void rigb_skb_await_stamp(struct sk_buff *skb);
void rigb_skb_forget_stamp(struct sk_buff *skb);
void rigb_skb_stamp_sent(struct sk_buff *skb, s64 nanoseconds);
void rigb_skb_stamp_received(struct sk_buff *skb, s64 nanoseconds);

/* CLOCK_BOOTTIME and CLOCK_REALTIME in nanoseconds. */
s64 rigb_boottime_ns(void);
s64 rigb_realtime_ns(void);

#endif
