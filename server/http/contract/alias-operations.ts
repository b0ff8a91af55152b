// The calls about aliases: paths that stand for repositories.
import { z } from 'zod';
import { LIMITS } from '../../domain/limits.ts';
import { SEE } from '../../domain/principal.ts';
import { DONE, operation } from './operation.ts';
import { numberedId } from './requests.ts';
import { count, text, time } from './shapes.ts';

const Alias = z
  .strictObject({
    id: count,
    path: text,
    target: text.describe('a registry, or what names of its repositories begin with'),
    createdAt: time,
    warnings: z.array(text).describe('what may not have been meant'),
  })
  .meta({ id: 'Alias', description: 'a path that stands for repositories' });

const aliasBody = z.strictObject({
  path: z.string().max(LIMITS.targetLength).describe('`/sigstore`, `/mirror.example.com/hub`'),
  target: z.string().max(LIMITS.targetLength).describe('`docker.io`, `quay.io/acme`'),
  replace: z.boolean().default(false).describe('one with this path, in one step'),
});

export const aliases = {
  listAliases: operation({
    method: 'get',
    path: '/aliases',
    tag: 'Aliases',
    needs: SEE,
    summary: 'paths that stand for repositories',
    answers: { 200: { description: 'all of them', schema: z.strictObject({ items: z.array(Alias) }) } },
  }),
  addAlias: operation({
    method: 'post',
    path: '/aliases',
    tag: 'Aliases',
    needs: ['admin'],
    summary: 'let a path stand for a registry or for repositories of one, from the next request on',
    body: aliasBody,
    answers: { 201: { description: 'the alias', schema: Alias } },
  }),
  removeAlias: operation({
    method: 'delete',
    path: '/aliases/:id',
    tag: 'Aliases',
    needs: ['admin'],
    summary: 'let a path mean again what it says',
    params: numberedId,
    answers: { 204: DONE },
  }),
};
