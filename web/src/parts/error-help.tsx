// What to do about a refusal: the words of docs/errors.md, fetched when they are shown for the first time.
import { useQuery } from '@tanstack/react-query';
import { NoteText } from './compatibility-notes.tsx';

/** A glob, so that pages that are built without the documentation beside them do without these words. */
const SOURCES = import.meta.glob<string>('../../../docs/errors.md', { query: '?raw', import: 'default' });

async function readHelp(): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all(Object.values(SOURCES).map((load) => load()));
  const sections = texts.flatMap((text) => text.split(/^## /m).slice(1));
  return new Map(sections.flatMap((section) => readSection(section)));
}

/** A heading that is the code, then paragraphs. The status is for programs; a link leads nowhere from here, and members have no names. */
function readSection(section: string): readonly (readonly [string, string])[] {
  const [heading = '', ...paragraphs] = section.trim().split(/\n\n+/);
  const [, code] = /^`(\w+)`$/.exec(heading) ?? [];
  const text = paragraphs
    .filter((paragraph) => !paragraph.startsWith('HTTP status'))
    .join(' ')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll('`detail`', 'the message');
  return code === undefined || text === '' ? [] : [[code, text]];
}

export function ErrorHelp({ code }: { code: string }) {
  const { data } = useQuery({
    queryKey: ['errorHelp'],
    queryFn: readHelp,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const text = data?.get(code);
  return text === undefined ? null : (
    <p>
      <NoteText>{text}</NoteText>
    </p>
  );
}
