// Claims read a second time, by Python: its reader of JSON keeps members that come twice apart, and the rules of the claim
// are written down once more, in another language and without a look at ours. Claims are those of the long run
// (test/fuzz/), where skopeo is asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseClaim } from '../../server/domain/claim.ts';
import { AppError } from '../../server/domain/errors.ts';
import { type Json, parseStrictJson } from '../../server/domain/strict-json.ts';
import { editClaim } from '../fuzz/claim-edits.ts';
import { CLAIMED } from '../fuzz/mutants.ts';
import { createRandom } from '../fuzz/random.ts';
import { must, runTool } from '../support/processes.ts';
import { needs } from '../support/tools.ts';

const READER = `
import base64, json, re, sys

class Bad(Exception): pass

def members(pairs):
    if len({name for name, _ in pairs}) != len(pairs): raise Bad('twice')
    return dict(pairs)

def refuse(_): raise Bad('constant')

def finite(text):
    value = float(text)
    if value in (float('inf'), float('-inf')): raise Bad('range')
    return value

def whole(text):
    value = finite(text)
    return int(text) if value else value # zero has a sign

def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max((depth(each) for each in inner), default=-1)

def texts(value):
    if isinstance(value, str): yield value
    if isinstance(value, dict): yield from value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else (): yield from texts(each)

def read(data):
    value = json.loads(data.decode('utf-8', 'strict'), object_pairs_hook=members, parse_constant=refuse, parse_float=finite, parse_int=whole)
    for text in texts(value): text.encode('utf-8', 'strict')
    if depth(value) > 32: raise Bad('depth')
    return value

def exactly(value, *names):
    if not isinstance(value, dict) or set(value) != set(names): raise Bad('members')
    return [value[name] for name in names]

HOST = r'(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
COMPONENT = r'[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
DIGEST = r'(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})'
REFERENCE = re.compile('(?:(?P<host>%s(?:\\\\.%s)*(?::[0-9]+)?)/)?(?P<path>%s(?:/%s)*)(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@%s)?' % (HOST, HOST, COMPONENT, COMPONENT, DIGEST), re.ASCII)

def reference(text):
    if re.fullmatch('[a-f0-9]{64}', text): raise Bad('reference')
    first, slash, rest = text.partition('/')
    named = bool(slash) and (first == 'localhost' or '.' in first or ':' in first)
    host, rest = (first, rest) if named else ('docker.io', text)
    if host == 'index.docker.io': host = 'docker.io'
    match = REFERENCE.fullmatch('%s/%s' % (host, rest))
    if not match or match['host'] != host: raise Bad('reference')
    path = match['path']
    if host == 'docker.io' and '/' not in path: path = 'library/' + path
    if len(host) + 1 + len(path) > 255: raise Bad('reference')
    return host + '/' + path

def claim(value):
    critical, optional = exactly(value, 'critical', 'optional')
    kind, image, identity = exactly(critical, 'type', 'image', 'identity')
    [digest], [name] = exactly(image, 'docker-manifest-digest'), exactly(identity, 'docker-reference')
    if kind != 'atomic container signature' or not isinstance(optional, dict): raise Bad('type')
    if not isinstance(digest, str) or not re.fullmatch('sha256:[0-9a-f]{64}', digest): raise Bad('digest')
    if not isinstance(name, str): raise Bad('reference')
    if not isinstance(optional.get('creator', ''), str): raise Bad('creator')
    time = optional.get('timestamp', 0)
    if isinstance(time, bool) or not isinstance(time, (int, float)) or float(time) % 1 or not -2.0**63 <= float(time) < 2.0**63: raise Bad('timestamp')
    return [reference(name), digest]

for line in sys.stdin:
    answer = {}
    try:
        value = read(base64.b64decode(line))
        answer['json'] = json.dumps(value)
        answer['claim'] = claim(value)
    except (Bad, ValueError, RecursionError): pass
    print(json.dumps(answer))
`;

/** The same shape as JSON.parse gives. */
function plain(value: Json): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

function ours<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return undefined;
  }
}

const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}

test('claims that are nearly right', needs('python3'), async (t) => {
  const seed = Number(process.env.LOOKASIDE_TEST_SEED ?? Date.now() % 1_000_000);
  const random = createRandom(seed);
  const claims = Array.from({ length: 5_000 }, () => editClaim(CLAIMED, random));
  const input = claims.map(({ payload }) => `${payload.toString('base64')}\n`).join('');
  const { stdout } = await must(runTool('python3', ['-c', READER], { input }));
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { json?: string; claim?: [string, string] });
  assert.equal(answers.length, claims.length);
  const about = (index: number) => `seed ${seed}: ${claims[index]?.payload.toString()}`;

  await t.test('are JSON for both or for neither, and the same', () => {
    assert.ok(answers.filter(({ json }) => json !== undefined).length > 1_000);
    for (const [index, { payload }] of claims.entries()) {
      const text = decoded(payload);
      const value = text === undefined ? undefined : ours(() => parseStrictJson(text));
      const json = answers[index]?.json;
      assert.equal(value !== undefined, json !== undefined, about(index));
      if (value !== undefined && json !== undefined)
        assert.deepEqual(plain(value), plain(parseStrictJson(json)), about(index));
    }
  });
  await t.test('are claims for both or for neither, of the same image', () => {
    assert.ok(answers.filter(({ claim }) => claim !== undefined).length > 500);
    for (const [index, { payload }] of claims.entries()) {
      const claim = ours(() => parseClaim(payload));
      assert.deepEqual(claim && [claim.reference.repository, claim.digest], answers[index]?.claim, about(index));
    }
  });
});
