// What happens to a refused upload after its answer: it is noted, written a little later, and shown to admins.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, type ErrorCode } from '../../server/domain/errors.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { localPrincipal, type Principal } from '../../server/domain/principal.ts';
import { parseScope } from '../../server/domain/scope.ts';
import type { Log } from '../../server/ops/log.ts';
import { realWorld } from '../../server/ops/world.ts';
import { createRefusals } from '../../server/services/refusals.ts';
import type { NewRefusal, Store } from '../../server/store/port.ts';
import { NOW, openTestStore } from '../store/scene.ts';

const PIPELINE: Principal = {
  actor: { kind: 'token', id: '0a0a', name: 'ci' },
  permissions: ['upload'],
  scopes: [parseScope('quay.io')],
  keys: null,
};
const ADMIN = localPrincipal('root');
const PAGE = { limit: 1_000, before: null };

function listen() {
  const warnings: { event: string; fields: unknown }[] = [];
  const ignore = () => {};
  const warn = (event: string, fields?: Record<string, unknown>) => void warnings.push({ event, fields });
  const log: Log = { debug: ignore, info: ignore, warn, error: ignore };
  return { log, warnings };
}

const world = { ...realWorld, now: () => NOW };

function noteOf(store: Store, log = listen().log) {
  const refusals = createRefusals(store, world, log);
  const note = (code: ErrorCode, message = 'no', target: string | null = null) =>
    refusals.note(new AppError(code, message), target, PIPELINE);
  const codes = async () => (await refusals.list({}, PAGE, ADMIN)).items.map(({ code }) => code);
  return { refusals, note, codes };
}

test('a refused upload', async (t) => {
  await t.test('is shown to whoever looks, at once, with what the uploader was told', async (t) => {
    const { store } = await openTestStore(t);
    const { refusals, note } = noteOf(store);
    note('KEY_UNKNOWN', 'signed by a stranger', 'quay.io/acme/app@sha256=x');
    const { items } = await refusals.list({}, PAGE, ADMIN);
    const { actor } = PIPELINE;
    const told = { code: 'KEY_UNKNOWN', detail: 'signed by a stranger', target: 'quay.io/acme/app@sha256=x' };
    assert.deepEqual(items, [{ id: 1, at: NOW, actor, ...told }]);
  });
  await t.test('is one for what it is: not for our faults, and not for no credentials', async (t) => {
    const { store } = await openTestStore(t);
    const { note, codes } = noteOf(store);
    for (const code of ['STORE_FULL', 'INTERNAL', 'INTAKE_BUSY', 'CREDENTIALS_MISSING'] as const) note(code);
    assert.deepEqual(await codes(), []);
    for (const code of ['SIGNATURE_BAD', 'PERMISSION_MISSING', 'IMAGE_FULL'] as const) note(code);
    assert.deepEqual(await codes(), ['IMAGE_FULL', 'PERMISSION_MISSING', 'SIGNATURE_BAD']);
  });
  await t.test('takes a bounded place, however long its target and its message', async (t) => {
    const { store } = await openTestStore(t);
    const { refusals, note } = noteOf(store);
    note('TARGET_INVALID', 'm'.repeat(50_000), '\u{1F98A}'.repeat(50_000));
    const [refusal] = (await refusals.list({}, PAGE, ADMIN)).items;
    assert.ok(refusal && refusal.detail.length <= 1_000 && (refusal.target?.length ?? 0) <= 1_000);
  });
  await t.test('is shown to those who may see everything, and to nobody else', async (t) => {
    const { store } = await openTestStore(t);
    const { refusals } = noteOf(store);
    await assert.rejects(refusals.list({}, PAGE, PIPELINE), { code: 'PERMISSION_MISSING' });
    const narrow: Principal = { ...PIPELINE, permissions: ['admin'] };
    await assert.rejects(refusals.list({}, PAGE, narrow), { code: 'TOKEN_SCOPE' });
    await refusals.list({}, PAGE, { ...narrow, permissions: ['view'], scopes: [parseScope('')] });
  });
});

/** A store whose writes take until they are let go, or fail. */
function slowStore(store: Store) {
  const written: (readonly NewRefusal[])[] = [];
  const held: (() => void)[] = [];
  const recordRefusals = async (refusals: readonly NewRefusal[]) => {
    await new Promise<void>((resolve) => held.push(resolve));
    await store.recordRefusals(refusals);
    written.push(refusals);
  };
  return { store: { ...store, recordRefusals }, written, held };
}

test('refusals are written', async (t) => {
  await t.test('many at a time', async (t) => {
    const { store } = await openTestStore(t);
    const calls: number[] = [];
    const counting = {
      ...store,
      recordRefusals(refusals: readonly NewRefusal[]) {
        calls.push(refusals.length);
        return store.recordRefusals(refusals);
      },
    };
    const { refusals, note, codes } = noteOf(counting);
    await refusals.flush();
    assert.deepEqual(calls, []); // nothing to write, nothing to sync
    for (let count = 0; count < 1_203; count++) note('KEY_UNKNOWN');
    await refusals.flush();
    assert.equal((await codes()).length, 1_000); // a page
    assert.ok(calls.length <= 3 && calls.reduce((sum, size) => sum + size, 0) === 1_203, calls.join());
  });
  await t.test('before a list is read, also those that are on their way', async (t) => {
    const { store, held } = slowStore((await openTestStore(t)).store);
    const { refusals, note, codes } = noteOf(store);
    note('KEY_UNKNOWN');
    const flushed = refusals.flush();
    const seen = codes();
    const letGo = setInterval(() => held.shift()?.(), 1);
    t.after(() => clearInterval(letGo));
    assert.deepEqual(await seen, ['KEY_UNKNOWN']);
    await flushed;
  });
  await t.test('or lost with a line in the log when the store fails, and nothing else is', async (t) => {
    const { store } = await openTestStore(t);
    const { log, warnings } = listen();
    let broken = true;
    const failing = {
      ...store,
      recordRefusals: (refusals: readonly NewRefusal[]) =>
        broken ? Promise.reject(new AppError('STORE_FULL', 'the disk is full')) : store.recordRefusals(refusals),
    };
    const { refusals, note, codes } = noteOf(failing, log);
    note('KEY_UNKNOWN');
    note('SIGNATURE_BAD');
    await refusals.flush();
    assert.deepEqual(warnings, [{ event: 'refusals.lost', fields: { count: 2, cause: 'AppError: the disk is full' } }]);
    broken = false;
    note('IMAGE_FULL');
    assert.deepEqual(await codes(), ['IMAGE_FULL']);
    assert.equal((await store.days(NOW as Instant, 1)).refusals.length, 1);
  });
});
