// Answers to plain requests, as text ready to be written: what http/lookaside-handler.ts would say, without its cost. It
// says nothing about anything it is not sure of.
import type { Metrics } from '../ops/metrics.ts';
import { createReadTiming } from '../ops/read-timing.ts';
import type { Lookaside } from '../services/lookaside.ts';
import type { MayRead } from './may-read.ts';
import type { PlainGet } from './plain-get.ts';
import { fieldLines, hitText, MISS, type ReadAnswers } from './read-answer.ts';

export type PlainReads = {
  /** Before requests that have all arrived: what was committed until now counts for their answers. */
  refresh(): void;
  /** Null: not for here. */
  answer(request: PlainGet): string | null;
};

type Parts = {
  readonly lookaside: Lookaside;
  readonly answers: Pick<ReadAnswers, 'everyHit'>;
  readonly metrics: Pick<Metrics, 'readTook'> & { readonly reads: Pick<Metrics['reads'], 'hit' | 'miss'> };
  /** For how long an idle connection is promised to stay open. */
  readonly keepAliveSeconds: number;
  readonly now: () => number;
  /** Null: anybody may. */
  readonly mayRead?: MayRead | null;
};

export function createPlainReads(parts: Parts): PlainReads {
  const { lookaside, answers, metrics, keepAliveSeconds, now, mayRead = null } = parts;
  const hit = fieldLines(answers.everyHit);
  const keep = fieldLines([
    ['Connection', 'keep-alive'],
    ['Keep-Alive', `timeout=${keepAliveSeconds}`],
  ]);
  const close = fieldLines([['Connection', 'close']]);
  const miss = `${fieldLines(MISS)}\r\n`;
  const timing = createReadTiming(metrics.readTook);
  let second = Number.NaN;
  let heads = { hitKeep: '', hitClose: '', missKeep: '', missClose: '' };

  /** All that comes before what is the signature's own. It holds the time, and so for a second. */
  function writeHeads(): void {
    const date = fieldLines([['Date', new Date(second * 1000).toUTCString()]]);
    const [found, missed] = [`HTTP/1.1 200 OK\r\n${date}`, `HTTP/1.1 404 Not Found\r\n${date}`];
    heads = {
      hitKeep: found + keep + hit,
      hitClose: found + close + hit,
      missKeep: missed + keep + miss,
      missClose: missed + close + miss,
    };
  }

  return {
    refresh() {
      const current = Math.floor(now() / 1000);
      timing.begin(current);
      lookaside.refresh();
      if (current === second) return;
      second = current;
      writeHeads();
    },

    answer(request) {
      if (mayRead && !mayRead(request.authorization, request.path)) return null;
      const found = lookaside.lookUp(request.path);
      if (found === undefined) return null;
      if (found === null) {
        metrics.reads.miss++;
        timing.end();
        return request.close ? heads.missClose : heads.missKeep;
      }
      metrics.reads.hit++;
      const answer = (request.close ? heads.hitClose : heads.hitKeep) + hitText(found);
      timing.end();
      return answer;
    },
  };
}
