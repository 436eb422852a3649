// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stream 2: interrupts, softirqs and counters, read from files and a socket that stay open.

use crate::counters::Counters;
use crate::held_file::HeldFile;
use crate::interrupt_table::{self, Row, chip_and_name};
use crate::ksoftirqd::Ksoftirqd;
use crate::{ascii, clock, devices};
use ringscope_wire::control::{Device, Table, Vector};
use ringscope_wire::layouts::{SampleHeader, begin_sample};

/// The open files and the rows that the last table named.
pub struct Sampler {
    interrupts: Option<HeldFile>,
    softirqs: Option<HeldFile>,
    /// Counters beside the matrices.
    pub counters: Counters,
    ksoftirqd: Ksoftirqd,
    cpus: Vec<u32>,
    softirq_cpus: Vec<u32>,
    vectors: Vec<Row>,
    softirq_rows: Vec<Row>,
    counter_count: usize,
    table: Option<Table>,
    values: Vec<u64>,
    softirq_values: Vec<u64>,
    payload: Vec<u8>,
}

/// The columns of a matrix that belong to the wanted CPUs. `/proc/softirqs` lists possible CPUs, `/proc/interrupts` those online.
fn push_columns(from: &[u64], columns: &[u32], wanted: &[u32], into: &mut Vec<u64>) {
    if columns == wanted {
        into.extend_from_slice(from);
        return;
    }
    for row in from.chunks_exact(columns.len().max(1)) {
        for cpu in wanted {
            let place = columns.iter().position(|column| column == cpu);
            into.push(place.and_then(|place| row.get(place)).copied().unwrap_or(0));
        }
    }
}

impl Sampler {
    /// Opens the files; one that is missing has no rows.
    pub fn new() -> Self {
        Self {
            interrupts: HeldFile::open("/proc/interrupts").ok(),
            softirqs: HeldFile::open("/proc/softirqs").ok(),
            counters: Counters::new(),
            ksoftirqd: Ksoftirqd::new(),
            cpus: Vec::new(),
            softirq_cpus: Vec::new(),
            vectors: Vec::new(),
            softirq_rows: Vec::new(),
            counter_count: 0,
            table: None,
            values: Vec::new(),
            softirq_values: Vec::new(),
            payload: Vec::new(),
        }
    }

    /// The rows that samples have.
    pub fn table(&self) -> Option<&Table> {
        self.table.as_ref()
    }

    fn table_id(&self) -> u32 {
        self.table.as_ref().map_or(0, |table| table.table_id)
    }

    /// Looks anew at which rows there are. Other rows, or other names for them, are a table under a new id, and `true`.
    pub fn rebuild(&mut self, devices: &[Device]) -> bool {
        let content = self.interrupts.as_mut().and_then(|file| file.read().ok()).unwrap_or_default();
        self.cpus = interrupt_table::columns(content);
        (self.vectors, _) = interrupt_table::rows(content);
        let content = self.softirqs.as_mut().and_then(|file| file.read().ok()).unwrap_or_default();
        self.softirq_cpus = interrupt_table::columns(content);
        (self.softirq_rows, _) = interrupt_table::rows(content);
        let mut counters = self.counters.rebuild(devices);
        counters.extend(self.ksoftirqd.rebuild(&self.cpus));
        self.counter_count = counters.len();
        let owners = devices::interrupts(devices);
        let vectors = self.vectors.iter().map(|row| {
            let (chip, name) = chip_and_name(row);
            let irq = ascii::text(&row.label);
            let owner = owners.iter().find(|(owned, _)| *owned == irq);
            let device = owner.map(|(_, address)| address.clone());
            Vector { irq, name, chip, device }
        });
        let mut table = Table {
            table_id: self.table_id(),
            cpus: self.cpus.clone(),
            vectors: vectors.collect(),
            softirqs: self.softirq_rows.iter().map(|row| ascii::text(&row.label)).collect(),
            counters,
        };
        let is_new = self.table.as_ref() != Some(&table);
        if is_new {
            table.table_id = table.table_id.wrapping_add(1);
            self.table = Some(table);
        }
        is_new
    }

    /// Reads everything into a payload. `None` if the rows are others by now: then a new table is due.
    pub fn sample(&mut self) -> Option<&[u8]> {
        let begun = clock::monotonic();
        self.values.clear();
        self.softirq_values.clear();
        let content = self.interrupts.as_mut().map_or(Ok(&[][..]), HeldFile::read).ok()?;
        if !interrupt_table::counts(content, self.cpus.len(), &self.vectors, &mut self.values) {
            return None;
        }
        let content = self.softirqs.as_mut().map_or(Ok(&[][..]), HeldFile::read).ok()?;
        let columns = self.softirq_cpus.len();
        if !interrupt_table::counts(content, columns, &self.softirq_rows, &mut self.softirq_values) {
            return None;
        }
        push_columns(&self.softirq_values, &self.softirq_cpus, &self.cpus, &mut self.values);
        let matrices = self.values.len();
        let is_known = self.counters.read(begun, &mut self.values);
        self.ksoftirqd.read(begun, &mut self.values);
        if !is_known || self.values.len() - matrices != self.counter_count {
            return None;
        }
        let header = SampleHeader {
            time_ns: begun,
            table_id: self.table_id(),
            cpu_count: self.cpus.len() as u16,
            vector_count: self.vectors.len() as u16,
            softirq_count: self.softirq_rows.len() as u16,
            counter_count: self.counter_count as u16,
            duration_ns: u32::try_from(clock::monotonic() - begun).unwrap_or(u32::MAX),
        };
        begin_sample(&mut self.payload, &header);
        for value in &self.values {
            self.payload.extend_from_slice(&value.to_le_bytes());
        }
        Some(&self.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringscope_wire::layouts::read_sample;

    #[test]
    fn columns_of_cpus_that_are_offline_are_left_out() {
        let mut values = Vec::new();
        push_columns(&[1, 2, 3, 4, 5, 6], &[0, 1, 2], &[0, 2], &mut values);
        assert_eq!(values, [1, 3, 4, 6]);
        values.clear();
        push_columns(&[1, 2], &[0, 1], &[0, 1], &mut values);
        assert_eq!(values, [1, 2]);
    }

    #[test]
    fn a_sample_has_the_shape_that_the_table_named() {
        let mut sampler = Sampler::new();
        // An interrupt that is set up in between makes a new table due; it is not due for ever.
        let found = (0..100).find_map(|_| {
            sampler.rebuild(&[]);
            let payload = sampler.sample()?.to_vec();
            Some((sampler.table()?.clone(), payload))
        });
        let (table, payload) = found.expect("the rows settle");
        let sample = read_sample(&payload).expect("a sample is no bad record");
        assert_eq!(sample.header.table_id, table.table_id);
        assert_eq!(sample.vectors.len(), table.vectors.len() * table.cpus.len());
        assert_eq!(sample.softirqs.len(), table.softirqs.len() * table.cpus.len());
        assert_eq!(sample.counters.len(), table.counters.len());
    }
}
