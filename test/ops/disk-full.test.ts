import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { isDiskFull } from '../../server/ops/disk-full.ts';

function faultOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing failed');
}

test('a disk is full', async (t) => {
  await t.test('when there is no room left on it', existsSync('/dev/full') ? {} : { skip: 'no /dev/full' }, () =>
    assert.ok(isDiskFull(faultOf(() => writeFileSync('/dev/full', 'x')))),
  );
  await t.test('when what somebody may have of it is used up', () =>
    assert.ok(isDiskFull(Object.assign(new Error('quota exceeded'), { code: 'EDQUOT' }))),
  );
  await t.test('by no other fault', () => {
    assert.ok(!isDiskFull(faultOf(() => readFileSync('/no/such/file'))));
    assert.ok(!isDiskFull(undefined) && !isDiskFull('ENOSPC'));
  });
});
