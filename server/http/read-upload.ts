// Bodies of uploads, bounded before they are read: one raw signature, or the parts of a multipart form.
import type { Request, RequestHandler, Response } from 'express';
import multer from 'multer';
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Upload } from '../services/intake.ts';
import { parseRequest } from './contract/parse-request.ts';
import { uploadQuery } from './contract/requests.ts';
import { countParts } from './part-count.ts';

export type ReadUploads = (req: Request, res: Response) => Promise<Upload[]>;

/** Headers of one part, beyond its content. */
const PART_OVERHEAD_BYTES = 1024;

export type UploadReaders = {
  /** multipart/form-data, or one application/octet-stream body with an optional `?target=`. */
  readonly readUploads: ReadUploads;
  /** One body of whatever content type: PUT of a lookaside path. */
  readonly readRaw: (req: Request) => Promise<Uint8Array>;
};

export function createUploadReaders(maxSignatureBytes: number): UploadReaders {
  const readMultipart = createMultipartReader(maxSignatureBytes);

  async function readRaw(req: Request): Promise<Uint8Array> {
    requirePlain(req);
    if (announcedBytes(req) > maxSignatureBytes) throw signatureTooLarge(maxSignatureBytes);
    const chunks: Buffer[] = [];
    let size = 0;
    // Our own loop: body parsers answer an oversized body only when all of it has come.
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxSignatureBytes) throw signatureTooLarge(maxSignatureBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  return {
    readRaw,
    async readUploads(req, res) {
      const { target } = parseRequest(uploadQuery, req.query);
      if (req.is('multipart/form-data')) {
        if (target === undefined) return readMultipart(req, res);
        throw new AppError(
          'REQUEST_INVALID',
          'target is for a raw body; in a form, the file name of a part is its target',
        );
      }
      if (!req.is('application/octet-stream'))
        throw new AppError(
          'CONTENT_TYPE_UNSUPPORTED',
          'send multipart/form-data with parts called "signature", or one signature as application/octet-stream',
        );
      return [{ bytes: await readRaw(req), target: target ?? null, number: null }];
    },
  };
}

function createMultipartReader(maxSignatureBytes: number): ReadUploads {
  const memory = multer.memoryStorage();
  const tooLarge = new WeakMap<Request, () => void>();
  const storage: multer.StorageEngine = {
    _handleFile(req, file, callback) {
      // multer reports an oversized part only when the whole form has come; its parser says so at once.
      file.stream.once('limit', () => tooLarge.get(req)?.());
      memory._handleFile(req, file, callback);
    },
    _removeFile: memory._removeFile.bind(memory),
  };
  const multipart = multer({
    storage,
    defParamCharset: 'utf8',
    preservePath: true, // the file name is a lookaside path, never a path on this machine
    limits: {
      fileSize: maxSignatureBytes,
      files: LIMITS.signaturesPerRequest,
      parts: LIMITS.signaturesPerRequest,
      fields: 0,
      fieldNameSize: 64,
      headerPairs: 16,
    },
  }).array('signature');

  return async (req, res) => {
    requirePlain(req);
    const most = LIMITS.signaturesPerRequest * (maxSignatureBytes + PART_OVERHEAD_BYTES);
    if (announcedBytes(req) > most)
      throw new AppError('REQUEST_TOO_LARGE', `the form is larger than ${most} bytes; send fewer signatures at a time`);
    const refused = new Promise<never>((_, reject) =>
      tooLarge.set(req, () => reject(signatureTooLarge(maxSignatureBytes))),
    );
    const parts = countParts(req);
    try {
      await Promise.race([run(multipart, req, res), refused]);
    } catch (error) {
      throw multipartError(error, maxSignatureBytes);
    }
    const files = (req.files ?? []) as Express.Multer.File[];
    if (files.length === 0) throw new AppError('REQUEST_INVALID', 'the form has no part called "signature"');
    if (files.length !== parts())
      throw new AppError(
        'REQUEST_MALFORMED',
        'a part of the form has no name, no file name, or a content-disposition that cannot be read; nothing was stored',
      );
    return files.map((file) => ({ bytes: file.buffer, target: targetOf(file.originalname), number: null }));
  };
}

function announcedBytes(req: Request): number {
  return Number(req.headers['content-length'] ?? 0);
}

/** Signatures are small and often compressed already; a decoder in front of the limits is one more thing to bound. */
function requirePlain(req: Request): void {
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new AppError('CONTENT_TYPE_UNSUPPORTED', 'send the body without content-encoding');
}

/** A file name that is a path or names an image is a target; `signature-1` or `app.gpg` is only a file's name. */
function targetOf(untrustedName: string | undefined): string | null {
  return untrustedName && /[@/]/.test(untrustedName) ? untrustedName : null;
}

function run(handler: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void handler(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
}

function multipartError(error: unknown, maxSignatureBytes: number): unknown {
  const code = error instanceof multer.MulterError ? error.code : null;
  if (code === 'LIMIT_FILE_SIZE') return signatureTooLarge(maxSignatureBytes);
  if (code === 'LIMIT_FILE_COUNT' || code === 'LIMIT_PART_COUNT')
    return new AppError(
      'REQUEST_TOO_LARGE',
      `more than ${LIMITS.signaturesPerRequest} signatures in one form; send fewer at a time`,
    );
  if (code !== null)
    return new AppError(
      'REQUEST_INVALID',
      'the form may have file parts called "signature" and nothing else (curl -F signature=@FILE)',
    );
  if (error instanceof AppError) return error;
  // Whatever else comes out of the multipart parser is about the form, which is a stranger's.
  return new AppError('REQUEST_MALFORMED', 'the form is not well-formed multipart/form-data', { cause: error });
}

function signatureTooLarge(maxSignatureBytes: number): AppError {
  return new AppError(
    'SIGNATURE_TOO_LARGE',
    `this store takes signatures of up to ${maxSignatureBytes} bytes; real ones have a few hundred`,
  );
}
