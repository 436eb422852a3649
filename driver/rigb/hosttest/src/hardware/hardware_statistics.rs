// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::hardware_statistics::{self, HardwareStatistics, Statistic, Turn},
    port::{Port, STATISTICS, STATUS},
};

const GPRC: usize = 0x4074;
const GORC_LOW: usize = 0x4088;
const GORC_HIGH: usize = 0x408c;
const GOTC_LOW: usize = 0x4090;
const GOTC_HIGH: usize = 0x4094;
const RQDPC: usize = 0xc030;

#[test]
fn every_counter_is_read_from_its_own_register() {
    // By the datasheet's map of section 8.19.
    let places = [
        (0x4000, Statistic::CrcErrors),
        (0x4004, Statistic::AlignmentErrors),
        (0x400c, Statistic::ReceiveErrors),
        (0x4010, Statistic::Missed),
        (0x4014, Statistic::SingleCollisions),
        (0x4018, Statistic::ExcessiveCollisions),
        (0x401c, Statistic::MultipleCollisions),
        (0x4020, Statistic::LateCollisions),
        (0x4028, Statistic::Collisions),
        (0x4030, Statistic::Deferred),
        (0x4034, Statistic::NoCarrier),
        (0x4048, Statistic::XonReceived),
        (0x404c, Statistic::XonSent),
        (0x4050, Statistic::XoffReceived),
        (0x4054, Statistic::XoffSent),
        (0x4058, Statistic::UnsupportedControlReceived),
        (0x405c, Statistic::Received64),
        (0x4060, Statistic::Received127),
        (0x4064, Statistic::Received255),
        (0x4068, Statistic::Received511),
        (0x406c, Statistic::Received1023),
        (0x4070, Statistic::Received1522),
        (0x4074, Statistic::GoodReceived),
        (0x4078, Statistic::BroadcastReceived),
        (0x407c, Statistic::MulticastReceived),
        (0x4080, Statistic::GoodSent),
        (0x40a0, Statistic::NoBuffers),
        (0x40a4, Statistic::Undersize),
        (0x40a8, Statistic::Fragments),
        (0x40ac, Statistic::Oversize),
        (0x40b0, Statistic::Jabbers),
        (0x40b4, Statistic::ManagementReceived),
        (0x40b8, Statistic::ManagementDropped),
        (0x40bc, Statistic::ManagementSent),
        (0x40d8, Statistic::Sent64),
        (0x40dc, Statistic::Sent127),
        (0x40e0, Statistic::Sent255),
        (0x40e4, Statistic::Sent511),
        (0x40e8, Statistic::Sent1023),
        (0x40ec, Statistic::Sent1522),
        (0x40f0, Statistic::MulticastSent),
        (0x40f4, Statistic::BroadcastSent),
        (0x40f8, Statistic::SegmentationsDone),
        (0x40fc, Statistic::SegmentationsFailed),
    ];
    let port = Port::new();
    for (number, (offset, _)) in (1..).zip(places) {
        port.poke(offset, number);
    }
    let statistics = HardwareStatistics::new();
    statistics.accumulate(&port.registers(), &mut Turn::new());
    for (number, (_, statistic)) in (1..).zip(places) {
        assert_eq!(statistics.snapshot().get(statistic), number, "{statistic:?}");
    }
}

#[test]
fn what_reading_clears_is_added_up_once() {
    let port = Port::new();
    let (registers, mut turn, statistics) = (port.registers(), Turn::new(), HardwareStatistics::new());
    for (counted, sum) in [(5, 5), (0, 5), (u32::MAX, 5 + u64::from(u32::MAX)), (1, 6 + u64::from(u32::MAX))] {
        port.poke(GPRC, counted);
        statistics.accumulate(&registers, &mut turn);
        assert_eq!(statistics.snapshot().get(Statistic::GoodReceived), sum);
    }
}

#[test]
fn octets_have_sixty_four_bits() {
    let port = Port::new();
    for (offset, value) in [(GORC_LOW, 7), (GORC_HIGH, 2), (GOTC_LOW, u32::MAX), (GOTC_HIGH, 1)] {
        port.poke(offset, value);
    }
    let statistics = HardwareStatistics::new();
    statistics.accumulate(&port.registers(), &mut Turn::new());
    assert_eq!(statistics.snapshot().get(Statistic::GoodOctetsReceived), (2 << 32) + 7);
    assert_eq!(statistics.snapshot().get(Statistic::GoodOctetsSent), (2 << 32) - 1);
    assert_eq!([GORC_LOW, GORC_HIGH, GOTC_LOW, GOTC_HIGH].map(|offset| port.peek(offset)), [0; 4]);
}

#[test]
fn frames_dropped_by_a_queue_are_counted_queue_by_queue() {
    let port = Port::new();
    for queue in 0..16 {
        port.poke(RQDPC + queue * 0x40, 1 << queue);
    }
    let statistics = HardwareStatistics::new();
    statistics.accumulate(&port.registers(), &mut Turn::new());
    for queue in 0..16 {
        assert_eq!(statistics.snapshot().dropped_by_queue(queue), 1 << queue);
    }
    assert_eq!(statistics.snapshot().dropped_by_queues(), 0xffff);
    assert_eq!(statistics.snapshot().dropped_by_queue(16), 0);
}

#[test]
fn only_statistics_are_read_and_each_once() {
    let port = Port::new();
    HardwareStatistics::new().accumulate(&port.registers(), &mut Turn::new());
    let accesses = port.accesses();
    let mut offsets: Vec<usize> =
        accesses.iter().map(|access| access.offset).filter(|offset| *offset != STATUS).collect();
    assert!(port.writes().is_empty());
    offsets.sort_unstable();
    let count = offsets.len();
    offsets.dedup();
    assert_eq!(offsets.len(), count);
    let is_statistic = |offset: &usize| STATISTICS.contains(offset) || *offset & 0xfc3f == RQDPC;
    assert!(offsets.iter().all(is_statistic));
}

#[test]
fn looking_at_the_sums_touches_no_register() {
    let port = Port::new();
    let (registers, statistics) = (port.registers(), HardwareStatistics::new());
    statistics.accumulate(&registers, &mut Turn::new());
    port.forget_accesses();
    let _sums = statistics.snapshot();
    assert_eq!(port.accesses(), []);
}

#[test]
fn a_card_that_is_pulled_at_any_moment_adds_no_all_ones() {
    let whole = Port::new();
    HardwareStatistics::new().accumulate(&whole.registers(), &mut Turn::new());
    for moment in 0..whole.accesses().len() {
        let port = Port::new();
        let (registers, mut turn, statistics) = (port.registers(), Turn::new(), HardwareStatistics::new());
        port.poke(GPRC, 3);
        statistics.accumulate(&registers, &mut turn);
        port.forget_accesses();
        port.remove_after(moment);
        statistics.accumulate(&registers, &mut turn);
        assert_eq!(statistics.snapshot().get(Statistic::GoodReceived), 3, "pulled at access {moment}");
        assert_eq!(statistics.snapshot().get(Statistic::CrcErrors), 0, "pulled at access {moment}");
        assert_eq!(statistics.snapshot().dropped_by_queues(), 0, "pulled at access {moment}");
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
fn what_is_discarded_is_never_counted() {
    let port = Port::new();
    let (registers, mut turn, statistics) = (port.registers(), Turn::new(), HardwareStatistics::new());
    port.poke(GPRC, 9);
    port.poke(RQDPC, 9);
    hardware_statistics::discard(&registers, &mut turn);
    statistics.accumulate(&registers, &mut turn);
    assert_eq!(statistics.snapshot().get(Statistic::GoodReceived), 0);
    assert_eq!(statistics.snapshot().dropped_by_queues(), 0);
}

#[test]
fn several_counters_are_summed() {
    let port = Port::new();
    port.poke(0x4000, 2);
    port.poke(0x4004, 3);
    let statistics = HardwareStatistics::new();
    statistics.accumulate(&port.registers(), &mut Turn::new());
    assert_eq!(statistics.snapshot().sum(&[Statistic::CrcErrors, Statistic::AlignmentErrors]), 5);
}
