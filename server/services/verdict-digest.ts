// Which manifest a tag stands for only its registry knows. What the store can say is for which one the tag was signed last.
import type { Digest } from '../domain/digest.ts';
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { PullReference } from '../domain/policy/pull-reference.ts';
import { readReference } from '../domain/reference.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import { EVERYTHING } from '../domain/scope.ts';
import type { Store, StoredSignature } from '../store/port.ts';
import { pagesOf } from './pages.ts';

/** Of the newest signatures of a repository: some ten thousand of them. */
const PAGES = 5;

/** The newest signature of the tag decides. Throws REQUEST_INVALID where there is none. */
export async function findDigest(
  store: Store,
  repository: RepositoryName,
  { reference }: PullReference,
): Promise<{ digest: Digest; notes: string[] }> {
  const filter = { repository, state: 'live', q: `:${reference.tag}`, within: [EVERYTHING] } as const;
  const signed: StoredSignature[] = [];
  const pages = pagesOf((before: number | null) => store.listSignatures(filter, { limit: LIMITS.pageRows, before }));
  let looked = 0;
  for await (const page of pages) {
    signed.push(...page.filter((item) => readReference(item.reference)?.tag === reference.tag));
    if (signed.length > 0 || ++looked === PAGES) break;
  }
  const [newest] = signed;
  if (!newest)
    throw new AppError(
      'REQUEST_INVALID',
      `nothing here is signed as ${repository}:${reference.tag}, and which manifest that is only its registry knows: name the digest (skopeo inspect --format '{{.Digest}}' docker://${reference.text})`,
    );
  const digests = new Set(signed.map(({ digest }) => digest));
  const before = digests.size - 1;
  const others = before > 0 ? `; ${before} more ${before === 1 ? 'was' : 'were'} signed as that before` : '';
  return { digest: newest.digest, notes: [`${newest.digest} is what was signed as :${reference.tag} last${others}`] };
}
