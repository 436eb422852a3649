// SPDX-License-Identifier: GPL-2.0-only
//! XDP: the attached program, and received frames on their way through it.

use super::{
    bindings,
    napi::PollContext,
    netdev::NetDev,
    page_pool::{PagePool, RxBuffer},
    rx_frame::{FrameLength, RxFrame, RxPath},
    xdp_frame::XdpFrame,
};
use core::{
    marker::PhantomData,
    mem::MaybeUninit,
    pin::Pin,
    ptr::NonNull,
    sync::atomic::{AtomicPtr, Ordering::AcqRel, Ordering::Acquire},
};
use kernel::{bindings as c, error::to_result, prelude::*, types::Opaque};

/// A share of a BPF program of type XDP. Dropping it gives the share back; the program goes after an RCU grace period at the earliest.
pub(crate) struct XdpProgram(NonNull<c::bpf_prog>);

// SAFETY: a share of a program may be given back from any thread.
unsafe impl Send for XdpProgram {}

impl XdpProgram {
    /// # Safety
    ///
    /// `program` is valid and the caller hands a share over.
    pub(super) unsafe fn from_raw(program: NonNull<c::bpf_prog>) -> Self {
        Self(program)
    }
}

impl Drop for XdpProgram {
    fn drop(&mut self) {
        // SAFETY: the share is ours.
        unsafe { bindings::bpf_prog_put(self.0.as_ptr()) };
    }
}

/// What a driver has to know of a program before it takes it.
#[derive(Clone, Copy)]
pub(crate) struct XdpProgramFacts {
    /// It understands frames in several buffers.
    pub(crate) has_frags: bool,
}

impl XdpProgramFacts {
    /// # Safety
    ///
    /// `program` is valid.
    pub(super) unsafe fn of(program: NonNull<c::bpf_prog>) -> Self {
        // SAFETY: valid, the caller says so.
        Self { has_frags: unsafe { bindings::rigb_bpf_has_frags(program.as_ptr()) } }
    }
}

/// The place of the program that an interface's frames run through.
pub(crate) struct ProgramSlot(AtomicPtr<c::bpf_prog>);

impl ProgramSlot {
    /// Without a program.
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(core::ptr::null_mut()))
    }

    /// Puts a program in place and returns the one before. Polls that run may use the old one until they end.
    pub(crate) fn exchange(&self, program: Option<XdpProgram>) -> Option<XdpProgram> {
        let raw = program.map_or(core::ptr::null_mut(), |program| core::mem::ManuallyDrop::new(program).0.as_ptr());
        NonNull::new(self.0.swap(raw, AcqRel)).map(XdpProgram)
    }

    /// What is to be known of it.
    pub(crate) fn facts(&self) -> Option<XdpProgramFacts> {
        let _reader = kernel::sync::rcu::read_lock();
        // SAFETY: the slot owned a share when it was read, and whoever gave that back since has to wait for us.
        NonNull::new(self.0.load(Acquire)).map(|program| unsafe { XdpProgramFacts::of(program) })
    }

    /// The program, for the time of a poll.
    #[inline]
    pub(crate) fn current<'a>(&self, _context: &'a PollContext<'_>) -> Option<AttachedProgram<'a>> {
        NonNull::new(self.0.load(Acquire)).map(|program| AttachedProgram(program, PhantomData))
    }
}

impl Drop for ProgramSlot {
    fn drop(&mut self) {
        drop(self.exchange(None));
    }
}

/// The attached program while a poll runs: polls are RCU readers, and a program outlives the readers that were there when its last share was given back.
#[derive(Clone, Copy)]
pub(crate) struct AttachedProgram<'a>(NonNull<c::bpf_prog>, PhantomData<&'a ()>);

/// What a program wants with a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Up the stack.
    Pass,
    /// Away with it.
    Drop,
    /// Back out of the same port.
    Transmit,
    /// Elsewhere: a map or a device that the program named.
    Redirect,
    /// XDP_ABORTED, or a number that is no verdict.
    Invalid(u32),
}

impl Verdict {
    const fn from_raw(action: u32) -> Self {
        match action {
            c::xdp_action_XDP_PASS => Self::Pass,
            c::xdp_action_XDP_DROP => Self::Drop,
            c::xdp_action_XDP_TX => Self::Transmit,
            c::xdp_action_XDP_REDIRECT => Self::Redirect,
            other => Self::Invalid(other),
        }
    }
}

/// A receive queue as programs see it, with its pool. Dropping it unregisters.
pub(crate) struct RxqInfo(Pin<KBox<Opaque<bindings::xdp_rxq_info>>>);

// SAFETY: registered once, then read only.
unsafe impl Send for RxqInfo {}

impl RxqInfo {
    /// Registers receive queue `queue` of `netdev` over `pool`, which must be dropped after it.
    pub(crate) fn new(netdev: &NetDev, queue: u32, pool: &PagePool) -> Result<Self> {
        let place = KBox::pin_init(
            Opaque::ffi_init(|slot: *mut bindings::xdp_rxq_info| {
                // SAFETY: a place for one xdp_rxq_info, for which zeros mean unregistered.
                unsafe { slot.write_bytes(0, 1) }
            }),
            GFP_KERNEL,
        )?;
        let bytes = pool.layout().bytes();
        // SAFETY: the place is pinned; netdev and pool are alive and outlive the registration.
        to_result(unsafe { bindings::rigb_rxq_register(place.get(), netdev.as_ptr(), queue, bytes, pool.as_ptr()) })?;
        Ok(Self(place))
    }

    fn as_ptr(&self) -> *mut bindings::xdp_rxq_info {
        self.0.get()
    }

    /// Without a frame.
    fn xdp_buff(&self, path: &RxPath<'_>) -> bindings::xdp_buff {
        let mut xdp = MaybeUninit::<bindings::xdp_buff>::zeroed();
        // SAFETY: the queue is registered; `xdp` is a place for the result.
        unsafe { bindings::rigb_xdp_init(xdp.as_mut_ptr(), self.as_ptr(), path.as_raw().bytes) };
        // SAFETY: zeros are valid for what the function did not write.
        unsafe { xdp.assume_init() }
    }
}

impl Drop for RxqInfo {
    fn drop(&mut self) {
        // SAFETY: registered in `new`, unregistered once.
        unsafe { bindings::xdp_rxq_info_unreg(self.as_ptr()) };
    }
}

/// The attached program with a place for the frames of a poll, one after the other.
pub(crate) struct XdpRunner<'a> {
    raw: bindings::rigb_xdp_runner,
    program: AttachedProgram<'a>,
    // The place names it.
    _rxq: &'a RxqInfo,
}

/// What came of a frame in one buffer.
pub(crate) enum Ran {
    /// It is dropped: the card may have the buffer again.
    Dropped(RxBuffer),
    /// Something else is to be done with it.
    Judged(XdpBuff, Verdict),
}

impl<'a> XdpRunner<'a> {
    /// For frames of `rxq`.
    pub(crate) fn new(program: AttachedProgram<'a>, rxq: &'a RxqInfo, path: &RxPath<'_>) -> Self {
        let raw = bindings::rigb_xdp_runner { program: program.0.as_ptr(), xdp: rxq.xdp_buff(path) };
        Self { raw, program, _rxq: rxq }
    }

    /// The program.
    pub(crate) fn program(&self) -> AttachedProgram<'a> {
        self.program
    }

    /// Runs the program on the first `length` bytes of `buffer`.
    #[inline(always)]
    pub(crate) fn run(&mut self, buffer: RxBuffer, length: FrameLength, path: &mut RxPath<'_>) -> Ran {
        path.lay_out(&buffer, length);
        // SAFETY: the buffer is ours, laid out as its pool lays it out, and the card has written it; the program is alive for the time of the poll.
        let action = unsafe { bindings::rigb_xdp_frame(path.as_raw(), &mut self.raw) };
        if action == c::xdp_action_XDP_DROP {
            return Ran::Dropped(buffer);
        }
        // The buffer is the frame's from here on.
        core::mem::forget(buffer);
        Ran::Judged(XdpBuff { xdp: self.raw.xdp, fragments: 0 }, Verdict::from_raw(action))
    }
}

/// A received frame, in one buffer or more, for a program to work on. Dropping it returns the buffers.
pub(crate) struct XdpBuff {
    xdp: bindings::xdp_buff,
    fragments: u32,
}

// SAFETY: the buffers have one owner and belong to no thread; the receive queue that they name outlives them (it is reclaimed after them).
unsafe impl Send for XdpBuff {}

impl XdpBuff {
    /// A frame that begins with `length` bytes (clamped) of `buffer`.
    pub(crate) fn begin(buffer: RxBuffer, length: u32, rxq: &RxqInfo, path: &RxPath<'_>) -> Self {
        let mut xdp = rxq.xdp_buff(path);
        let raw = buffer.into_raw(path, length);
        // SAFETY: the buffer is ours, laid out as its pool lays it out, and the card has written it; `xdp` is of its queue.
        unsafe { bindings::rigb_xdp_begin(path.as_raw(), &mut xdp, &raw) };
        Self { xdp, fragments: 0 }
    }

    /// Adds a further buffer of the same frame. False when there are as many as it can hold: the buffer is returned.
    pub(crate) fn add(&mut self, buffer: RxBuffer, length: u32, path: &RxPath<'_>) -> bool {
        if self.fragments >= bindings::RIGB_MAX_FRAGMENTS {
            return false;
        }
        let raw = buffer.raw(path, length);
        self.fragments = self.fragments.wrapping_add(1);
        // SAFETY: both are ours.
        let added = unsafe { bindings::rigb_xdp_add(path.as_raw(), &mut self.xdp, &raw) };
        if added {
            // The page is the frame's now.
            core::mem::forget(buffer);
        }
        added
    }

    /// Runs the program.
    pub(crate) fn run(&mut self, program: AttachedProgram<'_>) -> Verdict {
        // SAFETY: the program is alive for the time of the poll that `program` stands for; the frame is ours.
        Verdict::from_raw(unsafe { bindings::rigb_xdp_run(program.0.as_ptr(), &mut self.xdp) })
    }

    /// Takes an sk_buff for it. `None` when there is no memory: the buffers are returned.
    pub(crate) fn into_frame(self, _context: &PollContext<'_>) -> Option<RxFrame> {
        // SAFETY: the frame is ours and we are in a poll.
        let skb = NonNull::new(unsafe { bindings::xdp_build_skb_from_buff(&self.xdp) })?;
        // The buffers are the sk_buff's now.
        core::mem::forget(self);
        // SAFETY: the sk_buff is ours, with its protocol set.
        Some(unsafe { RxFrame::from_xdp(skb) })
    }

    /// Makes it a frame to send. `None` when its head has no room for that: the buffers are returned.
    pub(crate) fn into_sendable(mut self) -> Option<XdpFrame> {
        // SAFETY: the frame is ours.
        let frame = NonNull::new(unsafe { bindings::rigb_xdp_to_frame(&mut self.xdp) })?;
        // The buffers are the frame's now.
        core::mem::forget(self);
        // SAFETY: as above, and nobody else has it.
        Some(unsafe { XdpFrame::from_raw(frame) })
    }

    /// Gives it to whom the program named. `false` when that failed: the buffers are returned. `flush_redirected` must follow in the same poll.
    pub(crate) fn redirect(
        mut self,
        netdev: &NetDev,
        program: AttachedProgram<'_>,
        _context: &PollContext<'_>,
    ) -> bool {
        // SAFETY: frame, device and program are valid, in a poll.
        let result = unsafe { bindings::xdp_do_redirect(netdev.as_ptr(), &mut self.xdp, program.0.as_ptr()) };
        if result == 0 {
            // The buffers are the target's now.
            core::mem::forget(self);
        }
        result == 0
    }
}

impl Drop for XdpBuff {
    fn drop(&mut self) {
        // SAFETY: the buffers are ours and returned once.
        unsafe { bindings::xdp_return_buff(&mut self.xdp) };
    }
}

/// Says in the trace (`xdp:xdp_exception`), and once in the log for a number that is none, that a verdict could not be followed.
pub(crate) fn report_exception(netdev: &NetDev, program: AttachedProgram<'_>, verdict: Verdict) {
    let action = match verdict {
        Verdict::Pass => c::xdp_action_XDP_PASS,
        Verdict::Drop => c::xdp_action_XDP_DROP,
        Verdict::Transmit => c::xdp_action_XDP_TX,
        Verdict::Redirect => c::xdp_action_XDP_REDIRECT,
        Verdict::Invalid(other) => other,
    };
    if matches!(verdict, Verdict::Invalid(other) if other != c::xdp_action_XDP_ABORTED) {
        // SAFETY: device and program are valid.
        unsafe { bindings::bpf_warn_invalid_xdp_action(netdev.as_ptr(), program.0.as_ptr(), action) };
    }
    // SAFETY: device and program are valid.
    unsafe { bindings::rigb_xdp_exception(netdev.as_ptr(), program.0.as_ptr(), action) };
}

/// Sends redirected frames on, at the end of a poll that redirected some.
pub(crate) fn flush_redirected(_context: &PollContext<'_>) {
    // SAFETY: in a poll.
    unsafe { bindings::xdp_do_flush() };
}
