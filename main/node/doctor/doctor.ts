// All checks, in the order in which a person would mend them.
import type { DoctorCheck } from '#common/protocol/machine.ts';
import { debugfs, elevation, kernelLog } from './access-checks.ts';
import type { Check } from './check.ts';
import { cards, iommu, kvm } from './hardware-checks.ts';
import { built, compilers, headers, kernel, modules, rust } from './kernel-checks.ts';
import { type MachineFacts, machineFacts } from './machine-facts.ts';
import { lockdown, secureBoot, signatures } from './security-checks.ts';

const checks: Readonly<Record<string, Check>> = {
  kernel,
  modules,
  rust,
  headers,
  compilers,
  'built-module': built,
  'secure-boot': secureBoot,
  lockdown,
  signatures,
  cards,
  iommu,
  'kernel-log': kernelLog,
  debugfs,
  elevation,
  kvm,
};

/** Examines a machine, this one unless told otherwise. */
export async function examine(facts: MachineFacts = machineFacts()): Promise<readonly DoctorCheck[]> {
  return Promise.all(Object.entries(checks).map(async ([name, check]) => ({ name, ...(await check(facts)) })));
}
