// The JSON shapes of publishers, one for the API and the commands alike.
import { adviceOn, type Publisher } from '../../domain/publisher.ts';
import { maybe, time } from '../views.ts';
import type { Trial } from './exchange.ts';

export function publisherView(publisher: Publisher) {
  const { claims, scopes, keys, createdAt, lastUsedAt, ...rest } = publisher;
  return {
    ...rest,
    claims: { ...claims },
    scopes: [...scopes],
    keys: [...keys],
    createdAt: time(createdAt),
    lastUsedAt: maybe(lastUsedAt),
    advice: adviceOn(publisher),
  };
}

export function trialView({ publisher, mismatches }: Trial) {
  return {
    publisher: publisherView(publisher),
    matches: mismatches.length === 0,
    mismatches: mismatches.map((mismatch) => ({ ...mismatch })),
  };
}
