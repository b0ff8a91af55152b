// Text that a stranger wrote: shown as it is, isolated from the text around it, with nothing hidden in it.
import { splitInvisible } from './visible-text.ts';

type UserTextProps = {
  readonly children: string;
  /** Keeps line feeds and tabs; for use in `<pre>`. */
  readonly lines?: boolean;
};

/** `<bdi>` keeps right-to-left text from reordering its neighbours; overrides inside are shown, not obeyed. */
export function UserText({ children, lines = false }: UserTextProps) {
  return (
    <bdi className="lks-user-text">
      {splitInvisible(children, lines).map(({ at, text, isEscape }) =>
        isEscape ? (
          <span key={at} className="lks-escape" title={`character ${text}, which is not visible`}>
            {text}
          </span>
        ) : (
          text
        ),
      )}
    </bdi>
  );
}
