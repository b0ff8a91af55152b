// The key file, dropped, chosen or pasted. It is read at once, and nothing is stored.
import { Alert, Button, Form } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import type { KeyPreview } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ErrorAlert } from '../../parts/error-alert.tsx';
import { FileDrop } from '../../parts/file-drop.tsx';
import { PlainTextArea } from '../../parts/plain-text-field.tsx';
import { isPrivateText } from '../../parts/private-key.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { PrivateKeyWarning } from './private-key-warning.tsx';
import { readSource, type Source } from './source.ts';

type KeySourceProps = { readonly onRead: (source: Source, preview: KeyPreview) => void };

export function KeySource({ onRead }: KeySourceProps) {
  const [text, setText] = useState('');
  const [privateKey, setPrivateKey] = useState<'kept here' | 'sent' | null>(null);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const preview = useChange('previewKeys');

  const refusePrivate = (where: 'kept here' | 'sent') => {
    setText('');
    preview.reset();
    setPrivateKey(where);
  };
  const read = (source: Source) =>
    preview.mutate(
      { body: source.body },
      {
        onSuccess: (answer) => onRead(source, answer),
        onError: ({ code }) => code === 'KEY_PRIVATE' && refusePrivate('sent'),
      },
    );
  const begin = () => {
    setPrivateKey(null);
    setUnreadable(null);
    preview.reset();
  };
  const take = async ([file]: readonly File[]) => {
    if (file === undefined) return;
    begin();
    try {
      const source = await readSource(file);
      if (source === null) refusePrivate('kept here');
      else read(source);
    } catch {
      setUnreadable(file.name);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    begin();
    if (isPrivateText(text)) refusePrivate('kept here');
    else read({ name: null, body: { key: text } });
  };
  return (
    <SectionCard title="Key file">
      <Form onSubmit={submit}>
        {privateKey === null ? null : <PrivateKeyWarning wasSent={privateKey === 'sent'} />}
        {preview.error === null ? null : <ErrorAlert title="This cannot be registered." error={preview.error} />}
        {unreadable === null ? null : <Unreadable name={unreadable} />}
        <FileDrop
          label="Drop a key file here"
          hint="Armored or binary, one or several public keys"
          onFiles={(files) => void take(files)}
        />
        <PlainTextArea
          label="Or paste it"
          value={text}
          onChange={setText}
          rows={8}
          example="-----BEGIN PGP PUBLIC KEY BLOCK-----"
        />
        <div>
          <Button type="submit" isAriaDisabled={text.trim() === ''} isLoading={preview.isPending}>
            Read the key
          </Button>
        </div>
      </Form>
    </SectionCard>
  );
}

function Unreadable({ name }: { name: string }) {
  return (
    <Alert variant="danger" isInline isLiveRegion component="p" title="The browser cannot read this file.">
      <UserText>{name}</UserText>
    </Alert>
  );
}
