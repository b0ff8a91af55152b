// A server with people, and a clock that moves when the test says so.
import assert from 'node:assert/strict';
import type { OutgoingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import type { AuditRow } from '../../server/domain/audit-event.ts';
import type { Instant } from '../../server/domain/instant.ts';
import type { Role } from '../../server/domain/user.ts';
import { createLog } from '../../server/ops/log.ts';
import { realWorld } from '../../server/ops/world.ts';
import { type Answer, send } from '../http/wire.ts';
import { LOCAL, type TestServer, testServer } from './server.ts';

export const PASSWORD = 'correct horse battery';

export type Person = {
  /** As the browser sends it back. */
  readonly cookie: string;
  /** From a page of the store, unless `headers` say otherwise. */
  call(method: string, path: string, body?: unknown, headers?: OutgoingHttpHeaders): Promise<Answer>;
};

export type PeopleScene = TestServer & {
  /** Everything the server has logged so far. */
  logged(): string;
  later(ms: number): void;
  /** With the password of everybody here, from a page of the store; `headers` replace others, or remove them. */
  signIn(name?: string, password?: string, headers?: OutgoingHttpHeaders): Promise<Answer>;
  person(name?: string, password?: string): Promise<Person>;
  /** Adds somebody, and signs them in. */
  newPerson(name: string, role: Role): Promise<Person>;
  /** Newest first, when all that was noted is written. */
  audit(action?: AuditRow['action']): Promise<readonly AuditRow[]>;
};

export async function peopleScene(t: Pick<TestContext, 'after'>, settings: Environment = {}): Promise<PeopleScene> {
  let now = Date.UTC(2026, 0, 1) as Instant;
  let text = '';
  const write = (line: string) => {
    text += line;
  };
  const server = await testServer(
    t,
    { LOOKASIDE_ADMIN_PASSWORD: PASSWORD, ...settings },
    { world: { ...realWorld, now: () => now }, log: createLog('debug', { write }) },
  );
  const { url, local } = server;

  async function signIn(name = 'admin', password = PASSWORD, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    const body = JSON.stringify({ username: name, password });
    const all = Object.entries({ 'content-type': 'application/json', origin: url, ...headers });
    const sent = Object.fromEntries(all.filter(([, value]) => value !== undefined));
    return send(url, '/api/v1/session', { method: 'POST', headers: sent, body });
  }

  async function person(name?: string, password?: string): Promise<Person> {
    const answer = await signIn(name, password);
    assert.equal(answer.status, 200, answer.text);
    return personWith(url, cookieOf(answer));
  }

  return {
    ...server,
    logged: () => text,
    later: (ms) => {
      now = (now + ms) as Instant;
    },
    signIn,
    person,
    async newPerson(name, role) {
      await local.users.create({ name, role, password: PASSWORD }, LOCAL);
      return person(name);
    },
    async audit(action) {
      // Refused sign-ins are answered before they are written: until two looks say the same.
      for (let before = -1; ; ) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const { items } = await local.audit.list({ action }, { limit: 100, before: null }, LOCAL);
        if (items.length === before) return items;
        before = items.length;
      }
    },
  };
}

export function personWith(url: string, cookie: string): Person {
  return {
    cookie,
    call(method, path, body, headers = {}) {
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const own = method === 'GET' ? {} : { origin: url };
      return send(url, path, {
        method,
        headers: { cookie, ...own, ...json, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
  };
}

/** `name=value` of the one cookie that was set. */
export function cookieOf({ headers }: Answer): string {
  const [set = '', ...others] = headers['set-cookie'] ?? [];
  assert.equal(others.length, 0);
  return set.split(';')[0] ?? '';
}

export function secretOf({ cookie }: Person): string {
  return cookie.slice(cookie.indexOf('=') + 1);
}
