// SPDX-License-Identifier: GPL-2.0-only

use crate::{hw::queues, port::Port};

const SRRCTL: usize = 0xc00c;
const DROP_ENABLE: u32 = 1 << 31;

#[test]
fn a_queue_is_told_to_drop_or_to_wait_and_keeps_its_buffer_size() {
    let port = Port::new();
    let registers = port.registers();
    for queue in 0..16 {
        port.poke(SRRCTL + 0x40 * queue, 0x0200_0402);
        queues::set_drop_when_empty(&registers, queue as u32, true);
        assert_eq!(port.peek(SRRCTL + 0x40 * queue), 0x0200_0402 | DROP_ENABLE);
        queues::set_drop_when_empty(&registers, queue as u32, false);
        assert_eq!(port.peek(SRRCTL + 0x40 * queue), 0x0200_0402);
    }
}

#[test]
fn a_queue_that_the_card_does_not_have_is_told_nothing() {
    let port = Port::new();
    queues::set_drop_when_empty(&port.registers(), 16, true);
    assert!(port.writes().is_empty());
}
