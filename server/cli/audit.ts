// `lookaside audit …`: the audit log and its hash chain.
import type { Command } from 'commander';
import { AUDIT_ACTIONS, type AuditRow } from '../domain/audit-event.ts';
import { AppError, quote } from '../domain/errors.ts';
import { formatInstant } from '../domain/instant.ts';
import { formatActor } from '../domain/principal.ts';
import { auditView } from '../services/views.ts';
import { type AddCommand, type Context, withStore } from './context.ts';
import { counted } from './count.ts';
import { newestOf, sayMore } from './newest.ts';
import { printable, table } from './terminal.ts';

export const addAuditCommands: AddCommand = (program, context) => {
  const audit = program.command('audit').description('read and check the audit log');
  addList(audit, context);
  audit
    .command('verify')
    .description('check the hash chain: edited, removed and cut-off rows are found')
    .option(
      '--known <seq:hash>',
      'a head printed earlier and kept elsewhere: also finds a log that was rewritten since',
    )
    .action(async ({ known }: { known?: string }) => {
      const head = await withStore(context, (local) =>
        local.audit.verify(known === undefined ? null : parseHead(known), local.principal),
      );
      context.terminal.err(
        `the audit log of ${counted(head.seq, 'row')} is intact; keep its head elsewhere, for \`audit verify --known\`:`,
      );
      context.terminal.out(`${head.seq}:${head.hash}`);
    });
};

type ListOptions = { subject?: string; action?: string; limit: string; json?: true };

function addList(audit: Command, context: Context): void {
  audit
    .command('list')
    .description('list events, newest first')
    .option('--subject <subject>', 'an image (repository@sha256=hex), a fingerprint or a token id')
    .option('--action <action>', 'such as signature.stored or key.revoked')
    .option('--limit <number>', 'how many', '100')
    .option('--json', 'as JSON lines')
    .action(async ({ subject, action, limit, json }: ListOptions) => {
      if (action !== undefined && !(AUDIT_ACTIONS as readonly string[]).includes(action))
        throw new AppError('USAGE_INVALID', `--action is ${quote(action)}; allowed: ${AUDIT_ACTIONS.join(', ')}`);
      const newest = await withStore(context, ({ audit, principal }) =>
        newestOf(limit, (limit, before) => audit.list({ subject, action }, { limit, before }, principal)),
      );
      const rows = newest.items;
      if (json) return rows.forEach((row) => void context.terminal.out(JSON.stringify(auditView(row))));
      if (rows.length === 0) return context.terminal.err('no events');
      sayMore(newest, 'events', context.terminal);
      context.terminal.out(table(['SEQ', 'TIME (UTC)', 'ACTION', 'BY', 'SUBJECT'], rows.map(cells)));
    });
}

function cells(row: AuditRow): string[] {
  return [
    String(row.seq),
    formatInstant(row.at).slice(0, 19),
    row.action,
    printable(formatActor(row.actor)),
    printable(row.subject),
  ];
}

function parseHead(text: string): { seq: number; hash: string } {
  const [, seq, hash] = /^([0-9]{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new AppError(
      'USAGE_INVALID',
      `--known is ${quote(text)}; give what \`audit verify\` printed, as in 17:<64 hex>`,
    );
  return { seq: Number(seq), hash };
}
