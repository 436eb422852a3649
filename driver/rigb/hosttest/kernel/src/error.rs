// SPDX-License-Identifier: GPL-2.0-only
//! Errors as the kernel numbers them.

use core::fmt;

/// An errno, negative as the kernel returns it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Error(i32);

impl Error {
    /// The negative number.
    pub const fn to_errno(self) -> i32 {
        self.0
    }
}

/// Of a call that can fail, usually without a value.
pub type Result<T = (), E = Error> = core::result::Result<T, E>;

macro_rules! codes {
    ($($name:ident = $number:literal, $meaning:literal;)+) => {
        /// The errors by name.
        pub mod code {
            use super::Error;
            $(
                #[doc = $meaning]
                pub const $name: Error = Error(-$number);
            )+
        }

        impl fmt::Debug for Error {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.0 {
                    $(code if code == -$number => formatter.write_str(stringify!($name)),)+
                    code => write!(formatter, "errno {code}"),
                }
            }
        }
    };
}

codes! {
    EPERM = 1, "Not permitted.";
    ENOENT = 2, "No such entry.";
    EIO = 5, "The device failed.";
    ENXIO = 6, "No such address.";
    E2BIG = 7, "Too long a list.";
    EAGAIN = 11, "Try again.";
    ENOMEM = 12, "No memory.";
    EFAULT = 14, "A bad address.";
    EBUSY = 16, "Somebody else has it.";
    EEXIST = 17, "It is there already.";
    ENODEV = 19, "The device is gone.";
    EINVAL = 22, "An argument makes no sense.";
    ENOSPC = 28, "No room.";
    ERANGE = 34, "A result does not fit.";
    ENODATA = 61, "No data.";
    ETIME = 62, "A timer ran out.";
    EPROTO = 71, "The device does not keep to the protocol.";
    EBADMSG = 74, "Data are damaged.";
    EOVERFLOW = 75, "A value does not fit.";
    EMSGSIZE = 90, "Too long a message.";
    EOPNOTSUPP = 95, "The device cannot do that.";
    EADDRNOTAVAIL = 99, "Not an address one may have.";
    ENOBUFS = 105, "No buffer.";
    ETIMEDOUT = 110, "It took too long.";
}
