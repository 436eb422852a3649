// Runs beside the page in Electron's sandbox and gives it one function. Frames never pass through here: the port goes on to the page.
import { contextBridge, ipcRenderer } from 'electron';
import { connectChannel, portChannel } from './channels.ts';

// A port cannot cross the context bridge, but window.postMessage carries it, to this page alone.
ipcRenderer.on(portChannel, (event) => window.postMessage(portChannel, location.origin, event.ports));

contextBridge.exposeInMainWorld('ringscope', { connect: () => ipcRenderer.send(connectChannel) });
