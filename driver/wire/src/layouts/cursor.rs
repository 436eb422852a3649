// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading little-endian integers at offsets; running past the end is a `bad-record`.

use crate::Fault;

pub(super) fn bad_record<T>(reason: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::BadRecord(reason.into()))
}

/// Bytes to read at offsets from their begin.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn slice(self, at: usize, length: usize) -> Result<&'a [u8], Fault> {
        at.checked_add(length)
            .and_then(|end| self.0.get(at..end))
            .ok_or_else(|| Fault::BadRecord("the payload is shorter than what it announces".into()))
    }

    fn array<const N: usize>(self, at: usize) -> Result<[u8; N], Fault> {
        let mut array = [0; N];
        array.copy_from_slice(self.slice(at, N)?);
        Ok(array)
    }

    pub(super) fn u8(self, at: usize) -> Result<u8, Fault> {
        Ok(u8::from_le_bytes(self.array(at)?))
    }

    pub(super) fn u16(self, at: usize) -> Result<u16, Fault> {
        Ok(u16::from_le_bytes(self.array(at)?))
    }

    pub(super) fn u32(self, at: usize) -> Result<u32, Fault> {
        Ok(u32::from_le_bytes(self.array(at)?))
    }

    pub(super) fn u64(self, at: usize) -> Result<u64, Fault> {
        Ok(u64::from_le_bytes(self.array(at)?))
    }

    pub(super) fn u64s(self, at: usize, count: usize) -> Result<Vec<u64>, Fault> {
        let bytes = self.slice(at, count.saturating_mul(8))?;
        let words = bytes.chunks_exact(8).filter_map(|word| word.try_into().ok());
        Ok(words.map(u64::from_le_bytes).collect())
    }
}
