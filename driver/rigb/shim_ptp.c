// SPDX-License-Identifier: GPL-2.0-only
#include "shim_ptp.h"

#include <linux/timekeeping.h>

const u32 rigb_ptp_layout[4] = {
	sizeof(struct ptp_clock_info),
	offsetof(struct ptp_clock_info, settime64),
	sizeof(struct kernel_hwtstamp_config),
	offsetof(struct net_device_ops, ndo_hwtstamp_set),
};

struct ptp_clock *rigb_ptp_register(struct ptp_clock_info *info, struct device *parent)
{
	return ptp_clock_register(info, parent);
}

void rigb_ptp_unregister(struct ptp_clock *clock)
{
	ptp_clock_unregister(clock);
}

int rigb_ptp_index(struct ptp_clock *clock)
{
	return ptp_clock_index(clock);
}

void rigb_ptp_system_before(struct ptp_system_timestamp *stamps)
{
	ptp_read_system_prets(stamps);
}

void rigb_ptp_system_after(struct ptp_system_timestamp *stamps)
{
	ptp_read_system_postts(stamps);
}

void rigb_skb_await_stamp(struct sk_buff *skb)
{
	skb_shinfo(skb)->tx_flags |= SKBTX_IN_PROGRESS;
	skb_get(skb);
}

void rigb_skb_forget_stamp(struct sk_buff *skb)
{
	dev_consume_skb_any(skb);
}

void rigb_skb_stamp_sent(struct sk_buff *skb, s64 nanoseconds)
{
	struct skb_shared_hwtstamps stamps = { .hwtstamp = ns_to_ktime(nanoseconds) };

	skb_tstamp_tx(skb, &stamps);
}

void rigb_skb_stamp_received(struct sk_buff *skb, s64 nanoseconds)
{
	*skb_hwtstamps(skb) = (struct skb_shared_hwtstamps){ .hwtstamp = ns_to_ktime(nanoseconds) };
}

s64 rigb_boottime_ns(void)
{
	return ktime_get_boottime_ns();
}

s64 rigb_realtime_ns(void)
{
	return ktime_get_real_ns();
}
