// Which of the kernel's tests are run, and what each wants of its surroundings.

/** How a test file tells its results. */
export type OutputFormat = 'ktap' | 'forwarding' | 'netdevice' | 'self-test';

/**
 * What a test file finds: `pair` and `partner`: port 1 in the namespace `partner`, and port 0 with addresses and up, or bare; `forwarding`: every port
 * here, down, named in forwarding.config.
 */
export type Surroundings = 'pair' | 'partner' | 'forwarding';

/** One test file. */
export interface TestFile {
  /** Its path below tools/testing/selftests, or the command line where it is no file. */
  readonly name: string;
  readonly format: OutputFormat;
  readonly surroundings: Surroundings;
  /** Ports of the guest; neighbours 0-1 and 2-3 share a wire. */
  readonly ports: 2 | 4;
  /** The ports that the driver under test has; the in-tree igb has the others. */
  readonly underTest: readonly number[];
  /** Variables that the file reads, beside net.config's. */
  readonly variables?: Readonly<Record<string, string>>;
  /** A command of environment.sh or the shell to run before. */
  readonly before?: string;
  /** After this it is ended and what it printed so far counts, in seconds. */
  readonly limitSeconds: number;
}

const pair = (name: string, limitSeconds: number, more: Partial<TestFile> = {}): TestFile => ({
  name,
  format: 'ktap',
  surroundings: 'pair',
  ports: 2,
  underTest: [0],
  limitSeconds,
  ...more,
});

const looped = (name: string, limitSeconds: number): TestFile => ({
  name: `drivers/net/hw/${name}`,
  format: 'forwarding',
  surroundings: 'forwarding',
  ports: 2,
  underTest: [0],
  limitSeconds,
});

const forwarding = (name: string, underTest: readonly number[], limitSeconds: number, variables = {}): TestFile => ({
  name: `net/forwarding/${name}`,
  format: 'forwarding',
  surroundings: 'forwarding',
  ports: 4,
  underTest,
  limitSeconds,
  variables,
});

const conformant = { DRIVER_TEST_CONFORMANT: 'yes' };

/** All of them, in the order in which they run. */
export const testFiles: readonly TestFile[] = [
  { name: 'net/netdevice.sh', format: 'netdevice', surroundings: 'partner', ports: 2, underTest: [0], limitSeconds: 300 },
  pair('drivers/net/ping.py', 600),
  pair('drivers/net/stats.py', 600),
  pair('drivers/net/queues.py', 300),
  pair('drivers/net/ring_reconfig.py', 600),
  pair('drivers/net/napi_id.py', 300),
  pair('drivers/net/napi_threaded.py', 300),
  pair('drivers/net/gro.py', 1200, { before: 'modprobe pppoe' }),
  pair('drivers/net/xdp.py', 1200),
  pair('drivers/net/hw/irq.py', 300),
  pair('drivers/net/hw/csum.py', 600),
  // QEMU sends no TCP through a tunnel (known-limits.json): without this each of sixteen connections is tried for two minutes.
  pair('drivers/net/hw/tso.py', 1200, { before: 'sysctl -qw net.ipv4.tcp_syn_retries=1' }),
  // The test asks that every queue's interrupt has one CPU and that two CPUs have none.
  pair('drivers/net/hw/toeplitz.py', 900, { before: 'pin_interrupts' }),
  pair('drivers/net/hw/rss_api.py', 600),
  pair('drivers/net/hw/rss_drv.py', 600),
  pair('drivers/net/hw/nic_timestamp.py', 300),
  looped('ethtool.sh', 1200),
  pair('drivers/net/hw/ethtool_std_stats.sh', 900, { variables: conformant }),
  pair('drivers/net/hw/ethtool_rmon.sh', 1200, { variables: conformant }),
  looped('loopback.sh', 300),
  { name: 'ethtool -t eth0 offline', format: 'self-test', surroundings: 'pair', ports: 2, underTest: [0], limitSeconds: 300 },
  // h1 is a host whose limits the test reads; the rest are switch or router ports.
  forwarding('min_max_mtu.sh', [0], 600),
  forwarding('router.sh', [1, 2], 900),
  forwarding('bridge_vlan_unaware.sh', [1, 2], 900),
  forwarding('bridge_vlan_aware.sh', [1, 2], 900),
  // Hundreds of pings that must not be answered: each waits for its time.
  forwarding('no_forwarding.sh', [1, 3], 2400, { PING_TIMEOUT: '2' }),
];

/** The files whose path or last part is one of `names`; an error for a name that fits none. */
export function selectFiles(names: readonly string[]): readonly TestFile[] {
  if (names.length === 0) return testFiles;
  const fits = (file: TestFile, name: string) =>
    file.name === name || file.name.endsWith(`/${name}`) || (name === 'ethtool-t' && file.format === 'self-test');
  const unknown = names.filter((name) => !testFiles.some((file) => fits(file, name)));
  if (unknown.length > 0) throw new Error(`No test file is named ${unknown.join(', ')}; \`--list\` prints their names.`);
  return testFiles.filter((file) => names.some((name) => fits(file, name)));
}
