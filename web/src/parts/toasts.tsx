// Short messages about what has just been done, read out by screen readers.
import { Alert, AlertActionCloseButton, AlertGroup } from '@patternfly/react-core';
import { createContext, type ReactNode, use, useMemo, useRef, useState } from 'react';
import { UserText } from './user-text.tsx';

type Toast = {
  readonly id: number;
  readonly variant: 'success' | 'danger';
  readonly title: string;
  readonly text?: string | undefined;
};

export type Toaster = {
  readonly success: (title: string, text?: string) => void;
  /** Stays until it is closed: a failure is not missed. */
  readonly failure: (title: string, text?: string) => void;
};

const SHOWN_MS = 8000;

const ToastContext = createContext<Toaster>({ success: () => undefined, failure: () => undefined });

export const useToast = (): Toaster => use(ToastContext);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const toaster = useMemo<Toaster>(() => {
    const append = (variant: Toast['variant'], title: string, text?: string) => {
      next.current += 1;
      const id = next.current;
      setToasts((shown) => [...shown, { id, variant, title, text }]);
    };
    return {
      success: (title, text) => append('success', title, text),
      failure: (title, text) => append('danger', title, text),
    };
  }, []);
  const close = (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id));
  return (
    <ToastContext value={toaster}>
      {children}
      <AlertGroup isToast isLiveRegion aria-label="Messages">
        {toasts.map(({ id, variant, title, text }) => (
          <Alert
            key={id}
            variant={variant}
            component="p"
            title={<UserText>{title}</UserText>}
            timeout={variant === 'success' ? SHOWN_MS : false}
            onTimeout={() => close(id)}
            actionClose={<AlertActionCloseButton onClose={() => close(id)} />}
          >
            {text === undefined ? null : <UserText>{text}</UserText>}
          </Alert>
        ))}
      </AlertGroup>
    </ToastContext>
  );
}
