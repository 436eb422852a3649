// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::interrupts::{self, VectorPlan},
    port::{EIAC, EIAM, EICS, EIMC, EIMS, GPIE, ICR, ICS, IMC, IMS, IVAR, IVAR_MISC, Port},
};

const VALID: u32 = 0x80;

/// The vector of a queue's causes by the datasheet's table (8.8.16): element q mod 8, the upper half for queues from 8 on; receive first, transmit above.
fn vectors_of_queue(port: &Port, queue: usize) -> [u32; 2] {
    let element = port.peek(IVAR + 4 * (queue % 8)) >> (queue / 8 * 16);
    [element & 0xff, element >> 8 & 0xff]
}

#[test]
fn multiple_msix_is_chosen_before_any_vector_is_set_up() {
    let port = Port::new();
    interrupts::configure(&port.registers(), VectorPlan::Each { pairs: 8 });
    assert_eq!(port.writes().first(), Some(&(GPIE, 1 << 31 | 1 << 30 | 1 << 4 | 1)));
}

#[test]
fn each_queue_pair_has_its_own_vector_and_the_other_causes_the_next() {
    for pairs in 1..=8 {
        let port = Port::new();
        interrupts::configure(&port.registers(), VectorPlan::Each { pairs });
        for queue in 0..16 {
            let vector = if queue < pairs { queue | VALID } else { 0 };
            assert_eq!(vectors_of_queue(&port, queue as usize), [vector; 2], "queue {queue} of {pairs}");
        }
        assert_eq!(port.peek(IVAR_MISC), (pairs | VALID) << 8);
    }
}

#[test]
fn with_one_vector_everything_leads_to_it() {
    let port = Port::new();
    interrupts::configure(&port.registers(), VectorPlan::Shared);
    assert_eq!(vectors_of_queue(&port, 0), [VALID; 2]);
    assert_eq!((port.peek(IVAR_MISC), port.peek(GPIE)), (VALID << 8, 0));
    assert_eq!(VectorPlan::Shared.pairs(), 1);
}

#[test]
fn fewer_vectors_make_fewer_queue_pairs_and_one_or_another_kind_makes_one_pair() {
    for vectors in 2..=9 {
        assert_eq!(VectorPlan::of(vectors, true), VectorPlan::Each { pairs: vectors - 1 });
    }
    assert_eq!(VectorPlan::of(1, true), VectorPlan::Shared);
    assert_eq!(VectorPlan::of(1, false), VectorPlan::Shared);
}

#[test]
fn every_vector_clears_and_masks_itself_and_is_enabled_together_with_the_other_causes() {
    let port = Port::new();
    let registers = port.registers();
    let plan = VectorPlan::Each { pairs: 4 };
    interrupts::configure(&registers, plan);
    interrupts::enable(&registers, plan);
    assert_eq!([EIAC, EIAM, EIMS].map(|mask| port.peek(mask)), [0b1_1111; 3]);
    assert_eq!(port.peek(IMS), 1 << 2 | 1 << 28 | 1 << 30);
}

#[test]
fn what_happened_before_is_forgotten_when_interrupts_are_enabled() {
    let port = Port::new();
    let registers = port.registers();
    interrupts::configure(&registers, VectorPlan::Each { pairs: 1 });
    port.raise(1 << 2);
    interrupts::enable(&registers, VectorPlan::Each { pairs: 1 });
    assert_eq!(port.peek(ICR), 0);
}

#[test]
fn a_poll_arms_only_its_own_vector_again() {
    let port = Port::new();
    let registers = port.registers();
    let plan = VectorPlan::Each { pairs: 4 };
    for pair in 0..4 {
        interrupts::rearm_queue(&registers, plan, pair);
    }
    interrupts::rearm_other(&registers, plan);
    assert_eq!(port.writes(), [1, 2, 4, 8, 16].map(|bit| (EIMS, bit)));
}

#[test]
fn queues_are_masked_without_the_other_causes_and_nothing_is_forgotten() {
    let port = Port::new();
    let registers = port.registers();
    let plan = VectorPlan::Each { pairs: 4 };
    interrupts::configure(&registers, plan);
    interrupts::enable(&registers, plan);
    port.raise(1 << 2);
    interrupts::mask_queues(&registers, plan);
    assert_eq!(port.peek(EIMS), 0b1_0000);
    interrupts::unmask(&registers, plan);
    assert_eq!(port.peek(EIMS), 0b1_1111);
    assert_eq!(port.peek(ICR) & 1 << 2, 1 << 2);
}

#[test]
fn a_kick_opens_every_vector_and_then_fires_those_of_the_queue_pairs_that_are_open() {
    let port = Port::new();
    interrupts::kick(&port.registers(), VectorPlan::Each { pairs: 4 }, 2);
    assert_eq!(port.writes(), [(EIMS, 0b1_1111), (EICS, 0b11)]);
}

#[test]
fn a_kick_opens_the_shared_interrupt_with_all_its_causes_and_then_causes_it() {
    let port = Port::new();
    let registers = port.registers();
    interrupts::enable(&registers, VectorPlan::Shared);
    let armed = port.peek(IMS);
    interrupts::mask_shared(&registers);
    let before = port.writes().len();
    interrupts::kick(&registers, VectorPlan::Shared, 1);
    // Receive descriptors running low (8.8.9), as igb's watchdog says.
    assert_eq!(port.writes().get(before..), Some([(IMS, armed), (ICS, 1 << 4)].as_slice()));
}

#[test]
fn the_shared_interrupt_is_masked_for_the_poll_and_armed_after_it() {
    let port = Port::new();
    let registers = port.registers();
    interrupts::enable(&registers, VectorPlan::Shared);
    let armed = port.peek(IMS);
    interrupts::mask_shared(&registers);
    assert_eq!(port.peek(IMS), 0);
    interrupts::rearm_queue(&registers, VectorPlan::Shared, 0);
    assert_eq!(port.peek(IMS), armed);
}

#[test]
fn reading_the_causes_takes_them() {
    let port = Port::new();
    let registers = port.registers();
    interrupts::configure(&registers, VectorPlan::Each { pairs: 1 });
    interrupts::enable(&registers, VectorPlan::Each { pairs: 1 });
    port.raise(1 << 2);
    assert_eq!(interrupts::take_causes(&registers).map(|causes| causes.link_changed().get()), Some(1));
    assert_eq!(port.peek(ICR), 0);
}

#[test]
fn an_interrupt_without_a_cause_is_somebody_elses() {
    assert!(interrupts::take_causes(&Port::new().registers()).is_none());
}

#[test]
fn a_card_that_is_gone_has_no_causes() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert!(interrupts::take_causes(&registers).is_none());
}

#[test]
fn nothing_is_enabled_after_disabling() {
    for plan in [VectorPlan::Each { pairs: 8 }, VectorPlan::Shared] {
        let port = Port::new();
        let registers = port.registers();
        interrupts::configure(&registers, plan);
        interrupts::enable(&registers, plan);
        assert_ne!((port.peek(IMS), port.peek(EIMS)), (0, 0));
        interrupts::disable(&registers);
        assert_eq!([IMS, EIMS, EIAC, EIAM].map(|mask| port.peek(mask)), [0; 4]);
        assert_eq!((port.writes_to(IMC), port.writes_to(EIMC)), (vec![u32::MAX], vec![u32::MAX]));
    }
}
