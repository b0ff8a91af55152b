// The calls about what there is and what happened: overview, search, audit log, refusals, this description.
import { z } from 'zod';
import { READ, SEE } from '../../domain/principal.ts';
import * as admin from './admin-shapes.ts';
import { operation } from './operation.ts';
import * as requests from './requests.ts';
import * as shapes from './shapes.ts';

export const records = {
  listAudit: operation({
    method: 'get',
    path: '/audit',
    tag: 'Audit log',
    needs: SEE,
    summary: 'events, newest first',
    query: requests.auditQuery,
    answers: {
      200: { description: 'a page', schema: shapes.pageOf(shapes.AuditEvent).extend({ chain: admin.AuditStatus }) },
    },
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
