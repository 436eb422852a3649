// SPDX-License-Identifier: MIT OR Apache-2.0
//! RTM_GETROUTE and RTM_NEWROUTE. A route is kept as the kernel's own message, so that putting it back loses neither metrics nor source.

use super::addresses::ip;
use super::message::{ACKNOWLEDGE, CREATE, DUMP, EXCLUSIVE, attributes, push_attribute, u16_at, u32_at};
use super::socket::RequestSocket;
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

const RTM_NEWROUTE: u16 = 24;
const RTM_GETROUTE: u16 = 26;
const MESSAGE_BYTES: usize = 12;
const INET: u8 = 2;
const INET6: u8 = 10;
const RTA_DST: u16 = 1;
const RTA_OIF: u16 = 4;
const RTA_GATEWAY: u16 = 5;
const RTA_MULTIPATH: u16 = 9;
const RTA_CACHEINFO: u16 = 12;
const RTA_TABLE: u16 = 15;
const RTA_EXPIRES: u16 = 23;
/// Clock ticks of `struct rta_cacheinfo` a second.
const USER_HZ: u32 = 100;
/// Destination, source, interface, gateway, priority, preferred source, metrics, several next hops, realm, table, `via`, preference, encapsulation, expiry.
const KEPT: [u16; 15] =
    [RTA_DST, 2, RTA_OIF, RTA_GATEWAY, 6, 7, 8, RTA_MULTIPATH, 11, RTA_TABLE, 18, 20, 21, 22, RTA_EXPIRES];
const TABLE_LOCAL: u32 = 255;
const PROTOCOL_KERNEL: u8 = 2;
const TYPE_UNICAST: u8 = 1;
const FLAG_CLONED: u32 = 0x200;
const FLAG_ON_LINK: u32 = 4;
/// `struct rtnexthop`: `u16 length | u8 flags | u8 hops | u32 interface`, then attributes.
const NEXT_HOP_BYTES: usize = 8;

/// A route through an interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// In words, `default via 192.0.2.254`.
    pub text: String,
    /// The gateway, if there is one.
    pub gateway: Option<IpAddr>,
    /// Whether it leads to everywhere.
    pub is_default: bool,
    /// The interface that it goes through.
    pub index: u32,
    /// `struct rtmsg` with the attributes that are kept.
    message: Vec<u8>,
}

/// The next hops of a route with several, as place of the interface's number, and that number.
fn next_hops(content: &[u8]) -> impl Iterator<Item = (usize, u32)> + '_ {
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        let length = usize::from(u16_at(content, at)?);
        let index = u32_at(content, at + 4)?;
        let place = at + 4;
        at += length.max(NEXT_HOP_BYTES).next_multiple_of(4);
        Some((place, index))
    })
}

/// Reads a message of RTM_GETROUTE's answer. Routes that the kernel makes for addresses by itself are none.
fn read_route(body: &[u8]) -> Option<Route> {
    let (&family, &length, &table) = (body.first()?, body.get(1)?, body.get(4)?);
    let (&protocol, &kind) = (body.get(5)?, body.get(7)?);
    let flags = u32_at(body, 8)?;
    let mut message = body.get(..8)?.to_vec();
    message.extend_from_slice(&(flags & FLAG_ON_LINK).to_ne_bytes());
    let (mut table, mut index, mut gateway, mut destination) = (u32::from(table), None, None, None);
    let mut expires = None;
    for (kind, content) in attributes(body.get(MESSAGE_BYTES..)?) {
        match kind {
            RTA_TABLE => table = u32_at(content, 0).unwrap_or(table),
            RTA_OIF => index = u32_at(content, 0),
            RTA_GATEWAY => gateway = ip(content),
            RTA_DST => destination = ip(content),
            // What a router announced ends after a time, which the kernel tells in another attribute than it takes.
            RTA_CACHEINFO if family == INET6 => expires = u32_at(content, 8).filter(|ticks| *ticks as i32 > 0),
            RTA_MULTIPATH => index = index.or_else(|| next_hops(content).next().map(|(_, index)| index)),
            _ => {}
        }
        if KEPT.contains(&kind) {
            push_attribute(&mut message, kind, content);
        }
    }
    if let Some(ticks) = expires {
        push_attribute(&mut message, RTA_EXPIRES, &(ticks / USER_HZ).max(1).to_ne_bytes());
    }
    let is_made_by_kernel = protocol == PROTOCOL_KERNEL || table == TABLE_LOCAL || flags & FLAG_CLONED != 0;
    if is_made_by_kernel || kind != TYPE_UNICAST || !matches!(family, INET | INET6) {
        return None;
    }
    let is_default = length == 0;
    let to = match destination {
        Some(destination) if !is_default => format!("{destination}/{length}"),
        _ => "default".to_owned(),
    };
    let text = gateway.map_or_else(|| to.clone(), |gateway| format!("{to} via {gateway}"));
    Some(Route { text, gateway, is_default, index: index?, message })
}

/// All routes of both families and all tables, but not those that the kernel makes by itself.
pub fn routes(socket: &mut RequestSocket) -> Result<Vec<Route>, Errno> {
    let mut found = Vec::new();
    for family in [INET, INET6] {
        let mut body = [0; MESSAGE_BYTES];
        body[0] = family;
        let asked = socket.ask(RTM_GETROUTE, DUMP, &body, |message| {
            if message.kind == RTM_NEWROUTE {
                found.extend(read_route(message.body));
            }
        });
        match asked {
            // A kernel without IPv6 has no routes of it.
            Err(Errno::OPNOTSUPP | Errno::AFNOSUPPORT) if family == INET6 => {}
            other => other?,
        }
    }
    Ok(found)
}

/// The number of the interface through which an address is reached.
pub fn is_reached_through(socket: &mut RequestSocket, address: IpAddr) -> Result<Option<u32>, Errno> {
    let mut body = vec![0; MESSAGE_BYTES];
    match address {
        IpAddr::V4(four) => {
            body[..2].copy_from_slice(&[INET, 32]);
            push_attribute(&mut body, RTA_DST, &four.octets());
        }
        IpAddr::V6(six) => {
            body[..2].copy_from_slice(&[INET6, 128]);
            push_attribute(&mut body, RTA_DST, &six.octets());
        }
    }
    let mut index = None;
    socket.ask(RTM_GETROUTE, 0, &body, |message| {
        let all = attributes(message.body.get(MESSAGE_BYTES..).unwrap_or_default());
        index = all.filter(|(kind, _)| *kind == RTA_OIF).find_map(|(_, content)| u32_at(content, 0));
    })?;
    Ok(index)
}

impl Route {
    /// Whether it goes through an interface, also as one of several ways.
    pub fn goes_through(&self, index: u32) -> bool {
        let all = attributes(self.message.get(MESSAGE_BYTES..).unwrap_or_default());
        self.index == index
            || all
                .filter(|(kind, _)| *kind == RTA_MULTIPATH)
                .any(|(_, hops)| next_hops(hops).any(|(_, of)| of == index))
    }

    /// The message with one interface's number instead of another's.
    fn message_for(&self, from: u32, to: u32) -> Vec<u8> {
        let mut body = self.message.get(..MESSAGE_BYTES).unwrap_or(&[0; MESSAGE_BYTES]).to_vec();
        for (kind, content) in attributes(self.message.get(MESSAGE_BYTES..).unwrap_or_default()) {
            let mut content = content.to_vec();
            let places: Vec<_> = match kind {
                RTA_OIF => u32_at(&content, 0).map(|index| (0, index)).into_iter().collect(),
                RTA_MULTIPATH => next_hops(&content).collect(),
                _ => Vec::new(),
            };
            for (place, _) in places.iter().filter(|(_, index)| *index == from) {
                if let Some(number) = content.get_mut(*place..place + 4) {
                    number.copy_from_slice(&to.to_ne_bytes());
                }
            }
            push_attribute(&mut body, kind, &content);
        }
        body
    }

    /// Makes the route go through interface `to` as it went through `from`. Another route to the same place is left as it is. Needs CAP_NET_ADMIN.
    pub fn put(&self, socket: &mut RequestSocket, from: u32, to: u32) -> Result<(), Errno> {
        // IPv6 may have routes of one metric through several interfaces, as routers announce them; IPv4 would give up the other one.
        let exclusive = if self.message.first() == Some(&INET6) { 0 } else { EXCLUSIVE };
        match socket.ask(RTM_NEWROUTE, ACKNOWLEDGE | CREATE | exclusive, &self.message_for(from, to), |_| {}) {
            Err(Errno::EXIST) => Ok(()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(protocol: u8, length: u8) -> Vec<u8> {
        let mut body = vec![INET, length, 0, 0, 254, protocol, 0, TYPE_UNICAST, 0x10, 0, 0, 0];
        push_attribute(&mut body, RTA_TABLE, &254_u32.to_ne_bytes());
        push_attribute(&mut body, RTA_DST, &[198, 51, 100, 0]);
        push_attribute(&mut body, RTA_GATEWAY, &[192, 0, 2, 254]);
        push_attribute(&mut body, RTA_OIF, &3_u32.to_ne_bytes());
        push_attribute(&mut body, 12, &[0; 32]);
        body
    }

    fn two_ways() -> Vec<u8> {
        let mut hops = Vec::new();
        for index in [3_u32, 4] {
            let mut hop = vec![16, 0, 0, 0];
            hop.extend_from_slice(&index.to_ne_bytes());
            push_attribute(&mut hop, RTA_GATEWAY, &[192, 0, 2, 254]);
            hops.extend(hop);
        }
        let mut body = vec![INET, 0, 0, 0, 254, 4, 0, TYPE_UNICAST, 0, 0, 0, 0];
        push_attribute(&mut body, RTA_MULTIPATH, &hops);
        body
    }

    #[test]
    fn a_route_is_told_in_words_and_goes_through_another_interface_as_it_was() {
        let route = read_route(&body(4, 24)).expect("it is a route");
        assert_eq!((route.text.as_str(), route.index, route.is_default), ("198.51.100.0/24 via 192.0.2.254", 3, false));
        let moved = read_route(&route.message_for(3, 9)).expect("it is still one");
        assert_eq!((moved.index, &moved.text), (9, &route.text));
        assert_eq!(u32_at(&route.message, 8), Some(0), "the flag of a link without carrier is not put back");
        assert!(read_route(&body(4, 0)).expect("it is a route").is_default);
    }

    #[test]
    fn routes_that_the_kernel_makes_are_left_to_it() {
        assert_eq!(read_route(&body(PROTOCOL_KERNEL, 24)), None);
    }

    #[test]
    fn a_route_that_a_router_announced_still_ends_after_its_time() {
        let mut body = vec![INET6, 0, 0, 0, 254, 9, 0, TYPE_UNICAST, 0, 0, 0, 0];
        push_attribute(&mut body, RTA_OIF, &3_u32.to_ne_bytes());
        let kinds = |body: &[u8]| {
            let route = read_route(body).expect("it is a route");
            let kept = attributes(&route.message[MESSAGE_BYTES..]);
            kept.map(|(kind, content)| (kind, u32_at(content, 0))).collect::<Vec<_>>()
        };
        let lasting = [body.clone(), {
            push_attribute(&mut body, RTA_CACHEINFO, &[0; 32]);
            body.clone()
        }];
        assert!(lasting.iter().all(|body| kinds(body) == [(RTA_OIF, Some(3))]));
        let mut information = [0; 32];
        information[8..12].copy_from_slice(&179_950_u32.to_ne_bytes());
        push_attribute(&mut body, RTA_CACHEINFO, &information);
        assert_eq!(kinds(&body), [(RTA_OIF, Some(3)), (RTA_EXPIRES, Some(1799))]);
    }

    #[test]
    fn a_route_with_two_ways_keeps_the_other_one() {
        let route = read_route(&two_ways()).expect("it is a route");
        assert!(route.goes_through(3) && route.goes_through(4) && !route.goes_through(5));
        let moved = read_route(&route.message_for(3, 9)).expect("it is still one");
        assert!(moved.goes_through(9) && moved.goes_through(4) && !moved.goes_through(3));
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_reading_gives_a_route_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..160), at in 0..60_usize, value in any::<u8>()) {
            let _ = read_route(&bytes);
            for mut body in [body(4, 24), two_ways()] {
                let at = at.min(body.len() - 1);
                body[at] = value;
                if let Some(route) = read_route(&body) {
                    let _ = route.message_for(3, 9);
                    let _ = route.goes_through(3);
                }
                let _ = read_route(&body[..at]);
            }
        }
    }
}
