// Three bundles from one set of sources: main (one entry a shell), preload (one CommonJS file, as Electron's sandbox demands) and renderer.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Hundreds of small files otherwise, a third of what the process does before it says its address.
      externalizeDeps: { exclude: ['zod', '@mcap/core'] },
      rollupOptions: {
        input: {
          electron: fromRoot('main/electron/index.ts'),
          web: fromRoot('main/web/index.ts'),
          ringscope: fromRoot('main/node/cli/ringscope.ts'),
          'uses-lab': fromRoot('main/node/cli/uses-lab.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: fromRoot('main/electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: fromRoot('out/renderer'),
      emptyOutDir: true,
      minify: true,
      sourcemap: false,
      assetsInlineLimit: 0,
      rollupOptions: {
        input: fromRoot('renderer/index.html'),
        output: {
          // Menus and popovers come after the first picture. Left alone, the bundler puts what several late parts share into the entry, which all of them have.
          codeSplitting: {
            groups: [
              { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, priority: 2 },
              { name: 'menus', test: /node_modules\/(@radix-ui|radix-ui|@floating-ui|react-remove-scroll|aria-hidden)\//, priority: 1 },
            ],
          },
        },
      },
    },
  },
});
