// SPDX-License-Identifier: GPL-2.0-only
/* The one place where the tracepoints of rigb_trace.h come to be, and the functions by which Rust fires them (rust_do_trace_NAME). */
#include <linux/pci.h>

#define CREATE_TRACE_POINTS
#define CREATE_RUST_TRACE_POINTS
#include "rigb_trace.h"
