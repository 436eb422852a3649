#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Whether rigb can be built against a kernel tree: names everything that the tree or this machine lacks for it, and what to do about each.
#
#   check-kernel.sh TREE
#
# Ends with 0 when nothing is missing, with 1 when something is, with 2 when there is no tree to look at. The programs are the tree's own (the names that its
# configuration gives) unless CC, RUSTC or BINDGEN say otherwise. Notes, which stop nothing, go to standard output; what is missing goes to standard error.

# The kernel whose Rust interfaces the driver was written against.
oldest_major=7
oldest_minor=3

tree=${1:?usage: check-kernel.sh TREE}
missing=0

lacks() {
	[ "$missing" -gt 0 ] || echo "rigb cannot be built against $tree:" >&2
	missing=$((missing + 1))
	printf '  - %s\n      %s\n' "$1" "$2" >&2
}

note() {
	printf 'note: %s\n      %s\n' "$1" "$2"
}

# The value of an option without its quotes; nothing when it is not set.
option() {
	sed -n "s/^CONFIG_$1=//p" "$tree/.config" | sed 's/^"\(.*\)"$/\1/'
}

# `rustc 1.85.1 (4eb161250 2025-03-15)` is 1.85.1.
version_of() {
	printf '%s\n' "$1" | sed -n '1s/^[^(]*[^0-9.(]\([0-9][0-9]*\.[0-9][0-9]*\(\.[0-9][0-9]*\)*\).*/\1/p'
}

# needs OPTION why what-to-do: must be y or m.
needs() {
	case $(option "$1") in
	y | m) ;;
	*) lacks "CONFIG_$1 is not set: $2" "$3" ;;
	esac
}

# compare WORDS PROGRAM WANTED CONSEQUENCE: the program must be there and be of the version in the words WANTED.
compare() {
	[ -n "$3" ] || return 0
	wanted=$(version_of "$3")
	if ! said=$("$2" --version 2>&1); then
		lacks "$1 ($2) is not installed, or does not start; the kernel was built with $wanted." \
			"Install version $wanted, or say where it is: make $4=/path/to/it."
	elif [ "$(version_of "$said")" != "$wanted" ]; then
		lacks "$1 ($2) is version $(version_of "$said"); the kernel was built with $wanted. $5" \
			"Install version $wanted, or say where it is: make $4=/path/to/it."
	fi
}

if [ ! -f "$tree/Makefile" ]; then
	echo "There is no kernel tree in $tree." >&2
	case $tree in
	/lib/modules/*/build)
		release=${tree#/lib/modules/}
		echo "Install the headers of that kernel (Debian: apt-get install linux-headers-${release%/build}), or say where a tree is: make KDIR=/path/to/tree." >&2
		;;
	*) echo "Say where one is: make KDIR=/path/to/tree." >&2 ;;
	esac
	exit 2
fi
if [ ! -r "$tree/.config" ]; then
	echo "The kernel tree $tree has no .config: it is not that of a kernel that was built." >&2
	echo "Copy the kernel's own there (/boot/config-RELEASE, or zcat /proc/config.gz), then run: make -C $tree olddefconfig modules_prepare" >&2
	exit 2
fi

release=$(cat "$tree/include/config/kernel.release" 2>/dev/null)
prepare="make -C $tree CC=$(option CC_VERSION_TEXT | cut -d ' ' -f 1) olddefconfig modules_prepare"
if [ -z "$release" ]; then
	lacks 'The tree is not prepared for modules (include/config/kernel.release is missing).' "Run: $prepare"
else
	major=${release%%.*}
	minor=${release#*.}
	minor=${minor%%[!0-9]*}
	if [ "$major" -lt $oldest_major ] || { [ "$major" -eq $oldest_major ] && [ "$minor" -lt $oldest_minor ]; }; then
		lacks "It is Linux $release; the driver uses Rust interfaces of the kernel that came with $oldest_major.$oldest_minor." \
			"Use a kernel of $oldest_major.$oldest_minor or newer."
	elif [ "$major" -gt $oldest_major ] || [ "$minor" -gt $oldest_minor ]; then
		note "Linux $release is newer than $oldest_major.$oldest_minor, which the driver was written against." \
			"The kernel's Rust interfaces change; where the build fails, they did."
	fi
fi

needs X86_64 'the driver was built and tested on x86-64 only.' 'Use an x86-64 kernel.'
needs MODULES 'this kernel loads no modules.' 'Use a kernel with CONFIG_MODULES=y.'
needs RUST 'the driver is written in Rust.' 'Use a kernel with CONFIG_RUST=y (Debian: 7.3 of trixie-backports); it cannot be added to a built one.'
needs PCI 'the card is a PCI device.' 'Use a kernel with CONFIG_PCI=y.'
needs INET 'the driver is one of a network interface.' 'Use a kernel with CONFIG_NET=y and CONFIG_INET=y.'
needs PAGE_POOL 'received frames lie in page pools.' \
	'Drivers select it: switch on one that does, for example CONFIG_STMMAC_ETH=m, and build the kernel.'
needs PROC_FS 'the driver has a file below /proc/driver.' 'Use a kernel with CONFIG_PROC_FS=y.'

if [ "$(option RUST)" = y ]; then
	absent=
	for crate in core compiler_builtins ffi bindings uapi build_error pin_init kernel; do
		[ -e "$tree/rust/lib$crate.rmeta" ] || absent="$absent rust/lib$crate.rmeta"
	done
	[ -z "$absent" ] || lacks "The metadata of the kernel's Rust crates is missing:$absent. (Debian's headers packages come without it.)" \
		"Build it from the source of the very same version, with this .config and this Module.symvers: README.md says how, in four commands."
	consequence='The names of Rust symbols carry a hash of the compiler, so the module would find none of them.'
	compare rustc "${RUSTC:-rustc}" "$(option RUSTC_VERSION_TEXT)" RUSTC "$consequence"
	compare bindgen "${BINDGEN:-bindgen}" "$(option BINDGEN_VERSION_TEXT)" BINDGEN 'Its bindings may differ from those that the kernel crate has.'
fi
compiler=$(option CC_VERSION_TEXT)
compare 'the C compiler' "${CC:-${compiler%% *}}" "${compiler#* }" CC 'Its flags may differ from those that the tree asks for.'

[ -s "$tree/Module.symvers" ] || lacks 'Module.symvers is missing, so no symbol of the kernel can be looked up.' \
	'Copy it from the headers package of the same version, or build the kernel in this tree.'
[ -x "$tree/scripts/mod/modpost" ] || lacks 'scripts/mod/modpost is missing: the tree is not prepared for modules.' "Run: $prepare"

if [ "$missing" -gt 0 ]; then
	[ "$missing" -eq 1 ] || echo "  ($missing things)" >&2
	exit 1
fi

[ "$(option TRACEPOINTS)" = y ] || note 'CONFIG_TRACEPOINTS is not set.' 'The module is built without its tracepoints.'
case $(option PTP_1588_CLOCK) in
y | m) ;;
*) note 'CONFIG_PTP_1588_CLOCK is not set.' "Frames are stamped, but the card's clock is no /dev/ptp." ;;
esac
[ "$(option DYNAMIC_DEBUG)" = y ] || note 'CONFIG_DYNAMIC_DEBUG is not set.' 'The debug messages of the module cannot be switched on.'
if [ "$(option DEBUG_INFO_BTF_MODULES)" = y ] && [ ! -e "$tree/vmlinux" ]; then
	note "There is no $tree/vmlinux, so the module gets no BTF." 'BPF programs see its tracepoints all the same; for its functions: cp /sys/kernel/btf/vmlinux there.'
fi
[ "$(option MODULE_SIG_FORCE)" != y ] || note 'CONFIG_MODULE_SIG_FORCE is set: this kernel refuses a module that no trusted key has signed.' \
	"Sign it: $tree/scripts/sign-file sha512 KEY CERTIFICATE rigb.ko"
echo "$tree, Linux $release, has all that rigb needs."
