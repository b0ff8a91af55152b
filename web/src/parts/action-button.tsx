// A button for what not everybody may do: whoever may not sees it and reads why.
import { Button, type ButtonProps, Tooltip } from '@patternfly/react-core';
import { type Permission, usePermission } from '../api/session.ts';

type ActionButtonProps = Pick<
  ButtonProps,
  'variant' | 'icon' | 'isLoading' | 'isDanger' | 'isInline' | 'size' | 'type'
> & {
  readonly permission: Permission;
  readonly children: string;
  readonly onClick: () => void;
  /** Another reason than the permission, in words. */
  readonly why?: string | undefined;
};

/** `aria-disabled` rather than disabled: it keeps the focus, and with it the reason can be read by everybody. */
export function ActionButton({ permission, children, onClick, why, ...look }: ActionButtonProps) {
  const allowance = usePermission(permission);
  const reason = allowance.allowed ? why : allowance.why;
  const button = (
    <Button {...look} isAriaDisabled={reason !== undefined} onClick={onClick}>
      {children}
    </Button>
  );
  return reason === undefined ? button : <Tooltip content={reason}>{button}</Tooltip>;
}
