// The question: an image, and where it matters the policy with its keys, and the manifest.
import { Button, Card, CardBody, ExpandableSection, Form } from '@patternfly/react-core';
import { useState } from 'react';
import { PlainTextArea, PlainTextField } from '../../parts/plain-text-field.tsx';
import { KeyFiles } from './key-files.tsx';
import type { Question } from './question.ts';

type QuestionFormProps = {
  readonly question: Question;
  readonly onQuestion: (question: Question) => void;
  readonly isPending: boolean;
  readonly onAsk: () => void;
};

export function QuestionForm({ question, onQuestion, isPending, onAsk }: QuestionFormProps) {
  const [isExpanded, setExpanded] = useState(false);
  const isReady = question.image.trim() !== '' && !isPending;
  const change = (part: Partial<Question>) => onQuestion({ ...question, ...part });
  return (
    <Card component="section" aria-label="The question">
      <CardBody>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady) onAsk();
          }}
        >
          <PlainTextField
            label="Image"
            value={question.image}
            onChange={(image) => change({ image })}
            example="quay.io/acme/app:v1"
            help="As it stands in a pod or on a command line, with a tag or a digest."
            action={
              <Button type="submit" variant="control" isAriaDisabled={!isReady} isLoading={isPending}>
                Ask
              </Button>
            }
          />
          <ExpandableSection
            toggleText="Policy, keys and manifest"
            isExpanded={isExpanded}
            onToggle={(_event, next) => setExpanded(next)}
            isIndented
          >
            <Details question={question} change={change} />
          </ExpandableSection>
        </Form>
      </CardBody>
    </Card>
  );
}

type DetailsProps = { readonly question: Question; readonly change: (part: Partial<Question>) => void };

function Details({ question, change }: DetailsProps) {
  const { digest, storedAs, policy, manifest } = question;
  return (
    <div className="lks-sections">
      <PlainTextArea
        label="policy.json"
        value={policy}
        onChange={(next) => change({ policy: next })}
        help="Of the machine that pulls. Without one the question is whether a registered key has signed."
      />
      <KeyFiles question={question} onKeys={(keys) => change({ keys })} />
      <PlainTextArea
        label="Manifest"
        value={manifest}
        onChange={(next) => change({ manifest: next })}
        help="As `skopeo inspect --raw` prints it, byte for byte. Of an index, every platform is looked at."
      />
      <div className="lks-question-columns">
        <PlainTextField
          label="Digest"
          value={digest}
          onChange={(next) => change({ digest: next })}
          example="sha256:…"
          help="What the tag stands for. Empty: what was signed as the tag last."
        />
        <PlainTextField
          label="Stored as"
          value={storedAs}
          onChange={(next) => change({ storedAs: next })}
          example="quay.io/acme/app"
          help="Where registries.d of the machine leads to, if not to the name that is pulled."
        />
      </div>
    </div>
  );
}
