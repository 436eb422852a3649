// SPDX-License-Identifier: GPL-2.0-only
//! A buffer that the hardware owns. Nothing can be done with it but to wait: it comes back only against a proof, and forgetting it leaks the memory instead of
//! freeing what the card may still write to.

use super::descriptor::Done;
use core::mem::ManuallyDrop;

/// A buffer given to the card through a descriptor.
///
/// There is no way to take the buffer out, and dropping a `Posted` does not drop it: "freed while the hardware owns it" cannot be written down.
pub(crate) struct Posted<B>(ManuallyDrop<B>);

/// The proof that a queue does no DMA any more: all its buffers are software's again.
pub(crate) struct Quiesced(());

impl Quiesced {
    /// For the one function that takes queues out of use without a reset, once the card says of each that it does nothing any more.
    pub(crate) const fn after_disable() -> Self {
        Self(())
    }

    /// For the one function that stops the queues, once the card has confirmed it (or is gone from the bus).
    pub(crate) const fn after_reset() -> Self {
        Self(())
    }
}

impl<B> Posted<B> {
    /// Gives `buffer` away. To be called before the card is told of the descriptor.
    pub(crate) const fn new(buffer: B) -> Self {
        Self(ManuallyDrop::new(buffer))
    }

    /// The card wrote the descriptor back.
    pub(crate) fn complete(self, _proof: &Done) -> B {
        ManuallyDrop::into_inner(self.0)
    }

    /// The queue was stopped.
    pub(crate) fn reclaim(self, _proof: &Quiesced) -> B {
        ManuallyDrop::into_inner(self.0)
    }

    /// A look at a buffer that stays where it is. It is shared with the card: a type of buffer lets nothing be reached by this that the card may write to.
    pub(super) fn look(&self) -> &B {
        &self.0
    }

    /// The descriptor was never made visible to the card.
    pub(super) fn never_given(self) -> B {
        ManuallyDrop::into_inner(self.0)
    }
}
