// What Kubernetes, OpenShift and Portieris take, as strict shapes: a member that they do not know is a mistake.
// MachineConfig: ignition 3.2; Portieris: pkg/apis and POLICIES.md; release verification: library-go (docs/protocol.md).
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** A name of Kubernetes. */
const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/);
const base64 = z.base64().min(1);
const namespace = name.max(63);

const MachineConfig = z.strictObject({
  apiVersion: z.literal('machineconfiguration.openshift.io/v1'),
  kind: z.literal('MachineConfig'),
  metadata: z.strictObject({
    name,
    labels: z.strictObject({ 'machineconfiguration.openshift.io/role': z.enum(['worker', 'master']) }),
  }),
  spec: z.strictObject({
    config: z.strictObject({
      ignition: z.strictObject({ version: z.literal('3.2.0') }),
      storage: z.strictObject({
        files: z.array(
          z.strictObject({
            path: z.string().startsWith('/etc/'),
            mode: z.int().min(0).max(0o777),
            overwrite: z.literal(true),
            contents: z.strictObject({ source: z.string().startsWith('data:text/plain;charset=utf-8;base64,') }),
          }),
        ),
      }),
    }),
  }),
});

const Secret = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata: z.strictObject({ name, namespace: namespace.optional() }),
  type: z.literal('Opaque'),
  data: z.union([z.strictObject({ key: base64 }), z.strictObject({ username: base64, password: base64 })]),
});

const signedIdentity = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['matchExact', 'matchRepoDigestOrExact', 'matchRepository']) }),
  z.strictObject({ type: z.literal('matchExactReference'), dockerReference: z.string() }),
  z.strictObject({ type: z.literal('matchExactRepository'), dockerRepository: z.string() }),
  z.strictObject({ type: z.literal('remapIdentity'), prefix: z.string(), signedPrefix: z.string() }),
]);
const simple = z.strictObject({
  storeURL: z
    .string()
    .regex(/^https?:\/\//)
    .optional(),
  storeSecret: name.optional(),
  requirements: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('signedBy'), keySecret: name, signedIdentity: signedIdentity.optional() }),
        z.strictObject({ type: z.literal('reject') }),
      ]),
    )
    .length(1),
});
const portieris = {
  apiVersion: z.literal('portieris.cloud.ibm.com/v1'),
  spec: z.strictObject({
    repositories: z.array(z.strictObject({ name: z.string().min(1), policy: z.strictObject({ simple }) })),
  }),
};
const ImagePolicy = z.strictObject({
  ...portieris,
  kind: z.literal('ImagePolicy'),
  metadata: z.strictObject({ name, namespace }),
});
const ClusterImagePolicy = z.strictObject({
  ...portieris,
  kind: z.literal('ClusterImagePolicy'),
  metadata: z.strictObject({ name }),
});

const ConfigMap = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata: z.strictObject({
    name: z.string().regex(/^sha256-[0-9a-f]{64}$/),
    namespace: z.literal('openshift-config-managed'),
    labels: z.strictObject({ 'release.openshift.io/verification-signatures': z.literal('') }),
  }),
  binaryData: z.record(z.string().regex(/^sha256-[0-9a-f]{64}-[1-9][0-9]*$/), base64),
});

export const ClusterVersionPatch = z.strictObject({
  spec: z.strictObject({ signatureStores: z.array(z.strictObject({ url: z.url() })).max(32) }),
});

const Manifest = z.discriminatedUnion('kind', [MachineConfig, Secret, ImagePolicy, ClusterImagePolicy, ConfigMap]);
export type Manifest = z.infer<typeof Manifest>;

/** Every document of the text, in its shape. */
export function manifestsOf(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return Manifest.parse(document.toJS());
  });
}

export function ofKind<K extends Manifest['kind']>(manifests: readonly Manifest[], kind: K) {
  return manifests.filter((each): each is Extract<Manifest, { kind: K }> => each.kind === kind);
}
