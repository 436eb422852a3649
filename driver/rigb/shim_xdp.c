// SPDX-License-Identifier: GPL-2.0-only
/*
 * C wrappers of inline functions and macros for XDP; see shim.h.
 */
#include "shim.h"

#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/filter.h>

bool rigb_bpf_is_setup(const struct netdev_bpf *bpf)
{
	return bpf->command == XDP_SETUP_PROG;
}

struct bpf_prog *rigb_bpf_program(const struct netdev_bpf *bpf)
{
	return bpf->prog;
}

struct netlink_ext_ack *rigb_bpf_extack(const struct netdev_bpf *bpf)
{
	return bpf->extack;
}

bool rigb_bpf_has_frags(const struct bpf_prog *program)
{
	return program->aux->xdp_has_frags;
}

int rigb_rxq_register(struct xdp_rxq_info *rxq, struct net_device *netdev, u32 queue, u32 frag_size, struct page_pool *pool)
{
	int error = __xdp_rxq_info_reg(rxq, netdev, queue, 0, frag_size);

	if (error)
		return error;
	error = xdp_rxq_info_reg_mem_model(rxq, MEM_TYPE_PAGE_POOL, pool);
	if (error)
		xdp_rxq_info_unreg(rxq);
	return error;
}

void rigb_xdp_init(struct xdp_buff *xdp, struct xdp_rxq_info *rxq, u32 bytes)
{
	xdp_init_buff(xdp, bytes, rxq);
}

static __always_inline void rigb_begin(const struct rigb_rx_path *path, struct xdp_buff *xdp, void *start, dma_addr_t address, u32 length)
{
	net_prefetch(start + path->headroom);
	dma_sync_single_for_cpu(path->dev, address, length, DMA_BIDIRECTIONAL);
	xdp_reinit_buff(xdp);
	xdp_prepare_buff(xdp, start, path->headroom, length, true);
}

void rigb_xdp_begin(const struct rigb_rx_path *path, struct xdp_buff *xdp, const struct rigb_rx_buffer *buffer)
{
	rigb_begin(path, xdp, buffer->start, buffer->address, buffer->length);
}

bool rigb_xdp_add(const struct rigb_rx_path *path, struct xdp_buff *xdp, const struct rigb_rx_buffer *buffer)
{
	dma_sync_single_for_cpu(path->dev, buffer->address, buffer->length, DMA_BIDIRECTIONAL);
	return xdp_buff_add_frag(xdp, page_to_netmem(virt_to_page(buffer->start)), offset_in_page(buffer->start) + path->headroom, buffer->length,
				 path->bytes);
}

u32 rigb_xdp_run(const struct bpf_prog *program, struct xdp_buff *xdp)
{
	return bpf_prog_run_xdp(program, xdp);
}

u32 rigb_xdp_frame(const struct rigb_rx_path *path, struct rigb_xdp_runner *runner)
{
	u32 verdict;

	rigb_begin(path, &runner->xdp, path->start, path->address, path->length);
	verdict = bpf_prog_run_xdp(runner->program, &runner->xdp);
	if (likely(verdict == XDP_DROP))
		dma_sync_single_for_device(path->dev, path->address, path->capacity, DMA_BIDIRECTIONAL);
	return verdict;
}

void rigb_xdp_exception(const struct net_device *netdev, const struct bpf_prog *program, u32 action)
{
	trace_xdp_exception(netdev, program, action);
}

struct xdp_frame *rigb_xdp_to_frame(struct xdp_buff *xdp)
{
	return xdp_convert_buff_to_frame(xdp);
}

u32 rigb_xdp_frame_length(const struct xdp_frame *frame)
{
	return xdp_get_frame_len(frame);
}

u32 rigb_xdp_frame_head_length(const struct xdp_frame *frame)
{
	return frame->len;
}

u32 rigb_xdp_frame_fragments(const struct xdp_frame *frame)
{
	return xdp_frame_has_frags(frame) ? xdp_get_shared_info_from_frame(frame)->nr_frags : 0;
}

bool rigb_xdp_frame_map_head(struct device *dev, const struct xdp_frame *frame, dma_addr_t *address)
{
	*address = dma_map_single(dev, frame->data, frame->len, DMA_TO_DEVICE);
	return dma_mapping_error(dev, *address) == 0;
}

bool rigb_xdp_frame_map_fragment(struct device *dev, const struct xdp_frame *frame, u32 index, dma_addr_t *address, u32 *length)
{
	const skb_frag_t *fragment = &xdp_get_shared_info_from_frame(frame)->frags[index];

	*length = skb_frag_size(fragment);
	*address = skb_frag_dma_map(dev, fragment, 0, *length, DMA_TO_DEVICE);
	return dma_mapping_error(dev, *address) == 0;
}

void rigb_txq_touch(struct netdev_queue *queue)
{
	txq_trans_cond_update(queue);
}
