// Entry of the window: picks the shell's transport, builds the model, paints.
// Before any file that makes a schema.
import '#common/jitless.ts';
import '@fontsource/jetbrains-mono/latin-400.css';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/window.css';
import './styles/panels.css';
import './styles/dialog.css';
import './styles/terminal.css';
import './styles/recordings.css';
import './styles/machine.css';
import './styles/doctor.css';
import './styles/alerts.css';
import './styles/dock.css';
import './styles/commands.css';
import './styles/overview.css';
import './styles/status.css';
import './styles/registers.css';
import './styles/time-chart.css';
import './styles/statistics.css';
import './styles/timeline.css';
import './styles/log.css';
import './styles/queues.css';
import './styles/buffer-bytes.css';
import './styles/descriptors.css';
import './styles/lab.css';
import './styles/life.css';
import './styles/interrupts.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { electronDial } from './link/electron-transport.ts';
import { webDial } from './link/web-transport.ts';
import { browserClock } from './state/frame-loop.ts';
import { keepLayout, keptLayout } from './state/layout-store.ts';
import { WindowModel } from './state/window-model.ts';
import { menuCommands } from './ui/menu-commands.ts';
import { ModelProvider } from './ui/model-context.tsx';

const dial = window.ringscope
  ? electronDial(window.ringscope, () => menuCommands(model))
  : webDial({ location, history, sessionStorage, openSocket: (url) => new WebSocket(url) });
const model: WindowModel = new WindowModel({
  dial,
  clock: browserClock,
  application: 'window',
  keptLayout: keptLayout(localStorage),
  later: (run, delayMs) => void setTimeout(run, delayMs),
});
keepLayout(model.layout, localStorage);
model.start();

const place = document.getElementById('root');
if (place) {
  createRoot(place).render(
    <ModelProvider value={model}>
      <App />
    </ModelProvider>,
  );
}
