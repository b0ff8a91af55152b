// Tokens: the secrets of machines. `lks_`, 256 random bits, and check digits that tell a mistyped or cut token from
// a wrong one without asking the database. All characters are ones that Portieris, curl and a URL carry unescaped.
import { createHash, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AppError } from '../domain/errors.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { expiredAt } from '../domain/key.ts';
import { LIMITS, requireText } from '../domain/limits.ts';
import {
  type Permission,
  type Principal,
  requirePermission,
  requireScopes,
  SEE,
  type Token,
  tokenPrincipal,
} from '../domain/principal.ts';
import { EVERYTHING, type Scope } from '../domain/scope.ts';
import type { World } from '../ops/world.ts';
import type { TokenFilter, TokenRecord } from '../store/machine-port.ts';
import type { Slice, Store, TextPage } from '../store/port.ts';
import { createLastUses, USE_GRAIN_MS } from './last-uses.ts';

export type TokenRequest = {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly scopes: readonly Scope[];
  /** Null: never expires. */
  readonly lifetimeMs: number | null;
};

export type Tokens = {
  /** Throws CREDENTIALS_INVALID or CREDENTIALS_EXPIRED. */
  authenticate(untrustedSecret: string): Promise<Principal>;
  /** The secret is in this answer and nowhere else. */
  create(request: TokenRequest, principal: Principal): Promise<{ token: Token; secret: string }>;
  /** Those within the principal's own scopes, newest first. */
  list(filter: Omit<TokenFilter, 'within'>, page: TextPage, principal: Principal): Promise<Slice<Token, string>>;
  revoke(id: string, principal: Principal): Promise<void>;
  /** Null: never. */
  expiry(id: string): Promise<Instant | null>;
  /** Notes a use that was seen elsewhere. */
  use(id: string, at: Instant): void;
  /** Writes the last uses noted since the last flush. */
  flush(): Promise<void>;
};

const PREFIX = 'lks_';
const SECRET_BYTES = 32;

export function createTokens(store: Store, world: World): Tokens {
  const uses = createLastUses((noted) => store.touchTokens(noted.map(([id, at]) => ({ id, at }))));
  const recognize = createRecognize(world.now, uses.note);

  return {
    async authenticate(untrustedSecret) {
      const sha256 = hashOf(untrustedSecret);
      return recognize(await store.findToken(sha256), sha256);
    },

    use: uses.note,

    async create({ name, permissions, scopes, lifetimeMs }, principal) {
      requirePermission(principal, 'admin');
      requireText('the name of a token', name, LIMITS.nameLength);
      if (lifetimeMs !== null && lifetimeMs > LIMITS.tokenLifetimeCeilingMs)
        throw new AppError('REQUEST_INVALID', 'a token lives for ten years at most, or never expires');
      const granted = scopes.length === 0 ? [EVERYTHING] : scopes;
      requireScopes(principal, granted);
      const { secret, sha256 } = newSecret(world);
      const at = world.now();
      const token: Token = {
        id: newTokenId(world),
        name,
        permissions: [...new Set(permissions)],
        scopes: granted,
        createdAt: at,
        expiresAt: lifetimeMs === null ? null : ((at + lifetimeMs) as Instant),
        lastUsedAt: null,
        revokedAt: null,
        keys: null,
        publisher: null,
      };
      await store.createToken({ token, sha256, actor: principal.actor, at });
      return { token, secret };
    },

    async list(filter, page, principal) {
      requirePermission(principal, ...SEE);
      const { items, next } = await store.listTokens({ ...filter, within: principal.scopes }, page);
      // With the uses of the last seconds: whoever has just tried a new token looks whether it arrived.
      return { items: items.map((token) => ({ ...token, lastUsedAt: uses.of(token.id) ?? token.lastUsedAt })), next };
    },

    async revoke(id, principal) {
      requirePermission(principal, 'admin');
      requireScopes(principal, (await store.getToken(id)).scopes);
      await store.revokeToken({ id, actor: principal.actor, at: world.now() });
    },

    expiry: async (id) => (await store.getToken(id)).expiresAt,

    flush: uses.flush,
  };
}

/** By a look into the store at once, for reads that are answered at once. `use` is told of a use worth noting. */
export function createTokenCheck(
  find: (sha256: Buffer) => TokenRecord | null,
  now: () => Instant,
  use: (id: string, at: Instant) => void,
): (untrustedSecret: string) => Principal {
  const recognize = createRecognize(now, use);
  return (untrustedSecret) => {
    const sha256 = hashOf(untrustedSecret);
    return recognize(find(sha256), sha256);
  };
}

function hashOf(untrustedSecret: string): Buffer {
  requireWellFormed(untrustedSecret);
  return createHash('sha256').update(untrustedSecret).digest();
}

/** Whose token it is; throws CREDENTIALS_INVALID or CREDENTIALS_EXPIRED. */
function createRecognize(now: () => Instant, use: (id: string, at: Instant) => void) {
  return (record: TokenRecord | null, sha256: Buffer): Principal => {
    if (!record || !timingSafeEqual(record.sha256, sha256) || record.token.revokedAt !== null)
      throw new AppError('CREDENTIALS_INVALID', 'the token is not one of this store, or has been revoked');
    const { token } = record;
    const at = now();
    if (expiredAt(token.expiresAt, at))
      throw new AppError(
        'CREDENTIALS_EXPIRED',
        `the token ${token.id} expired at ${formatInstant(token.expiresAt as Instant)}; ask for a new one`,
      );
    if (at - (token.lastUsedAt ?? 0) >= USE_GRAIN_MS) use(token.id, at);
    return tokenPrincipal(token);
  };
}

/** A secret, and what is kept of it. */
export function newSecret({ randomBytes }: Pick<World, 'randomBytes'>): { secret: string; sha256: Buffer } {
  const body = PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
  const secret = body + checkDigits(body);
  return { secret, sha256: createHash('sha256').update(secret).digest() };
}

export function newTokenId({ randomBytes }: Pick<World, 'randomBytes'>): string {
  return randomBytes(6).toString('hex');
}

function requireWellFormed(untrustedSecret: string): void {
  const body = untrustedSecret.slice(0, -6);
  if (!/^lks_[A-Za-z0-9_-]{49}$/.test(untrustedSecret) || checkDigits(body) !== untrustedSecret.slice(-6))
    throw new AppError('CREDENTIALS_INVALID', 'this is not a token of this store; it may be mistyped or cut short');
}

function checkDigits(body: string): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return sum.toString('base64url');
}
