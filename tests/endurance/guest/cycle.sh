# SPDX-License-Identifier: MIT OR Apache-2.0
# Gives the port to the driver and takes it away, once a line of /tmp/plan: `traffic` takes it away once frames move in both directions, a number after as many
# microseconds, whatever is going on by then. $1: `module` loads and unloads it, `port` binds and unbinds the port.
. /tmp/common.sh

case $1 in
  module)
    give() { insmod /usr/lib/ringscope/rigb.ko; }
    take() {
      read -r references < /sys/module/rigb/refcnt
      [ "$references" = 0 ] || fail "cycle $cycle: the module has $references references"
      rmmod rigb && [ ! -e /sys/module/rigb ]
    }
    ;;
  port)
    give() { echo $address > $driver/bind; }
    take() { echo $address > $driver/unbind && [ ! -e $device/driver ]; }
    ;;
esac

cycle=0
while read -r moment; do
  cycle=$((cycle + 1))
  give || fail "cycle $cycle: the driver did not take the port"
  case $moment in
    traffic) await_traffic "cycle $cycle" ;;
    *) usleep "$moment" ;;
  esac
  take || fail "cycle $cycle: the driver did not release the port"
done < /tmp/plan
