// Copies one value and says so.
import { Button } from '@patternfly/react-core';
import { CheckIcon, CopyIcon } from '@patternfly/react-icons';
import { useEffect, useRef, useState } from 'react';
import { copyText } from './copy-text.ts';
import { useToast } from './toasts.tsx';

const SHOWN_MS = 2000;

type CopyButtonProps = {
  readonly text: string;
  /** For screen readers and on hover: “Copy the digest”. */
  readonly label: string;
  /** With the label beside the icon. */
  readonly isLabelled?: boolean;
  /** When it is in the clipboard. */
  readonly onCopied?: (() => void) | undefined;
};

export function CopyButton({ text, label, isLabelled = false, onCopied }: CopyButtonProps) {
  const [isDone, setDone] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const toast = useToast();
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async () => {
    const place = button.current?.parentElement;
    if (!place) return;
    const done = await copyText(text, place);
    button.current?.focus(); // the old way of copying moves it
    if (done) {
      setDone(true);
      onCopied?.();
    } else toast.failure('Nothing was copied', 'The browser allows no copying. Select the text and copy it by hand.');
  };
  const icon = isDone ? <CheckIcon /> : <CopyIcon />;
  return (
    <>
      <Button
        ref={button}
        className="lks-copy"
        variant={isLabelled ? 'secondary' : 'plain'}
        size="sm"
        icon={icon}
        onClick={copy}
        {...(isLabelled ? {} : { 'aria-label': label, title: label, hasNoPadding: true })}
      >
        {isLabelled ? label : null}
      </Button>
      <span role="status" className="pf-v6-screen-reader">
        {isDone ? 'Copied' : ''}
      </span>
    </>
  );
}
