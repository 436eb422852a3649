// SPDX-License-Identifier: MIT OR Apache-2.0
//! tracefs' `format` files: where the fields of an event lie, and of a page of the ring buffer. Nothing is assumed that the kernel tells.

use ringscope_wire::control::TraceEvent;
use ringscope_wire::layouts::TraceRecord;

/// Where a field lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Bytes from the begin of the event, or of the page.
    pub offset: usize,
    /// Bytes.
    pub size: usize,
}

/// The number of an event, which begins the bytes of each: `common_type`.
pub const EVENT_ID: Place = Place { offset: 0, size: 2 };

/// The places of a `format` file by name.
struct Fields(Vec<(String, Place)>);

impl Fields {
    /// Reads the lines `field:TYPE NAME; offset:N; size:N; signed:N;`.
    fn read(text: &str) -> Self {
        Self(text.lines().filter_map(field).collect())
    }

    fn find(&self, name: &str) -> Result<Place, String> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, place)| *place).ok_or_else(|| format!("it has no field {name}"))
    }
}

fn field(line: &str) -> Option<(String, Place)> {
    let mut parts = line.trim().strip_prefix("field:")?.split(';').map(str::trim);
    let declaration = parts.next()?;
    let name = declaration.split_whitespace().last()?.split('[').next()?.to_owned();
    let (mut offset, mut size) = (None, None);
    for part in parts {
        if let Some(number) = part.strip_prefix("offset:") {
            offset = number.parse().ok();
        } else if let Some(number) = part.strip_prefix("size:") {
            size = number.parse().ok();
        }
    }
    Some((name, Place { offset: offset?, size: size? }))
}

/// An unsigned number of 1, 2, 4 or 8 bytes; `None` when the bytes end before it does.
pub fn number(bytes: &[u8], place: Place) -> Option<u64> {
    let bytes = bytes.get(place.offset..place.offset.checked_add(place.size)?)?;
    match bytes.len() {
        1 => bytes.first().map(|&byte| u64::from(byte)),
        2 => Some(u64::from(u16::from_ne_bytes(bytes.try_into().ok()?))),
        4 => Some(u64::from(u32::from_ne_bytes(bytes.try_into().ok()?))),
        8 => Some(u64::from_ne_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

/// A page of the ring buffer, as `events/header_page` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageFormat {
    /// CLOCK time of the page.
    pub timestamp: Place,
    /// How many bytes of data, and flags above them.
    pub commit: Place,
    /// The events.
    pub data: Place,
}

impl PageFormat {
    /// Reads the file. The error is the rest of a sentence about it.
    pub fn read(text: &str) -> Result<Self, String> {
        let fields = Fields::read(text);
        Ok(Self { timestamp: fields.find("timestamp")?, commit: fields.find("commit")?, data: fields.find("data")? })
    }

    /// Of no page: before the file was read.
    pub fn none() -> Self {
        let nowhere = Place { offset: 0, size: 0 };
        Self { timestamp: nowhere, commit: nowhere, data: nowhere }
    }

    /// Bytes of a whole page.
    pub fn bytes(&self) -> usize {
        self.data.offset + self.data.size
    }
}

/// Which fields of an event become which part of its record: queue, flags, bus address, words.
struct Parts {
    queue: &'static str,
    flags: Option<&'static str>,
    dma_address: Option<&'static str>,
    words: [Option<&'static str>; 3],
}

fn parts(event: TraceEvent) -> Parts {
    let (flags, dma_address, words) = match event {
        TraceEvent::RxPost => (None, Some("dma_address"), [Some("index"), Some("length"), None]),
        TraceEvent::RxRefill => (Some("starved"), None, [Some("next_to_use"), Some("next_to_clean"), Some("posted")]),
        TraceEvent::RxDone | TraceEvent::TxPost => {
            (Some("flags"), Some("dma_address"), [Some("index"), Some("length"), None])
        }
        TraceEvent::TxDoorbell => (None, None, [Some("next_to_use"), Some("next_to_clean"), Some("free")]),
        TraceEvent::TxDone => (None, None, [Some("index"), Some("length"), Some("frames")]),
        TraceEvent::Irq => (None, None, [Some("irq"), Some("cause"), None]),
        TraceEvent::Poll => (Some("complete"), None, [Some("received"), Some("cleaned"), Some("budget")]),
    };
    let queue = if event == TraceEvent::Irq { "vector" } else { "queue" };
    Parts { queue, flags, dma_address, words }
}

/// An event's places, as `events/rigb/NAME/format` tells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFormat {
    event: TraceEvent,
    /// The number that begins its bytes in the buffer.
    pub id: u64,
    device: Place,
    queue: Place,
    flags: Option<Place>,
    dma_address: Option<Place>,
    words: [Option<Place>; 3],
}

impl EventFormat {
    /// Reads the file. The error is the rest of a sentence about it.
    pub fn read(event: TraceEvent, text: &str) -> Result<Self, String> {
        let id = text.lines().find_map(|line| line.strip_prefix("ID:")).and_then(|id| id.trim().parse().ok());
        let fields = Fields::read(text);
        let Parts { queue, flags, dma_address, words } = parts(event);
        let optional = |name: Option<&str>| name.map(|name| fields.find(name)).transpose();
        let [first, second, third] = words;
        Ok(Self {
            event,
            id: id.ok_or("it has no ID")?,
            device: fields.find("device")?,
            queue: fields.find(queue)?,
            flags: optional(flags)?,
            dma_address: optional(dma_address)?,
            words: [optional(first)?, optional(second)?, optional(third)?],
        })
    }

    /// The device's name in an event's bytes: a `__data_loc`, which holds the offset of the text in its low half and its length in the high one.
    pub fn device<'a>(&self, bytes: &'a [u8]) -> Option<&'a str> {
        let location = number(bytes, self.device)?;
        let (begin, length) = ((location & 0xffff) as usize, ((location >> 16) & 0xffff) as usize);
        let text = bytes.get(begin..begin + length)?.split(|&byte| byte == 0).next()?;
        std::str::from_utf8(text).ok()
    }

    /// The record of an event's bytes; `None` when they are shorter than the file says.
    pub fn record(&self, bytes: &[u8], time_ns: u64, cpu: u16) -> Option<TraceRecord> {
        let optional = |place: Option<Place>| place.map_or(Some(0), |place| number(bytes, place));
        let [first, second, third] = self.words;
        Some(TraceRecord {
            time_ns,
            event: self.event,
            cpu,
            queue: number(bytes, self.queue)? as u16,
            flags: optional(self.flags)? as u16,
            dma_address: optional(self.dma_address)?,
            words: [optional(first)? as u32, optional(second)? as u32, optional(third)? as u32],
        })
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// As a kernel 7.3 prints it.
    pub const HEADER_PAGE: &str = "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

    /// As a kernel prints it for `rx_done`.
    pub const RX_DONE: &str = "name: rx_done\nID: 1573\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n\tfield:__data_loc char[] device;\toffset:8;\tsize:4;\tsigned:0;\n\tfield:u64 dma_address;\toffset:16;\tsize:8;\tsigned:0;\n\tfield:u32 index;\toffset:24;\tsize:4;\tsigned:0;\n\tfield:u32 length;\toffset:28;\tsize:4;\tsigned:0;\n\tfield:u32 flags;\toffset:32;\tsize:4;\tsigned:0;\n\tfield:u16 queue;\toffset:36;\tsize:2;\tsigned:0;\n\nprint fmt: \"device=%s queue=%u\", __get_str(device), REC->queue\n";

    /// The bytes of an `rx_done` in the buffer.
    pub fn rx_done(device: &str, queue: u16, index: u32) -> Vec<u8> {
        let mut bytes = vec![0; 40];
        bytes[0..2].copy_from_slice(&1573_u16.to_ne_bytes());
        bytes[8..12].copy_from_slice(&(40 | ((device.len() as u32 + 1) << 16)).to_ne_bytes());
        bytes[16..24].copy_from_slice(&0xffff_f000_u64.to_ne_bytes());
        bytes[24..28].copy_from_slice(&index.to_ne_bytes());
        bytes[28..32].copy_from_slice(&64_u32.to_ne_bytes());
        bytes[32..36].copy_from_slice(&3_u32.to_ne_bytes());
        bytes[36..38].copy_from_slice(&queue.to_ne_bytes());
        bytes.extend_from_slice(device.as_bytes());
        bytes.push(0);
        bytes
    }

    #[test]
    fn a_page_is_as_long_as_its_file_says() {
        let format = PageFormat::read(HEADER_PAGE).expect("a good file");
        assert_eq!((format.bytes(), format.data.offset, format.commit.size), (4096, 16, 8));
    }

    #[test]
    fn an_event_is_read_from_where_its_file_says_that_its_fields_are() {
        let format = EventFormat::read(TraceEvent::RxDone, RX_DONE).expect("a good file");
        let bytes = rx_done("0000:01:00.0", 2, 41);
        assert_eq!((format.id, format.device(&bytes)), (1573, Some("0000:01:00.0")));
        let record = format.record(&bytes, 7, 1).expect("it is whole");
        assert_eq!((record.queue, record.flags, record.dma_address), (2, 3, 0xffff_f000));
        assert_eq!((record.words, record.time_ns, record.cpu), ([41, 64, 0], 7, 1));
    }

    #[test]
    fn fields_may_lie_elsewhere_in_another_kernel() {
        let moved = RX_DONE
            .replace("u32 index;\toffset:24", "u32 index;\toffset:28")
            .replace("u32 length;\toffset:28", "u32 length;\toffset:24");
        let format = EventFormat::read(TraceEvent::RxDone, &moved).expect("a good file");
        assert_eq!(format.record(&rx_done("0000:01:00.0", 2, 41), 7, 1).map(|record| record.words), Some([64, 41, 0]));
    }

    #[test]
    fn a_file_without_a_field_names_it() {
        let without = RX_DONE.replace("dma_address", "address");
        assert_eq!(EventFormat::read(TraceEvent::RxDone, &without), Err("it has no field dma_address".to_owned()));
    }

    #[test]
    fn bytes_cut_short_are_no_record() {
        let format = EventFormat::read(TraceEvent::RxDone, RX_DONE).expect("a good file");
        let bytes = rx_done("0000:01:00.0", 2, 41);
        assert_eq!((format.record(&bytes[..36], 7, 1), format.device(&bytes[..45])), (None, None));
    }
}
