// Would a runtime accept this image from this store, and if not, why and what to do.
import './verdict.css';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useChange } from '../../api/use-answer.ts';
import { ErrorAlert } from '../../parts/error-alert.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Answer } from './answer.tsx';
import { type Question, toBody } from './question.ts';
import { QuestionForm } from './question-form.tsx';

export function Verdict() {
  const [search] = useSearchParams();
  const [question, setQuestion] = useState<Question>({
    image: search.get('image') ?? '',
    digest: '',
    storedAs: '',
    policy: '',
    manifest: '',
    keys: [],
  });
  const { mutate, data, error, isPending } = useChange('judgeImage');
  return (
    <>
      <PageHeader
        title="Would it run?"
        description="Whether podman, CRI-O, Portieris and OpenShift would accept an image from this store, because of which signature, and if not, why."
      />
      <PageBody>
        <QuestionForm
          question={question}
          onQuestion={setQuestion}
          isPending={isPending}
          onAsk={() => mutate({ body: toBody(question) })}
        />
        {error === null ? null : <ErrorAlert title="There is no verdict" error={error} />}
        {data === undefined || error !== null ? null : <Answer verdict={data} />}
      </PageBody>
    </>
  );
}
