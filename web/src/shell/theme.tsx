// Light, dark, or as the system says; theme.js applies the kept choice before the first paint.
import { createContext, type ReactNode, use, useEffect, useState } from 'react';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'lookaside.theme'; // also in theme.js
const DARK = '(prefers-color-scheme: dark)';

type Choice = { readonly theme: Theme; readonly choose: (theme: Theme) => void };
const ThemeContext = createContext<Choice>({ theme: 'auto', choose: () => undefined });

export const useTheme = (): Choice => use(ThemeContext);

function kept(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    return 'auto'; // storage is forbidden in this browser
  }
}

function keep(theme: Theme): void {
  try {
    if (theme === 'auto') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Then the choice lasts as long as the page.
  }
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState(kept);
  useEffect(() => {
    const system = matchMedia(DARK);
    const apply = () =>
      document.documentElement.classList.toggle(
        'pf-v6-theme-dark',
        theme === 'dark' || (theme === 'auto' && system.matches),
      );
    apply();
    system.addEventListener('change', apply);
    return () => system.removeEventListener('change', apply);
  }, [theme]);
  const choose = (next: Theme) => {
    keep(next);
    setTheme(next);
  };
  return <ThemeContext value={{ theme, choose }}>{children}</ThemeContext>;
}
