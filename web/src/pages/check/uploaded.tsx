// Where a signature is after it was uploaded from here.
import { Alert } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { UploadResult } from '../../api/schema.ts';
import { InlineCode } from '../../parts/code.tsx';
import { signaturePath } from '../../parts/paths.ts';
import { Refused } from './refused.tsx';

export function Uploaded({ result }: { result: UploadResult }) {
  if (result.status === 'refused') return <Refused problem={result.problem} />;
  const { status, id, number, url } = result;
  return (
    <Alert
      isInline
      component="p"
      variant="success"
      title={status === 'stored' ? 'Stored, and served from now on' : 'The store had it already'}
    >
      <p>
        <Link to={signaturePath(id)}>See signature-{number}</Link>
      </p>
      <InlineCode what="the address">{url}</InlineCode>
    </Alert>
  );
}
