// SPDX-License-Identifier: GPL-2.0-only
/*
 * C wrappers of inline functions and macros, one line of thought each; see shim.h. The judgement is all on the Rust side.
 */
#include "shim.h"

#include <linux/module.h>
#include <net/netdev_queues.h>

const u32 rigb_layout[6] = {
	sizeof(struct net_device_ops),
	offsetof(struct net_device_ops, ndo_start_xmit),
	offsetof(struct net_device_ops, ndo_get_stats64),
	sizeof(struct rtnl_link_stats64),
	sizeof(struct napi_struct),
	sizeof(struct ethtool_ops),
};

/* The `module!` macro has no field for it. */
MODULE_VERSION("0.1.0");

struct rigb_private {
	void *owner;
};

void rigb_netdev_setup(struct net_device *netdev, struct device *parent, const struct net_device_ops *ops,
		       const struct ethtool_ops *ethtool, void *owner, u32 max_mtu, int watchdog_jiffies)
{
	struct rigb_private *private = netdev_priv(netdev);

	SET_NETDEV_DEV(netdev, parent);
	netdev->netdev_ops = ops;
	netdev->ethtool_ops = ethtool;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = max_mtu;
	netdev->watchdog_timeo = watchdog_jiffies;
	netdev->hw_features |= NETIF_F_HIGHDMA;
	netdev->features |= NETIF_F_HIGHDMA | NETIF_F_HW_VLAN_CTAG_FILTER;
	netdev->priv_flags |= IFF_UNICAST_FLT | IFF_LIVE_ADDR_CHANGE;
	private->owner = owner;
}

void *rigb_netdev_owner(const struct net_device *netdev)
{
	return ((struct rigb_private *)netdev_priv(netdev))->owner;
}

/* The untracked pair: a tracker would have to live in the Rust value that moves. */
void rigb_netdev_hold(struct net_device *netdev)
{
	dev_hold(netdev);
}

void rigb_netdev_put(struct net_device *netdev)
{
	dev_put(netdev);
}

const char *rigb_netdev_name(const struct net_device *netdev)
{
	return netdev->name;
}

const u8 *rigb_netdev_address(const struct net_device *netdev)
{
	return netdev->dev_addr;
}

int rigb_netdev_set_address(struct net_device *netdev, const u8 *address)
{
	if (!is_valid_ether_addr(address))
		return -EADDRNOTAVAIL;
	eth_hw_addr_set(netdev, address);
	return 0;
}

int rigb_netdev_take_address(struct net_device *netdev, void *socket_address)
{
	return eth_mac_addr(netdev, socket_address);
}

bool rigb_netdev_running(const struct net_device *netdev)
{
	return netif_running(netdev);
}

bool rigb_netdev_present(const struct net_device *netdev)
{
	return netif_device_present(netdev);
}

u32 rigb_netdev_mtu(const struct net_device *netdev)
{
	return READ_ONCE(netdev->mtu);
}

void rigb_netdev_set_mtu(struct net_device *netdev, u32 mtu)
{
	WRITE_ONCE(netdev->mtu, mtu);
}

u32 rigb_netdev_flags(const struct net_device *netdev)
{
	return netdev->flags;
}

void rigb_txq_lock_bh(struct net_device *netdev)
{
	__netif_tx_lock_bh(netdev_get_tx_queue(netdev, 0));
}

void rigb_txq_unlock_bh(struct net_device *netdev)
{
	__netif_tx_unlock_bh(netdev_get_tx_queue(netdev, 0));
}

void rigb_txq_start(struct net_device *netdev)
{
	netif_tx_start_queue(netdev_get_tx_queue(netdev, 0));
}

void rigb_txq_stop(struct net_device *netdev)
{
	netif_tx_stop_queue(netdev_get_tx_queue(netdev, 0));
}

void rigb_txq_wake(struct net_device *netdev)
{
	netif_tx_wake_queue(netdev_get_tx_queue(netdev, 0));
}

bool rigb_txq_stopped(const struct net_device *netdev)
{
	return netif_tx_queue_stopped(netdev_get_tx_queue(netdev, 0));
}

bool rigb_txq_sent(struct net_device *netdev, u32 bytes)
{
	return __netdev_tx_sent_queue(netdev_get_tx_queue(netdev, 0), bytes, netdev_xmit_more());
}

void rigb_txq_completed(struct net_device *netdev, u32 packets, u32 bytes)
{
	netdev_tx_completed_queue(netdev_get_tx_queue(netdev, 0), packets, bytes);
}

void rigb_txq_reset(struct net_device *netdev)
{
	netdev_tx_reset_queue(netdev_get_tx_queue(netdev, 0));
}

void rigb_txq_flush(struct net_device *netdev)
{
	netif_tx_disable(netdev);
	synchronize_net();
}

void rigb_napi_add(struct net_device *netdev, struct napi_struct *napi, int (*poll)(struct napi_struct *, int))
{
	netif_napi_add(netdev, napi, poll);
}

void rigb_napi_del(struct napi_struct *napi)
{
	netif_napi_del(napi);
}

bool rigb_napi_schedule(struct napi_struct *napi)
{
	return napi_schedule(napi);
}

void rigb_napi_set_queues(struct net_device *netdev, struct napi_struct *napi, bool attach)
{
	netif_queue_set_napi(netdev, 0, NETDEV_QUEUE_TYPE_RX, attach ? napi : NULL);
	netif_queue_set_napi(netdev, 0, NETDEV_QUEUE_TYPE_TX, attach ? napi : NULL);
}

u32 rigb_skb_len(const struct sk_buff *skb)
{
	return skb->len;
}

bool rigb_skb_pad(struct sk_buff *skb, u32 length)
{
	return skb_put_padto(skb, length) == 0;
}

void rigb_skb_free(struct sk_buff *skb)
{
	dev_kfree_skb_any(skb);
}

void rigb_skb_consume(struct sk_buff *skb, int budget)
{
	napi_consume_skb(skb, budget);
}

void rigb_skb_timestamp(struct sk_buff *skb)
{
	skb_tx_timestamp(skb);
}

bool rigb_skb_map(struct device *dev, struct sk_buff *skb, dma_addr_t *address)
{
	*address = dma_map_single(dev, skb->data, skb_headlen(skb), DMA_TO_DEVICE);
	return dma_mapping_error(dev, *address) == 0;
}

void rigb_skb_unmap(struct device *dev, dma_addr_t address, u32 length)
{
	dma_unmap_single(dev, address, length, DMA_TO_DEVICE);
}

struct page_pool *rigb_pool_create(struct net_device *netdev, struct device *dev, struct napi_struct *napi, u32 pages)
{
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV,
		.pool_size = pages,
		.nid = dev_to_node(dev),
		.dev = dev,
		.netdev = netdev,
		.napi = napi,
		.dma_dir = DMA_FROM_DEVICE,
		.offset = RIGB_RX_HEADROOM,
		.max_len = RIGB_RX_CAPACITY,
	};

	return page_pool_create(&params);
}

struct page *rigb_pool_alloc(struct page_pool *pool, dma_addr_t *address)
{
	struct page *page = page_pool_dev_alloc_pages(pool);

	if (page)
		*address = page_pool_get_dma_addr(page) + RIGB_RX_HEADROOM;
	return page;
}

void rigb_pool_put(struct page_pool *pool, struct page *page, bool in_poll)
{
	page_pool_put_full_page(pool, page, in_poll);
}

bool rigb_pool_deliver(struct page_pool *pool, struct page *page, u32 length, struct napi_struct *napi, struct net_device *netdev)
{
	struct sk_buff *skb;

	/* The header cannot say it so: NET_SKB_PAD is a statement expression. */
	BUILD_BUG_ON(RIGB_RX_HEADROOM != NET_SKB_PAD + NET_IP_ALIGN);
	page_pool_dma_sync_for_cpu(pool, page, 0, length);
	skb = napi_build_skb(page_address(page), PAGE_SIZE);
	if (!skb)
		return false;
	skb_mark_for_recycle(skb);
	skb_reserve(skb, RIGB_RX_HEADROOM);
	__skb_put(skb, length);
	skb_record_rx_queue(skb, 0);
	skb->protocol = eth_type_trans(skb, netdev);
	napi_gro_receive(napi, skb);
	return true;
}

u64 rigb_monotonic_ns(void)
{
	return ktime_get_ns();
}

const char *rigb_pci_name(const struct pci_dev *pdev)
{
	return pci_name(pdev);
}

struct device *rigb_pci_device(struct pci_dev *pdev)
{
	return &pdev->dev;
}
