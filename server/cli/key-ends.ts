// `lookaside key expiry`, `impact` and `rotation`: the end of a key, seen before it comes. Nothing is changed here.
import type { Command } from 'commander';
import { type Fingerprint, parseFingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import { expiredAt } from '../domain/key.ts';
import { type End, type ExpiringKey, type KeyImage, toSigningLines } from '../services/key-lifecycle.ts';
import { expiringKeyView, keyImageView } from '../services/views.ts';
import { ALL, type Context, collected, type Local, withStore } from './context.ts';
import { counted } from './count.ts';
import { parseDuration } from './duration.ts';
import { aloneLines, endText, stateText } from './key-text.ts';
import { printable, table } from './terminal.ts';

/** Images named for each key of a report. */
const NAMED = 10;

export function addKeyEnds(key: Command, context: Context): void {
  key
    .command('expiry')
    .description(
      'which keys and signing subkeys expire, and which images lose their last acceptable signature with them',
    )
    .option('--within <time>', 'how far ahead: 30d, 12w, 1y', '90d')
    .option('--json', 'as JSON')
    .action(({ within, json }: { within: string; json?: true }) =>
      withStore(context, (local) => reportExpiry(local, context, { within, json })),
    );
  key
    .command('impact')
    .description('what ends when a key is revoked or taken from the nodes: the images that no other key has signed')
    .argument('<fingerprint>', 'of a key, or of a subkey')
    .option('--at-expiry', 'when it expires')
    .option('--json', 'as JSON')
    .action((fingerprint: string, { atExpiry, json }: { atExpiry?: true; json?: true }) =>
      withStore(context, (local) => {
        const asked = { fingerprint: parseFingerprint(fingerprint), end: atExpiry ? 'expiry' : 'now' } as const;
        return reportImpact(local, context, asked, json);
      }),
    );
  key
    .command('rotation')
    .description('what a key signed and its successor has yet to sign, a line for each: image, and what to sign it as')
    .argument('<old>', 'fingerprint of the key that goes')
    .requiredOption('--to <new>', 'fingerprint of its successor')
    .option('--json', 'as JSON')
    .action((old: string, { to, json }: { to: string; json?: true }) =>
      withStore(context, (local) => {
        const keys = { old: parseFingerprint(old), successor: parseFingerprint(to) };
        return reportRotation(local, context, keys, json);
      }),
    );
}

async function reportExpiry(
  { lifecycle, principal }: Local,
  { terminal }: Context,
  { within, json }: { within: string; json: true | undefined },
): Promise<void> {
  const withinMs = parseDuration(within, '--within');
  const keys = await lifecycle.expiring(withinMs, principal);
  if (json) return terminal.out(JSON.stringify(keys.map(expiringKeyView), null, 2));
  if (keys.length === 0) return terminal.err(`no key expires within ${within}`);
  terminal.out(table(['FINGERPRINT', 'STATE', 'EXPIRES', 'IMAGES', 'ONLY', 'NAME'], keys.flatMap(expiryRows)));
  const before = (Date.now() + withinMs) as Instant;
  const ends = keys.flatMap(({ endingSubkeys, ...key }) => [
    ...(expiredAt(key.expiresAt, before) ? [{ what: 'With', ...key }] : []),
    ...endingSubkeys.map((subkey) => ({ what: 'With subkey', ...subkey })),
  ]);
  for (const { what, fingerprint, served } of ends.filter((end) => end.served.onlyImages > 0)) {
    const impact = await lifecycle.impact({ fingerprint, end: 'expiry' }, { limit: NAMED, after: null }, principal);
    const head = `\n${what} ${fingerprint} ${counted(served.onlyImages, 'image')} ${served.onlyImages === 1 ? 'loses' : 'lose'} the last acceptable signature`;
    for (const line of aloneLines(impact, { head, all: `lookaside key impact ${fingerprint} --at-expiry` }))
      terminal.out(line);
  }
}

/** A subkey below its key. */
function expiryRows(key: ExpiringKey): string[][] {
  const { name, endingSubkeys } = key;
  const ends = [
    { ...key, about: printable(name) },
    ...endingSubkeys.map((end) => ({ ...end, state: key.state, about: `subkey of ${printable(name)}` })),
  ];
  return ends.map((end) => [
    end.fingerprint,
    stateText(end),
    endText(end),
    String(end.served.images),
    String(end.served.onlyImages),
    end.about,
  ]);
}

async function reportImpact(
  { lifecycle, principal }: Local,
  { terminal }: Context,
  asked: { fingerprint: Fingerprint; end: End },
  json: true | undefined,
): Promise<void> {
  const page = (limit: number, after: string | null) => lifecycle.impact(asked, { limit, after }, principal);
  const { signatures, images, onlyImages } = await page(1, null);
  const items = await collected(ALL, page);
  const counts = { signatures, images, onlyImages };
  if (json) return terminal.out(JSON.stringify({ ...counts, items: items.map(keyImageView) }, null, 2));
  const what = `${counted(signatures, 'live signature')} of ${counted(images, 'image')}`;
  terminal.err(`${what}; ${onlyImages} of them with no other signature that is good then`);
  printLines(terminal, items);
}

async function reportRotation(
  { lifecycle, principal }: Local,
  { terminal }: Context,
  keys: { old: Fingerprint; successor: Fingerprint },
  json: true | undefined,
): Promise<void> {
  const { images, unsigned, uncovered } = await lifecycle.rotation(keys, { limit: 1, after: null }, principal);
  const items: KeyImage[] = [];
  let left = 0;
  for await (const page of lifecycle.rotationList(keys, principal)) {
    left += page.length;
    if (json) items.push(...page);
    else printLines(terminal, page);
  }
  if (json)
    return terminal.out(JSON.stringify({ images, unsigned, uncovered, items: items.map(keyImageView) }, null, 2));
  if (uncovered.length > 0)
    terminal.err(
      `the successor may not sign for ${uncovered.map((scope) => scope || 'everything').join(', ')}; ` +
        `\`lookaside key add FILE --scope …\` changes that`,
    );
  terminal.err(progressText({ images, unsigned, left }));
}

function progressText({ images, unsigned, left }: { images: number; unsigned: number; left: number }): string {
  if (images === 0) return 'nothing that the old key signed is served';
  if (left === 0) return `nothing is left to sign of ${counted(images, 'image')}; the old key can be retired`;
  return `${counted(left, 'image')} of ${images} left to sign, ${unsigned} of them without any signature of the successor`;
}

function printLines(terminal: Context['terminal'], images: readonly KeyImage[]): void {
  if (images.length > 0) terminal.out(toSigningLines(images).join('\n'));
}
