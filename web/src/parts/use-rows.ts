// Rows of fields that are added and removed one by one, and where the focus goes then.
import { useRef } from 'react';

type Row = { readonly id: number };

/** `newRow` is an empty one; `fields` is how many fields each row has. */
export function useRows<Each extends Row>(
  rows: readonly Each[],
  onChange: (rows: readonly Each[]) => void,
  { newRow, fields = 1 }: { readonly newRow: (id: number) => Each; readonly fields?: number },
) {
  const box = useRef<HTMLDivElement>(null);
  /** After the render that makes or removes the fields. */
  const focusRow = (index: number) => setTimeout(() => box.current?.querySelectorAll('input')[fields * index]?.focus());
  return {
    /** Around the rows, and nothing else with a field. */
    box,
    add() {
      onChange([...rows, newRow(Math.max(-1, ...rows.map(({ id }) => id)) + 1)]);
      focusRow(rows.length);
    },
    remove(index: number) {
      onChange(rows.filter((_, at) => at !== index));
      focusRow(Math.max(0, index - 1));
    },
    change: (row: Each) => onChange(rows.map((each) => (each.id === row.id ? row : each))),
  };
}
