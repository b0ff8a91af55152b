// A filter that is typed: what stands in the field at once, what is in the address after a pause.
import { useEffect, useRef, useState } from 'react';
import { useFilter } from './use-filter.ts';

const PAUSE_MS = 250; // after the last key, then the list is asked for

/** `onElsewhere` runs when something else than the field has changed the filter: a link, back and forward. */
export function useTypedFilter(name: string, pauseMs = PAUSE_MS, onElsewhere?: () => void) {
  const [value, setValue] = useFilter(name);
  const [text, setText] = useState(value ?? '');
  const sent = useRef(value ?? '');
  const send = (next: string) => {
    sent.current = next.trim();
    setValue(next.trim());
  };
  const latest = useRef({ send, onElsewhere });
  latest.current = { send, onElsewhere };
  useEffect(() => {
    if ((value ?? '') === sent.current) return;
    sent.current = value ?? '';
    setText(value ?? '');
    latest.current.onElsewhere?.();
  }, [value]);
  useEffect(() => {
    if (text.trim() === sent.current) return;
    const timer = setTimeout(() => latest.current.send(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text, pauseMs]);
  return { text, setText, value };
}
