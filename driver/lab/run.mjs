// Starting programs, on the machine or inside the build root, with their output kept for the error message.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A step that failed: `message` is one sentence, `remedy` what to do, `output` the last lines of the program. */
export class StepError extends Error {
  constructor(message, { remedy = '', output = '' } = {}) {
    super(message);
    this.name = 'StepError';
    this.remedy = remedy;
    this.output = output;
  }
}

/** Runs a program to its end. `onLine` gets each line of its output. Rejects with a StepError that carries the last lines. */
export function run(program, args, { onLine, env, cwd, describe } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: env ?? process.env, cwd });
    let kept = '';
    let rest = '';
    const take = (chunk) => {
      kept = (kept + chunk).slice(-200_000);
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim()) onLine?.(line);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => reject(new StepError(`${program} could not be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(kept);
      const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
      reject(new StepError(`${describe ?? program} ${how}`, { output: kept.split('\n').slice(-25).join('\n') }));
    });
  });
}

const rootCertificates = '/etc/ssl/certs/ca-certificates.crt';

/** The certificates that this machine trusts, its owner's own authority (a proxy's, a company's) included; undefined where it has no such file. */
function machineCertificates() {
  return [process.env.SSL_CERT_FILE, rootCertificates].find((path) => path && existsSync(path));
}

/**
 * The bubblewrap arguments that run a program with the build root as `/`, read-only, and the given folders bound below `/mnt`. Nothing of the root runs
 * outside it (the machine's C library may be older), and everything inside ends with the process that started it.
 */
export function insideRoot(root, { write = {}, read = {}, devices = false, environment = {} } = {}) {
  const args = [
    '--unshare-pid',
    '--die-with-parent',
    '--ro-bind',
    root,
    '/',
    '--proc',
    '/proc',
    '--tmpfs',
    '/tmp',
    '--tmpfs',
    '/run',
    '--tmpfs',
    '/mnt',
  ];
  args.push(...(devices ? ['--dev-bind', '/dev', '/dev'] : ['--dev', '/dev']));
  if (existsSync('/etc/resolv.conf')) args.push('--ro-bind', '/etc/resolv.conf', '/etc/resolv.conf');
  const certificates = machineCertificates();
  if (certificates) args.push('--ro-bind', certificates, rootCertificates, '--setenv', 'SSL_CERT_FILE', rootCertificates);
  for (const [inside, outside] of Object.entries(read)) args.push('--ro-bind', outside, inside);
  for (const [inside, outside] of Object.entries(write)) args.push('--bind', outside, inside);
  args.push('--setenv', 'PATH', '/usr/sbin:/usr/bin:/sbin:/bin', '--setenv', 'HOME', '/tmp', '--setenv', 'LC_ALL', 'C.UTF-8');
  for (const [name, value] of Object.entries(environment)) args.push('--setenv', name, value);
  return args;
}

/** Runs a program inside the build root; see `insideRoot`. */
export function runInside(root, command, { write, read, environment, onLine, describe } = {}) {
  return run('bwrap', [...insideRoot(root, { write, read, environment }), ...command], { onLine, describe: describe ?? command[0] });
}

/** The user's own Cargo settings (a registry mirror, a proxy), so that a build inside the root fetches as the user's would. */
export function userCargoConfiguration() {
  return [join(process.env.CARGO_HOME || join(homedir(), '.cargo'), 'config.toml')].filter((path) => existsSync(path));
}
