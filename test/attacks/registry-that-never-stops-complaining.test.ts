// A registry refuses the manifest that is to be signed in 32 MiB of words, which skopeo repeats: to end the pipeline with
// something that looks like a fault of ours, or to fill its memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrograms } from '../../server/cli/signing/programs.ts';
import { registryFault } from '../../server/cli/signing/skopeo-faults.ts';
import { answering } from '../support/answering.ts';
import { needs } from '../support/tools.ts';

test('a registry that never stops complaining', needs('skopeo'), async (t) => {
  const words = JSON.stringify({ errors: [{ code: 'DENIED', message: `no${' and no'.repeat(5 * 1024 * 1024)}` }] });
  const host = await answering(t, ({ url }, res) => {
    res
      .writeHead(url === '/v2/' ? 200 : 403, { 'content-type': 'application/json' })
      .end(url === '/v2/' ? '{}' : words);
  });
  const image = `${host}/acme/app:v1`;

  const programs = createPrograms({ ended: AbortSignal.timeout(60_000), interactive: false });
  const args = ['inspect', '--raw', '--tls-verify=false', `docker://${image}`];
  const { code, stderr } = await programs.run('skopeo', args, { environment: { HOME: '/nonexistent' } });
  assert.equal(code, 1);
  assert.ok(stderr.length <= 64 * 1024, `${stderr.length} characters were kept`);
  const fault = registryFault(image, stderr);
  assert.equal(fault.code, 'REGISTRY_REFUSED');
  assert.match(fault.message, /^the registry does not let us read .*\(reading manifest v1 in \S+: denied: no and no/);
  assert.ok(fault.message.length < 1_000);
});
