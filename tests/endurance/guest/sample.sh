# SPDX-License-Identifier: MIT OR Apache-2.0
# Reads every counter of the interface again and again while /tmp/traffic exists. A sample belongs to one registration of the interface, by its index.
. /tmp/common.sh

read_index() {
  find_interface && read -r index 2> /dev/null < "$device/net/$interface/ifindex"
}

while [ -e /tmp/traffic ]; do
  read_index || { usleep 20000; continue; }
  before=$index
  text=$(
    echo '= network_stats'
    cat /proc/driver/network_stats
    echo '= statistics'
    grep '' "$device/net/$interface/"statistics/* "$device/net/$interface/"carrier_*_count
    echo '= ethtool -S'
    ethtool -S "$interface"
  ) 2> /dev/null
  # Gone or registered anew while it was read: of no use.
  read_index && [ "$index" = "$before" ] && printf '@ %s\n%s\n' "$index" "$text"
  usleep 20000
done | awk -f /tmp/monotone.awk
