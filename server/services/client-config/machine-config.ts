// The files of a node as MachineConfigs of OpenShift: ignition 3, for workers and control plane nodes.
import { type ConfigFile, READABLE } from './file.ts';
import { yamlDocuments } from './yaml-text.ts';

const IGNITION = '3.2.0';

export function machineConfigOf(files: readonly ConfigFile[], roles: readonly string[]): ConfigFile {
  const documents = roles.map((role) => ({
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: {
      name: `99-${role}-lookaside`,
      labels: { 'machineconfiguration.openshift.io/role': role },
    },
    spec: {
      config: {
        ignition: { version: IGNITION },
        storage: { files: files.map(ignitionFile) },
      },
    },
  }));
  const mode = files.reduce((least, file) => least & file.mode, READABLE);
  return { path: 'lookaside-machine-config.yaml', content: yamlDocuments(documents), mode };
}

function ignitionFile({ path, content, mode }: ConfigFile) {
  const base64 = Buffer.from(content).toString('base64');
  return { path, mode, overwrite: true, contents: { source: `data:text/plain;charset=utf-8;base64,${base64}` } };
}

export const MACHINE_CONFIG_NOTES = [
  'nodes restart one after another when this is applied',
  'registrySources of image.config.openshift.io/cluster make OpenShift write policy.json itself; use either, not both',
];
