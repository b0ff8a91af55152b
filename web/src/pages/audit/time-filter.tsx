// A filter by time. People enter their own time; the address and the API have UTC.
import { InputGroup, InputGroupItem, InputGroupText, TextInput } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import { useFilter } from '../../parts/use-filter.ts';
import { readInstant, toLocal } from './filter.ts';

const PAUSE_MS = 600; // a year is typed digit by digit, and each one makes a date

export function TimeFilter({ name, label }: { name: 'since' | 'until'; label: string }) {
  const [value, setValue] = useFilter(name);
  const kept = toLocal(readInstant(value));
  const [local, setLocal] = useState(kept);
  const latest = useRef({ kept, setValue });
  latest.current = { kept, setValue };
  useEffect(() => setLocal(kept), [kept]);
  useEffect(() => {
    if (local === latest.current.kept) return;
    const timer = setTimeout(() => latest.current.setValue(readInstant(local)), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [local]);
  return (
    <InputGroup>
      <InputGroupText>
        <label htmlFor={`audit-${name}`}>{label}</label>
      </InputGroupText>
      <InputGroupItem isFill>
        <TextInput
          id={`audit-${name}`}
          type="datetime-local"
          value={local}
          max="9999-12-31T23:59"
          onChange={(_event, next) => setLocal(next)}
        />
      </InputGroupItem>
    </InputGroup>
  );
}
