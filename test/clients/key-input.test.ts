// Keys and tokens on standard input, however a parent process connects it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigner } from '../support/gpg-claims.ts';
import { runCli } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

test('registers a key from standard input', async (t) => {
  const env = { LOOKASIDE_DATA_DIR: tempDir(t) };
  const { publicKey, fingerprint } = await createSigner();
  const { code, stdout, stderr } = await runCli(['key', 'add', '-'], { env, input: publicKey });
  assert.equal(code, 0, stderr);
  assert.match(stdout, new RegExp(`^registered ${fingerprint}`));
});
