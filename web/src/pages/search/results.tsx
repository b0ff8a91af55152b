// What was found, grouped by kind.
import type { Image, Key, Repository, SearchResults, Signature, Token } from '../../api/schema.ts';
import { useNow } from '../../parts/clock.tsx';
import { count } from '../../parts/count.ts';
import { Fingerprint, formatShortDigest } from '../../parts/digest.tsx';
import { imagePath, keyPath, repositoryPath, signaturePath, tokenPath } from '../../parts/paths.ts';
import { findTokenState, KeyStateLabel, StateLabel } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { Result, ResultGroup } from './result-group.tsx';

export function Results({ found, question }: { found: SearchResults; question: string }) {
  const rest = `?q=${encodeURIComponent(question)}`;
  return (
    <div className="lks-sections">
      <ResultGroup
        title="Repositories"
        rows={found.repositories}
        rowKey={({ name }) => name}
        render={(repository) => <RepositoryResult repository={repository} />}
        all={{ to: `/repositories${rest}`, label: 'All repositories that fit' }}
      />
      <ResultGroup
        title="Images"
        rows={found.images}
        rowKey={({ id }) => id}
        render={(image) => <ImageResult image={image} />}
      />
      <ResultGroup
        title="Signatures by tag"
        rows={found.signatures}
        rowKey={({ id }) => id}
        render={(signature) => <SignatureResult signature={signature} />}
      />
      <ResultGroup
        title="Keys"
        rows={found.keys}
        rowKey={({ fingerprint }) => fingerprint}
        render={(key) => <KeyResult of={key} />}
        all={{ to: `/keys${rest}`, label: 'All keys that fit' }}
      />
      <ResultGroup
        title="Tokens"
        rows={found.tokens}
        rowKey={({ id }) => id}
        render={(token) => <TokenResult token={token} />}
        all={{ to: `/tokens${rest}`, label: 'All tokens that fit' }}
      />
    </div>
  );
}

function RepositoryResult({ repository: { name, images, live, lastStoredAt } }: { repository: Repository }) {
  return (
    <Result to={repositoryPath(name)} title={<UserText>{name}</UserText>}>
      {count(images, 'image')}
      {count(live, 'live signature')}
      <span>
        last upload <Time at={lastStoredAt} />
      </span>
    </Result>
  );
}

function ImageResult({ image: { repository, digest, live, signers } }: { image: Image }) {
  return (
    <Result to={imagePath(repository, digest)} title={<code className="lks-hex">{digest}</code>}>
      <UserText>{repository}</UserText>
      {live === 0 ? 'not signed any more' : count(live, 'live signature')}
      {signers.map(({ fingerprint, name }) => (
        <UserText key={fingerprint}>{name}</UserText>
      ))}
    </Result>
  );
}

function SignatureResult({ signature }: { signature: Signature }) {
  const { id, reference, state, digest, signerName, storedAt } = signature;
  return (
    <Result to={signaturePath(id)} title={<UserText>{reference}</UserText>}>
      <StateLabel state={state} />
      <code>{formatShortDigest(digest)}</code>
      <span>
        signed by <UserText>{signerName}</UserText>
      </span>
      <span>
        uploaded <Time at={storedAt} />
      </span>
    </Result>
  );
}

function KeyResult({ of: { fingerprint, name, state, expiresAt, userIds } }: { of: Key }) {
  const others = userIds.filter((each) => each !== name);
  return (
    <Result to={keyPath(fingerprint)} title={<UserText>{name}</UserText>}>
      <KeyStateLabel state={state} expiresAt={expiresAt} />
      <Fingerprint value={fingerprint} hasCopy={false} />
      {others.slice(0, 2).map((userId) => (
        <UserText key={userId}>{userId}</UserText>
      ))}
    </Result>
  );
}

function TokenResult({ token }: { token: Token }) {
  const { id, name, permissions, lastUsedAt } = token;
  return (
    <Result to={tokenPath(id)} title={<UserText>{name}</UserText>}>
      <StateLabel state={findTokenState(token, useNow())} />
      <code>{id}</code>
      {`may ${permissions.join(', ')}`}
      <span>
        last use <Time at={lastUsedAt} />
      </span>
    </Result>
  );
}
