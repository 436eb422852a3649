# SPDX-License-Identifier: MIT OR Apache-2.0
# The measurements, each a function of the driver's name. Port 0 is under test; port 1 is the link partner: "sink" is driven from user space and drops in
# hardware, "igb" is the in-tree driver in a namespace of its own. What is printed are `name value` lines; a verb of `bench` that counts makes one section of the
# instruction counter.
ip=/usr/bin/ip
here=0000:01:00.0
partner=0000:02:00.0
local_address=192.0.2.1
partner_address=192.0.2.2

driver_of() { basename "$(readlink /sys/bus/pci/devices/$1/driver)" 2> /dev/null || true; }

release() {
  if [ -e /sys/bus/pci/devices/$1/driver ]; then echo $1 > /sys/bus/pci/devices/$1/driver/unbind; fi
}

# Both ports without a driver, no namespace, no driver module: every measurement begins the same.
ports_free() {
  release $here
  release $partner
  $ip netns del partner 2> /dev/null || true
  rmmod rigb 2> /dev/null || true
  rmmod igb 2> /dev/null || true
  echo igb-none > /sys/bus/pci/devices/$here/driver_override
  echo igb-none > /sys/bus/pci/devices/$partner/driver_override
}

load() {
  if [ ! -e /sys/module/$1 ]; then insmod /usr/lib/modules/$1.ko; fi
}

# Binds a driver to a port and names the interface.
bind() { # address driver name
  load $2
  echo $2 > /sys/bus/pci/devices/$1/driver_override
  echo $1 > /sys/bus/pci/drivers_probe
  $ip link set "$(ls /sys/bus/pci/devices/$1/net)" name $3
}

await_carrier() { # path of the interface, or its namespace
  tries=0
  until [ "$($2 cat /sys/class/net/$1/carrier 2> /dev/null)" = 1 ]; do
    tries=$((tries + 1))
    [ $tries -lt 400 ] || { echo "$1 has no carrier" >&2; return 1; }
    usleep 20000
  done
}

under_test() { # driver
  bind $here $1 test
  # The stack must not send on its own.
  echo 1 > /proc/sys/net/ipv6/conf/test/disable_ipv6
  $ip link set test up
  await_carrier test
}

partner_sink() { bench sink $partner; }

partner_driver() {
  bind $partner igb peer
  echo 1 > /proc/sys/net/ipv6/conf/peer/disable_ipv6
  $ip link set peer up
  await_carrier peer
}

partner_igb() {
  bind $partner igb peer
  $ip netns add partner
  $ip link set peer netns partner
  $ip netns exec partner sh -c 'echo 1 > /proc/sys/net/ipv6/conf/peer/disable_ipv6'
  $ip -n partner addr add $partner_address/24 dev peer
  $ip -n partner link set peer up
  await_carrier peer "$ip netns exec partner"
}

addresses() {
  $ip addr add $local_address/24 dev test
  # No address resolution in the midst of a measurement.
  $ip neigh replace $partner_address lladdr "$($ip netns exec partner cat /sys/class/net/peer/address)" dev test nud permanent
  $ip -n partner neigh replace $local_address lladdr "$(cat /sys/class/net/test/address)" dev peer nud permanent
}

received() { cat /sys/class/net/test/statistics/rx_packets; }
sent() { cat /sys/class/net/test/statistics/tx_packets; }
# Interrupts of port 0 since its driver was bound, of all its vectors.
interrupts() {
  total=0
  for irq in $(ls /sys/bus/pci/devices/$here/msi_irqs); do
    total=$((total + $(cat /sys/kernel/irq/$irq/per_cpu_count)))
  done
  echo $total
}

# Fails with what the driver counted where frames were lost.
all_arrived() { # sent received
  [ $1 = $2 ] || { echo "$2 of $1 frames arrived" >&2; ethtool -S test | grep -v ': 0$' >&2; return 1; }
}

generator() { # device bytes clones frames destination
  echo "add_device $1" > /proc/net/pktgen/kpktgend_0
  for setting in "count $4" "pkt_size $2" "clone_skb $3" "delay 0" "dst_mac $5" "dst 198.51.100.9" "src_min 198.51.100.1" "src_max 198.51.100.1"; do
    echo "$setting" > /proc/net/pktgen/$1
  done
}

# pktgen counts what it hands over; the driver's counters follow with the last interrupt.
transmit_only() { # driver bytes clones
  under_test $1
  partner_sink
  echo "rem_device_all" > /proc/net/pktgen/kpktgend_0
  generator test $2 $3 $frames 52:54:00:00:00:02
  before=$(interrupts)
  bench pktgen start
  usleep 20000
  echo "frames $(sent)"
  echo "interrupts $(($(interrupts) - before))"
}

frames=10000
tx_60() { transmit_only $1 60 0; }
tx_508() { transmit_only $1 508 0; }
tx_1514() { transmit_only $1 1514 0; }
tx_60_clone() { transmit_only $1 60 1000; }

receive_only() { # driver kind
  before=$(interrupts)
  first=$(received)
  bench inject $partner test $2 $frames 64 400
  usleep 20000
  echo "frames $(($(received) - first))"
  echo "interrupts $(($(interrupts) - before))"
}

rx_drop() {
  under_test $1
  receive_only $1 none
}

rx_udp() {
  under_test $1
  $ip addr add $local_address/24 dev test
  receive_only $1 udp
}

rx_xdp_drop() {
  under_test $1
  if ! $ip link set test xdpdrv obj /bench/xdp_drop.o sec xdp 2> /run/refusal; then
    echo "offered 0"
    return 0
  fi
  await_carrier test
  receive_only $1 none
}

# Both ports in the kernel, traffic in both directions at once; the partner under the in-tree driver costs instructions as well.
both_ways() { # driver bytes clones
  under_test $1
  partner_driver
  echo "rem_device_all" > /proc/net/pktgen/kpktgend_0
  generator test $2 $3 $frames 52:54:00:00:00:02
  generator peer $2 $3 $frames 52:54:00:00:00:01
  before=$(interrupts)
  first=$(received)
  bench pktgen start
  usleep 20000
  echo "frames $(sent)"
  arrived=$(($(received) - first))
  echo "received $arrived"
  all_arrived $frames $arrived
  echo "interrupts $(($(interrupts) - before))"
}
both_60() { both_ways $1 60 0; }
both_508() { both_ways $1 508 0; }
both_1514() { both_ways $1 1514 0; }
both_60_clone() { both_ways $1 60 1000; }

# Ends the measurement where the driver under test does not have a feature that can be switched.
needs_feature() {
  if ethtool -k test | grep -q "^[[:space:]]*$1: off \[fixed\]"; then
    echo "offered 0"
    exit 0
  fi
}

tcp() { # driver direction
  partner_igb
  addresses
  if [ $2 = out ]; then
    $ip netns exec partner bench tcp-serve $partner_address:9001 &
    usleep 200000
    bench tcp-send $partner_address:9001 16
  else
    bench tcp-serve $local_address:9001 &
    usleep 200000
    $ip netns exec partner bench tcp-send $local_address:9001 16
  fi
  wait
  echo "kibibytes 16384"
}

tcp_out_tso() {
  under_test $1
  needs_feature tx-tcp-segmentation
  ethtool -K test tso on
  tcp $1 out
}

tcp_out_plain() {
  under_test $1
  # Refused where there is nothing to switch off.
  ethtool -K test tso off || true
  tcp $1 out
}

tcp_in_gro() {
  under_test $1
  ethtool -K test gro on
  tcp $1 in
}

tcp_in_plain() {
  under_test $1
  ethtool -K test gro off
  tcp $1 in
}

# No interrupt of port 0 is held back, where the driver lets itself be told so.
moderation_off() {
  ethtool -C test rx-usecs 0 || echo "moderated 1"
}

ping_trip() {
  under_test $1
  partner_igb
  addresses
  moderation_off
  $ip netns exec partner ethtool -C peer rx-usecs 0
  bench ping $partner_address 400
}

seen() {
  under_test $1
  moderation_off
  bench seen $partner test 400
}

# Kibibytes that are free or could be made so, the pages that each CPU keeps at hand included: MemAvailable alone does not see those.
available() {
  sync
  echo 3 > /proc/sys/vm/drop_caches
  usleep 300000
  echo 1 > /proc/sys/vm/stat_refresh
  awk '/^MemAvailable/ { total += $2 } $1 == "count:" { total += 4 * $2 } END { print total }' /proc/meminfo /proc/zoneinfo
}

# What the driver and an open interface take of the machine's memory, the way from nothing to a link and back three times: the first one also pays for what the
# kernel keeps for the next.
memory() {
  for turn in 1 2 3; do
    before=$(available)
    under_test $1
    after=$(available)
    echo "module_bytes $(awk -v name=$1 '$1 == name { print $2 }' /proc/modules)"
    echo "memory_kibibytes_$turn $((before - after))"
    ports_free
  done
}
