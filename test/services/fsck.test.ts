// fsck finds each lie told to a store, and nothing in a store that nobody lied to. A lie is what somebody with the file can
// write into it, or what a bad disk makes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyOf, filledStore, findingsOf, spoil } from './upkeep-scene.ts';

const KEY = '(SELECT signer FROM signatures WHERE id = 1)';

const LIES: readonly [why: string, code: string, subject: RegExp, ...sql: string[]][] = [
  [
    'other bytes',
    'signature.bad',
    /^signature 1$/,
    'UPDATE signatures SET bytes = (SELECT bytes FROM signatures WHERE id = 3) WHERE id = 1',
  ],
  [
    'a flipped bit',
    'signature.bad',
    /^signature 1$/,
    "UPDATE signatures SET bytes = CAST(substr(bytes, 1, 100) || x'00' || substr(bytes, 102) AS BLOB) WHERE id = 1",
  ],
  ['no bytes', 'signature.bad', /^signature 4$/, "UPDATE signatures SET bytes = x'' WHERE id = 4"],
  [
    'another checksum',
    'signature.differs',
    /^signature 1$/,
    'UPDATE signatures SET sha256 = zeroblob(32) WHERE id = 1',
  ],
  [
    'another identity',
    'signature.differs',
    /^signature 3$/,
    'UPDATE signatures SET identity = zeroblob(32) WHERE id = 3',
  ],
  [
    'another digest',
    'signature.differs',
    /^signature 1$/,
    "UPDATE signatures SET digest = 'sha256:' || hex(zeroblob(32)) WHERE id = 1",
  ],
  [
    'another repository',
    'signature.differs',
    /^signature 1$/,
    "UPDATE signatures SET repository = 'quay.io/evil/app' WHERE id = 1",
  ],
  [
    'another reference',
    'signature.differs',
    /^signature 1$/,
    "UPDATE signatures SET reference = reference || '0' WHERE id = 1",
  ],
  ['another date', 'signature.differs', /^signature 1$/, 'UPDATE signatures SET signed_at = 1 WHERE id = 1'],
  [
    'another key',
    'signature.bad',
    /^signature 1$/,
    'UPDATE signatures SET (signer, signing_key) = (SELECT signer, signing_key FROM signatures WHERE id = 3) WHERE id = 1',
  ],
  [
    'a withdrawal taken back',
    'signature.differs',
    /^signature 2$/,
    'UPDATE signatures SET withdrawn_at = NULL, withdrawn_reason = NULL WHERE id = 2',
  ],
  [
    'another reason of withdrawal',
    'signature.differs',
    /^signature 2$/,
    "UPDATE signatures SET withdrawn_reason = 'none' WHERE id = 2",
  ],
  [
    'a withdrawal nobody made',
    'signature.unaudited',
    /^signature 1$/,
    "UPDATE signatures SET withdrawn_at = 1, withdrawn_reason = 'x' WHERE id = 1",
  ],
  [
    'a signature nobody uploaded',
    'signature.unaudited',
    /^signature 9$/,
    `INSERT INTO signatures (id, repository, digest, sha256, identity, bytes, signer, signing_key, reference, signed_at, notes, stored_at, stored_by)
     SELECT 9, repository, digest, randomblob(32), randomblob(32), bytes, signer, signing_key, reference, signed_at, notes, stored_at, stored_by FROM signatures WHERE id = 1`,
  ],
  ['a deleted signature', 'signature.missing', /^signature 3$/, 'DELETE FROM signatures WHERE id = 3'],
  ['the last signature deleted', 'signature.missing', /^signature 4$/, 'DELETE FROM signatures WHERE id = 4'],
  ['a key taken away', 'row.orphaned', /^signatures$/, `DELETE FROM keys WHERE fingerprint = ${KEY}`],
  [
    'a revocation taken back',
    'key.unaudited',
    /^[0-9A-F]{40}$/,
    "UPDATE keys SET state = 'active', state_at = NULL WHERE state = 'revoked'",
  ],
  [
    'a key that is active again',
    'key.unaudited',
    /^[0-9A-F]{40}$/,
    "UPDATE keys SET state = 'active', state_at = NULL WHERE state = 'retired'",
  ],
  [
    'wider scopes',
    'key.unaudited',
    /^[0-9A-F]{40}$/,
    `UPDATE keys SET scopes = '["quay.io",""]' WHERE fingerprint = ${KEY}`,
  ],
  [
    'a key that ends later',
    'key.differs',
    /^[0-9A-F]{40}$/,
    'UPDATE keys SET expires_at = NULL WHERE expires_at IS NOT NULL',
  ],
  ['a subkey that is good again', 'key.differs', /^[0-9A-F]{40}$/, "UPDATE keys SET revoked_parts = ''"],
  [
    'a key under the id of another',
    'key.differs',
    /^[0-9A-F]{40}$/,
    `UPDATE key_ids SET key_id = 'AAAAAAAAAAAAAAAA' WHERE (key_id, fingerprint) IN (SELECT key_id, fingerprint FROM key_ids WHERE fingerprint = ${KEY} LIMIT 1)`,
  ],
  [
    'the material of another key',
    'key.differs',
    /^[0-9A-F]{40}$/,
    `UPDATE keys SET material = (SELECT material FROM keys WHERE fingerprint <> ${KEY} LIMIT 1) WHERE fingerprint = ${KEY}`,
  ],
  [
    'a token nobody made',
    'token.unaudited',
    /^666666666666$/,
    "INSERT INTO tokens (id, name, sha256, permissions, scopes, created_at) SELECT '666666666666', name, randomblob(32), permissions, scopes, created_at FROM tokens LIMIT 1",
  ],
  [
    'a token that is valid again',
    'token.unaudited',
    /^[0-9a-f]{12}$/,
    'UPDATE tokens SET revoked_at = NULL WHERE revoked_at IS NOT NULL',
  ],
  [
    'a token that may more',
    'token.unaudited',
    /^[0-9a-f]{12}$/,
    `UPDATE tokens SET permissions = '["upload","admin"]' WHERE name = 'old'`,
  ],
  [
    'a publisher nobody added',
    'publisher.unaudited',
    /^777777777777$/,
    "INSERT INTO publishers (id, name, kind, issuer, claims, scopes, keys, created_at) VALUES ('777777777777', 'x', 'other', 'https://evil.example', '{\"sub\":\"x\"}', '[\"\"]', '[]', 0)",
  ],
  [
    'an alias nobody added',
    'alias.unaudited',
    /^\/docker\.io$/,
    "INSERT INTO aliases (path, target, created_at) VALUES ('/docker.io', 'evil.example', 0)",
  ],
  [
    'an admin nobody added',
    'user.unaudited',
    /^eve$/,
    "INSERT INTO users (name, role, password, created_at, password_changed_at) SELECT 'eve', role, password, 0, 0 FROM users LIMIT 1",
  ],
  [
    'an edited row of the log',
    'audit.broken',
    /^after row/,
    "UPDATE audit SET actor = json_set(actor, '$.name', 'eve') WHERE seq = 3",
  ],
  ['a log cut short', 'audit.broken', /^after row/, 'DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)'],
  ['a log without its head', 'audit.broken', /^after row/, 'UPDATE audit_head SET hash = zeroblob(32)'],
  [
    'a constraint that does not hold',
    'row.invalid',
    /^keys$/,
    "UPDATE keys SET state = 'blessed' WHERE state = 'retired'",
  ],
  ['an index with another name', 'schema.missing', /^signatures_by_tag$/, 'DROP INDEX signatures_by_tag'],
  ['no trigger', 'schema.missing', /^image_added$/, 'DROP TRIGGER image_added'],
  [
    'a trigger of others',
    'schema.changed',
    /^spy$/,
    'CREATE TRIGGER spy AFTER INSERT ON signatures BEGIN DELETE FROM audit; END',
  ],
  ['a table of others', 'schema.added', /^mine$/, 'CREATE TABLE mine (x)'],
  [
    'another schema',
    'schema.changed',
    /^sessions_by_user$/,
    'DROP INDEX sessions_by_user',
    'CREATE INDEX sessions_by_user ON sessions (expires_at)',
  ],
  ['a missing table', 'schema.changed', /^probe$/, 'DROP TABLE probe'],
  ...(
    [
      ['repositories', 'UPDATE repositories SET images = 7'],
      ['images', 'UPDATE images SET signatures = 7'],
      ['images', 'UPDATE images SET signers = (SELECT id FROM signer_sets WHERE images = 0)'],
      ['images', 'DELETE FROM images'],
      ['repository_words', "DELETE FROM repository_words WHERE word = 'app'"],
      ['signer_sets', 'UPDATE signer_sets SET images = 7 WHERE images = 1'],
      ['repository_signers', 'UPDATE repository_signers SET standing = 0'],
      ['signers', 'UPDATE signers SET standing = 7'],
      ['totals', 'UPDATE totals SET repositories = 7'],
      ['upload_days', 'DELETE FROM upload_days'],
      ['audit_times', 'UPDATE audit_times SET latest = 1'],
      ['positions', 'DELETE FROM positions WHERE n = 17'],
    ] as const
  ).map(([table, sql]): [string, string, RegExp, string] => [
    `a wrong catalogue: ${sql}`,
    'catalogue.wrong',
    new RegExp(`^${table}$`),
    sql,
  ]),
];

test('fsck', async (t) => {
  const file = await filledStore(t);

  await t.test('finds nothing in a store that nobody spoiled', async (t) => {
    const { found, verdict } = await findingsOf(copyOf(t, file).path);
    assert.deepEqual(found, []);
    assert.equal(verdict.signatures, 4);
    assert.ok((verdict.head?.seq ?? 0) > 10);
  });

  for (const [why, code, subject, ...sql] of LIES)
    await t.test(`finds ${why}`, async (t) => {
      const { path } = copyOf(t, file);
      spoil(path, ...sql);
      const { found, verdict } = await findingsOf(path);
      const named = found.find((finding) => finding.code === code && subject.test(finding.subject));
      assert.ok(named, JSON.stringify(found, null, 1));
      if (code !== 'schema.added') assert.ok(verdict.faults > 0);
    });

  await t.test('notes signatures outside the scopes that their key has now', async (t) => {
    const { path } = copyOf(t, file);
    spoil(path, `UPDATE keys SET scopes = '["quay.io"]' WHERE fingerprint = ${KEY}`);
    const { found } = await findingsOf(path);
    assert.match(
      found.find(({ code }) => code === 'signature.out_of_scope')?.problem ?? '',
      /^1 live signature lies outside .* registry\.example\.com\/acme\/app$/,
    );
  });

  await t.test('finds an image with more live signatures than runtimes read', async (t) => {
    const { path } = copyOf(t, file);
    spoil(
      path,
      `WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 127)
      INSERT INTO signatures (repository, digest, sha256, identity, bytes, signer, signing_key, reference, signed_at, notes, stored_at, stored_by)
      SELECT repository, digest, randomblob(32), randomblob(32), bytes, signer, signing_key, reference, signed_at, notes, stored_at, stored_by FROM signatures, up WHERE id = 1`,
    );
    const { found } = await findingsOf(path);
    assert.equal(found.filter(({ code }) => code === 'image.full').length, 1);
    assert.equal(found.filter(({ code }) => code === 'signature.unaudited').length, 127);
  });
});
