// The part of the store's port that is about people: users, sessions, and who was refused.
import type { Instant } from '../domain/instant.ts';
import type { Role, User, UserName } from '../domain/user.ts';
import type { Act } from './port.ts';

/** A user and the hash of their password: argon2id, as a PHC string. */
export type UserRecord = { readonly user: User; readonly password: string };

export type NewUser = Act & { readonly name: UserName; readonly role: Role; readonly password: string };

export type UserChange = Act & {
  readonly name: UserName;
  readonly role?: Role | undefined;
  readonly password?: string | undefined;
  /** The hash that the user's own knowledge of the password was checked against. Another one now: refused. */
  readonly proven?: string | undefined;
};

/** `sha256` is that of the secret, which the store never sees. */
export type SessionUse = { readonly sha256: Uint8Array; readonly at: Instant };

export type NewSession = SessionUse & {
  readonly user: UserName;
  /** The hash that the password was checked against. Another one now: refused. */
  readonly proven: string;
  /** The same password with better parameters, to be kept from now on. */
  readonly rehashed: string | null;
  /** Of the client, for the audit log. */
  readonly address: string;
  readonly expiresAt: Instant;
};

export type SessionRecord = {
  readonly sha256: Uint8Array;
  readonly user: User;
  readonly createdAt: Instant;
  readonly lastSeenAt: Instant;
  readonly expiresAt: Instant;
};

export type RefusedSignIn = {
  /** Null: no user has the name that was tried. */
  readonly user: UserName | null;
  readonly occasion: 'sign-in' | 'password-change';
  /** Null when the attempts came from several. */
  readonly address: string | null;
  readonly attempts: number;
  readonly at: Instant;
};

/** As in port.ts: each one transaction with its audit row. */
export interface PeopleWrites {
  createUser(user: NewUser): Promise<User>;
  /** False, and nothing done, when there is a user already. */
  createFirstUser(user: NewUser): Promise<boolean>;
  /** A new password ends all sessions of the user. */
  changeUser(change: UserChange): Promise<User>;
  removeUser(removal: Act & { name: UserName }): Promise<void>;
  createSession(session: NewSession): Promise<void>;
  endSession(end: SessionUse): Promise<void>;
  recordRefusedSignIn(refused: RefusedSignIn): Promise<void>;
  /** Not audited, and lost in a crash: when each session was last seen. */
  touchSessions(uses: readonly SessionUse[]): Promise<void>;
}

/** As in port.ts: each a step or two through an index. */
export interface PeopleReads {
  findUser(name: UserName): Promise<UserRecord | null>;
  /** All of them, by name: people are few. */
  listUsers(): Promise<User[]>;
  findSession(sha256: Uint8Array): Promise<SessionRecord | null>;
}
