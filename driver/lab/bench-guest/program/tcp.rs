// SPDX-License-Identifier: MIT OR Apache-2.0
//! One TCP stream of zeroes.
use crate::mark;
use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
};

const CHUNK: usize = 64 << 10;

/// Takes one connection, reads it to its end and answers one byte.
pub fn serve(address: &str) -> io::Result<()> {
    let (mut stream, _) = TcpListener::bind(address)?.accept()?;
    let mut chunk = vec![0; CHUNK];
    while stream.read(&mut chunk)? > 0 {}
    stream.write_all(&[1])
}

/// Sends, and counts from the first byte to the answer. The first mebibyte opens the window and is not counted.
pub fn send(address: &str, mebibytes: usize) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    let chunk = vec![0; CHUNK];
    for _ in 0..(1 << 20) / CHUNK {
        stream.write_all(&chunk)?;
    }
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
