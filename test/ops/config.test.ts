// Settings: a typo must not silently mean the default, and what is wrong is named with its value and what is allowed.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig, SETTINGS, type SettingName } from '../../server/config.ts';
import { tempDir } from '../support/temp-dir.ts';

const SECRET = `lks_${'s'.repeat(49)}`;

const WRONG: Partial<Record<SettingName, readonly string[]>> = {
  LOOKASIDE_HOST: ['', 'a b', 'http://x'],
  LOOKASIDE_PORT: ['', ' ', 'x', '-1', '65536', '80.5', '0x50', '1e3'],
  LOOKASIDE_SOCKET: ['', 'lookaside.sock', `/${'x'.repeat(90)}`],
  LOOKASIDE_SOCKET_MODE: ['', '66', '888', 'u=rw', '1777'],
  LOOKASIDE_DATA_DIR: [''],
  LOOKASIDE_PUBLIC_URL: ['', 'sigs.example.com', 'ftp://x'],
  LOOKASIDE_DEFAULT_REGISTRY: ['', 'quay', 'quay.io/acme', 'https://quay.io'],
  LOOKASIDE_READ_ACCESS: ['', 'private', 'Token'],
  LOOKASIDE_PUBLIC_SCOPES: ['', ',', 'quay.io,', 'acme', 'quay.io/', 'https://quay.io', 'quay.io acme.io', '*'],
  LOOKASIDE_MAX_SIGNATURE_BYTES: ['', '1023', '4194305', '64k'],
  LOOKASIDE_CACHE_MB: ['', '-1', '65537'],
  LOOKASIDE_METRICS_HOST: ['', 'a b'],
  LOOKASIDE_METRICS_PORT: ['', 'x', '65536'],
  LOOKASIDE_LOG_LEVEL: ['', 'trace', 'INFO'],
  LOOKASIDE_TRUST_PROXY: ['', '-1', '11', 'true'],
  LOOKASIDE_OIDC_PRIVATE_HOSTS: [
    '',
    'https://gitlab.corp',
    'GitLab.corp',
    'a,,b',
    'gitlab.corp:443',
    '2130706433',
    'a/b',
    '*.corp',
  ],
  LOOKASIDE_OIDC_CA: [''],
  LOOKASIDE_SERVER: ['', 'x', 'file:///x'],
};

test('a setting', async (t) => {
  for (const [name, values] of Object.entries(WRONG))
    for (const value of values ?? [])
      await t.test(`is refused by name, with its value and what is allowed: ${name}=${JSON.stringify(value)}`, () =>
        assert.throws(
          () => loadConfig({ [name]: value }),
          (error: Error & { code?: string }) => {
            assert.equal(error.code, 'CONFIG_INVALID');
            assert.ok(error.message.startsWith(`${name} is ${JSON.stringify(value)}; allowed: `), error.message);
            assert.ok(error.message.includes(SETTINGS[name as SettingName].allowed));
            return true;
          },
        ),
      );
  for (const name of [
    'LOOKASIDE_PROT',
    'LOOKASIDE_',
    'LOOKASIDE_port',
    'LOOKASIDE_PORT_FILE',
    'LOOKASIDE_TOKEN_FILE_FILE',
  ])
    await t.test(`that there is not stops the start: ${name}`, () =>
      assert.throws(() => loadConfig({ [name]: '1' }), { code: 'CONFIG_INVALID', message: new RegExp(`"${name}"`) }),
    );
  await t.test('that is spelled otherwise is told how', () => {
    for (const name of ['LOOKASIDE_DATADIR', 'LOOKASIDE_data_dir'])
      assert.throws(() => loadConfig({ [name]: '/x' }), { message: /; it is spelled LOOKASIDE_DATA_DIR$/ });
    assert.throws(() => loadConfig({ LOOKASIDE_PROT: '1' }), { message: /; the settings are LOOKASIDE_HOST, / });
  });
  await t.test('of other programs is none of ours', () =>
    assert.equal(loadConfig({ PORT: 'x', LOOK: '1', lookaside_port: '1' }).port, 8080),
  );
  await t.test('that is not given has its default, and the whole is frozen', () => {
    const config = loadConfig({});
    assert.ok(Object.isFrozen(config));
    const { host, port, metricsHost, readAccess, defaultRegistry, maxSignatureBytes, trustProxy } = config;
    assert.deepEqual([host, port, metricsHost], ['127.0.0.1', 8080, '127.0.0.1']);
    assert.deepEqual([readAccess, defaultRegistry, maxSignatureBytes, trustProxy], ['public', 'docker.io', 65_536, 0]);
  });
  await t.test('names what is public of a private store, and of no other', () => {
    const scopes = { LOOKASIDE_PUBLIC_SCOPES: 'quay.io/acme, *.example.com' };
    const { publicScopes } = loadConfig({ ...scopes, LOOKASIDE_READ_ACCESS: 'token' });
    assert.deepEqual(publicScopes, ['quay.io/acme', '*.example.com']);
    assert.throws(() => loadConfig(scopes), {
      code: 'CONFIG_INVALID',
      message: /set LOOKASIDE_READ_ACCESS=token, too/,
    });
  });
  await t.test('names the hosts of issuers that may be neighbours', () => {
    const { oidc } = loadConfig({ LOOKASIDE_OIDC_PRIVATE_HOSTS: 'gitlab.corp, 10.0.0.1:6443,[fd00::1]' });
    assert.deepEqual(oidc, { privateHosts: ['gitlab.corp', '10.0.0.1:6443', '[fd00::1]'], authorities: null });
  });
  await t.test('that is an ID token is not shown when it is none', () =>
    assert.throws(() => loadConfig({ LOOKASIDE_ID_TOKEN: 'secret words' }), {
      message: /LOOKASIDE_ID_TOKEN is \*\*\*/,
    }),
  );
  await t.test('loses the slash at the end of a URL', () => {
    const urls = { LOOKASIDE_PUBLIC_URL: 'https://x/y//', LOOKASIDE_SERVER: 'https://x/' };
    const { publicUrl, server } = loadConfig(urls);
    assert.deepEqual([publicUrl, server], ['https://x/y', 'https://x']);
  });
});

test('sockets that were handed over', async (t) => {
  const handed = (environment: Record<string, string>) =>
    loadConfig({ LISTEN_PID: '7', LISTEN_FDS: '1', ...environment }, 7).handed;
  await t.test("are the store's, unless they are named metrics", () => {
    assert.deepEqual(handed({}), { store: 3, metrics: null });
    assert.deepEqual(handed({ LISTEN_FDNAMES: 'metrics' }), { store: null, metrics: 3 });
    assert.deepEqual(handed({ LISTEN_FDS: '2', LISTEN_FDNAMES: 'metrics:lookaside.socket' }), { store: 4, metrics: 3 });
  });
  await t.test('for another process are none of ours', () =>
    assert.deepEqual(handed({ LISTEN_PID: '8' }), { store: null, metrics: null }),
  );
  const wrong: [what: string, environment: Record<string, string>, message: RegExp][] = [
    ['are not taken in number', { LISTEN_FDS: '2' }, /several sockets for the store/],
    ['are counted', { LISTEN_FDS: 'x' }, /LISTEN_FDS is "x"/],
    ['leave no room for a file', { LOOKASIDE_SOCKET: '/run/x' }, /LOOKASIDE_SOCKET is set, and a socket/],
    ['cannot be shared among threads', { LOOKASIDE_WORKERS: '2' }, /LOOKASIDE_WORKERS is 2, but with a socket that/],
  ];
  for (const [what, environment, message] of wrong)
    await t.test(what, () => assert.throws(() => handed(environment), { code: 'CONFIG_INVALID', message }));
  await t.test('are like a file in that', () =>
    assert.throws(() => loadConfig({ LOOKASIDE_SOCKET: '/run/x', LOOKASIDE_WORKERS: '2' }), {
      message: 'LOOKASIDE_WORKERS is 2, but with LOOKASIDE_SOCKET it can only be 1',
    }),
  );
});

test('a secret', async (t) => {
  await t.test('is read from a file, without the line end', (t) => {
    const file = join(tempDir(t), 'token');
    writeFileSync(file, `${SECRET}\n`);
    assert.equal(loadConfig({ LOOKASIDE_TOKEN_FILE: file }).token, SECRET);
  });
  await t.test('is refused when it is given twice, or its file cannot be read', () => {
    assert.throws(() => loadConfig({ LOOKASIDE_TOKEN: SECRET, LOOKASIDE_TOKEN_FILE: '/x' }), {
      code: 'CONFIG_INVALID',
    });
    assert.throws(() => loadConfig({ LOOKASIDE_TOKEN_FILE: '/nowhere/token' }), { message: /"\/nowhere\/token"/ });
  });
  await t.test('is never shown in a message', (t) => {
    const file = join(tempDir(t), 'token');
    writeFileSync(file, '  \n');
    for (const environment of [{ LOOKASIDE_TOKEN: ' ' }, { LOOKASIDE_TOKEN_FILE: file }])
      assert.throws(() => loadConfig(environment), { message: /LOOKASIDE_TOKEN is \*\*\*/ });
    assert.throws(
      () => loadConfig({ LOOKASIDE_TOKEN: SECRET, LOOKASIDE_PORT: 'x' }),
      (error: Error) => !error.message.includes(SECRET),
    );
  });
  await t.test('is refused when it is a weak password, and not shown either', () =>
    assert.throws(() => loadConfig({ LOOKASIDE_ADMIN_PASSWORD: 'hunter2' }), {
      code: 'CONFIG_INVALID',
      message: 'LOOKASIDE_ADMIN_PASSWORD is ***; allowed: 8 to 1000 characters',
    }),
  );
  for (const url of ['https://user:hunter2@x', 'https://user:hun/ter2@x', 'https://x?y=ter2', 'https://x#ter2'])
    await t.test(`in a URL is not shown either: ${url}`, () =>
      assert.throws(
        () => loadConfig({ LOOKASIDE_PUBLIC_URL: url }),
        (error: Error) => error.message.includes('***') && !error.message.includes('ter2'),
      ),
    );
});
