// The question: an image, and where it matters the policy with its keys, and the manifest.
import {
  Button,
  Card,
  CardBody,
  ExpandableSection,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  InputGroup,
  InputGroupItem,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { NoteText } from '../../parts/compatibility-notes.tsx';
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
          <Field
            id="verdict-image"
            label="Image"
            help="As it stands in a pod or on a command line, with a tag or a digest."
          >
            <InputGroup>
              <InputGroupItem isFill>
                <Line
                  id="verdict-image"
                  value={question.image}
                  onChange={(image) => change({ image })}
                  placeholder="quay.io/acme/app:v1"
                />
              </InputGroupItem>
              <InputGroupItem>
                <Button type="submit" variant="control" isAriaDisabled={!isReady} isLoading={isPending}>
                  Ask
                </Button>
              </InputGroupItem>
            </InputGroup>
          </Field>
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
    <div className="lks-question-details">
      <Field
        id="verdict-policy"
        label="policy.json"
        help="Of the machine that pulls. Without one the question is whether a registered key has signed."
      >
        <Text id="verdict-policy" value={policy} onChange={(next) => change({ policy: next })} />
      </Field>
      <KeyFiles question={question} onKeys={(keys) => change({ keys })} />
      <Field
        id="verdict-manifest"
        label="Manifest"
        help="As `skopeo inspect --raw` prints it, byte for byte. Of an index, every platform is looked at."
      >
        <Text id="verdict-manifest" value={manifest} onChange={(next) => change({ manifest: next })} />
      </Field>
      <div className="lks-question-columns">
        <Field
          id="verdict-digest"
          label="Digest"
          help="What the tag stands for. Empty: what was signed as the tag last."
        >
          <Line
            id="verdict-digest"
            value={digest}
            onChange={(next) => change({ digest: next })}
            placeholder="sha256:…"
          />
        </Field>
        <Field
          id="verdict-stored-as"
          label="Stored as"
          help="Where registries.d of the machine leads to, if not to the name that is pulled."
        >
          <Line
            id="verdict-stored-as"
            value={storedAs}
            onChange={(next) => change({ storedAs: next })}
            placeholder="quay.io/acme/app"
          />
        </Field>
      </div>
    </div>
  );
}

type FieldProps = { readonly id: string; readonly label: string; readonly help: string; readonly children: ReactNode };

function Field({ id, label, help, children }: FieldProps) {
  return (
    <FormGroup label={label} fieldId={id}>
      {children}
      <FormHelperText>
        <HelperText id={`${id}-help`}>
          <HelperTextItem>
            <NoteText>{help}</NoteText>
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}

type InputProps = {
  readonly id: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
};

function Line({ id, value, onChange, placeholder = '' }: InputProps) {
  return (
    <TextInput
      id={id}
      value={value}
      onChange={(_event, next) => onChange(next)}
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
      aria-describedby={`${id}-help`}
    />
  );
}

function Text({ id, value, onChange }: InputProps) {
  return (
    <TextArea
      id={id}
      className="lks-question-text"
      value={value}
      onChange={(_event, next) => onChange(next)}
      rows={4}
      resizeOrientation="vertical"
      autoComplete="off"
      spellCheck={false}
      aria-describedby={`${id}-help`}
    />
  );
}
