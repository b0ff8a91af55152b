// The calls about signatures and the images they sign.
import { z } from 'zod';
import { READ } from '../../domain/principal.ts';
import { DONE, operation } from './operation.ts';
import * as requests from './requests.ts';
import * as shapes from './shapes.ts';

const uploads = {
  types: ['multipart/form-data', 'application/octet-stream'],
  description: 'parts called `signature`, each file name a target if it is one; or one signature',
} as const;
const uploadResults = z.strictObject({ results: z.array(shapes.UploadResult) });

export const signatures = {
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
    params: requests.numberedId,
    answers: { 200: { description: 'the signature', schema: shapes.SignatureDetail } },
  }),
  getBlob: operation({
    method: 'get',
    path: '/signatures/:id/blob',
    tag: 'Signatures',
    needs: READ,
    summary: 'its bytes, as a download',
    params: requests.numberedId,
    answers: { 200: { description: 'the bytes', type: 'application/octet-stream' } },
  }),
  withdrawSignature: operation({
    method: 'delete',
    path: '/signatures/:id',
    tag: 'Signatures',
    needs: ['withdraw'],
    summary: 'withdraw: it is served no more',
    params: requests.numberedId,
    body: requests.withdrawBody,
    answers: { 204: DONE },
  }),
};

export const images = {
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
