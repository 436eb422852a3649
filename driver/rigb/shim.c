// SPDX-License-Identifier: GPL-2.0-only
/*
 * C wrappers of inline functions and macros for the device, its NAPIs and PCI; see shim.h. The judgement is all on the Rust side.
 */
#include "shim.h"

#include <linux/module.h>

const u32 rigb_layout[RIGB_LAYOUT_COUNT] = {
	sizeof(struct net_device_ops),
	offsetof(struct net_device_ops, ndo_start_xmit),
	offsetof(struct net_device_ops, ndo_get_stats64),
	sizeof(struct rtnl_link_stats64),
	sizeof(struct napi_struct),
	sizeof(struct ethtool_ops),
	sizeof(struct netdev_stat_ops),
	sizeof(struct netdev_queue_stats_rx),
	sizeof(struct netdev_queue_stats_tx),
	offsetof(struct net_device, priv),
	offsetof(struct sk_buff, queue_mapping),
};

/* The `module!` macro has no field for it. */
MODULE_VERSION("0.1.0");

struct rigb_private {
	void *owner;
};

void rigb_netdev_setup(struct net_device *netdev, const struct rigb_netdev_setup *setup)
{
	struct rigb_private *private = netdev_priv(netdev);

	SET_NETDEV_DEV(netdev, setup->parent);
	netdev->netdev_ops = setup->ops;
	netdev->ethtool_ops = setup->ethtool;
	netdev->stat_ops = setup->statistics;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = setup->max_mtu;
	netdev->watchdog_timeo = setup->watchdog_jiffies;
	netdev->features |= setup->features;
	netdev->hw_features |= setup->toggles;
	netdev->vlan_features |= setup->vlan_features;
	netdev->hw_enc_features |= setup->encapsulated;
	netdev->gso_partial_features |= setup->partial;
	netdev->priv_flags |= IFF_UNICAST_FLT | IFF_LIVE_ADDR_CHANGE;
	netdev->xdp_features = setup->xdp_features;
	private->owner = setup->owner;
	netif_set_affinity_auto(netdev);
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

u64 rigb_netdev_features(const struct net_device *netdev)
{
	return netdev->features;
}

bool rigb_netdev_rss_is_users(const struct net_device *netdev)
{
	return netif_is_rxfh_configured(netdev);
}

void rigb_netdev_stop_queues(struct net_device *netdev)
{
	netif_tx_disable(netdev);
	synchronize_net();
}

void rigb_napi_init(struct napi_struct *napi)
{
	memset(napi, 0, sizeof(*napi));
	set_bit(NAPI_STATE_SCHED, &napi->state);
}

void rigb_napi_add(struct net_device *netdev, struct napi_struct *napi, int (*poll)(struct napi_struct *, int), int index, int irq)
{
	netdev_lock(netdev);
	netif_napi_add_config_locked(netdev, napi, poll, index);
	netif_napi_set_irq_locked(napi, irq);
	napi_enable_locked(napi);
	netdev_unlock(netdev);
}

void rigb_napi_del(struct napi_struct *napi)
{
	netif_napi_del(napi);
}

void rigb_napi_schedule(struct napi_struct *napi)
{
	napi_schedule(napi);
}

bool rigb_napi_schedule_irqoff(struct napi_struct *napi)
{
	if (!napi_schedule_prep(napi))
		return false;
	__napi_schedule_irqoff(napi);
	return true;
}

void rigb_napi_set_queue(struct net_device *netdev, u32 index, struct napi_struct *napi)
{
	netif_queue_set_napi(netdev, index, NETDEV_QUEUE_TYPE_RX, napi);
	netif_queue_set_napi(netdev, index, NETDEV_QUEUE_TYPE_TX, napi);
}

u32 rigb_cpus_online(void)
{
	return num_online_cpus();
}

u32 rigb_cpus_current(void)
{
	return raw_smp_processor_id();
}

u64 rigb_monotonic_ns(void)
{
	return ktime_get_ns();
}

const char *rigb_pci_name(const struct pci_dev *pdev)
{
	return pci_name(pdev);
}
