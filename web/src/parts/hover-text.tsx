// A short form whose full value appears on hover and focus. It costs nothing until then: lists hold hundreds of them.
import { Tooltip } from '@patternfly/react-core';
import { type ReactNode, useRef, useState } from 'react';

type HoverTextProps = { readonly full: ReactNode; readonly children: ReactNode };

/** The focus is that of a link or button inside. Escape closes it, as WCAG 1.4.13 wants. */
export function HoverText({ full, children }: HoverTextProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  const [isShown, setShown] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only shows more of what its content says
    <span
      ref={anchor}
      onPointerEnter={() => setShown(true)}
      onPointerLeave={() => setShown(false)}
      onFocus={() => setShown(true)}
      onBlur={() => setShown(false)}
      onKeyDown={(event) => event.key === 'Escape' && setShown(false)}
    >
      {children}
      {isShown ? (
        <Tooltip
          triggerRef={anchor}
          trigger="manual"
          isVisible
          content={<span className="lks-full">{full}</span>}
          aria="none"
          maxWidth="40rem"
        />
      ) : null}
    </span>
  );
}
