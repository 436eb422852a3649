// What may keep root from loading a module that nobody signed.
import { type Check, failure, fine, warning } from './check.ts';

const signing =
  'sign rigb.ko with a key that this machine trusts: `mokutil --import KEY.der`, restart, then /lib/modules/$(uname -r)/build/scripts/sign-file sha256 KEY.pem KEY.der rigb.ko';

// An efivarfs file is four bytes of attributes, then the value.
const valueAt = 4;
const secureBootVariable = 'SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

export const secureBoot: Check = (facts) => {
  if (!facts.exists('/sys/firmware/efi')) return fine('This machine was not started through UEFI, so there is no Secure Boot.');
  const value = facts.readBytes(`/sys/firmware/efi/efivars/${secureBootVariable}`);
  if (!value) return warning('Secure Boot’s state cannot be read; with it on, an unsigned module is refused.', 'mokutil --sb-state');
  if (value[valueAt] === 0) return fine('Secure Boot is off.');
  return warning('Secure Boot is on: the kernel refuses a module that is not signed by a key it trusts.', signing);
};

export const lockdown: Check = (facts) => {
  const text = facts.read('/sys/kernel/security/lockdown');
  const mode = text === null ? null : (/\[(\w+)\]/.exec(text)?.[1] ?? null);
  if (mode === null || mode === 'none') return fine('The kernel is not locked down.');
  return failure(
    `The kernel is locked down (${mode}): unsigned modules and debugfs are refused, so the driver can neither be loaded nor show its rings.`,
    `${signing}; debugfs needs Secure Boot off in the firmware’s setup`,
  );
};

export const signatures: Check = (facts) => {
  const enforced = facts.read('/sys/module/module/parameters/sig_enforce')?.trim() === 'Y';
  if (!enforced) return fine('The kernel does not insist on signed modules.');
  return failure('The kernel insists on signed modules (module.sig_enforce).', signing);
};
