// The description of the API: valid by the rules of OpenAPI 3.1, complete, and for everybody to read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { operationList } from '../../server/http/contract/operations.ts';
import { testServer } from '../support/server.ts';
import { problemOf } from './scene.ts';
import { send } from './wire.ts';

type Document = {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { operationId: string; security?: unknown[] }>>;
  readonly components: { readonly schemas: Record<string, unknown> };
};

test('GET /api/v1/openapi.json', async (t) => {
  const { url } = await testServer(t);
  const answer = await send(url, '/api/v1/openapi.json');
  const document = answer.json<Document>();

  await t.test('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(answer.json<Record<string, unknown>>());
    assert.ok(valid, JSON.stringify(errors, null, 2));
    assert.match(document.openapi, /^3\.1\./);
  });
  await t.test('refers to nothing that is not in it', () => {
    for (const [, name = ''] of answer.text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      assert.ok(name in document.components.schemas, name);
    assert.doesNotMatch(answer.text, /#\/\$defs/);
  });
  await t.test('has every operation once', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((call) => call.operationId),
    );
    assert.deepEqual(
      ids.sort(),
      operationList()
        .map(([id]) => id)
        .sort(),
    );
  });
  for (const [id, { method, path, needs }] of operationList()) {
    const address = `/api/v1${path.replace(/:\w+/g, '1')}`;
    if (needs === 'nobody') continue;
    await t.test(`${id} is there, and wants to know who asks before anything else`, async () => {
      const refused = await send(url, address, { method: method.toUpperCase() });
      problemOf(refused, 401, 'CREDENTIALS_MISSING');
    });
  }
});
