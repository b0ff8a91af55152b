// A schema: its members, each of which unfolds into its own.
import { ExpandableSection } from '@patternfly/react-core';
import { Fragment, useState } from 'react';
import { NoteText } from '../../parts/compatibility-notes.tsx';
import { nameOf, type Schema, type Schemas } from './document.ts';
import { limitText, partsOf, typeText } from './type-text.ts';

type SchemaViewProps = { readonly schema: Schema; readonly schemas: Schemas };

/** Members at once for what is described in place; what has a name is unfolded on request, as it may hold itself. */
export function SchemaView({ schema, schemas }: SchemaViewProps) {
  return (
    <div className="lks-schema">
      <Parts schema={schema} schemas={schemas} />
    </div>
  );
}

/** Several are choices, of which a value is one. */
function Parts({ schema, schemas }: SchemaViewProps) {
  return partsOf(schema).map((part, at) => (
    <Fragment key={nameOf(part) ?? `part ${at}`}>
      {at === 0 ? null : <p className="lks-or">or</p>}
      <Part schema={part} schemas={schemas} />
    </Fragment>
  ));
}

function Part({ schema, schemas }: SchemaViewProps) {
  const name = nameOf(schema);
  if (name === null) return <Members schema={schema} schemas={schemas} />;
  return <Unfolding name={name} schemas={schemas} />;
}

function Unfolding({ name, schemas }: { name: string; schemas: Schemas }) {
  const [isExpanded, setExpanded] = useState(false);
  const schema = schemas[name];
  if (schema === undefined) return null;
  return (
    <ExpandableSection
      toggleText={name}
      isExpanded={isExpanded}
      onToggle={(_event, next) => setExpanded(next)}
      isIndented
    >
      {isExpanded ? <Described schema={schema} schemas={schemas} /> : null}
    </ExpandableSection>
  );
}

function Described({ schema, schemas }: SchemaViewProps) {
  return (
    <>
      {schema.description === undefined ? null : (
        <p>
          <NoteText>{schema.description}</NoteText>
        </p>
      )}
      <Parts schema={schema} schemas={schemas} />
    </>
  );
}

function Members({ schema, schemas }: SchemaViewProps) {
  if (schema.enum !== undefined)
    return (
      <p className="lks-values">
        one of{' '}
        {schema.enum.map((value) => (
          <code key={String(value)}>{String(value)} </code>
        ))}
      </p>
    );
  return (
    <ul className="lks-members">
      {Object.entries(schema.properties ?? {}).map(([name, member]) => (
        <li key={name}>
          <Member name={name} schema={member} isRequired={schema.required?.includes(name) === true} />
          <Parts schema={member} schemas={schemas} />
        </li>
      ))}
    </ul>
  );
}

type MemberProps = { readonly name: string; readonly schema: Schema; readonly isRequired: boolean };

/** One line: a member of an object, or a parameter. */
export function Member({ name, schema, isRequired }: MemberProps) {
  const limits = limitText(schema);
  return (
    <div>
      <code>
        <strong>{name}</strong>
      </code>{' '}
      <code>{typeText(schema)}</code>
      {isRequired ? null : ', may be left out'}
      {limits === '' ? null : `, ${limits}`}
      {schema.description === undefined ? null : (
        <>
          : <NoteText>{schema.description}</NoteText>
        </>
      )}
    </div>
  );
}
