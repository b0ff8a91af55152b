// A docker-reference where the repository is known already: `:v1` in place of the whole.
import { UserText } from './user-text.tsx';

type ReferenceProps = { readonly repository: string; readonly children: string };

/** A reference to something else, and one without tag and digest, stays as it is. */
export function Reference({ repository, children }: ReferenceProps) {
  const rest = children.startsWith(repository) ? children.slice(repository.length) : '';
  return <UserText>{rest.startsWith(':') || rest.startsWith('@') ? rest : children}</UserText>;
}
