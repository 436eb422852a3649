// SPDX-License-Identifier: GPL-2.0-only
/*
 * C wrappers of inline functions and macros for the receive direction; see shim.h.
 */
#include "shim.h"
#include <net/busy_poll.h>

struct page_pool *rigb_pool_create(struct net_device *netdev, struct device *dev, u32 buffers, u32 buffer_bytes, u32 queue)
{
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV,
		.pool_size = buffers / (PAGE_SIZE / buffer_bytes),
		.nid = dev_to_node(dev),
		.dev = dev,
		.netdev = netdev,
		.queue_idx = queue,
		.dma_dir = DMA_BIDIRECTIONAL,
		.max_len = PAGE_SIZE,
	};

	BUILD_BUG_ON(RIGB_STACK_HEADROOM != NET_SKB_PAD + NET_IP_ALIGN);
	return page_pool_create(&params);
}

struct page *rigb_pool_alloc(struct page_pool *pool)
{
	return page_pool_dev_alloc_pages(pool);
}

void rigb_page_put(struct page *page)
{
	page_pool_put_full_page(pp_page_to_nmdesc(page)->pp, page, false);
}

struct rigb_mapped_page rigb_page_divide(struct page *page, u32 shares)
{
	page_pool_fragment_page(page, shares);
	return (struct rigb_mapped_page){ .start = page_address(page), .address = page_pool_get_dma_addr(page) };
}

/* Apart, so that the common case needs no stack. */
static noinline __cold struct rigb_mapped_page rigb_page_synced(struct device *dev, struct page *page, u32 shares)
{
	dma_sync_single_for_device(dev, page_pool_get_dma_addr(page), PAGE_SIZE, DMA_BIDIRECTIONAL);
	return rigb_page_divide(page, shares);
}

struct rigb_mapped_page rigb_page_again(struct device *dev, struct page *page, u32 shares)
{
	/* As __page_pool_page_can_be_recycled(). */
	if (atomic_long_read(&pp_page_to_nmdesc(page)->pp_ref_count) != 1 || page_ref_count(page) != 1 || page_is_pfmemalloc(page))
		return (struct rigb_mapped_page){};
	if (unlikely(dma_dev_need_sync(dev)))
		return rigb_page_synced(dev, page, shares);
	return rigb_page_divide(page, shares);
}

void rigb_buffer_put(void *start)
{
	rigb_page_put(virt_to_page(start));
}

static __always_inline struct sk_buff *rigb_build(const struct rigb_rx_path *path, void *start, dma_addr_t address, u32 length)
{
	struct sk_buff *skb;

	net_prefetch(start + path->headroom);
	dma_sync_single_for_cpu(path->dev, address, length, DMA_BIDIRECTIONAL);
	skb = napi_build_skb(start, path->bytes);
	if (unlikely(!skb))
		return NULL;
	skb_mark_for_recycle(skb);
	skb_reserve(skb, path->headroom);
	__skb_put(skb, length);
	return skb;
}

static __always_inline void rigb_deliver(const struct rigb_rx_path *path, struct sk_buff *skb, u32 hash, u32 facts, bool typed)
{
	if (facts & RIGB_RX_CHECKSUM_GOOD)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (facts & RIGB_RX_HASH)
		skb_set_hash(skb, hash, facts & RIGB_RX_HASH_L4 ? PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
	if (facts & RIGB_RX_VLAN)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), facts >> RIGB_RX_VLAN_TAG_SHIFT);
	if (!typed) {
		skb_record_rx_queue(skb, path->queue);
		skb->protocol = eth_type_trans(skb, path->netdev);
	}
	/* A frame alone goes up at once, unless frames are held back that it may belong to or shall be held back for. */
	if ((facts & RIGB_RX_ALONE) && !path->napi->gro.bitmask && !path->napi->gro.rx_count && !READ_ONCE(path->napi->gro_flush_timeout)) {
		skb_mark_napi_id(skb, path->napi);
		netif_receive_skb(skb);
		return;
	}
	napi_gro_receive(path->napi, skb);
}

struct sk_buff *rigb_rx_build(const struct rigb_rx_path *path, const struct rigb_rx_buffer *buffer)
{
	return rigb_build(path, buffer->start, buffer->address, buffer->length);
}

void rigb_rx_add(const struct rigb_rx_path *path, struct sk_buff *skb, const struct rigb_rx_buffer *buffer)
{
	dma_sync_single_for_cpu(path->dev, buffer->address, buffer->length, DMA_BIDIRECTIONAL);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, virt_to_page(buffer->start), offset_in_page(buffer->start) + path->headroom, buffer->length,
			path->bytes);
}

void rigb_rx_deliver(const struct rigb_rx_path *path, struct sk_buff *skb, u32 hash, u32 facts)
{
	rigb_deliver(path, skb, hash, facts, facts & RIGB_RX_TYPED);
}

bool rigb_rx_frame(const struct rigb_rx_path *path)
{
	struct sk_buff *skb = rigb_build(path, path->start, path->address, path->length);

	if (unlikely(!skb))
		return false;
	rigb_deliver(path, skb, path->hash, path->facts, false);
	return true;
}
