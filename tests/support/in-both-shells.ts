// A suite that runs on the started application twice: in a Chromium window, and in Electron where its binary is.
import { afterAll, beforeAll, describe } from 'vitest';
import { noElectron, openInElectron } from './electron-application.ts';
import { WindowPage } from './page-objects.ts';
import { type OpenApplication, openInBrowser } from './running-application.ts';

/** What a suite asks for, once its application is live. */
export interface OpenWindow {
  readonly application: OpenApplication;
  readonly window: WindowPage;
}

/** Declares the suite's tests for each shell. `opened` gives the one application that all of them share, in the order in which they stand. */
export function inBothShells(declare: (opened: () => OpenWindow) => void): void {
  const suite = (open: () => Promise<OpenApplication>) => () => {
    let opened: OpenWindow;
    beforeAll(async () => {
      const application = await open();
      // A machine that is busy with other things takes its time.
      application.page.setDefaultTimeout(60_000);
      opened = { application, window: new WindowPage(application.page) };
      await opened.window.phase('live');
      // From here on data comes.
      await application.page.locator('[data-testid="statistic"][data-name="RX packets"]').first().waitFor({ timeout: 90_000 });
    }, 240_000);
    afterAll(() => opened?.application[Symbol.asyncDispose]());
    declare(() => opened);
  };
  describe('in a browser window', suite(openInBrowser));
  describe.skipIf(noElectron !== null)(`in Electron${noElectron ? ` (skipped: ${noElectron})` : ''}`, suite(openInElectron));
}
