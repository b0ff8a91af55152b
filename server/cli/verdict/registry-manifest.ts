// The manifest of an image from its registry, as anybody may have it. Commands alone do this: a server that fetched what it
// is told to would reach for its callers where they cannot reach themselves.
import { AppError, quote } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Reference } from '../../domain/reference.ts';
import { DOCKER_HUB, type Registry, splitRegistry } from '../../domain/repository-name.ts';
import { readBounded } from '../bounded-answer.ts';

const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
/** For each of three requests. */
const PATIENCE_MS = 15_000;
/** Where docker.io really is. */
const HUB_HOST = 'registry-1.docker.io';

type Options = { readonly plainHttp: boolean };

/** Throws SERVER_UNREACHABLE for a registry that does not answer with it. */
export async function fetchManifest(reference: Reference, { plainHttp }: Options): Promise<Uint8Array> {
  const { registry, path } = splitRegistry(reference.repository, DOCKER_HUB);
  const host = (registry as string) === DOCKER_HUB ? HUB_HOST : registry;
  const url = new URL(
    `${plainHttp ? 'http' : 'https'}://${host}/v2/${path}/manifests/${reference.digest ?? reference.tag}`,
  );
  const first = await get(url, registry);
  const answer =
    first.status === 401 ? await get(url, registry, await anonymousToken(first, { path, registry, plainHttp })) : first;
  if (!answer.ok) {
    await answer.body?.cancel();
    throw unreachable(
      registry,
      `it answered ${answer.status} for ${reference.text}; hand the manifest over with --manifest`,
    );
  }
  return bytesOf(answer, registry);
}

async function get(url: URL, registry: Registry, token?: string): Promise<Response> {
  const headers = {
    accept: MEDIA_TYPES.join(', '),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (cause) {
    throw unreachable(registry, `${describe(cause)}; hand the manifest over with --manifest`, cause);
  }
}

/** The dance of registries: a 401 names the server that gives tokens, to anybody for what is public. */
async function anonymousToken(
  refusal: Response,
  { path, registry, plainHttp }: Options & { readonly path: string; readonly registry: Registry },
): Promise<string> {
  const challenge = refusal.headers.get('www-authenticate') ?? '';
  await refusal.body?.cancel();
  const parameter = (name: string) => new RegExp(`[ ,]${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = parameter('realm');
  if (!/^bearer /i.test(challenge) || realm === undefined || !URL.canParse(realm))
    throw unreachable(registry, 'it wants credentials; hand the manifest over with --manifest');
  const url = new URL(realm);
  if (url.protocol !== 'https:' && !plainHttp) throw unreachable(registry, 'its tokens come without TLS');
  url.searchParams.set('service', parameter('service') ?? '');
  url.searchParams.set('scope', `repository:${path}:pull`);
  const answer = await get(url, registry);
  const text = Buffer.from(await bytesOf(answer, registry)).toString('utf8');
  try {
    const { token, access_token } = JSON.parse(text) as { token?: unknown; access_token?: unknown };
    const given = token ?? access_token;
    if (answer.ok && typeof given === 'string' && /^[\x21-\x7e]+$/.test(given)) return given;
  } catch {}
  throw unreachable(registry, 'it gives nobody a token without credentials; hand the manifest over with --manifest');
}

async function bytesOf(answer: Response, registry: Registry): Promise<Uint8Array> {
  const bytes = await readBounded(answer, LIMITS.manifestBytes).catch((cause: unknown) => {
    throw unreachable(registry, describe(cause), cause);
  });
  if (bytes === null) throw unreachable(registry, `it sent more than ${LIMITS.manifestBytes} bytes`);
  return bytes;
}

function describe(thrown: unknown): string {
  const error = thrown as Error & { cause?: Error };
  const words = (error.cause?.message ?? error.message).trim();
  if (words.includes('wrong version number')) return 'it does not speak TLS; see --plain-http';
  return error.name === 'TimeoutError' ? `no answer within ${PATIENCE_MS / 1000} s` : words;
}

function unreachable(registry: Registry, why: string, cause?: unknown): AppError {
  return new AppError('SERVER_UNREACHABLE', `no manifest from the registry ${quote(registry)}: ${why}`, { cause });
}
