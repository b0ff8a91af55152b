// Fills a store with what store-plan.ts says, through the ways that people and pipelines have, one day after the other.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { results } from '../http/scene.ts';
import { type Answer, bearer, send } from '../http/wire.ts';
import { DAY_MS, type GpgKey, type GpgKeys, gpgKeys } from './gpg-keys.ts';
import { ADMIN, type Scene } from './scene.ts';
import * as plan from './store-plan.ts';

export type FilledStore = {
  readonly keys: Readonly<Record<plan.KeyName, GpgKey>>;
  /** A key that is not registered. */
  readonly stranger: GpgKey;
  readonly secrets: Readonly<Record<plan.TokenName, string>>;
  /** Ids of the signatures with this docker-reference, in the order they were stored. */
  idsOf(reference: string): readonly number[];
  /** As a pipeline does it, with the token of this name. */
  upload(token: plan.TokenName, bytes: Uint8Array, target?: string): Promise<Answer>;
};

export type Filling = {
  /** With a key, names and texts that want to be taken for something else. */
  readonly isHostile?: boolean;
  /** With a month of nightly builds. */
  readonly isBusy?: boolean;
};

type Step = { readonly daysAgo: number; readonly run: (at: number) => Promise<unknown> };

export async function fillStore(
  t: Pick<TestContext, 'after'>,
  scene: Scene,
  { isHostile = false, isBusy = false }: Filling = {},
): Promise<FilledStore> {
  const now = Date.now();
  scene.clock.set(plan.daysBefore(now, plan.FIRST_DAY));
  const gpg = gpgKeys(t);
  const keys = await generateKeys(gpg, now);
  const stranger = await gpg.generate({
    userId: 'Somebody <somebody@example.net>',
    createdAt: plan.daysBefore(now, 60),
  });
  for (const name of plan.KEY_NAMES) await registerKey(scene, keys[name], plan.KEYS[name]);
  const tokens = await createTokens(scene);
  await trustPipelines(scene, keys);
  for (const alias of plan.ALIASES) await scene.local.aliases.add({ ...alias, replace: false }, ADMIN);
  const ids = new Map<string, number[]>();

  const store: FilledStore = {
    keys,
    stranger,
    secrets: tokens.secrets,
    idsOf: (reference) => ids.get(reference) ?? [],
    upload(token, bytes, target) {
      const query = target === undefined ? '' : `?target=${encodeURIComponent(target)}`;
      const headers = { 'content-type': 'application/octet-stream', ...bearer(tokens.secrets[token]) };
      return send(scene.url, `/api/v1/signatures${query}`, { method: 'POST', headers, body: bytes });
    },
  };

  async function append(key: GpgKey, { reference, image }: plan.Signed, how: { at: number; creator?: string }) {
    const digest = plan.digestOf(image);
    const payload = plan.payloadOf(reference, digest, how);
    const answer = await store.upload('release-pipeline', await key.sign(reference, digest, { at: how.at, payload }));
    assert.equal(answer.status, 201, answer.text);
    ids.set(reference, [...store.idsOf(reference), ...results(answer).map(({ id }) => id)]);
  }

  const signatures = [...plan.SIGNATURES, ...(isBusy ? plan.nightlyBuilds() : [])].map((each) => ({
    daysAgo: each.daysAgo,
    run: (at: number) => append(keys[each.key], each, { at }),
  }));
  const hostile = () => hostileSteps(gpg, { scene, now, append, upload: store.upload });
  const steps = [
    ...signatures,
    ...refusals(store),
    ...changes(scene, store, tokens.ids),
    ...(isHostile ? hostile() : []),
  ];
  for (const { daysAgo, run } of steps.sort((a, b) => b.daysAgo - a.daysAgo)) {
    const at = plan.daysBefore(now, daysAgo);
    scene.clock.set(at);
    await run(at);
  }
  scene.clock.set(null);
  await send(scene.url, '/api/v1/signatures?limit=1', { headers: bearer(tokens.secrets['nightly-audit']) });
  return store;
}

async function generateKeys(gpg: GpgKeys, now: number): Promise<Record<plan.KeyName, GpgKey>> {
  const keys = {} as Record<plan.KeyName, GpgKey>;
  for (const name of plan.KEY_NAMES) {
    const { expiresInDays, ...wish }: plan.KeyPlan = plan.KEYS[name];
    const expiry = expiresInDays === undefined ? {} : { expiresAt: now + expiresInDays * DAY_MS };
    keys[name] = await gpg.generate({ ...wish, createdAt: plan.daysBefore(now, 400), ...expiry });
  }
  return keys;
}

function registerKey({ local }: Scene, { armored }: GpgKey, { name, scopes }: plan.KeyPlan) {
  return local.keys.register(Buffer.from(armored), { name, scopes: scopes.map(parseScope) }, ADMIN);
}

async function trustPipelines({ local }: Scene, keys: Record<plan.KeyName, GpgKey>) {
  for (const { key, ...pipeline } of plan.PIPELINES) {
    const scopes = pipeline.scopes.map(parseScope);
    const fingerprint = parseFingerprint(keys[key].fingerprint);
    await local.publishers.add({ ...pipeline, issuer: null, scopes, keys: [fingerprint] }, ADMIN);
  }
}

async function createTokens({ local }: Scene) {
  const secrets = {} as Record<plan.TokenName, string>;
  const ids = {} as Record<plan.TokenName, string>;
  for (const name of plan.TOKEN_NAMES) {
    const { permissions, scopes, days } = plan.TOKENS[name];
    const request = { name, permissions, scopes: scopes.map(parseScope), lifetimeMs: days * DAY_MS };
    const { token, secret } = await local.tokens.create(request, ADMIN);
    secrets[name] = secret;
    ids[name] = token.id;
  }
  return { secrets, ids };
}

/** What pipelines get wrong. */
function refusals({ upload, keys, stranger }: FilledStore): Step[] {
  const reference = `${plan.STOREFRONT}:v2.16.0-rc1`;
  const digest = plan.digestOf(reference);
  const redis = 'registry.example.com/platform/redis:7';
  const target = plan.targetOf(plan.STOREFRONT, digest);
  const page = Buffer.from('<!doctype html><title>Sign in to the proxy</title>');
  const byStranger = async (at: number) => upload('gitlab-storefront', await stranger.sign(reference, digest, { at }));
  const armored = async (at: number) =>
    upload('gitlab-storefront', await keys.ci.sign(reference, digest, { at, options: ['--armor'] }), target);
  const html = () => upload('gitlab-storefront', page, target);
  const otherImage = async (at: number) =>
    upload(
      'gitlab-storefront',
      await keys.ci.sign(reference, digest, { at }),
      plan.targetOf(plan.STOREFRONT, plan.digestOf('another')),
    );
  const outOfScope = async (at: number) =>
    upload('gitlab-storefront', await keys.platform.sign(redis, plan.digestOf(redis), { at }));
  const notAllowed = async (at: number) => upload('nightly-audit', await keys.ci.sign(reference, digest, { at }));
  return [
    refusal(14.2, 422, byStranger),
    refusal(9.3, 422, armored),
    refusal(9.2, 422, html),
    refusal(5.3, 422, otherImage),
    refusal(3.1, 403, outOfScope),
    refusal(2.4, 403, notAllowed),
    refusal(0.3, 422, byStranger),
  ];
}

function refusal(daysAgo: number, status: number, make: (at: number) => Promise<Answer>): Step {
  return {
    daysAgo,
    async run(at) {
      const answer = await make(at);
      assert.equal(answer.status, status, answer.text);
    },
  };
}

/** What admins have done since. */
function changes({ local }: Scene, { keys, idsOf }: FilledStore, tokenIds: Record<plan.TokenName, string>): Step[] {
  const fingerprint = (name: plan.KeyName) => parseFingerprint(keys[name].fingerprint);
  const stolen = { state: 'revoked', reason: 'laptop with the key was stolen' } as const;
  return [
    { daysAgo: 12, run: () => local.keys.change(fingerprint('former'), { state: 'retired', force: true }, ADMIN) },
    { daysAgo: 10, run: () => local.keys.change(fingerprint('contractor'), stolen, ADMIN) },
    { daysAgo: 8, run: () => local.tokens.revoke(tokenIds['jenkins-legacy'], ADMIN) },
    {
      daysAgo: 1,
      run: () =>
        local.signatures.withdraw(idsOf(plan.WITHDRAWN)[1] ?? 0, 'signed the wrong build, see OPS-4117', ADMIN),
    },
  ];
}

type HostileParts = Pick<FilledStore, 'upload'> & {
  readonly scene: Scene;
  readonly now: number;
  readonly append: (key: GpgKey, signature: plan.Signed, how: { at: number; creator: string }) => Promise<void>;
};

/** Somebody who could get a key registered, and puts into it, into claims and into uploads what is no honest text. */
function hostileSteps(gpg: GpgKeys, { scene, now, append, upload }: HostileParts): Step[] {
  const making = gpg.generate({ ...plan.HOSTILE_KEY, createdAt: plan.daysBefore(now, 40) });
  const signatures = plan.HOSTILE_SIGNATURES.map((each) => ({
    daysAgo: each.daysAgo,
    run: async (at: number) => append(await making, each, { at, creator: plan.HOSTILE }),
  }));
  return [
    { daysAgo: 8, run: async () => registerKey(scene, await making, plan.HOSTILE_KEY) },
    ...signatures,
    refusal(0.2, 400, () => upload('gitlab-storefront', Buffer.from('x'), plan.HOSTILE)),
  ];
}
