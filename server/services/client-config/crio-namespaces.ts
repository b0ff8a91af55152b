// CRI-O (1.28 and newer) uses the policy of a pod's namespace in place of the node's, where there is one: each is whole.
import type { NamespacePolicy } from '../../domain/client-config.ts';
import type { SignedIdentity } from '../../domain/policy/identity.ts';
import { type ConfigFile, READABLE } from './file.ts';
import { type PolicyWishes, policyOf, policyText } from './policy.ts';
import type { Entry } from './trust.ts';

const DIRECTORY = '/etc/crio/policies';

export type NamespaceWishes = {
  readonly namespaces: readonly NamespacePolicy[];
  readonly entriesFor: (namespace: NamespacePolicy) => readonly Entry[];
  readonly identity: SignedIdentity | undefined;
  readonly fallback: PolicyWishes['fallback'];
};

export function crioNamespaces({ namespaces, entriesFor, identity, fallback }: NamespaceWishes): ConfigFile[] {
  const policies = namespaces.map((each) => ({
    path: `${DIRECTORY}/${each.namespace}.json`,
    content: policyText(policyOf({ entries: entriesFor(each), identity, fallback, keyForm: 'data' })),
    mode: READABLE,
  }));
  const setting = {
    path: '/etc/crio/crio.conf.d/50-lookaside.conf',
    content: `[crio.image]\nsignature_policy_dir = "${DIRECTORY}"\n`,
    mode: READABLE,
  };
  return [setting, ...policies];
}

export const CRIO_NOTES = [
  'CRI-O reads its settings when it starts or gets SIGHUP; where signatures are read is still said by registries.d',
];
