#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Prints the interrupt of each NAPI instance of the interface named, as the kernel's netdev family tells it, one a line."""

import socket
import sys

sys.path.append("/opt/selftests")
from net.lib.ynl.pyynl.lib import YnlFamily  # noqa: E402

netdev = YnlFamily("/opt/selftests/net/lib/specs/netdev.yaml", schema="")
instances = netdev.napi_get({"ifindex": socket.if_nametoindex(sys.argv[1])}, dump=True)
for irq in sorted({instance["irq"] for instance in instances if "irq" in instance}):
    print(irq)
