// Which readers refuse signatures of this image although they are valid, and whether another one is left to them.
import { Alert } from '@patternfly/react-core';
import type { Note, Signature } from '../../api/schema.ts';
import { NoteList } from '../../parts/compatibility-notes.tsx';
import { count } from '../../parts/count.ts';

const NAMED = 4;

export function ReaderNotes({ live }: { live: readonly Signature[] }) {
  const noted = groupNotes(live);
  const isAll = [...noted.values()].some((numbers) => numbers.length === live.length);
  return (
    <Alert
      variant="warning"
      isInline
      component="p"
      title={
        isAll
          ? 'Signed, and some readers refuse the image all the same'
          : 'Some readers refuse some of these signatures, and go by the others'
      }
    >
      <NoteList
        notes={[...noted].map(([text]) => ({ code: text, text }))}
        about={({ text }) => formatNumbers(noted.get(text) ?? [], live.length)}
      />
    </Alert>
  );
}

/** By the text, since the same note may name different dates. */
function groupNotes(live: readonly Signature[]): ReadonlyMap<Note['text'], readonly number[]> {
  const grouped = new Map<string, number[]>();
  for (const { number, notes } of live)
    for (const { text } of notes) {
      const numbers = grouped.get(text) ?? [];
      grouped.set(text, [...numbers, number ?? 0]);
    }
  return grouped;
}

function formatNumbers(numbers: readonly number[], all: number): string {
  if (numbers.length === all) return all === 1 ? 'the only signature' : `all ${all} signatures`;
  if (numbers.length > NAMED) return `${count(numbers.length, 'signature')} of ${all}`;
  return numbers.map((number) => `signature-${number}`).join(', ');
}
