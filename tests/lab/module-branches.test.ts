// That tracepoints and debug messages cost nothing while nobody listens: in the module's code each is a no-operation that the kernel turns into a jump.
import { dirname } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runInside } from '../../driver/lab/run.mjs';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';

const description = readLabDescription();
if (!description.ok) throw new Error(description.error);
const lab = description.value;

/** A branch on a key: where its no-operation is, and where the jump would lead. Offsets in a section. */
interface Branch {
  readonly key: string;
  readonly section: string;
  readonly code: number;
  readonly target: number;
}

interface Instruction {
  readonly section: string;
  readonly offset: number;
  readonly text: string;
}

const branches: Branch[] = [];
const instructions: Instruction[] = [];
/** Functions by the section-relative names that calls within a section have. */
const functions = new Map<string, string>();

/** What an instruction calls, by its relocation. */
function called(text: string): string {
  const [, symbol = '', section, offset = '0'] = /R_X86_64_PLT32\s+((\.[\w.]+)\+0x([0-9a-f]+)|\S+)/.exec(text) ?? [];
  // The relocation is relative to the next instruction, four bytes on.
  return section ? (functions.get(`${section}+${Number.parseInt(offset, 16) + 4}`) ?? '') : symbol;
}

async function objdump(...options: string[]): Promise<string[]> {
  const lines: string[] = [];
  await runInside(lab.root, ['objdump', ...options, '/mnt/module/rigb.ko'], {
    read: { '/mnt/module': dirname(lab.module) },
    onLine: (line: string) => lines.push(line),
  });
  return lines;
}

beforeAll(async () => {
  // A jump entry (struct jump_entry) is where, where to, and the key: each is a relocation.
  const rows = (await objdump('-r', '-j', '__jump_table')).flatMap((line) => {
    const [, symbol, addend] = /^[0-9a-f]+ R_X86_64_PC\d+ +(\S+?)\+0x([0-9a-f]+)$/.exec(line) ?? [];
    return symbol && addend ? [{ symbol, addend: Number.parseInt(addend, 16) }] : [];
  });
  for (let at = 0; at < rows.length; at += 3) {
    const [code, target, key] = rows.slice(at, at + 3);
    if (code && target && key) branches.push({ key: key.symbol, section: code.symbol, code: code.addend, target: target.addend });
  }
  for (const line of await objdump('-t')) {
    const [, value = '', section, name] = /^([0-9a-f]+) .{7} (\S+)\t\S+ (?:\.hidden )?(\S+)$/.exec(line) ?? [];
    if (section && name && !name.startsWith('__pfx_')) functions.set(`${section}+${Number.parseInt(value, 16)}`, name);
  }
  let section = '';
  for (const line of await objdump('-dr', '-w', '--no-show-raw-insn')) {
    section = /^Disassembly of section (\S+):/.exec(line)?.[1] ?? section;
    const [, offset, instruction] = /^ *([0-9a-f]+):\t([a-z].*)$/.exec(line) ?? [];
    if (!offset || !instruction) continue;
    instructions.push({ section, offset: Number.parseInt(offset, 16), text: instruction });
  }
});

const at = (section: string, offset: number) =>
  instructions.findIndex((instruction) => instruction.section === section && instruction.offset === offset);

const events = ['rx_post', 'rx_refill', 'rx_done', 'tx_post', 'tx_doorbell', 'tx_done', 'irq', 'poll'];
const isNoOperation = /^(nop|xchg +%ax,%ax)/;

test.each(events)('rigb:%s is a no-operation at each of its places', (name) => {
  const own = branches.filter((branch) => branch.key === `__tracepoint_${name}`);
  expect(own.length).toBeGreaterThan(0);
  for (const { section, code } of own) expect(instructions[at(section, code)]?.text).toMatch(isNoOperation);
});

test('so is each debug message', () => {
  const own = branches.filter((branch) => branch.key === '__dyndbg');
  expect(own.length).toBeGreaterThan(0);
  for (const { section, code } of own) expect(instructions[at(section, code)]?.text).toMatch(isNoOperation);
});

test.each(events)('what makes rigb:%s is called only where the branch of its key leads', (name) => {
  // The last thing that a function does may be a jump to it.
  const calls = instructions.flatMap(({ text }, index) =>
    /^(call|jmp)/.test(text) && called(text).includes(`fire_${name}`) ? [index] : [],
  );
  expect(calls.length).toBeGreaterThan(0);
  for (const call of calls) {
    // Back over the arguments to the landing pad (IBT) of the jump, in front of which nothing runs on.
    let first = call - 1;
    while (first > 0 && !/^(endbr64|jmp|ret|ud2)/.test(instructions[first]?.text ?? 'ret')) first--;
    const { section, offset } = instructions[first] ?? {};
    const own = branches.filter((branch) => branch.key === `__tracepoint_${name}` && branch.section === section);
    expect(own.map((branch) => branch.target)).toContain(offset);
    // Places that do the same share the code behind their landing pads.
    while (instructions[first - 1]?.text === 'endbr64') first--;
    expect(instructions[first - 1]?.text).toMatch(/^(jmp|ret|ud2)/);
  }
});
