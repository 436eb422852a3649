# SPDX-License-Identifier: MIT OR Apache-2.0
# Traffic in both directions for as long as /tmp/traffic exists. $1: the partner's longest frame in bytes, $2: frames a second and direction.
. /tmp/common.sh
longest=$1
rate=$2

# pktgen has a thread a CPU in every network namespace; $1: the thread, $2: the interface, $3, $4: the receiver's MAC and IP address, $5: its longest frame.
generate() {
  echo rem_device_all > "/proc/net/pktgen/kpktgend_$1"
  echo "add_device $2" > "/proc/net/pktgen/kpktgend_$1" || return
  for setting in 'count 0' 'min_pkt_size 60' "max_pkt_size $5" "ratep $rate" "dst_mac $3" "dst $4" 'udp_src_min 1024' 'udp_src_max 1087' \
    'flag UDPSRC_RND' 'flag TXSIZE_RND'; do
    echo "$setting" > "/proc/net/pktgen/$2" || return
  done
  # Returns when the device is gone, down or without a carrier.
  echo start > /proc/net/pktgen/pgctrl
}

case $3 in
  partner)
    # A generator that finds no carrier ends for good, and the partner has none for a moment after its MTU was set.
    while [ -e /tmp/traffic ]; do
      generate 0 "$4" 52:54:00:00:00:01 192.0.2.1 "$longest"
      usleep 50000
    done
    ;;
  *)
    partner=$($ip -n partner -o link show | sed -n 's/^[0-9]*: \(eth[0-9]*\).*/\1/p')
    $ip -n partner link set "$partner" mtu 9216
    $ip netns exec partner sh /tmp/traffic.sh "$longest" "$rate" partner "$partner" 2> /dev/null &
    # Through the stack, and as the interface's user.
    while [ -e /tmp/traffic ]; do
      has_carrier && /usr/bin/ping -q -f -s 1000 -w 5 192.0.2.2 > /dev/null 2>&1 < /dev/null
      usleep 100000
    done &
    while [ -e /tmp/traffic ]; do
      has_carrier && generate 1 "$interface" 52:54:00:00:00:02 192.0.2.2 1514 2> /dev/null
      usleep 20000
    done
    wait
    touch /tmp/traffic-ended
    ;;
esac
