// Where signatures come from: files, or pasted text; and the image they are meant for.
import {
  Alert,
  Button,
  Card,
  CardBody,
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
import { FileDrop } from '../../parts/file-drop.tsx';
import { type Candidate, createCandidate, MAX_CANDIDATES, readFile } from './candidates.ts';
import { isArmored, readPasted } from './pasted-text.ts';
import { findTargetFault } from './target.ts';

type SignatureSourceProps = {
  readonly target: string;
  readonly onTarget: (target: string) => void;
  /** How many there are already. */
  readonly count: number;
  readonly isPending: boolean;
  readonly onAdd: (candidates: readonly Candidate[]) => void;
  readonly onAgain: () => void;
};

export function SignatureSource({ target, onTarget, count, isPending, onAdd, onAgain }: SignatureSourceProps) {
  const [isTooMany, setTooMany] = useState(false);
  const fault = findTargetFault(target);
  const addFiles = async (files: readonly File[]) => {
    const fits = count + files.length <= MAX_CANDIDATES;
    setTooMany(!fits);
    if (fits) onAdd(await Promise.all(files.map(readFile)));
  };
  return (
    <Card component="section" aria-label="What to check">
      <CardBody>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            if (!isPending) onAgain();
          }}
        >
          <TargetField
            target={target}
            onTarget={onTarget}
            fault={fault}
            action={
              count === 0 ? null : (
                <Button
                  type="submit"
                  variant="control"
                  isAriaDisabled={fault !== null || isPending}
                  isLoading={isPending}
                >
                  Check again
                </Button>
              )
            }
          />
          <div className="lks-signature-sources">
            <FileDrop
              label="Drop signature files here"
              isMultiple
              onFiles={(files) => void addFiles(files)}
              hint="They are checked at once, up to 256 at a time."
            />
            <PasteField onAdd={(candidate) => onAdd([candidate])} isFull={count >= MAX_CANDIDATES} />
          </div>
          {isTooMany ? (
            <Alert isInline isLiveRegion component="p" variant="warning" title="That is more than 256 signatures">
              Check fewer at a time. For a whole staging tree, <code>lookaside push</code> sends as many as there are,
              and <code>lookaside import --dry-run</code> checks a tree beside the store.
            </Alert>
          ) : null}
        </Form>
      </CardBody>
    </Card>
  );
}

type TargetFieldProps = Pick<SignatureSourceProps, 'target' | 'onTarget'> & {
  readonly fault: string | null;
  readonly action: ReactNode;
};

function TargetField({ target, onTarget, fault, action }: TargetFieldProps) {
  return (
    <FormGroup label="Target" fieldId="check-target">
      <InputGroup>
        <InputGroupItem isFill>
          <TextInput
            id="check-target"
            value={target}
            onChange={(_event, next) => onTarget(next)}
            placeholder="quay.io/acme/app@sha256=…"
            autoComplete="off"
            spellCheck={false}
            validated={fault === null ? 'default' : 'error'}
            aria-describedby="check-target-help"
          />
        </InputGroupItem>
        {action === null ? null : <InputGroupItem>{action}</InputGroupItem>}
      </InputGroup>
      <FormHelperText>
        <HelperText id="check-target-help" isLiveRegion>
          <HelperTextItem variant={fault === null ? 'default' : 'error'}>
            {fault ?? 'The image they are meant for. Leave it empty to take the image from the signed claim.'}
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}

type PasteFieldProps = { readonly onAdd: (candidate: Candidate) => void; readonly isFull: boolean };

function PasteField({ onAdd, isFull }: PasteFieldProps) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const check = () => {
    const pasted = readPasted(text);
    if ('fault' in pasted) return setFault(pasted.fault);
    setText('');
    onAdd(createCandidate(isArmored(text) ? 'Pasted armor' : 'Pasted base64', pasted.bytes));
  };
  return (
    <FormGroup label="Or paste it in base64" fieldId="check-pasted">
      <TextArea
        id="check-pasted"
        className="lks-pasted"
        value={text}
        onChange={(_event, next) => {
          setText(next);
          setFault(null);
        }}
        rows={3}
        resizeOrientation="vertical"
        autoComplete="off"
        spellCheck={false}
        validated={fault === null ? 'default' : 'error'}
        aria-describedby="check-pasted-help"
      />
      <FormHelperText>
        <HelperText id="check-pasted-help" isLiveRegion>
          <HelperTextItem variant={fault === null ? 'default' : 'error'}>
            <NoteText>{fault ?? 'As `base64 FILE` prints it.'}</NoteText>
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
      <Button
        variant="secondary"
        className="lks-check-pasted"
        isAriaDisabled={text.trim() === '' || isFull}
        onClick={check}
      >
        Check the pasted text
      </Button>
    </FormGroup>
  );
}
