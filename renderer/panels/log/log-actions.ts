// What is done with rows of the log, by whichever key, button, menu or command.
import { reportText } from '#common/kernel-log/report-text.ts';
import { tell } from '../../state/session-store.ts';
import type { WindowModel } from '../../state/window-model.ts';
import { knownReport } from './known-reports.ts';
import { type LogFormat, rowsOf, saveRows, textLine } from './log-export.ts';
import type { LogView } from './log-view.ts';

/** Chooses a row; unless a range is extended to it, its instant becomes that of all panels. */
export function chooseRow(model: WindowModel, view: LogView, number: number, isExtending = false): void {
  view.selection.choose(number, isExtending);
  if (!isExtending) {
    view.chosenHereSeconds = view.log.timeUs(number) / 1e6;
    model.time.setState({ chosenSeconds: view.chosenHereSeconds });
  }
  view.changed();
}

/** Goes to the next hit, or to the one before. */
export function stepToHit(model: WindowModel, view: LogView, direction: 1 | -1): void {
  const number = view.step(direction);
  if (number === null) return;
  model.layout.setState({ isFollowing: false });
  chooseRow(model, view, number);
  view.reveal(number);
}

/** Folds or unfolds the report of which the row is the head; false when it is none. */
export function toggleReport(model: WindowModel, view: LogView, number: number): boolean {
  const report = view.shown.reportOf(number);
  if (report === 0 || number !== view.shown.headOf(report)) return false;
  model.layout.setState({ isFollowing: false });
  view.toggle(report);
  return true;
}

async function copy(model: WindowModel, text: string): Promise<void> {
  if (text === '') {
    tell(model.session, { severity: 'warning', title: 'Nothing was copied', detail: 'Select rows of the kernel log first.' });
    return;
  }
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    tell(model.session, { severity: 'error', title: 'The rows were not copied', detail });
  }
}

/** Copies the selected rows as dmesg prints them. */
export async function copySelection(model: WindowModel, view: LogView): Promise<void> {
  const { from, to } = view.selection.range();
  let text = '';
  for (const row of rowsOf(view.log, view.shown.list, from, to)) text += textLine(row);
  await copy(model, text);
}

/** Copies a report decoded. */
export const copyReport = (model: WindowModel, view: LogView, id: number): Promise<void> => {
  const known = knownReport(view.log, id);
  return copy(model, known ? reportText(known.report) : '');
};

/** Makes a file of what passes the filter, or of all; says so when there is nothing to write. */
export async function saveLog(model: WindowModel, view: LogView, format: LogFormat, isFiltered: boolean): Promise<void> {
  const rows = rowsOf(view.log, isFiltered ? view.shown.passed : null);
  const bootTime = model.session.getState().hello?.bootTimeUnixNs ?? null;
  if (await saveRows(rows, format, bootTime)) return;
  const detail = isFiltered ? 'No row passes the filter.' : 'The log has no row yet.';
  tell(model.session, { severity: 'warning', title: 'No file was made', detail });
}
