// What nothing signs any more without a key, as it is at this moment: said before it is retired or revoked.
import { Link } from 'react-router';
import type { KeyImpact } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { count } from '../../parts/count.ts';
import { formatShortDigest } from '../../parts/digest.tsx';
import { describeUnsigned } from '../../parts/loss.ts';
import { imagePath } from '../../parts/paths.ts';
import { UserText } from '../../parts/user-text.tsx';

/** Images that are named; the page of the key lists all. */
const NAMED = 5;

/** Undefined until it is known, and where it cannot be: a stolen key is revoked all the same. */
export function useImpact(fingerprint: string): KeyImpact | undefined {
  return useAnswer('getKeyImpact', { params: { fingerprint }, query: { limit: NAMED } }).data;
}

type UnsignedProps = {
  readonly impact: KeyImpact | undefined;
  /** What happens to these images. */
  readonly then: string;
};

export function Unsigned({ impact, then }: UnsignedProps) {
  const text = impact && describeUnsigned(impact);
  if (!impact || !text) return null;
  const rest = impact.onlyImages - impact.items.length;
  return (
    <>
      <p>
        {text} {then}
      </p>
      <ul>
        {impact.items.map(({ repository, digest }) => (
          <li key={`${repository}@${digest}`}>
            <Link to={imagePath(repository, digest)}>
              <UserText>{`${repository}@${formatShortDigest(digest)}`}</UserText>
            </Link>
          </li>
        ))}
        {rest > 0 ? <li>and {count(rest, 'more', 'more')}</li> : null}
      </ul>
    </>
  );
}
