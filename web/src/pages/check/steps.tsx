// The steps of intake, one below the other: passed, refused, or not looked at after a refusal.
import { ProgressStep, ProgressStepper } from '@patternfly/react-core';
import { useId } from 'react';
import type { Step } from '../../api/schema.ts';

const LOOK = {
  passed: { variant: 'success', word: 'passed' },
  refused: { variant: 'danger', word: 'refused' },
  'not-reached': { variant: 'pending', word: 'not looked at' },
} as const;

export function Steps({ steps }: { steps: readonly Step[] }) {
  const id = useId();
  return (
    <ProgressStepper isVertical className="lks-verdict-steps" aria-label="Steps of the check">
      {steps.map(({ step, title, outcome }) => {
        const { variant, word } = LOOK[outcome];
        return (
          <ProgressStep
            key={step}
            id={`${id}-${step}`}
            titleId={`${id}-${step}-title`}
            variant={variant}
            aria-label={`${title}: ${word}`}
            {...(outcome === 'passed' ? {} : { description: word })}
          >
            {title}
          </ProgressStep>
        );
      })}
    </ProgressStepper>
  );
}
