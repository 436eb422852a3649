// SPDX-License-Identifier: MIT OR Apache-2.0
//! The link partner without a kernel: port 1's registers and a transmit ring, driven from user space. What it receives it drops in hardware (no address matches);
//! what it sends costs one register write a burst, because descriptors without "report status" are never written back and can be sent again as they are.
//! Registers: 82576 datasheet, chapter 8.
use crate::{
    mark,
    sockets::{self, UdpSink},
    system::{PAGE, Pages, Registers},
};
use std::{fs::File, io, os::unix::fs::FileExt};

const CTRL: usize = 0x0000;
const STATUS: usize = 0x0008;
const MDIC: usize = 0x0020;
const RCTL: usize = 0x0100;
const TCTL: usize = 0x0400;
const IMC: usize = 0x150c;
const RAH: usize = 0x5404;
const RECEIVE: usize = 0xc000;
const TRANSMIT: usize = 0xe000;
const BASE_LOW: usize = 0x00;
const BASE_HIGH: usize = 0x04;
const LENGTH: usize = 0x08;
const TAIL: usize = 0x18;
const QUEUE_CONTROL: usize = 0x28;
const QUEUE_ENABLE: u32 = 1 << 25;

const DESCRIPTORS: usize = PAGE / 16;
const RECEIVE_RING: usize = 0;
const TRANSMIT_RING: usize = 1;
const FRAMES: usize = 2;
const HEADER: usize = 14;
/// IEEE 802's type for local experiments: the stack has no handler for it.
const NO_PROTOCOL: u16 = 0x88b5;
const IPV4: u16 = 0x0800;

pub struct Wire {
    registers: Registers,
    pages: Pages,
    tail: usize,
}

impl Wire {
    /// Takes over a port that no driver has and waits for its link. It stays a sink when the program has ended.
    pub fn open(device: &str) -> io::Result<Self> {
        // PCI command register: memory space and bus mastering.
        File::options().write(true).open(format!("/sys/bus/pci/devices/{device}/config"))?.write_all_at(&[6, 0], 4)?;
        let registers = Registers::map(device)?;
        registers.write(IMC, u32::MAX);
        registers.write(CTRL, registers.read(CTRL) | 1 << 26);
        std::thread::sleep(std::time::Duration::from_millis(10));
        registers.write(IMC, u32::MAX);
        // Set link up; the PHY begins autonegotiation anew (MDIC: register 0 of PHY 1 := enable and restart autonegotiation).
        registers.write(CTRL, registers.read(CTRL) | 1 << 6);
        registers.write(MDIC, 0x1200 | 1 << 21 | 1 << 26);
        let mut tries = 0;
        while registers.read(STATUS) & 2 == 0 {
            tries += 1;
            if tries > 500 {
                return Err(io::Error::other("the partner's link does not come up"));
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let pages = Pages::new(FRAMES + DESCRIPTORS)?;
        let wire = Self { registers, pages, tail: 0 };
        for entry in 0..24 {
            wire.registers.write(RAH + 8 * entry, 0);
        }
        // A ring with buffers and a filter that lets nothing through: QEMU takes frames from the wire only while there are buffers.
        wire.ring(RECEIVE, RECEIVE_RING, 1);
        wire.registers.write(RCTL, 2);
        wire.ring(TRANSMIT, TRANSMIT_RING, 0);
        wire.registers.write(TCTL, 2);
        Ok(wire)
    }

    fn ring(&self, base: usize, page: usize, tail: u32) {
        let address = self.pages.physical(page);
        self.registers.write(base + BASE_LOW, address as u32);
        self.registers.write(base + BASE_HIGH, (address >> 32) as u32);
        self.registers.write(base + LENGTH, PAGE as u32);
        self.registers.write(base + QUEUE_CONTROL, QUEUE_ENABLE);
        self.registers.write(base + TAIL, tail);
    }

    /// Every descriptor sends a frame of its own page; all frames are the same.
    fn load(&mut self, frame: &[u8]) {
        let length = frame.len() as u64;
        // Advanced data descriptor (7.2.2.3): DTYP data, EOP, IFCS, DEXT, no RS; the payload's length above.
        let command = length | 3 << 20 | 1 << 24 | 1 << 25 | 1 << 29 | length << 46;
        for index in 0..DESCRIPTORS {
            self.pages.write(FRAMES + index, 0, frame);
            self.pages.write(TRANSMIT_RING, 16 * index, &self.pages.physical(FRAMES + index).to_le_bytes());
            self.pages.write(TRANSMIT_RING, 16 * index + 8, &command.to_le_bytes());
        }
    }

    fn send(&mut self, frames: usize) {
        self.tail = (self.tail + frames) % DESCRIPTORS;
        self.registers.write(TRANSMIT + TAIL, self.tail as u32);
    }

    /// Sends bursts to the interface `to` at a fixed pace, and takes them from a UDP socket where `kind` is `udp`.
    pub fn inject(mut self, to: &str, kind: &str, frames: usize, burst: usize, every_us: usize) -> io::Result<()> {
        let sink = UdpSink::open()?;
        self.load(&frame(to, kind)?);
        let received = mark::counted(|| {
            let mut received = 0;
            let mut next = mark::now_ns();
            for _ in 0..frames / burst {
                self.send(burst);
                next += every_us as u64 * 1000;
                mark::wait_until(next);
                if kind == "udp" {
                    received += sink.drain();
                }
            }
            // The last ones may wait for a moderated interrupt.
            mark::wait_until(next + 2_000_000);
            received + sink.drain()
        });
        println!("sent {}", frames / burst * burst);
        if kind == "udp" {
            println!("socket {received}");
        }
        Ok(())
    }

    /// One frame at a time: from the register write that puts it on the wire, and with that into the receive ring, to the time stamp it gets from the stack's
    /// first function.
    pub fn seen(mut self, to: &str, frames: usize) -> io::Result<()> {
        self.load(&frame(to, "none")?);
        let stamps = sockets::StampedFrames::open(NO_PROTOCOL)?;
        let mut delays = Vec::with_capacity(frames);
        for _ in 0..frames {
            let begun = sockets::realtime_ns();
            self.send(1);
            delays.push(stamps.next()?.saturating_sub(begun));
            // As long as the longest moderation, so that no frame pays for the one before it.
            mark::wait_until(mark::now_ns() + 1_000_000);
        }
        sockets::print_median("delay_ns", &mut delays);
        Ok(())
    }
}

fn frame(to: &str, kind: &str) -> io::Result<Vec<u8>> {
    let text = std::fs::read_to_string(format!("/sys/class/net/{to}/address"))?;
    let address = text.trim().split(':').map(|byte| u8::from_str_radix(byte, 16).map_err(io::Error::other)).collect::<io::Result<Vec<_>>>()?;
    let mut frame = vec![0u8; 60];
    frame[..6].copy_from_slice(&address);
    frame[6..12].copy_from_slice(&[2, 0, 0, 0, 0, 2]);
    let protocol = if kind == "udp" { IPV4 } else { NO_PROTOCOL };
    frame[12..HEADER].copy_from_slice(&protocol.to_be_bytes());
    if kind == "udp" {
        sockets::udp_packet(&mut frame[HEADER..]);
    }
    Ok(frame)
}
