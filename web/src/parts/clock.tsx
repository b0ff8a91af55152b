// One clock for all relative times on a page, so that they age together and agree with each other.
import { createContext, type ReactNode, use, useEffect, useState } from 'react';

export const TICK_MS = 30_000;

const ClockContext = createContext(0);

export const useNow = (): number => use(ClockContext);

export function ClockProvider({ children }: { children: ReactNode }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return <ClockContext value={now}>{children}</ClockContext>;
}
