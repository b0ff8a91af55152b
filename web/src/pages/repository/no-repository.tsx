// There is no such repository here, or it never had a signature, which is the same to the store.
import { LinkButton } from '../../parts/link-button.tsx';
import { searchPath } from '../../parts/paths.ts';
import { NothingHere } from '../../parts/states.tsx';
import { UserText } from '../../parts/user-text.tsx';

export function NoRepository({ name }: { name: string }) {
  return (
    <NothingHere
      title="No signature of this repository was ever stored"
      actions={
        <>
          <LinkButton variant="primary" to="/repositories">
            All repositories
          </LinkButton>
          {name === '' ? null : (
            <LinkButton variant="link" to={searchPath(name)}>
              Search for it
            </LinkButton>
          )}
        </>
      }
    >
      {name === '' ? (
        'The address names no repository.'
      ) : (
        <>
          Names begin with the registry, as in docker.io/library/nginx. If “<UserText>{name}</UserText>” is right, its
          images are unsigned here.
        </>
      )}
    </NothingHere>
  );
}
