// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an interface was, and making another one the same: name, MTU, state, addresses, routes.

use crate::module::words;
use crate::netlink::{Address, Link, RequestSocket, Route, addresses, links, rename_link, routes, set_link, set_mtu};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use std::thread;
use std::time::{Duration, Instant};

/// A route may have to wait for others, or for IPv6 to find that nobody else has its source address.
const ROUTE_TIME: Duration = Duration::from_secs(3);
const LOOK_TIME: Duration = Duration::from_millis(50);

/// An interface as it was before its device was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interface {
    /// Its name.
    pub name: String,
    index: u32,
    is_up: bool,
    mtu: u32,
    /// Addresses that someone has given it.
    pub addresses: Vec<Address>,
    routes: Vec<Route>,
}

fn find(socket: &mut RequestSocket, name: &str) -> Result<Link, Errno> {
    links(socket)?.into_iter().find(|link| link.name == name).ok_or(Errno::NODEV)
}

impl Interface {
    /// Looks at an interface.
    pub fn remember(name: &str) -> Result<Self, Errno> {
        let mut socket = RequestSocket::route()?;
        let link = find(&mut socket, name)?;
        let addresses = addresses(&mut socket, link.index)?;
        let mut routes = routes(&mut socket)?;
        routes.retain(|route| route.goes_through(link.index));
        Ok(Self { name: link.name, index: link.index, is_up: link.is_up, mtu: link.mtu, addresses, routes })
    }

    /// Makes the interface called `name` what this one was. With `is_stand_in` it is another driver's, which is brought up in any case so that the machine's network
    /// goes on. Returns a sentence for everything that could not be done.
    pub fn put_onto(&self, name: &str, is_stand_in: bool) -> Vec<String> {
        let mut problems = Vec::new();
        let mut socket = match RequestSocket::route() {
            Ok(socket) => socket,
            Err(error) => return vec![format!("{name} was not set up: {}.", words(error))],
        };
        let link = match find(&mut socket, name) {
            Ok(link) => link,
            Err(error) => return vec![format!("{name} was not set up: {}.", words(error))],
        };
        let mut note = |what: String, outcome: Result<(), Errno>| {
            problems.extend(outcome.err().map(|error| format!("{what}: {}.", words(error))));
        };
        let named = if link.name == self.name { Ok(()) } else { rename(&mut socket, &link, &self.name) };
        let name = if named.is_ok() { self.name.as_str() } else { name };
        note(format!("{} could not be named {}", link.name, self.name), named);
        if link.mtu != self.mtu {
            note(format!("{name} did not get its MTU of {}", self.mtu), set_mtu(&mut socket, link.index, self.mtu));
        }
        let up = self.is_up || is_stand_in;
        let state = if up { "up" } else { "down" };
        note(format!("{name} was not set {state}"), set_link(&mut socket, link.index, up));
        for address in &self.addresses {
            let put = address.put(&mut socket, link.index, name == self.name);
            note(format!("{name} did not get its address {}", address.text), put);
        }
        for (route, error) in self.put_routes(&mut socket, link.index) {
            note(format!("The route {} through {name} was not set", route.text), Err(error));
        }
        problems
    }

    /// Sets the routes, those first that others need. Returns those that could not be set.
    fn put_routes(&self, socket: &mut RequestSocket, index: u32) -> Vec<(&Route, Errno)> {
        let end = Instant::now() + ROUTE_TIME;
        let mut left: Vec<_> = self.routes.iter().map(|route| (route, Errno::AGAIN)).collect();
        loop {
            let before = left.len();
            left.retain_mut(|(route, error)| match route.put(socket, self.index, index) {
                Ok(()) => false,
                Err(why) => {
                    *error = why;
                    true
                }
            });
            if left.is_empty() || Instant::now() >= end {
                return left;
            }
            if left.len() == before {
                thread::sleep(LOOK_TIME);
            }
        }
    }
}

/// Kernels before 6.2 rename an interface only while it is down.
fn rename(socket: &mut RequestSocket, link: &Link, name: &str) -> Result<(), Errno> {
    match rename_link(socket, link.index, name) {
        Err(Errno::BUSY) => {
            set_link(socket, link.index, false)?;
            rename_link(socket, link.index, name)
        }
        other => other,
    }
}
