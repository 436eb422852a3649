// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::hardware_statistics::{self, HardwareStatistics, Statistic, Turn},
    port::{Port, QUEUE_STRIDE, RQDPC, STATISTICS, STATUS},
};
use proptest::prelude::*;

const CRCERRS: usize = 0x4000;
const MPC: usize = 0x4010;
const GPRC: usize = 0x4074;
const GORCL: usize = 0x4088;
const GORCH: usize = 0x408c;
const TSCTFC: usize = 0x40fc;

#[test]
fn a_counter_is_found_where_the_datasheet_has_it() {
    let port = Port::new();
    let statistics = HardwareStatistics::new();
    for (offset, count) in [(CRCERRS, 1), (MPC, 2), (GPRC, 3), (TSCTFC, 4)] {
        port.poke(offset, count);
    }
    statistics.accumulate(&port.registers(), &mut Turn::new());
    let wanted = [Statistic::CrcErrors, Statistic::Missed, Statistic::GoodReceived, Statistic::SegmentationsFailed];
    assert_eq!(wanted.map(|statistic| statistics.snapshot().get(statistic)), [1, 2, 3, 4]);
    assert_eq!(statistics.snapshot().sum(&wanted), 10);
}

#[test]
fn octets_are_counted_in_both_registers() {
    let port = Port::new();
    let statistics = HardwareStatistics::new();
    port.poke(GORCL, 0xffff_fff0);
    port.poke(GORCH, 3);
    statistics.accumulate(&port.registers(), &mut Turn::new());
    assert_eq!(statistics.snapshot().get(Statistic::GoodOctetsReceived), 0x3_ffff_fff0);
}

#[test]
fn the_lower_half_of_octets_is_read_first() {
    let port = Port::new();
    HardwareStatistics::new().accumulate(&port.registers(), &mut Turn::new());
    let order: Vec<_> = port.accesses().iter().map(|access| access.offset).collect();
    let place = |offset| order.iter().position(|read| *read == offset);
    assert!(place(GORCL) < place(GORCH));
}

#[test]
fn no_register_is_read_twice_for_one_sum() {
    let port = Port::new();
    HardwareStatistics::new().accumulate(&port.registers(), &mut Turn::new());
    let mut order: Vec<_> =
        port.accesses().iter().map(|access| access.offset).filter(|offset| STATISTICS.contains(offset)).collect();
    let all = order.len();
    order.sort_unstable();
    order.dedup();
    assert_eq!(order.len(), all);
}

#[test]
fn every_queue_has_its_own_drops() {
    let port = Port::new();
    let statistics = HardwareStatistics::new();
    (0..16).for_each(|queue| port.poke(RQDPC + queue * QUEUE_STRIDE, queue as u32 + 1));
    statistics.accumulate(&port.registers(), &mut Turn::new());
    let snapshot = statistics.snapshot();
    assert!((0..16).all(|queue| snapshot.dropped_by_queue(queue) == queue as u64 + 1));
    assert_eq!(snapshot.dropped_by_queues(), 136);
    assert_eq!(snapshot.dropped_by_queue(16), 0);
}

#[test]
fn a_card_that_is_pulled_while_it_is_read_adds_nothing() {
    let whole = Port::new();
    HardwareStatistics::new().accumulate(&whole.registers(), &mut Turn::new());
    for moment in 0..whole.accesses().len() {
        let port = Port::new();
        let statistics = HardwareStatistics::new();
        let registers = port.registers();
        port.poke(GPRC, 5);
        port.remove_after(moment);
        statistics.accumulate(&registers, &mut Turn::new());
        assert_eq!(statistics.snapshot().get(Statistic::GoodReceived), 0, "pulled at access {moment}");
    }
}

#[test]
fn a_card_that_is_gone_is_not_read() {
    let port = Port::new();
    let (registers, statistics) = (port.registers(), HardwareStatistics::new());
    port.remove();
    statistics.accumulate(&registers, &mut Turn::new());
    hardware_statistics::discard(&registers, &mut Turn::new());
    assert!(port.accesses().iter().all(|access| access.offset == STATUS));
}

#[test]
fn what_a_reset_left_is_not_counted() {
    let port = Port::new();
    let registers = port.registers();
    let statistics = HardwareStatistics::new();
    (STATISTICS.step_by(4)).for_each(|offset| port.poke(offset, 77));
    hardware_statistics::discard(&registers, &mut Turn::new());
    statistics.accumulate(&registers, &mut Turn::new());
    assert_eq!(statistics.snapshot().get(Statistic::GoodReceived), 0);
}

proptest! {
    #[test]
    fn sums_are_those_of_all_that_was_counted(counts in prop::collection::vec(any::<u32>(), 1..50)) {
        let port = Port::new();
        let registers = port.registers();
        let statistics = HardwareStatistics::new();
        for count in &counts {
            port.poke(GPRC, *count);
            statistics.accumulate(&registers, &mut Turn::new());
        }
        prop_assert_eq!(statistics.snapshot().get(Statistic::GoodReceived), counts.iter().map(|count| u64::from(*count)).sum::<u64>());
    }
}
