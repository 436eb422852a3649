// What is being done, or why the last thing failed, in a line that is always there so that nothing jumps.

/** The line. */
export function StepLine({ step, fault, remedy }: { step: string | null; fault: string | null; remedy?: string | undefined }) {
  if (step === null && fault !== null) {
    return (
      <p className="lab-step invalid" role="alert" title={[fault, remedy].filter(Boolean).join(' ')}>
        ✕ {fault} {remedy ?? ''}
      </p>
    );
  }
  return (
    <p className="lab-step soft" role="status">
      {step === null ? '' : `◌ ${step}`}
    </p>
  );
}
