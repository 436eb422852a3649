// SPDX-License-Identifier: GPL-2.0-only
//! Waiting for a register.

use crate::{
    error::{Result, code::ETIMEDOUT},
    time::{Delta, Instant, Monotonic, delay::fsleep},
};

/// Calls `read` until `done` says yes of what it returned. `ETIMEDOUT` once `timeout` has passed (zero: never) and one more reading did not help either.
pub fn read_poll_timeout<T>(
    mut read: impl FnMut() -> Result<T>,
    mut done: impl FnMut(&T) -> bool,
    sleep: Delta,
    timeout: Delta,
) -> Result<T> {
    let begun: Instant<Monotonic> = Instant::now();
    loop {
        let value = read()?;
        if done(&value) {
            return Ok(value);
        }
        if timeout != Delta::ZERO && begun.elapsed() > timeout {
            let last = read()?;
            return if done(&last) { Ok(last) } else { Err(ETIMEDOUT) };
        }
        fsleep(sleep);
    }
}

/// Calls `read` at most `retry` times with `delay` between the calls. `ETIMEDOUT` when `done` never said yes.
pub fn read_poll_timeout_atomic<T>(
    mut read: impl FnMut() -> Result<T>,
    mut done: impl FnMut(&T) -> bool,
    delay: Delta,
    retry: usize,
) -> Result<T> {
    for _ in 0..retry {
        let value = read()?;
        if done(&value) {
            return Ok(value);
        }
        fsleep(delay);
    }
    Err(ETIMEDOUT)
}
