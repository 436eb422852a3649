// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whatever the bytes, the decoder gives frames and named faults.

use proptest::{collection::vec, prelude::*};
use ringscope_wire::{Decoded, Decoder, Encoder, Frame, FramingFault, HEADER_BYTES, MAXIMUM_PAYLOAD_BYTES, Stream};

fn stream() -> impl Strategy<Value = Stream> {
    (0..Stream::ALL.len()).prop_map(|index| Stream::ALL[index])
}

fn parts() -> impl Strategy<Value = Vec<(Stream, Vec<u8>)>> {
    vec((stream(), vec(any::<u8>(), 0..300)), 0..12)
}

fn encoded(parts: &[(Stream, Vec<u8>)]) -> Vec<u8> {
    let mut encoder = Encoder::default();
    let mut bytes = Vec::new();
    for (stream, payload) in parts {
        encoder.encode(&mut bytes, *stream, payload).expect("the payload is short");
    }
    bytes
}

fn pushed(decoder: &mut Decoder, bytes: &[u8], mut cuts: Vec<usize>) -> Vec<Decoded> {
    cuts.iter_mut().for_each(|cut| *cut %= bytes.len() + 1);
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).flat_map(|edges| decoder.push(&bytes[edges[0]..edges[1]])).collect()
}

proptest! {
    #[test]
    fn frames_come_out_whole_and_in_order_however_the_bytes_are_split_or_merged(parts in parts(), cuts in vec(any::<usize>(), 0..20)) {
        let mut decoder = Decoder::default();
        let decoded = pushed(&mut decoder, &encoded(&parts), cuts);
        let mut next = [0_u32; Stream::ALL.len()];
        let expected: Vec<_> = parts.into_iter().map(|(stream, payload)| {
            let next = &mut next[usize::from(stream.number())];
            let sequence = *next;
            *next += 1;
            Decoded::Frame(Frame { stream, sequence, payload })
        }).collect();
        prop_assert_eq!(decoded, expected);
        prop_assert_eq!(decoder.end(), None);
    }

    #[test]
    fn a_pipe_that_ends_inside_a_frame_is_truncated(payload in vec(any::<u8>(), 0..100), cut in any::<prop::sample::Index>()) {
        let bytes = encoded(&[(Stream::Log, payload)]);
        let mut decoder = Decoder::default();
        prop_assert!(decoder.push(&bytes[..1 + cut.index(bytes.len() - 1)]).is_empty());
        prop_assert_eq!(decoder.end(), Some(FramingFault::Truncated));
    }

    #[test]
    fn random_bytes_give_one_fatal_fault_at_the_most_and_nothing_after_it(chunks in vec(vec(any::<u8>(), 0..64), 0..20)) {
        let mut decoder = Decoder::default();
        let mut decoded: Vec<_> = chunks.iter().flat_map(|chunk| decoder.push(chunk)).collect();
        decoded.extend(decoder.end().map(Decoded::Error));
        let first = decoded.iter().position(|one| matches!(one, Decoded::Error(_)));
        prop_assert!(first.is_none_or(|at| at + 1 == decoded.len()));
    }

    #[test]
    fn a_header_with_one_byte_changed_gives_a_frame_or_the_fault_of_that_byte(at in 0..HEADER_BYTES, value in any::<u8>()) {
        let mut bytes = encoded(&[(Stream::Sample, vec![1, 2, 3])]);
        bytes[at] = value;
        let mut decoder = Decoder::default();
        let decoded = decoder.push(&bytes);
        let fault = match decoded.last() { Some(Decoded::Error(fault)) => Some(*fault), _ => decoder.end() };
        let expected = match at {
            _ if encoded(&[(Stream::Sample, vec![1, 2, 3])]) == bytes => None,
            0 if value < 3 => fault,
            0 | 1 => Some(FramingFault::Truncated),
            2 if value < 16 => Some(FramingFault::Truncated),
            2 | 3 => Some(FramingFault::Oversized),
            4 if value == 0 => Some(FramingFault::KindMismatch),
            4 => Some(FramingFault::UnknownKind),
            5 => Some(FramingFault::UnknownFlags),
            6 if value == 0 => Some(FramingFault::KindMismatch),
            6 if usize::from(value) < Stream::ALL.len() => None,
            6 | 7 => Some(FramingFault::UnknownStream),
            _ => None,
        };
        prop_assert_eq!(fault, expected);
    }
}

#[test]
fn a_payload_of_the_greatest_length_passes_and_one_byte_more_is_refused() {
    let mut encoder = Encoder::default();
    let mut bytes = Vec::new();
    let payload = vec![7; MAXIMUM_PAYLOAD_BYTES + 1];
    assert_eq!(encoder.encode(&mut bytes, Stream::Log, &payload), Err(FramingFault::Oversized));
    assert!(bytes.is_empty());
    encoder.encode(&mut bytes, Stream::Log, &payload[1..]).expect("it is short enough");
    let decoded = Decoder::default().push(&bytes);
    assert!(
        matches!(decoded.as_slice(), [Decoded::Frame(Frame { sequence: 0, payload, .. })] if payload.len() == MAXIMUM_PAYLOAD_BYTES)
    );
}

#[test]
fn after_a_restart_the_sequences_begin_at_zero_without_a_gap() {
    let mut encoder = Encoder::default();
    let mut decoder = Decoder::default();
    for _ in 0..2 {
        let mut bytes = Vec::new();
        encoder.encode(&mut bytes, Stream::Control, b"{}").expect("the payload is short");
        assert!(matches!(decoder.push(&bytes).as_slice(), [Decoded::Frame(Frame { sequence: 0, .. })]));
        encoder.restart();
        decoder.restart_sequences();
    }
}
