// Names that climb: out of the tree of an export, out of a prefix that a proxy guards, or into another repository.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIGEST, scene, signature, stored } from '../http/scene.ts';
import { sendRaw } from '../http/wire.ts';
import { refuses } from './refused.ts';

const HEX = DIGEST.slice('sha256:'.length);

refuses('a claim that climbs', [
  ['in its reference', 'claim-reference-path-climb', 422, 'CLAIM_REFERENCE_INVALID'],
  ['in its digest', 'claim-digest-path-climb', 422, 'CLAIM_INVALID'],
  ['behind a NUL', 'claim-reference-nul', 422, 'CLAIM_REFERENCE_INVALID'],
  ['behind a line feed', 'claim-reference-newline', 422, 'CLAIM_REFERENCE_INVALID'],
]);

const CLIMBS = [
  `registry.example.com/acme/x/../app@sha256=${HEX}`,
  `../registry.example.com/acme/app@sha256=${HEX}`,
  `registry.example.com/./acme/app@sha256=${HEX}`,
  `registry.example.com/acme/app/.@sha256=${HEX}`,
  `registry.example.com\\acme\\app@sha256=${HEX}`,
  `registry.example.com/acme/app\0@sha256=${HEX}`,
  `registry.example.com/acme/app@sha256=${HEX}/../../x`,
  `file:///etc/passwd@sha256=${HEX}`,
];

test('a target that climbs', async (t) => {
  const store = await scene(t);
  for (const target of CLIMBS)
    await t.test(`is refused: ${JSON.stringify(target.replace(HEX, '…'))}`, async () => {
      const { status } = await store.uploadRaw(signature('rsa2048'), target);
      assert.equal(status, 400);
    });
});

test('a read that climbs', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const get = async (path: string) =>
    Number((await sendRaw(store.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).slice(9, 12));
  const slot = `acme/app@sha256=${HEX}/signature-1`;
  for (const path of [
    `/registry.example.com/x/../${slot}`,
    `/registry.example.com/x/%2e%2e/${slot}`,
    `/registry.example.com/x/%2E./${slot}`,
    `/registry.example.com/x/..%2f${slot}`,
    `/x/../registry.example.com/${slot}`,
    `/api/../registry.example.com/${slot}`,
    `/registry.example.com\\${slot}`,
    '/../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/lookaside.db',
    '/data/lookaside.db',
  ])
    await t.test(`is 404: ${path.replace(HEX, '…')}`, async () => assert.equal(await get(path), 404));
});
