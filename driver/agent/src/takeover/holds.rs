// SPDX-License-Identifier: MIT OR Apache-2.0
//! What depends on an interface: the default route, ssh connections to this machine, NFS mounts.

use crate::netlink::{Address, RequestSocket, Route, addresses, is_reached_through, links, routes};
use ringscope_wire::control::{Dependent, Device, Hold};
use std::env;
use std::fs::read_to_string;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const SSH_PORT: u16 = 22;
const ESTABLISHED: &str = "01";

/// A connection to this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Connection {
    local: IpAddr,
    local_port: u16,
    peer: IpAddr,
}

/// A file system that lies elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RemoteMount {
    place: String,
    server: IpAddr,
}

/// Fills in what depends on the interfaces of these devices.
pub fn find(devices: &mut [Device]) {
    if devices.iter().all(|device| device.interface.is_none()) {
        return;
    }
    let Ok(mut socket) = RequestSocket::route() else { return };
    let links = links(&mut socket).unwrap_or_default();
    let routes = routes(&mut socket).unwrap_or_default();
    let connections = connections();
    let mounts = remote_mounts(&read_to_string("/proc/self/mountinfo").unwrap_or_default());
    for device in devices {
        let Some(name) = &device.interface else { continue };
        let Some(link) = links.iter().find(|link| link.name == *name) else { continue };
        let addresses = addresses(&mut socket, link.index).unwrap_or_default();
        let mut leads = |to: IpAddr| is_reached_through(&mut socket, to).ok().flatten() == Some(link.index);
        device.holds = default_routes(name, link.index, &routes);
        device.holds.extend(ssh_holds(name, &addresses, &connections, &mut leads));
        device.holds.extend(mounts.iter().filter(|mount| leads(mount.server)).map(|mount| Hold {
            what: Dependent::Nfs,
            detail: format!("The NFS mount {} from {} goes through {name}.", mount.place, mount.server),
        }));
        device.holds.sort();
        device.holds.dedup();
    }
}

fn default_routes(name: &str, index: u32, routes: &[Route]) -> Vec<Hold> {
    let through = routes.iter().filter(|route| route.is_default && route.goes_through(index));
    through
        .map(|route| {
            let gateway = route.gateway.map(|gateway| format!(" through {gateway}")).unwrap_or_default();
            let detail = format!("{name} carries the default route{gateway}.");
            Hold { what: Dependent::DefaultRoute, detail }
        })
        .collect()
}

/// A connection is an interface's if that has its local address, or leads to its peer.
fn ssh_holds(
    name: &str,
    addresses: &[Address],
    connections: &[Connection],
    mut leads: impl FnMut(IpAddr) -> bool,
) -> Vec<Hold> {
    let through = connections.iter().filter(|connection| {
        addresses.iter().any(|address| address.local == connection.local) || leads(connection.peer)
    });
    through
        .map(|connection| Hold {
            what: Dependent::Ssh,
            detail: format!("The ssh connection of {} goes through {name}.", connection.peer),
        })
        .collect()
}

/// The session's own connection, and all that the kernel lists.
fn connections() -> Vec<Connection> {
    let own = env::var("SSH_CONNECTION").ok().and_then(|text| session(&text));
    let port = own.map_or(SSH_PORT, |own| own.local_port);
    let mut found: Vec<_> = own.into_iter().collect();
    for path in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let text = read_to_string(path).unwrap_or_default();
        found.extend(text.lines().skip(1).filter_map(established));
    }
    found.retain(|connection| [SSH_PORT, port].contains(&connection.local_port));
    found
}

/// `SSH_CONNECTION`: the client's address and port, then the server's.
fn session(text: &str) -> Option<Connection> {
    let mut words = text.split_whitespace();
    let peer = words.next()?.parse().ok()?;
    let local = words.nth(1)?.parse().ok()?;
    Some(Connection { local, local_port: words.next()?.parse().ok()?, peer })
}

/// A line of `/proc/net/tcp`: `sl local_address rem_address st …`.
fn established(line: &str) -> Option<Connection> {
    let mut words = line.split_whitespace().skip(1);
    let (local, local_port) = endpoint(words.next()?)?;
    let (peer, _) = endpoint(words.next()?)?;
    (words.next()? == ESTABLISHED).then_some(Connection { local, local_port, peer })
}

/// `0100007F:0016`: words of the address as the machine has them in memory, and the port.
fn endpoint(text: &str) -> Option<(IpAddr, u16)> {
    let (address, port) = text.split_once(':')?;
    let mut bytes = Vec::new();
    for at in (0..address.len()).step_by(8) {
        bytes.extend(u32::from_str_radix(address.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    }
    let four = <[u8; 4]>::try_from(bytes.as_slice()).map(|bytes| IpAddr::from(Ipv4Addr::from(bytes)));
    // A server that listens for both families has its IPv4 peers in the list of IPv6.
    let six = <[u8; 16]>::try_from(bytes.as_slice()).map(|bytes| Ipv6Addr::from(bytes).to_canonical());
    Some((four.or(six).ok()?, u16::from_str_radix(port, 16).ok()?))
}

/// Lines of `/proc/self/mountinfo`: `id parent device root place options … - type source options`.
fn remote_mounts(text: &str) -> Vec<RemoteMount> {
    text.lines().filter_map(remote_mount).collect()
}

fn remote_mount(line: &str) -> Option<RemoteMount> {
    let (mount, system) = line.split_once(" - ")?;
    let mut words = system.split_whitespace();
    let is_nfs = matches!(words.next()?, "nfs" | "nfs4");
    let server = words.nth(1)?.split(',').find_map(|option| option.strip_prefix("addr="))?.parse().ok()?;
    let place = mount.split_whitespace().nth(4)?.replace("\\040", " ");
    is_nfs.then_some(RemoteMount { place, server })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn established_connections_are_read_from_the_kernels_list() {
        let line = "   1: 010200C0:0016 090200C0:D2F0 01 00000000:00000000 02:000A7D8C 00000000     0        0 20";
        let expected = Connection { local: address("192.0.2.1"), local_port: 22, peer: address("192.0.2.9") };
        assert_eq!(established(line), Some(expected));
        assert_eq!(established(&line.replace(" 01 ", " 0A ")), None, "it only listens");
        let mapped = "0: 0000000000000000FFFF0000010200C0:0016 0000000000000000FFFF0000090200C0:D2F0 01 0";
        assert_eq!(established(mapped), Some(expected));
        assert_eq!(established("  sl  local_address rem_address   st"), None);
    }

    #[test]
    fn the_sessions_own_connection_is_in_its_environment() {
        let expected = Connection { local: address("192.0.2.1"), local_port: 2222, peer: address("192.0.2.9") };
        assert_eq!(session("192.0.2.9 50000 192.0.2.1 2222"), Some(expected));
        assert_eq!(session("192.0.2.9 50000"), None);
        assert_eq!(session(""), None);
    }

    #[test]
    fn a_connection_holds_the_interface_that_has_its_address_or_leads_to_its_peer() {
        let one = Connection { local: address("192.0.2.1"), local_port: 22, peer: address("198.51.100.9") };
        let here =
            serde_json::from_str(r#"{"text":"192.0.2.1/24","local":"192.0.2.1","message":[]}"#).expect("an address");
        let text = "The ssh connection of 198.51.100.9 goes through eth0.";
        let told = |addresses: &[Address], leads: bool| ssh_holds("eth0", addresses, &[one], |_| leads);
        assert_eq!(told(&[here], false), [Hold { what: Dependent::Ssh, detail: text.into() }]);
        assert_eq!(told(&[], true).len(), 1);
        assert_eq!(told(&[], false), []);
    }

    #[test]
    fn nfs_mounts_are_found_with_their_server() {
        let text = "22 1 0:21 / /proc rw - proc proc rw\n\
            40 1 0:40 / /home\\040of\\040all rw,relatime shared:20 - nfs4 nas:/home rw,vers=4.2,clientaddr=192.0.2.1,addr=192.0.2.3\n\
            41 1 0:41 / /old rw - nfs nas:/old rw,addr=2001:db8::3\n\
            42 1 0:42 / /other rw - cifs //nas/x rw,addr=192.0.2.4\n";
        let mount = |place: &str, server: &str| RemoteMount { place: place.into(), server: address(server) };
        assert_eq!(remote_mounts(text), [mount("/home of all", "192.0.2.3"), mount("/old", "2001:db8::3")]);
    }

    #[test]
    fn looking_at_an_interface_that_is_there_ends() {
        find(&mut []);
    }

    proptest! {
        #[test]
        fn whatever_the_text_reading_ends(text in ".{0,80}") {
            let _ = (session(&text), established(&text), endpoint(&text), remote_mounts(&text));
        }
    }
}
