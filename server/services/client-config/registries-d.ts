// The drop-in for registries.d: where clients read signatures. They drop the registry's host from the path they ask for,
// so each registry has a base of its own, which ends in its name (protocol.md §1.1).
import type { AliasTable } from '../../domain/alias.ts';
import { type Mirror, registryOf } from '../../domain/client-config.ts';
import { AppError } from '../../domain/errors.ts';
import { EVERYTHING, type Scope, scopesAbove, scopesContain } from '../../domain/scope.ts';
import { type ConfigFile, PRIVATE, READABLE, REGISTRIES_D } from './file.ts';
import { yamlText } from './yaml-text.ts';

/** What clients send in the base, the only place there is for it. */
export type Credentials = { readonly user: string; readonly password: string };

/** Null: anybody may read what is there. */
export type CredentialsFor = (place: string) => Credentials | null;

export type Sections = {
  /** Of the store, without a trailing slash. */
  readonly url: string;
  readonly places: readonly Scope[];
  readonly mirrors: readonly Mirror[];
  readonly credentialsFor: CredentialsFor;
  readonly legacy: boolean;
};

export function registriesD({ url, places, mirrors, credentialsFor, legacy }: Sections): ConfigFile {
  const base = (place: string) => withCredentials(url, credentialsFor(place));
  const sections = new Map<string, string>();
  for (const place of places) sections.set(place, `${base(place)}/${registryOf(place)}`);
  for (const mirror of mirrors) sections.set(mirror.mirror, `${base(mirror.original)}/${mirrorBase(mirror).base}`);
  if (sections.size === 0) throw noRegistry();
  const docker = Object.fromEntries(
    [...sections]
      .sort()
      .map(([place, lookaside]) => [place, { lookaside, ...(legacy ? { sigstore: lookaside } : {}) }]),
  );
  return {
    path: `${REGISTRIES_D}/lookaside.yaml`,
    content: `${HEAD}${yamlText({ docker })}`,
    mode: [...places, ...mirrors.map(({ original }) => original)].some(credentialsFor) ? PRIVATE : READABLE,
  };
}

const HEAD = `# Where podman, skopeo, buildah and CRI-O read the signatures of images: a file for ${REGISTRIES_D}/.
# A place below "docker" may stand in one file of that directory only; clients refuse every image while two have it.
`;

export function noRegistry(): AppError {
  return new AppError('REQUEST_INVALID', 'the store knows no registry yet; name those that clients pull from');
}

/** User and password percent-encoded, as clients decode them. */
export function withCredentials(url: string, credentials: Credentials | null): string {
  if (credentials === null) return url;
  const { user, password } = credentials;
  return url.replace('://', `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
}

/**
 * A client asks for the path it pulls from. Where the original ends in the same path, a shorter base leads to it; where it
 * does not, the store must know the one as the other.
 */
export function mirrorBase({ mirror, original }: Mirror): { readonly base: string; readonly needsAlias: boolean } {
  const path = mirror.slice(registryOf(mirror).length);
  if (original.endsWith(path) && original.length > path.length)
    return { base: original.slice(0, original.length - path.length), needsAlias: false };
  return { base: registryOf(mirror), needsAlias: true };
}

export function mirrorNotes(mirrors: readonly Mirror[], aliases: AliasTable | null): string[] {
  return mirrors
    .filter((mirror) => mirrorBase(mirror).needsAlias)
    .filter(({ mirror, original }) => aliases?.rewrite(`/${mirror}/name`) !== `/${original}/name`)
    .map(
      ({ mirror, original }) =>
        `the store does not serve /${mirror} as ${original} yet: \`lookaside alias add /${mirror} ${original}\``,
    );
}

/**
 * Bases drop the registry's name, so a wildcard has no base: its registries are listed one by one. A registry is one place,
 * unless it needs a token and none of its scopes do.
 */
export function placesOf(scopes: readonly Scope[], known: readonly string[], credentialsFor: CredentialsFor): Scope[] {
  const general = scopes.filter((scope) => scope === EVERYTHING || scope.startsWith('*'));
  const named = Map.groupBy(
    scopes.filter((scope) => !general.includes(scope)),
    registryOf,
  );
  const places = [...new Set([...named.keys(), ...known])].flatMap((registry) => {
    const parts = named.get(registry) ?? [];
    const whole = parts.length === 0 || scopesContain(general, registry as Scope) || parts.some(credentialsFor);
    return whole || credentialsFor(registry) === null ? [registry as Scope] : outermost(parts);
  });
  return places.sort();
}

function outermost(scopes: readonly Scope[]): Scope[] {
  const all = new Set(scopes);
  return [...all].filter((scope) => !scopesAbove(scope).some((above) => above !== scope && all.has(above)));
}

export function wildcardNotes(scopes: readonly Scope[], places: readonly Scope[]): string[] {
  return [...new Set(scopes)]
    .filter((scope) => scope.startsWith('*.'))
    .map((wildcard) => {
      const hosts = places.filter((each) =>
        registryOf(each)
          .replace(/:[0-9]+$/, '')
          .endsWith(wildcard.slice(1)),
      );
      const those = hosts.length > 0 ? `here that is ${hosts.join(', ')}` : 'none of it is known here yet';
      return `${wildcard}: each registry needs a section of its own, since a base is for one registry; ${those}`;
    });
}
