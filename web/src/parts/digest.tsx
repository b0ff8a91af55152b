// The digest of an image, and the fingerprint of a key: short where there is little room, always copied in full.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { CopyButton } from './copy-button.tsx';
import { HoverText } from './hover-text.tsx';

const SHORT_DIGEST = 'sha256:'.length + 12; // as registries and skopeo's users know it

type DigestProps = {
  readonly value: string;
  readonly to?: string;
  /** The whole of it, wrapped where it must be. */
  readonly isFull?: boolean;
  readonly hasCopy?: boolean;
};

export function Digest({ value, to, isFull = false, hasCopy = true }: DigestProps) {
  const isShort = !isFull && value.length > SHORT_DIGEST;
  const text = <code className="lks-hex">{isShort ? formatShortDigest(value) : value}</code>;
  return (
    <span className={isShort ? 'lks-nowrap' : undefined}>
      <Shown value={value} isShort={isShort}>
        {to === undefined ? text : <Link to={to}>{text}</Link>}
      </Shown>
      {hasCopy ? <CopyButton text={value} label="Copy the digest" /> : null}
    </span>
  );
}

/** For crumbs and titles, which hold text only. */
export function formatShortDigest(value: string): string {
  return value.length > SHORT_DIGEST ? `${value.slice(0, SHORT_DIGEST)}…` : value;
}

/** In groups of four, as gpg prints it and people compare it; copied without the spaces, as commands want it. */
export function Fingerprint({ value, to, isFull = false, hasCopy = true }: DigestProps) {
  const text = <code className="lks-hex">{formatGroups(isFull ? value : value.slice(-16))}</code>;
  return (
    <span className={isFull ? undefined : 'lks-nowrap'}>
      <Shown value={formatGroups(value)} isShort={!isFull}>
        {to === undefined ? text : <Link to={to}>{text}</Link>}
      </Shown>
      {hasCopy ? <CopyButton text={value} label="Copy the fingerprint" /> : null}
    </span>
  );
}

export function formatGroups(hex: string): string {
  return hex.replace(/(.{4})(?=.)/g, '$1 ');
}

function Shown({ value, isShort, children }: { value: string; isShort: boolean; children: ReactNode }) {
  return isShort ? <HoverText full={<code>{value}</code>}>{children}</HoverText> : children;
}
