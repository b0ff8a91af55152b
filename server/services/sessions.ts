// Sessions of people: a random secret in a cookie, its SHA-256 in the database, two limits of time. Who may do what is
// read from the user with every request, so that a changed role or a removed user counts from the next one on.
import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Principal, userPrincipal } from '../domain/principal.ts';
import { parseUserName, requirePassword, type User, type UserName } from '../domain/user.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { World } from '../ops/world.ts';
import type { RefusedSignIn, UserRecord } from '../store/people-port.ts';
import type { Store } from '../store/port.ts';
import { createLastUses, USE_GRAIN_MS } from './last-uses.ts';
import type { Passwords } from './passwords.ts';
import type { RefusedSignIns } from './refused-sign-ins.ts';
import type { Client, SignInAttempts } from './sign-in-attempts.ts';

export type ActiveSession = {
  readonly user: User;
  readonly principal: Principal;
  /** Whatever happens; it ends earlier when it is not used. */
  readonly expiresAt: Instant;
};

export type SignIn = { readonly untrustedName: string; readonly password: string; readonly client: Client };
export type PasswordChange = { readonly current: string; readonly password: string; readonly client: Client };

export type Sessions = {
  /** Throws CREDENTIALS_INVALID or SIGN_IN_SLOWED. The secret is in this answer and nowhere else. */
  signIn(signIn: SignIn): Promise<{ session: ActiveSession; secret: string }>;
  /** Throws CREDENTIALS_EXPIRED: whether it ended or never was, the thing to do is to sign in. */
  authenticate(untrustedSecret: string): Promise<ActiveSession>;
  /** Harmless when there is no such session. */
  end(untrustedSecret: string): Promise<void>;
  /** Ends all sessions of the user. Throws CREDENTIALS_INVALID when `current` is not the password. */
  changeOwnPassword(change: PasswordChange, principal: Principal): Promise<void>;
  /** Writes what was noted since the last flush: last uses, refused attempts. */
  flush(): Promise<void>;
};

export type SessionParts = {
  readonly store: Store;
  readonly passwords: Passwords;
  readonly attempts: SignInAttempts;
  readonly refused: RefusedSignIns;
  readonly metrics: Pick<Metrics, 'signIn'>;
  readonly world: World;
};

const SECRET_BYTES = 32;
const SECRET_SHAPE = /^[A-Za-z0-9_-]{43}$/;
const WRONG: Record<RefusedSignIn['occasion'], string> = {
  'sign-in': 'user name and password do not match',
  'password-change': 'the current password is another one',
};

export function createSessions({ store, passwords, attempts, refused, metrics, world }: SessionParts): Sessions {
  /** By the hash of the secret, in hex. */
  const uses = createLastUses((noted) =>
    store.touchSessions(noted.map(([key, at]) => ({ sha256: Buffer.from(key, 'hex'), at }))),
  );

  /** The user whose password this is. A wrong name and a wrong password take the same way, the same time, one answer. */
  async function requireUser({ untrustedName, password, client }: SignIn, occasion: RefusedSignIn['occasion']) {
    const attempt = begin(untrustedName, client);
    const record = await findUser(store, untrustedName);
    const right = await passwords.verify(record?.password ?? null, password);
    if (record === null || !right) {
      metrics.signIn('refused');
      refused.note({ user: record?.user.name ?? null, occasion, address: client.address });
      throw new AppError('CREDENTIALS_INVALID', WRONG[occasion]);
    }
    attempt.succeeded();
    metrics.signIn('accepted');
    return record;
  }

  function begin(untrustedName: string, client: Client) {
    try {
      return attempts.begin(untrustedName, client);
    } catch (error) {
      metrics.signIn('slowed');
      throw error;
    }
  }

  return {
    async signIn(signIn) {
      const { user, password: proven } = await requireUser(signIn, 'sign-in');
      const rehashed = (await passwords.isOutdated(proven)) ? await passwords.hash(signIn.password) : null;
      const secret = world.randomBytes(SECRET_BYTES).toString('base64url');
      const at = world.now();
      const expiresAt = (at + LIMITS.sessionLifetimeMs) as Instant;
      const { address } = signIn.client;
      await store.createSession({ sha256: hashOf(secret), user: user.name, proven, rehashed, address, at, expiresAt });
      return { session: { user, principal: userPrincipal(user), expiresAt }, secret };
    },

    async authenticate(untrustedSecret) {
      if (!SECRET_SHAPE.test(untrustedSecret)) throw ended();
      const sha256 = hashOf(untrustedSecret);
      const record = await store.findSession(sha256);
      if (!record || !timingSafeEqual(record.sha256, sha256)) throw ended();
      const { user, expiresAt } = record;
      const key = sha256.toString('hex');
      const lastSeenAt = Math.max(record.lastSeenAt, uses.of(key) ?? 0);
      const now = world.now();
      if (now >= expiresAt || now - lastSeenAt >= LIMITS.sessionIdleMs) throw ended();
      // So the idle limit may end a session by as much too early, never too late.
      if (now - lastSeenAt >= USE_GRAIN_MS) uses.note(key, now);
      return { user, principal: userPrincipal(user), expiresAt };
    },

    async end(untrustedSecret) {
      if (!SECRET_SHAPE.test(untrustedSecret)) return;
      const sha256 = hashOf(untrustedSecret);
      uses.forget(sha256.toString('hex'));
      await store.endSession({ sha256, at: world.now() });
    },

    async changeOwnPassword({ current, password, client }, { actor }) {
      if (actor.kind !== 'user') throw new AppError('PERMISSION_MISSING', 'a token has no password; only people do');
      requirePassword(password);
      const signIn = { untrustedName: actor.name, password: current, client };
      const { user, password: proven } = await requireUser(signIn, 'password-change');
      const hashed = await passwords.hash(password);
      await store.changeUser({ name: user.name, password: hashed, proven, actor, at: world.now() });
    },

    async flush() {
      await refused.flush(); // first: it must not be lost because a last use cannot be written
      await uses.flush();
    },
  };
}

async function findUser(store: Store, untrustedName: string): Promise<UserRecord | null> {
  let name: UserName;
  try {
    name = parseUserName(untrustedName);
  } catch {
    return null; // whatever was typed, the answer is that of an unknown name
  }
  return store.findUser(name);
}

function hashOf(untrustedSecret: string): Buffer {
  return createHash('sha256').update(untrustedSecret).digest();
}

function ended(): AppError {
  return new AppError('CREDENTIALS_EXPIRED', 'the session has ended; sign in again');
}
