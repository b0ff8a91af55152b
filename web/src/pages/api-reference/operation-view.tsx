// One call: what it is for and needs, what goes in and comes out, and how it is made with curl.
import { ExpandableSection, Label } from '@patternfly/react-core';
import { LinkIcon } from '@patternfly/react-icons';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { useSession } from '../../api/session.ts';
import { CodeLines } from '../../parts/code.tsx';
import { NoteText } from '../../parts/compatibility-notes.tsx';
import { curlExample } from './curl-example.ts';
import { needsOf, type Operation, type Parameter, type Schemas } from './document.ts';
import { Member, SchemaView } from './schema-view.tsx';
import { typeText } from './type-text.ts';

type OperationViewProps = { readonly operation: Operation; readonly schemas: Schemas };

const COLOURS = { GET: 'blue', POST: 'green', PUT: 'orange', PATCH: 'orange', DELETE: 'red' } as const;

const colourOf = (method: string) => (method in COLOURS ? COLOURS[method as keyof typeof COLOURS] : ('grey' as const));

export function OperationView({ operation, schemas }: OperationViewProps) {
  const { operationId, method, path, summary } = operation;
  const { hash, search } = useLocation();
  const isMeant = hash === `#${operationId}`;
  const [isExpanded, setExpanded] = useState(isMeant);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isMeant) return;
    setExpanded(true);
    place.current?.scrollIntoView();
  }, [isMeant]);
  return (
    <div ref={place} id={operationId} className="lks-operation">
      <h3>
        <Label isCompact color={colourOf(method)}>
          {method}
        </Label>{' '}
        <code>{path}</code>{' '}
        <Link to={{ hash: operationId, search }} aria-label={`Link to ${operationId}`} title="Link to this call">
          <LinkIcon />
        </Link>
      </h3>
      <p>
        {capitalized(summary)}. {needsOf(operation)}
      </p>
      <ExpandableSection
        toggleText="Details"
        toggleAriaLabel={`Details of ${operationId}`}
        isExpanded={isExpanded}
        onToggle={(_event, next) => setExpanded(next)}
        isIndented
      >
        {isExpanded ? <Details operation={operation} schemas={schemas} /> : null}
      </ExpandableSection>
    </div>
  );
}

/** Changes of a session are by cookie, and need the origin that browsers send. */
const isForBrowsers = ({ tag, method }: Operation) => tag === 'Sessions' && method !== 'GET';

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Details({ operation, schemas }: OperationViewProps) {
  const { parameters, requestBody, responses } = operation;
  const { publicUrl } = useSession().store;
  return (
    <>
      <Parameters title="In the path" parameters={parameters.filter((parameter) => parameter.in === 'path')} />
      <Parameters title="In the query" parameters={parameters.filter((parameter) => parameter.in === 'query')} />
      {requestBody === undefined ? null : (
        <Part title="Body">
          {requestBody.description === undefined ? null : (
            <p>
              <NoteText>{requestBody.description}</NoteText>
            </p>
          )}
          <Bodies content={requestBody.content} schemas={schemas} />
        </Part>
      )}
      <Part title="Answers">
        <ul className="lks-answers">
          {Object.entries(responses).map(([status, answer]) => (
            <li key={status}>
              <strong>{status === 'default' ? 'otherwise' : status}</strong> {answer.description}
              {answer.content === undefined ? null : <Bodies content={answer.content} schemas={schemas} />}
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Example">
        {isForBrowsers(operation) ? (
          <p>None: it is for the browser session of a person. Programs use a token.</p>
        ) : (
          <CodeLines what={`the example of ${operation.operationId}`}>
            {curlExample(operation, publicUrl, schemas)}
          </CodeLines>
        )}
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="lks-operation-part">
      <h4>{title}</h4>
      {children}
    </section>
  );
}

function Parameters({ title, parameters }: { title: string; parameters: readonly Parameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <Part title={title}>
      <ul className="lks-members">
        {parameters.map(({ name, required, description, schema }) => (
          <li key={name}>
            <Member
              name={name}
              schema={description === undefined ? schema : { ...schema, description }}
              isRequired={required}
            />
          </li>
        ))}
      </ul>
    </Part>
  );
}

type BodiesProps = { readonly content: NonNullable<Operation['requestBody']>['content']; readonly schemas: Schemas };

function Bodies({ content, schemas }: BodiesProps) {
  return Object.entries(content).map(([type, { schema }]) => (
    <div key={type}>
      <code>{type}</code>
      {schema === undefined ? null : (
        <>
          : <code>{typeText(schema)}</code>
        </>
      )}
      {schema === undefined ? null : <SchemaView schema={schema} schemas={schemas} />}
    </div>
  ));
}
