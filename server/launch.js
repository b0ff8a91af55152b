#!/usr/bin/env node
// Plain JavaScript on purpose: an older Node cannot even read main.ts, and better-sqlite3 would crash it without a
// word. So the version is checked here, before anything else is loaded.
const major = Number(process.versions.node.split('.', 1)[0]);
if (major < 24) {
  process.stderr.write(
    `lookaside: Node.js 24 or newer is needed, this is ${process.versions.node}; ` +
      'in a checkout use `npm start` or `npx lookaside …`, which bring their own\n',
  );
  process.exit(2);
}
const { main } = await import('./main.ts');
await main(process.argv);
