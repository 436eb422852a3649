// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writes the golden frames: `cargo run -p ringscope-wire --example golden -- tests/fixtures/wire`.

#[path = "../tests/golden_frames/mod.rs"]
mod golden_frames;

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let directory = PathBuf::from(env::args_os().nth(1).ok_or("usage: golden OUTDIR")?);
    fs::create_dir_all(&directory)?;
    let all = golden_frames::all();
    for golden in &all {
        if golden_frames::describe(golden.sender, &golden.bytes, usize::MAX) != golden.expected {
            return Err(format!("{} is not read as expected", golden.file).into());
        }
        fs::write(directory.join(golden.file), &golden.bytes)?;
    }
    fs::write(directory.join("golden.json"), golden_frames::index(&all))?;
    Ok(())
}
