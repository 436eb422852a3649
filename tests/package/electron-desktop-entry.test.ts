// The menu entry that electron-builder writes into its packages: what a file manager needs to open a recording with Ringscope.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { checkout } from '../support/built-packages.ts';

const require = createRequire(import.meta.url);

// What of electron-builder's own parts is used here; they carry no types of their own.
interface Helper {
  readonly mimeTypeFiles: Promise<string | null>;
  computeDesktopEntry(options: object): Promise<string>;
}
interface Parts {
  readonly Packager: new (options: {
    projectDir: string;
    config: unknown;
  }) => {
    readonly tempDirManager: { cleanup(): Promise<void> };
    validateConfig(): Promise<void>;
  };
  readonly LinuxPackager: new (packager: object) => { readonly platformSpecificBuildOptions: object };
  readonly LinuxTargetHelper: new (packager: object) => Helper;
}

test('a package offers itself for recordings, says which files are some, and takes the chosen one on its command line', async () => {
  // The entry does not depend on the agent, which the configuration wants to find.
  vi.stubEnv('RINGSCOPE_AGENT', process.execPath);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { default: config } = (await import(pathToFileURL(join(checkout, 'electron-builder.config.mjs')).href)) as { default: unknown };
  const { Packager } = require('app-builder-lib') as Parts;
  const { LinuxPackager } = require('app-builder-lib/out/linuxPackager.js') as Parts;
  const { LinuxTargetHelper } = require('app-builder-lib/out/targets/LinuxTargetHelper.js') as Parts;
  const packager = new Packager({ projectDir: checkout, config });
  onTestFinished(() => packager.tempDirManager.cleanup());
  await packager.validateConfig();
  const linux = new LinuxPackager(packager);
  const helper = new LinuxTargetHelper(linux);

  const lines = (await helper.computeDesktopEntry(linux.platformSpecificBuildOptions)).split('\n');
  expect(lines).toEqual(expect.arrayContaining(['MimeType=application/x-mcap;', 'Exec=/opt/Ringscope/ringscope %U']));
  const types = readFileSync((await helper.mimeTypeFiles) ?? '/dev/null', 'utf8');
  expect(types).toMatch(/<mime-type type="application\/x-mcap">\s*<glob pattern="\*\.mcap"\/>/);
});
