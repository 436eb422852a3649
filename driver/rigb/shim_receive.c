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

struct page *rigb_pool_alloc(struct page_pool *pool, u32 pieces, dma_addr_t *address)
{
	struct page *page = page_pool_dev_alloc_pages(pool);

	if (!page)
		return NULL;
	if (pieces > 1)
		page_pool_fragment_page(page, pieces);
	*address = page_pool_get_dma_addr(page);
	return page;
}

dma_addr_t rigb_pool_address(const struct page *page)
{
	return page_pool_get_dma_addr(page);
}

void rigb_page_put(struct page *page)
{
	page_pool_put_full_page(pp_page_to_nmdesc(page)->pp, page, false);
}

struct sk_buff *rigb_rx_build(const struct rigb_rx_buffer *buffer)
{
	u8 *start = page_address(buffer->page) + buffer->offset;
	struct sk_buff *skb;

	net_prefetch(start + buffer->headroom);
	page_pool_dma_sync_for_cpu(pp_page_to_nmdesc(buffer->page)->pp, buffer->page, buffer->offset + buffer->headroom, buffer->length);
	skb = napi_build_skb(start, buffer->bytes);
	if (!skb)
		return NULL;
	skb_mark_for_recycle(skb);
	skb_reserve(skb, buffer->headroom);
	__skb_put(skb, buffer->length);
	return skb;
}

void rigb_rx_add(struct sk_buff *skb, const struct rigb_rx_buffer *buffer)
{
	page_pool_dma_sync_for_cpu(pp_page_to_nmdesc(buffer->page)->pp, buffer->page, buffer->offset + buffer->headroom, buffer->length);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, buffer->page, buffer->offset + buffer->headroom, buffer->length, buffer->bytes);
}

void rigb_rx_deliver(struct napi_struct *napi, struct net_device *netdev, struct sk_buff *skb, const struct rigb_rx_facts *facts)
{
	if (facts->flags & RIGB_RX_CHECKSUM_GOOD)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (facts->flags & RIGB_RX_HASH)
		skb_set_hash(skb, facts->hash, facts->flags & RIGB_RX_HASH_L4 ? PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
	if (facts->flags & RIGB_RX_VLAN)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), facts->vlan_tag);
	if (!(facts->flags & RIGB_RX_TYPED)) {
		skb_record_rx_queue(skb, facts->queue);
		skb->protocol = eth_type_trans(skb, netdev);
	}
	/* A frame alone goes up at once, unless frames are held back that it may belong to or shall be held back for. */
	if ((facts->flags & RIGB_RX_ALONE) && !napi->gro.bitmask && !napi->gro.rx_count && !READ_ONCE(napi->gro_flush_timeout)) {
		skb_mark_napi_id(skb, napi);
		netif_receive_skb(skb);
		return;
	}
	napi_gro_receive(napi, skb);
}
