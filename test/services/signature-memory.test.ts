// The memory of signatures: it may forget anything at any time, and must never say what was not told to it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Instant } from '../../server/domain/instant.ts';
import { createSignatureMemory, type SignatureMemory } from '../../server/services/signature-memory.ts';
import type { LiveSignature } from '../../server/store/port.ts';

const MIB = 1024 * 1024;

function signature(content: string): LiveSignature {
  return {
    sha256: createHash('sha256').update(content).digest('hex'),
    storedAt: 1_700_000_000_123.5 as Instant,
    content,
  };
}

const signatures = (count: number, length = 500): LiveSignature[] =>
  Array.from({ length: count }, (_, at) => signature(String.fromCharCode(97 + (at % 26)).repeat(length + at)));

function keys(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `/quay.io/acme/app-${at}@sha256=${'0'.repeat(64)}`);
}

const remembered = (memory: SignatureMemory, among: readonly string[]): number =>
  among.filter((key) => memory.get(key, 1) !== undefined).length;

test('a memory of signatures', async (t) => {
  await t.test('gives back what it was told, byte for byte', () => {
    const memory = createSignatureMemory(MIB, 1);
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));
    const told = [signature(all), ...signatures(3), signature('x')];
    memory.add('/a', told);
    told.forEach((each, at) => void assert.deepEqual(memory.get('/a', at + 1), each));
    assert.equal(memory.get('/a', told.length + 1), null);
    assert.equal(memory.get('/b', 1), undefined);
  });
  await t.test('forgets one, or all', () => {
    const memory = createSignatureMemory(MIB, 1);
    memory.add('/a', signatures(1));
    memory.add('/b', signatures(1));
    memory.delete('/a');
    memory.delete('/never');
    assert.equal(memory.get('/a', 1), undefined);
    assert.ok(memory.get('/b', 1));
    memory.clear();
    assert.equal(memory.get('/b', 1), undefined);
    memory.add('/b', signatures(2));
    assert.ok(memory.get('/b', 2));
  });
  await t.test('holds about as much as it may', () => {
    const memory = createSignatureMemory(MIB, 1);
    const told = keys(5_000);
    for (const key of told) memory.add(key, signatures(1, 800));
    const count = remembered(memory, told);
    assert.ok(count > 0.75 * (MIB / 1_000) && count < MIB / 900, `${count} images in a MiB`);
  });
  await t.test('forgets first what was not asked for', () => {
    const memory = createSignatureMemory(MIB, 1);
    const [popular, others] = [keys(300), keys(20_000).slice(300)];
    for (const key of popular) memory.add(key, signatures(1, 800));
    for (const [at, key] of others.entries()) {
      if (at % 100 === 0)
        for (const each of popular) if (memory.get(each, 1) === undefined) memory.add(each, signatures(1, 800));
      memory.add(key, signatures(1, 800));
    }
    const kept = remembered(memory, popular);
    assert.ok(kept > 270, `${kept} of 300 popular images are left`);
  });
  await t.test('does not take what is too large for it, nor more signatures than it can count', () => {
    for (const bytes of [0, 1, 1_000, 100_000]) {
      const memory = createSignatureMemory(bytes, 1);
      memory.add('/a', [signature('x'.repeat(64 * 1024))]);
      assert.equal(memory.get('/a', 1), undefined);
    }
    const memory = createSignatureMemory(64 * MIB, 1);
    memory.add('/a', signatures(256, 1));
    assert.equal(memory.get('/a', 1), undefined);
    memory.add('/a', signatures(255, 1));
    assert.ok(memory.get('/a', 255));
  });
  await t.test('takes no more memory than it said, whatever it is told', () => {
    const before = process.memoryUsage().arrayBuffers;
    const memory = createSignatureMemory(8 * MIB, 1);
    for (const key of keys(50_000)) memory.add(key, signatures(1, 700));
    assert.ok(process.memoryUsage().arrayBuffers - before < 8 * MIB + 100_000);
  });
});

type Step = {
  readonly kind: 'add' | 'get' | 'delete' | 'clear';
  readonly key: number;
  /** Of answers, or the number of one. */
  readonly number: number;
  readonly length: number;
};

const STEPS = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('add', 'add', 'add', 'get', 'get', 'get', 'delete', 'clear'),
    key: fc.nat(60),
    number: fc.integer({ min: 1, max: 4 }),
    length: fc.integer({ min: 1, max: 2_000 }),
  }),
  { minLength: 50, maxLength: 600 },
);

test('whatever happens to it, a memory of signatures says what it was told last, or nothing', () => {
  const bytes = fc.constantFrom(4_096, 65_536, 200_000, MIB);
  fc.assert(
    fc.property(bytes, fc.integer(), STEPS, (maxBytes, seed, steps) => {
      const memory = createSignatureMemory(maxBytes, seed);
      const model = new Map<string, LiveSignature[]>();
      for (const step of steps) {
        if (step.kind === 'clear') {
          memory.clear();
          model.clear();
          continue;
        }
        const name = `/image-${step.key}`;
        if (step.kind === 'delete') {
          memory.delete(name);
          model.delete(name);
        } else if (step.kind === 'add') {
          if (memory.get(name, 1) !== undefined) continue;
          const told = signatures(step.number, step.length);
          memory.add(name, told);
          model.set(name, told);
        } else {
          const said = memory.get(name, step.number);
          if (said !== undefined) assert.deepEqual(said, model.get(name)?.[step.number - 1] ?? null);
          if (said === null) assert.ok(model.has(name));
        }
      }
    }),
    { numRuns: 200 },
  );
});
