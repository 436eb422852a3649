// Addresses of a network are nobody's business in a bug tracker: MAC, IPv4 and IPv6 addresses lose what names a machine and keep what says of which kind they are.

// PCI addresses (0000:01:00.0) and times of day look alike; the first are needed and the second are harmless.
const candidates = /(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,8}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:])(?!\.[0-7]\b)/g;
const dashedMac = /(?<![0-9A-Za-z-])[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}(?![0-9A-Za-z-])/g;
const ipv4 = /(?<![0-9A-Za-z.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![0-9A-Za-z]|\.\d)/g;
const homes = /(\/home\/)[^/\s"':]+/g;

const isMac = (text: string): boolean => /^(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/.test(text);

function isIpv6(text: string): boolean {
  const parts = text.split('::');
  if (parts.length > 2) return false;
  const groups = text.split(':').filter((group) => group !== '');
  return parts.length === 2
    ? groups.length >= 1 && groups.length <= 7
    : groups.length === 8 && !text.startsWith(':') && !text.endsWith(':');
}

/** A MAC address with its maker alone, `52:54:00:xx:xx:xx`. */
export const shortenMac = (mac: string): string => `${mac.slice(0, 8)}${mac.charAt(2).concat('xx').repeat(3)}`;

function shortened(text: string): string {
  if (isMac(text)) return shortenMac(text);
  if (!isIpv6(text)) return text;
  const [first = ''] = text.split(':');
  // Loopback and the unspecified address name nobody.
  if (text === '::1' || text === '::') return text;
  return `${first}:x:x`;
}

function shortenedIpv4(text: string, ...octets: string[]): string {
  const numbers = octets.slice(0, 4).map(Number);
  if (numbers.some((octet) => octet > 255)) return text;
  const [a = 0, b = 0] = numbers;
  return a === 127 || a === 0 || numbers.every((octet) => octet === 255) ? text : `${a}.${b}.x.x`;
}

/** The text with every address shortened, and the names of home folders left out. */
export const shortenAddresses = (text: string): string =>
  text.replaceAll(candidates, shortened).replaceAll(dashedMac, shortenMac).replaceAll(ipv4, shortenedIpv4).replaceAll(homes, '$1…');
