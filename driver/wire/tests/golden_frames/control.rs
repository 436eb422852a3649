// SPDX-License-Identifier: MIT OR Apache-2.0
//! Good control frames: requests, replies, one event of every type.

use super::{Golden, frame, good};
use ringscope_wire::Stream;
use ringscope_wire::control::*;
use serde_json::{Value, json};

fn golden(file: &'static str, title: &'static str, sender: &'static str, messages: &[Vec<u8>]) -> Golden {
    let mut golden = Golden { file, title, sender, bytes: Vec::new(), expected: Vec::new() };
    for (sequence, payload) in (0..).zip(messages) {
        golden.bytes.extend(frame(Stream::Control, sequence, payload));
        let content: Value = serde_json::from_slice(payload).expect("a golden message is JSON");
        golden.expected.push(good(Stream::Control, sequence, content));
    }
    golden
}

fn request(id: u32, verb: &str, arguments: Value) -> Vec<u8> {
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    Request { id, verb: verb.into(), arguments }.payload()
}

fn requests() -> Vec<Vec<u8>> {
    let device = "0000:01:00.0";
    let traffic = json!({
        "running": true, "direction": "receive", "framesPerSecond": 1000, "frameBytes": 60, "frames": 5000,
    });
    let damaged = json!({
        "running": true, "direction": "both", "framesPerSecond": 0, "frameBytes": 9014, "flows": 1024, "burst": 64,
        "damage": "tcp-checksum",
    });
    vec![
        request(0, "hello", json!({"protocol": 1, "application": "ringscope 0.1.0"})),
        request(1, "load-module", json!({"parameters": {"queues": 2, "mode": "msix"}})),
        request(2, "unload-module", json!({})),
        request(3, "sample", json!({"hz": 10})),
        request(4, "watch", json!({"device": device, "what": "ring:rx:0", "hz": 4})),
        request(5, "read", json!({"device": device, "what": "registers"})),
        request(6, "traffic", traffic),
        request(7, "set-link", json!({"interface": "eth0", "up": false})),
        request(8, "mark", json!({"text": "before the burst"})),
        request(9, "take-device", json!({"device": device, "confirmed": false})),
        request(10, "release-device", json!({"device": device})),
        request(11, "observe", json!({"device": device, "hz": 0.5})),
        request(
            12,
            "write-register",
            json!({"device": device, "offset": 0x5604, "value": u32::MAX, "confirmed": true}),
        ),
        request(13, "trace", json!({"device": device, "events": ["tx_post", "tx_done", "irq"]})),
        request(14, "trace", json!({"device": device, "events": []})),
        request(15, "set-affinity", json!({"device": device, "irq": 27, "cpus": [1, 0]})),
        request(16, "set-coalesce", json!({"device": device, "parameters": {"rx-usecs": 49, "adaptive-tx": false}})),
        request(17, "show-buffers", json!({"device": device, "on": true, "confirmed": true})),
        request(18, "read", json!({"device": device, "what": "buffer:tx:1:4095"})),
        request(19, "traffic", damaged),
        request(20, "set-driver", json!({"device": device, "driver": "igb"})),
        request(21, "set-driver", json!({"device": device, "driver": null})),
        request(22, "reset-device", json!({"device": device, "confirmed": true})),
        request(23, "set-mtu", json!({"mtu": 9000})),
        request(24, "crash", json!({"confirmed": false})),
        request(u32::MAX, "cost", json!({})),
    ]
}

fn replies() -> Vec<Vec<u8>> {
    let refusal = Refusal::new(ErrorCode::NoPermission, "The kernel refused to load the module.")
        .with_remedy("Run the agent as root.");
    let plain = Refusal::new(ErrorCode::HelloFirst, "The first request must be hello.");
    let asking = Refusal::new(ErrorCode::NeedsConfirmation, "eth0 carries the default route through 192.0.2.254.")
        .with_remedy("Confirm to take it nevertheless.");
    [Ok(()), Err(refusal), Err(plain), Err(asking)]
        .into_iter()
        .map(|outcome| Reply { id: 7, outcome }.payload())
        .collect()
}

fn device() -> Device {
    Device {
        pci_address: "0000:01:00.0".into(),
        vendor_id: 0x8086,
        device_id: 0x10c9,
        driver: Some("rigb".into()),
        interface: Some("eth0".into()),
        mac: Some("52:54:00:12:34:56".into()),
        mtu: Some(1500),
        carrier: Some(true),
        operational_state: Some("up".into()),
        speed_mbps: Some(1000),
        duplex: Some("full"),
        administrative_up: Some(true),
        rings: vec![RingName { kind: RingKind::Rx, index: 0 }, RingName { kind: RingKind::Tx, index: 0 }],
        holds: vec![],
    }
}

fn events() -> Vec<Event> {
    let driverless = Device {
        pci_address: "0000:02:00.0".into(),
        driver: None,
        interface: None,
        mac: None,
        mtu: None,
        carrier: None,
        operational_state: None,
        speed_mbps: None,
        duplex: None,
        administrative_up: None,
        rings: vec![],
        holds: vec![Hold { what: Dependent::Ssh, detail: "The ssh connection of 192.0.2.9 goes through eth0.".into() }],
        ..device()
    };
    let vector = Vector {
        irq: "29".into(),
        name: "eth0-rx-0".into(),
        chip: "PCI-MSIX-0000:01:00.0".into(),
        device: Some("0000:01:00.0".into()),
    };
    let bare = Vector { irq: "NMI".into(), name: "Non-maskable interrupts".into(), chip: String::new(), device: None };
    let thread =
        Counter { source: "ksoftirqd", interface: String::new(), name: "ksoftirqd/1".into(), unit: "nanoseconds" };
    let counter = Counter { source: "netdev", interface: "eth0".into(), name: "rx_packets".into(), unit: "packets" };
    vec![
        Event::Hello(Hello {
            role: Role::Change,
            protocol: PROTOCOL_VERSION,
            agent: "0.1.0".into(),
            kernel: "7.3.4+deb13-amd64".into(),
            architecture: "x86_64".into(),
            boot_time_unix_ns: "1795521876000000001".into(),
            cpus: vec![0, 1],
            capabilities: vec!["module", "kmsg"],
            missing: vec![CapabilityMissing { capability: "mark", reason: "/dev/kmsg is read-only".into() }],
            module: ModuleIdentity {
                name: "rigb",
                path: "/usr/lib/ringscope/rigb.ko".into(),
                digest: Some("ab".repeat(32)),
                version: None,
            },
        }),
        Event::Module(Module {
            name: "rigb",
            state: ModuleState::Live,
            version: Some("0.1.0".into()),
            size_bytes: Some(98_304),
            reference_count: Some(0),
            error: None,
        }),
        Event::Devices { devices: vec![device(), driverless] },
        Event::Table(Table {
            table_id: 7,
            cpus: vec![0, 1],
            vectors: vec![vector, bare],
            softirqs: vec!["NET_RX".into()],
            counters: vec![counter, thread],
        }),
        Event::Traffic(TrafficState {
            available: true,
            reason: None,
            running: true,
            direction: Direction::Receive,
            frames_per_second: 1000,
            frame_bytes: 60,
            flows: 254,
            burst: 1,
            damage: Some(Damage::IpChecksum),
            sent_frames: 12_345,
            source: Some("pktgen on the link partner".into()),
        }),
        Event::Cost(Cost {
            interval_ns: 1_000_000_000,
            cpu_ns: 5_000_000,
            cpu_percent: 0.5,
            wakeups: 12,
            bytes_sent: 20_480,
            mmio_reads_per_second: 68.0,
            samples_lost: 0,
        }),
        Event::Notice(Notice {
            severity: Severity::Warning,
            code: "bad-json".into(),
            text: "A control message is no JSON.".into(),
        }),
        Event::Taken {
            devices: vec![
                TakenDevice {
                    device: "0000:01:00.0".into(),
                    previous_driver: Some("igb".into()),
                    previous_interface: Some("eth0".into()),
                    addresses: vec!["192.0.2.1/24".into(), "2001:db8::1/64".into()],
                },
                TakenDevice {
                    device: "0000:02:00.0".into(),
                    previous_driver: None,
                    previous_interface: None,
                    addresses: vec![],
                },
            ],
        },
        Event::Observation(Box::new(observation())),
        Event::Observation(Box::new(bare_observation())),
        Event::Partner(Partner {
            device: Some("0000:02:00.0".into()),
            interface: Some("eth1".into()),
            mac: Some("52:54:00:00:00:02".into()),
            mtu: Some(1500),
            carrier: Some(true),
            administrative_up: Some(true),
        }),
        Event::Partner(Partner::default()),
    ]
}

fn observation() -> Observation {
    let queue = |kind| Queue { kind, id: 0, napi_id: Some(8193) };
    Observation {
        device: "0000:01:00.0".into(),
        time_ns: "123456789012345".into(),
        queues: Listed { items: vec![queue(RingKind::Rx), queue(RingKind::Tx)], reason: None },
        napis: Listed { items: vec![Napi { id: 8193, irq: Some(27), threaded: Some(false) }], reason: None },
        queue_statistics: Listed {
            items: vec![QueueStatistics {
                kind: RingKind::Rx,
                id: 0,
                values: [("rx-packets", 12), ("rx-bytes", 720)].into(),
            }],
            reason: None,
        },
        ethtool_statistics: Listed { items: vec![NamedValue { name: "rx_packets".into(), value: 12 }], reason: None },
        rings: Offered { values: Some(RingSizes { rx: 256, rx_max: 4096, tx: 256, tx_max: 4096 }), reason: None },
        channels: Offered {
            values: Some(Channels { other: 1, combined: 2, other_max: 1, combined_max: 8, ..Channels::default() }),
            reason: None,
        },
        coalesce: Offered { values: Some([("rx-usecs", 3)].into()), reason: None },
        affinity: Listed {
            items: vec![
                Affinity { irq: 26, cpus: "0-1".into(), effective: Some("1".into()) },
                Affinity { irq: 27, cpus: "0".into(), effective: None },
            ],
            reason: None,
        },
        link: Offered {
            values: Some(LinkSettings {
                autonegotiation: true,
                speed_mbps: Some(1000),
                duplex: Some("full"),
                port: Some("twisted pair"),
            }),
            reason: None,
        },
        rss: Offered {
            values: Some(Rss {
                indirection: vec![0, 1, 0, 1],
                key: Some("6d5a".repeat(20)),
                hash_function: Some("toeplitz"),
            }),
            reason: None,
        },
        byte_queue_limits: Listed { items: vec![ByteQueueLimit { id: 0, limit: 3028, inflight: 1514 }], reason: None },
        page_pools: Listed {
            items: vec![PagePool {
                id: 5,
                napi_id: Some(8193),
                inflight: Some(256),
                inflight_bytes: Some(1 << 20),
                values: [("alloc-fast", 1000), ("recycle-cached", 990)].into(),
            }],
            reason: None,
        },
        driver_information: Offered {
            values: Some(DriverInformation {
                driver: Some("igb".into()),
                version: Some("7.3.4".into()),
                firmware: None,
            }),
            reason: None,
        },
        pcie: Pcie {
            speed: Some("2.5 GT/s PCIe".into()),
            width: Some(4),
            max_speed: Some("2.5 GT/s PCIe".into()),
            max_width: Some(4),
            numa_node: Some(0),
            msi_vectors: vec![26, 27],
            aer: Some(AerCounts { correctable: 1, nonfatal: 0, fatal: 0 }),
        },
    }
}

fn bare_observation() -> Observation {
    let reason = "0000:02:00.0 has no interface here.";
    Observation {
        device: "0000:02:00.0".into(),
        time_ns: "0".into(),
        queues: Listed::absent(reason),
        napis: Listed::absent(reason),
        queue_statistics: Listed::absent(reason),
        ethtool_statistics: Listed::absent(reason),
        rings: Offered::absent(reason),
        channels: Offered::absent(reason),
        coalesce: Offered::absent(reason),
        affinity: Listed::absent("0000:02:00.0 has no message-signalled interrupts."),
        link: Offered::absent(reason),
        rss: Offered::absent(reason),
        byte_queue_limits: Listed::absent(reason),
        page_pools: Listed::absent(reason),
        driver_information: Offered::absent(reason),
        pcie: Pcie::default(),
    }
}

pub fn frames() -> Vec<Golden> {
    let events: Vec<_> = events().iter().map(Event::payload).collect();
    vec![
        golden("requests.bin", "a request of every verb of the agent", "client", &requests()),
        golden("replies.bin", "replies that accept and refuse", "server", &replies()),
        golden("events.bin", "an event of every type of the agent", "server", &events),
    ]
}
