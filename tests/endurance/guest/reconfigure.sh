# SPDX-License-Identifier: MIT OR Apache-2.0
# Changes the interface under traffic, once a line of /tmp/plan: what to change, to what, and `traffic` or the microseconds to wait afterwards. Whatever is not
# applied, or not shown afterwards, ends it.
. /tmp/common.sh
find_interface || fail 'no interface'

# $1: option of ethtool that shows, $2: the line's name below `Current`, $3: the value wanted or more.
shows_at_least() {
  shown=$(ethtool "$1" "$interface" | sed -n "/^Current/,\$s/^$2:[[:space:]]*//p")
  [ "$shown" -ge "$3" ] || fail "change $change: ethtool $1 shows $2 $shown, not $3"
}

change=0
while read -r what first second wait; do
  change=$((change + 1))
  case $what in
    rings) ethtool -G "$interface" rx "$first" tx "$second" && shows_at_least -g RX "$first" && shows_at_least -g TX "$second" ;;
    channels) ethtool -L "$interface" combined "$first" && shows_at_least -l Combined "$first" ;;
    coalesce) ethtool -C "$interface" "$first" "$second" ;;
    mtu) $ip link set "$interface" mtu "$first" && read -r mtu < "$device/net/$interface/mtu" && [ "$mtu" = "$first" ] ;;
    feature) ethtool -K "$interface" "$first" "$second" > /dev/null ;;
    restart) $ip link set "$interface" down && $ip link set "$interface" up && $ip addr replace 192.0.2.1/24 dev "$interface" ;;
  esac || fail "change $change: $what $first $second: refused"
  case $wait in
    traffic) await_traffic "change $change: $what $first $second" ;;
    *) usleep "$wait" ;;
  esac
done < /tmp/plan
