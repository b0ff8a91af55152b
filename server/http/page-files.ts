// The files of the admin pages, read once: a few MB. Nothing of a request becomes a path on disk, no file
// stays open behind a client that goes away, and a build that replaces them does not disturb a server that runs.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

type Body = { readonly content: Buffer; readonly encoding: string | null; readonly etag: string };

export type PageFile = {
  readonly type: string;
  /** Its name holds a hash of its content. */
  readonly neverChanges: boolean;
  readonly bytes: Body;
  /** The same, compressed by the build, the smallest first. */
  readonly encoded: ReadonlyMap<string, Body>;
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

const ENCODINGS = { br: '.br', gzip: '.gz' } as const;

/** By path below the folder, with forward slashes. */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const present = new Set(names);
  const plain = names.filter((name) => !/\.(?:br|gz)$/.test(name));
  return new Map(plain.map((name) => [name, pageFile(folder, name, present)]));
}

function pageFile(folder: string, name: string, present: ReadonlySet<string>): PageFile {
  const encoded = new Map<string, Body>();
  for (const [encoding, ending] of Object.entries(ENCODINGS))
    if (present.has(name + ending)) encoded.set(encoding, body(join(folder, name + ending), encoding));
  return {
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    neverChanges: name.startsWith('assets/'),
    bytes: body(join(folder, name), null),
    encoded,
  };
}

function body(path: string, encoding: string | null): Body {
  const content = readFileSync(path);
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  return { content, encoding, etag };
}
