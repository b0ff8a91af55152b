// A file that the store made for clients, to be copied or downloaded, and what to know before it is used.
import { Alert, Button, List, ListItem } from '@patternfly/react-core';
import { DownloadIcon } from '@patternfly/react-icons';
import type { ClientConfig } from '../api/schema.ts';
import { CodeLines } from './code.tsx';
import { NoteText } from './compatibility-notes.tsx';
import { SectionCard } from './section-card.tsx';

export function GenerationNotes({ notes }: Pick<ClientConfig, 'notes'>) {
  if (notes.length === 0) return null;
  return (
    <Alert isInline variant="info" component="p" title="Before you use it">
      <List>
        {notes.map((note) => (
          <ListItem key={note}>
            <NoteText>{note}</NoteText>
          </ListItem>
        ))}
      </List>
    </Alert>
  );
}

type File = ClientConfig['files'][number];

export function GeneratedFile({ path, content, mode }: File) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const isSecret = mode === 0o600 || mode === 0o700;
  return (
    <SectionCard
      title={path}
      actions={
        <Button variant="secondary" size="sm" icon={<DownloadIcon />} onClick={() => download(name, content)}>
          Download
        </Button>
      }
    >
      {isSecret ? <p>It holds a secret: only root should be able to read it (mode {mode.toString(8)}).</p> : null}
      <CodeLines what={name}>{content}</CodeLines>
    </SectionCard>
  );
}

/** From memory: the file may hold what must not be in an address. */
function download(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
