// SPDX-License-Identifier: GPL-2.0-only
//! Interrupt vectors and the handlers on them, as one value: handlers are freed (and waited for) before their vectors.

use super::binding::Binding;
use core::{marker::PhantomData, pin::Pin};
use kernel::{
    irq::{self, Flags, IrqRequest, IrqReturn, Registration},
    pci::{IrqType, IrqTypes, IrqVectorRegistration},
    prelude::*,
    str::CStr,
};

/// Vectors that the PCI core gave out.
pub(crate) struct Vectors(KBox<IrqVectorRegistration<'static>>);

impl Vectors {
    /// From `least` to `most` MSI-X vectors, or else one interrupt for everything (MSI or INTx).
    pub(crate) fn allocate(binding: Binding, least: u32, most: u32) -> Result<Self> {
        let msix = IrqTypes::default().with(IrqType::MsiX);
        let single = IrqTypes::default().with(IrqType::Msi).with(IrqType::Intx);
        let vectors = binding
            .pci()
            .alloc_irq_vectors(least, most, msix)
            .or_else(|_| binding.pci().alloc_irq_vectors(1, 1, single))?;
        Ok(Self(KBox::new(vectors, GFP_KERNEL)?))
    }

    /// Whether each cause has a vector of its own.
    pub(crate) fn is_msix(&self) -> bool {
        matches!(self.0.irq_type(), IrqType::MsiX)
    }

    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The kernel's number of a vector.
    pub(crate) fn irq(&self, index: usize) -> Result<u32> {
        let request: IrqRequest<'_> = self.0.index(index)?.into();
        Ok(request.irq())
    }
}

/// Proof of being inside an interrupt handler: no other interrupt comes on this CPU (with PREEMPT_RT, where the handler is a thread, NAPI sees to that itself).
pub(crate) struct HandlerContext<'a>(PhantomData<&'a mut ()>);

/// What handles the interrupts of a vector.
pub(crate) trait Handler: Sync {
    /// Called for each.
    fn handle(&self, context: &HandlerContext<'_>) -> IrqReturn;
}

/// A handler as the kernel calls it.
struct Line<H>(H);

impl<H: Handler> irq::Handler for Line<H> {
    #[inline]
    fn handle(&self) -> IrqReturn {
        self.0.handle(&HandlerContext(PhantomData))
    }
}

/// Handlers on all vectors. Field order: handlers first, then vectors.
pub(crate) struct InterruptLines<H: Handler + 'static> {
    handlers: KVec<Pin<KBox<Registration<'static, Line<H>>>>>,
    vectors: Vectors,
}

impl<H: Handler + Send + 'static> InterruptLines<H> {
    /// Requests each vector with the name and handler that `make` returns for its index.
    pub(crate) fn request(vectors: Vectors, mut make: impl FnMut(usize) -> Result<(&'static CStr, H)>) -> Result<Self> {
        let mut lines = Self { handlers: KVec::with_capacity(vectors.count(), GFP_KERNEL)?, vectors };
        let flags =
            if matches!(lines.vectors.0.irq_type(), IrqType::Intx) { Flags::SHARED } else { Flags::TRIGGER_NONE };
        for index in 0..lines.vectors.count() {
            let (name, handler) = make(index)?;
            // SAFETY: the vectors live in a box that is dropped after every handler (field order), so they outlive what borrows them.
            let registration: &'static IrqVectorRegistration<'static> =
                unsafe { &*core::ptr::from_ref(&*lines.vectors.0) };
            let write = move |slot: *mut Line<H>| {
                // SAFETY: the closure is called once, with memory for a handler.
                unsafe { slot.write(Line(handler)) };
                Ok(())
            };
            // SAFETY: the closure initialises the whole slot and cannot fail.
            let handler = unsafe { pin_init::pin_init_from_closure::<Line<H>, Error>(write) };
            let request = registration.index(index)?.into();
            // SAFETY: the registration goes into `handlers` or is dropped; it is never forgotten.
            let line = unsafe { Registration::new(request, flags, name, handler) };
            lines.handlers.push(KBox::pin_init(line, GFP_KERNEL)?, GFP_KERNEL)?;
        }
        Ok(lines)
    }
}
