// `npm run check:packages`: asks the registry about the packages that run in production.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judge } from './audit.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const args = ['audit', '--omit=dev', '--audit-level=high', '--json', ...process.argv.slice(2)];
const { stdout } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', timeout: 120_000 });
const { fails, lines } = judge(stdout ?? '');
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = fails ? 1 : 0;
