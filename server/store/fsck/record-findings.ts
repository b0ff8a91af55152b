// Keys, tokens, publishers, aliases and users against the audit log: each of them was made by an event, and is in the
// state that its events say. Whoever can write the file could make a token, or take back the revocation of a key, and
// leave no trace there.
import type { Finding, FindingCode } from '../../domain/finding.ts';
import { type BoundClaims, formatClaims } from '../../domain/publisher.ts';
import type { Db } from '../database.ts';

type Told = { readonly action: string; readonly detail: Readonly<Record<string, unknown>> };

export function* recordFindings(db: Db): Generator<Finding> {
  const events = db.prepare<[string], { action: string; detail: string }>(
    "SELECT action, detail FROM audit WHERE subject = ? AND action NOT LIKE 'session.%' ORDER BY seq",
  );
  const toldOf = (subject: string): Told[] =>
    events.all(subject).map(({ action, detail }) => ({ action, detail: JSON.parse(detail) as Told['detail'] }));
  // Rows and events of one state: what is changed between two reads is no contradiction.
  const wrongOf = db.transaction((kind: Kind) =>
    db
      .prepare<[], Row>(kind.select)
      .all()
      .flatMap((row): Finding[] => {
        const problem = kind.wrong(row, toldOf(row.subject));
        return problem === null ? [] : [{ code: kind.code, subject: row.subject, problem }];
      }),
  );
  for (const kind of [KEYS, TOKENS, PUBLISHERS, ALIASES, USERS]) yield* wrongOf(kind);
}

const json = (value: unknown) => JSON.stringify(value);

type Row = { readonly subject: string } & Readonly<Record<string, unknown>>;
type Kind = {
  readonly code: FindingCode;
  readonly select: string;
  readonly wrong: (row: Row, told: readonly Told[]) => string | null;
};

const STATES: Readonly<Record<string, string>> = {
  'key.registered': 'active',
  'key.reactivated': 'active',
  'key.retired': 'retired',
  'key.revoked': 'revoked',
};

const KEYS: Kind = {
  code: 'key.unaudited',
  select: 'SELECT fingerprint AS subject, name, state, scopes FROM keys ORDER BY fingerprint',
  wrong({ name, state, scopes }, told) {
    const last = told.findLast(({ action }) => action === 'key.registered' || action === 'key.updated');
    if (!last) return 'the audit log has nothing of its registration';
    // The revocation of a subkey is told of its key, whose state stays what it is.
    const change = told.findLast(({ action, detail }) => action in STATES && detail.subkey === undefined);
    const said = STATES[change?.action ?? ''];
    if (said !== state) return `it is ${state}, and by the audit log ${said}`;
    if (json(last.detail.scopes) !== scopes || last.detail.name !== name)
      return 'its name or scopes are not those of the audit log';
    return null;
  },
};

const TOKENS: Kind = {
  code: 'token.unaudited',
  select: `SELECT id AS subject, name, permissions, scopes, keys, publisher, expires_at AS expires, revoked_at AS revoked
             FROM tokens ORDER BY id`,
  wrong({ expires, revoked, ...row }, told) {
    const made = told.find(({ action }) => action === 'token.created' || action === 'token.exchanged')?.detail;
    if (!made) return 'the audit log has nothing of its creation';
    const { name, permissions, scopes, keys = null, publisher = null, expiresAt } = made;
    const said = { name, permissions: json(permissions), scopes: json(scopes), keys: keys && json(keys), publisher };
    const members = Object.keys(said) as (keyof typeof said)[];
    const until = expires === null ? null : new Date(Number(expires)).toISOString();
    if (expiresAt !== until || members.some((member) => said[member] !== row[member]))
      return 'it may do more or less, or for another time, than the audit log says';
    const ended = told.some(({ action }) => action === 'token.revoked');
    if (ended !== (revoked !== null))
      return `it is ${ended ? 'valid' : 'revoked'}, and by the audit log ${ended ? 'revoked' : 'valid'}`;
    return null;
  },
};

const PUBLISHERS: Kind = {
  code: 'publisher.unaudited',
  select: 'SELECT id AS subject, name, kind, issuer, claims, scopes, keys FROM publishers ORDER BY id',
  wrong({ claims, ...row }, told) {
    const added = told.find(({ action }) => action === 'publisher.added')?.detail;
    if (!added) return 'the audit log has nothing of its addition';
    const { name, kind, issuer, scopes, keys } = added;
    const said: Readonly<Record<string, unknown>> = { name, kind, issuer, scopes: json(scopes), keys: json(keys) };
    const bound = formatClaims(JSON.parse(String(claims)) as BoundClaims);
    if (json(bound) !== json(added.claims) || Object.keys(said).some((member) => said[member] !== row[member]))
      return 'it is bound to less or to something else, or may do more, than the audit log says';
    return null;
  },
};

const ALIASES: Kind = {
  code: 'alias.unaudited',
  select: 'SELECT path AS subject, target FROM aliases ORDER BY path',
  wrong({ target }, told) {
    const last = told.findLast(({ action }) => action.startsWith('alias.'));
    if (last?.action !== 'alias.added') return 'the audit log has nothing of its addition';
    const said = last.detail.target;
    return said === target ? null : `it stands for ${target}, and by the audit log for ${said}`;
  },
};

const USERS: Kind = {
  code: 'user.unaudited',
  select: 'SELECT name AS subject, role FROM users ORDER BY name',
  wrong({ role }, told) {
    const last = told.findLast(({ action }) => ['user.created', 'user.role_changed', 'user.removed'].includes(action));
    if (!last || last.action === 'user.removed') return 'the audit log has nothing of their addition';
    const said = last.action === 'user.created' ? last.detail.role : last.detail.to;
    return said === role ? null : `their role is ${role}, and by the audit log ${said}`;
  },
};
