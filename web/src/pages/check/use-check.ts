// The state of the page: what is to be checked, the verdicts, and where signatures are after an upload.
import { useRef, useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import type { UploadResult, Verdict } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { type Candidate, isAcceptable } from './candidates.ts';
import { createForm, sendInParts } from './send-signatures.ts';
import { findTargetFault, readTarget } from './target.ts';

type Work = 'check' | 'upload';
export type Failure = { readonly of: Work; readonly error: ApiError };
type Found = Pick<Candidate, 'verdict' | 'upload'>;

const TOO_LARGE = { step: 'size', title: 'small enough to be a signature', outcome: 'refused' } as const;

export function useCheck() {
  const [candidates, setCandidates] = useState<readonly Candidate[]>([]);
  const [target, setTarget] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const { run, pending, forget } = useWork(setFailure, (found) =>
    setCandidates((current) => current.map((each) => ({ ...each, ...found.get(each.id) }))),
  );
  const verify = useVerify();
  const store = useUpload();

  function check(those: readonly Candidate[]): void {
    const sendable = those.filter(({ fault, upload }) => fault === undefined && upload === undefined);
    if (sendable.length === 0 || findTargetFault(target) !== null) return;
    const fresh = sendable.map((each) => ({ ...each, target: readTarget(target), verdict: undefined }));
    const byId = new Map(fresh.map((each) => [each.id, each]));
    setCandidates((current) => current.map((each) => byId.get(each.id) ?? each));
    void run('check', async () => assign(fresh, await verify(fresh), (verdict) => ({ verdict })));
  }

  function upload(): void {
    const those = candidates.filter(isAcceptable);
    void run('upload', async () => assign(those, await store(those), (result) => ({ upload: result })));
  }

  /** Shown before there is a verdict, so that they can be checked again when there is no answer. */
  function add(those: readonly Candidate[]): void {
    setCandidates((current) => [...current, ...those]);
    check(those);
  }

  function clear(): void {
    forget();
    setCandidates([]);
    setFailure(null);
  }

  const again = () => (failure?.of === 'upload' ? upload() : check(candidates));
  return {
    candidates,
    target,
    setTarget,
    pending,
    failure,
    add,
    again,
    checkAll: () => check(candidates),
    upload,
    clear,
  };
}

/** Runs what asks the store, and hands over what it said unless that is of interest no more. */
function useWork(onFailure: (failure: Failure | null) => void, onFound: (found: ReadonlyMap<number, Found>) => void) {
  const [running, setRunning] = useState<readonly Work[]>([]);
  const generation = useRef(0);

  async function run(what: Work, work: () => Promise<ReadonlyMap<number, Found>>): Promise<void> {
    const mine = generation.current;
    setRunning((before) => [...before, what]);
    onFailure(null);
    try {
      const found = await work();
      if (generation.current === mine) onFound(found);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (generation.current === mine) onFailure({ of: what, error });
    } finally {
      if (generation.current === mine) setRunning((before) => before.toSpliced(before.indexOf(what), 1));
    }
  }

  function forget(): void {
    generation.current += 1;
    setRunning([]);
  }

  return { run, forget, pending: running.at(-1) ?? null };
}

function assign<Result>(
  those: readonly Candidate[],
  results: readonly Result[],
  toFound: (result: Result | undefined) => Found,
): ReadonlyMap<number, Found> {
  return new Map(those.map(({ id }, index) => [id, toFound(results[index])]));
}

function useVerify() {
  const { mutateAsync } = useChange('verifySignatures');
  return (those: readonly Candidate[]) =>
    sendInParts<Verdict>(
      those,
      async (parts) => (await mutateAsync({ body: createForm(parts) })).results,
      (problem) => ({ status: 'refused', problem, steps: [TOO_LARGE] }),
    );
}

function useUpload() {
  const { mutateAsync } = useChange('uploadSignatures');
  /** Any refusal makes the whole answer one, while what was accepted stays stored and is listed all the same. */
  return async (those: readonly Candidate[]): Promise<readonly UploadResult[]> => {
    try {
      return (await mutateAsync({ body: createForm(those) })).results;
    } catch (thrown) {
      const results = thrown instanceof ApiError ? readResults(thrown.body) : null;
      if (results === null) throw thrown;
      return results;
    }
  };
}

function readResults(body: unknown): readonly UploadResult[] | null {
  if (typeof body !== 'object' || body === null) return null;
  const results: unknown = Reflect.get(body, 'results');
  return Array.isArray(results) ? (results as readonly UploadResult[]) : null;
}
