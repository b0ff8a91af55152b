// What every generator gives: files for a client, and notes for whoever installs them.

export type ConfigFile = {
  /** On the client, absolute; or a mere name, for what is given to another program. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
};

export type Generated = { readonly files: readonly ConfigFile[]; readonly notes: readonly string[] };

export const READABLE = 0o644;
/** Holds a secret. */
export const PRIVATE = 0o600;

export const REGISTRIES_D = '/etc/containers/registries.d';
export const POLICY_JSON = '/etc/containers/policy.json';
export const KEYS_DIRECTORY = '/etc/pki/containers';
