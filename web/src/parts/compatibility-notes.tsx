// Notes of intake: which readers refuse a signature although it is valid.
import { List, ListItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { Note } from '../api/schema.ts';
import { UserText } from './user-text.tsx';

/** What stands between backticks is code, as in the commands' output. */
export function NoteText({ children }: { children: string }) {
  const pieces = children.split('`').map((text, at) => ({ text, at, isCode: at % 2 === 1 }));
  return pieces.map(({ text, at, isCode }) =>
    isCode ? (
      <code key={at}>
        <UserText>{text}</UserText>
      </code>
    ) : (
      <UserText key={at}>{text}</UserText>
    ),
  );
}

type NoteListProps = {
  readonly notes: readonly Note[];
  /** What to say after a note: “signature-2”. */
  readonly about?: (note: Note) => ReactNode;
};

export function NoteList({ notes, about }: NoteListProps) {
  return (
    <List>
      {notes.map((note) => (
        <ListItem key={note.code}>
          <NoteText>{note.text}</NoteText>
          {about === undefined ? null : <> ({about(note)})</>}
        </ListItem>
      ))}
    </List>
  );
}
