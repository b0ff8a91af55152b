// The manifest of an image from its registry: the dance for a token of nobody, and registries that misbehave.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fetchManifest } from '../../server/cli/verdict/registry-manifest.ts';
import { parsePullReference } from '../../server/domain/policy/pull-reference.ts';
import { ociLayout } from '../support/images.ts';
import { createNode } from '../support/policy-node.ts';
import { must } from '../support/processes.ts';
import { dockerRegistry } from '../support/registry.ts';
import { needs } from '../support/tools.ts';

type Handler = (req: IncomingMessage, res: ServerResponse, host: string) => void;

async function registry(t: TestContext, handler: Handler): Promise<string> {
  let host = '';
  const server = createServer((req, res) => handler(req, res, host));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return host;
}

const get = (host: string, { plainHttp = true } = {}) =>
  fetchManifest(parsePullReference(`${host}/acme/app:v1`).reference, { plainHttp });

test('a manifest comes from a real registry, byte for byte', needs('skopeo', 'docker-registry'), async (t) => {
  const { host } = await dockerRegistry(t);
  const node = createNode(t, { registries: { [host]: {} } });
  const { index } = ociLayout(t);
  await must(node.skopeo('copy', '--quiet', '--all', index, `docker://${host}/acme/app:v1`));
  const { stdoutBytes } = await must(
    node.skopeo('inspect', '--raw', '--tls-verify=false', `docker://${host}/acme/app:v1`),
  );
  assert.deepEqual(Buffer.from(await get(host)), stdoutBytes);
});

test('a registry', async (t) => {
  await t.test('gives nobody a token, and is asked again with it', async (t) => {
    const seen: string[] = [];
    const host = await registry(t, (req, res, host) => {
      seen.push(`${req.url} ${req.headers.authorization ?? '-'}`);
      if (req.url?.startsWith('/token')) return void res.end('{"token":"abc","expires_in":60}');
      if (req.headers.authorization === 'Bearer abc') return void res.end('{"manifests":[]}');
      res.setHeader('www-authenticate', `Bearer realm="http://${host}/token",service="reg",scope="ignored"`);
      res.statusCode = 401;
      res.end();
    });
    assert.equal(Buffer.from(await get(host)).toString(), '{"manifests":[]}');
    assert.deepEqual(seen, [
      '/v2/acme/app/manifests/v1 -',
      '/token?service=reg&scope=repository%3Aacme%2Fapp%3Apull -',
      '/v2/acme/app/manifests/v1 Bearer abc',
    ]);
  });

  const answers: readonly (readonly [string, RegExp, Handler])[] = [
    ['wants a password', /wants credentials/, challenge('Basic realm="x"')],
    ['names no place for tokens', /wants credentials/, challenge('Bearer realm="nowhere"')],
    ['has no such image', /answered 404/, (_req, res) => void res.writeHead(404).end()],
    [
      'goes on refusing',
      /no token without|gives nobody a token/,
      (_req, res, host) => challenge(`Bearer realm="http://${host}/"`)(_req, res, host),
    ],
    ['sends without end', /more than 4194304 bytes/, (_req, res) => endless(res)],
    ['hangs up', /no manifest from the registry/, (req) => void req.socket.destroy()],
  ];
  for (const [what, says, handler] of answers)
    await t.test(`that ${what} is told`, async (t) => {
      const host = await registry(t, handler);
      await assert.rejects(get(host), { code: 'SERVER_UNREACHABLE', message: says });
    });
  await t.test('without TLS is told', async (t) => {
    const host = await registry(t, (_req, res) => void res.end('{}'));
    await assert.rejects(get(host, { plainHttp: false }), { code: 'SERVER_UNREACHABLE', message: /--plain-http/ });
  });
});

function challenge(header: string): Handler {
  return (_req, res) => void res.writeHead(401, { 'www-authenticate': header }).end();
}

function endless(res: ServerResponse): void {
  const chunk = Buffer.alloc(1024 * 1024, 0x20);
  const more = () => {
    while (!res.destroyed && res.write(chunk));
  };
  res.on('drain', more);
  more();
}
