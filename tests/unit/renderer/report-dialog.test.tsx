// The report in the window: one click, seen before it leaves.
import { act } from 'react';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { ReportButton, ReportPlace } from '../../../renderer/panels/report/report-button.tsx';
import { RenderedWindow } from '../../support/rendered-window.tsx';
import { device, devicesEvent, helloEvent, moduleEvent } from '../../support/wire-payloads.ts';

let rendered: RenderedWindow;
// Loaded before, so that no test waits for the disk.
beforeAll(async () => {
  await Promise.all([import('../../../renderer/panels/report/report-dialog.tsx'), import('../../../main/common/report/make-report.ts')]);
});
beforeEach(() => {
  rendered = new RenderedWindow();
  rendered.tell(helloEvent(), devicesEvent(), moduleEvent('live'));
});
afterEach(() => {
  rendered.end();
  vi.restoreAllMocks();
});

const patience = { timeout: 20_000 };
const text = () => rendered.place.querySelector('.report-text')?.textContent ?? '';
const button = (name: string) => [...rendered.place.querySelectorAll('button')].find((one) => one.textContent === name);

async function opened() {
  const request = vi.spyOn(rendered.model, 'request').mockImplementation(async (verb) => {
    if (verb === 'doctor')
      rendered.tell({ type: 'doctor', checks: [{ name: 'kvm', state: 'ok', why: 'It is there.', fix: '' }], checkedUnixMs: 0 });
    return null;
  });
  rendered.show(
    <>
      <ReportButton />
      <ReportPlace />
    </>,
  );
  await act(async () => {
    button('Report')?.click();
    await vi.waitFor(() => expect(rendered.model.report.store.getState().report).not.toBeNull(), patience);
  });
  // The dialog's code comes after that.
  await act(() => vi.waitFor(() => expect(text()).not.toBe(''), patience));
  return request;
}

test('a click asks the doctor and shows the whole text, addresses shortened', async () => {
  const request = await opened();
  expect(request).toHaveBeenCalledWith('doctor', {});
  expect(text()).toContain('ok kvm: It is there.');
  expect(text()).toContain(`${device.pciAddress} 8086:10c9 driver rigb interface eth0 MAC 02:00:00:xx:xx:xx`);
});

test('addresses are shown in full when that is ticked', async () => {
  await opened();
  await act(() => rendered.model.report.keepAddresses(true));
  expect(text()).toContain(`MAC ${device.mac}`);
});

test('it is saved as text and as JSON under the time of its making', async () => {
  await opened();
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  act(() => button('Save text')?.click());
  act(() => button('Save JSON')?.click());
  expect(saved).toEqual([
    expect.stringMatching(/^ringscope-report-[\dT-]+\.txt$/),
    expect.stringMatching(/^ringscope-report-[\dT-]+\.json$/),
  ]);
});

test('closed, it is forgotten', async () => {
  await opened();
  act(() => button('Close')?.click());
  expect(rendered.model.report.store.getState()).toMatchObject({ isOpen: false, report: null });
});
