// Why something was refused: in words, and the code that programs compare, which leads to the others of its kind.
import { Link } from 'react-router';
import type { Refusal } from '../api/schema.ts';
import { NoteText } from './compatibility-notes.tsx';
import { UserText } from './user-text.tsx';

export function RefusalReason({ code, title }: Pick<Refusal, 'code' | 'title'>) {
  return (
    <>
      <UserText>{title}</UserText>
      <br />
      <Link to={`/refusals?code=${encodeURIComponent(code)}`}>
        <code>{code}</code>
      </Link>
    </>
  );
}

/** What the uploader was told: a sentence, also in a table. */
export function Told({ children }: { children: string }) {
  return (
    <span className="lks-prose">
      <NoteText>{children}</NoteText>
    </span>
  );
}
