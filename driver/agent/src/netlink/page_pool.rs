// SPDX-License-Identifier: MIT OR Apache-2.0
//! The family `netdev`: the page pools that drivers take receive buffers from. The kernel's memory only: no driver is asked.

use super::generic::{Family, GenericSocket};
use super::message::{attributes, u32_at, unsigned};
use ringscope_wire::control::PagePool;
use rustix::io::Errno;
use std::collections::BTreeMap;

const POOL_GET: u8 = 5;
const STATISTICS_GET: u8 = 9;

const POOL_ID: u16 = 1;
const POOL_IFINDEX: u16 = 2;
const POOL_NAPI_ID: u16 = 3;
const POOL_INFLIGHT: u16 = 4;
const POOL_INFLIGHT_BYTES: u16 = 5;

const STATISTICS_INFO: u16 = 1;
/// Attributes from 8 on, by the names of the specification.
const FIRST_COUNTER: u16 = 8;
const COUNTERS: [&str; 11] = [
    "alloc-fast",
    "alloc-slow",
    "alloc-slow-high-order",
    "alloc-empty",
    "alloc-refill",
    "alloc-waive",
    "recycle-cached",
    "recycle-cache-full",
    "recycle-ring",
    "recycle-ring-full",
    "recycle-released-refcnt",
];

fn read_pool(body: &[u8], index: u32) -> Option<PagePool> {
    let (mut of, mut id, mut napi_id, mut inflight, mut inflight_bytes) = (None, None, None, None, None);
    for (attribute, content) in attributes(body) {
        match attribute {
            POOL_IFINDEX => of = u32_at(content, 0),
            POOL_ID => id = unsigned(content),
            POOL_NAPI_ID => napi_id = unsigned(content),
            POOL_INFLIGHT => inflight = unsigned(content),
            POOL_INFLIGHT_BYTES => inflight_bytes = unsigned(content),
            _ => {}
        }
    }
    (of == Some(index)).then_some(PagePool { id: id?, napi_id, inflight, inflight_bytes, values: BTreeMap::new() })
}

/// The pool's number, and what it counted.
fn read_statistics(body: &[u8]) -> Option<(u64, BTreeMap<&'static str, u64>)> {
    let (mut id, mut values) = (None, BTreeMap::new());
    for (attribute, content) in attributes(body) {
        if attribute == STATISTICS_INFO {
            id = attributes(content).find(|(kind, _)| *kind == POOL_ID).and_then(|(_, content)| unsigned(content));
        } else {
            let name = attribute.checked_sub(FIRST_COUNTER).and_then(|place| COUNTERS.get(usize::from(place)));
            values.extend(name.zip(unsigned(content)).map(|(name, value)| (*name, value)));
        }
    }
    id.map(|id| (id, values))
}

/// The pools of an interface, oldest first, and why they have no counters if the kernel keeps none.
pub fn page_pools(
    socket: &mut GenericSocket,
    family: Family,
    index: u32,
) -> Result<(Vec<PagePool>, Option<Errno>), Errno> {
    let mut pools = Vec::new();
    socket.dump(family, POOL_GET, &[], |body| pools.extend(read_pool(body, index)))?;
    pools.sort_by_key(|pool| pool.id);
    if pools.is_empty() {
        return Ok((pools, None));
    }
    let counted = socket.dump(family, STATISTICS_GET, &[], |body| {
        let Some((id, values)) = read_statistics(body) else { return };
        if let Some(pool) = pools.iter_mut().find(|pool| pool.id == id) {
            pool.values = values;
        }
    });
    Ok((pools, counted.err()))
}

#[cfg(test)]
mod tests {
    use super::super::message::{NESTED, push_attribute};
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
    fn a_pool_is_read_only_of_the_interface_asked_for_and_need_not_have_a_napi() {
        let body = numbers(&[(POOL_ID, 7), (POOL_IFINDEX, 3), (POOL_INFLIGHT, 256), (POOL_INFLIGHT_BYTES, 1 << 20)]);
        let pool = PagePool {
            id: 7,
            napi_id: None,
            inflight: Some(256),
            inflight_bytes: Some(1 << 20),
            values: BTreeMap::new(),
        };
        assert_eq!(read_pool(&body, 3), Some(pool));
        assert_eq!(read_pool(&body, 4), None);
    }

    #[test]
    fn counters_belong_to_the_pool_that_is_named_within() {
        let mut body = Vec::new();
        push_attribute(&mut body, STATISTICS_INFO | NESTED, &numbers(&[(POOL_ID, 7), (POOL_IFINDEX, 3)]));
        body.extend(numbers(&[(8, 100), (18, 2), (99, 1)]));
        assert_eq!(read_statistics(&body), Some((7, [("alloc-fast", 100), ("recycle-released-refcnt", 2)].into())));
        assert_eq!(read_statistics(&numbers(&[(8, 100)])), None);
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_reading_gives_something_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..120), index in any::<u32>()) {
            let _ = (read_pool(&bytes, index), read_statistics(&bytes));
        }
    }
}
