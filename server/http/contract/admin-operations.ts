// The calls about keys, tokens and people.
import { z } from 'zod';
import { READ, SEE } from '../../domain/principal.ts';
import * as admin from './admin-shapes.ts';
import { DONE, operation } from './operation.ts';
import * as requests from './requests.ts';
import * as shapes from './shapes.ts';

const keyFile = {
  types: ['application/pgp-keys', 'application/octet-stream', 'text/plain'],
  description: 'the key file, armored or binary; or JSON',
} as const;
const registrations = z.strictObject({
  results: z.array(z.strictObject({ status: z.enum(['registered', 'updated', 'unchanged']), key: admin.Key })),
});

export const sessions = {
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
    answers: { 204: DONE },
  }),
  changeOwnPassword: operation({
    method: 'put',
    path: '/session/password',
    tag: 'Sessions',
    needs: 'anyone',
    summary: 'change your own password; ends all your sessions',
    body: requests.passwordChange,
    answers: { 204: DONE },
  }),
};

export const keys = {
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
  listExpiringKeys: operation({
    method: 'get',
    path: '/keys/expiring',
    tag: 'Keys',
    needs: SEE,
    summary: 'keys that expire soon or have expired, or subkeys of theirs, and what depends on them, soonest first',
    query: requests.expiringQuery,
    answers: {
      200: { description: 'at most 1000', schema: z.strictObject({ items: z.array(admin.ExpiringKey) }) },
    },
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
  getKeyImpact: operation({
    method: 'get',
    path: '/keys/:fingerprint/impact',
    tag: 'Keys',
    needs: SEE,
    summary: 'what ends with a key, and a page of the images that no other key has signed',
    params: requests.keyFingerprint,
    query: requests.impactQuery,
    answers: { 200: { description: 'a page', schema: admin.KeyImpact } },
  }),
  getKeyRotation: operation({
    method: 'get',
    path: '/keys/:fingerprint/rotation',
    tag: 'Keys',
    needs: SEE,
    summary: 'what a key signed and its successor has yet to sign',
    params: requests.keyFingerprint,
    query: requests.rotationQuery,
    answers: { 200: { description: 'a page', schema: admin.KeyRotation } },
  }),
  getKeyRotationList: operation({
    method: 'get',
    path: '/keys/:fingerprint/rotation/list',
    tag: 'Keys',
    needs: READ,
    summary: 'all of it as lines, `<repository>@<digest> <reference to sign as>`',
    params: requests.keyFingerprint,
    query: requests.rotationListQuery,
    answers: { 200: { description: 'a line for each reference', type: 'text/plain' } },
  }),
};

export const tokens = {
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
    answers: { 204: DONE },
  }),
};

export const users = {
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
    answers: { 204: DONE },
  }),
};
