# SPDX-License-Identifier: MIT OR Apache-2.0
# What the scenarios' scripts share; sourced by each. Commands that are asked for at once are the shell's own, because under emulation a process costs 10 ms.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
ip=/usr/bin/ip
address=0000:01:00.0
device=/sys/bus/pci/devices/$address
driver=/sys/bus/pci/drivers/rigb

fail() {
  echo "$*"
  exit 1
}

# The name of the interface of the port under test; false while there is none.
find_interface() {
  for interface in $device/net/*; do
    interface=${interface##*/}
    [ "$interface" != '*' ] && return 0
  done
  return 1
}

# Awaits a command's success for as many seconds.
await() {
  seconds=$1
  shift
  until_uptime=$(($(uptime_seconds) + seconds))
  until "$@"; do
    [ "$(uptime_seconds)" -le "$until_uptime" ] || return 1
    usleep 20000
  done
}

uptime_seconds() {
  read -r uptime _ < /proc/uptime
  echo "${uptime%.*}"
}

has_carrier() {
  find_interface && read -r carrier 2> /dev/null < "$device/net/$interface/carrier" && [ "$carrier" = 1 ]
}

# Frames of the interface, both ways, in rx and tx.
read_frames() {
  find_interface || return 1
  { read -r rx < "$device/net/$interface/statistics/rx_packets" && read -r tx < "$device/net/$interface/statistics/tx_packets"; } 2> /dev/null
}

frames_have_moved() {
  read_frames && [ "$rx" -ge $((rx_before + 10)) ] && [ "$tx" -ge $((tx_before + 10)) ]
}

# Awaits traffic in both directions; says what there was when there is none.
await_traffic() {
  await 30 has_carrier || fail "$1: no carrier"
  await 5 read_frames || fail "$1: no interface"
  rx_before=$rx tx_before=$tx
  await 30 frames_have_moved || fail "$1: no traffic; received $rx_before, then ${rx:-none}; sent $tx_before, then ${tx:-none}"
}
