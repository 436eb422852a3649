// What stands in a panel's place: its content while it is in sight, asleep while it is behind another tab, and words instead of it when it fails.
import { Activity, Component, type ReactNode, Suspense, useState } from 'react';
import { panelOf } from '../../panels/registry.tsx';

/** A panel that fails takes nothing with it. */
class Fence extends Component<{ name: string; children: ReactNode }, { fault: unknown }> {
  override state: { fault: unknown } = { fault: null };

  static getDerivedStateFromError(fault: unknown) {
    return { fault };
  }

  override render(): ReactNode {
    if (this.state.fault === null) return this.props.children;
    return (
      <section className="panel" aria-label={this.props.name}>
        <div className="empty" role="alert">
          <strong>{this.props.name} failed</strong>
          <span>{this.state.fault instanceof Error ? this.state.fault.message : String(this.state.fault)}</span>
          <button type="button" className="primary" onClick={() => this.setState({ fault: null })}>
            Try again
          </button>
        </div>
      </section>
    );
  }
}

/** The content of a panel. A hidden one keeps what was typed and chosen in it, and watches nothing: its effects are undone. */
export function PanelPlace({ id, isVisible }: { id: string; isVisible: boolean }) {
  const [wasVisible, setWasVisible] = useState(isVisible);
  if (isVisible && !wasVisible) setWasVisible(true);
  const entry = panelOf(id);
  // One that nobody has looked at is not loaded.
  if (!entry || !wasVisible) return null;
  return (
    <Fence name={entry.name}>
      <Activity mode={isVisible ? 'visible' : 'hidden'}>
        <Suspense fallback={<div className="empty">Loading {entry.name} …</div>}>
          <entry.Content />
        </Suspense>
      </Activity>
    </Fence>
  );
}
