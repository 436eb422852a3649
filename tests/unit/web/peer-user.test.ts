import { expect, it } from 'vitest';
import { isPeerOf } from '../../../main/web/peer-user.ts';

// Port 8000 is ours, 40000 the peer's.
const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const line = (local: string, remote: string, user: number) =>
  `   0: 0100007F:${local} 0100007F:${remote} 01 00000000:00000000 00:00000000 00000000  ${user}        0 1 1 0000000000000000 20 4 0 10 -1`;
const table = (user: number) => [header, line('1F40', '9C40', 1000), line('9C40', '1F40', user), line('9C41', '1F40', 1000)].join('\n');

it('knows a process of the same user, and root', () => {
  expect(isPeerOf(1000, table(1000), 40000, 8000)).toBe(true);
  expect(isPeerOf(1000, table(0), 40000, 8000)).toBe(true);
});

it('refuses another user', () => {
  expect(isPeerOf(1000, table(1001), 40000, 8000)).toBe(false);
});

it('refuses a peer that hides in another table', () => {
  expect(isPeerOf(1000, [header, line('1F40', '9C40', 1000)].join('\n'), 40000, 8000)).toBe(false);
});

it('leaves it to the token where the kernel lists nothing', () => {
  expect(isPeerOf(1000, header, 40000, 8000)).toBe(true);
});
