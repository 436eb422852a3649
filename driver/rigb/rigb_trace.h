/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracepoints of the data path, as perf, bpftrace, trace-cmd and tracefs see them: /sys/kernel/tracing/events/rigb. Every event names the device by its
 * PCI address, the ring by its queue and the descriptor by its index in the ring; addresses are the bus addresses that the card was given, as they are in the
 * descriptor. src/sys/trace.rs calls them; the branch there is a nop until somebody listens.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM rigb

#if !defined(RIGB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define RIGB_TRACE_H

#include <linux/pci.h>
#include <linux/tracepoint.h>

/* Flags of a descriptor. The same word for both directions; what only one has is said there. */
#define RIGB_TRACE_EOP 0x01 /* the frame ends in this descriptor */
#define RIGB_TRACE_CSUM 0x02 /* tx: the card inserts a checksum; rx: it found the checksums right */
#define RIGB_TRACE_TSO 0x04 /* tx: the card cuts the frame into segments */
#define RIGB_TRACE_VLAN 0x08 /* tx: the card inserts the tag; rx: it took the tag out */
#define RIGB_TRACE_CONTEXT 0x10 /* tx: a context descriptor, which has no buffer */
#define RIGB_TRACE_HASH 0x20 /* rx: the card computed an RSS hash */
#define RIGB_TRACE_BAD 0x40 /* rx: the MAC found the frame bad */
#define RIGB_TRACE_TIMESTAMP 0x80 /* the card takes the frame's time */

#define rigb_trace_flags(flags)						\
	__print_flags(flags, "|",					\
		      { RIGB_TRACE_EOP, "eop" },			\
		      { RIGB_TRACE_CSUM, "csum" },			\
		      { RIGB_TRACE_TSO, "tso" },			\
		      { RIGB_TRACE_VLAN, "vlan" },			\
		      { RIGB_TRACE_CONTEXT, "context" },		\
		      { RIGB_TRACE_HASH, "hash" },			\
		      { RIGB_TRACE_BAD, "bad" },			\
		      { RIGB_TRACE_TIMESTAMP, "timestamp" })

/* A descriptor with an empty buffer of `length` bytes was written for the card. It may use it once rx_refill has told it the tail. */
TRACE_EVENT(rx_post,
	TP_PROTO(const struct pci_dev *pdev, u16 queue, u32 index, u64 dma_address, u32 length),
	TP_ARGS(pdev, queue, index, dma_address, length),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(u64, dma_address)
		__field(u32, index)
		__field(u32, length)
		__field(u16, queue)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->dma_address = dma_address;
		__entry->index = index;
		__entry->length = length;
		__entry->queue = queue;
	),
	TP_printk("device=%s queue=%u index=%u dma_address=0x%llx length=%u",
		  __get_str(device), __entry->queue, __entry->index, __entry->dma_address, __entry->length)
);

/* The tail was written: `posted` descriptors more belong to the card, up to but not including next_to_use. `starved`: there was no memory for more. */
TRACE_EVENT(rx_refill,
	TP_PROTO(const struct pci_dev *pdev, u16 queue, u32 posted, u32 next_to_use, u32 next_to_clean, bool starved),
	TP_ARGS(pdev, queue, posted, next_to_use, next_to_clean, starved),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(u32, posted)
		__field(u32, next_to_use)
		__field(u32, next_to_clean)
		__field(u16, queue)
		__field(bool, starved)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->posted = posted;
		__entry->next_to_use = next_to_use;
		__entry->next_to_clean = next_to_clean;
		__entry->queue = queue;
		__entry->starved = starved;
	),
	TP_printk("device=%s queue=%u posted=%u next_to_use=%u next_to_clean=%u starved=%d",
		  __get_str(device), __entry->queue, __entry->posted, __entry->next_to_use, __entry->next_to_clean, __entry->starved)
);

/* The card wrote a descriptor back: `length` bytes are in its buffer, as the card says it. */
TRACE_EVENT(rx_done,
	TP_PROTO(const struct pci_dev *pdev, u16 queue, u32 index, u64 dma_address, u32 length, u32 flags),
	TP_ARGS(pdev, queue, index, dma_address, length, flags),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(u64, dma_address)
		__field(u32, index)
		__field(u32, length)
		__field(u32, flags)
		__field(u16, queue)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->dma_address = dma_address;
		__entry->index = index;
		__entry->length = length;
		__entry->flags = flags;
		__entry->queue = queue;
	),
	TP_printk("device=%s queue=%u index=%u dma_address=0x%llx length=%u flags=%s",
		  __get_str(device), __entry->queue, __entry->index, __entry->dma_address, __entry->length,
		  rigb_trace_flags(__entry->flags))
);

/* A transmit descriptor was written for the card: `length` bytes of a frame, or a context. It may use it once tx_doorbell has told it the tail. */
TRACE_EVENT(tx_post,
	TP_PROTO(const struct pci_dev *pdev, u16 queue, u32 index, u64 dma_address, u32 length, u32 flags),
	TP_ARGS(pdev, queue, index, dma_address, length, flags),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(u64, dma_address)
		__field(u32, index)
		__field(u32, length)
		__field(u32, flags)
		__field(u16, queue)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->dma_address = dma_address;
		__entry->index = index;
		__entry->length = length;
		__entry->flags = flags;
		__entry->queue = queue;
	),
	TP_printk("device=%s queue=%u index=%u dma_address=0x%llx length=%u flags=%s",
		  __get_str(device), __entry->queue, __entry->index, __entry->dma_address, __entry->length,
		  rigb_trace_flags(__entry->flags))
);

/* The tail was written: the card owns everything up to but not including next_to_use. `free` descriptors can be posted before the queue is full. */
TRACE_EVENT(tx_doorbell,
	TP_PROTO(const struct pci_dev *pdev, u16 queue, u32 next_to_use, u32 next_to_clean, u32 free),
	TP_ARGS(pdev, queue, next_to_use, next_to_clean, free),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(u32, next_to_use)
		__field(u32, next_to_clean)
		__field(u32, free)
		__field(u16, queue)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->next_to_use = next_to_use;
		__entry->next_to_clean = next_to_clean;
		__entry->free = free;
		__entry->queue = queue;
	),
	TP_printk("device=%s queue=%u next_to_use=%u next_to_clean=%u free=%u",
		  __get_str(device), __entry->queue, __entry->next_to_use, __entry->next_to_clean, __entry->free)
);

/*
 * The card is done with what the stack gave as one; `index` is its last descriptor, the one that tx_post gave the flag eop. Its memory is the driver's again.
 * It made `frames` frames of `length` bytes together on the wire, more than one when the card has cut it into segments.
 */
TRACE_EVENT(tx_done,
	TP_PROTO(const struct pci_dev *pdev, u16 queue, u32 index, u32 frames, u32 length),
	TP_ARGS(pdev, queue, index, frames, length),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(u32, index)
		__field(u32, frames)
		__field(u32, length)
		__field(u16, queue)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->index = index;
		__entry->frames = frames;
		__entry->length = length;
		__entry->queue = queue;
	),
	TP_printk("device=%s queue=%u index=%u frames=%u length=%u",
		  __get_str(device), __entry->queue, __entry->index, __entry->frames, __entry->length)
);

/* A vector's handler ran. `vector` counts the device's own vectors from 0, `irq` is the kernel's number, `cause` what ICR said (0 for a queue's vector). */
TRACE_EVENT(irq,
	TP_PROTO(const struct pci_dev *pdev, u16 vector, u32 irq, u32 cause),
	TP_ARGS(pdev, vector, irq, cause),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(u32, irq)
		__field(u32, cause)
		__field(u16, vector)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->irq = irq;
		__entry->cause = cause;
		__entry->vector = vector;
	),
	TP_printk("device=%s vector=%u irq=%u cause=0x%08x", __get_str(device), __entry->vector, __entry->irq, __entry->cause)
);

/* A poll ended: buffers received and sent frames cleaned, of `budget`. `complete`: it was done before the budget was, so that the interrupt is armed again. */
TRACE_EVENT(poll,
	TP_PROTO(const struct pci_dev *pdev, u16 queue, u32 budget, u32 received, u32 cleaned, bool complete),
	TP_ARGS(pdev, queue, budget, received, cleaned, complete),
	TP_STRUCT__entry(
		__string(device, pci_name(pdev))
		__field(u32, budget)
		__field(u32, received)
		__field(u32, cleaned)
		__field(u16, queue)
		__field(bool, complete)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->budget = budget;
		__entry->received = received;
		__entry->cleaned = cleaned;
		__entry->queue = queue;
		__entry->complete = complete;
	),
	TP_printk("device=%s queue=%u budget=%u received=%u cleaned=%u complete=%d",
		  __get_str(device), __entry->queue, __entry->budget, __entry->received, __entry->cleaned, __entry->complete)
);

#endif

/* Outside of the guard: read again for each of the macros' passes. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE rigb_trace
#include <trace/define_trace.h>
