// Autopsies: the one that is chosen on one page; made, saved, copied and opened here.
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { autopsyMarkdown } from '#common/autopsy/autopsy-markdown.ts';
import { shortenAddresses } from '#common/report/shorten-addresses.ts';
import { useDevice, useLayout, useModel } from '../../ui/model-context.tsx';
import { PlainPanel } from '../../ui/plain-panel.tsx';
import { copyText, saveText } from '../../ui/save-text.ts';
import { AutopsyPage } from './autopsy-page.tsx';

/** A file's name for an autopsy: its title in what every file system takes. */
export const fileNameOf = (title: string): string =>
  `autopsy-${title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60)}`;

function Nothing({ isMaking }: { isMaking: boolean }) {
  return (
    <p className="empty">
      {isMaking
        ? 'The registers are read, then the page is made.'
        : 'None was made yet. One is made by itself when a queue is stuck or the kernel gives it up, and of the chosen queue at any time by “Make one now” (A).'}
    </p>
  );
}

/** The panel. */
export function AutopsyPanel() {
  const model = useModel();
  const { autopsies, chosen, isMaking, fault } = useStore(model.autopsies.store);
  const device = useDevice();
  const ring = useLayout((state) => state.ring);
  const [keepsAddresses, setKeepsAddresses] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const shown = autopsies.find(({ id }) => id === chosen) ?? autopsies[0] ?? null;
  const shareable = (text: string) => (keepsAddresses ? text : shortenAddresses(text));
  const open = async (picked: File | undefined) => {
    if (picked) await model.autopsies.open(picked.name, await picked.text());
  };
  const controls = (
    <>
      {autopsies.length > 1 ? (
        <select aria-label="Autopsy" value={shown?.id ?? ''} onChange={({ target }) => model.autopsies.choose(Number(target.value))}>
          {autopsies.map(({ id, document, file: from }) => (
            <option key={id} value={id}>
              {document.title}
              {from === null ? '' : ` (${from})`}
            </option>
          ))}
        </select>
      ) : null}
      <span className="spacer" />
      <button
        type="button"
        disabled={device === null || isMaking}
        title={
          device === null
            ? 'There is no card to look into'
            : `Freeze ${ring.kind.toUpperCase()} queue ${ring.index} of ${device.pciAddress} (A)`
        }
        onClick={() => (device ? void model.autopsies.make(device.pciAddress, ring) : undefined)}
      >
        {isMaking ? 'Reading registers' : 'Make one now'}
      </button>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="Autopsy file"
        onChange={({ target }) => {
          void open(target.files?.[0]);
          target.value = '';
        }}
      />
      <button type="button" onClick={() => file.current?.click()}>
        Open…
      </button>
      <label title="MAC and IP addresses in what is saved and copied; without, they are shortened">
        <input type="checkbox" checked={keepsAddresses} onChange={({ target }) => setKeepsAddresses(target.checked)} /> addresses
      </label>
      <button
        type="button"
        disabled={shown === null}
        onClick={() =>
          shown
            ? saveText(`${fileNameOf(shown.document.title)}.json`, 'application/json', shareable(JSON.stringify(shown.document, null, 2)))
            : undefined
        }
      >
        JSON
      </button>
      <button
        type="button"
        disabled={shown === null}
        onClick={() =>
          shown
            ? saveText(`${fileNameOf(shown.document.title)}.md`, 'text/markdown', shareable(autopsyMarkdown(shown.document)))
            : undefined
        }
      >
        Markdown
      </button>
      <button
        type="button"
        disabled={shown === null}
        onClick={() => (shown ? void copyText(model, 'Autopsy', shareable(autopsyMarkdown(shown.document))) : undefined)}
      >
        Copy
      </button>
    </>
  );
  return (
    <PlainPanel name="Autopsy" className="autopsy" controls={controls}>
      {fault === null ? null : (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      {shown ? <AutopsyPage document={shown.document} isLive={shown.file === null} /> : <Nothing isMaking={isMaking} />}
    </PlainPanel>
  );
}
