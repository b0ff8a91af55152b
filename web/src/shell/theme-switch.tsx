// The masthead's choice between light, dark and the system's setting.
import { ToggleGroup, ToggleGroupItem, Tooltip } from '@patternfly/react-core';
import { DesktopIcon, MoonIcon, SunIcon } from '@patternfly/react-icons';
import type { ReactNode } from 'react';
import { THEMES, type Theme, useTheme } from './theme.tsx';

const LOOK: Record<Theme, { readonly label: string; readonly icon: ReactNode }> = {
  auto: { label: 'Theme of the system', icon: <DesktopIcon /> },
  light: { label: 'Light theme', icon: <SunIcon /> },
  dark: { label: 'Dark theme', icon: <MoonIcon /> },
};

export function ThemeSwitch() {
  const { theme, choose } = useTheme();
  return (
    <ToggleGroup aria-label="Theme">
      {THEMES.map((each) => (
        <Tooltip key={each} content={LOOK[each].label} aria="none">
          <ToggleGroupItem
            icon={LOOK[each].icon}
            aria-label={LOOK[each].label}
            isSelected={theme === each}
            onChange={() => choose(each)}
          />
        </Tooltip>
      ))}
    </ToggleGroup>
  );
}
