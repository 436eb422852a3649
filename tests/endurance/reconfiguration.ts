// Rings, channels, moderation, MTU and features are changed at random under traffic. Whatever ethtool says can be changed must change.
import type { GuestShell } from '../support/guest-shell.ts';
import { Choices } from './random.ts';
import { type Findings, pieces, type Run, type Scenario, Tally, warmUp } from './scenario.ts';

const changeLimitMs = 100_000;
/** These fill more than ten minutes: two or three are made a second, because most do without a reset of the card and so without a wait for the link. */
const longCount = 2000;

/** What the interface says can be changed, and within which bounds. */
export interface Abilities {
  /** Descriptors of the largest rings. */
  readonly rings: { readonly rx: number; readonly tx: number };
  /** The most combined channels; 0 where they cannot be set. */
  readonly channels: number;
  /** Parameters of `ethtool -C`. */
  readonly coalesce: readonly string[];
  /** In bytes. */
  readonly mtu: { readonly min: number; readonly max: number };
  /** Features of `ethtool -k` that are not fixed. */
  readonly features: readonly string[];
}

const coalesceNames = ['rx-usecs', 'tx-usecs', 'adaptive-rx', 'adaptive-tx'];
// Those that need no other; segmentation goes and comes back with what it needs.
const featureNames = [
  'rx-checksumming',
  'tx-scatter-gather',
  'tx-checksum-ip-generic',
  'tx-checksum-ipv4',
  'generic-receive-offload',
  'rx-vlan-offload',
  'tx-vlan-offload',
  'receive-hashing',
];

/** Asks ethtool and the kernel what can be changed. */
export async function abilitiesOf(guest: GuestShell, device: string): Promise<Abilities> {
  const ask = async (options: string) => guest.run(`/usr/sbin/ethtool ${options} ${device}`, { allowFailure: true });
  const first = (text: string, name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const rings = await ask('-g');
  const coalesce = await ask('-c');
  const features = await ask('-k');
  const link = await guest.run(`/usr/bin/ip -d link show ${device}`);
  const mtu = /minmtu (\d+) maxmtu (\d+)/.exec(link);
  return {
    rings: { rx: first(rings, 'RX'), tx: first(rings, 'TX') },
    channels: first(await ask('-l'), 'Combined'),
    coalesce: coalesceNames.filter((name) => {
      const adaptive = /^adaptive-(rx|tx)$/.exec(name)?.[1]?.toUpperCase();
      return adaptive
        ? new RegExp(`Adaptive.*\\b${adaptive}: (on|off)`).test(coalesce)
        : new RegExp(`^${name}:\\s*\\d+`, 'm').test(coalesce);
    }),
    mtu: { min: Number(mtu?.[1] ?? 0), max: Number(mtu?.[2] ?? 0) },
    features: featureNames.filter((name) => new RegExp(`^\\s*${name}: (on|off)( \\[requested on\\])?$`, 'm').test(features)),
  };
}

/** One change at random, as a line of the guest's plan without its wait. */
export function anyChange(choices: Choices, { rings, channels, coalesce, mtu, features }: Abilities): string {
  const kinds: [string, ...string[]] = ['rings', 'rings', 'mtu', 'mtu', 'restart'];
  if (channels > 1) kinds.push('channels', 'channels');
  if (coalesce.length > 0) kinds.push('coalesce', 'coalesce');
  if (features.length > 0) kinds.push('feature');
  const kind = choices.of(kinds);
  const size = (max: number) => choices.of([64, 128, choices.between(64, max), max]);
  switch (kind) {
    case 'rings':
      return `rings ${size(rings.rx)} ${size(rings.tx)}`;
    case 'channels':
      return `channels ${choices.between(1, channels)} -`;
    case 'coalesce': {
      const name = coalesce[choices.between(0, coalesce.length - 1)] ?? '';
      return `coalesce ${name} ${name.startsWith('adaptive') ? choices.of(['on', 'off']) : choices.of([0, 3, 10, 50, 200, 1000])}`;
    }
    case 'mtu':
      return `mtu ${Math.min(mtu.max, Math.max(mtu.min, choices.of([mtu.min, 576, 1280, 1500, 2000, 3000, 4000, 9000, mtu.max, choices.between(mtu.min, mtu.max)])))} -`;
    case 'feature':
      return `feature ${features[choices.between(0, features.length - 1)]} ${choices.of(['on', 'off'])}`;
    default:
      return 'restart - -';
  }
}

/** The same state for every reading of memory. */
const atRest = ['rings 256 256 0', 'mtu 1500 - traffic'];

async function run({ bench, count, seed, onProgress }: Run): Promise<Findings> {
  const choices = new Choices(seed);
  const tally = new Tally();
  const begun = Date.now();
  const { guest } = bench;
  await guest.loadDriver();
  const device = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
  const abilities = await abilitiesOf(guest, device);
  const channels = abilities.channels > 1 ? [`channels ${abilities.channels} - 0`] : [];
  // Longer than a page, so that frames fill several buffers whenever the MTU lets them in.
  await bench.startTraffic({ partnersLongest: 9014 });
  await bench.awaitTraffic('before the first change');
  let before = await bench.memoryWhileDown();
  let done = 0;
  for (const changes of pieces(count, warmUp(count), 25)) {
    const plan = Array.from({ length: changes }, () => {
      const change = anyChange(choices, abilities);
      tally.count(change.split(' ')[0] ?? '');
      return `${change} ${choices.of(['traffic', 'traffic', '0', String(choices.between(0, 800_000))])}`;
    });
    await bench.runPlan('reconfigure', '', [...plan, ...channels, ...atRest], changes * changeLimitMs);
    await bench.readLog();
    if (done === 0) before = await bench.memoryWhileDown();
    done += changes;
    onProgress?.(done);
  }
  const after = await bench.memoryWhileDown();
  const counters = await bench.stopTraffic();
  await bench.awaitNothingUnderWay();
  await guest.run('rmmod rigb');
  await bench.readLog();
  return { count, seed, seconds: (Date.now() - begun) / 1000, counters, complaints: bench.takeComplaints(), before, after, tally };
}

export const reconfiguration: Scenario = { name: 'reconfigure', unit: 'changes', longCount, isGuarded: false, run };
