// Nothing is known about the image, which to a runtime means: unsigned.
import { LinkButton } from '../../parts/link-button.tsx';
import { repositoryPath, searchPath } from '../../parts/paths.ts';
import { NothingHere } from '../../parts/states.tsx';

export function NoImage({ repository, digest }: { repository: string; digest: string }) {
  return (
    <NothingHere
      title="Not signed: no signature of this image was ever stored"
      actions={
        <>
          {repository === '' ? null : (
            <LinkButton variant="primary" to={repositoryPath(repository)}>
              All images of the repository
            </LinkButton>
          )}
          {digest === '' ? null : (
            <LinkButton variant="link" to={searchPath(digest)}>
              Search for the digest
            </LinkButton>
          )}
        </>
      }
    >
      Runtimes that require a signature refuse it. Signatures belong to a digest in a repository: the image may be
      signed under another name, or the digest may be that of one platform while the index was signed.
    </NothingHere>
  );
}
