// What OpenShift's release verification is given: where signatures are, or the signatures themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Scope } from '../../server/domain/scope.ts';
import { DIGEST, REPOSITORY, scene, signature, stored } from '../http/scene.ts';
import { generatorOf } from '../support/configured-node.ts';
import { ClusterVersionPatch, manifestsOf, ofKind } from './manifest-shapes.ts';

test('for OpenShift releases', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048', 'rsa4096');
  const generate = generatorOf(store);
  const image = `${REPOSITORY}@${DIGEST}`;
  const hex = DIGEST.replace('sha256:', '');

  await t.test('ConfigMaps hold the signatures as they are served, in their order', async () => {
    const { files } = await generate('signature-configmaps', { images: [image] });
    const [map] = ofKind(manifestsOf(files[0]?.content ?? ''), 'ConfigMap');
    assert.deepEqual(map?.binaryData, {
      [`sha256-${hex}-1`]: signature('rsa2048').toString('base64'),
      [`sha256-${hex}-2`]: signature('rsa4096').toString('base64'),
    });
  });

  await t.test('an image without a live signature is refused, and not left out', () =>
    assert.rejects(
      generate('signature-configmaps', { images: [image.replace('app@', 'unsigned@')] }),
      /no live signature/,
    ),
  );

  await t.test('signature stores lead to the signatures, by the whole name and by what names begin with', async () => {
    const releases = [REPOSITORY, 'registry.example.com'] as Scope[];
    const { files } = await generate('signature-stores', { releases });
    const { signatureStores } = ClusterVersionPatch.parse(parse(files[0]?.content ?? '')).spec;
    for (const { url } of signatureStores) {
      const answer = await fetch(`${url}/sha256=${hex}/signature-1`);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), signature('rsa2048'));
    }
    assert.equal(signatureStores.length, 2);
  });
});
