// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many bytes the kernel lets each transmit queue have at the card (BQL), as sysfs tells it. The kernel's memory only: no driver is asked.

use ringscope_wire::control::ByteQueueLimit;
use rustix::io::Errno;
use std::fs::{read_dir, read_to_string};
use std::path::Path;

const SYSFS: &str = "/sys/class/net";

/// The limits of an interface that the kernel has named, by queue. Empty where kernel or driver have none.
pub fn byte_queue_limits(interface: &str) -> Result<Vec<ByteQueueLimit>, Errno> {
    limits_below(&Path::new(SYSFS).join(interface).join("queues"))
}

fn limits_below(directory: &Path) -> Result<Vec<ByteQueueLimit>, Errno> {
    let entries = read_dir(directory).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))?;
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let id = entry.file_name().to_string_lossy().strip_prefix("tx-")?.parse().ok()?;
            let of_queue = entry.path().join("byte_queue_limits");
            let number = |name: &str| read_to_string(of_queue.join(name)).ok()?.trim().parse().ok();
            Some(ByteQueueLimit { id, limit: number("limit")?, inflight: number("inflight")? })
        })
        .collect();
    found.sort_unstable_by_key(|one| one.id);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{create_dir_all, remove_dir_all, write};

    #[test]
    fn limits_are_listed_by_queue_and_a_queue_without_them_is_left_out() {
        let directory = std::env::temp_dir().join(format!("ringscope-byte-queue-limits-{}", std::process::id()));
        for (queue, limit) in [("tx-10", "3028\n"), ("tx-2", "1514\n"), ("rx-0", "1\n")] {
            let of_queue = directory.join(queue).join("byte_queue_limits");
            create_dir_all(&of_queue).expect("a directory for a queue");
            write(of_queue.join("limit"), limit).expect("its limit");
            write(of_queue.join("inflight"), "60\n").expect("its bytes");
        }
        create_dir_all(directory.join("tx-0")).expect("a directory for a queue");
        let found = limits_below(&directory);
        remove_dir_all(&directory).expect("what was made goes");
        let limit = |id, limit| ByteQueueLimit { id, limit, inflight: 60 };
        assert_eq!(found, Ok(vec![limit(2, 1514), limit(10, 3028)]));
        assert_eq!(limits_below(&directory), Err(Errno::NOENT));
    }
}
