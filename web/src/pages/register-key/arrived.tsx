// The first line of the next step, focused when it appears, so that the keyboard and screen readers follow.
import { type ReactNode, useEffect, useRef } from 'react';

export function Arrived({ children }: { children: ReactNode }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => line.current?.focus(), []);
  return (
    <p ref={line} tabIndex={-1} className="lks-arrived">
      {children}
    </p>
  );
}
