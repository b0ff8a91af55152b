// Settings: read once from the environment, whole, then frozen. A wrong or unknown setting stops the start with its
// name, its value and what is allowed: a typo in a security setting must not silently mean the default.
import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError, quote, quoteUrl } from './domain/errors.ts';
import { LIMITS } from './domain/limits.ts';
import { TOKEN_SHAPE } from './domain/principal.ts';
import { parseRegistry, type Registry } from './domain/repository-name.ts';
import { EVERYTHING, parseScope, type Scope } from './domain/scope.ts';
import { requirePassword } from './domain/user.ts';
import { type HandedSockets, readHandedSockets } from './ops/handed-sockets.ts';
import { LOG_LEVELS } from './ops/log.ts';

type Setting = {
  readonly schema: z.ZodType;
  readonly fallback: string | undefined;
  /** In words, for the error message and docs/config.md. */
  readonly allowed: string;
  readonly secret?: true;
};

/** Plain digits: `Number` would also take 0x50 and 1e3, and nothing for 0. */
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]+$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const port = wholeNumber(0, 65_535);
const file = z.string().min(1);
/** The system takes 107 bytes, of which some are for a name beside it (http/socket-file.ts). */
const socketPath = file.refine((text) => isAbsolute(text) && Buffer.byteLength(text) <= 90);
const fileMode = z
  .string()
  .regex(/^0?[0-7]{3}$/)
  .transform((text) => Number.parseInt(text, 8));
const host = z.string().regex(/^[A-Za-z0-9.:_-]+$/);
/** As the host of a URL is written: lower case, an IPv6 address in brackets, no port 443. */
const hostList = z.string().transform((text) =>
  text.split(',').map((each) => {
    const host = each.trim();
    const isHost = /^[a-z0-9.:[\]-]+$/.test(host) && URL.canParse(`https://${host}`);
    if (!isHost || new URL(`https://${host}`).host !== host) throw new Error(host);
    return host;
  }),
);
/** Everything is no scope of it: that is what LOOKASIDE_READ_ACCESS is for. */
const scopeList = z.string().transform((text) =>
  text.split(',').map((each) => {
    const scope = parseScope(each.trim());
    if (scope === EVERYTHING) throw new Error('empty');
    return scope;
  }),
);
const password = z.string().transform((text) => {
  requirePassword(text);
  return text;
});
const httpUrl = z.url({ protocol: /^https?$/ }).refine((text) => !/[?#]/.test(text) && !new URL(text).username);

/** Every setting there is. docs/config.md describes the same list; a test holds them equal. */
export const SETTINGS = {
  LOOKASIDE_HOST: { schema: host, fallback: '127.0.0.1', allowed: 'an address or host name' },
  LOOKASIDE_PORT: { schema: port, fallback: '8080', allowed: 'a port, 0 to 65535 (0 takes a free one)' },
  LOOKASIDE_SOCKET: { schema: socketPath, fallback: undefined, allowed: 'an absolute path of up to 90 bytes' },
  LOOKASIDE_SOCKET_MODE: { schema: fileMode, fallback: '660', allowed: 'three octal digits, such as 660' },
  LOOKASIDE_DATA_DIR: { schema: z.string().min(1), fallback: './data', allowed: 'a directory' },
  LOOKASIDE_PUBLIC_URL: { schema: httpUrl, fallback: undefined, allowed: 'an http or https URL without query or user' },
  LOOKASIDE_DEFAULT_REGISTRY: {
    schema: z.string().transform((text) => parseRegistry(text)),
    fallback: 'docker.io',
    allowed: 'a registry host such as docker.io or registry.example.com:5000',
  },
  LOOKASIDE_READ_ACCESS: { schema: z.enum(['public', 'token']), fallback: 'public', allowed: 'public or token' },
  LOOKASIDE_PUBLIC_SCOPES: {
    schema: scopeList,
    fallback: undefined,
    allowed: 'scopes such as quay.io/acme or *.example.com, separated by commas',
  },
  LOOKASIDE_MAX_SIGNATURE_BYTES: {
    schema: wholeNumber(1024, LIMITS.signatureBytesCeiling),
    fallback: '65536',
    allowed: `a number of bytes, 1024 to ${LIMITS.signatureBytesCeiling}`,
  },
  LOOKASIDE_CACHE_MB: { schema: wholeNumber(0, 65_536), fallback: '64', allowed: 'a number of MiB, 0 to 65536' },
  LOOKASIDE_WORKERS: { schema: wholeNumber(1, 64), fallback: '1', allowed: 'a number of threads, 1 to 64' },
  LOOKASIDE_TLS_CERT: { schema: file, fallback: undefined, allowed: 'a PEM file' },
  LOOKASIDE_TLS_KEY: { schema: file, fallback: undefined, allowed: 'a PEM file' },
  LOOKASIDE_METRICS_HOST: { schema: host, fallback: '127.0.0.1', allowed: 'an address or host name' },
  LOOKASIDE_METRICS_PORT: { schema: port, fallback: '8081', allowed: 'a port, 0 to 65535 (0 takes a free one)' },
  LOOKASIDE_LOG_LEVEL: { schema: z.enum(LOG_LEVELS), fallback: 'info', allowed: LOG_LEVELS.join(', ') },
  LOOKASIDE_TRUST_PROXY: { schema: wholeNumber(0, 10), fallback: '0', allowed: 'a number of proxies, 0 to 10' },
  LOOKASIDE_ADMIN_PASSWORD: {
    schema: password,
    fallback: undefined,
    allowed: `${LIMITS.passwordShortest} to ${LIMITS.passwordLength} characters`,
    secret: true,
  },
  LOOKASIDE_OIDC_PRIVATE_HOSTS: {
    schema: hostList,
    fallback: undefined,
    allowed: 'hosts of issuers, host or host:port, separated by commas',
  },
  LOOKASIDE_OIDC_CA: { schema: file, fallback: undefined, allowed: 'a PEM file' },
  // Read by the commands that talk to a server, known to all so that a shared environment starts either.
  LOOKASIDE_SERVER: { schema: httpUrl, fallback: undefined, allowed: 'an http or https URL without query or user' },
  LOOKASIDE_TOKEN: {
    schema: z.string().regex(TOKEN_SHAPE),
    fallback: undefined,
    allowed: 'one token and nothing else',
    secret: true,
  },
  LOOKASIDE_ID_TOKEN: {
    schema: z.string().regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/),
    fallback: undefined,
    allowed: 'one ID token (JWT) and nothing else',
    secret: true,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

export type Config = {
  readonly host: string;
  readonly port: number;
  /** Instead of host and port. */
  readonly socket: { readonly path: string; readonly mode: number } | null;
  /** Instead of all of them. */
  readonly handed: HandedSockets;
  readonly databasePath: string;
  /** Without a trailing slash; null: what the server listens on. */
  readonly publicUrl: string | null;
  readonly defaultRegistry: Registry;
  readonly readAccess: 'public' | 'token';
  /** Of a private store, what anybody may read. */
  readonly publicScopes: readonly Scope[];
  readonly maxSignatureBytes: number;
  readonly cacheBytes: number;
  /** Threads that answer reads. */
  readonly workers: number;
  readonly metricsHost: string;
  readonly metricsPort: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly trustProxy: number;
  /** Null: plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Of the first admin, where there is no user yet. */
  readonly adminPassword: string | null;
  readonly server: string | null;
  readonly token: string | null;
  /** What the CI system says about this run. */
  readonly idToken: string | null;
  readonly oidc: {
    /** Issuers that may be at private addresses. */
    readonly privateHosts: readonly string[];
    /** A file of authorities beside those of the system. */
    readonly authorities: string | null;
  };
};

export type Environment = Readonly<Record<string, string | undefined>>;

export function loadConfig(environment: Environment, pid = process.pid): Config {
  requireKnown(environment);
  const get = <T>(name: SettingName): T => read(name, environment) as T;
  const config: Config = {
    host: get<string>('LOOKASIDE_HOST'),
    port: get<number>('LOOKASIDE_PORT'),
    socket: socketFile(get('LOOKASIDE_SOCKET'), get('LOOKASIDE_SOCKET_MODE')),
    handed: readHandedSockets(environment, pid),
    databasePath: join(resolve(get<string>('LOOKASIDE_DATA_DIR')), 'lookaside.db'),
    publicUrl: get<string | null>('LOOKASIDE_PUBLIC_URL')?.replace(/\/+$/, '') ?? null,
    defaultRegistry: get<Registry>('LOOKASIDE_DEFAULT_REGISTRY'),
    readAccess: get<'public' | 'token'>('LOOKASIDE_READ_ACCESS'),
    publicScopes: get<readonly Scope[] | null>('LOOKASIDE_PUBLIC_SCOPES') ?? [],
    maxSignatureBytes: get<number>('LOOKASIDE_MAX_SIGNATURE_BYTES'),
    cacheBytes: get<number>('LOOKASIDE_CACHE_MB') * 1024 * 1024,
    workers: get<number>('LOOKASIDE_WORKERS'),
    metricsHost: get<string>('LOOKASIDE_METRICS_HOST'),
    metricsPort: get<number>('LOOKASIDE_METRICS_PORT'),
    logLevel: get<(typeof LOG_LEVELS)[number]>('LOOKASIDE_LOG_LEVEL'),
    trustProxy: get<number>('LOOKASIDE_TRUST_PROXY'),
    tls: tlsFiles(get('LOOKASIDE_TLS_CERT'), get('LOOKASIDE_TLS_KEY')),
    adminPassword: get<string | null>('LOOKASIDE_ADMIN_PASSWORD'),
    server: get<string | null>('LOOKASIDE_SERVER')?.replace(/\/+$/, '') ?? null,
    token: get<string | null>('LOOKASIDE_TOKEN'),
    idToken: get<string | null>('LOOKASIDE_ID_TOKEN'),
    oidc: {
      privateHosts: get<readonly string[] | null>('LOOKASIDE_OIDC_PRIVATE_HOSTS') ?? [],
      authorities: get<string | null>('LOOKASIDE_OIDC_CA'),
    },
  };
  requireOnePlace(config);
  requirePrivate(config);
  return Object.freeze(config);
}

/** Whoever names what is public believes that the rest is not. */
function requirePrivate({ readAccess, publicScopes }: Config): void {
  if (readAccess === 'public' && publicScopes.length > 0)
    throw new AppError(
      'CONFIG_INVALID',
      'LOOKASIDE_PUBLIC_SCOPES is set, but anybody may read everything; set LOOKASIDE_READ_ACCESS=token, too',
    );
}

function socketFile(path: string | null, mode: number): Config['socket'] {
  return path === null ? null : { path, mode };
}

/** Threads can share a port among them, and nothing else. */
function requireOnePlace({ socket, handed, workers }: Config): void {
  if (socket !== null && handed.store !== null)
    throw new AppError('CONFIG_INVALID', 'LOOKASIDE_SOCKET is set, and a socket was handed over; choose one of them');
  if (workers === 1) return;
  const place = handed.store === null ? 'LOOKASIDE_SOCKET' : 'a socket that was handed over';
  if (socket !== null || handed.store !== null)
    throw new AppError('CONFIG_INVALID', `LOOKASIDE_WORKERS is ${workers}, but with ${place} it can only be 1`);
}

function tlsFiles(cert: string | null, key: string | null): Config['tls'] {
  if (cert !== null && key !== null) return { cert: resolve(cert), key: resolve(key) };
  if (cert === null && key === null) return null;
  const [given, missing] = cert === null ? ['KEY', 'CERT'] : ['CERT', 'KEY'];
  throw new AppError(
    'CONFIG_INVALID',
    `LOOKASIDE_TLS_${given} is set without LOOKASIDE_TLS_${missing}; set both, or none`,
  );
}

function requireKnown(environment: Environment): void {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('LOOKASIDE_') || name in SETTINGS) continue;
    const base = name.replace(/_FILE$/, '');
    if (base !== name && base in SETTINGS && isSecret(base as SettingName)) continue;
    const meant = Object.keys(SETTINGS).find((known) => letters(known) === letters(name));
    const advice = meant ? `it is spelled ${meant}` : `the settings are ${Object.keys(SETTINGS).join(', ')}`;
    throw new AppError('CONFIG_INVALID', `unknown setting ${quote(name)}; ${advice}`);
  }
}

/** What is the same for people who forget where an underscore goes. */
function letters(name: string): string {
  return name.replaceAll('_', '').toUpperCase();
}

function isSecret(name: SettingName): boolean {
  return 'secret' in SETTINGS[name];
}

function read(name: SettingName, environment: Environment): unknown {
  const setting: Setting = SETTINGS[name];
  const text = (setting.secret ? secretText(name, environment) : environment[name]) ?? setting.fallback;
  if (text === undefined) return null;
  const parsed = attempt(() => setting.schema.parse(text));
  if (parsed.ok && text.trim() !== '') return parsed.value;
  // A URL may carry a password although it should not.
  const shown = setting.secret
    ? '***'
    : name.endsWith('_URL') || name === 'LOOKASIDE_SERVER'
      ? quoteUrl(text)
      : quote(text);
  throw new AppError('CONFIG_INVALID', `${name} is ${shown}; allowed: ${setting.allowed}`);
}

function attempt(parse: () => unknown): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: parse() };
  } catch {
    return { ok: false };
  }
}

/** A secret may stand in a file instead, as orchestrators mount them. */
function secretText(name: SettingName, environment: Environment): string | undefined {
  const file = environment[`${name}_FILE`];
  if (file === undefined) return environment[name];
  if (environment[name] !== undefined)
    throw new AppError('CONFIG_INVALID', `${name} and ${name}_FILE are both set; set one`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `${name}_FILE is ${quote(file)}, which cannot be read`, { cause });
  }
}
