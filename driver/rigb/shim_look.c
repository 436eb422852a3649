// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies of what is in buffers, for whoever only looks; see shim.h. Called while the ring's slot is known to hold the buffer.
 */
#include "shim.h"

void rigb_look_received(struct device *dev, const struct rigb_rx_buffer *buffer, u32 headroom, bool is_back, void *to)
{
	/* Before it is back, the buffer is the card's and is not synchronised: behind bounce buffers, that would be a write into what the card may be writing. */
	if (is_back)
		dma_sync_single_for_cpu(dev, buffer->address, buffer->length, DMA_BIDIRECTIONAL);
	memcpy(to, buffer->start + headroom, buffer->length);
}

u32 rigb_look_xdp_frame(const struct xdp_frame *frame, void *to, u32 most)
{
	u32 copied = min_t(u32, frame->len, most);
	const struct skb_shared_info *shared;
	u32 index;

	memcpy(to, frame->data, copied);
	if (!xdp_frame_has_frags(frame))
		return copied;
	shared = xdp_get_shared_info_from_frame(frame);
	for (index = 0; index < shared->nr_frags; index++) {
		const skb_frag_t *fragment = &shared->frags[index];
		u32 bytes = min_t(u32, skb_frag_size(fragment), most - copied);

		memcpy(to + copied, skb_frag_address(fragment), bytes);
		copied += bytes;
	}
	return copied;
}
