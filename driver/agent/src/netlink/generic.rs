// SPDX-License-Identifier: MIT OR Apache-2.0
//! Generic netlink: families that are found by name, and requests to them. A body begins with `u8 command | u8 version | u16 0`.

use super::message::{DUMP, attributes, u16_at};
use super::socket::RequestSocket;
use rustix::io::Errno;

const CONTROL: u16 = 16;
const GET_FAMILY: u8 = 3;
const FAMILY_ID: u16 = 1;
const FAMILY_NAME: u16 = 2;
const HEADER_BYTES: usize = 4;

/// A family's number in the running kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family(u16);

/// A held socket for requests to families.
pub struct GenericSocket(RequestSocket);

fn family_id(attributes_of_family: &[u8]) -> Option<u16> {
    attributes(attributes_of_family).find(|(kind, _)| *kind == FAMILY_ID).and_then(|(_, content)| u16_at(content, 0))
}

impl GenericSocket {
    /// Opens it in the calling thread's network namespace.
    pub fn open() -> Result<Self, Errno> {
        RequestSocket::generic().map(Self)
    }

    /// Looks a family up; ENOENT if the kernel has none of that name.
    pub fn family(&mut self, name: &str) -> Result<Family, Errno> {
        let mut request = Vec::new();
        super::message::push_attribute(&mut request, FAMILY_NAME, &[name.as_bytes(), b"\0"].concat());
        let mut id = None;
        self.request(Family(CONTROL), GET_FAMILY, 0, &request, |content| id = family_id(content))?;
        id.map(Family).ok_or(Errno::NOENT)
    }

    /// Asks for one thing.
    pub fn get(&mut self, family: Family, command: u8, request: &[u8], take: impl FnMut(&[u8])) -> Result<(), Errno> {
        self.request(family, command, 0, request, take)
    }

    /// Changes something; the answer is only whether it was done.
    pub fn set(&mut self, family: Family, command: u8, request: &[u8]) -> Result<(), Errno> {
        self.request(family, command, super::message::ACKNOWLEDGE, request, |_| ())
    }

    /// Why the kernel refused the last request, in its own words, if it said so.
    pub fn reason(&self) -> Option<&str> {
        self.0.reason()
    }

    /// Asks for all things of a kind.
    pub fn dump(&mut self, family: Family, command: u8, request: &[u8], take: impl FnMut(&[u8])) -> Result<(), Errno> {
        self.request(family, command, DUMP, request, take)
    }

    fn request(
        &mut self,
        family: Family,
        command: u8,
        flags: u16,
        request: &[u8],
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), Errno> {
        let body = [&[command, 1, 0, 0], request].concat();
        self.0.ask(family.0, flags, &body, |message| {
            if message.kind == family.0 {
                take(message.body.get(HEADER_BYTES..).unwrap_or_default());
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_family_is_known_to_every_kernel_and_nonsense_to_none() {
        // Without network namespaces a build root may have no generic netlink at all.
        if let Ok(mut socket) = GenericSocket::open() {
            assert_eq!(socket.family("nlctrl"), Ok(Family(CONTROL)));
            assert_eq!(socket.family("no-such-family"), Err(Errno::NOENT));
        }
    }
}
