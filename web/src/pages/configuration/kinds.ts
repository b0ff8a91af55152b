// Every kind of configuration, what it is for, and what can be wished for in it; a test holds the wishes equal to the
// server's.
import type { Operations } from '../../api/schema.ts';

export type Wishes = Operations['generateConfig']['body'];
export type Kind = Wishes['kind'];
export type Wish = Exclude<keyof Wishes, 'kind'>;

type KindFacts = {
  readonly label: string;
  readonly what: string;
  readonly wishes: readonly Wish[];
  /** Without one of these there is nothing to make. */
  readonly needs?: Wish;
};

const POLICY: readonly Wish[] = ['default', 'identity', 'keys', 'scopes', 'mirrors', 'existing', 'replace'];

export const KINDS: Readonly<Record<Kind, KindFacts>> = {
  'registries.d': {
    label: 'registries.d',
    what: 'Tells podman, skopeo, buildah and CRI-O where the signatures of each registry are.',
    wishes: ['registries', 'mirrors', 'legacy', 'readToken', 'url'],
  },
  policy: {
    label: 'policy.json',
    what: 'Tells them which keys a signature must be of. Each scope names the keys of wider scopes, too.',
    wishes: POLICY,
  },
  keyring: {
    label: 'Public keys',
    what: 'The files that a policy names which does not hold the keys itself.',
    wishes: ['keys', 'scopes', 'mirrors'],
  },
  installer: {
    label: 'Installer for a node',
    what: 'A shell script that puts registries.d, policy.json and keys in place, keeps what it replaces, and may be run again.',
    wishes: ['registries', ...POLICY, 'legacy', 'readToken', 'url'],
  },
  'machine-config': {
    label: 'OpenShift: MachineConfig',
    what: 'The same files for the nodes of a cluster, which restart one after another.',
    wishes: ['roles', 'registries', ...POLICY, 'legacy', 'readToken', 'url'],
  },
  portieris: {
    label: 'Portieris',
    what: 'An admission policy, with the Secrets that it names.',
    wishes: ['namespace', 'registries', 'scopes', 'identity', 'mirrors', 'readToken', 'url'],
  },
  'signature-stores': {
    label: 'OpenShift: signatureStores',
    what: 'Where a cluster asks for the signatures of its own releases.',
    wishes: ['releases', 'readToken', 'url'],
    needs: 'releases',
  },
  'signature-configmaps': {
    label: 'OpenShift: signature ConfigMaps',
    what: 'The signatures of releases themselves, for clusters that ask no store.',
    wishes: ['images'],
    needs: 'images',
  },
  'crio-namespaces': {
    label: 'CRI-O: policies of namespaces',
    what: 'Policies that count for the pods of single namespaces, in place of the node’s.',
    wishes: ['namespaces', 'default', 'identity', 'mirrors'],
    needs: 'namespaces',
  },
};

export const isKind = (text: string | undefined): text is Kind => text !== undefined && text in KINDS;
