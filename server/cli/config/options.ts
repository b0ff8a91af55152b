// The options of `lookaside config`, one for each wish.
import { type Command, Option } from 'commander';
import {
  KEY_FORMS,
  NODE_ROLES,
  POLICY_DEFAULTS,
  parseIdentity,
  parseMirror,
  parseNamespace,
  parseNamespacePolicy,
  parsePlace,
  type Wish,
  type Wishes,
} from '../../domain/client-config.ts';
import { AppError, quoteUrl } from '../../domain/errors.ts';
import { PLAIN_IDENTITIES } from '../../domain/policy/identity.ts';
import { parseScope } from '../../domain/scope.ts';
import { repeated } from '../context.ts';
import { readGivenText, readTokenFile } from '../given-file.ts';

type Texts = readonly string[];

/** As commander names them. */
export type ConfigOptions = {
  readonly url?: string;
  readonly registry?: Texts;
  readonly scope?: Texts;
  readonly identity?: string;
  readonly default?: (typeof POLICY_DEFAULTS)[number];
  readonly keys?: (typeof KEY_FORMS)[number];
  readonly legacy?: true;
  readonly mirror?: Texts;
  readonly readTokenFile?: string;
  readonly merge?: string;
  readonly replace?: true;
  readonly role?: readonly (typeof NODE_ROLES)[number][];
  /** One, or for CRI-O several with their scopes. */
  readonly namespace?: string | Texts;
  readonly release?: Texts;
  readonly image?: Texts;
};

const choice = (flags: string, what: string, choices: readonly string[]) => (command: Command) =>
  command.addOption(new Option(flags, what).choices(choices));
const text = (flags: string, what: string) => (command: Command) => command.option(flags, what);
const list = (flags: string, what: string) => (command: Command) =>
  command.option(flags, `${what}; repeatable`, repeated);

export const OPTIONS_OF: Readonly<Record<Wish, (command: Command) => Command>> = {
  url: text('--url <url>', 'where clients reach the store (default: LOOKASIDE_PUBLIC_URL)'),
  registries: list('--registry <host[/path]>', 'a section for this one (default: all that the store knows)'),
  scopes: list('--scope <scope>', 'an entry for this scope (default: all scopes of registered keys)'),
  identity: text(
    '--identity <type>',
    `signedIdentity: ${PLAIN_IDENTITIES.join(', ')}, exactRepository=REPOSITORY or exactReference=REPOSITORY:TAG`,
  ),
  default: choice('--default <type>', 'for everything else (default: reject)', POLICY_DEFAULTS),
  keys: choice('--keys <form>', 'within the policy, a keyring for each scope, or a file for each key', KEY_FORMS),
  legacy: (command) => command.option('--legacy', 'also for containers/image before 5.22'),
  mirrors: list('--mirror <mirror=original>', 'a mirror, as in mirror.example.com/hub=docker.io'),
  readToken: text('--read-token-file <file>', 'with the secret of a token for reading, or - for standard input'),
  existing: text('--merge <policy.json>', 'add to this policy, - for standard input, and keep what is there'),
  replace: (command) => command.option('--replace', 'replace entries of that policy that differ'),
  roles: (command) => command.addOption(roleOption()),
  namespace: text('--namespace <name>', 'of the workloads (default: the whole cluster)'),
  namespaces: list('--namespace <name[=scope,…]>', 'a policy for the pods of this namespace, for these scopes'),
  releases: list('--release <host/path>', 'repositories of releases, or what they have in common'),
  images: list('--image <repository@digest>', 'a release'),
};

function roleOption(): Option {
  return new Option('--role <role>', 'kind of node (default: both); repeatable')
    .choices(NODE_ROLES)
    .argParser((value: string, before: Texts = []) => {
      const role = NODE_ROLES.find((each) => each === value);
      if (role === undefined) throw new AppError('USAGE_INVALID', `--role is ${NODE_ROLES.join(' or ')}`);
      return [...before, role];
    });
}

/** Only what was asked for. */
export async function wishesOf(options: ConfigOptions): Promise<Wishes> {
  const { namespace } = options;
  return {
    url: options.url && requireUrl(options.url),
    registries: options.registry?.map(parsePlace),
    scopes: options.scope?.map(parseScope),
    identity: options.identity === undefined ? undefined : parseIdentity(options.identity),
    default: options.default,
    keys: options.keys,
    legacy: options.legacy,
    mirrors: options.mirror?.map(parseMirror),
    readToken: options.readTokenFile && (await readTokenFile(options.readTokenFile)),
    existing: options.merge === undefined ? undefined : await readGivenText(options.merge, 'policy'),
    replace: options.replace,
    roles: options.role,
    namespace: typeof namespace === 'string' ? parseNamespace(namespace) : undefined,
    namespaces: typeof namespace === 'object' ? namespace.map(parseNamespacePolicy) : undefined,
    releases: options.release?.map(parsePlace),
    images: options.image,
  };
}

function requireUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || /[?#\s]/.test(url) || parsed.username !== '')
    throw new AppError(
      'USAGE_INVALID',
      `--url is ${quoteUrl(url)}; it must be an http or https URL without query or user`,
    );
  return url;
}
