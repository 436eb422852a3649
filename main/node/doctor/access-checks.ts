// What the agent can read, and whether it becomes root.
import { manualWay, waysToStart } from '../local/elevation.ts';
import { type Check, failure, fine, warning } from './check.ts';

export const kernelLog: Check = (facts) => {
  if (!facts.exists('/dev/kmsg')) return failure('There is no /dev/kmsg, so the kernel log cannot be shown.', 'mknod /dev/kmsg c 1 11');
  const isRestricted = facts.read('/proc/sys/kernel/dmesg_restrict')?.trim() !== '0';
  if (facts.elevation.userId === 0 || !isRestricted) return fine('The kernel log can be read.');
  return fine('The kernel log can be read by the agent as root; in observe mode without privileges it is missing (kernel.dmesg_restrict).');
};

export const debugfs: Check = (facts) => {
  const mounts = facts.read('/proc/mounts') ?? '';
  if (/^\S+ \/sys\/kernel\/debug debugfs /m.test(mounts)) return fine('debugfs is mounted, where the driver shows its rings to root.');
  const isKnown = /\bdebugfs$/m.test(facts.read('/proc/filesystems') ?? '');
  if (isKnown)
    return warning('debugfs is not mounted, so the driver’s rings cannot be shown.', 'mount -t debugfs debugfs /sys/kernel/debug');
  return failure('This kernel has no debugfs, so the driver’s rings cannot be shown.', 'boot a kernel with CONFIG_DEBUG_FS=y');
};

export const elevation: Check = async ({ agent, elevation: facts }) => {
  if (facts.userId === 0) return fine('This is root: the agent is started directly.');
  if (agent.path === null) return failure(agent.problem, 'npm run setup');
  const [way] = await waysToStart(agent.path, 'change', facts);
  if (way?.kind === 'sudo') return fine('sudo starts the agent without a question.');
  if (way?.asks === 'never') return fine('pkexec starts the agent without a question: polkit’s rules grant it.');
  if (way?.asks === 'in a dialog') return fine('pkexec asks for a password and starts the agent.');
  return failure(
    way?.asks === 'nobody'
      ? 'pkexec would ask for a password, and in a session without a display there is nobody to ask, so this machine can be observed only.'
      : 'Neither pkexec nor `sudo -n` starts the agent, so this machine can be observed only.',
    manualWay(agent.path, agent.path.includes('/local/'), facts),
  );
};
