// Who may do what: permissions are apart from each other, and nobody reaches beyond their scopes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  holdsScopes,
  localPrincipal,
  PERMISSIONS,
  type Permission,
  type Principal,
  requirePermission,
  requireRepository,
  requireScopes,
} from '../../server/domain/principal.ts';
import { parseRepository } from '../../server/domain/repository-name.ts';
import { parseScope } from '../../server/domain/scope.ts';

function principal(permissions: readonly Permission[], scopes: readonly string[]): Principal {
  return { actor: { kind: 'token', id: 't1', name: 'ci' }, permissions, scopes: scopes.map(parseScope), keys: null };
}

test('a permission', async (t) => {
  for (const held of PERMISSIONS)
    for (const needed of PERMISSIONS)
      await t.test(`${held} ${held === needed ? 'is' : 'does not include'} ${needed}`, () => {
        const check = () => requirePermission(principal([held], ['']), needed);
        if (held === needed) check();
        else
          assert.throws(check, { code: 'PERMISSION_MISSING', message: new RegExp(`needs the permission ${needed}`) });
      });
  await t.test('is enough when it is one of several', () =>
    requirePermission(principal(['read'], []), 'admin', 'read'),
  );
  await t.test('is held in full by the local user', () => {
    for (const needed of PERMISSIONS) requirePermission(localPrincipal('root'), needed);
    requireScopes(localPrincipal('root'), [parseScope('')]);
  });
});

test('the scopes of a principal', async (t) => {
  const caller = principal(['upload'], ['quay.io/acme', 'docker.io']);
  await t.test('let it reach what they cover', () => {
    requireRepository(caller, parseRepository('quay.io/acme/app'));
    requireRepository(caller, parseRepository('nginx'));
  });
  await t.test('keep it from the rest, naming the scope that is missing', () =>
    assert.throws(() => requireRepository(caller, parseRepository('quay.io/other')), {
      code: 'TOKEN_SCOPE',
      message: /"quay\.io\/acme", "docker\.io" only.*the scope "quay\.io\/other"/,
    }),
  );
  await t.test('are the most it can hand on', () => {
    requireScopes(caller, ['quay.io/acme/app', 'docker.io/library'].map(parseScope));
    assert.throws(() => requireScopes(caller, ['quay.io/acme', 'quay.io'].map(parseScope)), { code: 'TOKEN_SCOPE' });
    assert.throws(() => requireScopes(caller, [parseScope('')]), { code: 'TOKEN_SCOPE' });
    assert.equal(holdsScopes(caller, [parseScope('quay.io')]), false);
  });
  await t.test('may be none, and then reach nothing', () =>
    assert.throws(() => requireRepository(principal(['upload'], []), parseRepository('nginx')), {
      code: 'TOKEN_SCOPE',
    }),
  );
});
