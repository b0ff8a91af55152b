// Code that is there to be copied: within a line, or as a block of lines.
import { CodeBlock, CodeBlockAction, CodeBlockCode } from '@patternfly/react-core';
import { CopyButton } from './copy-button.tsx';
import { UserText } from './user-text.tsx';

type CodeProps = {
  readonly children: string;
  /** What it is, for the button that copies it: “the command”. */
  readonly what: string;
  readonly onCopied?: () => void;
};

export function InlineCode({ children, what, onCopied }: CodeProps) {
  return (
    <span className="lks-inline-code">
      <code>
        <UserText>{children}</UserText>
      </code>
      <CopyButton text={children} label={`Copy ${what}`} onCopied={onCopied} />
    </span>
  );
}

/** Long lines wrap: what cannot be seen is not checked before it is pasted. */
export function CodeLines({ children, what, onCopied }: CodeProps) {
  return (
    <CodeBlock
      actions={
        <CodeBlockAction>
          <CopyButton text={children} label={`Copy ${what}`} onCopied={onCopied} />
        </CodeBlockAction>
      }
    >
      <CodeBlockCode className="lks-code-lines">
        <UserText lines>{children}</UserText>
      </CodeBlockCode>
    </CodeBlock>
  );
}
