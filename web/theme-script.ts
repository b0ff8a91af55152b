// Puts theme.js at the head of the page: a classic script with a hashed name, which runs before anything is painted.
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Vite bundles module scripts only, and a module would run after the first paint: a white flash in the dark. */
export function themeScript(file: string): Plugin {
  let base = '/';
  let reference = '';
  return {
    name: 'lookaside:theme-script',
    configResolved(config) {
      base = config.base;
    },
    buildStart() {
      if (this.environment.mode === 'build')
        reference = this.emitFile({ type: 'asset', name: 'theme.js', source: readFileSync(file, 'utf8') });
    },
    transformIndexHtml: {
      order: 'pre',
      handler(_html, context) {
        if (context.server !== undefined)
          return [{ tag: 'script', children: readFileSync(file, 'utf8'), injectTo: 'head-prepend' }];
        return [];
      },
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') throw new Error('there is no index.html to put the theme script into');
        const script = `<script src="${base}${this.getFileName(reference)}"></script>`;
        page.source = String(page.source).replace(/(?=<title>)/, `${script}\n    `);
      },
    },
  };
}
