// The only two channels between the page's preload and the main process.

/** Preload to main: the page wants a port. Carries nothing. */
export const connectChannel = 'ringscope-connect';

/** Main to preload, and from there to the page: one port, over which every frame goes. */
export const portChannel = 'ringscope-port';
