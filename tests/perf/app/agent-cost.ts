// Row: the CPU that the agent takes for everything on screen at 10 Hz, beside what the tools of every day take for their numbers at the same rate, in one guest at the same time.
import { streams } from '#common/frame.ts';
import type { GuestAgent } from '../../support/guest-agents.ts';
import { GuestShell } from '../../support/guest-shell.ts';
import { percentile } from '../report.ts';
import type { BenchRow } from './row.ts';

const device = '0000:01:00.0';
const hz = 10;
const runs = 5;
const roundsPerRun = 60;
const betweenUs = 60_000;

const tools = `/usr/sbin/ethtool -S eth0 > /dev/null; cat /proc/interrupts > /dev/null; /usr/bin/ip -s link > /dev/null;`;

/** Groups of processes count the CPU time of whatever ran in them, ended or not. */
const groups = [
  'mkdir -p /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup',
  'mkdir /sys/fs/cgroup/agent /sys/fs/cgroup/tools /sys/fs/cgroup/loop',
  'echo $(pidof ringscope-agent) > /sys/fs/cgroup/agent/cgroup.procs',
].join('; ');

/** A shell in a group goes round so often. */
const rounds = (group: string, work: string) =>
  `sh -c 'echo $$ > /sys/fs/cgroup/${group}/cgroup.procs; i=0; while [ $i -lt ${roundsPerRun} ]; do i=$((i+1)); ${work} usleep ${betweenUs}; done'`;

async function usedUs(guest: GuestShell, group: string): Promise<number> {
  const text = await guest.run(`cat /sys/fs/cgroup/${group}/cpu.stat`);
  const used = /^usage_usec (\d+)/m.exec(text)?.[1];
  if (used === undefined) throw new Error(`The guest's kernel does not count the time of a group: ${text}`);
  return Number(used);
}

/** Everything that the first layout shows, at the asked rate. */
async function watchEverything(agent: GuestAgent): Promise<string[]> {
  const { devices } = await agent.event('devices', (event) => event.devices.some(({ rings }) => rings.length > 0));
  const rings = devices.find(({ pciAddress }) => pciAddress === device)?.rings ?? [];
  const watched = [...rings.map(({ kind, index }) => `ring:${kind}:${index}`), 'vectors'];
  await agent.do('sample', { hz });
  await agent.do('observe', { device, hz });
  for (const what of watched) await agent.do('watch', { device, what, hz });
  return watched;
}

export const agentCost: BenchRow = {
  id: 'agent-cost',
  goals: [{ row: 'agent at 10 Hz for everything on screen, of the CPU of ethtool, cat and ip', unit: '', goal: 0.1, bound: 'most' }],
  async measure({ progress }) {
    await using guest = await GuestShell.boot('bench-agent-cost');
    const agent = await guest.agents.next();
    await agent.do('load-module', {});
    await guest.linkUp();
    const watched = await watchEverything(agent);
    await guest.run(groups);
    let samples = 0;
    agent.client.onBulk(({ stream }) => {
      if (stream === streams.sample) samples += 1;
    });
    const found: { agentUs: number; toolsUs: number; rate: number }[] = [];
    for (let run = 0; run < runs; run += 1) {
      const [agentBefore, toolsBefore, loopBefore] = [
        await usedUs(guest, 'agent'),
        await usedUs(guest, 'tools'),
        await usedUs(guest, 'loop'),
      ];
      const begun = performance.now();
      samples = 0;
      await guest.run(rounds('tools', tools), { limitMs: 120_000 });
      const [taken, agentAfter] = [samples, await usedUs(guest, 'agent')];
      const seconds = (performance.now() - begun) / 1000;
      // What the shell's own loop takes is nobody's numbers.
      await guest.run(rounds('loop', ''), { limitMs: 120_000 });
      const loop = (await usedUs(guest, 'loop')) - loopBefore;
      found.push({
        agentUs: (agentAfter - agentBefore) / taken,
        toolsUs: ((await usedUs(guest, 'tools')) - toolsBefore - loop) / roundsPerRun,
        rate: taken / seconds,
      });
      const newest = found.at(-1);
      progress(
        `${run + 1}/${runs}: agent ${newest?.agentUs.toFixed(0)} µs a turn (${newest?.rate.toFixed(1)} Hz), tools ${newest?.toolsUs.toFixed(0)} µs a round`,
      );
    }
    const middle = (of: (one: (typeof found)[number]) => number) => percentile(found.map(of), 0.5);
    const rate = middle((one) => one.rate);
    return {
      values: [middle(({ agentUs, toolsUs }) => agentUs / toolsUs)],
      isInvalid: rate < hz * 0.9,
      note: `${rate < hz * 0.9 ? `the agent came to ${rate.toFixed(1)} Hz only; ` : ''}agent ${middle((one) => one.agentUs).toFixed(0)} µs a turn for samples, the observation and ${watched.length} watched files; \`ethtool -S\`, \`cat /proc/interrupts\` and \`ip -s link\` ${middle((one) => one.toolsUs).toFixed(0)} µs a round without their shell; medians of ${runs} runs`,
    };
  },
};
