// The guest of an endurance run: two-way traffic, counters watched, the kernel's log kept, memory compared.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complaintsOf } from '../kselftest/kernel-log.ts';
import { GuestShell } from '../support/guest-shell.ts';

const scripts = join(import.meta.dirname, 'guest');

/**
 * What is not about the driver under test: pktgen calls its own remark a warning when it is told to stop in the middle, and in hours the in-tree driver of the
 * partner is not interrupted once or twice (its log then shows head and tail equal and the descriptor done), which its watchdog repairs.
 */
const notOfTheDriver = /pktgen: WARNING|\bigb 0000:02:00\.0 .*NETDEV WATCHDOG/;

/** How the guest is made. */
export interface BenchOptions {
  /** The guest's, for its runtime directory. */
  readonly name: string;
  /**
   * Behind an IOMMU that unmaps at once, so that DMA to memory that was given back is a fault in the log, and with ports that the kernel itself hot-plugs
   * (pciehp) instead of the firmware.
   */
  readonly isGuarded?: boolean;
  /** Called with every piece of the kernel's log. */
  readonly onLog?: (log: string) => void;
}

/** What the counters did. */
export interface CounterVerdict {
  /** How often all of them were read. */
  readonly samples: number;
  /** How many registrations of the interface the samples are of. */
  readonly interfaces: number;
  /** How many different counters there were. */
  readonly counters: number;
  /** One line a counter that went back. */
  readonly backward: readonly string[];
}

/** Free memory at one time, in KiB. */
export interface Memory {
  readonly available: number;
  readonly unreclaimableSlab: number;
}

/** A guest in which scenarios run, one after the other. */
export class Bench implements AsyncDisposable {
  readonly guest: GuestShell;
  readonly #onLog: (log: string) => void;
  readonly #complaints: string[] = [];

  private constructor(guest: GuestShell, onLog: (log: string) => void) {
    this.guest = guest;
    this.#onLog = onLog;
  }

  /** Boots the guest and puts the scripts into its /tmp. The driver is not loaded. */
  static async boot({ name, isGuarded = false, onLog = () => undefined }: BenchOptions): Promise<Bench> {
    // Eight queues of the largest rings and buffers, old and new at once, are more than the lab's guest has beside its traffic.
    const memory = ['-m', '2048'];
    const guard = ['-device', 'intel-iommu,intremap=off', '-global', 'ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off'];
    const parameters = `log_buf_len=4M${isGuarded ? ' intel_iommu=on iommu.strict=1' : ''}`;
    const guest = await GuestShell.boot(name, parameters, undefined, isGuarded ? [...memory, ...guard] : memory);
    try {
      for (const script of readdirSync(scripts)) await putFile(guest, `/tmp/${script}`, readFileSync(join(scripts, script), 'utf8'));
      const bench = new Bench(guest, onLog);
      await bench.readLog();
      return bench;
    } catch (error) {
      await guest[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Begins traffic in both directions, with frames of up to `partnersLongest` bytes from the partner, and watches the counters. */
  async startTraffic({ partnersLongest = 1514, framesPerSecond = 3000 } = {}): Promise<void> {
    await this.guest.run(
      `touch /tmp/traffic; (sh /tmp/traffic.sh ${partnersLongest} ${framesPerSecond} > /dev/null 2>&1 &); (sh /tmp/sample.sh > /tmp/counters 2>&1 &)`,
    );
  }

  /** Ends what `startTraffic` began. */
  async stopTraffic(): Promise<CounterVerdict> {
    await this.guest.run(
      `(. /tmp/common.sh
      rm /tmp/traffic
      killall ping 2> /dev/null
      # Said again, because a generator may be about to begin.
      traffic_has_ended() {
        echo stop > /proc/net/pktgen/pgctrl
        $ip netns exec partner sh -c "echo stop > /proc/net/pktgen/pgctrl"
        [ -e /tmp/traffic-ended ]
      }
      await 60 traffic_has_ended || fail "the traffic does not end"
      await 60 grep -q ^samples /tmp/counters || fail "the sampler does not end"
      rm /tmp/traffic-ended)`,
      { limitMs: 150_000 },
    );
    const lines = (await this.guest.run('cat /tmp/counters')).trim().split('\n');
    const summary = /^samples (\d+), interfaces (\d+), counters (\d+), backward \d+$/.exec(lines.pop() ?? '');
    if (!summary) throw new Error(`The sampler of the counters did not end well:\n${await this.guest.run('cat /tmp/counters')}`);
    const [samples = 0, interfaces = 0, counters = 0] = summary.slice(1).map(Number);
    return { samples, interfaces, counters, backward: lines };
  }

  /** Runs one of the scripts on a plan of one line a step. Rejects with what it says when it fails. */
  async runPlan(script: string, argument: string, plan: readonly string[], limitMs: number): Promise<void> {
    await putFile(this.guest, '/tmp/plan', `${plan.join('\n')}\n`);
    await this.guest.run(`sh /tmp/${script}.sh ${argument}`, { limitMs });
  }

  /** Awaits frames in both directions. */
  async awaitTraffic(when: string): Promise<void> {
    await this.guest.run(`(. /tmp/common.sh; await_traffic "${when}")`, { limitMs: 120_000 });
  }

  /** Awaits that the stack's account of bytes under way (BQL) of every transmit queue is 0: what was sent, dropped or reset was all completed. */
  async awaitNothingUnderWay(): Promise<void> {
    await this.guest.run(
      `(. /tmp/common.sh
      nothing_under_way() { find_interface && ! grep -vq '^0$' $device/net/$interface/queues/tx-*/byte_queue_limits/inflight; }
      await 10 nothing_under_way || { grep . $device/net/$interface/queues/tx-*/byte_queue_limits/inflight; fail "bytes that nobody completes"; })`,
    );
  }

  /** Free memory while the interface is down: buffers that a receive queue keeps for later come and go with the traffic. */
  async memoryWhileDown(): Promise<Memory> {
    await this.guest.run('(. /tmp/common.sh; find_interface && $ip link set $interface down)');
    const memory = await this.memory();
    await this.guest.run(
      '(. /tmp/common.sh; find_interface && $ip link set $interface up && $ip addr replace 192.0.2.1/24 dev $interface)',
    );
    return memory;
  }

  /** Free memory now. */
  async memory(): Promise<Memory> {
    const [available = Number.NaN, unreclaimableSlab = Number.NaN] = (await this.guest.run('sh /tmp/memory.sh')).split(' ').map(Number);
    return { available, unreclaimableSlab };
  }

  /** Takes the kernel's log over since the last time. Errors that the driver itself logs are complaints too, unless a scenario expects them. */
  async readLog({ areErrorsExpected = false } = {}): Promise<void> {
    const log = (await this.guest.run('dmesg -r -c', { limitMs: 300_000 })).replace(
      /^<(\d+)>/gm,
      (_, level: string) => `<${Number(level) & 7}>`,
    );
    this.#onLog(log);
    this.#complaints.push(...complaintsOf(log).filter((line) => !notOfTheDriver.test(line)));
    if (!areErrorsExpected) this.#complaints.push(...log.split('\n').filter((line) => /^<[0-3]>.*\brigb\b/.test(line)));
  }

  /** The log's lines that are complaints, since the last call. */
  takeComplaints(): string[] {
    return this.#complaints.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.guest[Symbol.asyncDispose]();
  }
}

async function putFile(guest: GuestShell, path: string, text: string): Promise<void> {
  await guest.run(`cat > ${path} <<"END-OF-FILE"\n${text}END-OF-FILE`);
}
