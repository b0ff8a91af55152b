// The call that makes configuration for clients.
import { z } from 'zod';
import {
  CONFIG_KINDS,
  KEY_FORMS,
  NODE_ROLES,
  POLICY_DEFAULTS,
  parseIdentity,
  parseMirror,
  parseNamespace,
  parseNamespacePolicy,
  parsePlace,
} from '../../domain/client-config.ts';
import { LIMITS } from '../../domain/limits.ts';
import { SEE, TOKEN_SHAPE } from '../../domain/principal.ts';
import { parseScope } from '../../domain/scope.ts';
import { operation } from './operation.ts';
import { text } from './shapes.ts';

const line = z.string().min(1).max(LIMITS.targetLength);
const few = <T extends z.ZodType>(each: T) => z.array(each).max(LIMITS.configNames);
const places = few(line.transform(parsePlace));
const storeUrl = z
  .url({ protocol: /^https?$/ })
  .max(LIMITS.targetLength)
  .refine(
    (address) => !/[?#\s]/.test(address) && !new URL(address).username,
    'must have no query, no user and no space',
  );

const configBody = z.strictObject({
  kind: z.enum(CONFIG_KINDS),
  url: storeUrl.optional().describe('where clients reach the store; else its public URL'),
  registries: places.optional().describe('registries, or places in one, with a section; else all that the store knows'),
  scopes: few(z.string().transform(parseScope))
    .optional()
    .describe('scopes with an entry; else all scopes of registered keys'),
  identity: line
    .transform(parseIdentity)
    .optional()
    .describe('signedIdentity: `matchRepository`, `exactRepository=quay.io/acme/app`, …'),
  default: z.enum(POLICY_DEFAULTS).optional().describe('for everything else; `reject` unless said'),
  keys: z.enum(KEY_FORMS).optional().describe('within the policy, a keyring for each scope, or a file for each key'),
  legacy: z.boolean().optional().describe('also for containers/image before 5.22'),
  mirrors: few(line.transform(parseMirror)).optional().describe('`mirror.example.com/hub=docker.io`'),
  readToken: z
    .string()
    .regex(TOKEN_SHAPE, 'must be one token and nothing else')
    .optional()
    .describe('secret of a token for reading'),
  existing: z.string().max(LIMITS.policyBytes).optional().describe('policy.json to merge with'),
  replace: z.boolean().optional().describe('entries of it that differ'),
  roles: z.array(z.enum(NODE_ROLES)).min(1).max(NODE_ROLES.length).optional(),
  namespace: z.string().transform(parseNamespace).optional().describe('of the workloads; else the whole cluster'),
  namespaces: few(line.transform(parseNamespacePolicy)).optional().describe('`team-a`, `team-b=quay.io/acme`'),
  releases: places.optional().describe('repositories of OpenShift releases, or what they have in common'),
  images: few(line).optional().describe('of releases, `REPOSITORY@sha256:HEX`'),
});

const Generated = z
  .strictObject({
    kind: z.enum(CONFIG_KINDS),
    files: z.array(
      z.strictObject({
        path: text.describe('where it belongs on the client; a mere name where it is for another program'),
        content: text,
        mode: z.int().describe('permissions; 384 (0600) where it holds a secret'),
      }),
    ),
    notes: z.array(text).describe('what to know before it is used'),
  })
  .meta({ id: 'ClientConfig', description: 'files for a client' });

export const configuration = {
  generateConfig: operation({
    method: 'post',
    path: '/config',
    tag: 'Configuration',
    needs: SEE,
    summary: 'files that configure clients, made from what the store knows',
    body: configBody,
    answers: { 200: { description: 'the files; nothing is stored', schema: Generated } },
  }),
};
