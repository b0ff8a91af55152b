// What a key or a token is for: scopes and permissions.
import { Label, LabelGroup } from '@patternfly/react-core';
import { formatVisible } from './visible-text.ts';

const SHOWN = 5;

/** The empty scope is everything, and has to look like it. */
export function formatScope(scope: string): string {
  return scope === '' ? 'everything' : formatVisible(scope);
}

export function ScopeList({ scopes }: { scopes: readonly string[] }) {
  if (scopes.length === 0) return <span>none</span>;
  return (
    <LabelGroup numLabels={SHOWN} aria-label="Scopes" className="lks-scope-list">
      {scopes.map((scope) => (
        <Label key={scope} isCompact variant="outline" className="lks-scope" color={scope === '' ? 'orange' : 'grey'}>
          <bdi>{formatScope(scope)}</bdi>
        </Label>
      ))}
    </LabelGroup>
  );
}

export type TokenPermission = 'upload' | 'withdraw' | 'read' | 'admin';

export const PERMISSION_MEANING: Record<TokenPermission, string> = {
  upload: 'may upload signatures within its scopes',
  withdraw: 'may withdraw signatures within its scopes',
  read: 'may list and read signatures within its scopes',
  admin: 'may manage keys, tokens, users and read the audit log',
};

export function PermissionList({ permissions }: { permissions: readonly TokenPermission[] }) {
  return (
    <LabelGroup numLabels={SHOWN} aria-label="Permissions">
      {permissions.map((permission) => (
        <Label
          key={permission}
          isCompact
          color={permission === 'admin' ? 'orange' : 'blue'}
          title={PERMISSION_MEANING[permission]}
        >
          {permission}
        </Label>
      ))}
    </LabelGroup>
  );
}
