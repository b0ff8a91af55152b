// A verdict as people read it on a terminal.
import { READER_IDS } from '../../domain/policy/readers.ts';
import type { RuntimeVerdict } from '../../services/runtime-verdict.ts';
import { printable, table } from '../terminal.ts';

export function describeVerdict(verdict: RuntimeVerdict): string[] {
  const { image, digest, storedAs, notes } = verdict;
  return [
    `image     ${image}`,
    `manifest  ${digest}`,
    ...(image.startsWith(`${storedAs}:`) || image.startsWith(`${storedAs}@`) ? [] : [`stored as ${storedAs}`]),
    `asked for ${basis(verdict)}`,
    ...notes.map((note) => `note      ${note}`),
    '',
    ...readers(verdict),
    '',
    ...signatures(verdict),
    ...platforms(verdict),
  ].map(printable);
}

function basis({ basis: { kind, scope } }: RuntimeVerdict): string {
  if (kind === 'keys') return 'one of the given keys, under matchRepoDigestOrExact';
  if (kind === 'registered-keys') return 'any registered key of the repository, under matchRepoDigestOrExact';
  if (scope === null) return 'the default of the policy';
  return scope === '' ? 'the default of docker in the policy' : `the scope ${scope} of the policy`;
}

/** Who says the same is told together. */
function readers({ readers }: RuntimeVerdict): string[] {
  const groups = Map.groupBy(readers, ({ outcome, why, advice }) => JSON.stringify([outcome, why, advice]));
  return [...groups.values()].flatMap((group) => {
    const { why = '', advice = null } = group[0] ?? {};
    return [
      ...group.map(({ outcome, reader, name }) => `${outcome.padEnd(8)}  ${reader}: ${name}`),
      `          ${why}`,
      ...(advice === null ? [] : [`          → ${advice}`]),
    ];
  });
}

function signatures({ signatures, digest }: RuntimeVerdict): string[] {
  if (signatures.length === 0) return [`no signature of ${digest} is served`];
  const rows = signatures.map(({ number, id, signer, signerName, reference, identities }) => [
    `signature-${number}`,
    String(id),
    `${signer.slice(-16)} ${signerName}`,
    reference,
    identities.join(', ') || 'none that needs no names',
  ]);
  return lines(['SERVED AS', 'ID', 'KEY', 'SIGNED AS', 'THE NAME FITS UNDER'], rows);
}

function platforms({ platforms }: RuntimeVerdict): string[] {
  if (platforms === null) return [];
  const rows = platforms.map(({ name, digest, signatures, readers }) => [
    name,
    digest,
    signatures.length === 0 ? 'none' : String(signatures.length),
    ...READER_IDS.slice(0, 3).map((id) => readers.find(({ reader }) => reader === id)?.outcome ?? ''),
  ]);
  return ['', ...lines(['PLATFORM', 'MANIFEST', 'SIGNATURES', ...READER_IDS.slice(0, 3)], rows)];
}

/** A name with a line feed in it must not become a row of its own. */
function lines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return table(
    head,
    rows.map((row) => row.map(printable)),
  ).split('\n');
}
