// SPDX-License-Identifier: GPL-2.0-only
/*
 * C wrappers of inline functions and macros for the transmit direction; see shim.h.
 */
#include "shim.h"

#include <linux/ip.h>
#include <linux/kasan.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <net/ip6_checksum.h>

struct netdev_queue *rigb_txq(struct net_device *netdev, u32 index)
{
	return netdev_get_tx_queue(netdev, index);
}

void rigb_txq_lock_bh(struct netdev_queue *queue)
{
	__netif_tx_lock_bh(queue);
}

void rigb_txq_unlock_bh(struct netdev_queue *queue)
{
	__netif_tx_unlock_bh(queue);
}

void rigb_txq_start(struct netdev_queue *queue)
{
	netif_tx_start_queue(queue);
}

void rigb_txq_stop(struct netdev_queue *queue)
{
	netif_tx_stop_queue(queue);
}

void rigb_txq_reset(struct netdev_queue *queue)
{
	netdev_tx_reset_queue(queue);
}

/* One descriptor always stays unused, so that a full ring differs from an empty one. */
static u32 free_descriptors(const struct rigb_ring_place *place)
{
	return (READ_ONCE(*place->next_to_clean) - READ_ONCE(*place->next_to_use) - 1) & place->mask;
}

bool rigb_tx_sent(struct netdev_queue *queue, struct sk_buff *skb, u32 bytes)
{
	skb_tx_timestamp(skb);
	return __netdev_tx_sent_queue(queue, bytes, netdev_xmit_more());
}

bool rigb_txq_maybe_stop(struct netdev_queue *queue, const struct rigb_ring_place *place, u32 stop, u32 start)
{
	return netif_txq_maybe_stop(queue, free_descriptors(place), stop, start) == 0;
}

bool rigb_txq_cleaned(struct netdev_queue *queue, u32 packets, u32 bytes, const struct rigb_ring_place *place, u32 start, bool down)
{
	return __netif_txq_completed_wake(queue, packets, bytes, free_descriptors(place), start, down) == 0;
}

void rigb_tx_headers(const struct sk_buff *skb, u32 *network_offset, u32 *network_length, bool *encapsulated)
{
	*network_offset = skb_network_offset(skb);
	*network_length = skb->ip_summed == CHECKSUM_PARTIAL ? skb_checksum_start(skb) - skb_network_header(skb) : 0;
	*encapsulated = skb->encapsulation;
}

static noinline __cold dma_addr_t refuse_vmalloc(struct device *dev)
{
	dev_WARN_ONCE(dev, true, "rejecting DMA map of vmalloc memory\n");
	return DMA_MAPPING_ERROR;
}

/* is_vmalloc_addr(), in line. */
static __always_inline bool in_vmalloc(const void *pointer)
{
	const unsigned long address = (unsigned long)kasan_reset_tag(pointer);

	return address >= VMALLOC_START && address < VMALLOC_END;
}

/* dma_map_single() with its checks, but not by way of the struct page, which it looks up only to go back to the address. */
static __always_inline dma_addr_t map_head(struct device *dev, const struct sk_buff *skb, u32 length)
{
	if (unlikely(in_vmalloc(skb->data)))
		return refuse_vmalloc(dev);
	debug_dma_map_single(dev, skb->data, length);
	return dma_map_phys(dev, virt_to_phys(skb->data), length, DMA_TO_DEVICE, 0);
}

/*
 * In constant steps, which the compiler makes plain moves of. What is read behind the frame's last byte is still of its buffer, at whose end lies the larger
 * skb_shared_info, and the card, which is told the frame's length, does not read that far.
 */
static __always_inline void copy_frame(const struct sk_buff *skb, void *copy)
{
	enum { STEP = RIGB_COPY_BYTES / 2 };

	BUILD_BUG_ON(sizeof(struct skb_shared_info) < RIGB_COPY_BYTES);
	__builtin_memcpy(copy, skb->data, STEP);
	if (skb->len > STEP)
		__builtin_memcpy(copy + STEP, skb->data + STEP, STEP);
}

void rigb_tx_copy(const struct sk_buff *skb, void *copy)
{
	copy_frame(skb, copy);
}

struct rigb_tx_plain rigb_tx_plain(struct device *dev, struct netdev_queue *queue, struct sk_buff *skb, void *copy, dma_addr_t address, u32 most)
{
	struct rigb_tx_plain plain = { .state = RIGB_TX_NOT_PLAIN };

	if (skb_is_nonlinear(skb) || skb->ip_summed == CHECKSUM_PARTIAL || skb_vlan_tag_present(skb) ||
	    skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP)
		return plain;
	if (skb->len <= most) {
		copy_frame(skb, copy);
		plain.address = address;
	} else {
		plain.address = map_head(dev, skb, skb->len);
		plain.state = RIGB_TX_REFUSED;
		if (dma_mapping_error(dev, plain.address))
			return plain;
	}
	plain.state = rigb_tx_sent(queue, skb, skb->len) ? RIGB_TX_MAPPED_LAST : RIGB_TX_MAPPED;
	return plain;
}

void rigb_tx_describe(struct sk_buff *skb, struct rigb_tx_frame *frame)
{
	u16 flags = 0;

	frame->length = skb->len;
	frame->head_length = skb_headlen(skb);
	frame->fragments = skb_shinfo(skb)->nr_frags;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		flags |= RIGB_TX_CHECKSUM;
		if (skb_is_gso(skb))
			flags |= RIGB_TX_SEGMENT;
		if (skb_csum_is_sctp(skb))
			flags |= RIGB_TX_SCTP;
		if (skb_network_header_len(skb) > 0 && ip_hdr(skb)->version == 4)
			flags |= RIGB_TX_IPV4;
		frame->network_offset = skb_network_offset(skb);
		frame->checksum_start = skb_checksum_start_offset(skb);
		frame->checksum_offset = skb->csum_offset;
	}
	if (skb_vlan_tag_present(skb)) {
		flags |= RIGB_TX_VLAN;
		frame->vlan_tag = skb_vlan_tag_get(skb);
	}
	if (skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP)
		flags |= RIGB_TX_TIMESTAMP;
	frame->flags = flags;
}

u32 rigb_tx_descriptors(const struct sk_buff *skb, u32 most_bytes)
{
	const struct skb_shared_info *shared = skb_shinfo(skb);
	u32 count = DIV_ROUND_UP(skb_headlen(skb), most_bytes);
	u32 index;

	for (index = 0; index < shared->nr_frags; index++)
		count += DIV_ROUND_UP(skb_frag_size(&shared->frags[index]), most_bytes);
	return count;
}

int rigb_tx_segment(struct sk_buff *skb, struct rigb_tx_segments *segments)
{
	const u32 start = skb_checksum_start_offset(skb);
	struct tcphdr *tcp;
	struct iphdr *ip;
	int error = skb_cow_head(skb, 0);

	if (error < 0)
		return error;
	ip = ip_hdr(skb);
	tcp = (struct tcphdr *)skb_checksum_start(skb);
	if (ip->version == 4) {
		/* The card sums this header up to the inner transport's; what lies between must cancel out. */
		const u8 *behind = (const u8 *)ip + ip->ihl * 4;

		ip->check = csum_fold(csum_partial(behind, (const u8 *)tcp - behind, 0));
		ip->tot_len = 0;
	} else {
		ipv6_hdr(skb)->payload_len = 0;
	}
	/* The card adds each segment's own length to the pseudo header. */
	csum_replace_by_diff(&tcp->check, (__force __wsum)htonl(skb->len - start));
	segments->header_length = start + tcp->doff * 4;
	segments->segment_size = skb_shinfo(skb)->gso_size;
	segments->segments = skb_shinfo(skb)->gso_segs;
	return 0;
}

bool rigb_tx_checksum_in_software(struct sk_buff *skb)
{
	return skb_checksum_help(skb) == 0;
}

bool rigb_tx_map_head(struct device *dev, const struct sk_buff *skb, u32 length, dma_addr_t *address)
{
	*address = map_head(dev, skb, length);
	return dma_mapping_error(dev, *address) == 0;
}

void rigb_tx_unmap_head(struct device *dev, dma_addr_t address, u32 length)
{
	if (dma_need_unmap(dev))
		dma_unmap_single(dev, address, length, DMA_TO_DEVICE);
}

bool rigb_tx_map_fragment(struct device *dev, const struct sk_buff *skb, u32 index, dma_addr_t *address, u32 *length)
{
	const skb_frag_t *fragment = &skb_shinfo(skb)->frags[index];

	*length = skb_frag_size(fragment);
	*address = skb_frag_dma_map(dev, fragment, 0, *length, DMA_TO_DEVICE);
	return dma_mapping_error(dev, *address) == 0;
}

void rigb_tx_unmap_fragment(struct device *dev, dma_addr_t address, u32 length)
{
	if (dma_need_unmap(dev))
		dma_unmap_page(dev, address, length, DMA_TO_DEVICE);
}

bool rigb_skb_pad(struct sk_buff *skb, u32 length)
{
	return skb_put_padto(skb, length) == 0;
}

void rigb_skb_free(struct sk_buff *skb)
{
	dev_kfree_skb_any(skb);
}
