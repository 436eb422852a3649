// The snapshot against a witness that knows nothing of our driver: QEMU's monitor, reading the guest's physical memory where the ring lies.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRingSnapshot } from '../../main/common/layouts/snapshot.ts';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;

beforeAll(async () => {
  guest = await GuestShell.boot('test-memory-witness');
  await guest.loadDriver();
  // Otherwise the CPU that ping runs on chooses the queue.
  await guest.run('/usr/sbin/ethtool -L $(ls /sys/bus/pci/devices/0000:01:00.0/net) combined 1');
  await guest.linkUp();
  await guest.run('/usr/bin/ping -q -f -c 700 192.0.2.2 < /dev/null');
});
afterAll(() => guest?.[Symbol.asyncDispose]());

async function fileInGuest(path: string): Promise<Uint8Array> {
  const dump = await guest.run(`hexdump -v -C ${path}`);
  const bytes = [...dump.matchAll(/^[0-9a-f]{8} {2}((?:[0-9a-f]{2} +)+)\|/gm)].flatMap((line) => (line[1] ?? '').trim().split(/\s+/));
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16));
}

async function snapshot(ring: string) {
  const file = await fileInGuest(`/sys/kernel/debug/rigb/0000:01:00.0/rings/${ring}`);
  const payload = new Uint8Array(16 + file.length);
  payload.set(new TextEncoder().encode('0000:01:00.0'));
  payload.set(file, 16);
  const read = readRingSnapshot(payload);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

/** The guest's memory as the machine has it, by the monitor's `xp`. */
async function physicalMemory(address: bigint, words: number): Promise<string> {
  const text = await guest.target.monitor?.human(`xp /${words}gx 0x${address.toString(16)}`);
  return [...(text ?? '').matchAll(/0x([0-9a-f]{16})/g)].map((match) => match[1]).join('');
}

const asBigEndianWords = (bytes: Uint8Array): string => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / 8 }, (_, word) =>
    view
      .getBigUint64(word * 8, true)
      .toString(16)
      .padStart(16, '0'),
  ).join('');
};

test.each(['rx0', 'tx0'])('the descriptors of %s are byte for byte what lies in the memory of the machine', async (ring) => {
  // Traffic is paused, but a neighbour may still say something: only a ring that stood still while it was read counts.
  for (let attempt = 0; attempt < 20; attempt++) {
    const before = await snapshot(ring);
    const memory = await physicalMemory(before.dmaAddress, before.descriptorCount * 2);
    const after = await snapshot(ring);
    if (asBigEndianWords(before.descriptors) !== asBigEndianWords(after.descriptors)) continue;
    expect(before.descriptorCount).toBe(256);
    expect(memory).toBe(asBigEndianWords(before.descriptors));
    // Not a comparison of zeros: the ring has been around at least twice, and one slot of it may never be used.
    expect(memory.match(/.{32}/g)?.filter((descriptor) => /[^0]/.test(descriptor)).length).toBeGreaterThanOrEqual(255);
    return;
  }
  throw new Error('the ring never stood still');
});
