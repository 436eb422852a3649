// What leaves the machine names no other: addresses are shortened, and what only looks like one is not.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortenAddresses } from '#common/report/shorten-addresses.ts';

test.each([
  ['eth0: 52:54:00:12:34:56 is up', 'eth0: 52:54:00:xx:xx:xx is up'],
  ['MAC 52-54-00-12-34-56', 'MAC 52-54-00-xx-xx-xx'],
  ['from 192.168.17.4, port 22', 'from 192.168.x.x, port 22'],
  ['10.1.2.3/24.', '10.1.x.x/24.'],
  ['inet6 fe80::5054:ff:fe12:3456/64', 'inet6 fe80:x:x/64'],
  ['2001:db8:0:1:2:3:4:5 and 2001:db8::1', '2001:x:x and 2001:x:x'],
  ['/home/somebody/ringscope/rigb.ko', '/home/…/ringscope/rigb.ko'],
])('%s is shortened', (text, shortened) => expect(shortenAddresses(text)).toBe(shortened));

test.each([
  'rigb 0000:01:00.0 eth0: link up',
  'at 12:34:56 and 2026-11-30T14:29:14Z',
  'PCI 8086:10c9, core::fmt::Write, std::io',
  '127.0.0.1, ::1, 0.0.0.0 and 255.255.255.255',
  'version 7.3.4, 1.2.3, 300.1.2.3 and 6.1.0-28-amd64',
  'SHA-256 9f86d081884c7d659a2feaa0c55ad015',
  '10001:01:00.7 is a PCI address in a large domain',
])('%s is left as it is', (text) => expect(shortenAddresses(text)).toBe(text));

test('no whole address is left, wherever it stands in a text, and shortening twice changes nothing more', () => {
  const octet = fc.integer({ min: 1, max: 254 });
  const byte = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, '0'));
  const address = fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 126 }), octet, octet, octet).map((octets) => octets.join('.')),
    fc.array(byte, { minLength: 6, maxLength: 6 }).map((bytes) => bytes.join(':')),
    fc.ipV6().filter((text) => !text.includes('.') && text !== '::' && text !== '::1'),
  );
  const around = fc.constantFrom('', ' ', 'from ', '(', ', ', '=');
  fc.assert(
    fc.property(address, around, fc.constantFrom('', ' ', ')', '/64', ',', ' up'), (text, before, after) => {
      const shortened = shortenAddresses(`${before}${text}${after}`);
      expect(shortened).not.toContain(text);
      expect(shortenAddresses(shortened)).toBe(shortened);
    }),
  );
});
