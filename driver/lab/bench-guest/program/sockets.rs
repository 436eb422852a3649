// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ends of sockets: what takes the frames that the wire sends, and the ping.
use crate::system::{self, RawSocket};
use std::{
    io,
    net::{Ipv4Addr, UdpSocket},
    time::{SystemTime, UNIX_EPOCH},
};

const AF_INET: i32 = 2;
const AF_PACKET: i32 = 17;
const SOCK_DGRAM: i32 = 2;
const SOCK_RAW: i32 = 3;
const IPPROTO_ICMP: i32 = 1;
const SOL_SOCKET: i32 = 1;
const SO_RCVBUFFORCE: i32 = 33;
const SO_TIMESTAMPNS: i32 = 35;
const PORT: u16 = 9000;

/// The address of the port under test.
pub const HERE: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const PARTNER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);

/// CLOCK_REALTIME, in nanoseconds.
pub fn realtime_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}

/// Prints the median, after the first tenth was left out: it warms the caches of the stack up.
pub fn print_median(name: &str, values: &mut [u64]) {
    let cold = values.len() / 10;
    let warm = &mut values[cold..];
    warm.sort_unstable();
    println!("{name} {}", warm[warm.len() / 2]);
}

/// A UDP socket that is read without waiting.
pub struct UdpSink(UdpSocket);

impl UdpSink {
    pub fn open() -> io::Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, PORT))?;
        // Room for a burst, whatever each frame's buffer is accounted as.
        system::set_option(&socket, SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)?;
        Ok(Self(socket))
    }

    pub fn drain(&self) -> usize {
        system::drain(&self.0)
    }
}

fn ones_complement_sum(bytes: &[u8]) -> u16 {
    let mut sum: u32 = bytes.chunks(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)]))).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// Fills an IPv4 packet with a UDP datagram to our socket.
pub fn udp_packet(packet: &mut [u8]) {
    let length = packet.len() as u16;
    packet[..10].copy_from_slice(&[0x45, 0, (length >> 8) as u8, length as u8, 0, 1, 0x40, 0, 64, 17]);
    packet[12..16].copy_from_slice(&PARTNER.octets());
    packet[16..20].copy_from_slice(&HERE.octets());
    let sum = ones_complement_sum(&packet[..20]);
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    packet[20..22].copy_from_slice(&4000u16.to_be_bytes());
    packet[22..24].copy_from_slice(&PORT.to_be_bytes());
    packet[24..26].copy_from_slice(&(length - 20).to_be_bytes());
    let mut pseudo = packet[12..20].to_vec();
    pseudo.extend([0, 17, ((length - 20) >> 8) as u8, (length - 20) as u8]);
    pseudo.extend_from_slice(&packet[20..]);
    let sum = ones_complement_sum(&pseudo);
    packet[26..28].copy_from_slice(&sum.to_be_bytes());
}

/// Frames of one type with the time stamp that the stack's first function gave them.
pub struct StampedFrames(RawSocket);

impl StampedFrames {
    pub fn open(protocol: u16) -> io::Result<Self> {
        let socket = RawSocket::new(AF_PACKET, SOCK_RAW, i32::from(protocol.to_be()))?;
        system::set_option(&socket, SOL_SOCKET, SO_TIMESTAMPNS, 1)?;
        Ok(Self(socket))
    }

    pub fn next(&self) -> io::Result<u64> {
        self.0.receive_stamp()
    }
}

/// Round trips of an ICMP echo, one at a time with 1 ms between, in nanoseconds of the guest.
pub fn ping(address: &str, count: usize) -> io::Result<()> {
    let address: Ipv4Addr = address.parse().map_err(io::Error::other)?;
    std::fs::write("/proc/sys/net/ipv4/ping_group_range", "0 0")?;
    let socket = RawSocket::new(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)?;
    let mut to = vec![AF_INET as u8, 0, 0, 0];
    to.extend(address.octets());
    to.extend([0; 8]);
    socket.connect(&to)?;
    let mut trips = Vec::with_capacity(count);
    for sequence in 0..count {
        let mut echo = [0u8; 64];
        echo[0] = 8;
        echo[6..8].copy_from_slice(&(sequence as u16).to_be_bytes());
        let begun = realtime_ns();
        socket.send(&echo)?;
        socket.receive(&mut echo)?;
        trips.push(realtime_ns() - begun);
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    print_median("trip_ns", &mut trips);
    Ok(())
}
