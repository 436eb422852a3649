// SPDX-License-Identifier: MIT OR Apache-2.0
//! RTM_GETLINK without statistics (they would cost a card's driver register reads), RTM_NEWLINK for the administrative state.

use super::message::{ACKNOWLEDGE, DUMP, attributes, push_attribute, u16_at, u32_at};
use super::socket::RequestSocket;
use rustix::io::Errno;

const RTM_NEWLINK: u16 = 16;
const RTM_GETLINK: u16 = 18;
const IFLA_ADDRESS: u16 = 1;
const IFLA_IFNAME: u16 = 3;
const IFLA_MTU: u16 = 4;
const IFLA_EXT_MASK: u16 = 29;
const IFLA_CARRIER: u16 = 33;
const IFLA_PARENT_DEV_NAME: u16 = 56;
const RTEXT_FILTER_SKIP_STATS: u32 = 1 << 3;
const IFF_UP: u32 = 1;
const ARPHRD_ETHER: u16 = 1;
const INTERFACE_BYTES: usize = 16;

/// A network interface of a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub index: u32,
    /// Its name.
    pub name: String,
    /// Whether it is Ethernet.
    pub is_ethernet: bool,
    /// Its hardware address, `52:54:00:12:34:56`.
    pub mac: String,
    /// Whether it is administratively up.
    pub is_up: bool,
    /// Bytes.
    pub mtu: u32,
    /// Whether the cable carries a signal; `None` while it is down.
    pub carrier: Option<bool>,
    /// The device that it belongs to, a PCI address for a PCI function.
    pub parent: Option<String>,
}

/// `struct ifinfomsg`.
fn interface_message(index: u32, flags: u32, change: u32) -> Vec<u8> {
    let mut body = vec![0; 4];
    for word in [index, flags, change] {
        body.extend_from_slice(&word.to_ne_bytes());
    }
    body
}

fn read_link(body: &[u8]) -> Option<Link> {
    let mut link = Link {
        index: u32_at(body, 4)?,
        name: String::new(),
        is_ethernet: u16_at(body, 2)? == ARPHRD_ETHER,
        mac: String::new(),
        is_up: u32_at(body, 8)? & IFF_UP != 0,
        mtu: 0,
        carrier: None,
        parent: None,
    };
    for (kind, content) in attributes(body.get(INTERFACE_BYTES..)?) {
        match kind {
            IFLA_IFNAME => link.name = String::from_utf8_lossy(content).trim_end_matches('\0').to_owned(),
            IFLA_ADDRESS => {
                link.mac = content.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":");
            }
            // As in sysfs, an interface that is down tells of none.
            IFLA_CARRIER if link.is_up => link.carrier = content.first().map(|carrier| *carrier != 0),
            IFLA_PARENT_DEV_NAME => {
                link.parent = Some(String::from_utf8_lossy(content).trim_end_matches('\0').to_owned());
            }
            IFLA_MTU => link.mtu = u32_at(content, 0).unwrap_or(0),
            _ => {}
        }
    }
    Some(link)
}

/// All interfaces of the socket's namespace.
pub fn links(socket: &mut RequestSocket) -> Result<Vec<Link>, Errno> {
    let mut body = interface_message(0, 0, 0);
    body.extend_from_slice(&8_u16.to_ne_bytes());
    body.extend_from_slice(&IFLA_EXT_MASK.to_ne_bytes());
    body.extend_from_slice(&RTEXT_FILTER_SKIP_STATS.to_ne_bytes());
    let mut links = Vec::new();
    socket.ask(RTM_GETLINK, DUMP, &body, |message| {
        if message.kind == RTM_NEWLINK {
            links.extend(read_link(message.body));
        }
    })?;
    Ok(links)
}

/// Sets an interface administratively up or down. Needs CAP_NET_ADMIN.
pub fn set_link(socket: &mut RequestSocket, index: u32, up: bool) -> Result<(), Errno> {
    let body = interface_message(index, if up { IFF_UP } else { 0 }, IFF_UP);
    socket.ask(RTM_NEWLINK, ACKNOWLEDGE, &body, |_| {})
}

/// Gives an interface another name. Needs CAP_NET_ADMIN.
pub fn rename_link(socket: &mut RequestSocket, index: u32, name: &str) -> Result<(), Errno> {
    let mut body = interface_message(index, 0, 0);
    push_attribute(&mut body, IFLA_IFNAME, &[name.as_bytes(), b"\0"].concat());
    socket.ask(RTM_NEWLINK, ACKNOWLEDGE, &body, |_| {})
}

/// Sets the MTU in bytes. Needs CAP_NET_ADMIN.
pub fn set_mtu(socket: &mut RequestSocket, index: u32, mtu: u32) -> Result<(), Errno> {
    let mut body = interface_message(index, 0, 0);
    push_attribute(&mut body, IFLA_MTU, &mtu.to_ne_bytes());
    socket.ask(RTM_NEWLINK, ACKNOWLEDGE, &body, |_| {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_its_name_and_address() {
        let mut body = interface_message(2, IFF_UP, 0);
        body[2..4].copy_from_slice(&ARPHRD_ETHER.to_ne_bytes());
        body.extend_from_slice(&[
            9, 0, 3, 0, b'e', b't', b'h', b'0', 0, 0, 0, 0, 10, 0, 1, 0, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 0, 0,
        ]);
        push_attribute(&mut body, IFLA_MTU, &1400_u32.to_ne_bytes());
        push_attribute(&mut body, IFLA_CARRIER, &[1]);
        push_attribute(&mut body, IFLA_PARENT_DEV_NAME, b"0000:01:00.0\0");
        let expected = Link {
            index: 2,
            name: "eth0".into(),
            is_ethernet: true,
            mac: "52:54:00:12:34:56".into(),
            is_up: true,
            mtu: 1400,
            carrier: Some(true),
            parent: Some("0000:01:00.0".into()),
        };
        assert_eq!(read_link(&body), Some(expected));
        assert_eq!(read_link(&body[..10]), None);
    }

    #[test]
    fn the_kernel_lists_its_interfaces_or_says_why_not() {
        // A build root may have no network at all; then the answer is an empty list or an error, and never a hang.
        if let Ok(mut socket) = RequestSocket::route() {
            let listed = links(&mut socket).unwrap_or_default();
            assert!(listed.iter().all(|link| link.index > 0 && !link.name.is_empty()));
        }
    }
}
