// SPDX-License-Identifier: MIT OR Apache-2.0
//! Payloads: what is written is read back, and whatever the bytes are, reading ends in a value or a fault.

use proptest::{collection::vec, prelude::*};
use ringscope_wire::Fault;
use ringscope_wire::control::{ErrorCode, Request, RingKind, TraceEvent, Verb, What, is_pci_address, read_request};
use ringscope_wire::layouts::*;
use serde_json::{Value, json};

prop_compose! {
    fn record()(sequence in any::<u64>(), time_us in any::<u64>(), level in 0..8_u8, facility in any::<u8>(), is_continuation in any::<bool>(),
        text in ".{0,40}", device in "[+:a-z0-9.]{0,20}", subsystem in "[a-z]{0,9}") -> LogRecord {
        LogRecord { sequence, time_us, level, facility, is_continuation, text, device, subsystem }
    }
}

prop_compose! {
    fn trace_record()(time_ns in any::<u64>(), number in 0..8_u16, numbers in any::<[u16; 3]>(), dma_address in any::<u64>(), words in any::<[u32; 3]>()) -> TraceRecord {
        let [cpu, queue, flags] = numbers;
        TraceRecord { time_ns, event: TraceEvent::from_number(number).expect("there are eight"), cpu, queue, flags, dma_address, words }
    }
}

proptest! {
    #[test]
    fn trace_batches_are_read_as_they_were_written(records in vec(trace_record(), 0..20), times in any::<[u64; 4]>()) {
        let [lost_events, from_ns, to_ns, paused_ns] = times;
        let header = TraceHeader { device: "0000:01:00.0".into(), lost_events, from_ns, to_ns, paused_ns };
        prop_assert_eq!(read_trace(&write_trace(&header, &records)), Ok(TraceBatch { header, records }));
    }

    #[test]
    fn log_batches_are_read_as_they_were_written(records in vec(record(), 0..8), lost_records in any::<u64>()) {
        let mut writer = LogBatchWriter::default();
        records.iter().for_each(|record| writer.push(record));
        let length = writer.len();
        let payload = writer.take(lost_records);
        prop_assert_eq!(payload.len(), length);
        prop_assert!(writer.is_empty());
        prop_assert_eq!(read_log_batch(&payload), Ok(LogBatch { lost_records, records }));
    }

    #[test]
    fn rings_are_read_as_they_were_written(count in 0..64_u32, index in any::<u16>(), running in any::<bool>(), times in any::<[u64; 2]>()) {
        let at = Positions { head: 1, tail: count, next_to_use: 2, next_to_clean: 3 };
        let ring = RingSnapshot { kind: RingKind::Tx, index, is_running: running, is_from_card: !running, descriptor_count: count, descriptor_bytes: 16,
            dma_address: times[0], before: at, after: Positions::default(), generation: times[1], descriptors: vec![0xab; 16 * count as usize] };
        let (header, read) = read_ring(&write_ring("0000:01:00.0", times, &ring)).expect("a written ring is good");
        prop_assert_eq!((header.device.as_str(), [header.time_before_ns, header.time_after_ns]), ("0000:01:00.0", times));
        prop_assert_eq!(read, ring);
    }

    #[test]
    fn whatever_the_bytes_reading_gives_a_value_or_a_bad_record(bytes in vec(any::<u8>(), 0..400)) {
        let faults = [read_log_batch(&bytes).err(), read_sample(&bytes).err(), read_ring(&bytes).err(), read_registers(&bytes).err(), read_vectors(&bytes).err(), read_trace(&bytes).err()];
        prop_assert!(faults.iter().flatten().all(|fault| fault.name() == "bad-record"));
    }

    #[test]
    fn snapshots_cut_short_or_with_a_byte_changed_are_read_or_refused(at in 0..152_usize, value in any::<u8>(), kept in 0..=152_usize) {
        let mut bytes = write_vectors("0000:01:00.0", [1, 2], &[VectorCounts { irq: 1, vector: 0, role: 1, queue: None, handled: 1, spurious: 2, polls: 3, last_ns: 4, exhausted: Some(5) }; 2]);
        prop_assert_eq!(bytes.len(), 152);
        bytes[at] = value;
        let read = read_vectors(&bytes[..kept]);
        prop_assert!(kept == 152 || read.is_err());
    }

    #[test]
    fn whatever_the_payload_a_request_is_read_or_named_bad(bytes in vec(any::<u8>(), 0..100)) {
        if let Err(fault) = read_request(&bytes) {
            prop_assert!(matches!(fault, Fault::BadJson(_) | Fault::BadMessage(_)));
        }
    }

    #[test]
    fn requests_are_read_as_they_were_written(id in any::<u32>(), verb in "[a-z-]{1,40}", number in any::<u32>()) {
        let arguments = json!({"value": number}).as_object().cloned().unwrap_or_default();
        let request = Request { id, verb, arguments };
        prop_assert_eq!(read_request(&request.payload()), Ok(request));
    }

    #[test]
    fn names_of_snapshots_are_read_as_they_are_printed(index in any::<u16>()) {
        for what in [What::Ring(RingKind::Rx, index), What::Ring(RingKind::Tx, index), What::Registers, What::Vectors] {
            prop_assert_eq!(What::parse(&what.to_string()), Some(what));
        }
    }
}

fn refused(verb: &str, arguments: Value) -> Option<ErrorCode> {
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    Verb::read(Request { id: 1, verb: verb.into(), arguments }).err().map(|refusal| refusal.code)
}

#[test]
fn arguments_outside_their_bounds_are_refused() {
    let bad = Some(ErrorCode::BadArguments);
    let traffic = |frames_per_second: u64, frame_bytes: u64| json!({"running": true, "direction": "both", "framesPerSecond": frames_per_second, "frameBytes": frame_bytes});
    for (verb, arguments) in [
        ("sample", json!({"hz": 101})),
        ("sample", json!({"hz": -1})),
        ("sample", json!({})),
        ("watch", json!({"device": "0000:01:00.0", "what": "registers", "hz": 61})),
        ("watch", json!({"device": "../../etc", "what": "registers", "hz": 1})),
        ("read", json!({"device": "0000:01:00.0", "what": "ring:rx:+1"})),
        ("read", json!({"device": "0000:01:00.0", "what": "ring:rx:65536"})),
        ("read", json!({"device": "0000:01:00.0", "what": "../registers"})),
        ("traffic", traffic(10_000_001, 60)),
        ("traffic", traffic(1, 59)),
        ("traffic", traffic(1, 9231)),
        ("traffic", json!({"running": true, "direction": "both", "framesPerSecond": 1, "frameBytes": 60, "flows": 0})),
        ("traffic", json!({"running": true, "direction": "both", "framesPerSecond": 1, "frameBytes": 60, "burst": 65})),
        (
            "traffic",
            json!({"running": true, "direction": "both", "framesPerSecond": 1, "frameBytes": 60, "damage": "all"}),
        ),
        ("set-driver", json!({"device": "0000:01:00.0", "driver": "e1000e"})),
        ("set-driver", json!({"device": "0000:01:00.0"})),
        ("set-driver", json!({"device": "../igb", "driver": "igb"})),
        ("reset-device", json!({"device": "0000:01:00.0"})),
        ("set-mtu", json!({"mtu": 67})),
        ("set-mtu", json!({"mtu": 9217})),
        ("crash", json!({})),
        ("set-link", json!({"interface": "", "up": true})),
        ("mark", json!({"text": "two\nlines"})),
        ("mark", json!({"text": ""})),
        ("load-module", json!({"parameters": {"A": 1}})),
        ("load-module", json!({"parameters": {"queues": "1 other=2"}})),
        ("load-module", json!({"parameters": {"queues": "\"1\""}})),
        ("cost", json!({"more": 1})),
        ("take-device", json!({"device": "0000:01:00.0"})),
        ("take-device", json!({"device": "../../etc", "confirmed": true})),
        ("release-device", json!({"device": "0000:01:00.8"})),
        ("observe", json!({"device": "0000:01:00.0", "hz": 11})),
        ("write-register", json!({"device": "0000:01:00.0", "offset": 2, "value": 1, "confirmed": true})),
        ("write-register", json!({"device": "0000:01:00.0", "offset": -4, "value": 1, "confirmed": true})),
        (
            "write-register",
            json!({"device": "0000:01:00.0", "offset": 4, "value": 4_294_967_296_u64, "confirmed": true}),
        ),
        ("write-register", json!({"device": "0000:01:00.0", "offset": 4, "value": 1})),
        ("observe", json!({"device": "0000:01:00", "hz": 1})),
        ("trace", json!({"device": "0000:01:00.0", "events": ["sched_switch"]})),
        ("trace", json!({"device": "0000:01:00.0"})),
        ("trace", json!({"device": "../../etc", "events": []})),
        ("set-affinity", json!({"device": "0000:01:00.0", "irq": 27, "cpus": []})),
        ("set-affinity", json!({"device": "0000:01:00.0", "irq": 27, "cpus": [8192]})),
        ("set-affinity", json!({"device": "0000:01:00.0", "irq": "../27", "cpus": [0]})),
        ("set-coalesce", json!({"device": "0000:01:00.0", "parameters": {}})),
        ("set-coalesce", json!({"device": "0000:01:00.0", "parameters": {"rx-usecs": -1}})),
        ("set-coalesce", json!({"device": "0000:01:00.0", "parameters": {"rx-frames": 3}})),
    ] {
        assert_eq!(refused(verb, arguments.clone()), bad, "{verb} {arguments}");
    }
    assert_eq!(refused("load-modules", json!({})), Some(ErrorCode::UnknownVerb));
    assert_eq!(refused("sample", json!({"hz": 0.5})), None);
    assert_eq!(refused("load-module", json!({"parameters": {"queues": 2, "_mode": "msix"}})), None);
}

#[test]
fn module_parameters_become_words_for_the_kernel() {
    let arguments = json!({"parameters": {"queues": 2, "mode": "msix"}}).as_object().cloned().unwrap_or_default();
    let verb = Verb::read(Request { id: 1, verb: "load-module".into(), arguments });
    assert!(matches!(verb, Ok(Verb::LoadModule(load)) if load.parameter_text() == "mode=msix queues=2"));
}

#[test]
fn cpus_become_a_list_as_the_kernel_writes_them() {
    let list = |cpus: Value| {
        let arguments = json!({"device": "0000:01:00.0", "irq": 27, "cpus": cpus}).as_object().cloned();
        let request = Request { id: 1, verb: "set-affinity".into(), arguments: arguments.unwrap_or_default() };
        match Verb::read(request) {
            Ok(Verb::SetAffinity(affinity)) => affinity.list(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(list(json!([3])), "3");
    assert_eq!(list(json!([8, 1, 0, 2, 1, 10, 11])), "0-2,8,10-11");
}

#[test]
fn only_addresses_as_sysfs_writes_them_are_pci_addresses() {
    assert!(is_pci_address("0000:01:00.0") && is_pci_address("10000:e1:00.7"));
    for text in ["", "0000:01:00.8", "0000:01:00", "000:01:00.0", "0000:01:00.0/..", "0000:0A:00.0", "../..:01:00.0"] {
        assert!(!is_pci_address(text), "{text}");
    }
}

#[test]
fn the_verbs_that_change_the_machine_are_these_and_no_others() {
    let device = "0000:01:00.0";
    let changes = |verb: &str, arguments: Value| {
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        Verb::read(Request { id: 1, verb: verb.into(), arguments }).expect(verb).changes_machine()
    };
    for (verb, arguments) in [
        ("load-module", json!({})),
        ("unload-module", json!({})),
        ("traffic", json!({"running": false, "direction": "both", "framesPerSecond": 0, "frameBytes": 60})),
        ("set-link", json!({"interface": "eth0", "up": true})),
        ("mark", json!({"text": "here"})),
        ("take-device", json!({"device": device, "confirmed": false})),
        ("release-device", json!({"device": device})),
        ("write-register", json!({"device": device, "offset": 0x5600, "value": 1, "confirmed": false})),
        ("set-affinity", json!({"device": device, "irq": 27, "cpus": [0]})),
        ("set-coalesce", json!({"device": device, "parameters": {"adaptive-rx": true}})),
        ("set-driver", json!({"device": device, "driver": null})),
        ("reset-device", json!({"device": device, "confirmed": true})),
        ("set-mtu", json!({"mtu": 1500})),
        ("crash", json!({"confirmed": true})),
    ] {
        assert!(changes(verb, arguments), "{verb}");
    }
    for (verb, arguments) in [
        ("hello", json!({"protocol": 1, "application": "test"})),
        ("sample", json!({"hz": 1})),
        ("watch", json!({"device": device, "what": "registers", "hz": 1})),
        ("read", json!({"device": device, "what": "registers"})),
        ("cost", json!({})),
        ("observe", json!({"device": device, "hz": 1})),
        ("trace", json!({"device": device, "events": ["irq"]})),
    ] {
        assert!(!changes(verb, arguments), "{verb}");
    }
}
