// A list without rows: a new store, or a filter that finds nothing.
import { Button } from '@patternfly/react-core';
import { LinkButton } from '../../parts/link-button.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { UserText } from '../../parts/user-text.tsx';

export function EmptyStore() {
  return (
    <NothingHere
      title="No signatures yet"
      actions={
        <>
          <LinkButton variant="primary" to="/keys/register">
            Register a key
          </LinkButton>
          <LinkButton variant="link" to="/tokens">
            Create a token
          </LinkButton>
        </>
      }
    >
      A repository appears here with its first signature. Register the key that signs, create a token for the pipeline,
      then upload with <code>lookaside push</code>.
    </NothingHere>
  );
}

export function NoMatch({ q, onClear }: { q: string; onClear: () => void }) {
  return (
    <NothingHere
      title="No repository matches"
      actions={
        <Button variant="link" onClick={onClear}>
          Clear the filter
        </Button>
      }
    >
      Nothing in this store has a component that begins with “<UserText>{q}</UserText>”. The beginning of any component
      is enough: “ngi” finds docker.io/library/nginx.
    </NothingHere>
  );
}
