// Where the lab's products live and how a step is keyed: by a hash of everything that goes into it, so that "up to date" is a fact and not a date.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The lab's folder: `$XDG_CACHE_HOME/ringscope`, or `~/.cache/ringscope`. */
export function cacheDirectory() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'ringscope');
}

function addTree(hash, path, name) {
  const stat = lstatSync(path);
  if (stat.isDirectory()) {
    for (const entry of readdirSync(path).sort()) {
      if (entry === 'target' || entry === 'node_modules') continue;
      addTree(hash, join(path, entry), `${name}/${entry}`);
    }
  } else if (stat.isFile()) {
    hash
      .update(`${name}\0${stat.mode & 0o111 ? 'x' : '-'}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
}

/**
 * Sixteen hex digits that change when any of the texts or files (folders: every file below) changes.
 * @param {{texts?: string[], paths?: string[]}} inputs
 */
export function keyOf({ texts = [], paths = [] }) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  for (const path of paths) addTree(hash, path, '');
  return hash.digest('hex').slice(0, 16);
}

/**
 * The folder `NAME-KEY` in the cache, made by `make(folder)` unless it is there whole. It is made aside and renamed at the end, and other keys of
 * the same name go then: they would be gigabytes that nobody asks for.
 */
export async function product(name, key, make) {
  const cache = cacheDirectory();
  const whole = join(cache, `${name}-${key}`);
  if (existsSync(whole)) return { folder: whole, made: false };
  mkdirSync(cache, { recursive: true });
  const partial = `${whole}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  await make(partial);
  renameSync(partial, whole);
  for (const entry of readdirSync(cache)) {
    if (entry.startsWith(`${name}-`) && entry !== `${name}-${key}`) rmSync(join(cache, entry), { recursive: true, force: true });
  }
  return { folder: whole, made: true };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `work` while no other process builds in the same cache; says so once when it has to wait. */
export async function withLock(work, onWait) {
  const cache = cacheDirectory();
  mkdirSync(cache, { recursive: true });
  const lock = join(cache, 'building.pid');
  for (let told = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(lock, 'utf8'));
      if (!isAlive(holder)) {
        rmSync(lock, { force: true });
        continue;
      }
      if (!told) onWait?.(holder);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}
