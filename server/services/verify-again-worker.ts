// Entry point of a worker that verifies stored signatures again. It reads them itself, some hundred in one short read.
import { workerData } from 'node:worker_threads';
import { toFailure } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Key } from '../domain/key.ts';
import { createVerify, type Verify } from '../openpgp/verify.ts';
import { giveWay } from '../ops/thread-priority.ts';
import { type Db, openReader, storeError } from '../store/database.ts';
import { createContents } from '../store/fsck/contents.ts';
import { createKeyReads } from '../store/key-rows.ts';
import { verifyAgain } from './verify-again.ts';
import type { Pages, PageVerdict } from './verify-again-pool.ts';

type Opened = {
  readonly contents: ReturnType<typeof createContents>;
  readonly keys: ReturnType<typeof createKeyReads>;
  readonly verify: Verify;
};

let opened: Opened | null = null;

giveWay();

export async function runTask({ after, upTo }: Pages): Promise<PageVerdict> {
  try {
    opened ??= open(openReader(String(workerData)));
    const { contents, keys, verify } = opened;
    const stored = contents.between(after, upTo);
    const known = new Map<Fingerprint, Key | null>();
    const findSigner = (fingerprint: Fingerprint) => {
      if (!known.has(fingerprint)) known.set(fingerprint, keys.find(fingerprint));
      return known.get(fingerprint) ?? null;
    };
    const findings: Finding[] = [];
    for (const each of stored) {
      const finding = await verifyAgain(each, { findSigner, verify });
      if (finding) findings.push(finding);
    }
    return { count: stored.length, findings };
  } catch (error) {
    return { failure: toFailure(storeError(error)) };
  }
}

function open(db: Db): Opened {
  return { contents: createContents(db), keys: createKeyReads(db), verify: createVerify() };
}
