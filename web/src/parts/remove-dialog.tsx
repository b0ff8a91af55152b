// Asks once more before something goes, and says so when it is gone.
import type { ReactNode } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { useToast } from './toasts.tsx';

type RemoveDialogProps = {
  readonly title: string;
  /** The word on the button. */
  readonly action?: string;
  /** What goes with it, and what stays. */
  readonly children: ReactNode;
  /** Makes the change, and rejects with an ApiError that is shown here. */
  readonly onRemove: () => Promise<unknown>;
  /** What is said afterwards: that it is gone, and its name where the title does not have it. */
  readonly done: readonly [title: string, name?: string];
  readonly onClose: () => void;
};

export function RemoveDialog({ title, action = 'Remove', children, onRemove, done, onClose }: RemoveDialogProps) {
  const toast = useToast();
  const confirm = async () => {
    await onRemove();
    toast.success(...done);
  };
  return (
    <ConfirmDialog title={title} action={action} isDanger hasReason={false} onConfirm={confirm} onClose={onClose}>
      {children}
    </ConfirmDialog>
  );
}
