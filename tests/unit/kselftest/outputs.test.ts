// The parsers of tests/kselftest against what the kernel's tests really printed (tests/fixtures/kselftest).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { complaintsOf } from '../../kselftest/kernel-log.ts';
import { parseOutput } from '../../kselftest/outcome.ts';
import { totalsOf } from '../../kselftest/test-case.ts';

const golden = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/kselftest', name), 'utf8');

describe('KTAP', () => {
  const stats = parseOutput('ktap', golden('stats.py.txt'), 1);

  test('each result line is a case without its program’s name', () => {
    expect(stats.cases.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'check_pause fail',
      'check_fec skip',
      'check_fec_hist skip',
      'pkt_byte_sum skip',
      'qstat_by_ifindex skip',
      'check_down skip',
      'procfs_hammer pass',
      'procfs_downup_hammer pass',
    ]);
  });

  test('a failure’s reason is the check that failed', () => {
    expect(stats.cases[0]?.reason).toBe('Check failed {} does not eval to True driver does not report stats');
  });

  test('a skip’s reason is what the test says after the word', () => {
    expect(stats.cases[3]?.reason).toBe('qstats not supported by the device');
  });

  test('a command that failed is explained by its error output', () => {
    const { cases } = parseOutput('ktap', golden('ping.py.txt'), 1);
    expect(cases.find(({ result }) => result === 'fail')?.reason).toMatch(/^Error: /);
  });

  test('an expected failure is neither a pass nor a failure', () => {
    expect(totalsOf(parseOutput('ktap', golden('ring_reconfig.py.txt'), 1).cases)).toEqual({ pass: 1, fail: 1, skip: 0, xfail: 1 });
  });

  test('a file that aborts before its first case is incomplete and names the exception', () => {
    const { cases, incomplete } = parseOutput('ktap', golden('tso.py.txt'), 1);
    expect(cases).toEqual([]);
    expect(incomplete).toMatch(/^no case was reported: .*Operation not supported/);
  });

  test('a plan with more cases than were reported is incomplete', () => {
    const { incomplete } = parseOutput('ktap', 'TAP version 13\n1..3\nok 1 a.one\nSegmentation fault\n', 139);
    expect(incomplete).toBe('1 of 3 cases were reported: Segmentation fault');
  });

  test('the shell tests’ skips, which give no reason, count as skips', () => {
    expect(totalsOf(parseOutput('ktap', golden('ethtool_std_stats.sh.txt'), 0).cases)).toEqual({ pass: 0, fail: 0, skip: 26, xfail: 0 });
  });
});

describe('forwarding scripts', () => {
  const bridge = parseOutput('forwarding', golden('bridge_vlan_aware.sh.txt'), 1);

  test('each line of log_test is a case', () => {
    expect(totalsOf(bridge.cases)).toEqual({ pass: 10, fail: 3, skip: 0, xfail: 0 });
    expect(bridge.incomplete).toBeNull();
  });

  test('the indented line below a failure is its reason', () => {
    expect(bridge.cases.find(({ result }) => result === 'fail')?.reason).not.toBe('');
  });

  test('cases of one name are told apart by their count', () => {
    const { cases } = parseOutput('forwarding', 'TEST: ping   [ OK ]\nTEST: ping   [FAIL]\n\tlost\n', 1);
    expect(cases.map(({ name }) => name)).toEqual(['ping', 'ping (2)']);
  });

  test('a script that ends as skipped in its setup has one skipped case, whatever mark it printed', () => {
    const { cases } = parseOutput('forwarding', golden('loopback.sh.txt'), 4);
    expect(cases).toEqual([{ name: '(whole file)', result: 'skip', reason: 'dev eth0 does not support loopback feature' }]);
  });

  test('a script that was ended for its time is incomplete', () => {
    expect(parseOutput('forwarding', golden('bridge_vlan_aware.sh.txt'), null).incomplete).toMatch(/^ended for taking too long after: /);
  });
});

describe('net/netdevice.sh', () => {
  const { cases } = parseOutput('netdevice', golden('netdevice.sh.txt'), 0);
  const named = (name: string) => cases.find((one) => one.name === name);

  test('a failure has the name of the case as it is called when it passes', () => {
    expect(named('eth0: set MAC address')).toEqual({
      name: 'eth0: set MAC address',
      result: 'fail',
      reason: 'RTNETLINK answers: Device or resource busy',
    });
    expect(named('eth0: Turned on feature: scatter-gather')?.result).toBe('fail');
  });

  test('a case does not depend on the feature’s initial state', () => {
    expect(named('eth0: Restore feature scatter-gather')?.result).toBe('pass');
  });

  test('what the driver does not support is an expected failure', () => {
    expect(named('eth0: ethtool dump')?.result).toBe('xfail');
  });
});

describe('ethtool -t', () => {
  test('a value of 0 is a pass, any other a failure', () => {
    const output = golden('ethtool-t.txt');
    expect(parseOutput('self-test', output, 0).cases.map(({ result }) => result)).toEqual(['pass', 'pass', 'pass', 'pass', 'pass']);
    const failed = parseOutput('self-test', output.replace(/(Loopback test.*\t) 0/, '$1 13'), 1).cases;
    expect(failed.find(({ result }) => result === 'fail')).toEqual({
      name: 'Loopback test  (offline)',
      result: 'fail',
      reason: 'value 13',
    });
  });

  test('a driver without self-test is an incomplete file', () => {
    expect(parseOutput('self-test', 'Cannot get strings: Operation not supported\n', 95).incomplete).toContain('not supported');
  });
});

describe('the kernel’s log', () => {
  test('links going up are no complaint', () => {
    expect(
      complaintsOf('[   44.072976] igb 0000:01:00.0 eth0: igb: eth0 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX/TX\n'),
    ).toEqual([]);
  });

  test.each([
    'WARNING: CPU: 1 PID: 77 at net/core/dev.c:1234 __dev_close_many+0x1/0x2',
    'BUG: kernel NULL pointer dereference, address: 0000000000000008',
    'Oops: Oops: 0002 [#1] SMP NOPTI',
    'refcount_t: underflow; use-after-free.',
    'NETDEV WATCHDOG: CPU: 0: transmit queue 0 timed out 5000 ms',
    'page_pool_release_retry() stalled pool shutdown: id 5, 3 inflight 60 sec',
    'unregister_netdevice: waiting for eth0 to become free. Usage count = 2',
  ])('%s', (line) => {
    expect(complaintsOf(`[   12.345678] ${line}\n`)).toEqual([line]);
  });
});
