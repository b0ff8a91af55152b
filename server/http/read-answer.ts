// What a read is answered with, in the two forms it goes out: as header fields for node:http, and as text made ready
// once, when a signature is remembered, for plain requests (front.ts). One list of fields makes both.
import type { Answer, LiveSignature } from '../services/lookaside.ts';

export type Fields = readonly (readonly [name: string, value: string])[];

/** A miss must not be kept by anybody: the next upload makes it a hit. */
export const MISS: Fields = [
  ['Cache-Control', 'no-store'],
  ['Content-Length', '0'],
];

export type ReadAnswers = {
  /** What all hits have in common. */
  readonly everyHit: Fields;
  prepare(signature: LiveSignature): Answer;
  /** ETag, Last-Modified and Cache-Control: all that a 304 has. */
  validators(answer: Pick<Answer, 'sha256' | 'storedAt'>): Fields;
};

export function createReadAnswers(readAccess: 'public' | 'token'): ReadAnswers {
  const cacheControl = readAccess === 'public' ? 'public, max-age=60' : 'private, max-age=60';

  function validators({ sha256, storedAt }: Pick<Answer, 'sha256' | 'storedAt'>): Fields {
    return [...identity({ sha256, storedAt }), ['Cache-Control', cacheControl]];
  }

  return {
    everyHit: [CONTENT_TYPE, ['Cache-Control', cacheControl]],
    validators,
    prepare({ sha256, storedAt, content }) {
      const fields = [contentLength(content.length), ...identity({ sha256, storedAt })];
      const text = `${fieldLines(fields)}\r\n${content}`;
      return { sha256, storedAt, text, bodyAt: text.length - content.length };
    },
  };
}

export function etagOf(sha256: string): string {
  return `"${sha256}"`;
}

function identity({ sha256, storedAt }: Pick<Answer, 'sha256' | 'storedAt'>): Fields {
  return [
    ['ETag', etagOf(sha256)],
    ['Last-Modified', new Date(storedAt).toUTCString()],
  ];
}

const CONTENT_TYPE = ['Content-Type', 'application/octet-stream'] as const;
const contentLength = (length: number) => ['Content-Length', String(length)] as const;

export function contentFields(length: number): Fields {
  return [CONTENT_TYPE, contentLength(length)];
}

/** As they go over the wire, each with its line end. */
export function fieldLines(fields: Fields): string {
  return fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}
