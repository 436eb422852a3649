// Cards that the driver could have, who has them now, and what stands between them and memory.
import { type Check, fine, warning } from './check.ts';
import type { MachineFacts } from './machine-facts.ts';

const intel = '0x8086';

/** Device ids by card: rigb drives the first; the others share igb's C driver, and are observed. */
const family: Record<string, string> = {
  '0x10c9': '82576',
  '0x10e6': '82576 fiber',
  '0x10e7': '82576 SerDes',
  '0x10e8': '82576 quad copper',
  '0x1526': '82576 quad copper ET2',
  '0x150a': '82576NS',
  '0x1518': '82576NS SerDes',
  '0x150d': '82576 SerDes quad',
  '0x10a7': '82575EB',
  '0x10a9': '82575EB SerDes',
  '0x10d6': '82575GB quad',
  '0x150e': '82580',
  '0x150f': '82580 fiber',
  '0x1510': '82580 SerDes',
  '0x1511': '82580 SGMII',
  '0x1516': '82580 dual copper',
  '0x1527': '82580 quad fiber',
  '0x1521': 'I350',
  '0x1522': 'I350 fiber',
  '0x1523': 'I350 SerDes',
  '0x1524': 'I350 SGMII',
  '0x1533': 'I210',
  '0x1536': 'I210 fiber',
  '0x1537': 'I210 SerDes',
  '0x1538': 'I210 SGMII',
  '0x157b': 'I210 flashless',
  '0x157c': 'I210 SerDes flashless',
  '0x1539': 'I211',
  '0x1f40': 'I354',
  '0x1f41': 'I354 SGMII',
  '0x1f45': 'I354 2.5 G',
};
const drivenByUs = '0x10c9';

interface Card {
  readonly address: string;
  readonly isDrivenByUs: boolean;
  readonly text: string;
}

const pciFolder = '/sys/bus/pci/devices';

function cardsOf(facts: MachineFacts): Card[] {
  return (facts.list(pciFolder) ?? []).flatMap((address) => {
    const folder = `${pciFolder}/${address}`;
    if (facts.read(`${folder}/vendor`)?.trim() !== intel) return [];
    const device = facts.read(`${folder}/device`)?.trim() ?? '';
    const model = family[device];
    if (!model) return [];
    const driver = facts.linkName(`${folder}/driver`);
    const [interfaceName] = facts.list(`${folder}/net`) ?? [];
    const owner = driver ? `driver ${driver}${interfaceName ? `, interface ${interfaceName}` : ''}` : 'no driver';
    return [{ address, isDrivenByUs: device === drivenByUs, text: `${address} ${model} (${owner})` }];
  });
}

export const cards: Check = (facts) => {
  const found = cardsOf(facts);
  const ours = found.filter(({ isDrivenByUs }) => isDrivenByUs);
  const list = found.map(({ text }) => text).join('; ');
  if (ours.length > 0) return fine(list);
  if (found.length > 0)
    return warning(`No card that rigb drives (82576, 8086:10c9), but relatives that can be observed: ${list}.`, 'lspci -nn -d 8086:');
  return warning(
    'No card of the igb family is in this machine; rigb drives the 82576 (8086:10c9). Any other card can be observed.',
    'lspci -nn | grep -i ethernet',
  );
};

export const iommu: Check = (facts) => {
  const groups = facts.list('/sys/kernel/iommu_groups')?.length ?? 0;
  if (groups > 0) return fine(`The IOMMU is on (${groups} groups): a card reaches only the memory that its driver gave it.`);
  return warning(
    'No IOMMU is on: a faulty driver can let a card write anywhere in memory.',
    "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&intel_iommu=on /' /etc/default/grub && update-grub && reboot",
  );
};

export const kvm: Check = (facts) => {
  if (facts.exists('/dev/kvm')) return fine('/dev/kvm is there; whether it works, the lab finds out by starting a guest.');
  return warning(
    'There is no KVM: the lab runs by translation, about ten times slower. This machine itself is not concerned.',
    'modprobe kvm_intel || modprobe kvm_amd',
  );
};
