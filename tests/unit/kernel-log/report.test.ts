import { expect, test } from 'vitest';
import { frameText } from '../../../main/common/kernel-log/call-trace.ts';
import { readDriverEvent } from '../../../main/common/kernel-log/driver-events.ts';
import { readReport, reportTitle } from '../../../main/common/kernel-log/report.ts';
import { reportText } from '../../../main/common/kernel-log/report-text.ts';
import { readableSymbol } from '../../../main/common/kernel-log/rust-symbol.ts';
import { taintMeanings } from '../../../main/common/kernel-log/taint.ts';
import { bug, hungTask, olderWarning, pageFault, rcuStall, softLockup, warning } from './reports.ts';

test('a WARN names its place, its text, and who ran into it', () => {
  const report = readReport(warning);
  expect(report).toMatchObject({
    kind: 'warning',
    message: 'tx ring 0 has 3 descriptors too many',
    source: 'drivers/net/ethernet/intel/igb/igb_main.c:8312',
    cpu: 1,
    pid: 22,
    comm: 'ksoftirqd/1',
    taint: 'GO',
    kernel: '7.3.4+deb13-amd64',
    modules: ['rigb(O)', 'igb', 'i2c_algo_bit', 'dca'],
  });
  expect(reportTitle(report)).toBe(
    'WARNING: tx ring 0 has 3 descriptors too many – at drivers/net/ethernet/intel/igb/igb_main.c:8312 in igb_clean_tx_irq [igb]',
  );
});

test('the text of a WARN is found behind its first line too', () => {
  const [cut = '', text = '', reason = '', ...rest] = warning;
  expect(readReport([cut, reason, text, ...rest]).message).toBe('tx ring 0 has 3 descriptors too many');
});

test('a WARN of a kernel before 6.19 is read as well', () => {
  expect(readReport(olderWarning)).toMatchObject({ kind: 'warning', source: 'net/sched/sch_generic.c:525', cpu: 0, pid: 0, taint: 'GOE' });
});

test('a call trace keeps its order, its stacks, and what merely lay there', () => {
  const frames = readReport(warning).traces[0]?.frames ?? [];
  expect(frames.map((frame) => `${frame.isReliable ? '' : '? '}${frameText(frame)} ${frame.context}`)).toEqual([
    'igb_poll+0x5b/0x3a0 [igb] TASK',
    '? __pfx_igb_poll+0x10/0x10 [igb] TASK',
    '__napi_poll.constprop.0+0x2d/0x1a0 TASK',
    'net_rx_action+0x345/0x3d0 TASK',
  ]);
  expect(readReport(olderWarning).traces[0]?.frames.map(({ context }) => context)).toEqual(['IRQ', 'IRQ', 'TASK']);
});

test('a page fault names the address, the access, the function in words of Rust, registers and code', () => {
  const report = readReport(pageFault);
  expect(report).toMatchObject({ kind: 'oops', faultAddress: 'ffffc90000f01000', pid: 412, comm: 'insmod', taint: 'GWOE' });
  expect(report.place?.name).toBe('rigb::dev::probe::registers');
  expect(report.faultDetails[0]).toBe('#PF: supervisor write access in kernel mode');
  expect(new Map(report.registers).get('RBX')).toBe('ffff888004a1c000');
  expect(new Map(report.registers).get('CR3')).toBe('0000000004e28000');
  expect(report.code).toMatchObject({ marked: 4 });
  expect(report.traces.length).toBe(1);
});

test('a BUG names file, line and work queue', () => {
  const report = readReport(bug);
  expect(report).toMatchObject({ kind: 'bug', source: 'mm/slub.c:563', workqueue: 'events igb_watchdog_task [igb]', taint: '' });
  expect(reportTitle(report)).toBe('BUG: at mm/slub.c:563 in kfree');
});

test('a soft lockup names the CPU and the process that holds it', () => {
  expect(readReport(softLockup)).toMatchObject({ kind: 'soft-lockup', cpu: 0, pid: 731, comm: 'ip' });
});

test('a stall of RCU has a trace for each that is stuck', () => {
  const report = readReport(rcuStall);
  expect(report.kind).toBe('rcu-stall');
  expect(report.traces.map(({ of, frames }) => [of, frames[0]?.name])).toEqual([
    ['CPU 1', 'igb_reset'],
    ['rcu_preempt', 'schedule_timeout'],
  ]);
});

test('a task that hangs is named', () => {
  expect(readReport(hungTask)).toMatchObject({ kind: 'hung-task', comm: 'ip', pid: 731 });
});

test('taint letters are put into words', () => {
  expect(taintMeanings('GWO').map(({ letter }) => letter)).toEqual(['W', 'O']);
});

test('a name that is not of Rust stays as it is', () => {
  expect(readableSymbol('__napi_poll.constprop.0')).toBe('__napi_poll.constprop.0');
  expect(readableSymbol('_RNvMs1_NtCs6Zlp2U_4rigb6___ring4post')).toBe('rigb::__ring::post');
});

test('the stack’s watchdog and rigb’s own word on a hanging queue are events', () => {
  expect(readDriverEvent('rigb 0000:01:00.0 eth0: NETDEV WATCHDOG: CPU: 0: transmit queue 3 timed out 5120 ms')).toEqual({
    type: 'transmit-timeout',
    interface: 'eth0',
    queue: 3,
    stalledMs: 5120,
  });
  expect(readDriverEvent(olderWarning[1] ?? '')).toEqual({ type: 'transmit-timeout', interface: 'eth0', queue: 0, stalledMs: 5012 });
  expect(readDriverEvent('rigb 0000:01:00.0 eth0: transmit queue 0 hangs: next_to_use 17, next_to_clean 4, TDH 4, TDT 17')).toEqual({
    type: 'transmit-hang',
    interface: 'eth0',
    queue: 0,
    nextToUse: 17,
    nextToClean: 4,
    head: 4,
    tail: 17,
  });
  expect(readDriverEvent('rigb 0000:01:00.0 eth0: link up')).toBeNull();
});

test('a decoded report is told as text, without what it does not say', () => {
  const text = reportText(readReport(warning));
  expect(text.split('\n')).toEqual([
    'WARNING: tx ring 0 has 3 descriptors too many – at drivers/net/ethernet/intel/igb/igb_main.c:8312 in igb_clean_tx_irq [igb]',
    'function: igb_clean_tx_irq+0x3a5/0x3f0 [igb]',
    'source: drivers/net/ethernet/intel/igb/igb_main.c:8312',
    'process: ksoftirqd/1, pid 22',
    'cpu: 1',
    'taint O: module from outside of the kernel tree was loaded',
    'kernel: 7.3.4+deb13-amd64',
    'hardware: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.3-debian-1.16.3-2 04/01/2014',
    'call trace:',
    '  igb_poll+0x5b/0x3a0 [igb]',
    '  ? __pfx_igb_poll+0x10/0x10 [igb]',
    '  __napi_poll.constprop.0+0x2d/0x1a0',
    '  net_rx_action+0x345/0x3d0',
    '',
  ]);
});
