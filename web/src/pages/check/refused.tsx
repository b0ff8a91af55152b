// Why a signature is refused, in the words its uploader would read, and what to do about it.
import { Alert } from '@patternfly/react-core';
import type { Problem } from '../../api/schema.ts';
import { NoteText } from '../../parts/compatibility-notes.tsx';
import { ErrorHelp } from '../../parts/error-help.tsx';

export function Refused({ problem: { code, detail } }: { problem: Problem }) {
  return (
    <Alert isInline component="p" variant="danger" title={<NoteText>{detail}</NoteText>}>
      <ErrorHelp code={code} />
      {code === 'SIGNATURE_ARMORED' ? <p>Nothing is converted here: runtimes read the file as it is.</p> : null}
    </Alert>
  );
}

export function Fault({ children }: { children: string }) {
  return (
    <Alert isInline component="p" variant="warning" title="This was not sent to the store">
      {children}
    </Alert>
  );
}
