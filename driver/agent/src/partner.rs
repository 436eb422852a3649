// SPDX-License-Identifier: MIT OR Apache-2.0
//! The network namespace of the lab's link partner. What a thread opens in it stays there, so sockets are opened by a thread of their own and handed over.

use crate::module::words;
use crate::netlink::{Link, RequestSocket, links};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::thread;

/// Where `ip netns` keeps it.
const PLACES: [&str; 2] = ["/run/netns/partner", "/var/run/netns/partner"];

/// The namespace, if there is one.
pub fn namespace() -> Option<PathBuf> {
    PLACES.iter().map(PathBuf::from).find(|path| path.exists())
}

/// Moves the calling thread into it, for good.
pub fn enter() -> Result<(), String> {
    let path = namespace().ok_or("The link partner's network namespace does not exist.")?;
    let file = File::open(&path).map_err(|error| format!("{} may not be opened: {error}.", path.display()))?;
    move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
        .map_err(|error| format!("The link partner's network namespace may not be entered: {}.", words(error)))
}

/// What `work` returns, done by a thread that enters the namespace and ends.
pub fn within<T: Send + 'static>(work: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T, String> {
    let thread = thread::Builder::new().spawn(|| enter().and_then(|()| work()));
    let thread = thread.map_err(|error| format!("A thread could not be started: {error}."))?;
    thread.join().unwrap_or_else(|_| Err("The thread of the link partner ended.".to_owned()))
}

/// The Ethernet port of the socket's namespace.
pub fn port(socket: &mut RequestSocket) -> Option<Link> {
    links(socket).ok()?.into_iter().find(|link| link.is_ethernet)
}

/// The link partner's port. Must be called in its namespace.
pub fn link() -> Result<Link, String> {
    let mut socket = RequestSocket::route().map_err(words)?;
    port(&mut socket).ok_or_else(|| "The link partner has no Ethernet interface.".to_owned())
}
