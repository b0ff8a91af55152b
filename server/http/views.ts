// The JSON shapes of what the API alone answers: outcomes and verdicts of intake, cursors.
import { INTAKE_STEPS, type IntakeStep } from '../domain/intake-step.ts';
import type { Outcome, Verdict } from '../services/intake.ts';
import { slotUrl, time } from '../services/views.ts';
import { toProblem } from './problem.ts';

/** Of lists whose order is that of a number. */
export function cursorText(next: number | null): string | null {
  return next === null ? null : String(next);
}

export function outcomeView(outcome: Outcome, publicUrl: string) {
  if (outcome.status === 'refused') return { status: outcome.status, problem: toProblem(outcome.error) };
  const { status, slot, id, signer, notes } = outcome;
  return { status, id, ...slot, url: slotUrl(publicUrl, slot), signer, notes: [...notes] };
}

export function verdictView(verdict: Verdict) {
  if (verdict.status === 'refused')
    return { status: verdict.status, problem: toProblem(verdict.error), steps: stepsTo(verdict.step) };
  const { repository, digest } = verdict.image;
  const steps = STEPS.map((step) => stepView(step, 'passed'));
  if (verdict.status === 'exists') {
    const { id, number, signer, signerName, signingKey, signedAt, notes, reference } = verdict.signature;
    return {
      status: verdict.status,
      id,
      repository,
      digest,
      number,
      signer,
      signerName,
      signingKey,
      signedAt: time(signedAt),
      reference,
      notes: [...notes],
      steps,
    };
  }
  const { signer, signingKey, signedAt, algorithm, hash, notes, claim } = verdict.examined;
  return {
    status: verdict.status,
    repository,
    digest,
    signer,
    signerName: verdict.signerName,
    signingKey,
    signedAt: time(signedAt),
    algorithm,
    hash,
    reference: claim.reference.text,
    notes: [...notes],
    steps,
  };
}

const STEPS = Object.keys(INTAKE_STEPS) as IntakeStep[];

/** Null: a fault of ours, which says nothing about the signature. */
function stepsTo(refusedAt: IntakeStep | null) {
  const last = refusedAt === null ? -1 : STEPS.indexOf(refusedAt);
  return STEPS.map((step, index) => {
    if (index === last) return stepView(step, 'refused');
    return stepView(step, index < last ? 'passed' : 'not-reached');
  });
}

function stepView(step: IntakeStep, outcome: 'passed' | 'refused' | 'not-reached') {
  return { step, title: INTAKE_STEPS[step], outcome };
}
