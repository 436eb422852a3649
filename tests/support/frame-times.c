// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Sends and receives PTP version 2 messages in Ethernet and prints when the card says that they were on the wire, in nanoseconds of its clock.
 *
 *   frame-times configure INTERFACE TX_TYPE RX_FILTER      as linux/net_tstamp.h numbers them; prints what the driver made of it
 *   frame-times send INTERFACE ADDRESS MESSAGE COUNT       waits for each frame's stamp before the next, and 20 ms, because a card
 *                                                          receives one stamp at a time; prints "SEQUENCE NANOSECONDS" or "SEQUENCE none"
 *   frame-times burst INTERFACE ADDRESS MESSAGE COUNT      sends all at once and prints the stamps that come
 *   frame-times receive INTERFACE COUNT                    prints "SEQUENCE NANOSECONDS" or "SEQUENCE none" for each frame
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { ETHERTYPE_PTP = 0x88f7, HEADER_BYTES = 14, FRAME_BYTES = 60, SEQUENCE_AT = HEADER_BYTES + 30, WAIT_MS = 1000, SPACING_US = 20000 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int packet_socket(const char *interface, int stamps)
{
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETHERTYPE_PTP));
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETHERTYPE_PTP), .sll_ifindex = if_nametoindex(interface) };
	struct timeval limit = { .tv_sec = 5 };

	if (fd < 0)
		fail("socket");
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("bind");
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof(stamps)))
		fail("SO_TIMESTAMPING");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		fail("SO_RCVTIMEO");
	return fd;
}

/* Receives one frame, or its stamp with MSG_ERRQUEUE, and prints a line. Zero when none came. */
static int print_one(int fd, int flags)
{
	unsigned char frame[2048];
	char control[512];
	struct iovec data = { .iov_base = frame, .iov_len = sizeof(frame) };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	ssize_t length = recvmsg(fd, &message, flags);
	struct timespec stamp = { 0 };

	if (length < SEQUENCE_AT + 2)
		return 0;
	for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
		if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SO_TIMESTAMPING)
			stamp = ((struct scm_timestamping *)CMSG_DATA(part))->ts[2];
	}
	printf("%d ", frame[SEQUENCE_AT] << 8 | frame[SEQUENCE_AT + 1]);
	if (stamp.tv_sec || stamp.tv_nsec)
		printf("%lld\n", stamp.tv_sec * 1000000000ll + stamp.tv_nsec);
	else
		printf("none\n");
	return 1;
}

static int await_stamp(int fd)
{
	/* An error queue is always polled for. */
	struct pollfd wait = { .fd = fd };

	return poll(&wait, 1, WAIT_MS) == 1 && print_one(fd, MSG_ERRQUEUE | MSG_DONTWAIT);
}

static int configure(const char *interface, int tx_type, int rx_filter)
{
	struct hwtstamp_config config = { .tx_type = tx_type, .rx_filter = rx_filter };
	struct ifreq request = { .ifr_data = (char *)&config };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCSHWTSTAMP, &request))
		fail("SIOCSHWTSTAMP");
	printf("%d %d\n", config.tx_type, config.rx_filter);
	return 0;
}

static int send_frames(const char *interface, const char *address, int message, int count, int burst)
{
	int fd = packet_socket(interface, SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE);
	unsigned char frame[FRAME_BYTES] = { 0 };

	if (sscanf(address, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &frame[0], &frame[1], &frame[2], &frame[3], &frame[4], &frame[5]) != 6)
		return 2;
	frame[6] = 0x02;
	frame[12] = ETHERTYPE_PTP >> 8;
	frame[13] = ETHERTYPE_PTP & 0xff;
	frame[14] = message;
	frame[15] = 2;
	for (int sequence = 0; sequence < count; sequence++) {
		frame[SEQUENCE_AT] = sequence >> 8;
		frame[SEQUENCE_AT + 1] = sequence;
		if (send(fd, frame, sizeof(frame), 0) != sizeof(frame))
			fail("send");
		if (burst)
			continue;
		if (!await_stamp(fd))
			printf("%d none\n", sequence);
		usleep(SPACING_US);
	}
	while (burst && await_stamp(fd))
		;
	return 0;
}

static int receive_frames(const char *interface, int count)
{
	int fd = packet_socket(interface, SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE);

	printf("ready\n");
	while (count-- > 0) {
		fflush(stdout);
		if (!print_one(fd, 0))
			return 1;
	}
	return 0;
}

int main(int arguments, char **argument)
{
	if (arguments == 5 && !strcmp(argument[1], "configure"))
		return configure(argument[2], atoi(argument[3]), atoi(argument[4]));
	if (arguments == 6 && !strcmp(argument[1], "send"))
		return send_frames(argument[2], argument[3], atoi(argument[4]), atoi(argument[5]), 0);
	if (arguments == 6 && !strcmp(argument[1], "burst"))
		return send_frames(argument[2], argument[3], atoi(argument[4]), atoi(argument[5]), 1);
	if (arguments == 4 && !strcmp(argument[1], "receive"))
		return receive_frames(argument[2], atoi(argument[3]));
	fprintf(stderr, "see the first lines of frame-times.c\n");
	return 2;
}
