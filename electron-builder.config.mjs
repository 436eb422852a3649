// The packages with Electron: a .deb, the one to use, and an AppImage. `npm run package:electron` makes them from the built application (`npm run build`).
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cacheDirectory } from './driver/lab/cache.mjs';
import { importClosure } from './main/setup/package/import-closure.mjs';
import { driverVersion } from './main/setup/package/system-tree.mjs';

const checkout = import.meta.dirname;
const version = driverVersion();

/** The built agent: RINGSCOPE_AGENT, else the lab's. */
function agent() {
  const lab = join(cacheDirectory(), 'lab.json');
  const path = process.env.RINGSCOPE_AGENT ?? (existsSync(lab) ? JSON.parse(readFileSync(lab, 'utf8')).agent : '');
  if (!existsSync(path)) throw new Error('The agent is not built: run `npm run setup`, or name it in RINGSCOPE_AGENT.');
  return path;
}

const builder = importClosure([join(checkout, 'main/setup/build-lab.mjs')]).map((path) => relative(checkout, path));
const driverSource = ['Kbuild', 'Makefile', 'README.md', 'dkms.conf', '*.sh', '*.c', '*.h', '!*.mod.c', 'src/**'];

/** The .deb puts these where the system looks for them, from what lies in resources. */
const systemFiles = {
  'assets/linux/org.ringscope.policy': '/usr/share/polkit-1/actions/org.ringscope.policy',
  'driver/rigb/': `/usr/src/rigb-${version}/`,
};

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.ringscope.Ringscope',
  productName: 'Ringscope',
  copyright: '2026 Ringscope developers',
  directories: { output: 'dist' },
  // Nothing is compiled here: node-pty speaks Node-API, so the binary that npm's Node made is Electron's too.
  npmRebuild: false,
  asar: true,
  // A shared object is opened by path, and node-pty looks for it beside its own modules.
  asarUnpack: ['node_modules/node-pty/**'],
  files: [
    'package.json',
    'out/main/electron.js',
    'out/main/chunks/**',
    'out/preload/**',
    'out/renderer/**',
    { from: 'assets/linux', to: '.', filter: ['installed.json'] },
    '!**/*.{map,ts,mts,cts,tsbuildinfo,md,cc,h,gyp,gypi,mk,Makefile}',
    '!node_modules/*/{test,tests,docs,examples,scripts,typings}',
    '!node_modules/**/{bench,testUtils.js,*.test.js}',
    '!node_modules/zod/{src,**/*.cjs}',
    '!node_modules/node-pty/{deps,src,third_party,prebuilds,node-addon-api,bin}',
    '!node_modules/node-pty/build/{Makefile,config.gypi,*.mk,Release/obj.target,Release/.deps}',
    '!node_modules/node-addon-api',
  ],
  // Beside the archive, as files: what other programs open. The lab's sources are bound into its build root.
  extraResources: [
    { from: agent(), to: 'ringscope-agent' },
    { from: 'assets/linux', to: 'linux', filter: ['org.ringscope.policy', 'ringscope-observe', 'apparmor/**'] },
    { from: 'assets/linux', to: '.', filter: ['installed.json'] },
    { from: 'assets/icons', to: 'linux/icons', filter: ['*.png', '*.svg'] },
    { from: 'driver', to: 'driver', filter: ['**/*', '!**/target{,/**}'] },
    { from: 'driver/rigb', to: `linux/rigb-${version}`, filter: driverSource },
    { from: '.', to: '.', filter: builder.filter((path) => path.startsWith('main/')) },
    { from: '.', to: '.', filter: ['LICENSE-MIT', 'LICENSE-APACHE'] },
  ],
  // A file manager opens recordings with it.
  fileAssociations: [{ ext: 'mcap', name: 'MCAP recording', description: 'MCAP recording', mimeType: 'application/x-mcap' }],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    target: ['deb', 'AppImage'],
    executableName: 'ringscope',
    category: 'Development',
    icon: 'assets/icons',
    maintainer: 'Ringscope developers <developers@ringscope.example>',
    synopsis: 'Inspector for network drivers',
    description: 'Shows live what a network driver and its card do: queues, DMA descriptors, interrupts, the kernel log.',
    desktop: {
      entry: {
        Name: 'Ringscope',
        GenericName: 'Network driver inspector',
        Keywords: 'NIC;driver;kernel;DMA;descriptor;ring;interrupt;igb;',
        StartupWMClass: 'ringscope',
      },
    },
  },
  deb: {
    appArmorProfile: 'assets/linux/apparmor/ringscope',
    // electron-builder's own list, then what the lab is built and run with.
    depends: [
      ...['libgtk-3-0', 'libnotify4', 'libnss3', 'libxss1', 'libxtst6', 'xdg-utils', 'libatspi2.0-0', 'libuuid1', 'libsecret-1-0'],
      ...['nodejs (>= 20.19) | ringscope-node', 'bubblewrap', 'mmdebstrap', 'uidmap'],
    ],
    fpm: [
      '--conflicts=ringscope-headless',
      '--deb-suggests=dkms',
      `${agent()}=/usr/lib/ringscope/ringscope-agent`,
      `${join(checkout, 'assets/linux/ringscope-observe')}=/usr/lib/ringscope/ringscope-observe`,
      ...Object.entries(systemFiles).map(([from, to]) => `${join(checkout, from)}=${to}`),
    ],
  },
};
