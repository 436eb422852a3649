// SPDX-License-Identifier: MIT OR Apache-2.0
//! A TCG plugin of QEMU that counts the guest's instructions between two marks that the guest sets itself.
//!
//! A mark is an eight-byte `nop` whose displacement is `BEGIN` or `END` (program/mark.rs executes it): invisible to the guest, free of system calls, exact to the
//! instruction. Every `END` appends the line `kernel user` to the file given as `counts=`. With `profile=PREFIX` it also writes `PREFIX.N`, one line
//! `address count` (hexadecimal, decimal) for each instruction of the kernel that was executed in section N, counted from 0.
//!
//! Instructions are counted one by one, not by translation block: under `-icount` a block is left in its midst at a device access and begun anew behind it.
//! The functions declared below are QEMU's plugin interface (docs/devel/tcg-plugins); QEMU's executable exports them.
use std::{
    collections::HashMap,
    ffi::{CStr, c_char, c_int, c_uint, c_void},
    fs::{File, OpenOptions},
    io::{BufWriter, Write},
    sync::Mutex,
};

const BEGIN: u32 = 0x7269_6701;
const END: u32 = 0x7269_6702;
/// `nop dword [rax + rax*1 + displacement]`, without its displacement.
const MARK: [u8; 4] = [0x0f, 0x1f, 0x84, 0x00];
/// Instructions of the kernel that can be told apart; a running guest executes about 200,000 different ones.
const ADDRESSES: usize = 1 << 21;
/// The first address of the upper half, which is the kernel's.
const KERNEL: u64 = 1 << 63;

const KERNEL_COUNT: usize = 0;
const USER_COUNT: usize = 1;
const FIRST_ADDRESS: usize = 2;

#[repr(C)]
#[derive(Clone, Copy)]
struct CounterEntry {
    scoreboard: *mut c_void,
    offset: usize,
}

const INLINE_ADD_U64: c_int = 0;
const NO_REGISTERS: c_int = 0;

unsafe extern "C" {
    fn qemu_plugin_register_vcpu_tb_trans_cb(id: u64, callback: extern "C" fn(u64, *mut c_void));
    fn qemu_plugin_register_vcpu_insn_exec_cb(insn: *mut c_void, callback: extern "C" fn(c_uint, *mut c_void), flags: c_int, data: *mut c_void);
    fn qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn: *mut c_void, op: c_int, entry: CounterEntry, immediate: u64);
    fn qemu_plugin_tb_n_insns(tb: *const c_void) -> usize;
    fn qemu_plugin_tb_get_insn(tb: *const c_void, index: usize) -> *mut c_void;
    fn qemu_plugin_insn_vaddr(insn: *const c_void) -> u64;
    fn qemu_plugin_insn_data(insn: *const c_void, into: *mut c_void, length: usize) -> usize;
    fn qemu_plugin_scoreboard_new(element_size: usize) -> *mut c_void;
    fn qemu_plugin_scoreboard_find(scoreboard: *mut c_void, vcpu: c_uint) -> *mut c_void;
    fn qemu_plugin_num_vcpus() -> c_int;
}

struct Counting {
    scoreboard: *mut c_void,
    elements: usize,
    counts: File,
    profile: Option<String>,
    addresses: HashMap<u64, usize>,
    section: usize,
}

// SAFETY: the scoreboard is QEMU's and lives as long as the process; everything else is owned.
unsafe impl Send for Counting {}

static COUNTING: Mutex<Option<Counting>> = Mutex::new(None);

impl Counting {
    fn element_of(&mut self, address: u64) -> usize {
        if address < KERNEL {
            return USER_COUNT;
        }
        if self.profile.is_none() {
            return KERNEL_COUNT;
        }
        // Past the last address all share one element; `end` says so.
        let next = (self.addresses.len() + FIRST_ADDRESS).min(self.elements - 1);
        *self.addresses.entry(address).or_insert(next)
    }

    fn of_vcpu(&self, vcpu: c_uint) -> &'static mut [u64] {
        // SAFETY: QEMU keeps `elements` numbers for each vCPU below `qemu_plugin_num_vcpus`; marks run in the vCPU's thread, and one at a time under -icount.
        unsafe { std::slice::from_raw_parts_mut(qemu_plugin_scoreboard_find(self.scoreboard, vcpu).cast(), self.elements) }
    }

    fn vcpus(&self) -> std::ops::Range<c_uint> {
        // SAFETY: no condition.
        0..unsafe { qemu_plugin_num_vcpus() }.unsigned_abs()
    }

    fn begin(&mut self) {
        for vcpu in self.vcpus() {
            self.of_vcpu(vcpu).fill(0);
        }
    }

    fn end(&mut self) -> std::io::Result<()> {
        let mut totals = vec![0u64; self.elements];
        for vcpu in self.vcpus() {
            for (total, count) in totals.iter_mut().zip(self.of_vcpu(vcpu).iter()) {
                *total += count;
            }
        }
        let kernel: u64 = totals[KERNEL_COUNT] + totals[FIRST_ADDRESS.min(self.elements)..].iter().sum::<u64>();
        writeln!(self.counts, "{kernel} {}", totals[USER_COUNT])?;
        if let Some(prefix) = &self.profile {
            if self.addresses.len() + FIRST_ADDRESS >= self.elements {
                eprintln!("count: more than {ADDRESSES} instructions; the last ones share a counter");
            }
            let mut file = BufWriter::new(File::create(format!("{prefix}.{}", self.section))?);
            for (address, &element) in &self.addresses {
                if totals[element] > 0 {
                    writeln!(file, "{address:x} {}", totals[element])?;
                }
            }
            file.flush()?;
        }
        self.section += 1;
        Ok(())
    }
}

extern "C" fn on_mark(_vcpu: c_uint, kind: *mut c_void) {
    let mut counting = COUNTING.lock().expect("no thread panics while it holds the lock");
    let Some(counting) = counting.as_mut() else { return };
    if kind as usize == BEGIN as usize {
        counting.begin();
    } else if let Err(error) = counting.end() {
        eprintln!("count: {error}");
        std::process::abort();
    }
}

extern "C" fn on_translation(_id: u64, tb: *mut c_void) {
    let mut counting = COUNTING.lock().expect("no thread panics while it holds the lock");
    let Some(counting) = counting.as_mut() else { return };
    // SAFETY: QEMU gives a valid block; it and its instructions live during this callback.
    let count = unsafe { qemu_plugin_tb_n_insns(tb) };
    for index in 0..count {
        // SAFETY: the index is below the block's count.
        let insn = unsafe { qemu_plugin_tb_get_insn(tb, index) };
        let mut bytes = [0u8; 8];
        // SAFETY: the buffer is as long as said.
        let length = unsafe { qemu_plugin_insn_data(insn, bytes.as_mut_ptr().cast(), bytes.len()) };
        // SAFETY: the instruction is valid, by the loop's first line.
        let address = unsafe { qemu_plugin_insn_vaddr(insn) };
        let entry = CounterEntry { scoreboard: counting.scoreboard, offset: 8 * counting.element_of(address) };
        // SAFETY: the entry is one of the scoreboard's `elements`.
        unsafe { qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, INLINE_ADD_U64, entry, 1) };
        if length == bytes.len() && bytes[..4] == MARK {
            let kind = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
            if kind == BEGIN || kind == END {
                // SAFETY: the callback is a function and its data a number.
                unsafe { qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, NO_REGISTERS, kind as usize as *mut c_void) };
            }
        }
    }
}

/// The version of the interface that is used here: scoreboards and `qemu_plugin_insn_data` with a destination came with 3.
#[unsafe(no_mangle)]
pub static qemu_plugin_version: c_int = 3;

/// Called by QEMU when it loads the plugin.
#[unsafe(no_mangle)]
pub extern "C" fn qemu_plugin_install(id: u64, _info: *const c_void, count: c_int, arguments: *const *const c_char) -> c_int {
    let mut counts = None;
    let mut profile = None;
    for index in 0..count.unsigned_abs() as usize {
        // SAFETY: QEMU gives `count` strings.
        let argument = unsafe { CStr::from_ptr(*arguments.add(index)) }.to_string_lossy();
        match argument.split_once('=') {
            Some(("counts", path)) => counts = Some(path.to_owned()),
            Some(("profile", prefix)) => profile = Some(prefix.to_owned()),
            _ => {
                eprintln!("count: what is {argument}?");
                return -1;
            }
        }
    }
    let file = counts.ok_or_else(|| "counts=FILE is missing".to_owned());
    let counts = match file.and_then(|path| OpenOptions::new().create(true).append(true).open(&path).map_err(|error| format!("{path}: {error}"))) {
        Ok(file) => file,
        Err(message) => {
            eprintln!("count: {message}");
            return -1;
        }
    };
    let elements = FIRST_ADDRESS + if profile.is_some() { ADDRESSES } else { 0 };
    // SAFETY: no condition; QEMU keeps it until it ends.
    let scoreboard = unsafe { qemu_plugin_scoreboard_new(8 * elements) };
    *COUNTING.lock().expect("nobody else runs yet") = Some(Counting { scoreboard, elements, counts, profile, addresses: HashMap::new(), section: 0 });
    // SAFETY: the callback lives as long as the process, the plugin is never unloaded.
    unsafe { qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation) };
    0
}
