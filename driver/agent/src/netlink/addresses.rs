// SPDX-License-Identifier: MIT OR Apache-2.0
//! RTM_GETADDR and RTM_NEWADDR. An address is kept as the kernel's own message, so that putting it back loses neither scope nor lifetime.

use super::message::{ACKNOWLEDGE, DUMP, PUT, attributes, push_attribute, u32_at};
use super::socket::RequestSocket;
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

const RTM_NEWADDR: u16 = 20;
const RTM_GETADDR: u16 = 22;
const MESSAGE_BYTES: usize = 8;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
const IFA_LABEL: u16 = 3;
const IFA_FLAGS: u16 = 8;
const IFA_PROTO: u16 = 11;
/// Address, local, label, broadcast, lifetimes, flags, the priority of its route, who made it.
const KEPT: [u16; 8] = [IFA_ADDRESS, IFA_LOCAL, IFA_LABEL, 4, 6, IFA_FLAGS, 9, IFA_PROTO];
/// Privacy addresses of IPv6, which the kernel makes by itself.
const IFA_F_TEMPORARY: u32 = 1;
const IFAPROT_KERNEL_LL: u8 = 2;
const INET6: u8 = 10;

/// An address of an interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Address and prefix, `192.0.2.1/24`.
    pub text: String,
    /// The address alone.
    pub local: IpAddr,
    /// `struct ifaddrmsg` with the attributes that are kept.
    message: Vec<u8>,
}

/// An IPv4 or IPv6 address from its bytes.
pub fn ip(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

/// Reads a message of RTM_GETADDR's answer: the interface's number and the address, unless the kernel will make it anew by itself.
fn read_address(body: &[u8]) -> Option<(u32, Address)> {
    let (&family, &prefix) = (body.first()?, body.get(1)?);
    let mut flags = u32::from(*body.get(2)?);
    let index = u32_at(body, 4)?;
    let mut message = body.get(..MESSAGE_BYTES)?.to_vec();
    let (mut local, mut address, mut maker) = (None, None, 0);
    for (kind, content) in attributes(body.get(MESSAGE_BYTES..)?) {
        match kind {
            IFA_LOCAL => local = ip(content),
            IFA_ADDRESS => address = ip(content),
            IFA_FLAGS => flags = u32_at(content, 0).unwrap_or(flags),
            IFA_PROTO => maker = content.first().copied().unwrap_or(0),
            _ => {}
        }
        if KEPT.contains(&kind) {
            push_attribute(&mut message, kind, content);
        }
    }
    let is_temporary = family == INET6 && flags & IFA_F_TEMPORARY != 0;
    if maker == IFAPROT_KERNEL_LL || is_temporary {
        return None;
    }
    let local = local.or(address)?;
    Some((index, Address { text: format!("{local}/{prefix}"), local, message }))
}

/// The addresses of an interface that someone has given it.
pub fn addresses(socket: &mut RequestSocket, index: u32) -> Result<Vec<Address>, Errno> {
    let mut found = Vec::new();
    socket.ask(RTM_GETADDR, DUMP, &[0; MESSAGE_BYTES], |message| {
        if message.kind == RTM_NEWADDR {
            let read = read_address(message.body).filter(|(of, _)| *of == index);
            found.extend(read.map(|(_, address)| address));
        }
    })?;
    Ok(found)
}

impl Address {
    /// The message for another interface. The label begins with the interface's name, so it is kept only under that name.
    fn message_for(&self, index: u32, keeps_label: bool) -> Vec<u8> {
        let mut body = self.message.get(..4).unwrap_or(&[0; 4]).to_vec();
        body.extend_from_slice(&index.to_ne_bytes());
        for (kind, content) in attributes(self.message.get(MESSAGE_BYTES..).unwrap_or_default()) {
            if kind != IFA_LABEL || keeps_label {
                push_attribute(&mut body, kind, content);
            }
        }
        body
    }

    /// Gives the address to an interface, or renews it there. Needs CAP_NET_ADMIN.
    pub fn put(&self, socket: &mut RequestSocket, index: u32, keeps_label: bool) -> Result<(), Errno> {
        socket.ask(RTM_NEWADDR, ACKNOWLEDGE | PUT, &self.message_for(index, keeps_label), |_| {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(maker: u8) -> Vec<u8> {
        let mut body = vec![2, 24, 0x80, 0];
        body.extend_from_slice(&3_u32.to_ne_bytes());
        push_attribute(&mut body, IFA_ADDRESS, &[192, 0, 2, 1]);
        push_attribute(&mut body, IFA_LOCAL, &[192, 0, 2, 1]);
        push_attribute(&mut body, IFA_LABEL, b"eth0\0");
        push_attribute(&mut body, 99, b"of no use");
        push_attribute(&mut body, IFA_PROTO, &[maker]);
        body
    }

    #[test]
    fn an_address_is_kept_whole_and_given_to_another_interface() {
        let (index, address) = read_address(&body(0)).expect("it is an address");
        assert_eq!((index, address.text.as_str()), (3, "192.0.2.1/24"));
        let (index, again) = read_address(&address.message_for(9, true)).expect("it is still one");
        assert_eq!((index, &again.text), (9, &address.text));
        let kinds = |body: &[u8]| attributes(&body[MESSAGE_BYTES..]).map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(kinds(&address.message_for(9, true)), [IFA_ADDRESS, IFA_LOCAL, IFA_LABEL, IFA_PROTO]);
        assert_eq!(kinds(&address.message_for(9, false)), [IFA_ADDRESS, IFA_LOCAL, IFA_PROTO]);
    }

    #[test]
    fn what_the_kernel_makes_by_itself_is_not_kept() {
        assert_eq!(read_address(&body(IFAPROT_KERNEL_LL)), None);
        let mut temporary = vec![INET6, 64, IFA_F_TEMPORARY as u8, 0, 3, 0, 0, 0];
        push_attribute(&mut temporary, IFA_ADDRESS, &[0x20; 16]);
        assert_eq!(read_address(&temporary), None);
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_reading_gives_an_address_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..120), kept in 0..100_usize) {
            let _ = read_address(&bytes);
            let body = body(0);
            let _ = read_address(&body[..kept.min(body.len())]);
        }
    }
}
