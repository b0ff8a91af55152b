// What the log is narrowed to, as the address has it and the API wants it.
import { useFilter } from '../../parts/use-filter.ts';
import { ACTIONS } from './actions.ts';

export function useAuditFilter() {
  const [actor] = useFilter('actor');
  const [wanted] = useFilter('action');
  const [subject] = useFilter('subject');
  const [since] = useFilter('since');
  const [until] = useFilter('until');
  return {
    actor,
    action: ACTIONS.find((each) => each === wanted), // the address may name one that does not exist
    subject: subject === undefined ? undefined : readSubject(subject),
    since: readInstant(since),
    until: readInstant(until),
  };
}

/** As the log writes it, where people have a digest with a colon or a fingerprint in groups. */
function readSubject(text: string): string {
  const hex = text.replace(/\s/g, '');
  return /^[0-9a-f]{40}$/i.test(hex) ? hex.toUpperCase() : text.replace('@sha256:', '@sha256=');
}

/** ISO 8601 in UTC, or undefined when the text is no moment that a log could hold. */
export function readInstant(text: string | undefined): string | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return at >= 0 && at < 8.64e15 / 1000 ? new Date(at).toISOString() : undefined;
}

/** As `<input type="datetime-local">` has it: in the time zone of the browser, without naming it. */
export function toLocal(iso: string | undefined): string {
  if (iso === undefined) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length);
}
