// /api/v1/signatures, /api/v1/verify, and PUT of a lookaside path.
import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { AppError, toAppError } from '../domain/errors.ts';
import { requirePermission } from '../domain/principal.ts';
import { needsToken, type ReadAccess } from '../domain/read-access.ts';
import { parseRepository, type Registry } from '../domain/repository-name.ts';
import { plainPath } from '../domain/slot.ts';
import type { Intake, Outcome } from '../services/intake.ts';
import type { Lookaside } from '../services/lookaside.ts';
import type { Refusals } from '../services/refusals.ts';
import type { Signatures } from '../services/signatures.ts';
import { signatureDetailView, signatureView, slotUrl } from '../services/views.ts';
import { OPERATIONS } from './contract/operations.ts';
import { type AuthenticateRequest, principalOf } from './credentials.ts';
import { sendProblem } from './error-edge.ts';
import { pathOf } from './lookaside-handler.ts';
import { toProblem } from './problem.ts';
import type { UploadReaders } from './read-upload.ts';
import { on, SENT } from './route.ts';
import { refuseOtherMethods } from './routing.ts';
import { cursorText, outcomeView, verdictView } from './views.ts';

type Parts = ReadAccess & {
  readonly intake: Intake;
  readonly lookaside: Pick<Lookaside, 'refresh' | 'parse'>;
  readonly signatures: Signatures;
  readonly refusals: Refusals;
  readonly authenticate: AuthenticateRequest;
  readonly readers: UploadReaders;
  readonly defaultRegistry: Registry;
  readonly publicUrl: () => string;
};

export function createSignatureRoutes(parts: Parts): Router {
  const { intake, signatures, refusals, readers, defaultRegistry, publicUrl } = parts;
  const router = Router();

  on(router, OPERATIONS.uploadSignatures, async (_input, { principal, req, res }) => {
    const outcomes = await intake.accept(await readers.readUploads(req, res), principal);
    sendOutcomes(req, res, { outcomes, publicUrl: publicUrl() });
    return SENT;
  });

  on(router, OPERATIONS.verifySignatures, async (_input, { principal, req, res }) => {
    const verdicts = await intake.check(await readers.readUploads(req, res), principal);
    return { results: verdicts.map(verdictView) };
  });

  on(router, OPERATIONS.listSignatures, async ({ query }, { principal }) => {
    const { limit, cursor, repository, ...rest } = query;
    const filter =
      repository === undefined ? rest : { ...rest, repository: parseRepository(repository, defaultRegistry) };
    const { items, next } = await signatures.list(filter, { limit, before: cursor ?? null }, principal);
    return { items: items.map((item) => signatureView(item, publicUrl())), next: cursorText(next) };
  });

  on(router, OPERATIONS.getSignature, async ({ params }, { principal }) => {
    const detail = await signatures.get(params.id, principal);
    return signatureDetailView(detail, publicUrl(), needsToken(parts, detail.signature.repository));
  });

  on(router, OPERATIONS.getBlob, async ({ params }, { principal, res }) => {
    const { signature, bytes } = await signatures.blob(params.id, principal);
    res.set('content-disposition', `attachment; filename="signature-${signature.id}"`);
    res.type('application/octet-stream').send(bytes);
    return SENT;
  });

  on(router, OPERATIONS.withdrawSignature, async ({ params, body }, { principal }) => {
    await signatures.withdraw(params.id, body.reason, principal);
    return undefined;
  });

  return refuseOtherMethods(router).use(noteRefusedUploads(refusals));
}

/** Notes what refused a whole upload before there were signatures to speak of: no permission, too large. */
function noteRefusedUploads(refusals: Refusals): ErrorRequestHandler {
  return (thrown: unknown, req, res, next) => {
    const isUpload = req.method === 'PUT' || (req.method === 'POST' && req.path === '/signatures');
    if (isUpload && principalOf(res)) refusals.note(toAppError(thrown), null, principalOf(res));
    next(thrown);
  };
}

/** PUT /<lookaside path>/signature-N: what `curl -T` and WebDAV-minded pipelines do. */
export function createPutHandler({ intake, lookaside, refusals, authenticate, readers, publicUrl }: Parts): Router {
  const router = Router();
  router.put(/.*/, async (req: Request, res: Response): Promise<void> => {
    const principal = await authenticate(req);
    res.locals.principal = principal;
    requirePermission(principal, 'upload');
    const path = pathOf(req.originalUrl);
    lookaside.refresh();
    const parsed = lookaside.parse(path);
    if (parsed?.kind !== 'slot')
      throw new AppError('TARGET_INVALID', 'PUT takes /<repository>@sha256=<64 hex>/signature-<N>, N from 1 to 127');
    const bytes = await readers.readRaw(req);
    // As it was written: an alias that it begins with is put right once, where every target is.
    const upload = { bytes, target: plainPath(path), number: parsed.slot.number };
    const [outcome] = await intake.accept([upload], principal);
    if (!outcome) throw new AppError('INTERNAL', 'an upload without an outcome');
    if (outcome.status !== 'refused') res.location(slotUrl(publicUrl(), outcome.slot));
    sendOutcomes(req, res, { outcomes: [outcome], publicUrl: publicUrl() });
  });
  return router.use(noteRefusedUploads(refusals));
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
