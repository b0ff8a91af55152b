// `lookaside publisher test`: which pipelines an ID token, or what it would say, is taken for, and why not for the others.
import type { Command } from 'commander';
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { describeMismatches } from '../services/oidc/exchange.ts';
import { trialView } from '../services/oidc/views.ts';
import { type Context, withStore } from './context.ts';
import { readGivenText } from './given-file.ts';
import { printable } from './terminal.ts';

type Options = { readonly claims?: true; readonly json?: true };

export function addPublisherTest(publisher: Command, context: Context): void {
  publisher
    .command('test')
    .description('say which publishers an ID token matches, and what is wrong for the others; nothing is spent')
    .argument('<file>', 'file with the ID token, - for standard input')
    .option('--claims', 'the file holds the claims as JSON, which are believed')
    .option('--json', 'as JSON')
    .action(async (file: string, options: Options) => {
      const text = (await readGivenText(file, options.claims ? 'claims' : 'ID token')).trim();
      const claims = options.claims ? parseClaims(text) : null;
      const trials = await withStore(context, ({ exchange, principal }) =>
        claims === null ? exchange.tryIdToken(text, principal) : exchange.tryClaims(claims, principal),
      );
      const { terminal } = context;
      if (!trials.some(({ mismatches }) => mismatches.length === 0)) context.exitCode = 1;
      if (options.json) return terminal.out(JSON.stringify(trials.map(trialView), null, 2));
      if (trials.length === 0)
        return terminal.err(
          'no publisher has the issuer, `iss`, that it names; `lookaside publisher list` has those that count',
        );
      for (const { publisher: tried, mismatches } of trials)
        terminal.out(
          printable(
            mismatches.length === 0 ? `${tried.name}: matches` : `${tried.name}: no, ${describeMismatches(mismatches)}`,
          ),
        );
    });
}

function parseClaims(text: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = text.length > LIMITS.idTokenLength ? null : JSON.parse(text);
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims))
      return claims as Record<string, unknown>;
  } catch {
    // below
  }
  throw new AppError('USAGE_INVALID', 'with --claims the file holds one JSON object: the claims of an ID token');
}
