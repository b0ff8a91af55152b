// Every call of the API. docs/api.md explains them; GET /api/v1/openapi.json is made from this.
import { z } from 'zod';
import * as admin from './admin-shapes.ts';
import { type Operation, operation } from './operation.ts';
import * as requests from './requests.ts';
import * as shapes from './shapes.ts';

const uploads = {
  types: ['multipart/form-data', 'application/octet-stream'],
  description: 'parts called `signature`, each file name a target if it is one; or one signature',
} as const;
const keyFile = {
  types: ['application/pgp-keys', 'application/octet-stream', 'text/plain'],
  description: 'the key file, armored or binary; or JSON',
} as const;
const uploadResults = z.strictObject({ results: z.array(shapes.UploadResult) });
const registrations = z.strictObject({
  results: z.array(z.strictObject({ status: z.enum(['registered', 'updated', 'unchanged']), key: admin.Key })),
});
const SEE = ['admin', 'view'] as const;
const READ = ['read', 'admin', 'view'] as const;
const done = { description: 'done' } as const;

const sessions = {
  getSession: operation({
    method: 'get',
    path: '/session',
    tag: 'Sessions',
    needs: 'anyone',
    summary: 'who am I',
    answers: { 200: { description: 'who asks', schema: admin.Session } },
  }),
  signIn: operation({
    method: 'post',
    path: '/session',
    tag: 'Sessions',
    needs: 'nobody',
    summary: 'sign in; the session is a cookie',
    body: requests.credentials,
    answers: { 200: { description: 'signed in', schema: admin.Session } },
  }),
  signOut: operation({
    method: 'delete',
    path: '/session',
    tag: 'Sessions',
    needs: 'nobody',
    summary: 'sign out',
    answers: { 204: done },
  }),
  changeOwnPassword: operation({
    method: 'put',
    path: '/session/password',
    tag: 'Sessions',
    needs: 'anyone',
    summary: 'change your own password; ends all your sessions',
    body: requests.passwordChange,
    answers: { 204: done },
  }),
};

const signatures = {
  uploadSignatures: operation({
    method: 'post',
    path: '/signatures',
    tag: 'Signatures',
    needs: ['upload'],
    summary: 'upload signatures',
    query: requests.uploadQuery,
    rawBody: uploads,
    answers: {
      200: { description: 'all existed', schema: uploadResults },
      201: { description: 'at least one is new, none refused', schema: uploadResults },
    },
  }),
  verifySignatures: operation({
    method: 'post',
    path: '/verify',
    tag: 'Signatures',
    needs: 'anyone',
    summary: 'the verdict, nothing stored',
    query: requests.uploadQuery,
    rawBody: uploads,
    answers: {
      200: { description: 'one verdict a part', schema: z.strictObject({ results: z.array(shapes.Verdict) }) },
    },
  }),
  listSignatures: operation({
    method: 'get',
    path: '/signatures',
    tag: 'Signatures',
    needs: READ,
    summary: 'signatures, newest first',
    query: requests.signatureQuery,
    answers: { 200: { description: 'a page', schema: shapes.pageOf(shapes.Signature) } },
  }),
  getSignature: operation({
    method: 'get',
    path: '/signatures/:id',
    tag: 'Signatures',
    needs: READ,
    summary: 'one signature, taken apart',
    params: requests.signatureId,
    answers: { 200: { description: 'the signature', schema: shapes.SignatureDetail } },
  }),
  getBlob: operation({
    method: 'get',
    path: '/signatures/:id/blob',
    tag: 'Signatures',
    needs: READ,
    summary: 'its bytes, as a download',
    params: requests.signatureId,
    answers: { 200: { description: 'the bytes', type: 'application/octet-stream' } },
  }),
  withdrawSignature: operation({
    method: 'delete',
    path: '/signatures/:id',
    tag: 'Signatures',
    needs: ['withdraw'],
    summary: 'withdraw: it is served no more',
    params: requests.signatureId,
    body: requests.withdrawBody,
    answers: { 204: done },
  }),
};

const images = {
  listRepositories: operation({
    method: 'get',
    path: '/repositories',
    tag: 'Images',
    needs: READ,
    summary: 'repositories, by name',
    query: requests.repositoryQuery,
    answers: { 200: { description: 'a page', schema: shapes.pageOf(shapes.Repository) } },
  }),
  listImages: operation({
    method: 'get',
    path: '/images',
    tag: 'Images',
    needs: READ,
    summary: 'images of a repository, newest first',
    query: requests.imageQuery,
    answers: { 200: { description: 'a page', schema: shapes.pageOf(shapes.Image) } },
  }),
};

const keys = {
  listKeys: operation({
    method: 'get',
    path: '/keys',
    tag: 'Keys',
    needs: SEE,
    summary: 'keys, newest first',
    query: requests.keyListQuery,
    answers: { 200: { description: 'a page', schema: shapes.pageOf(admin.KeyWithServed) } },
  }),
  registerKeys: operation({
    method: 'post',
    path: '/keys',
    tag: 'Keys',
    needs: ['admin'],
    summary: 'register keys, or newer copies of them',
    query: requests.keyFileQuery,
    body: requests.keyBody,
    rawBody: keyFile,
    answers: {
      200: { description: 'all were registered', schema: registrations },
      201: { description: 'at least one is new', schema: registrations },
    },
  }),
  previewKeys: operation({
    method: 'post',
    path: '/keys/preview',
    tag: 'Keys',
    needs: SEE,
    summary: 'what a key file holds, nothing stored',
    body: requests.keyBody.pick({ key: true }),
    rawBody: keyFile,
    answers: { 200: { description: 'what was read', schema: admin.KeyPreview } },
  }),
  getKey: operation({
    method: 'get',
    path: '/keys/:fingerprint',
    tag: 'Keys',
    needs: SEE,
    summary: 'one key, and what depends on it',
    params: requests.keyFingerprint,
    answers: { 200: { description: 'the key', schema: admin.KeyWithServed } },
  }),
  changeKey: operation({
    method: 'patch',
    path: '/keys/:fingerprint',
    tag: 'Keys',
    needs: ['admin'],
    summary: 'rename, change scopes, retire, revoke',
    params: requests.keyFingerprint,
    body: requests.keyPatch,
    answers: { 200: { description: 'the key as it is then', schema: admin.Key } },
  }),
  getKeyMaterial: operation({
    method: 'get',
    path: '/keys/:fingerprint/material',
    tag: 'Keys',
    needs: SEE,
    summary: 'the public key, as a download',
    params: requests.keyFingerprint,
    query: requests.keyMaterialQuery,
    answers: { 200: { description: 'the public key', type: 'application/pgp-keys' } },
  }),
};

const tokens = {
  listTokens: operation({
    method: 'get',
    path: '/tokens',
    tag: 'Tokens',
    needs: SEE,
    summary: 'tokens, newest first, without secrets',
    query: requests.tokenListQuery,
    answers: { 200: { description: 'a page', schema: shapes.pageOf(admin.Token) } },
  }),
  createToken: operation({
    method: 'post',
    path: '/tokens',
    tag: 'Tokens',
    needs: ['admin'],
    summary: 'create a token; the secret is here only',
    body: requests.tokenBody,
    answers: { 201: { description: 'the token and its secret', schema: admin.NewToken } },
  }),
  revokeToken: operation({
    method: 'delete',
    path: '/tokens/:id',
    tag: 'Tokens',
    needs: ['admin'],
    summary: 'revoke a token, at once',
    params: requests.tokenId,
    answers: { 204: done },
  }),
};

const users = {
  listUsers: operation({
    method: 'get',
    path: '/users',
    tag: 'Users',
    needs: SEE,
    summary: 'people who may sign in',
    answers: { 200: { description: 'all of them', schema: z.strictObject({ items: z.array(admin.User) }) } },
  }),
  createUser: operation({
    method: 'post',
    path: '/users',
    tag: 'Users',
    needs: ['admin'],
    summary: 'add somebody',
    body: requests.userBody,
    answers: { 201: { description: 'the user', schema: admin.User } },
  }),
  changeUser: operation({
    method: 'patch',
    path: '/users/:name',
    tag: 'Users',
    needs: ['admin'],
    summary: 'change role or password; a new password ends their sessions',
    params: requests.userName,
    body: requests.userPatch,
    answers: { 200: { description: 'the user as they are then', schema: admin.User } },
  }),
  removeUser: operation({
    method: 'delete',
    path: '/users/:name',
    tag: 'Users',
    needs: ['admin'],
    summary: 'remove somebody, at once',
    params: requests.userName,
    answers: { 204: done },
  }),
};

const records = {
  listAudit: operation({
    method: 'get',
    path: '/audit',
    tag: 'Audit log',
    needs: SEE,
    summary: 'events, newest first',
    query: requests.auditQuery,
    answers: { 200: { description: 'a page', schema: shapes.pageOf(shapes.AuditEvent) } },
  }),
  exportAudit: operation({
    method: 'get',
    path: '/audit/export',
    tag: 'Audit log',
    needs: SEE,
    summary: 'events as JSON lines, oldest first',
    query: requests.auditFilter,
    answers: { 200: { description: 'one event a line', type: 'application/jsonl' } },
  }),
  getAuditStatus: operation({
    method: 'get',
    path: '/audit/status',
    tag: 'Audit log',
    needs: SEE,
    summary: 'whether the hash chain holds',
    answers: { 200: { description: 'the state', schema: admin.AuditStatus } },
  }),
  listRefusals: operation({
    method: 'get',
    path: '/refusals',
    tag: 'Audit log',
    needs: SEE,
    summary: 'refused uploads, newest first',
    query: requests.refusalQuery,
    answers: { 200: { description: 'a page', schema: shapes.pageOf(shapes.Refusal) } },
  }),
  getOverview: operation({
    method: 'get',
    path: '/overview',
    tag: 'Overview',
    needs: SEE,
    summary: 'the state of the store on one page',
    answers: { 200: { description: 'the state', schema: admin.Overview } },
  }),
  search: operation({
    method: 'get',
    path: '/search',
    tag: 'Overview',
    needs: READ,
    summary: 'by repository, digest, tag, fingerprint, key id, or the name of a signer or token',
    query: requests.searchQuery,
    answers: { 200: { description: 'the best of each kind', schema: admin.SearchResults } },
  }),
  getOpenApi: operation({
    method: 'get',
    path: '/openapi.json',
    tag: 'API',
    needs: 'nobody',
    summary: 'this document',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
  }),
};

export const OPERATIONS = { ...sessions, ...signatures, ...images, ...keys, ...tokens, ...users, ...records };
export type OperationId = keyof typeof OPERATIONS;

export function operationList(): [OperationId, Operation][] {
  return Object.entries(OPERATIONS) as [OperationId, Operation][];
}
