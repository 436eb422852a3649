# SPDX-License-Identifier: MIT OR Apache-2.0
# The slot of the port under test, by the registers of its root port (PCI Express Base 3.0, 7.8.10). Needs ports that the kernel itself hot-plugs (pciehp).
. /tmp/common.sh
root=/sys/bus/pci/devices/0000:00:01.0/config

byte() {
  dd if=$root bs=1 skip="$1" count=1 2> /dev/null | od -An -tu1 | tr -d ' '
}

# The capability is looked for by its identifier, 10h, from the pointer at 34h on. Slot Control is 18h further.
at=$(byte 52)
while [ "$(byte "$at")" != 16 ]; do at=$(byte $((at + 1))); done
at=$((at + 24))

# Writes the whole register at once: half of it would switch the card off without taking it out.
write_control() {
  printf "\\x$(printf %02x "$1")\\x$(printf %02x "$2")" > /tmp/slot-control
  dd if=/tmp/slot-control of=$root bs=2 seek=$((at / 2)) conv=notrunc 2> /dev/null
}

# Bits 9:8 are the power indicator (3: off), bit 10 is the power controller (1: off).
is_off() {
  [ $(($(byte $((at + 1))) & 7)) = 7 ]
}

case $1 in
  tear-out)
    # Without power QEMU takes the card out at once. Bit 5 keeps the slot's interrupt back until there is power again, because the kernel ignores a slot whose
    # power it finds switched off; then bit 3 lets the change of presence interrupt.
    low=$(byte $at) high=$(byte $((at + 1)))
    # This processor is the only one meanwhile. QEMU 10.0 has ended by SIGSEGV here, in qemu_net_queue_flush on a queue that was none: its igb frees its network
    # side at once when it is taken out, while another processor's write to a tail register, which flushes those queues, may still wait for QEMU's lock.
    echo 0 > /sys/devices/system/cpu/cpu1/online
    write_control $((low & ~32)) $((high | 7))
    echo 1 > /sys/devices/system/cpu/cpu1/online
    write_control $((low | 40)) "$high"
    ;;
  await-empty)
    # The kernel switches a slot off a second after it has let go of the card.
    await 60 test ! -e $device || fail 'the card does not go'
    await 20 is_off || fail 'the slot is not switched off'
    ;;
esac
