// Something that was asked for did not come about: why, in the server's words, and its code for docs/errors.md.
import { Alert } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { NoteText } from './compatibility-notes.tsx';
import { ErrorHelp } from './error-help.tsx';
import { InView } from './in-view.tsx';

type ErrorAlertProps = {
  /** What did not come about: “Nothing was registered.” */
  readonly title: string;
  readonly error: Pick<ApiError, 'code' | 'detail'>;
  /** With the words of docs/errors.md. */
  readonly hasHelp?: boolean;
  readonly actionLinks?: ReactNode;
};

export function ErrorAlert({ title, error: { code, detail }, hasHelp = false, actionLinks }: ErrorAlertProps) {
  return (
    <InView>
      <Alert isInline isLiveRegion component="p" variant="danger" title={title} actionLinks={actionLinks}>
        <p>
          <NoteText>{detail}</NoteText> <code className="lks-error-code">{code}</code>
        </p>
        {hasHelp ? <ErrorHelp code={code} /> : null}
      </Alert>
    </InView>
  );
}
