// The copyright file: Ringscope's own licences, and that of each npm package whose code is shipped, as a module or inside the built page.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../application.mjs';
import { productionPackages } from './application-tree.mjs';

/** The npm packages that the page's sources name, by the folder in node_modules. */
function pagePackages() {
  const names = new Set();
  for (const entry of readdirSync(join(checkout, 'renderer'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(tsx?|css)$/.test(entry.name)) continue;
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, name] of source.matchAll(/(?:from|import|@import)\s*\(?\s*['"]((?:@[\w.-]+\/)?[\w.-]+)[^'"]*['"]/g))
      if (existsSync(join(checkout, 'node_modules', name, 'package.json'))) names.add(name);
  }
  return names;
}

/** The packages and everything they depend on at run time. */
function withDependencies(names) {
  const all = new Map();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const folder = join(checkout, 'node_modules', name);
    if (all.has(name) || name.startsWith('@types/') || !existsSync(join(folder, 'package.json'))) continue;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    all.set(name, { folder, version: manifest.version, license: manifest.license ?? 'see below' });
    waiting.push(...Object.keys(manifest.dependencies ?? {}));
  }
  return all;
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file ? readFileSync(join(folder, file), 'utf8').trim() : null;
}

/** Text as a field of a copyright file: each line indented, empty ones as a dot. */
function asField(text) {
  return text
    .split(/\r?\n/)
    .map((line) => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`))
    .join('\n');
}

const commonLicence = (name) => ` On Debian systems, the full text is in /usr/share/common-licenses/${name}.`;

function licenceField(license, text) {
  if (text === null) return asField(`Licensed under ${license}; the package brings no text of its own.`);
  // Debian has this long text once for all packages.
  return /Apache License\s+Version 2\.0/.test(text) ? commonLicence('Apache-2.0') : asField(text);
}

/** The text of `copyright`, in Debian's machine-readable format. */
export function copyrightText() {
  const packages = withDependencies([...pagePackages(), ...productionPackages().map(({ name }) => name)]);
  const ours = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Ringscope

Files: *
Copyright: 2026 Ringscope developers
License: Expat or Apache-2.0

Files: usr/src/rigb-* usr/lib/ringscope/driver/rigb/*
Copyright: 2026 Ringscope developers
License: GPL-2.0-only

License: Expat
${asField(readFileSync(join(checkout, 'LICENSE-MIT'), 'utf8').trim())}

License: Apache-2.0
${commonLicence('Apache-2.0')}

License: GPL-2.0-only
${commonLicence('GPL-2')}
`;
  const theirs = [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, { folder, version, license }]) =>
        `Comment: ${name} ${version}, ${license}, from npm\n${licenceField(license, licenceText(folder))}`,
    );
  return `${ours}\n${theirs.join('\n\n')}\n`;
}
