// From a key file to registered keys: read it, look at what was read, register.
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import type { KeyPreview } from '../../api/schema.ts';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { KeySource } from './key-source.tsx';
import { Preview } from './preview.tsx';
import { Results } from './results.tsx';
import type { Source } from './source.ts';

const CRUMBS = [{ label: 'Keys', to: '/keys' }];

type Step =
  | { readonly at: 'source' }
  | { readonly at: 'preview'; readonly source: Source; readonly preview: KeyPreview }
  | { readonly at: 'results'; readonly results: Answer<'registerKeys'>['results'] };

export function RegisterKey() {
  const [step, setStep] = useState<Step>({ at: 'source' });
  const restart = () => setStep({ at: 'source' });
  return (
    <>
      <PageHeader
        title="Register a key"
        crumbs={CRUMBS}
        description="Public keys, newer copies of registered ones, and revocation certificates. Nothing is stored before you say so."
      />
      <PageBody>
        {step.at === 'source' && (
          <KeySource onRead={(source, preview) => setStep({ at: 'preview', source, preview })} />
        )}
        {step.at === 'preview' && (
          <Preview
            source={step.source}
            preview={step.preview}
            onDone={(results) => setStep({ at: 'results', results })}
            onRestart={restart}
          />
        )}
        {step.at === 'results' && <Results results={step.results} onRestart={restart} />}
      </PageBody>
    </>
  );
}
