// SPDX-License-Identifier: MIT OR Apache-2.0
/* keep-datagrams PORT BYTES: lets datagrams for the UDP port wait in the kernel, up to so many bytes of its memory, and reads none, until it is told to end. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **arguments)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in address = { .sin_family = AF_INET };
	int bytes;

	if (count != 3)
		return 2;
	address.sin_port = htons(atoi(arguments[1]));
	bytes = atoi(arguments[2]) / 2; /* The kernel doubles it. */
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) || bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		perror("keep-datagrams");
		return 1;
	}
	puts("bound");
	fflush(stdout);
	pause();
	return 0;
}
