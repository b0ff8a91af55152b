// `lookaside publisher …`: pipelines that publish without a secret, on the local database.
import type { Command } from 'commander';
import { AppError, quote } from '../domain/errors.ts';
import { parseFingerprint } from '../domain/fingerprint.ts';
import { formatInstant } from '../domain/instant.ts';
import {
  adviceOn,
  type BoundClaims,
  formatClaims,
  PUBLISHER_KINDS,
  type PublisherKind,
  TEMPLATES,
} from '../domain/publisher.ts';
import { parseScope } from '../domain/scope.ts';
import { publisherView } from '../services/oidc/views.ts';
import { type AddCommand, type Context, repeated, withStore } from './context.ts';
import { addPublisherTest } from './publisher-test.ts';
import { printable, table } from './terminal.ts';

export const addPublisherCommands: AddCommand = (program, context) => {
  const publisher = program
    .command('publisher')
    .description('pipelines that publish without a secret: by what their CI system says about them');
  addAdd(publisher, context);
  addList(publisher, context);
  addPublisherTest(publisher, context);
  publisher
    .command('remove')
    .description('trust a pipeline no more; the tokens it was given end at once')
    .argument('<name>', 'name or id')
    .action((name: string) =>
      withStore(context, async ({ publishers, principal }) => {
        const all = await publishers.list(principal);
        const found = all.find((each) => each.name === name) ?? all.find(({ id }) => id === name);
        await publishers.remove(found?.id ?? name, principal);
        context.terminal.out(`removed ${found?.name ?? name}`);
      }),
    );
};

type AddOptions = {
  kind: string;
  issuer?: string;
  claim?: readonly string[];
  scope?: readonly string[];
  key?: readonly string[];
};

function addAdd(publisher: Command, context: Context): void {
  const stable = PUBLISHER_KINDS.map((kind) => `${kind}: ${TEMPLATES[kind].stable.join(' or ')}`).join('; ');
  publisher
    .command('add')
    .description('trust a pipeline')
    .argument('<name>', 'what it is, shown to people')
    .requiredOption('--kind <kind>', PUBLISHER_KINDS.join(', '))
    .option('--issuer <url>', 'exactly as `iss` has it (default: that of github.com or gitlab.com)')
    .option(
      '--claim <name=value>',
      `what its ID tokens say; repeatable, all must match; * is anything but /, ** anything. One must be an id, exactly: ${stable}`,
      repeated,
    )
    .option(
      '--scope <scope>',
      'repositories it may publish for: host[:port][/namespace[/repository]]; repeatable',
      repeated,
    )
    .option('--key <fingerprint>', 'registered key whose signatures it may upload; repeatable', repeated)
    .action(async (name: string, { kind, issuer, claim = [], scope = [], key = [] }: AddOptions) => {
      const request = {
        name,
        kind: parseKind(kind),
        issuer: issuer ?? null,
        claims: parseClaims(claim),
        scopes: scope.map(parseScope),
        keys: key.map(parseFingerprint),
      };
      const added = await withStore(context, ({ publishers, principal }) => publishers.add(request, principal));
      const advice = adviceOn(added);
      if (advice !== null) context.terminal.err(`note: ${advice}`);
      context.terminal.out(added.id);
    });
}

function parseKind(text: string): PublisherKind {
  if ((PUBLISHER_KINDS as readonly string[]).includes(text)) return text as PublisherKind;
  throw new AppError('USAGE_INVALID', `--kind is ${quote(text)}; allowed: ${PUBLISHER_KINDS.join(', ')}`);
}

function parseClaims(pairs: readonly string[]): BoundClaims {
  const claims = new Map<string, string>();
  for (const pair of pairs) {
    const [, name = '', value = ''] = /^([^=]+)=(.+)$/su.exec(pair) ?? [];
    if (name === '') throw new AppError('USAGE_INVALID', `--claim is ${quote(pair)}; it is NAME=VALUE`);
    if (claims.has(name)) throw new AppError('USAGE_INVALID', `--claim ${quote(name)} is given twice`);
    claims.set(name, value);
  }
  return Object.fromEntries(claims);
}

function addList(publisher: Command, context: Context): void {
  publisher
    .command('list')
    .description('list the pipelines that are trusted')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const items = await withStore(context, ({ publishers, principal }) => publishers.list(principal));
      if (json) return context.terminal.out(JSON.stringify(items.map(publisherView), null, 2));
      if (items.length === 0)
        return context.terminal.err('no pipeline is trusted yet; `lookaside publisher add` adds one (docs/ci.md)');
      const rows = items.map(({ id, name, issuer, claims, scopes, keys, lastUsedAt }) => [
        id,
        printable(name),
        issuer.replace('https://', ''),
        formatClaims(claims).join(' '),
        scopes.map((scope) => scope || 'everything').join(', '),
        keys.map((key) => key.slice(-16)).join(', '),
        lastUsedAt === null ? 'never' : formatInstant(lastUsedAt).slice(0, 10),
      ]);
      context.terminal.out(table(['ID', 'NAME', 'ISSUER', 'CLAIMS', 'SCOPES', 'KEYS', 'LAST USE'], rows));
    });
}
