// The driver's tracepoints in a running guest: what tracefs shows of frames whose lengths and numbers are known.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

const tracing = '/sys/kernel/tracing';
const names = ['irq', 'poll', 'rx_done', 'rx_post', 'rx_refill', 'tx_done', 'tx_doorbell', 'tx_post'];

interface TraceEvent {
  readonly name: string;
  readonly fields: Record<string, string>;
  /** A field that is a number. */
  number(field: string): number;
}

let guest: GuestShell;

beforeAll(async () => {
  guest = await GuestShell.boot('test-driver-tracepoints');
  await guest.run(`echo ':mod:rigb' > ${tracing}/set_event`);
  await guest.loadDriver();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

/** What is in the trace buffer, in its order. */
async function recorded(): Promise<TraceEvent[]> {
  const lines = (await guest.run(`grep device= ${tracing}/trace || true`)).split('\n');
  return lines.flatMap((line) => {
    const [, name, text = ''] = /: (\w+): (device=.*)$/.exec(line) ?? [];
    if (!name) return [];
    const fields = Object.fromEntries([...text.matchAll(/(\w+)=(\S*)/g)].map(([, key, value]) => [key, value])) as Record<string, string>;
    return [{ name, fields, number: (field: string) => Number(fields[field]) }];
  });
}

/** Empties the buffer, runs a command with all events on, and returns what they said. */
async function during(command: string): Promise<TraceEvent[]> {
  await guest.run(`echo > ${tracing}/trace; echo 1 > ${tracing}/events/rigb/enable; ${command}; echo 0 > ${tracing}/events/rigb/enable`);
  return recorded();
}

const named = (events: TraceEvent[], name: string) => events.filter((event) => event.name === name);

describe('armed before the module is there', () => {
  let events: TraceEvent[];
  beforeAll(async () => {
    events = await recorded();
  });

  test('`:mod:rigb` has switched each event on when the module came', async () => {
    const set = (await guest.run(`cat ${tracing}/set_event`)).trim().split('\n').sort();
    expect(set).toEqual(names.map((name) => `rigb:${name}`));
  });

  test('the first fill of a receive ring is seen whole, in order: every descriptor but one that stays unused, and one for which a page of two is too much', () => {
    const first = named(events, 'rx_post').filter((event) => event.number('queue') === 0);
    const indexes = first.slice(0, 254).map((event) => event.number('index'));
    expect(indexes).toEqual(Array.from({ length: 254 }, (_, index) => index));
    expect(new Set(first.slice(0, 254).map((event) => event.fields.dma_address)).size).toBe(254);
  });

  test('every event names the card by its PCI address', () => {
    expect(new Set(events.map((event) => event.fields.device))).toEqual(new Set(['0000:01:00.0']));
  });
});

describe('with frames whose length is known', () => {
  let events: TraceEvent[];
  beforeAll(async () => {
    await guest.run('/usr/bin/ping -q -c 1 192.0.2.2');
    events = await during('/usr/bin/ping -q -c 20 -i 0.02 -s 1234 192.0.2.2');
  });
  // Ethernet, IPv4 and ICMP headers.
  const length = 1234 + 14 + 20 + 8;
  const long = (name: string) => named(events, name).filter((event) => event.number('length') === length);

  test('each event fires', () => {
    expect([...new Set(events.map((event) => event.name))].sort()).toEqual(names);
  });

  test('each sent frame is posted, and done at the same descriptor with the same length', () => {
    const place = (event: TraceEvent) => `${event.fields.queue}/${event.fields.index}`;
    expect(long('tx_post')).toHaveLength(20);
    expect(long('tx_post').every((event) => event.fields.flags === 'eop' && Number(event.fields.dma_address) > 0)).toBe(true);
    expect(long('tx_done').map(place)).toEqual(long('tx_post').map(place));
    expect(long('tx_done').every((event) => event.number('frames') === 1)).toBe(true);
  });

  test('the doorbell after a post has the tail behind it', () => {
    for (const [at, event] of events.entries()) {
      if (event.name !== 'tx_post' || event.number('length') !== length) continue;
      const doorbell = events.slice(at).find((next) => next.name === 'tx_doorbell' && next.fields.queue === event.fields.queue);
      expect(doorbell?.number('next_to_use')).toBe((event.number('index') + 1) % 256);
      expect(doorbell?.number('free')).toBeLessThan(255);
    }
  });

  test('each answer is received whole, in a buffer large enough for it', () => {
    expect(long('rx_done')).toHaveLength(20);
    expect(long('rx_done').every((event) => event.fields.flags?.split('|').includes('eop'))).toBe(true);
    expect(named(events, 'rx_post').every((event) => event.number('length') >= 1522)).toBe(true);
  });

  test('as many buffers are posted again as came back, and each refill says how many', () => {
    const posted = named(events, 'rx_refill').reduce((sum, event) => sum + event.number('posted'), 0);
    expect(posted).toBe(named(events, 'rx_post').length);
    expect(named(events, 'rx_refill').every((event) => event.fields.starved === '0')).toBe(true);
    expect(named(events, 'rx_done').length).toBeGreaterThanOrEqual(20);
  });

  test('polls account for every frame, each within its budget', () => {
    const sum = (field: string) => named(events, 'poll').reduce((total, event) => total + event.number(field), 0);
    expect(sum('received')).toBe(named(events, 'rx_done').length);
    expect(sum('cleaned')).toBe(named(events, 'tx_done').length);
    expect(named(events, 'poll').every((event) => event.number('budget') === 64 && event.fields.complete === '1')).toBe(true);
  });

  test('an interrupt has the number that /proc/interrupts lists for its vector', async () => {
    const lines = await guest.run("grep -E 'rigb-(TxRx|link)' /proc/interrupts");
    const numbers = [...lines.matchAll(/^ *(\d+):/gm)].map(([, irq]) => Number(irq));
    expect(named(events, 'irq').length).toBeGreaterThanOrEqual(20);
    for (const event of named(events, 'irq')) expect(event.number('irq')).toBe(numbers[event.number('vector')]);
  });
});

test('a buffer comes back from the card at the address at which it was posted', async () => {
  await guest.run(`echo > ${tracing}/trace`);
  await guest.run(`for event in rx_post rx_done; do echo 1 > ${tracing}/events/rigb/$event/enable; done`);
  // More than a ring, so that buffers posted while we listen come back while we do.
  await guest.run('/usr/bin/ping -q -f -c 700 192.0.2.2');
  await guest.run(`echo 0 > ${tracing}/events/rigb/enable`);
  const events = await recorded();
  const posted = new Map<string, string | undefined>();
  let compared = 0;
  for (const event of events) {
    const place = `${event.fields.queue}/${event.fields.index}`;
    if (event.name === 'rx_post') posted.set(place, event.fields.dma_address);
    if (event.name === 'rx_done' && posted.has(place)) {
      expect(event.fields.dma_address).toBe(posted.get(place));
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(150);
});

describe('short frames', () => {
  const headers = 14 + 20 + 8;
  const device = () => guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net').then((name) => name.trim());
  interface Place {
    readonly queue: string | undefined;
    readonly index: number;
    readonly address: number;
  }
  /** Where frames of `length` bytes lay that the card sent: the descriptor, and the bus address in it. */
  async function sent(length: number): Promise<Place[]> {
    const events = await during(`/usr/bin/ping -q -c 5 -i 0.02 -p a55a -s ${length - headers} 192.0.2.2`);
    return named(events, 'tx_post')
      .filter((event) => event.number('length') === length)
      .map((event) => ({ queue: event.fields.queue, index: event.number('index'), address: event.number('dma_address') }));
  }
  /** Whether all lie where the place of their descriptor is: 128 bytes each, in one piece of memory a ring. */
  const areCopies = (frames: Place[]) => {
    const begins = new Set(frames.map(({ queue, index, address }) => `${queue}: ${address - 128 * index}`));
    return begins.size === new Set(frames.map(({ queue }) => queue)).size;
  };

  // Whole cache lines, a byte less and one more; the largest place and the first frame that does not fit.
  test.each([60, 63, 64, 65, 127, 128])('of %i bytes are sent from a copy beside their ring', async (length) => {
    const frames = await sent(length);
    expect(frames.length).toBeGreaterThanOrEqual(5);
    expect(areCopies(frames)).toBe(true);
    const answers = await guest.run(`/usr/bin/ping -c 3 -i 0.02 -p a55a -s ${length - headers} 192.0.2.2`);
    expect(answers).toContain(' 0% packet loss');
    expect(answers).not.toContain('wrong data');
  });

  test('of 129 bytes are mapped where they are', async () => {
    expect(areCopies(await sent(129))).toBe(false);
  });

  test('are mapped too when nothing is to be copied, and copied again up to the length that is set', async () => {
    const name = await device();
    await guest.run(`/usr/sbin/ethtool --set-tunable ${name} tx-copybreak 0`);
    expect(areCopies(await sent(64))).toBe(false);
    await guest.run(`/usr/sbin/ethtool --set-tunable ${name} tx-copybreak 64`);
    expect(areCopies(await sent(64))).toBe(true);
    expect(areCopies(await sent(65))).toBe(false);
    await guest.run(`/usr/sbin/ethtool --set-tunable ${name} tx-copybreak 128`);
    expect((await guest.run(`/usr/sbin/ethtool --get-tunable ${name} tx-copybreak`)).trim()).toBe('tx-copybreak: 128');
  });

  test('cannot be longer than their place', async () => {
    const said = await guest.run(`/usr/sbin/ethtool --set-tunable ${await device()} tx-copybreak 129`, { allowFailure: true });
    expect(said).toContain('Numerical result out of range');
  });
});

describe('a TCP stream', () => {
  let events: TraceEvent[];
  beforeAll(async () => {
    await guest.run('ip netns exec partner nc -l -p 5001 > /run/stream &');
    await guest.until('ip netns exec partner netstat -ltn | grep -q :5001');
    events = await during('dd if=/dev/zero bs=65536 count=8 2>/dev/null | nc 192.0.2.2 5001');
  });

  test('shows a context descriptor, then segmented data with its checksums, the last of them with the end of the packet', () => {
    const posts = named(events, 'tx_post');
    const contexts = posts.filter((event) => event.fields.flags === 'context');
    expect(contexts.length).toBeGreaterThan(0);
    expect(contexts.every((event) => event.number('length') === 0)).toBe(true);
    expect(posts.some((event) => event.fields.flags === 'csum|tso')).toBe(true);
    expect(posts.some((event) => event.fields.flags === 'eop|csum|tso')).toBe(true);
  });

  test('is cut into frames of the wire, which are longer together than what was posted by a header each', () => {
    const cut = named(events, 'tx_done').filter((event) => event.number('frames') > 1);
    expect(cut.length).toBeGreaterThan(0);
    for (const done of cut) {
      const at = events.indexOf(done);
      const own = events.slice(0, at).filter((event) => event.name === 'tx_post' && event.fields.queue === done.fields.queue);
      const last = own.findLastIndex((event) => event.fields.index === done.fields.index);
      const before = own.slice(0, last).findLastIndex((event) => event.fields.flags?.includes('eop'));
      const posted = own.slice(before + 1, last + 1).reduce((sum, event) => sum + event.number('length'), 0);
      // Ethernet, IPv4 and TCP with its timestamps.
      expect(done.number('length')).toBe(posted + (done.number('frames') - 1) * (14 + 20 + 32));
    }
  });

  test('brings acknowledgements whose checksums the card has found right', () => {
    expect(named(events, 'rx_done').some((event) => event.fields.flags?.includes('csum'))).toBe(true);
  });
});

test('a change of link is an interrupt of the last vector with its cause', async () => {
  await guest.run(`echo > ${tracing}/trace; echo 1 > ${tracing}/events/rigb/irq/enable`);
  await guest.target.monitor?.execute('set_link', { name: 'port-0', up: false });
  await guest.until(`grep -q 'cause=0x[0-9a-f]*[4-7c-f] *$' ${tracing}/trace`);
  await guest.run(`echo 0 > ${tracing}/events/rigb/enable`);
  const changes = named(await recorded(), 'irq').filter((event) => event.number('cause') & 4);
  const vectors = Number(await guest.run('grep -c rigb- /proc/interrupts'));
  expect(changes.length).toBeGreaterThan(0);
  expect(new Set(changes.map((event) => event.number('vector')))).toEqual(new Set([vectors - 1]));
  await guest.target.monitor?.execute('set_link', { name: 'port-0', up: true });
  await guest.linkUp();
});

describe('filters and switches', () => {
  beforeEach(() => guest.run(`echo > ${tracing}/trace`));

  test('an event can be filtered by its fields, the card’s address among them', async () => {
    await guest.run(`echo 'length > 1000 && device == "0000:01:00.0"' > ${tracing}/events/rigb/tx_post/filter`);
    const events = await during('/usr/bin/ping -q -c 3 -i 0.02 -s 1200 192.0.2.2; /usr/bin/ping -q -c 3 -i 0.02 192.0.2.2');
    await guest.run(`echo 0 > ${tracing}/events/rigb/tx_post/filter`);
    expect(named(events, 'tx_post').map((event) => event.number('length'))).toEqual([1242, 1242, 1242]);
    expect(named(events, 'tx_done').length).toBeGreaterThanOrEqual(6);
  });

  test('nothing is recorded while the events are off', async () => {
    await guest.run('/usr/bin/ping -q -c 5 -i 0.02 192.0.2.2');
    expect(await recorded()).toEqual([]);
  });

  test('the events go with the module, while they are on and frames pass', async () => {
    await guest.run(`echo 1 > ${tracing}/events/rigb/enable; /usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 & sleep 0.3`);
    await guest.run('rmmod rigb');
    expect(await guest.run(`ls ${tracing}/events | grep -c rigb || true`)).toBe('0\n');
  });

  test('the kernel has no complaint', async () => {
    expect(await guest.complaints()).toEqual([]);
  });
});
