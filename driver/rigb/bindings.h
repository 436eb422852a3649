/* SPDX-License-Identifier: GPL-2.0-only */
/* What bindgen reads: the headers of everything that src/sys wraps and the kernel crate does not bind. */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include "rigb_trace.h"
#include "shim.h"
#include "shim_ptp.h"
