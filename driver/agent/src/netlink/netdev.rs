// SPDX-License-Identifier: MIT OR Apache-2.0
//! The family `netdev`: which NAPI serves which queue by which interrupt, and counters of queues. See the kernel's Documentation/netlink/specs/netdev.yaml.

use super::generic::{Family, GenericSocket};
use super::message::{attributes, push_attribute, u32_at, unsigned};
use ringscope_wire::control::{Napi, Queue, QueueStatistics, RingKind};
use rustix::io::Errno;
use std::collections::BTreeMap;

const QUEUE_GET: u8 = 10;
const NAPI_GET: u8 = 11;
const QSTATS_GET: u8 = 12;

const QUEUE_ID: u16 = 1;
const QUEUE_IFINDEX: u16 = 2;
const QUEUE_TYPE: u16 = 3;
const QUEUE_NAPI_ID: u16 = 4;

const NAPI_IFINDEX: u16 = 1;
const NAPI_ID: u16 = 2;
const NAPI_IRQ: u16 = 3;
const NAPI_PID: u16 = 4;
const NAPI_THREADED: u16 = 8;

const QSTATS_IFINDEX: u16 = 1;
const QSTATS_QUEUE_TYPE: u16 = 2;
const QSTATS_QUEUE_ID: u16 = 3;
const QSTATS_SCOPE: u16 = 4;
const SCOPE_QUEUE: u64 = 1;
/// Attributes from 8 on, by the names of the specification.
const FIRST_COUNTER: u16 = 8;
const COUNTERS: [&str; 27] = [
    "rx-packets",
    "rx-bytes",
    "tx-packets",
    "tx-bytes",
    "rx-alloc-fail",
    "rx-hw-drops",
    "rx-hw-drop-overruns",
    "rx-csum-complete",
    "rx-csum-unnecessary",
    "rx-csum-none",
    "rx-csum-bad",
    "rx-hw-gro-packets",
    "rx-hw-gro-bytes",
    "rx-hw-gro-wire-packets",
    "rx-hw-gro-wire-bytes",
    "rx-hw-drop-ratelimits",
    "tx-hw-drops",
    "tx-hw-drop-errors",
    "tx-csum-none",
    "tx-needs-csum",
    "tx-hw-gso-packets",
    "tx-hw-gso-bytes",
    "tx-hw-gso-wire-packets",
    "tx-hw-gso-wire-bytes",
    "tx-hw-drop-ratelimits",
    "tx-stop",
    "tx-wake",
];

fn kind(content: &[u8]) -> Option<RingKind> {
    match u32_at(content, 0)? {
        0 => Some(RingKind::Rx),
        1 => Some(RingKind::Tx),
        _ => None,
    }
}

fn read_queue(body: &[u8], index: u32) -> Option<Queue> {
    let (mut of, mut id, mut ring, mut napi_id) = (None, None, None, None);
    for (attribute, content) in attributes(body) {
        match attribute {
            QUEUE_IFINDEX => of = u32_at(content, 0),
            QUEUE_ID => id = u32_at(content, 0),
            QUEUE_TYPE => ring = kind(content),
            QUEUE_NAPI_ID => napi_id = u32_at(content, 0),
            _ => {}
        }
    }
    (of == Some(index)).then_some(Queue { kind: ring?, id: id?, napi_id })
}

fn read_napi(body: &[u8], index: u32) -> Option<Napi> {
    let (mut of, mut id, mut irq, mut threaded, mut has_thread) = (None, None, None, None, false);
    for (attribute, content) in attributes(body) {
        match attribute {
            NAPI_IFINDEX => of = u32_at(content, 0),
            NAPI_ID => id = u32_at(content, 0),
            NAPI_IRQ => irq = u32_at(content, 0),
            NAPI_PID => has_thread = true,
            NAPI_THREADED => threaded = unsigned(content).map(|value| value != 0),
            _ => {}
        }
    }
    // Before the kernel told it outright, a thread's number was there for a NAPI that had one.
    let threaded = threaded.or(has_thread.then_some(true));
    (of == Some(index)).then_some(Napi { id: id?, irq, threaded })
}

fn read_statistics(body: &[u8], index: u32) -> Option<QueueStatistics> {
    let (mut of, mut id, mut ring, mut values) = (None, None, None, BTreeMap::new());
    for (attribute, content) in attributes(body) {
        match attribute {
            QSTATS_IFINDEX => of = u32_at(content, 0),
            QSTATS_QUEUE_ID => id = u32_at(content, 0),
            QSTATS_QUEUE_TYPE => ring = kind(content),
            counter => {
                let name = counter.checked_sub(FIRST_COUNTER).and_then(|place| COUNTERS.get(usize::from(place)));
                values.extend(name.zip(unsigned(content)).map(|(name, value)| (*name, value)));
            }
        }
    }
    (of == Some(index)).then_some(QueueStatistics { kind: ring?, id: id?, values })
}

fn of_interface(attribute: u16, index: u32) -> Vec<u8> {
    let mut request = Vec::new();
    push_attribute(&mut request, attribute, &index.to_ne_bytes());
    request
}

/// The queues of an interface that is up, receive before transmit.
pub fn queues(socket: &mut GenericSocket, family: Family, index: u32) -> Result<Vec<Queue>, Errno> {
    let mut found = Vec::new();
    let request = of_interface(QUEUE_IFINDEX, index);
    socket.dump(family, QUEUE_GET, &request, |body| found.extend(read_queue(body, index)))?;
    found.sort();
    Ok(found)
}

/// The NAPIs of an interface that is up, oldest first.
pub fn napis(socket: &mut GenericSocket, family: Family, index: u32) -> Result<Vec<Napi>, Errno> {
    let mut found = Vec::new();
    let request = of_interface(NAPI_IFINDEX, index);
    socket.dump(family, NAPI_GET, &request, |body| found.extend(read_napi(body, index)))?;
    found.sort_by_key(|napi| napi.id);
    Ok(found)
}

/// The counters of an interface's queues; EOPNOTSUPP if its driver counts none.
pub fn queue_statistics(socket: &mut GenericSocket, family: Family, index: u32) -> Result<Vec<QueueStatistics>, Errno> {
    let mut found = Vec::new();
    let mut request = of_interface(QSTATS_IFINDEX, index);
    push_attribute(&mut request, QSTATS_SCOPE, &(SCOPE_QUEUE as u32).to_ne_bytes());
    socket.dump(family, QSTATS_GET, &request, |body| found.extend(read_statistics(body, index)))?;
    found.sort_by_key(|one: &QueueStatistics| (one.kind, one.id));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(pairs: &[(u16, u32)]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, value) in pairs {
            push_attribute(&mut body, *kind, &value.to_ne_bytes());
        }
        body
    }

    #[test]
    fn a_queue_is_read_with_its_napi_and_only_of_the_interface_asked_for() {
        let body = numbers(&[(QUEUE_ID, 1), (QUEUE_TYPE, 1), (QUEUE_NAPI_ID, 8193), (QUEUE_IFINDEX, 3)]);
        assert_eq!(read_queue(&body, 3), Some(Queue { kind: RingKind::Tx, id: 1, napi_id: Some(8193) }));
        assert_eq!(read_queue(&body, 4), None);
        assert_eq!(read_queue(&numbers(&[(QUEUE_ID, 1), (QUEUE_TYPE, 7), (QUEUE_IFINDEX, 3)]), 3), None);
    }

    #[test]
    fn a_napi_is_threaded_if_the_kernel_says_so_or_names_its_thread() {
        let of = |pairs: &[(u16, u32)]| read_napi(&numbers(&[&[(NAPI_IFINDEX, 3), (NAPI_ID, 8)], pairs].concat()), 3);
        assert_eq!(of(&[]), Some(Napi { id: 8, irq: None, threaded: None }));
        assert_eq!(
            of(&[(NAPI_IRQ, 27), (NAPI_THREADED, 0)]),
            Some(Napi { id: 8, irq: Some(27), threaded: Some(false) })
        );
        assert_eq!(of(&[(NAPI_PID, 99)]).and_then(|napi| napi.threaded), Some(true));
    }

    #[test]
    fn counters_have_the_names_of_the_specification_and_either_width() {
        let mut body = numbers(&[(QSTATS_IFINDEX, 3), (QSTATS_QUEUE_TYPE, 0), (QSTATS_QUEUE_ID, 2), (8, 7), (200, 1)]);
        push_attribute(&mut body, 34, &(1_u64 << 40).to_ne_bytes());
        let read = read_statistics(&body, 3).expect("it is complete");
        assert_eq!((read.kind, read.id), (RingKind::Rx, 2));
        assert_eq!(read.values, [("rx-packets", 7), ("tx-wake", 1 << 40)].into());
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_reading_gives_something_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..120), index in any::<u32>()) {
            let _ = (read_queue(&bytes, index), read_napi(&bytes, index), read_statistics(&bytes, index));
        }

        #[test]
        fn a_cut_message_gives_no_wrong_queue(kept in 0..32_usize) {
            let body = numbers(&[(QUEUE_IFINDEX, 3), (QUEUE_ID, 1), (QUEUE_TYPE, 1), (QUEUE_NAPI_ID, 8193)]);
            let read = read_queue(&body[..kept], 3);
            let without_napi = Queue { kind: RingKind::Tx, id: 1, napi_id: None };
            prop_assert!(read.is_none() || read == Some(without_napi));
        }
    }
}
