// The JSON shapes of what intake answers, made from domain values.
import type { Outcome, Verdict } from '../services/intake.ts';
import { slotUrl, time } from '../services/views.ts';
import { toProblem } from './problem.ts';

export function outcomeView(outcome: Outcome, publicUrl: string) {
  if (outcome.status === 'refused') return { status: outcome.status, problem: toProblem(outcome.error) };
  const { status, slot, id, signer, notes } = outcome;
  return { status, id, ...slot, url: slotUrl(publicUrl, slot), signer, notes };
}

export function verdictView(verdict: Verdict) {
  if (verdict.status === 'refused') return { status: verdict.status, problem: toProblem(verdict.error) };
  const { repository, digest } = verdict.image;
  if (verdict.status === 'exists') {
    const { id, number, signer, signingKey, signedAt, notes, reference } = verdict.signature;
    return {
      status: verdict.status,
      id,
      repository,
      digest,
      number,
      signer,
      signingKey,
      signedAt: time(signedAt),
      reference,
      notes,
    };
  }
  const { signer, signingKey, signedAt, algorithm, hash, notes, claim } = verdict.examined;
  const facts = {
    signer,
    signingKey,
    signedAt: time(signedAt),
    algorithm,
    hash,
    reference: claim.reference.text,
    notes,
  };
  return { status: verdict.status, repository, digest, ...facts };
}
