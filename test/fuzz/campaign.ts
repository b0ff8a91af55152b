// A campaign: mutants through the intake of a running server, and skopeo asked about what it accepted, all of it, and
// about a part of what it refused. What the server accepts and skopeo refuses would stop pulls: there is no such thing
// that may be.
import { createHash } from 'node:crypto';
import { readKeyFile } from '../../server/openpgp/key-material.ts';
import { bearer, form, send } from '../http/wire.ts';
import { CORPUS_KEYS } from '../openpgp/corpus.ts';
import { fixture, type TestServer } from '../support/server.ts';
import { unwrapped } from './byte-edits.ts';
import { CLAIMED, createMutants, type FamilyMutant } from './mutants.ts';
import { createRandom } from './random.ts';
import { makeKeys, type PublicKey } from './signing-key.ts';
import type { AskSkopeo, Question } from './skopeo.ts';

/** What the answer to `POST /api/v1/verify` says of one. */
type Verdict = {
  readonly status: 'acceptable' | 'exists' | 'refused';
  readonly signingKey?: string;
  readonly reference?: string;
  readonly digest?: string;
  readonly problem?: { readonly code: string; readonly detail: string };
};

export type Judged = FamilyMutant & {
  readonly number: number;
  readonly verdict: Verdict;
  /** Null: not asked. */
  readonly skopeo: { readonly accepted: boolean; readonly says: string } | null;
};

export type Plan = {
  readonly seed: number;
  readonly count: number;
  /** Of each code of refusal so many go to skopeo in any case, and one in so many of the rest. */
  readonly firstRefused: number;
  readonly oneRefusedIn: number;
};

/** Keys of the corpus that a server takes, of which skopeo is told as well. */
const CORPUS_KEY_FILES = CORPUS_KEYS.filter(({ state }) => state !== null)
  .map(({ name }) => name)
  .filter((name) => !['stranger', 'extend-before', 'subkey-added-before', 'revocation-certificate'].includes(name));

export function keysOf(seed: number): { readonly own: readonly PublicKey[]; readonly all: readonly Uint8Array[] } {
  const own = makeKeys(`lookaside fuzz ${seed}`);
  const files = CORPUS_KEY_FILES.map((name) => fixture(`keys/${name}.asc`));
  return { own, all: [...own.map(({ publicKey }) => publicKey), ...files] };
}

const PER_REQUEST = 200;

/** Tells of each as it is judged; ends early when told false. */
export async function runCampaign(
  plan: Plan,
  server: TestServer,
  skopeo: readonly AskSkopeo[],
  tell: (judged: Judged) => boolean,
): Promise<void> {
  const { seed, count } = plan;
  const { own, all } = keysOf(seed);
  await server.registerKeys(...all);
  const headers = bearer(await server.createToken(['upload']));
  const signers = own.flatMap((key) => key.signers);
  const next = createMutants(signers, createRandom(seed));
  const isWorthAsking = createChoice(plan);
  const questionOf = createQuestionOf(await fingerprintsOf(all));
  let goOn = true;
  for (let number = 0; number < count && goOn; ) {
    const mutants = Array.from({ length: Math.min(PER_REQUEST, count - number) }, next);
    const verdicts = await ask(server, headers, mutants);
    const judged = mutants.map((mutant, index): Judged => {
      const verdict = verdicts[index] as Verdict;
      return { ...mutant, number: number + index, verdict, skopeo: null };
    });
    const asked: Judged[] = [];
    for (const each of judged)
      if (isWorthAsking(each)) asked.push(each);
      else goOn = tell(each);
    await Promise.all(
      skopeo.map(async (askSkopeo) => {
        for (let each = asked.pop(); each; each = asked.pop())
          goOn = tell({ ...each, skopeo: await askSkopeo(questionOf(each)) });
      }),
    );
    number += mutants.length;
  }
}

/** All that was accepted, and some of what was refused; the same bytes once. Its chance is its own. */
function createChoice({ seed, firstRefused, oneRefusedIn }: Plan): (judged: Judged) => boolean {
  const random = createRandom(seed + 1);
  const asked = new Set<string>();
  const refused = new Map<string, number>();

  return ({ bytes, verdict: { status, problem, digest } }) => {
    // The image of another digest is not here to be asked about.
    if (status !== 'refused' && digest !== CLAIMED.digest) return false;
    const content = createHash('sha256').update(bytes).digest('base64');
    if (asked.has(content)) return false;
    if (status === 'refused') {
      const seen = refused.get(problem?.code ?? '') ?? 0;
      refused.set(problem?.code ?? '', seen + 1);
      if (seen >= firstRefused && !random.chance(1 / oneRefusedIn)) return false;
    }
    asked.add(content);
    return true;
  };
}

/** Without a target: the claim says what it is for, and skopeo is asked about just that. */
async function ask(
  server: TestServer,
  authorization: ReturnType<typeof bearer>,
  mutants: readonly FamilyMutant[],
): Promise<Verdict[]> {
  const { headers, body } = form(mutants.map(({ bytes }) => ({ bytes })));
  const sent = { method: 'POST', headers: { ...headers, ...authorization }, body };
  const answer = await send(server.url, '/api/v1/verify', sent);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json<{ results: Verdict[] }>().results;
}

/** Names of keys and subkeys, by their ids. */
async function fingerprintsOf(keys: readonly Uint8Array[]): Promise<ReadonlyMap<string, string>> {
  const files = await Promise.all(keys.map(readKeyFile));
  const parts = files.flatMap((file) => file.keys).flatMap(({ facts }) => facts.signingKeys);
  return new Map(parts.map(({ keyId, fingerprint }) => [keyId, fingerprint]));
}

/** Of what was refused, whom and what it names has to be guessed. */
function createQuestionOf(fingerprints: ReadonlyMap<string, string>) {
  const [someFingerprint = ''] = fingerprints.values();
  return ({ bytes, verdict: { reference, signingKey } }: Judged): Question => {
    if (reference !== undefined && signingKey !== undefined) return { bytes, reference, fingerprint: signingKey };
    const packets = unwrapped(bytes) ?? [];
    const keyId =
      packets
        .find(({ tag }) => tag === 4)
        ?.body.subarray(4, 12)
        .toString('hex')
        .toUpperCase() ?? '';
    const literal = packets.find(({ tag }) => tag === 11)?.body ?? Buffer.alloc(6);
    const fingerprint = fingerprints.get(keyId) ?? someFingerprint;
    return { bytes, reference: referenceIn(literal.subarray(6 + (literal[1] ?? 0))), fingerprint };
  };
}

function referenceIn(payload: Buffer): string {
  try {
    const named = JSON.parse(payload.toString()).critical.identity['docker-reference'];
    return typeof named === 'string' && named.isWellFormed() ? named : CLAIMED.reference;
  } catch {
    return CLAIMED.reference;
  }
}
