// SPDX-License-Identifier: MIT OR Apache-2.0
//! One TCP stream of zeroes.
use crate::mark;
use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
};

const CHUNK: usize = 64 << 10;
/// What opens the window, before anything is counted.
const OPENING: usize = 4 << 20;

/// Takes one connection and reads it to its end. Answers one byte when it has read what opens the window, and another at the end.
pub fn serve(address: &str) -> io::Result<()> {
    let (mut stream, _) = TcpListener::bind(address)?.accept()?;
    let mut chunk = vec![0; CHUNK];
    for _ in 0..OPENING / CHUNK {
        stream.read_exact(&mut chunk)?;
    }
    stream.write_all(&[1])?;
    while stream.read(&mut chunk)? > 0 {}
    stream.write_all(&[1])
}

/// Sends, and counts from the first byte behind those that open the window to the answer at the end. None of those is under way any more when counting begins.
pub fn send(address: &str, mebibytes: usize) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    let chunk = vec![0; CHUNK];
    for _ in 0..OPENING / CHUNK {
        stream.write_all(&chunk)?;
    }
    stream.read_exact(&mut [0])?;
    mark::counted(|| {
        let begun = mark::now_ns();
        for _ in 0..(mebibytes << 20) / CHUNK {
            stream.write_all(&chunk)?;
        }
        stream.shutdown(std::net::Shutdown::Write)?;
        stream.read_exact(&mut [0])?;
        println!("elapsed_ns {}", mark::now_ns() - begun);
        Ok(())
    })
}
