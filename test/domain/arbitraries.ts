// Random values that are valid, for properties over the domain.
import fc from 'fast-check';
import { parseDigest } from '../../server/domain/digest.ts';
import { parseRepository } from '../../server/domain/repository-name.ts';
import { parseScope } from '../../server/domain/scope.ts';

const letters = (set: string, min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...set), minLength: min, maxLength: max });
const word = letters('abc019', 1, 3);

export const component = fc
  .tuple(word, fc.array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '--'), word), { maxLength: 2 }))
  .map(([first, rest]) => first + rest.map((pair) => pair.join('')).join(''));

/** Few of them, so that random scopes and repositories meet. */
export const host = fc.constantFrom(
  'docker.io',
  'quay.io',
  'a.quay.io',
  'b.a.quay.io',
  'localhost',
  'localhost:5000',
  'quay.io:443',
);

const path = fc.array(fc.constantFrom('a', 'b', 'ab', 'a-b', 'a.b'), { minLength: 1, maxLength: 3 });

export const repository = fc
  .tuple(host, fc.oneof(path, fc.array(component, { minLength: 1, maxLength: 3 })))
  .map(([registry, components]) => parseRepository([registry, ...components].join('/')));

export const digest = letters('0123456789abcdef', 64, 64).map((hex) => parseDigest(`sha256:${hex}`));

export const scope = fc
  .oneof(
    fc.constant(''),
    fc.constantFrom('*.quay.io', '*.a.quay.io', '*.io'),
    fc
      .tuple(host, fc.oneof(fc.constant([]), path))
      .map(([registry, components]) => [registry, ...components].join('/')),
  )
  .map(parseScope);
