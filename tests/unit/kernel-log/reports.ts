// Reports by the shapes of Linux 7.3's sources (kernel/panic.c, lib/bug.c, lib/dump_stack.c, arch/x86/kernel/dumpstack.c, arch/x86/mm/fault.c, kernel/watchdog.c, kernel/rcu/tree_stall.h).

const registers = `RSP: 0018:ffffc90000443c10 EFLAGS: 00010246
RAX: 0000000000000000 RBX: ffff888004a1c000 RCX: 0000000000000000
RDX: 0000000000000000 RSI: 0000000000000246 RDI: ffff888004a1c900
RBP: ffff888004a1c900 R08: 0000000000000000 R09: 0000000000000000
R10: 0000000000000001 R11: 0000000000000000 R12: ffff888003c55000
R13: 0000000000000100 R14: ffff888004a1c9c0 R15: 0000000000000000
FS:  00007f1f2d3c5740(0000) GS:ffff8880bb51d000(0000) knlGS:0000000000000000
CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033
CR2: 00007f6f7f0f6a10 CR3: 0000000004e28000 CR4: 00000000000006f0`;

export const warning = `------------[ cut here ]------------
tx ring 0 has 3 descriptors too many
WARNING: drivers/net/ethernet/intel/igb/igb_main.c:8312 at igb_clean_tx_irq+0x3a5/0x3f0 [igb], CPU#1: ksoftirqd/1/22
Modules linked in: rigb(O) igb i2c_algo_bit dca
CPU: 1 UID: 0 PID: 22 Comm: ksoftirqd/1 Tainted: G           O        7.3.4+deb13-amd64 #1 PREEMPT(lazy)  Debian 7.3.4-1~bpo13+1
Tainted: [O]=OOT_MODULE
Hardware name: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.3-debian-1.16.3-2 04/01/2014
RIP: 0010:igb_clean_tx_irq+0x3a5/0x3f0 [igb]
Code: 48 8b 45 08 48 89 ef e8 1d 30 f2 ff e9 5c ff ff ff 0f 0b e9 <0f> 0b 48 c7 c7 20 e0 2b c0 e8 a7 a9 cc c0
${registers}
Call Trace:
 <TASK>
 igb_poll+0x5b/0x3a0 [igb]
 ? __pfx_igb_poll+0x10/0x10 [igb]
 __napi_poll.constprop.0+0x2d/0x1a0
 net_rx_action+0x345/0x3d0
 </TASK>
---[ end trace 0000000000000000 ]---`.split('\n');

export const olderWarning = `------------[ cut here ]------------
NETDEV WATCHDOG: eth0 (rigb): transmit queue 0 timed out 5012 ms
WARNING: CPU: 0 PID: 0 at net/sched/sch_generic.c:525 dev_watchdog+0x21b/0x220
Modules linked in: rigb(OE)
CPU: 0 PID: 0 Comm: swapper/0 Tainted: G           OE      6.1.0-18-amd64 #1  Debian 6.1.76-1
RIP: 0010:dev_watchdog+0x21b/0x220
Call Trace:
 <IRQ>
 ? __warn+0x7d/0xc0
 call_timer_fn+0x27/0x130
 </IRQ>
 <TASK>
 cpuidle_enter_state+0xde/0x420
 </TASK>
---[ end trace 0000000000000000 ]---`.split('\n');

export const pageFault = `BUG: unable to handle page fault for address: ffffc90000f01000
#PF: supervisor write access in kernel mode
#PF: error_code(0x0002) - not-present page
PGD 100000067 P4D 100000067 PUD 1001a5067 PMD 10a6d4067 PTE 0
Oops: Oops: 0002 [#1] SMP NOPTI
CPU: 0 UID: 0 PID: 412 Comm: insmod Tainted: G        W  OE       7.3.4+deb13-amd64 #1 PREEMPT(lazy)  Debian 7.3.4-1~bpo13+1
Tainted: [W]=WARN, [O]=OOT_MODULE, [E]=UNSIGNED_MODULE
Hardware name: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.3-debian-1.16.3-2 04/01/2014
RIP: 0010:_RNvNtNtCs8kz0Wq_4rigb3dev5probe9registers+0x2a/0x90 [rigb]
Code: 1f 44 00 00 <c7> 04 25 00 00 00 00 2a
${registers}
Call Trace:
 <TASK>
 do_one_initcall+0x5b/0x310
 do_init_module+0x60/0x240
 </TASK>
Modules linked in: rigb(OE+) igb
CR2: ffffc90000f01000
---[ end trace 0000000000000000 ]---
RIP: 0010:_RNvNtNtCs8kz0Wq_4rigb3dev5probe9registers+0x2a/0x90 [rigb]
Code: 1f 44 00 00 <c7> 04 25 00 00 00 00 2a
${registers}
note: insmod[412] exited with irqs disabled`.split('\n');

export const bug = `------------[ cut here ]------------
kernel BUG at mm/slub.c:563!
Oops: invalid opcode: 0000 [#2] SMP NOPTI
CPU: 1 UID: 0 PID: 99 Comm: kworker/1:2 Not tainted 7.3.4+deb13-amd64 #1 PREEMPT(lazy)  Debian 7.3.4-1~bpo13+1
Workqueue: events igb_watchdog_task [igb]
RIP: 0010:kfree+0x2b3/0x2c0
Call Trace:
 <TASK>
 igb_watchdog_task+0x11/0x20 [igb]
 process_one_work+0x18b/0x340
 </TASK>
Modules linked in: igb
---[ end trace 0000000000000000 ]---
Kernel panic - not syncing: Fatal exception in interrupt
Kernel Offset: 0x1a000000 from 0xffffffff81000000 (relocation range: 0xffffffff80000000-0xffffffffbfffffff)
---[ end Kernel panic - not syncing: Fatal exception in interrupt ]---`.split('\n');

export const softLockup = `watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [ip:731]
CPU#0 Utilization every 4s during lockup:
Modules linked in: rigb(OE)
CPU: 0 UID: 0 PID: 731 Comm: ip Tainted: G           OE       7.3.4+deb13-amd64 #1 PREEMPT(lazy)  Debian 7.3.4-1~bpo13+1
RIP: 0010:queued_spin_lock_slowpath+0x5c/0x2d0
Call Trace:
 <TASK>
 _raw_spin_lock+0x29/0x30
 rtnl_newlink+0x8a2/0xd90
 </TASK>`.split('\n');

export const rcuStall = `rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
rcu: \t1-....: (5249 ticks this GP) idle=2f3c/1/0x4000000000000000 softirq=1045/1045 fqs=2625
rcu: \t(detected by 0, t=5252 jiffies, g=1201, q=47 ncpus=2)
Sending NMI from CPU 0 to CPUs 1:
NMI backtrace for cpu 1
CPU: 1 UID: 0 PID: 731 Comm: ip Not tainted 7.3.4+deb13-amd64 #1 PREEMPT(lazy)  Debian 7.3.4-1~bpo13+1
RIP: 0010:delay_tsc+0x3a/0x60
Call Trace:
 <TASK>
 igb_reset+0x41/0x90 [igb]
 </TASK>
rcu: rcu_preempt kthread starved for 2601 jiffies! g1201 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=0
rcu: RCU grace-period kthread stack dump:
task:rcu_preempt     state:R  running task     stack:0     pid:16    tgid:16    ppid:2      task_flags:0x208040 flags:0x00004000
Call Trace:
 <TASK>
 schedule_timeout+0x88/0x110
 </TASK>`.split('\n');

export const hungTask = `INFO: task ip:731 blocked for more than 120 seconds.
      Not tainted 7.3.4+deb13-amd64 #1
"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.
task:ip              state:D stack:0     pid:731   tgid:731   ppid:730    task_flags:0x400100 flags:0x00004002
Call Trace:
 <TASK>
 __schedule+0x3e2/0xd10
 rtnl_lock+0x15/0x20
 </TASK>`.split('\n');

export const all = { warning, olderWarning, pageFault, bug, softLockup, rcuStall, hungTask };
