// Something long, kept to a part of the screen. It can be scrolled with the keyboard too, so it needs a name.
import type { ReactNode } from 'react';

export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus the keyboard could not scroll it
    <section className="lks-scroll-box" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
