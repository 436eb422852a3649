/*
 * attach-xdp INTERFACE [VERDICT]: attaches a program that judges every frame so, says so, and detaches it when its input ends. VERDICT is pass, which is meant
 * without one too, drop, tx, redirect (to the interface itself) or aborted. With a verdict the program takes frames in several buffers.
 */
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static const char *const verdicts[] = {
	[XDP_ABORTED] = "aborted", [XDP_DROP] = "drop", [XDP_PASS] = "pass", [XDP_TX] = "tx", [XDP_REDIRECT] = "redirect",
};

static int verdict_of(const char *name)
{
	for (int verdict = XDP_ABORTED; verdict <= XDP_REDIRECT; verdict++)
		if (strcmp(verdicts[verdict], name) == 0)
			return verdict;
	return -1;
}

int main(int count, char **arguments)
{
	const int verdict = count == 3 ? verdict_of(arguments[2]) : XDP_PASS;
	const int interface = count >= 2 ? if_nametoindex(arguments[1]) : 0;
	const struct bpf_insn fixed[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	/* bpf_redirect() itself answers XDP_REDIRECT. */
	const struct bpf_insn redirect[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1, .imm = interface },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.prog_flags = count == 3 ? BPF_F_XDP_HAS_FRAGS : 0,
		.insns = verdict == XDP_REDIRECT ? (unsigned long)redirect : (unsigned long)fixed,
		.insn_cnt = verdict == XDP_REDIRECT ? 4 : 2,
		.license = (unsigned long)"GPL",
	};
	union bpf_attr link = { 0 };
	char byte;

	if (interface == 0 || verdict < 0) {
		fputs("usage: attach-xdp INTERFACE [aborted|drop|pass|tx|redirect]\n", stderr);
		return 2;
	}
	link.link_create.prog_fd = bpf(BPF_PROG_LOAD, &load);
	link.link_create.target_ifindex = interface;
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
