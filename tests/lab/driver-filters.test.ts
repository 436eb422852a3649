// Which frames the card lets in: the partner sends a number of frames that no other traffic blurs, and the interface's counter tells how many came.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

/** Fewer than a receive ring holds: not one is lost, however slow the guest is. */
const frames = 200;
const own = '52:54:00:00:00:01';
const group = '01:00:5e:00:00:42';
const further = '52:54:00:00:00:99';
const interfaceUnderTest = 'eth0';

let guest: GuestShell;

beforeAll(async () => {
  // Without IPv6 nobody sends to a group unasked.
  guest = await GuestShell.boot('test-driver-filters', 'ipv6.disable=1');
  await guest.run('for name in llc stp garp mrp 8021q macvlan; do insmod /usr/lib/modules/$name.ko; done');
  await guest.run(
    [
      'cat > /tmp/send <<"END"',
      'echo rem_device_all > /proc/net/pktgen/kpktgend_0',
      'until echo "add_device eth0" > /proc/net/pktgen/kpktgend_0; do usleep 20000; done 2> /dev/null',
      `for setting in "count ${frames}" "pkt_size 100" "delay 20000" "dst 192.0.2.1" "dst_mac $1" "vlan_id $2"; do`,
      'echo "$setting" > /proc/net/pktgen/eth0; done',
      'echo start > /proc/net/pktgen/pgctrl',
      'END',
    ].join('\n'),
  );
  await guest.loadDriver();
  // One queue: what was sent later arrives later.
  await guest.run(`ethtool -L ${interfaceUnderTest} combined 1`);
  await guest.linkUp();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const received = async () => Number(await guest.run(`cat /sys/class/net/${interfaceUnderTest}/statistics/rx_packets`));

/** How many of the partner's frames to `destination` (on VLAN `vlan`; 65535 is none) came through the card. */
async function arrived(destination: string, vlan = 65535): Promise<number> {
  const before = await received();
  await guest.run(`/usr/bin/ip netns exec partner sh /tmp/send ${destination} ${vlan} > /dev/null`);
  // Frames come in order: once one to everybody is there, all before it are there or were not let in.
  await guest.run(
    `/usr/bin/ip -n partner neigh flush all; /usr/bin/ip netns exec partner /usr/bin/ping -c 1 -W 5 192.0.2.1 > /dev/null || true`,
  );
  const after = await received();
  // The request for our address, the ping, and what follows of it.
  return Math.max(0, after - before - 3) < frames / 2 ? 0 : frames;
}

/** Waits until that many arrive: the stack tells the driver of changed lists and modes in a worker. */
const becomes = (destination: string, count: number, vlan?: number) =>
  expect.poll(() => arrived(destination, vlan), { timeout: 30_000, interval: 50 }).toBe(count);

const ip = (command: string) => guest.run(`/usr/bin/ip ${command}`);

test('the port receives its own frames, those to everybody, and no others', async () => {
  expect([await arrived(own), await arrived('ff:ff:ff:ff:ff:ff'), await arrived('52:54:00:00:00:77')]).toEqual([frames, frames, 0]);
});

test('an address of an interface above it is received for as long as that interface is up', async () => {
  expect(await arrived(further)).toBe(0);
  await ip(`link add link ${interfaceUnderTest} name above address ${further} type macvlan`);
  await ip('link set above up');
  await becomes(further, frames);
  await ip('link set above down');
  await becomes(further, 0);
  await ip('link del above');
});

test('more addresses than the card has registers for are all received, and afterwards no foreign one is', async () => {
  const above = (index: number) => `52:54:00:00:01:${(0x10 + index).toString(16)}`;
  const each = Array.from({ length: 30 }, (_, index) => index);
  await guest.run(
    each
      .map(
        (index) =>
          `/usr/bin/ip link add link ${interfaceUnderTest} name m${index} address ${above(index)} type macvlan && /usr/bin/ip link set m${index} up`,
      )
      .join('\n'),
  );
  await becomes(above(29), frames);
  expect([await arrived(above(0)), await arrived(above(29))]).toEqual([frames, frames]);
  await guest.run(each.map((index) => `/usr/bin/ip link del m${index}`).join('\n'));
  await becomes(above(29), 0);
  expect([await arrived(above(0)), await arrived(above(29)), await arrived(own)]).toEqual([0, 0, frames]);
});

test('a group is received while it is joined, and its neighbour is not', async () => {
  expect(await arrived(group)).toBe(0);
  await ip(`maddr add ${group} dev ${interfaceUnderTest}`);
  await becomes(group, frames);
  expect([await arrived(group), await arrived('01:00:5e:00:00:52')]).toEqual([frames, 0]);
  await ip(`maddr del ${group} dev ${interfaceUnderTest}`);
  await becomes(group, 0);
});

test('all groups are received on request', async () => {
  await ip(`link set ${interfaceUnderTest} allmulticast on`);
  await becomes(group, frames);
  expect([await arrived(group), await arrived('52:54:00:00:00:77')]).toEqual([frames, 0]);
  await ip(`link set ${interfaceUnderTest} allmulticast off`);
  await becomes(group, 0);
});

test('a VLAN is received while there is an interface for it; frames with a priority only always are', async () => {
  expect([await arrived(own, 5), await arrived(own, 0)]).toEqual([0, frames]);
  await ip(`link add link ${interfaceUnderTest} name vlan5 type vlan id 5`);
  await ip('link set vlan5 up');
  expect([await arrived(own, 5), await arrived(own, 6)]).toEqual([frames, 0]);
  await ip('link del vlan5');
  expect(await arrived(own, 5)).toBe(0);
});

test('every VLAN is received once the filter is switched off', async () => {
  await guest.run(`ethtool -K ${interfaceUnderTest} rx-vlan-filter off`);
  expect(await arrived(own, 6)).toBe(frames);
  await guest.run(`ethtool -K ${interfaceUnderTest} rx-vlan-filter on`);
  expect(await arrived(own, 6)).toBe(0);
});

test('in promiscuous mode every address and every VLAN is received, and afterwards as before', async () => {
  await ip(`link set ${interfaceUnderTest} promisc on`);
  await becomes(group, frames);
  expect([await arrived('52:54:00:00:00:77'), await arrived(group), await arrived(own, 9)]).toEqual([frames, frames, frames]);
  await ip(`link set ${interfaceUnderTest} promisc off`);
  await becomes(group, 0);
  expect([await arrived('52:54:00:00:00:77'), await arrived(group), await arrived(own, 9)]).toEqual([0, 0, 0]);
});

test('the address can be changed while the interface is up, and the old one is no longer received', async () => {
  await ip(`link set ${interfaceUnderTest} address 52:54:00:00:00:13`);
  // Not the first address: it shares its bit of the multicast table with the group of all hosts, and QEMU's card looks there for any frame.
  await ip(`link set ${interfaceUnderTest} address 52:54:00:00:00:11`);
  expect([await arrived('52:54:00:00:00:11'), await arrived('52:54:00:00:00:13')]).toEqual([frames, 0]);
});

test('it can be changed while the interface is down', async () => {
  await ip(`link set ${interfaceUnderTest} down`);
  await ip(`link set ${interfaceUnderTest} address ${own}`);
  await ip(`link set ${interfaceUnderTest} up`);
  await guest.linkUp();
  expect([await arrived(own), await arrived('52:54:00:00:00:11')]).toEqual([frames, 0]);
});

test('a reset of the function forgets neither address, group nor VLAN', async () => {
  await ip(`link set ${interfaceUnderTest} address 52:54:00:00:00:12`);
  await ip(`maddr add ${group} dev ${interfaceUnderTest}`);
  await ip(`link add link ${interfaceUnderTest} name above address ${further} type macvlan`);
  await ip('link set above up');
  await ip(`link add link ${interfaceUnderTest} name vlan5 type vlan id 5`);
  await ip('link set vlan5 up');
  await guest.run('echo 1 > /sys/bus/pci/devices/0000:01:00.0/reset');
  await guest.linkUp();
  const lets = [
    await arrived('52:54:00:00:00:12'),
    await arrived(group),
    await arrived(further),
    await arrived('52:54:00:00:00:12', 5),
    await arrived('52:54:00:00:00:77'),
    await arrived('52:54:00:00:00:12', 6),
  ];
  expect(lets).toEqual([frames, frames, frames, frames, 0, 0]);
});

test('the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
