// The key files that a policy names, handed over from this machine: the store reads none by itself.
import { Alert, FormGroup, Label, LabelGroup } from '@patternfly/react-core';
import { useState } from 'react';
import { FileDrop } from '../../parts/file-drop.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { formatVisible } from '../../parts/visible-text.ts';
import { type KeyFile, missingPaths, type Question, readKeyFile } from './question.ts';

type KeyFilesProps = { readonly question: Question; readonly onKeys: (keys: readonly KeyFile[]) => void };

export function KeyFiles({ question, onKeys }: KeyFilesProps) {
  const { keys } = question;
  const missing = missingPaths(question);
  const [faults, setFaults] = useState<readonly string[]>([]);
  const add = async (files: readonly File[]) => {
    const results = await Promise.all(files.map(readKeyFile));
    const read = results.filter((result) => 'name' in result);
    const names = new Set(read.map(({ name }) => name));
    setFaults(results.flatMap((result) => ('fault' in result ? result.fault : [])));
    onKeys([...keys.filter(({ name }) => !names.has(name)), ...read]);
  };
  return (
    <FormGroup label="Key files" role="group">
      <FileDrop
        label="Drop public keys here"
        isMultiple
        onFiles={(files) => void add(files)}
        hint="Those that the policy names; they are matched by file name. Without a policy: one of them must have signed."
      />
      {faults.length === 0 ? null : (
        <Alert isInline isPlain isLiveRegion component="p" variant="danger" title="Not every file was taken">
          {faults.map((fault) => (
            <div key={fault}>
              <UserText>{fault}</UserText>
            </div>
          ))}
        </Alert>
      )}
      {keys.length === 0 ? null : (
        <LabelGroup aria-label="Key files" numLabels={keys.length} className="lks-question-keys">
          {keys.map(({ name }) => (
            <Label
              key={name}
              closeBtnAriaLabel={`Remove ${formatVisible(name)}`}
              onClose={() => onKeys(keys.filter((key) => key.name !== name))}
            >
              <UserText>{name}</UserText>
            </Label>
          ))}
        </LabelGroup>
      )}
      {missing.length === 0 ? null : (
        <Alert isInline isPlain component="p" variant="info" title="The policy names keys that are not here">
          {missing.map((path) => (
            <div key={path}>
              <UserText>{path}</UserText>
            </div>
          ))}
        </Alert>
      )}
    </FormGroup>
  );
}
