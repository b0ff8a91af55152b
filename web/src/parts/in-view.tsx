// An answer that is brought to where it is seen: below a long form nobody would notice that it has come.
import { type ReactNode, useEffect, useRef } from 'react';

/** Mounted when the answer is there. What is in sight already stays where it is. */
export function InView({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { bottom = 0 } = place.current?.getBoundingClientRect() ?? {};
    if (bottom > window.innerHeight) place.current?.scrollIntoView();
  }, []);
  return <div ref={place}>{children}</div>;
}
