/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The C side of src/sys. Only what the kernel offers as inline functions or macros, in operations as coarse as a packet or a poll. No policy and no state.
 */
#ifndef RIGB_SHIM_H
#define RIGB_SHIM_H

#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <net/page_pool/helpers.h>

/* What libclang computed while the bindings were made; shim.c proves that the compiler of the module agrees. */
enum {
	RIGB_SIZEOF_NET_DEVICE_OPS = sizeof(struct net_device_ops),
	RIGB_OFFSETOF_NDO_START_XMIT = offsetof(struct net_device_ops, ndo_start_xmit),
	RIGB_OFFSETOF_NDO_GET_STATS64 = offsetof(struct net_device_ops, ndo_get_stats64),
	RIGB_SIZEOF_RTNL_LINK_STATS64 = sizeof(struct rtnl_link_stats64),
	RIGB_SIZEOF_NAPI_STRUCT = sizeof(struct napi_struct),
	RIGB_SIZEOF_ETHTOOL_OPS = sizeof(struct ethtool_ops),
};

/* Bytes before a received frame in its page (the stack's reserve, NET_SKB_PAD + NET_IP_ALIGN) and how many may follow them there. */
enum {
	RIGB_RX_HEADROOM = (L1_CACHE_BYTES > 32 ? L1_CACHE_BYTES : 32) + NET_IP_ALIGN,
	RIGB_RX_CAPACITY = SKB_WITH_OVERHEAD(PAGE_SIZE) - RIGB_RX_HEADROOM,
};

enum { RIGB_NETDEV_TX_OK = NETDEV_TX_OK, RIGB_NETDEV_TX_BUSY = NETDEV_TX_BUSY };

/* Six numbers that must equal the enum above: sizes as the module's own compiler has them. */
extern const u32 rigb_layout[6];

/* net_device */
void rigb_netdev_setup(struct net_device *netdev, struct device *parent, const struct net_device_ops *ops,
		       const struct ethtool_ops *ethtool, void *owner, u32 max_mtu, int watchdog_jiffies);
void *rigb_netdev_owner(const struct net_device *netdev);
void rigb_netdev_hold(struct net_device *netdev);
void rigb_netdev_put(struct net_device *netdev);
const char *rigb_netdev_name(const struct net_device *netdev);
const u8 *rigb_netdev_address(const struct net_device *netdev);
int rigb_netdev_set_address(struct net_device *netdev, const u8 *address);
int rigb_netdev_take_address(struct net_device *netdev, void *socket_address);
bool rigb_netdev_running(const struct net_device *netdev);
bool rigb_netdev_present(const struct net_device *netdev);
u32 rigb_netdev_mtu(const struct net_device *netdev);
void rigb_netdev_set_mtu(struct net_device *netdev, u32 mtu);
u32 rigb_netdev_flags(const struct net_device *netdev);

/* The transmit queue 0 of a net_device: lock, stop, wake, byte queue limits. */
void rigb_txq_lock_bh(struct net_device *netdev);
void rigb_txq_unlock_bh(struct net_device *netdev);
void rigb_txq_start(struct net_device *netdev);
void rigb_txq_stop(struct net_device *netdev);
void rigb_txq_wake(struct net_device *netdev);
bool rigb_txq_stopped(const struct net_device *netdev);
bool rigb_txq_sent(struct net_device *netdev, u32 bytes);
void rigb_txq_completed(struct net_device *netdev, u32 packets, u32 bytes);
void rigb_txq_reset(struct net_device *netdev);
void rigb_txq_flush(struct net_device *netdev);

/* NAPI */
void rigb_napi_add(struct net_device *netdev, struct napi_struct *napi, int (*poll)(struct napi_struct *, int));
void rigb_napi_del(struct napi_struct *napi);
bool rigb_napi_schedule(struct napi_struct *napi);
void rigb_napi_set_queues(struct net_device *netdev, struct napi_struct *napi, bool attach);

/* sk_buff */
u32 rigb_skb_len(const struct sk_buff *skb);
bool rigb_skb_pad(struct sk_buff *skb, u32 length);
void rigb_skb_free(struct sk_buff *skb);
void rigb_skb_consume(struct sk_buff *skb, int budget);
void rigb_skb_timestamp(struct sk_buff *skb);
bool rigb_skb_map(struct device *dev, struct sk_buff *skb, dma_addr_t *address);
void rigb_skb_unmap(struct device *dev, dma_addr_t address, u32 length);

/* page_pool: one page a received frame, mapped by the pool, given up the stack and recycled. */
struct page_pool *rigb_pool_create(struct net_device *netdev, struct device *dev, struct napi_struct *napi, u32 pages);
struct page *rigb_pool_alloc(struct page_pool *pool, dma_addr_t *address);
void rigb_pool_put(struct page_pool *pool, struct page *page, bool in_poll);
bool rigb_pool_deliver(struct page_pool *pool, struct page *page, u32 length, struct napi_struct *napi, struct net_device *netdev);

/* CLOCK_MONOTONIC in nanoseconds. */
u64 rigb_monotonic_ns(void);

/* PCI */
const char *rigb_pci_name(const struct pci_dev *pdev);
struct device *rigb_pci_device(struct pci_dev *pdev);

#endif
