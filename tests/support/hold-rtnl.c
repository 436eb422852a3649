// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * hold-rtnl INTERFACE: takes the lock under which the kernel configures its network (RTNL) and holds it until it is told to end (SIGTERM). Prints "held" when it
 * has it. It asks for the interface's message level, and the place for the answer reaches into a page that is missing until we say what is in it (userfaultfd).
 */
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <linux/userfaultfd.h>
#include <net/if.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *pages;
static long page_bytes;
static struct ifreq request;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void *ask(void *unused)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	__u32 *command = (__u32 *)(pages + page_bytes) - 1;

	(void)unused;
	*command = ETHTOOL_GMSGLVL;
	request.ifr_data = (void *)command;
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &request))
		fail("SIOCETHTOOL");
	return NULL;
}

int main(int count, char **arguments)
{
	int faults = syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register missing = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_zeropage answer = { 0 };
	struct uffd_msg fault;
	pthread_t asker;
	sigset_t signals;
	int signal;

	if (count != 2)
		return 2;
	page_bytes = sysconf(_SC_PAGESIZE);
	strncpy(request.ifr_name, arguments[1], IFNAMSIZ - 1);
	pages = mmap(NULL, 2 * page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		fail("mmap");
	missing.range.start = answer.range.start = (uintptr_t)pages + page_bytes;
	missing.range.len = answer.range.len = page_bytes;
	if (faults < 0 || ioctl(faults, UFFDIO_API, &api) || ioctl(faults, UFFDIO_REGISTER, &missing))
		fail("userfaultfd");
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	if (pthread_create(&asker, NULL, ask, NULL))
		fail("pthread_create");
	if (read(faults, &fault, sizeof(fault)) != sizeof(fault))
		fail("read");
	puts("held");
	fflush(stdout);
	sigwait(&signals, &signal);
	if (ioctl(faults, UFFDIO_ZEROPAGE, &answer))
		fail("UFFDIO_ZEROPAGE");
	pthread_join(asker, NULL);
	return 0;
}
