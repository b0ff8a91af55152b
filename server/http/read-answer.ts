// What a read is answered with: header fields for node:http, and as text for plain requests (front.ts).
import type { LiveSignature } from '../services/lookaside.ts';
import { httpDate } from './http-date.ts';

export type Fields = readonly (readonly [name: string, value: string])[];

/** A miss must not be kept by anybody: the next upload makes it a hit. */
export const MISS: Fields = [
  ['Cache-Control', 'no-store'],
  ['Content-Length', '0'],
];

export type ReadAnswers = {
  /** What all hits have in common. */
  readonly everyHit: Fields;
  /** All that a 304 has. */
  validators(signature: LiveSignature): Fields;
};

const CONTENT_TYPE = ['Content-Type', 'application/octet-stream'] as const;

export function createReadAnswers(readAccess: 'public' | 'token'): ReadAnswers {
  const cacheControl = ['Cache-Control', `${readAccess === 'public' ? 'public' : 'private'}, max-age=60`] as const;
  return {
    everyHit: [CONTENT_TYPE, cacheControl],
    validators: ({ sha256, storedAt }) => [
      ['ETag', etagOf(sha256)],
      ['Last-Modified', httpDate(storedAt)],
      cacheControl,
    ],
  };
}

export function etagOf(sha256: string): string {
  return `"${sha256}"`;
}

export function contentFields(length: number): Fields {
  return [CONTENT_TYPE, ['Content-Length', String(length)]];
}

/** As they go over the wire, each with its line end. */
export function fieldLines(fields: Fields): string {
  return fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

/** The signature's own fields, an empty line and its bytes; written out, since this is done for each hit. */
export function hitText({ sha256, storedAt, content }: LiveSignature): string {
  return `Content-Length: ${content.length}\r\nETag: "${sha256}"\r\nLast-Modified: ${httpDate(storedAt)}\r\n\r\n${content}`;
}
