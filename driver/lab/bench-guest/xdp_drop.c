// SPDX-License-Identifier: MIT OR Apache-2.0
/* The least that a frame can cost: dropped in the driver, unread. */
#include <linux/bpf.h>

__attribute__((section("xdp"), used)) int drop(struct xdp_md *context)
{
	return XDP_DROP;
}
