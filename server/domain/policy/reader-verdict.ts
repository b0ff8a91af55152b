// The answer of one reader for one image, and for an index of several.
import { LIMITS } from '../limits.ts';
import { adviceFor } from './advice.ts';
import {
  type Case,
  findFault,
  judgeRequirement,
  type Keyring,
  type Outcome,
  proofsFor,
  type RequirementOutcome,
} from './judge.ts';
import { READERS, type ReaderId } from './readers.ts';
import type { Requirement } from './requirement.ts';

export type ReaderVerdict = {
  readonly reader: ReaderId;
  readonly name: string;
  readonly outcome: Outcome;
  /** N of the signature-N that decides, where one does. */
  readonly number: number | null;
  /** Under which it was accepted. */
  readonly identity: string | null;
  readonly code: string;
  readonly why: string;
  readonly advice: string | null;
  /** In the order of the policy; none for who does not read policies. */
  readonly requirements: readonly RequirementOutcome[];
};

export type Demand = { readonly requirement: Requirement; readonly keyring: Keyring | null };

/** As runtimes do: all requirements; what refuses is told before what nobody here knows. */
export function judgePolicy(demands: readonly Demand[], asked: Case): ReaderVerdict {
  const requirements = demands.map(({ requirement, keyring }) => judgeRequirement(requirement, keyring, asked));
  const deciding =
    requirements.find(({ outcome }) => outcome === 'refused') ??
    requirements.find(({ outcome }) => outcome === 'unknown') ??
    requirements.find(({ type }) => type === 'signedBy') ??
    (requirements[0] as RequirementOutcome);
  const { outcome, code, why, identity, decisions } = deciding;
  const number = decisions.find(({ accepted }) => accepted)?.number ?? null;
  return verdict(asked.reader, { outcome, code, why, number, identity, requirements });
}

/** OpenShift knows no policy: the digest, one signature by the release keys, whatever name it is for. */
export function judgeRelease(keyring: Keyring, asked: Case): ReaderVerdict {
  const { signatures, reader, digest } = asked;
  const of = (outcome: Outcome, code: string, why: string, number: number | null = null) =>
    verdict(reader, { outcome, code, why, number, identity: null, requirements: [] });
  if (keyring.unknown !== null) return of('unknown', 'keys-unknown', keyring.unknown);
  let first: { code: string; why: string } | null = null;
  for (const [index, served] of signatures.entries()) {
    const proof = proofsFor(reader, keyring)[index];
    if (!proof) continue;
    const late = served.number > LIMITS.signaturesByDigest;
    const fault = late
      ? {
          code: 'number',
          why: `signature-${served.number} is not among the first ${LIMITS.signaturesByDigest}, which it asks for`,
        }
      : findFault(proof, { ...asked, served });
    if (!fault)
      return of(
        'accepted',
        'signed',
        `signature-${served.number} by ${served.signer} ${served.signerName}`,
        served.number,
      );
    first ??= fault;
  }
  if (!first) return of('refused', 'unsigned', `no signature of ${digest} is served`);
  return of('refused', first.code, first.why);
}

/** Platforms whose reasons are told. */
const TOLD = 4;

/** Of who pulls one platform of an index: all of them, because any node may be of any. */
export function combine(
  reader: ReaderId,
  platforms: readonly { readonly name: string; readonly verdict: ReaderVerdict }[],
): ReaderVerdict {
  const worst = (['refused', 'unknown'] as const).find((bad) =>
    platforms.some(({ verdict }) => verdict.outcome === bad),
  );
  const those = platforms.filter(({ verdict }) => verdict.outcome === (worst ?? 'accepted'));
  const [first] = those;
  if (!first)
    return verdict(reader, {
      outcome: 'refused',
      code: 'unsigned',
      why: 'the index has no platform',
      number: null,
      identity: null,
      requirements: [],
    });
  const unsigned = those.every(({ verdict }) => verdict.code === 'unsigned');
  const code = unsigned ? 'unsigned-platforms' : first.verdict.code;
  const names = those.map(({ name }) => name).join(', ');
  const reasons = those.map(
    ({ name, verdict }) => `${name}: ${verdict.code === 'unsigned' ? 'not signed' : verdict.why}`,
  );
  const more = reasons.length > TOLD ? `; and ${reasons.length - TOLD} more` : '';
  const why = worst ? reasons.slice(0, TOLD).join('; ') + more : `each of ${names} is accepted`;
  return { ...first.verdict, number: null, code, why, advice: worst ? adviceFor(code) : null };
}

function verdict(reader: ReaderId, rest: Omit<ReaderVerdict, 'reader' | 'name' | 'advice'>): ReaderVerdict {
  const advice = rest.outcome === 'accepted' ? null : adviceFor(rest.code);
  return { reader, name: READERS[reader], advice, ...rest };
}
