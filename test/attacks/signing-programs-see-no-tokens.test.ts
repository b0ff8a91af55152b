// A program that signs was replaced, or a plug-in of it: it looks for what else the pipeline has, such as the token of the
// store, or what its CI system says about it, under whatever name.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { signingScene } from '../clients/signing-scene.ts';
import { must, runTool } from '../support/processes.ts';
import { SCENE_TOOLS } from '../support/registry-scene.ts';
import { tempDir } from '../support/temp-dir.ts';
import { findTool, needs } from '../support/tools.ts';

test('a program that signs', needs(...SCENE_TOOLS), async (t) => {
  const { sign, key, gpg, token, image, publish } = await signingScene(t);
  const dir = tempDir(t);
  const seen = join(dir, 'seen');
  const gpgPath = findTool('gpg') ?? '';
  const real = { gpg: gpgPath, gpgconf: join(dirname(gpgPath), 'gpgconf'), skopeo: findTool('skopeo') ?? '' };
  for (const [name, path] of Object.entries(real))
    writeFileSync(join(dir, name), `#!/bin/sh\n{ echo "# ${name}"; env; } >> ${seen}\nexec ${path} "$@"\n`, {
      mode: 0o755,
    });
  const keyFile = join(dir, 'key.asc');
  const exported = ['--batch', '--armor', '--export-secret-keys', key.fingerprint];
  writeFileSync(keyFile, (await must(runTool('gpg', exported, { env: gpg.env }))).stdout);
  const reference = image('app:v1');
  await publish(reference, { key: null });

  const secrets = {
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret-2',
    FIRST_JWT: 'secret-3',
    SECOND_JWT: 'secret-4',
  };
  const env = { ...secrets, PATH: `${dir}:${process.env.PATH}`, KEPT: 'for-programs' };
  const names = ['--id-token-env', 'FIRST_JWT', '--id-token-env', 'SECOND_JWT'];
  await must(sign(reference, ['--key-file', keyFile, ...names], { env }));
  const environments = readFileSync(seen, 'utf8');
  for (const name of Object.keys(real)) assert.match(environments, new RegExp(`^# ${name}$`, 'm'));
  assert.match(environments, /^KEPT=for-programs$/m);
  for (const secret of [token, ...Object.values(secrets)])
    assert.ok(!environments.includes(secret), `${secret} was handed on`);
});
