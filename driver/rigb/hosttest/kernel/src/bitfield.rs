// SPDX-License-Identifier: GPL-2.0-only
//! `bitfield!`: integers made of fields.

/// Types of which all zeros are a value.
pub trait Zeroable: Sized {
    /// All zeros.
    fn zeroed() -> Self;
}

/// Declares an integer with named fields, `highest:lowest name`, as the kernel's macro of this name does. A field is a `Bounded` or, with `=> Type` and
/// `?=> Type`, converted to `Type`.
#[macro_export]
macro_rules! bitfield {
    ($(#[$attribute:meta])* $visible:vis struct $name:ident($storage:ty) {
        $($(#[doc = $doc:expr])* $high:literal : $low:literal $field:ident $(?=> $checked:ty)? $(=> $whole:ty)? ;)*
    }) => {
        $(#[$attribute])*
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, PartialEq, Eq)]
        $visible struct $name {
            raw: $storage,
        }

        #[allow(dead_code)]
        impl $name {
            /// From the whole integer.
            $visible const fn from_raw(raw: $storage) -> Self {
                Self { raw }
            }

            /// The whole integer.
            $visible const fn into_raw(self) -> $storage {
                self.raw
            }

            $($crate::bitfield! {
                @field $visible $storage; $high $low; $(#[doc = $doc])* $field $(?=> $checked)? $(=> $whole)?
            })*
        }

        impl $crate::bitfield::Zeroable for $name {
            fn zeroed() -> Self {
                Self { raw: 0 }
            }
        }

        impl ::core::convert::From<$storage> for $name {
            fn from(raw: $storage) -> Self {
                Self { raw }
            }
        }

        impl ::core::convert::From<$name> for $storage {
            fn from(value: $name) -> Self {
                value.raw
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.debug_struct(::core::stringify!($name))
                    .field("raw", &::core::format_args!("{:#x}", self.raw))
                    $(.field(::core::stringify!($field), &self.$field()))*
                    .finish()
            }
        }
    };

    (@field $visible:vis $storage:ty; $high:literal $low:literal; $(#[doc = $doc:expr])* $field:ident) => {
        $crate::bitfield! { @bits $visible $storage; $high $low; $field }

        $crate::paste! {
            $(#[doc = $doc])*
            $visible fn $field(self) -> $crate::num::Bounded<$storage, { $high + 1 - $low }> {
                self.[<bits_of_ $field>]()
            }

            $(#[doc = $doc])*
            $visible const fn [<with_const_ $field>]<const VALUE: $storage>(self) -> Self {
                const { assert!(VALUE <= <$storage>::MAX >> (<$storage>::BITS - ($high + 1 - $low)), "the value does not fit its field") };
                Self { raw: self.raw & !Self::[<$field:upper _MASK>] | VALUE << $low }
            }

            $(#[doc = $doc])*
            $visible fn [<with_ $field>](self, value: impl Into<$crate::num::Bounded<$storage, { $high + 1 - $low }>>) -> Self {
                self.[<with_bits_of_ $field>](value.into())
            }

            $(#[doc = $doc])*
            $visible fn [<try_with_ $field>](
                self,
                value: impl $crate::num::TryIntoBounded<$storage, { $high + 1 - $low }>,
            ) -> $crate::error::Result<Self> {
                let value = value.try_into_bounded().ok_or($crate::error::code::EOVERFLOW)?;
                Ok(self.[<with_bits_of_ $field>](value))
            }
        }
    };

    (@field $visible:vis $storage:ty; $high:literal $low:literal; $(#[doc = $doc:expr])* $field:ident => $whole:ty) => {
        $crate::bitfield! { @bits $visible $storage; $high $low; $field }

        $crate::paste! {
            $(#[doc = $doc])*
            $visible fn $field(self) -> $whole {
                self.[<bits_of_ $field>]().into()
            }

            $(#[doc = $doc])*
            $visible fn [<with_ $field>](self, value: $whole) -> Self {
                self.[<with_bits_of_ $field>](value.into())
            }
        }
    };

    (@field $visible:vis $storage:ty; $high:literal $low:literal; $(#[doc = $doc:expr])* $field:ident ?=> $checked:ty) => {
        $crate::bitfield! { @bits $visible $storage; $high $low; $field }

        $crate::paste! {
            $(#[doc = $doc])*
            $visible fn $field(self) -> ::core::result::Result<
                $checked,
                <$checked as ::core::convert::TryFrom<$crate::num::Bounded<$storage, { $high + 1 - $low }>>>::Error,
            > {
                self.[<bits_of_ $field>]().try_into()
            }

            $(#[doc = $doc])*
            $visible fn [<with_ $field>](self, value: $checked) -> Self {
                self.[<with_bits_of_ $field>](value.into())
            }
        }
    };

    (@bits $visible:vis $storage:ty; $high:literal $low:literal; $field:ident) => {
        $crate::paste! {
            $visible const [<$field:upper _RANGE>]: ::core::ops::RangeInclusive<u8> = $low..=$high;
            $visible const [<$field:upper _SHIFT>]: u32 = $low;
            $visible const [<$field:upper _MASK>]: $storage = (<$storage>::MAX >> (<$storage>::BITS - ($high + 1 - $low))) << $low;

            fn [<bits_of_ $field>](self) -> $crate::num::Bounded<$storage, { $high + 1 - $low }> {
                $crate::num::Bounded::from_expr((self.raw & Self::[<$field:upper _MASK>]) >> $low)
            }

            fn [<with_bits_of_ $field>](self, value: $crate::num::Bounded<$storage, { $high + 1 - $low }>) -> Self {
                Self { raw: self.raw & !Self::[<$field:upper _MASK>] | value.get() << $low }
            }
        }
    };
}
