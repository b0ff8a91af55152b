// /api/v1/signatures, /api/v1/verify, and PUT of a lookaside path.
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { AppError } from '../domain/errors.ts';
import { requirePermission } from '../domain/principal.ts';
import type { Registry } from '../domain/repository-name.ts';
import { formatSlot, readLookasidePath } from '../domain/slot.ts';
import type { Intake, Outcome } from '../services/intake.ts';
import type { Signatures } from '../services/signatures.ts';
import { signatureDetailView, signatureView, slotUrl } from '../services/views.ts';
import { type Authenticate, principalOf } from './credentials.ts';
import { sendProblem } from './error-edge.ts';
import { pathOf } from './lookaside-handler.ts';
import { toProblem } from './problem.ts';
import type { UploadReaders } from './read-upload.ts';
import { jsonBody, readJson, refuseOtherMethods } from './routing.ts';
import { parseRequest, signatureId, signatureQuery, withdrawBody } from './schemas.ts';
import { outcomeView, verdictView } from './views.ts';

type Parts = {
  readonly intake: Intake;
  readonly signatures: Signatures;
  readonly authenticate: Authenticate;
  readonly readers: UploadReaders;
  readonly defaultRegistry: Registry;
  readonly publicUrl: () => string;
};

export function createSignatureRoutes({ intake, signatures, readers, defaultRegistry, publicUrl }: Parts): Router {
  const router = Router();

  router.post('/signatures', async (req, res) => {
    const principal = principalOf(res);
    requirePermission(principal, 'upload'); // before the body is read
    const outcomes = await intake.accept(await readers.readUploads(req, res), principal);
    sendOutcomes(req, res, { outcomes, publicUrl: publicUrl() });
  });

  router.post('/verify', async (req, res) => {
    const principal = principalOf(res);
    const verdicts = await intake.check(await readers.readUploads(req, res), principal);
    res.json({ results: verdicts.map(verdictView) });
  });

  router.get('/signatures', async (req, res) => {
    const principal = principalOf(res);
    const { limit, cursor, ...filter } = parseRequest(signatureQuery(defaultRegistry), req.query);
    const items = await signatures.list(filter, { limit, before: cursor ?? null }, principal);
    const next = items.length === limit ? String(items.at(-1)?.id) : null;
    res.json({ items: items.map((item) => signatureView(item, publicUrl())), next });
  });

  router.get('/signatures/:id', async (req, res) => {
    const principal = principalOf(res);
    res.json(
      signatureDetailView(await signatures.get(parseRequest(signatureId, req.params.id, 'id'), principal), publicUrl()),
    );
  });

  router.get('/signatures/:id/blob', async (req, res) => {
    const principal = principalOf(res);
    const { signature, bytes } = await signatures.blob(parseRequest(signatureId, req.params.id, 'id'), principal);
    res.set('content-disposition', `attachment; filename="signature-${signature.id}"`);
    res.type('application/octet-stream').send(bytes);
  });

  const mayWithdraw: RequestHandler = (_req, res, next) => {
    requirePermission(principalOf(res), 'withdraw');
    next();
  };
  router.delete('/signatures/:id', mayWithdraw, jsonBody, async (req, res) => {
    const principal = principalOf(res);
    const { reason } = parseRequest(withdrawBody, readJson(req));
    await signatures.withdraw(parseRequest(signatureId, req.params.id, 'id'), reason, principal);
    res.status(204).end();
  });

  return refuseOtherMethods(router);
}

/** PUT /<lookaside path>/signature-N: what `curl -T` and WebDAV-minded pipelines do. */
export function createPutHandler({ intake, authenticate, readers, defaultRegistry, publicUrl }: Parts) {
  return async (req: Request, res: Response): Promise<void> => {
    const principal = await authenticate(req.headers.authorization);
    requirePermission(principal, 'upload');
    const path = pathOf(req.originalUrl);
    const parsed = readLookasidePath(path, defaultRegistry);
    if (parsed?.kind !== 'slot')
      throw new AppError('TARGET_INVALID', 'PUT takes /<repository>@sha256=<64 hex>/signature-<N>, N from 1 to 127');
    const bytes = await readers.readRaw(req);
    const { slot } = parsed;
    const target = formatSlot(slot).slice(1);
    const [outcome] = await intake.accept([{ bytes, target, number: slot.number }], principal);
    if (!outcome) throw new AppError('INTERNAL', 'an upload without an outcome');
    if (outcome.status !== 'refused') res.location(slotUrl(publicUrl(), outcome.slot));
    sendOutcomes(req, res, { outcomes: [outcome], publicUrl: publicUrl() });
  };
}

/** Any refusal makes the answer a refusal, so that `curl -f` fails; what was accepted stays and is listed all the same. */
function sendOutcomes(
  req: Request,
  res: Response,
  { outcomes, publicUrl }: { outcomes: readonly Outcome[]; publicUrl: string },
): void {
  const results = outcomes.map((outcome) => outcomeView(outcome, publicUrl));
  const refused = outcomes.find((outcome) => outcome.status === 'refused');
  if (refused) return sendProblem(req, res, { ...toProblem(refused.error), results });
  res.status(outcomes.some((outcome) => outcome.status === 'stored') ? 201 : 200).json({ results });
}
