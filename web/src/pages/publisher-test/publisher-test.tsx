// Whom the store would take a job for: asked with its ID token or with claims, before a pipeline fails with them.
import './publisher-test.css';
import { Card, CardBody, Form } from '@patternfly/react-core';
import { useState } from 'react';
import { useChange } from '../../api/use-answer.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { InlineCode } from '../../parts/code.tsx';
import { ErrorAlert } from '../../parts/error-alert.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PlainTextArea } from '../../parts/plain-text-field.tsx';
import { type Question, readQuestion } from './question.ts';
import { Trials } from './trials.tsx';

const CRUMBS = [{ label: 'Publishers', to: '/publishers' }];
/** Base64 without its padding is decoded all the same, and then complained about. */
const PRINT_CLAIMS = `echo "$LOOKASIDE_ID_TOKEN" | cut -d. -f2 | tr '_-' '/+' | base64 -d 2>/dev/null || true`;

export function PublisherTest() {
  const { mutate, data, variables, error, isPending, reset } = useChange('testPublishers');
  return (
    <>
      <PageHeader
        title="Test a token"
        crumbs={CRUMBS}
        description="Which publisher a job would be taken for, and why not. The ID token is not used up by this, and it is kept nowhere."
      />
      <PageBody>
        <QuestionForm isPending={isPending} onAsk={(body) => mutate({ body })} onOther={reset} />
        {error === null ? null : <ErrorAlert title="Nothing could be tested" error={error} hasHelp />}
        {data === undefined ? null : <Trials trials={data.items} isBelieved={variables?.body.claims !== undefined} />}
      </PageBody>
    </>
  );
}

type QuestionFormProps = {
  readonly isPending: boolean;
  readonly onAsk: (question: Question) => void;
  /** What was answered is not about what stands in the field any more. */
  readonly onOther: () => void;
};

function QuestionForm({ isPending, onAsk, onOther }: QuestionFormProps) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const ask = () => {
    const question = readQuestion(text);
    if ('fault' in question) setFault(question.fault);
    else if (!isPending) onAsk(question);
  };
  return (
    <Card component="section" aria-label="What to test">
      <CardBody>
        <Form onSubmit={(event) => event.preventDefault()}>
          <PlainTextArea
            label="ID token, or its claims as JSON"
            value={text}
            onChange={(next) => {
              setText(next);
              setFault(null);
              onOther();
            }}
            rows={5}
            example="eyJ…"
            help="An ID token is verified as in an exchange. Claims are believed as they are."
            fault={fault}
          />
          <p className="lks-claims-hint">
            In a log, claims are harmless where an ID token is not. In a job that has its own in{' '}
            <code>LOOKASIDE_ID_TOKEN</code>, this prints them:{' '}
            <InlineCode what="the command">{PRINT_CLAIMS}</InlineCode>
          </p>
          <div>
            <ActionButton
              permission="admin"
              isLoading={isPending}
              why={text.trim() === '' ? 'Paste an ID token or claims first.' : undefined}
              onClick={ask}
            >
              Test
            </ActionButton>
          </div>
        </Form>
      </CardBody>
    </Card>
  );
}
