// What the kernel complained of while a test file ran.

const complaint =
  /WARNING:|BUG:|Oops|general protection|refcount_t|use-after-free|NETDEV WATCHDOG|hung_?task|blocked for more than|soft lockup|rcu.*(?:stall|detected)|page_pool_release_retry|DMAR:.*fault|scheduling while atomic|unregister_netdevice: waiting/;

/** The lines of a kernel log that are complaints, without their times. */
export function complaintsOf(log: string): readonly string[] {
  return log
    .split('\n')
    .filter((line) => complaint.test(line))
    .map((line) => line.replace(/^\[\s*\d+\.\d+\]\s*/, '').trim());
}
