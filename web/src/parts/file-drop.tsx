// Where files are dropped or chosen. The button is what the keyboard and screen readers use.
import { Button } from '@patternfly/react-core';
import { UploadIcon } from '@patternfly/react-icons';
import { type DragEvent, useRef, useState } from 'react';

type FileDropProps = {
  /** “Drop signature files here” */
  readonly label: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly isMultiple?: boolean;
  /** As the `accept` of an input; only a suggestion, what was dropped is not filtered. */
  readonly accept?: string;
  readonly hint?: string;
};

export function FileDrop({ label, onFiles, isMultiple = false, accept, hint }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const give = (list: FileList | null) => {
    const files = [...(list ?? [])];
    if (files.length > 0) onFiles(isMultiple ? files : files.slice(0, 1));
  };
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault(); // or the browser would open the file in place of the page
    event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    give(event.dataTransfer.files);
  };
  return (
    <fieldset
      className={isOver ? 'lks-file-drop lks-file-drop-over' : 'lks-file-drop'}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <legend className="pf-v6-screen-reader">{label}</legend>
      <UploadIcon className="lks-file-drop-icon" />
      <span aria-hidden="true">{label}</span>
      <Button variant="secondary" onClick={() => input.current?.click()}>
        {isMultiple ? 'Choose files' : 'Choose a file'}
      </Button>
      {hint === undefined ? null : <small>{hint}</small>}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        multiple={isMultiple}
        accept={accept}
        onChange={(event) => {
          give(event.target.files);
          event.target.value = ''; // so that the same file can be chosen again
        }}
      />
    </fieldset>
  );
}
