/* attach-xdp INTERFACE: attaches a program that passes every frame, says so, and detaches it when its input ends. */
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

int main(int count, char **arguments)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (unsigned long)program,
		.insn_cnt = 2,
		.license = (unsigned long)"GPL",
	};
	union bpf_attr link = { 0 };
	char byte;

	if (count != 2)
		return 2;
	link.link_create.prog_fd = bpf(BPF_PROG_LOAD, &load);
	link.link_create.target_ifindex = if_nametoindex(arguments[1]);
	link.link_create.attach_type = BPF_XDP;
	link.link_create.flags = XDP_FLAGS_DRV_MODE;
	/* The link lives as long as this descriptor. */
	if (bpf(BPF_LINK_CREATE, &link) < 0) {
		perror("attach-xdp");
		return 1;
	}
	puts("attached");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
