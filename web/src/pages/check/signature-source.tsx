// Where signatures come from: files, or pasted text; and the image they are meant for.
import { Alert, Button, Card, CardBody, Form } from '@patternfly/react-core';
import { useState } from 'react';
import { FileDrop } from '../../parts/file-drop.tsx';
import { PlainTextArea, PlainTextField } from '../../parts/plain-text-field.tsx';
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
          <PlainTextField
            label="Target"
            value={target}
            onChange={onTarget}
            example="quay.io/acme/app@sha256=…"
            help="The image they are meant for. Leave it empty to take the image from the signed claim."
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
    <div>
      <PlainTextArea
        label="Or paste it in base64"
        value={text}
        onChange={(next) => {
          setText(next);
          setFault(null);
        }}
        rows={3}
        help="As `base64 FILE` prints it."
        fault={fault}
      />
      <Button
        variant="secondary"
        className="lks-check-pasted"
        isAriaDisabled={text.trim() === '' || isFull}
        onClick={check}
      >
        Check the pasted text
      </Button>
    </div>
  );
}
