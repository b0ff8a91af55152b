// While a secret is shown that nobody has copied, leaving the page asks first: back, a link, closing the tab.
import { useCallback, useEffect } from 'react';
import { useBeforeUnload, useBlocker } from 'react-router';

export function useUnseenSecret(isUnseen: boolean, onLeaving: () => void): void {
  const blocker = useBlocker(isUnseen);
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    blocker.reset();
    onLeaving();
  }, [blocker, onLeaving]);
  useBeforeUnload(
    useCallback(
      (event) => {
        if (isUnseen) event.preventDefault();
      },
      [isUnseen],
    ),
  );
}
