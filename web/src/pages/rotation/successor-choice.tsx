// Which key takes over: one of those whose signatures are accepted.
import { Form, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useId } from 'react';
import { Link } from 'react-router';
import type { Key } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Answered } from '../../parts/answered.tsx';
import { formatGroups } from '../../parts/digest.tsx';
import { Field, helpId } from '../../parts/field.tsx';
import { useFilter } from '../../parts/use-filter.ts';
import { formatVisible } from '../../parts/visible-text.ts';

/** As many as a page has. */
const MOST = 1000;

export function SuccessorChoice({ old }: { old: string }) {
  const answer = useAnswer('listKeys', { query: { state: 'active', limit: MOST } });
  return (
    <Answered answer={answer} what="Loading the keys">
      {({ items }) => <Choice keys={items.filter(({ fingerprint }) => fingerprint !== old)} />}
    </Answered>
  );
}

function Choice({ keys }: { keys: readonly Key[] }) {
  const id = useId();
  const [to, setTo] = useFilter('to');
  return (
    <Form className="lks-rotation-choice" onSubmit={(event) => event.preventDefault()}>
      <Field
        id={id}
        label="The key that takes over"
        help={
          <>
            <Link to="/keys/register">Register the successor</Link> first, and let your nodes accept both keys.
          </>
        }
      >
        <FormSelect id={id} value={to ?? ''} onChange={(_event, next) => setTo(next)} aria-describedby={helpId(id)}>
          <FormSelectOption value="" label={keys.length === 0 ? 'There is no other active key' : 'Choose a key'} />
          {keys.map(({ fingerprint, name }) => (
            <FormSelectOption
              key={fingerprint}
              value={fingerprint}
              label={`${formatVisible(name)} (${formatGroups(fingerprint.slice(-16))})`}
            />
          ))}
        </FormSelect>
      </Field>
    </Form>
  );
}
