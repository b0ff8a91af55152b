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
  { seed, count, firstRefused, oneRefusedIn }: Plan,
  server: TestServer,
  skopeo: readonly AskSkopeo[],
  tell: (judged: Judged) => boolean,
): Promise<void> {
  const { own, all } = keysOf(seed);
  await server.registerKeys(...all);
  const headers = bearer(await server.createToken(['upload']));
  const random = createRandom(seed);
  const next = createMutants(
    own.flatMap(({ signers }) => signers),
    random,
  );
  const questionOf = createQuestionOf(await fingerprintsOf(all));
  const asked = new Set<string>();
  const refused = new Map<string, number>();
  const queue: (() => Promise<void>)[] = [];

  function worthAsking({ bytes }: FamilyMutant, { status, problem, digest }: Verdict): boolean {
    // The image of another digest is not here to be asked about.
    if (status !== 'refused' && digest !== CLAIMED.digest) return false;
    const content = createHash('sha256').update(bytes).digest('base64');
    if (asked.has(content)) return false;
    const seen = refused.get(problem?.code ?? '') ?? 0;
    if (status === 'refused') refused.set(problem?.code ?? '', seen + 1);
    if (status === 'refused' && seen >= firstRefused && !random.chance(1 / oneRefusedIn)) return false;
    asked.add(content);
    return true;
  }

  /** In two lanes, one per home. */
  async function drain(): Promise<void> {
    const work = queue.splice(0);
    await Promise.all(
      skopeo.map(async () => {
        for (let job = work.pop(); job; job = work.pop()) await job();
      }),
    );
  }

  const idle = [...skopeo];
  let goOn = true;
  for (let number = 0; number < count && goOn; ) {
    const mutants = Array.from({ length: Math.min(PER_REQUEST, count - number) }, next);
    const verdicts = await ask(server, headers, mutants);
    for (const [index, mutant] of mutants.entries()) {
      const verdict = verdicts[index] as Verdict;
      const judged = { ...mutant, number: number + index, verdict, skopeo: null };
      if (!worthAsking(mutant, verdict)) goOn = tell(judged);
      else
        queue.push(async () => {
          const lane = idle.pop() as AskSkopeo;
          const answer = await lane(questionOf(mutant, verdict));
          idle.push(lane);
          goOn = tell({ ...judged, skopeo: answer });
        });
    }
    number += mutants.length;
    await drain();
  }
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
  return ({ bytes }: FamilyMutant, { reference, signingKey }: Verdict): Question => {
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
