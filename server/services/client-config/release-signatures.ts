// What OpenShift's release verification is given (protocol.md §6): stores to ask, or the signatures themselves.
import type { Digest } from '../../domain/digest.ts';
import { type ConfigFile, PRIVATE, READABLE } from './file.ts';
import { type CredentialsFor, withCredentials } from './registries-d.ts';
import { yamlDocuments, yamlText } from './yaml-text.ts';

/** A patch of the ClusterVersion: it asks `URL/sha256=<hex>/signature-N`. */
export function signatureStores(url: string, releases: readonly string[], credentialsFor: CredentialsFor): ConfigFile {
  const spec = {
    signatureStores: releases.map((release) => ({
      url: `${withCredentials(url, credentialsFor(release))}/${release}`,
    })),
  };
  return {
    path: 'lookaside-signature-stores.yaml',
    content: yamlText({ spec }),
    mode: releases.some(credentialsFor) ? PRIVATE : READABLE,
  };
}

export const SIGNATURE_STORES_NOTES = [
  'apply it with `oc patch clusterversion version --type merge --patch-file FILE`; it replaces the stores that are set, and clusters without TechPreview features ignore it: use signature-configmaps there',
];

export type ReleaseSignatures = { readonly digest: Digest; readonly signatures: readonly Uint8Array[] };

/** As `oc adm release mirror` names them; loaded with `oc apply`. */
export function signatureConfigMaps(releases: readonly ReleaseSignatures[]): ConfigFile {
  const documents = releases.map(({ digest, signatures }) => {
    const name = digest.replace(':', '-');
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        namespace: 'openshift-config-managed',
        labels: { 'release.openshift.io/verification-signatures': '' },
      },
      binaryData: Object.fromEntries(
        signatures.map((bytes, index) => [`${name}-${index + 1}`, Buffer.from(bytes).toString('base64')]),
      ),
    };
  });
  return { path: 'lookaside-release-signatures.yaml', content: yamlDocuments(documents), mode: READABLE };
}
