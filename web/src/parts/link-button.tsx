// A link that looks like a button: it leads to another page, so that it can be opened in a new tab.
import { Button, type ButtonProps } from '@patternfly/react-core';
import { useHref, useLinkClickHandler } from 'react-router';

type LinkButtonProps = Pick<ButtonProps, 'variant' | 'icon' | 'size' | 'children' | 'isInline'> & {
  readonly to: string;
};

export function LinkButton({ to, ...look }: LinkButtonProps) {
  const href = useHref(to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(to);
  return <Button {...look} component="a" href={href} onClick={(event) => follow(event as never)} />;
}
