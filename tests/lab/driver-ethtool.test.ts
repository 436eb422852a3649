// What ethtool asks of the driver: the link, pause frames, registers, EEPROM, LEDs, messages. Each answer is checked against another witness where there is one.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;
let device: string;

beforeAll(async () => {
  guest = await GuestShell.boot('test-driver-ethtool');
  await guest.run('export PATH=/usr/sbin:/usr/bin:$PATH');
  await guest.loadDriver();
  device = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const ethtool = (options: string) => guest.run(`ethtool ${options.replace('DEV', device)}`);
const refused = async (options: string) => {
  const said = await guest.run(`ethtool ${options.replace('DEV', device)}`, { allowFailure: true });
  return said.trim().split('\n').at(-1);
};

/** The driver's newest line about the link in the kernel's log, awaited until it says `text`. */
const linkLine = (text: string) => guest.until(`dmesg | grep "rigb 0000:01:00.0 ${device}: link" | tail -n 1 | grep -q "${text}"`);

/** A register by its offset, from `ethtool -d`, which writes pairs of offset and value. */
async function register(offset: number): Promise<number> {
  const bytes = (await ethtool('-d DEV'))
    .split('\n')
    .filter((line) => line.startsWith('0x'))
    .flatMap((line) =>
      line
        .slice(line.indexOf(':') + 1)
        .trim()
        .split(/\s+/),
    )
    .map((byte) => Number.parseInt(byte, 16));
  const words = new Uint32Array(Uint8Array.from(bytes).buffer);
  for (let index = 0; index < words.length; index += 2) if (words[index] === offset) return words[index + 1] ?? Number.NaN;
  throw new Error(`the dump has no register ${offset.toString(16)}`);
}

test('the driver names itself, its version, its place, and the version of the image in its EEPROM', async () => {
  const said = await ethtool('-i DEV');
  expect(said).toMatch(/^driver: rigb$/m);
  const version = (await guest.run('cat /sys/module/rigb/version')).trim();
  expect(said).toContain(`version: ${version}\n`);
  expect(said).toContain('bus-info: 0000:01:00.0\n');
  // Word 5 of the EEPROM, as `ethtool -e` shows it: major in the highest digit, minor in the next two, build in the last.
  const words = (await ethtool('-e DEV offset 10 length 2')).match(/0x000a:\s+(\w\w) (\w\w)/);
  const [, low, high] = words ?? [];
  const word = Number.parseInt(`${high}${low}`, 16);
  expect(said).toContain(`firmware-version: ${word >> 12}.${(word >> 4) & 0xff}.${word & 0xf}\n`);
});

test('the EEPROM begins with the address of the port and adds up to BABAh', async () => {
  const bytes = (await ethtool('-e DEV length 128'))
    .split('\n')
    .filter((line) => line.startsWith('0x'))
    .flatMap((line) => line.split(':')[1]?.trim().split(/\s+/) ?? [])
    .map((byte) => Number.parseInt(byte, 16));
  expect(bytes).toHaveLength(128);
  const address = (await guest.run(`cat /sys/class/net/${device}/address`)).trim();
  expect(
    bytes
      .slice(0, 6)
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(':'),
  ).toBe(address);
  const sum = bytes.reduce((total, byte, index) => total + (index % 2 === 0 ? byte : byte << 8), 0);
  expect(sum & 0xffff).toBe(0xbaba);
});

test('a single byte of the EEPROM reads as the same byte of the whole', async () => {
  const whole =
    (await ethtool('-e DEV length 16'))
      .match(/0x0000:\s+(.*)/)?.[1]
      ?.trim()
      .split(/\s+/) ?? [];
  expect((await ethtool('-e DEV offset 5 length 1')).match(/0x0005:\s+(\w\w)/)?.[1]).toBe(whole[5]);
  expect(await refused('-e DEV offset 512 length 2')).toContain('Invalid argument');
});

test('a negotiated link names what the port can do, what it offers and what its partner offers', async () => {
  const said = await ethtool('DEV');
  expect(said.replace(/\s+/g, ' ')).toContain(
    'Supported link modes: 10baseT/Half 10baseT/Full 100baseT/Half 100baseT/Full 1000baseT/Full Supported',
  );
  expect(said).toContain('Advertised auto-negotiation: Yes');
  expect(said).toContain('Link partner advertised auto-negotiation: Yes');
  expect(said).toContain('Link partner advertised pause frame use: Symmetric\n');
  expect(said).toContain('Speed: 1000Mb/s\n\tDuplex: Full\n\tAuto-negotiation: on\n\tPort: Twisted Pair\n\tPHYAD: 1\n');
  expect(said).toContain('Link detected: yes');
});

test('without negotiation the link has the speed and duplex that it was told, also after down and up', async () => {
  await ethtool('-s DEV autoneg off speed 100 duplex half');
  await linkLine('link up, 100 Mb/s half duplex, flow control: none');
  expect(await guest.run('ping -q -c 5 -i 0.05 192.0.2.2')).toContain(' 0% packet loss');
  await guest.run(`/usr/bin/ip link set ${device} down; /usr/bin/ip link set ${device} up`);
  await guest.linkUp();
  const said = await ethtool('DEV');
  expect(said).toContain('Speed: 100Mb/s\n\tDuplex: Half\n\tAuto-negotiation: off');
  expect(said).toContain('Advertised auto-negotiation: No');
  // FRCSPD, FRCDPX and speed 01b in CTRL; neither flow control bit.
  expect((await register(0x0)) & 0x1800_1b01).toBe(0x1900);
});

test('what a link without negotiation cannot have is refused', async () => {
  expect(await refused('-s DEV autoneg off speed 1000 duplex half')).toBe('netlink error: Invalid argument');
  expect(await refused('-s DEV autoneg off speed 2500 duplex full')).toBe('netlink error: Invalid argument');
  expect(await refused('-s DEV mdix on')).toBe('netlink error: Invalid argument');
  expect(await refused('-A DEV autoneg on')).toBe('netlink error: Invalid argument');
  expect(await refused('-r DEV')).toBe('Cannot restart autonegotiation: Invalid argument');
});

test('1000 Mb/s without negotiation is negotiated, with nothing else on offer, because copper knows no other way', async () => {
  await ethtool('-s DEV autoneg off speed 1000 duplex full');
  await linkLine('link up, 1000 Mb/s full duplex');
  const said = (await ethtool('DEV')).replace(/\s+/g, ' ');
  expect(said).toContain('Advertised link modes: 1000baseT/Full Advertised pause');
  expect(said).toContain('Auto-negotiation: on');
  await ethtool('-s DEV autoneg off speed 100 duplex half');
  await linkLine('link up, 100 Mb/s half duplex');
});

test('negotiation comes back with what it is told to offer, and never with nothing', async () => {
  expect(await refused('-s DEV autoneg on advertise 0x0')).toBe('netlink error: Invalid argument');
  await ethtool('-s DEV autoneg on advertise 0x2028');
  await linkLine('link up, 1000 Mb/s full duplex, flow control: RX/TX');
  const said = (await ethtool('DEV')).replace(/\s+/g, ' ');
  expect(said).toContain('Advertised link modes: 100baseT/Full 1000baseT/Full Advertised pause frame use: Symmetric');
  expect(said).toContain('Auto-negotiation: on');
  await ethtool('-s DEV autoneg on advertise 0x202f');
});

test('asked to negotiate again the link goes down and comes back', async () => {
  await guest.linkUp();
  const lines = async () => (await guest.run(`dmesg | grep -c "rigb 0000:01:00.0 ${device}: link"`)).trim();
  const before = Number(await lines());
  await ethtool('-r DEV');
  await guest.until(`[ $(dmesg | grep -c "rigb 0000:01:00.0 ${device}: link") -ge ${before + 2} ]`);
  await linkLine('link up, 1000 Mb/s');
});

test('a speed that was told is told back while there is no link, so that the duplex beside it is kept', async () => {
  await ethtool('-s DEV autoneg off speed 10 duplex half');
  await linkLine('link up, 10 Mb/s half duplex');
  await guest.run(`/usr/bin/ip link set ${device} down`);
  expect(await ethtool('DEV')).toContain('Speed: 10Mb/s\n\tDuplex: Half\n');
  await ethtool('-s DEV speed 100');
  expect(await ethtool('DEV')).toContain('Speed: 100Mb/s\n\tDuplex: Half\n');
  await guest.run(`/usr/bin/ip link set ${device} up`);
  await ethtool('-s DEV autoneg on advertise 0x202f');
  await linkLine('link up, 1000 Mb/s full duplex');
});

test('a speed that is told alone while nobody knows the duplex means both directions', async () => {
  await guest.run(`/usr/bin/ip link set ${device} down`);
  expect(await ethtool('DEV')).toContain('Duplex: Unknown! (255)\n');
  await ethtool('-s DEV autoneg off speed 10');
  await guest.run(`/usr/bin/ip link set ${device} up`);
  await linkLine('link up, 10 Mb/s full duplex');
  await ethtool('-s DEV autoneg on advertise 0x202f');
  await linkLine('link up, 1000 Mb/s full duplex');
});

test('a pulled cable shows as no link, and the partner is forgotten', async () => {
  await guest.target.monitor?.execute('set_link', { name: 'port-0', up: false });
  await linkLine('link down');
  const said = await ethtool('DEV');
  expect(said).toContain('Speed: Unknown!');
  expect(said).toContain('Link detected: no');
  expect(said).not.toContain('Link partner');
  await guest.target.monitor?.execute('set_link', { name: 'port-0', up: true });
  await guest.linkUp();
});

test('pause in one direction is forced upon the MAC, with thresholds only when it sends', async () => {
  await ethtool('-A DEV autoneg off rx on tx off');
  await linkLine('flow control: RX$');
  expect(await ethtool('-a DEV')).toContain('Autonegotiate:\toff\nRX:\t\ton\nTX:\t\toff\n');
  expect((await register(0x0)) & 0x1800_0000).toBe(0x0800_0000);
  expect([await register(0x2160), await register(0x2168)]).toEqual([0, 0]);
  await ethtool('-A DEV rx off tx on');
  await linkLine('flow control: TX$');
  expect((await register(0x0)) & 0x1800_0000).toBe(0x1000_0000);
  const [low, high] = [(await register(0x2160)) >>> 0, await register(0x2168)];
  expect(low & 0x8000_0000).not.toBe(0);
  expect(low & 0xffff).toBeLessThan(high);
  // Room for two frames in the 64 KiB of the packet buffer.
  expect(high).toBeLessThan(65536 - 1518 - 1518);
});

test('a receive queue that runs empty drops when nobody can be asked to wait, and waits when the partner can', async () => {
  const drops = async () => [(await register(0xc00c)) >>> 31, (await register(0xc04c)) >>> 31];
  await ethtool('-A DEV autoneg off rx on tx off');
  await linkLine('flow control: RX$');
  expect(await drops()).toEqual([1, 1]);
  await ethtool('-A DEV rx on tx on');
  await linkLine('flow control: RX/TX$');
  expect(await drops()).toEqual([0, 0]);
});

test('negotiated pause comes back, as both ends agreed', async () => {
  await ethtool('-A DEV autoneg on rx on tx on');
  await linkLine('flow control: RX/TX$');
  expect(await ethtool('-a DEV')).toContain('Autonegotiate:\ton\nRX:\t\ton\nTX:\t\ton\nRX negotiated: on\nTX negotiated: on\n');
  expect((await register(0x0)) & 0x1800_0000).toBe(0x1800_0000);
});

test('what both ends do not both offer is not in force', async () => {
  // The partner offers symmetric pause only; we offer to send, not to receive.
  await ethtool('-A DEV autoneg on rx off tx on');
  await linkLine('flow control: none$');
  expect((await register(0x0)) & 0x1800_0000).toBe(0);
  await ethtool('-A DEV autoneg on rx on tx on');
  await linkLine('flow control: RX/TX$');
});

test('pause statistics are reported beside the parameters', async () => {
  expect(await ethtool('-I -a DEV')).toMatch(/Statistics:\n\s+tx_pause_frames: \d+\n\s+rx_pause_frames: \d+\n/);
});

test('while the port shows itself its LEDs blink, and afterwards they are as before', async () => {
  const before = await register(0xe00);
  await guest.run(`ethtool -p ${device} 60 & echo $! > /tmp/identify`);
  await guest.until(`ethtool -d ${device} | grep -q "00 0e 00 00 .. .. 8e 8e"`);
  expect((await register(0xe00)) & 0x8f8f_8f8f).toBe(0x8e8e_8e8e | 0);
  await guest.run('kill -INT $(cat /tmp/identify); wait', { allowFailure: true });
  expect(await register(0xe00)).toBe(before);
});

test('a message level without link messages keeps the link out of the log', async () => {
  expect(await ethtool('DEV')).toContain('0x00000007 (7)');
  await ethtool('-s DEV msglvl link off');
  const lines = async () => Number((await guest.run(`dmesg | grep -c "rigb 0000:01:00.0 ${device}: link"`)).trim());
  const before = await lines();
  await guest.target.monitor?.execute('set_link', { name: 'port-0', up: false });
  await guest.until(`[ "$(cat /sys/class/net/${device}/carrier)" != 1 ]`);
  await guest.target.monitor?.execute('set_link', { name: 'port-0', up: true });
  await guest.linkUp();
  expect(await lines()).toBe(before);
  await ethtool('-s DEV msglvl link on');
});

test('rings smaller than 64 descriptors are refused, and so are larger than the card has', async () => {
  for (const size of [0, 63, 4097]) expect(await refused(`-G DEV rx ${size}`)).toBe('netlink error: Invalid argument');
  await ethtool('-G DEV rx 64 tx 4096');
  expect(await ethtool('-g DEV')).toMatch(/Current hardware settings:\nRX:\t+(64|128)\n[\s\S]*TX:\t+4096\n/);
  await ethtool('-G DEV rx 256 tx 256');
  await guest.linkUp();
});

test('after all this the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
