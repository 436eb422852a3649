// SPDX-License-Identifier: MIT OR Apache-2.0
//! A page of the kernel's ring buffer, as `trace_pipe_raw` gives it. Little-endian kernels only: the header of an event is a bit field.

use super::format::{PageFormat, number};

/// Events were lost before this page.
const MISSED_EVENTS: u64 = 1 << 31;
/// Above the count of bytes.
const COMMIT_MASK: u64 = (1 << 30) - 1;

/// `type_len` of what is no event; see the kernel's include/linux/ring_buffer.h.
const PADDING: u32 = 29;
const TIME_EXTEND: u32 = 30;
const TIME_STAMP: u32 = 31;

const DELTA_BITS: u32 = 27;
/// An absolute time stamp lacks its five highest bits, which are those of the time before.
const STAMP_HIGH: u64 = 0x1f << 59;

fn word(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_ne_bytes)
}

fn absolute(stamp: u64, before: u64) -> u64 {
    let high = before & STAMP_HIGH;
    if high == 0 {
        return stamp;
    }
    let time = stamp | high;
    if time < before { time.wrapping_add(1 << 59) } else { time }
}

/// Calls back with time and bytes of each event of a page, in their order. Says whether events were lost before it; `None` when the page contradicts itself,
/// after the events before the contradiction.
pub fn read(page: &[u8], format: &PageFormat, mut each: impl FnMut(u64, &[u8])) -> Option<bool> {
    let mut time = number(page, format.timestamp)?;
    let commit = number(page, format.commit)?;
    let length = (commit & COMMIT_MASK) as usize;
    let data = page.get(format.data.offset..format.data.offset.checked_add(length)?)?;
    let mut at = 0;
    while at < data.len() {
        let header = word(data, at)?;
        let (kind, delta) = (header & 0x1f, u64::from(header >> 5));
        match kind {
            PADDING if delta == 0 => break,
            // An event that its filter took back when another had followed already. The kernel's readers do not add its time either.
            PADDING => at += 4 + word(data, at + 4)? as usize,
            TIME_EXTEND => {
                time = time.wrapping_add((u64::from(word(data, at + 4)?) << DELTA_BITS) | delta);
                at += 8;
            }
            TIME_STAMP => {
                time = absolute((u64::from(word(data, at + 4)?) << DELTA_BITS) | delta, time);
                at += 8;
            }
            _ => {
                // A length of more than 28 words stands by itself, and counts its own four bytes.
                let (begin, end) = match kind {
                    0 => (at + 8, at + 4 + word(data, at + 4)? as usize),
                    words => (at + 4, at + 4 + 4 * words as usize),
                };
                time = time.wrapping_add(delta);
                each(time, data.get(begin..end)?);
                at = end;
            }
        }
    }
    Some(commit & MISSED_EVENTS != 0)
}

#[cfg(test)]
mod tests {
    use super::super::format::tests::HEADER_PAGE;
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn format() -> PageFormat {
        PageFormat::read(HEADER_PAGE).expect("a good file")
    }

    /// A page with these bytes of events.
    fn page(time: u64, flags: u64, data: &[u8]) -> Vec<u8> {
        let mut page = [time.to_ne_bytes(), (data.len() as u64 | flags).to_ne_bytes()].concat();
        page.extend_from_slice(data);
        page.resize(4096, 0);
        page
    }

    fn header(kind: u32, delta: u32) -> [u8; 4] {
        (kind | (delta << 5)).to_ne_bytes()
    }

    fn event(delta: u32, bytes: &[u8]) -> Vec<u8> {
        [&header(bytes.len() as u32 / 4, delta)[..], bytes].concat()
    }

    fn all(page: &[u8]) -> (Vec<(u64, Vec<u8>)>, Option<bool>) {
        let mut events = Vec::new();
        let end = read(page, &format(), |time, bytes| events.push((time, bytes.to_vec())));
        (events, end)
    }

    #[test]
    fn times_are_the_sum_of_the_differences_from_the_page_on() {
        let data = [event(5, &[1; 8]), event(0, &[2; 4]), event(7, &[3; 4])].concat();
        let expected = vec![(1005, vec![1; 8]), (1005, vec![2; 4]), (1012, vec![3; 4])];
        assert_eq!(all(&page(1000, 0, &data)), (expected, Some(false)));
    }

    #[test]
    fn an_event_of_more_than_28_words_tells_its_length_by_itself() {
        let long = [&header(0, 1)[..], &(4 + 120_u32).to_ne_bytes(), &[9; 120]].concat();
        let (events, end) = all(&page(0, 0, &[long, event(1, &[1; 4])].concat()));
        assert_eq!((events, end), (vec![(1, vec![9; 120]), (2, vec![1; 4])], Some(false)));
    }

    #[test]
    fn a_pause_longer_than_27_bits_is_an_extension() {
        let extend = [header(TIME_EXTEND, 3), 2_u32.to_ne_bytes()].concat();
        let (events, _) = all(&page(10, 0, &[extend, event(1, &[1; 4])].concat()));
        assert_eq!(events, vec![(10 + (2 << 27) + 3 + 1, vec![1; 4])]);
    }

    #[test]
    fn an_absolute_time_takes_its_highest_bits_from_the_time_before() {
        let stamp = [header(TIME_STAMP, 5), 1_u32.to_ne_bytes()].concat();
        let data = [stamp, event(0, &[1; 4])].concat();
        assert_eq!(all(&page(0, 0, &data)).0, vec![((1 << 27) + 5, vec![1; 4])]);
        assert_eq!(all(&page(1 << 59, 0, &data)).0, vec![((1 << 59) + (1 << 27) + 5, vec![1; 4])]);
        // The bits below have wrapped since the page began.
        assert_eq!(all(&page((1 << 59) + (1 << 40), 0, &data)).0, vec![((1 << 60) + (1 << 27) + 5, vec![1; 4])]);
    }

    #[test]
    fn what_a_filter_took_back_is_skipped_and_an_empty_rest_ends_the_page() {
        let discarded = [&header(PADDING, 1)[..], &12_u32.to_ne_bytes(), &[7; 8]].concat();
        let data = [discarded, event(2, &[1; 4]), header(PADDING, 0).to_vec(), vec![0; 40]].concat();
        assert_eq!(all(&page(100, 0, &data)).0, vec![(102, vec![1; 4])]);
    }

    #[test]
    fn lost_events_are_a_flag_above_the_length() {
        assert_eq!(all(&page(0, MISSED_EVENTS | (1 << 30), &event(1, &[1; 4]))), (vec![(1, vec![1; 4])], Some(true)));
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_reading_ends(bytes in vec(any::<u8>(), 0..600), flags in any::<u64>()) {
            let _ = all(&bytes);
            let _ = all(&page(flags, flags & !COMMIT_MASK, &bytes));
        }
    }
}
