# SPDX-License-Identifier: MIT OR Apache-2.0
# How the tests find their ports. Sourced by the runner's shell; each function prints why it failed.
# Port N is PCI 0000:0(N+1):00.0 and is named ethN whichever driver has it. Two ports share a wire: 0 and 1, 2 and 3.

selftests=/opt/selftests

address_of() { printf '0000:%02x:00.0' $(($1 + 1)); }

# Waits until a command succeeds, SECONDS at most.
await() {
  local limit=$(($(date +%s) + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    [ "$(date +%s)" -lt "$limit" ] || { echo "environment: not within its time: $*"; return 1; }
    sleep 0.1
  done
}

has_interface() { [ -n "$(ls "/sys/bus/pci/devices/$(address_of "$1")/net" 2> /dev/null)" ]; }
has_carrier() { [ "$(ip ${2:+-n $2} -j link show dev "$1" | jq -r '.[0].flags | index("LOWER_UP")')" != null ]; }

# load_drivers DRIVER COUNT PORT...: takes every driver away and loads them anew: DRIVER for the ports named, the in-tree igb for the others of COUNT.
load_drivers() {
  local driver=$1 count=$2 port interface
  shift 2
  ip -all netns delete
  for port in $(seq 0 $((count - 1))); do
    [ ! -e "/sys/bus/pci/devices/$(address_of "$port")/driver" ] || echo "$(address_of "$port")" > "/sys/bus/pci/devices/$(address_of "$port")/driver/unbind"
    echo igb > "/sys/bus/pci/devices/$(address_of "$port")/driver_override"
  done
  for module in rigb igb; do [ ! -d /sys/module/$module ] || rmmod $module || return 1; done
  dmesg --clear
  for port in "$@"; do echo "$driver" > "/sys/bus/pci/devices/$(address_of "$port")/driver_override"; done
  modprobe igb || return 1
  if [ "$driver" = rigb ]; then
    for module in $(modinfo -F depends /usr/lib/ringscope/rigb.ko | tr , ' '); do modprobe "$module" || return 1; done
    insmod /usr/lib/ringscope/rigb.ko || return 1
  fi
  for port in $(seq 0 $((count - 1))); do await 20 has_interface "$port" || return 1; done
  for port in $(seq 0 $((count - 1))); do
    interface=$(ls "/sys/bus/pci/devices/$(address_of "$port")/net")
    ip link set dev "$interface" name "port$port" || return 1
  done
  for port in $(seq 0 $((count - 1))); do ip link set dev "port$port" name "eth$port" || return 1; done
  for port in "$@"; do
    [ "$(basename "$(readlink "/sys/class/net/eth$port/device/driver")")" = "$driver" ] || { echo "environment: eth$port does not belong to $driver"; return 1; }
  done
}

# Port 1 in the namespace `partner`, up, with addresses.
partner_in_namespace() {
  ip netns add partner || return 1
  ip link set dev eth1 netns partner || return 1
  ip -n partner link set dev lo up
  ip -n partner addr add 198.51.100.2/24 dev eth1 || return 1
  ip -n partner addr add 2001:db8:1::2/64 dev eth1 nodad || return 1
  ip -n partner link set dev eth1 up
}

# Port 0 here and port 1 in the namespace, as drivers/net/README.rst wants it, with the file net.config in both folders and its variables exported.
# hw/tso.py lays tunnels with 192.0.2.0/24 and 2001:db8::/64 over them, so these are other networks.
pair_in_namespace() {
  partner_in_namespace || return 1
  ip addr add 198.51.100.1/24 dev eth0 || return 1
  ip addr add 2001:db8:1::1/64 dev eth0 nodad || return 1
  ip link set dev eth0 up || return 1
  await 30 has_carrier eth0 && await 30 has_carrier eth1 partner || return 1
  await 20 ping -c 1 -W 1 198.51.100.2 || return 1
  await 20 ping -6 -c 1 -W 1 2001:db8:1::2 || return 1
  export NETIF=eth0 LOCAL_V4=198.51.100.1 LOCAL_V6=2001:db8:1::1 REMOTE_V4=198.51.100.2 REMOTE_V6=2001:db8:1::2 REMOTE_TYPE=netns REMOTE_ARGS=partner
  for folder in "$selftests/drivers/net" "$selftests/drivers/net/hw"; do
    env | grep -E '^(NETIF|LOCAL_V4|LOCAL_V6|REMOTE_V4|REMOTE_V6|REMOTE_TYPE|REMOTE_ARGS)=' > "$folder/net.config"
  done
}

# COUNT ports in this namespace, down, for the scripts that configure them themselves.
ports_for_forwarding() {
  local port
  {
    echo 'unset NETIFS; declare -A NETIFS'
    for port in $(seq 0 $(($1 - 1))); do echo "NETIFS[p$((port + 1))]=eth$port"; done
    echo 'NETIF_CREATE=no'
  } > "$selftests/net/forwarding/forwarding.config"
}

# Pins each queue's interrupt of port 0 to one CPU and leaves the last two CPUs free, which toeplitz.py wants of a machine.
pin_interrupts() {
  local cpu=0 irq
  for irq in $(python3 /opt/ringscope/napi-interrupts.py eth0); do
    echo "$cpu" > "/proc/irq/$irq/smp_affinity_list" || return 1
    cpu=$(((cpu + 1) % ($(nproc) - 2)))
  done
  [ "$cpu" != 0 ] || [ -n "$irq" ] || { echo 'environment: no NAPI instance of eth0 names its interrupt'; return 1; }
}
