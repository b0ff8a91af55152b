// What was pasted: an ID token, or the claims that one would have.
import type { Operations } from '../../api/schema.ts';

export type Question = Operations['testPublishers']['body'];
type Read = Question | { readonly fault: string };

const STORE_TOKEN = /^lks_/;
const ID_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Nothing else is sent: it may be a secret of something that has nothing to do with this store. */
export function readQuestion(text: string): Read {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return readClaims(trimmed);
  const compact = trimmed.replace(/\s+/g, ''); // terminals break lines
  if (STORE_TOKEN.test(compact))
    return { fault: 'This is a token of this store and was not sent. An ID token is made by the CI system.' };
  return ID_TOKEN.test(compact)
    ? { idToken: compact }
    : {
        fault: 'This is no ID token, or a part of one, and was not sent: that is three pieces with dots between them.',
      };
}

function readClaims(text: string): Read {
  try {
    return { claims: JSON.parse(text) as Readonly<Record<string, unknown>> };
  } catch {
    return { fault: 'These claims are not JSON, or not all of it.' };
  }
}
