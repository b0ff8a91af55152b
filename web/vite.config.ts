// The build of the admin pages: web/src → web/dist, which the server serves below /ui/.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';
import { themeScript } from './theme-script.ts';

const directory = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const FRAMEWORK = /node_modules\/(?:react|react-dom|scheduler|react-router|@tanstack)\//;

export default defineConfig({
  root: directory('.'),
  base: '/ui/',
  plugins: [react(), themeScript(directory('theme.js')), precompress()],
  build: {
    outDir: directory('dist'),
    emptyOutDir: true,
    target: 'es2024',
    // The content security policy knows neither data: scripts nor inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // Changes seldom, so that browsers keep it over many versions of ours.
      output: { codeSplitting: { groups: [{ name: 'framework', test: FRAMEWORK }] } },
    },
  },
  server: {
    // `lookaside serve` beside `npm run dev`. The host stays as the browser sent it: the origin check compares with it.
    proxy: { '/api': { target: 'http://127.0.0.1:8080', changeOrigin: false } },
  },
});
