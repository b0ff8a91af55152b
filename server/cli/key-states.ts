// `lookaside key retire`, `reactivate` and `revoke`: what depends on the key is said before it is too late.
import type { Command } from 'commander';
import { AppError } from '../domain/errors.ts';
import { type Fingerprint, parseFingerprint } from '../domain/fingerprint.ts';
import type { KeyChangeRequest } from '../services/key-registry.ts';
import { type Context, type Local, withStore } from './context.ts';
import { counted } from './count.ts';
import { aloneLines } from './key-text.ts';
import { printable } from './terminal.ts';

/** Images named in a question; the rest is counted. */
const NAMED = 10;

export function addKeyStates(key: Command, context: Context): void {
  key
    .command('retire')
    .description('accept no new signatures of a key; what it signed is still served')
    .argument('<fingerprint>')
    .option('--reason <reason>', 'why; kept in the audit log')
    .option('--force', 'also while images have no live signature of another key')
    .action((fingerprint: string, { reason, force }: { reason?: string; force?: true }) =>
      withStore(context, (local) => retire(local, context, parseFingerprint(fingerprint), { reason, force })),
    );
  key
    .command('reactivate')
    .description('accept signatures of a retired key again')
    .argument('<fingerprint>')
    .action((fingerprint: string) =>
      withStore(context, (local) => change(local, context, parseFingerprint(fingerprint), { state: 'active' })),
    );
  key
    .command('revoke')
    .description('stop serving everything a key signed, at once and for good')
    .argument('<fingerprint>')
    .requiredOption('--reason <reason>', 'why; kept in the audit log')
    .option('--yes', 'without a question at a terminal')
    .action((fingerprint: string, { reason, yes = false }: { reason: string; yes?: boolean }) =>
      withStore(context, async (local) => {
        const parsed = parseFingerprint(fingerprint);
        const { state } = await local.keys.get(parsed, local.principal);
        if (state.state !== 'revoked') {
          await announce(local, context, parsed);
          if (!yes) await confirm(context);
        }
        await change(local, context, parsed, { state: 'revoked', reason });
      }),
    );
}

async function change(
  { keys, principal }: Local,
  { terminal }: Context,
  fingerprint: Fingerprint,
  request: KeyChangeRequest,
): Promise<void> {
  const changed = await keys.change(fingerprint, request, principal);
  terminal.out(`${changed.state.state} ${changed.fingerprint} ${printable(changed.name)}`);
}

async function retire(
  local: Local,
  context: Context,
  fingerprint: Fingerprint,
  request: Pick<KeyChangeRequest, 'reason' | 'force'>,
): Promise<void> {
  try {
    await change(local, context, fingerprint, { state: 'retired', ...request });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'KEY_IN_USE') throw error;
    const impact = await local.lifecycle.impact(
      { fingerprint, end: 'now' },
      { limit: NAMED, after: null },
      local.principal,
    );
    const words = { head: 'Only this key has signed', all: `lookaside key impact ${fingerprint}` };
    for (const line of aloneLines(impact, words)) context.terminal.err(line);
    throw new AppError(
      'KEY_IN_USE',
      `${counted(impact.onlyImages, 'image')} would be refused by nodes that no longer trust key ${fingerprint}; ` +
        '`lookaside key rotation` lists what its successor has to sign, --force retires it all the same',
    );
  }
}

/** What revoking takes along, to whoever watches. */
async function announce(
  { lifecycle, principal }: Local,
  { terminal }: Context,
  fingerprint: Fingerprint,
): Promise<void> {
  const impact = await lifecycle.impact({ fingerprint, end: 'now' }, { limit: NAMED, after: null }, principal);
  const { signatures, images, onlyImages } = impact;
  terminal.err(
    `revoking ends ${counted(signatures, 'live signature')} of ${counted(images, 'image')}, at once and for good`,
  );
  const head = `${counted(onlyImages, 'image')} ${onlyImages === 1 ? 'has' : 'have'} no other signature that runtimes accept`;
  for (const line of aloneLines(impact, { head, all: `lookaside key impact ${fingerprint}` })) terminal.err(line);
}

/** Only where somebody is there to answer: a script that revokes a stolen key must not fail for want of a terminal. */
async function confirm({ terminal }: Context): Promise<void> {
  if (terminal.ask === null) return;
  if ((await terminal.ask('revoke the key? (yes/no) ')) !== 'yes')
    throw new AppError('USAGE_INVALID', 'not confirmed with yes; nothing was changed');
}
