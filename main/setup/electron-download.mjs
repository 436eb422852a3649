// Electron's npm package fetches its binary when it is first wanted. Here that is done in a process of its own, watched: it may take long, but not stand still.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const lowestNode = [22, 12];
const dayMs = 86_400_000;
// A network that answers nothing shows it at the beginning; a slow one is given time between two bytes.
const firstByteMs = 30_000;
const standstillMs = 120_000;
const lookMs = 1000;

function bytesBelow(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

function isOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < lowestNode[0] || (major === lowestNode[0] && minor < lowestNode[1]);
}

/** Why it failed before, if that was today and for the same version. */
function keptFailure(record, version, now) {
  try {
    const kept = JSON.parse(readFileSync(record, 'utf8'));
    return kept.version === version && now - kept.failedUnixMs >= 0 && now - kept.failedUnixMs < dayMs ? String(kept.reason) : null;
  } catch {
    return null;
  }
}

/** Runs the package's own script. Resolves to null, or to what went wrong; the process is gone by then. */
function install(script, { folder, scratch, onProgress, limits }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], {
      cwd: folder,
      env: { ...process.env, TMPDIR: scratch },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let words = '';
    let standstill = null;
    let bytes = 0;
    let grewAt = Date.now();
    const take = (text) => {
      words = (words + text).slice(-4000);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const look = setInterval(() => {
      const now = bytesBelow(scratch) + bytesBelow(join(folder, 'dist'));
      if (now > bytes) {
        bytes = now;
        grewAt = Date.now();
        onProgress(`${(bytes / 1e6).toFixed(0)} MB`);
        return;
      }
      const limitMs = bytes > 0 ? limits.standstillMs : limits.firstByteMs;
      if (Date.now() - grewAt < limitMs) return;
      standstill = `nothing came for ${Math.round(limitMs / 1000)} s`;
      child.kill('SIGKILL');
    }, limits.lookMs);
    const end = (failure) => {
      clearInterval(look);
      resolve(failure);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code) => {
      const line = words
        .split('\n')
        .find((one) => /error/i.test(one))
        ?.trim();
      end(code === 0 ? null : (standstill ?? line ?? `its script ended with exit code ${code}`));
    });
  });
}

/**
 * Fetches the binary of the installed `electron` package. Gives null when it is there now, else the reason as words that follow “because”. A failure is kept
 * for a day in `node_modules/.ringscope-electron`, so that the next start does not wait for it again.
 */
export async function fetchElectron(
  report,
  { modules, nodeVersion = process.versions.node, now = Date.now(), limits = { firstByteMs, standstillMs, lookMs } },
) {
  const folder = join(modules, 'electron');
  const script = join(folder, 'install.js');
  if (!existsSync(script)) return 'the electron package is not installed';
  if (isOld(nodeVersion)) return `fetching Electron’s binary needs Node ${lowestNode.join('.')} or newer, and this is ${nodeVersion}`;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const record = join(modules, '.ringscope-electron');
  const before = keptFailure(record, version, now);
  if (before) return `${before}; it is tried again a day later, or at once when ${record} is removed`;

  const title = `Electron ${version}`;
  const begun = Date.now();
  const seconds = () => (Date.now() - begun) / 1000;
  const scratch = mkdtempSync(join(tmpdir(), 'ringscope-electron-'));
  report({ title, state: 'begin' });
  try {
    const failure = await install(script, {
      folder,
      scratch,
      limits,
      onProgress: (line) => report({ title, line, seconds: seconds(), state: 'line' }),
    });
    if (failure === null) {
      rmSync(record, { force: true });
      report({ title, seconds: seconds(), state: 'done' });
      return null;
    }
    const reason = `Electron’s binary could not be fetched (${failure})`;
    writeFileSync(record, JSON.stringify({ version, failedUnixMs: now, reason }));
    return reason;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
