// `lookaside list`, `show` and `withdraw`: stored signatures, on the local database.
import type { Command } from 'commander';
import { AppError, quote } from '../domain/errors.ts';
import { formatInstant } from '../domain/instant.ts';
import { formatActor } from '../domain/principal.ts';
import { needsToken } from '../domain/read-access.ts';
import { parseRepository, type Registry } from '../domain/repository-name.ts';
import { formatSlot, parseTarget } from '../domain/slot.ts';
import type { SignatureDetail } from '../services/signatures.ts';
import { signatureDetailView, signatureView } from '../services/views.ts';
import { type AddCommand, type Context, parseNumber, withStore } from './context.ts';
import { newestOf, sayMore } from './newest.ts';
import { printable, table } from './terminal.ts';

export const addSignatureCommands: AddCommand = (program, context) => {
  addList(program, context);
  addShow(program, context);
  program
    .command('withdraw')
    .description('stop serving one signature; copies elsewhere stay valid')
    .argument('<id>')
    .requiredOption('--reason <reason>', 'why; kept in the audit log')
    .action((id: string, { reason }: { reason: string }) =>
      withStore(context, async ({ signatures, principal }) => {
        const { repository, digest } = await signatures.withdraw(parseId(id), reason, principal);
        context.terminal.out(`withdrawn ${id} of ${repository}@${digest}`);
      }),
    );
};

function addList(program: Command, context: Context): void {
  program
    .command('list')
    .description('list signatures, newest first')
    .argument('[repository]', 'a repository, or repository@sha256:<hex> for one image')
    .option('--limit <number>', 'how many', '100')
    .option('--json', 'as JSON')
    .action(async (what: string | undefined, { limit, json }: { limit: string; json?: true }) => {
      const { defaultRegistry, publicUrl } = context.loadConfig();
      const filter = what === undefined ? {} : parseListed(what, defaultRegistry);
      const newest = await withStore(context, ({ signatures, principal }) =>
        newestOf(limit, (limit, before) => signatures.list(filter, { limit, before }, principal)),
      );
      const { items } = newest;
      if (json)
        return context.terminal.out(
          JSON.stringify(
            items.map((item) => signatureView(item, publicUrl)),
            null,
            2,
          ),
        );
      if (items.length === 0)
        return context.terminal.err(
          'repository' in filter
            ? `no signatures of ${'digest' in filter ? `${filter.repository}@${filter.digest}` : filter.repository}`
            : 'no signatures yet; `lookaside push` uploads them',
        );
      const rows = items.map((item) => [
        String(item.id),
        item.state,
        formatInstant(item.storedAt).slice(0, 19),
        item.signer.slice(-16),
        printable(item.reference),
        item.number === null ? `${item.repository}@${item.digest}` : formatSlot({ ...item, number: item.number }),
      ]);
      sayMore(newest, 'signatures', context.terminal);
      context.terminal.out(table(['ID', 'STATE', 'STORED (UTC)', 'KEY', 'SIGNED AS', 'PATH'], rows));
    });
}

/** A repository, or one image of it. */
function parseListed(text: string, defaultRegistry: Registry) {
  if (text.includes('@')) return parseTarget(text, defaultRegistry);
  const name = /^(.+):[^/:]+$/.exec(text)?.[1];
  // A port is told from a tag by what follows it, as everywhere.
  if (name?.includes('/'))
    throw new AppError(
      'REPOSITORY_INVALID',
      `${quote(text)} has a tag; list the repository, ${quote(name)}, or one image by its digest, NAME@sha256:<hex>`,
    );
  return { repository: parseRepository(text, defaultRegistry) };
}

function parseId(text: string): number {
  return parseNumber(text, 'the id of a signature');
}

function addShow(program: Command, context: Context): void {
  program
    .command('show')
    .description('everything known about one signature')
    .argument('<id>')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: { json?: true }) => {
      const config = context.loadConfig();
      const detail = await withStore(context, ({ signatures, principal }) => signatures.get(parseId(id), principal));
      if (json) {
        const privately = needsToken(config, detail.signature.repository);
        return context.terminal.out(JSON.stringify(signatureDetailView(detail, config.publicUrl, privately), null, 2));
      }
      for (const [label, text] of describe(detail))
        context.terminal.out(`${`${label}:`.padEnd(14)} ${printable(text)}`);
    });
}

function describe({ signature, claim, history }: SignatureDetail): [string, string][] {
  const { number, state, signer, signerName, signingKey } = signature;
  const withdrawn = signature.withdrawnReason === null ? '' : `: ${signature.withdrawnReason}`;
  return [
    ['id', String(signature.id)],
    ['repository', signature.repository],
    ['digest', signature.digest],
    ['path', number === null ? 'not served' : formatSlot({ ...signature, number })],
    ['state', state + withdrawn],
    ['key', `${signer} ${signerName}${signingKey === signer ? '' : ` (by subkey ${signingKey})`}`],
    ['signed', formatInstant(signature.signedAt)],
    ['signed as', claim.reference.text],
    ['creator', claim.creator ?? 'not given'],
    ['stored', `${formatInstant(signature.storedAt)} by ${formatActor(signature.storedBy)}`],
    ['sha256', `${signature.sha256} (${signature.bytes} bytes)`],
    ...signature.notes.map((note): [string, string] => ['note', note.text]),
    ...history.map((row): [string, string] => [
      'history',
      `${formatInstant(row.at)} ${row.action} by ${formatActor(row.actor)}`,
    ]),
  ];
}
