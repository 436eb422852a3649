/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The C side of src/sys. Only what the kernel offers as inline functions or macros, in operations as coarse as a packet or a poll. No policy and no state.
 * shim.c: device, NAPI, PCI; shim_transmit.c and shim_receive.c: the two directions.
 */
#ifndef RIGB_SHIM_H
#define RIGB_SHIM_H

#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <net/xdp.h>
#include <net/netdev_queues.h>
#include <net/page_pool/helpers.h>

/* What libclang computed while the bindings were made; shim.c proves that the compiler of the module agrees. */
enum {
	RIGB_SIZEOF_NET_DEVICE_OPS = sizeof(struct net_device_ops),
	RIGB_OFFSETOF_NDO_START_XMIT = offsetof(struct net_device_ops, ndo_start_xmit),
	RIGB_OFFSETOF_NDO_GET_STATS64 = offsetof(struct net_device_ops, ndo_get_stats64),
	RIGB_SIZEOF_RTNL_LINK_STATS64 = sizeof(struct rtnl_link_stats64),
	RIGB_SIZEOF_NAPI_STRUCT = sizeof(struct napi_struct),
	RIGB_SIZEOF_ETHTOOL_OPS = sizeof(struct ethtool_ops),
	RIGB_SIZEOF_NETDEV_STAT_OPS = sizeof(struct netdev_stat_ops),
	RIGB_SIZEOF_QUEUE_STATS_RX = sizeof(struct netdev_queue_stats_rx),
	RIGB_SIZEOF_QUEUE_STATS_TX = sizeof(struct netdev_queue_stats_tx),
	RIGB_OFFSETOF_NETDEV_PRIVATE = offsetof(struct net_device, priv),
	RIGB_OFFSETOF_SKB_QUEUE = offsetof(struct sk_buff, queue_mapping),
};

/* As many numbers that must equal the enum above: sizes as the module's own compiler has them. */
#define RIGB_LAYOUT_COUNT 11
extern const u32 rigb_layout[RIGB_LAYOUT_COUNT];

enum {
	RIGB_PAGE_SIZE = PAGE_SIZE,
	/* Before a received frame in its buffer, for XDP programs and for headers that the stack puts in front. */
	RIGB_XDP_HEADROOM = XDP_PACKET_HEADROOM,
	/* NET_SKB_PAD + NET_IP_ALIGN, of which the first is no constant to libclang; shim_receive.c compares. */
	RIGB_STACK_HEADROOM = (L1_CACHE_BYTES > 32 ? L1_CACHE_BYTES : 32) + NET_IP_ALIGN,
	RIGB_SHARED_INFO = SKB_DATA_ALIGN(sizeof(struct skb_shared_info)),
};
enum { RIGB_MAX_FRAGMENTS = MAX_SKB_FRAGS };
enum { RIGB_ETHERNET_HEADER = ETH_HLEN };
enum {
	RIGB_COALESCE = ETHTOOL_COALESCE_USECS | ETHTOOL_COALESCE_USE_ADAPTIVE,
};
enum { RIGB_NETDEV_TX_OK = NETDEV_TX_OK, RIGB_NETDEV_TX_BUSY = NETDEV_TX_BUSY };

/* Features (netdev_features.h) that the device can offer, as bits of netdev_features_t. */
#define RIGB_FEATURE(name) static const u64 RIGB_F_##name = NETIF_F_##name
RIGB_FEATURE(SG);
RIGB_FEATURE(HW_CSUM);
RIGB_FEATURE(SCTP_CRC);
RIGB_FEATURE(RXCSUM);
RIGB_FEATURE(RXHASH);
RIGB_FEATURE(TSO);
RIGB_FEATURE(TSO6);
RIGB_FEATURE(HIGHDMA);
RIGB_FEATURE(TSO_MANGLEID);
RIGB_FEATURE(GSO_PARTIAL);
/* Tunnels whose frames the card can cut, once the stack has made their outer headers the same for all segments. */
static const u64 RIGB_F_TUNNELS = NETIF_F_GSO_GRE | NETIF_F_GSO_GRE_CSUM | NETIF_F_GSO_IPXIP4 | NETIF_F_GSO_IPXIP6 |
				  NETIF_F_GSO_UDP_TUNNEL | NETIF_F_GSO_UDP_TUNNEL_CSUM;
RIGB_FEATURE(LOOPBACK);
RIGB_FEATURE(HW_VLAN_CTAG_TX);
RIGB_FEATURE(HW_VLAN_CTAG_RX);
RIGB_FEATURE(HW_VLAN_CTAG_FILTER);

enum {
	RIGB_XDP_FEATURES = NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT | NETDEV_XDP_ACT_NDO_XMIT | NETDEV_XDP_ACT_RX_SG | NETDEV_XDP_ACT_NDO_XMIT_SG,
};
enum { RIGB_XDP_XMIT_FLUSH = XDP_XMIT_FLUSH, RIGB_XDP_XMIT_FLAGS_MASK = XDP_XMIT_FLAGS_MASK };

/* What an interface is set up with, before it is registered. */
struct rigb_netdev_setup {
	struct device *parent;
	const struct net_device_ops *ops;
	const struct ethtool_ops *ethtool;
	const struct netdev_stat_ops *statistics;
	void *owner;
	u64 features;		/* switched on at first */
	u64 toggles;		/* that the user may switch */
	u64 vlan_features;	/* that also hold below a VLAN tag */
	u64 encapsulated;	/* that also hold inside of a tunnel */
	u64 partial;		/* that hold for frames whose outer headers are prepared (GSO_PARTIAL) */
	u32 xdp_features;
	u32 max_mtu;
	int watchdog_jiffies;
};

/* net_device */
void rigb_netdev_setup(struct net_device *netdev, const struct rigb_netdev_setup *setup);
const char *rigb_netdev_name(const struct net_device *netdev);
const u8 *rigb_netdev_address(const struct net_device *netdev);
int rigb_netdev_set_address(struct net_device *netdev, const u8 *address);
int rigb_netdev_take_address(struct net_device *netdev, void *socket_address);
bool rigb_netdev_running(const struct net_device *netdev);
bool rigb_netdev_present(const struct net_device *netdev);
u32 rigb_netdev_mtu(const struct net_device *netdev);
void rigb_netdev_set_mtu(struct net_device *netdev, u32 mtu);
u32 rigb_netdev_flags(const struct net_device *netdev);
u64 rigb_netdev_features(const struct net_device *netdev);
bool rigb_netdev_rss_is_users(const struct net_device *netdev);
void rigb_netdev_stop_queues(struct net_device *netdev);

/* NAPI. One that is in no device says that it is scheduled, so that a late interrupt cannot schedule it. */
void rigb_napi_init(struct napi_struct *napi);
void rigb_napi_add(struct net_device *netdev, struct napi_struct *napi, int (*poll)(struct napi_struct *, int), int index, int irq);
void rigb_napi_del(struct napi_struct *napi);
void rigb_napi_schedule(struct napi_struct *napi);
bool rigb_napi_schedule_irqoff(struct napi_struct *napi);
void rigb_napi_set_queue(struct net_device *netdev, u32 index, struct napi_struct *napi);

/* A transmit queue of a net_device: lock, stop, wake, byte queue limits. */
struct netdev_queue *rigb_txq(struct net_device *netdev, u32 index);
void rigb_txq_lock_bh(struct netdev_queue *queue);
void rigb_txq_unlock_bh(struct netdev_queue *queue);
void rigb_txq_start(struct netdev_queue *queue);
void rigb_txq_stop(struct netdev_queue *queue);
void rigb_txq_reset(struct netdev_queue *queue);

/* Where both halves of a ring stand: two indexes that are read again whenever the macros want to know, and the mask of the ring. */
struct rigb_ring_place {
	const u32 *next_to_use;
	const u32 *next_to_clean;
	u32 mask;
};

/* For a frame that is posted: byte queue limits. Whether the card is to be told now. And after it: the stop when fewer than `stop` descriptors are free. */
bool rigb_tx_sent(struct netdev_queue *queue, struct sk_buff *skb, u32 bytes);
bool rigb_txq_maybe_stop(struct netdev_queue *queue, const struct rigb_ring_place *place, u32 stop, u32 start);
/* After cleaning: byte queue limits, and the wake when `start` descriptors are free. Whether it woke the queue. */
bool rigb_txq_cleaned(struct netdev_queue *queue, u32 packets, u32 bytes, const struct rigb_ring_place *place, u32 start, bool down);

/* What the transmit path has to know of a frame; offsets and lengths in bytes. */
enum {
	RIGB_TX_CHECKSUM = 1 << 0,	/* CHECKSUM_PARTIAL: the card is to fill the checksum in */
	RIGB_TX_SEGMENT = 1 << 1,	/* GSO */
	RIGB_TX_SCTP = 1 << 2,		/* the checksum is SCTP's CRC32c */
	RIGB_TX_IPV4 = 1 << 3,		/* the network header is IPv4 */
	RIGB_TX_VLAN = 1 << 4,		/* a tag is to be inserted */
	RIGB_TX_TIMESTAMP = 1 << 5,	/* a hardware timestamp is wanted */
};

struct rigb_tx_frame {
	u32 length;
	u32 head_length;
	u16 fragments;
	u16 flags;
	u16 vlan_tag;
	u16 network_offset;
	u16 checksum_start;
	u16 checksum_offset;	/* from checksum_start */
};

/* Bytes of the place for a short frame's copy: two cache lines, which hold every header without data. */
enum { RIGB_COPY_BYTES = 128 };

/* A frame of one piece of which nothing is asked but to send it: copied or mapped, stamped and counted (rigb_tx_sent), as far as the state says. */
enum {
	RIGB_TX_NOT_PLAIN,	/* no such frame: nothing was done to it */
	RIGB_TX_REFUSED,	/* it could not be mapped, and nothing else was done to it */
	RIGB_TX_MAPPED,		/* to be posted; the doorbell can wait */
	RIGB_TX_MAPPED_LAST,	/* to be posted, and the card to be told */
};

struct rigb_tx_plain {
	dma_addr_t address;
	u64 state;	/* as wide as a register, which the two are returned in */
};

/* A frame that is to be cut into segments. */
struct rigb_tx_segments {
	u16 header_length;	/* all headers, from the first byte of the frame */
	u16 segment_size;	/* payload bytes a segment */
	u16 segments;
};

/* Where headers end, in bytes: the network header's distance from the frame's first, and the transport's from that. */
void rigb_tx_headers(const struct sk_buff *skb, u32 *network_offset, u32 *network_length, bool *encapsulated);
/* Frames of up to `most` bytes are copied to `copy`, of RIGB_COPY_BYTES, which the card finds at `address`; the longer ones are mapped. */
struct rigb_tx_plain rigb_tx_plain(struct device *dev, struct netdev_queue *queue, struct sk_buff *skb, void *copy, dma_addr_t address, u32 most);
/* Copies a frame without fragments, of at most RIGB_COPY_BYTES. */
void rigb_tx_copy(const struct sk_buff *skb, void *copy);
void rigb_tx_describe(struct sk_buff *skb, struct rigb_tx_frame *frame);
u32 rigb_tx_descriptors(const struct sk_buff *skb, u32 most_bytes);
/* Makes the headers ready for being cut by the card. 0, or -ENOMEM when the headers cannot be made writable. */
int rigb_tx_segment(struct sk_buff *skb, struct rigb_tx_segments *segments);
bool rigb_tx_checksum_in_software(struct sk_buff *skb);
bool rigb_tx_map_head(struct device *dev, const struct sk_buff *skb, u32 length, dma_addr_t *address);
void rigb_tx_unmap_head(struct device *dev, dma_addr_t address, u32 length);
bool rigb_tx_map_fragment(struct device *dev, const struct sk_buff *skb, u32 index, dma_addr_t *address, u32 *length);
void rigb_tx_unmap_fragment(struct device *dev, dma_addr_t address, u32 length);
bool rigb_skb_pad(struct sk_buff *skb, u32 length);
void rigb_skb_free(struct sk_buff *skb);

/* page_pool: a page, or a piece of one, for each receive descriptor; mapped by the pool, given up the stack and recycled. */
struct page *rigb_pool_alloc(struct page_pool *pool);
struct page_pool *rigb_pool_create(struct net_device *netdev, struct device *dev, u32 buffers, u32 buffer_bytes, u32 queue);
void rigb_page_put(struct page *page);

/* A page whose pieces the card may fill: where it begins for the CPU and for the card. */
struct rigb_mapped_page {
	void *start;
	dma_addr_t address;
};

/* Divides a page of which the caller has the only share into `shares`. */
struct rigb_mapped_page rigb_page_divide(struct page *page, u32 shares);
/* The same for a page that the card had before. Nothing (`start` is NULL) when there are other shares, or page_pool would not use the page again either. */
struct rigb_mapped_page rigb_page_again(struct device *dev, struct page *page, u32 shares);
/* Gives one share of the page around `start` back. */
void rigb_buffer_put(void *start);

/* What the card found out about a received frame; with a VLAN tag in the upper 16 bits. */
enum {
	RIGB_RX_CHECKSUM_GOOD = 1 << 0,
	RIGB_RX_HASH = 1 << 1,
	RIGB_RX_HASH_L4 = 1 << 2,
	RIGB_RX_VLAN = 1 << 3,
	RIGB_RX_TYPED = 1 << 4,		/* its protocol is known already (xdp_build_skb_from_buff) */
	RIGB_RX_ALONE = 1 << 5,		/* nothing follows it yet */
	RIGB_RX_VLAN_TAG_SHIFT = 16,
};

/*
 * Where received frames come from and go to; and how buffers are divided: all their bytes, where in them the data begins, and how much the card
 * may write there.
 */
struct rigb_rx_path {
	struct napi_struct *napi;
	struct net_device *netdev;
	struct device *dev;
	u32 bytes;
	u32 headroom;
	u32 capacity;
	u32 queue;
	/* The frame at hand, if it is whole in one buffer. */
	void *start;
	dma_addr_t address;
	u32 length;
	u32 hash;
	u32 facts;
};

/* A buffer of a frame: where it begins, for the card the data; bytes of data. */
struct rigb_rx_buffer {
	void *start;
	dma_addr_t address;
	u32 length;
};

struct sk_buff *rigb_rx_build(const struct rigb_rx_path *path, const struct rigb_rx_buffer *buffer);
void rigb_rx_add(const struct rigb_rx_path *path, struct sk_buff *skb, const struct rigb_rx_buffer *buffer);
void rigb_rx_deliver(const struct rigb_rx_path *path, struct sk_buff *skb, u32 hash, u32 facts);
/* Builds and delivers the frame at hand. False when there was no memory: the buffer stays the caller's. */
bool rigb_rx_frame(const struct rigb_rx_path *path);

/* XDP: programs, received frames on their way through one, and frames that leave without the stack. */
bool rigb_bpf_is_setup(const struct netdev_bpf *bpf);
struct bpf_prog *rigb_bpf_program(const struct netdev_bpf *bpf);
struct netlink_ext_ack *rigb_bpf_extack(const struct netdev_bpf *bpf);
bool rigb_bpf_has_frags(const struct bpf_prog *program);
int rigb_rxq_register(struct xdp_rxq_info *rxq, struct net_device *netdev, u32 queue, u32 frag_size, struct page_pool *pool);
/* What is the same for all frames of a queue. */
void rigb_xdp_init(struct xdp_buff *xdp, struct xdp_rxq_info *rxq, u32 bytes);
void rigb_xdp_begin(const struct rigb_rx_path *path, struct xdp_buff *xdp, const struct rigb_rx_buffer *buffer);
bool rigb_xdp_add(const struct rigb_rx_path *path, struct xdp_buff *xdp, const struct rigb_rx_buffer *buffer);
u32 rigb_xdp_run(const struct bpf_prog *program, struct xdp_buff *xdp);
struct rigb_xdp_runner {
	const struct bpf_prog *program;
	struct xdp_buff xdp;
};

/* Runs the program on the frame at hand. If that drops it, the card may have the buffer again. */
u32 rigb_xdp_frame(const struct rigb_rx_path *path, struct rigb_xdp_runner *runner);
void rigb_xdp_exception(const struct net_device *netdev, const struct bpf_prog *program, u32 action);
struct xdp_frame *rigb_xdp_to_frame(struct xdp_buff *xdp);
u32 rigb_xdp_frame_length(const struct xdp_frame *frame);
u32 rigb_xdp_frame_head_length(const struct xdp_frame *frame);
u32 rigb_xdp_frame_fragments(const struct xdp_frame *frame);
bool rigb_xdp_frame_map_head(struct device *dev, const struct xdp_frame *frame, dma_addr_t *address);
bool rigb_xdp_frame_map_fragment(struct device *dev, const struct xdp_frame *frame, u32 index, dma_addr_t *address, u32 *length);
/*
 * For those who only look: copies of what is in a receive buffer (`is_back`: the card is done with it), and in a frame of XDP's that is posted. Up to `most` bytes;
 * how many.
 */
void rigb_look_received(struct device *dev, const struct rigb_rx_buffer *buffer, u32 headroom, bool is_back, void *to);
u32 rigb_look_xdp_frame(const struct xdp_frame *frame, void *to, u32 most);

/* The queue is used by others than the stack: its watchdog is told that it moves. */
void rigb_txq_touch(struct netdev_queue *queue);

u32 rigb_cpus_online(void);
u32 rigb_cpus_current(void);

/* CLOCK_MONOTONIC in nanoseconds. */
u64 rigb_monotonic_ns(void);

/* PCI */
const char *rigb_pci_name(const struct pci_dev *pdev);

#endif
