// An index and its instances: which digests runtimes ask for, and that one signature on the wrong one is not enough.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Digest } from '../../server/domain/digest.ts';
import { must } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';

test('serves an index and its instances', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const { indexDigest, instances } = scene.layout;
  const reference = scene.image('multi:v1');
  await scene.publish(reference, { all: true });

  await t.test('stores what skopeo copy --all signs: the index and each instance', async () => {
    const { code, stdout } = await scene.upload('--json');
    assert.equal(code, 0);
    const digests = lines(stdout).map(({ url }) => /@sha256=(\w+)\/signature-1$/.exec(String(url))?.[1]);
    const expected = [indexDigest, instances.amd64, instances.arm64].map((digest) => digest.slice('sha256:'.length));
    assert.deepEqual(digests.sort(), expected.sort());
  });

  const recorder = await recordingProxy(t, scene.server.url);
  const node = scene.puller({ key: scene.key.publicKey }, { lookaside: `${recorder.url}/${scene.registry.host}` });
  /** The questions of one pull, as digest and answer. */
  async function asked(pull: () => Promise<unknown>): Promise<string[]> {
    recorder.seen.length = 0;
    await pull();
    return recorder.seen.map(({ path, status }) => {
      const [, hex, number] = /@sha256=(\w+)\/signature-(\d+)$/.exec(path) ?? [];
      return `${nameOf(`sha256:${hex}`)} ${number} ${status}`;
    });
  }
  const nameOf = (digest: string) =>
    Object.entries({ index: indexDigest, ...instances }).find(([, value]) => value === digest)?.[0] ?? digest;

  await t.test('is asked for the instance alone by a pull of one platform', async () => {
    const bySkopeo = await asked(() => must(node.skopeoPull(reference, '--override-arch=arm64')));
    assert.deepEqual(bySkopeo, ['arm64 1 200', 'arm64 2 404']);
    const byPodman = await asked(() => must(node.podmanPull(reference, '--arch', 'arm64')));
    assert.deepEqual(byPodman, ['arm64 1 200', 'arm64 2 404']);
  });

  await t.test('is asked for the index and every instance by skopeo copy --all', async () => {
    const all = await asked(() => must(node.skopeoPull(reference, '--all')));
    assert.deepEqual(all, ['index 1 200', 'index 2 404', 'amd64 1 200', 'amd64 2 404', 'arm64 1 200', 'arm64 2 404']);
  });

  await t.test('is not enough with the index alone signed', async () => {
    const {
      items: [image],
    } = await scene.server.local.signatures.list(
      { digest: instances.arm64 as Digest },
      { limit: 1, before: null },
      LOCAL,
    );
    await scene.server.local.signatures.withdraw(image?.id ?? 0, 'only the index stays signed', LOCAL);
    const { code, stderr } = await node.podmanPull(reference, '--arch', 'arm64');
    assert.equal(code, 125);
    assert.match(stderr, /A signature was required, but no signature exists/);
    await must(node.podmanPull(reference, '--arch', 'amd64'));
  });
});

function lines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Passes every request on and notes what came of it. */
async function recordingProxy(t: TestContext, target: string) {
  const seen: { readonly path: string; readonly status: number }[] = [];
  const server = createServer((req, res) => {
    const onward = request(`${target}${req.url}`, { method: req.method, headers: req.headers }, (answer) => {
      seen.push({ path: req.url ?? '', status: answer.statusCode ?? 0 });
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
