// Our module on this machine: built for its kernel, loaded or not, and the build's output while it runs.
import { useEffect, useRef } from 'react';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { PlainPanel } from '../../ui/plain-panel.tsx';

function BuildOutput({ lines }: { lines: readonly string[] }) {
  const place = useRef<HTMLPreElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line moves the end
  useEffect(() => {
    if (place.current) place.current.scrollTop = place.current.scrollHeight;
  }, [lines]);
  return (
    <pre ref={place} className="build-output" role="log" aria-label="Output of the build" tabIndex={0}>
      {lines.join('\n')}
    </pre>
  );
}

/** The panel. */
export function ModulePanel() {
  const model = useModel();
  const module = useSession((state) => state.module);
  const hello = useSession((state) => state.hello);
  const kind = useSession((state) => state.target?.kind);
  const build = useSession((state) => state.build);
  const isObserving = hello?.role === 'observe';
  const isLoaded = module?.state === 'live';
  const isBusy = module?.state === 'loading' || module?.state === 'unloading';
  const isBuilding = build?.state === 'running';
  const digest = build?.digest ?? hello?.module.digest ?? null;
  const controls = (
    <>
      <span className="spacer" />
      {kind === 'local' ? (
        <button type="button" disabled={isBuilding} onClick={() => void model.ask('build-module', {})}>
          {isBuilding ? `Building, ${Math.round(build.elapsedMs / 1000)} s` : 'Build'}
        </button>
      ) : null}
      <button
        type="button"
        disabled={isObserving || isBusy || !module}
        title={isObserving ? 'In observe mode nothing is loaded' : 'U'}
        onClick={() => void model.ask(isLoaded ? 'unload-module' : 'load-module', {})}
      >
        {isLoaded ? 'Unload' : 'Load'}
      </button>
    </>
  );
  return (
    <PlainPanel name="Driver module" className="module" controls={controls}>
      <dl className="facts">
        <dt>{module?.name ?? 'rigb'}</dt>
        <dd className={module?.state === 'failed' ? 'link-down' : ''}>
          {module?.state ?? 'not known yet'}
          {module?.error ? `: ${module.error}` : ''}
        </dd>
        <dt>kernel</dt>
        <dd className="mono">{hello?.kernel ?? '–'}</dd>
        <dt>built</dt>
        <dd className="mono" title={digest ?? undefined}>
          {digest ? `sha256 ${digest.slice(0, 12)}…` : kind === 'local' ? 'not for this kernel' : 'by the lab'}
        </dd>
      </dl>
      {build?.reason ? (
        <p className="build-reason" role="alert">
          <strong>✕ {build.reason.title}</strong> {build.reason.detail} {build.reason.remedy}
        </p>
      ) : null}
      {build?.state === 'done' ? (
        <p className="build-reason">
          <span className="link-up">✓ built</span> against {build.tree} in {Math.round(build.elapsedMs / 1000)} s
        </p>
      ) : null}
      {build && build.lines.length > 0 ? <BuildOutput lines={build.lines} /> : null}
    </PlainPanel>
  );
}
