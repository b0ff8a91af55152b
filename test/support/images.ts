// Small images made without network: an OCI layout on disk whose manifests differ with the seed, with one image for
// each of two platforms and an index over both.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tempDir } from './temp-dir.ts';

export const PLATFORMS = ['amd64', 'arm64'] as const;
export type Platform = (typeof PLATFORMS)[number];

export type Layout = {
  /** For skopeo: the amd64 image alone, and the index. */
  readonly image: string;
  readonly index: string;
  readonly imageDigest: string;
  readonly indexDigest: string;
  readonly instances: Readonly<Record<Platform, string>>;
};

const MEDIA = 'application/vnd.oci.image';

export function ociLayout(t: Pick<TestContext, 'after'>, seed = 'seed'): Layout {
  const dir = tempDir(t);
  mkdirSync(join(dir, 'blobs/sha256'), { recursive: true });
  const blob = (mediaType: string, bytes: Uint8Array) => {
    const digest = `sha256:${sha256(bytes)}`;
    writeFileSync(join(dir, 'blobs', digest.replace(':', '/')), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const json = (mediaType: string, value: object) => blob(mediaType, Buffer.from(JSON.stringify(value)));

  const manifestOf = (architecture: Platform) => {
    const layer = tar('hello', `${seed} for ${architecture}`);
    const rootfs = { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] };
    return json(`${MEDIA}.manifest.v1+json`, {
      schemaVersion: 2,
      mediaType: `${MEDIA}.manifest.v1+json`,
      config: json(`${MEDIA}.config.v1+json`, { architecture, os: 'linux', config: {}, rootfs }),
      layers: [blob(`${MEDIA}.layer.v1.tar+gzip`, gzipSync(layer))],
    });
  };
  const manifests = PLATFORMS.map((architecture) => ({
    ...manifestOf(architecture),
    platform: { architecture, os: 'linux' },
  }));
  const instances = Object.fromEntries(manifests.map(({ platform, digest }) => [platform.architecture, digest]));
  const index = json(`${MEDIA}.index.v1+json`, {
    schemaVersion: 2,
    mediaType: `${MEDIA}.index.v1+json`,
    manifests,
  });

  const named = (descriptor: object, name: string) => ({
    ...descriptor,
    annotations: { 'org.opencontainers.image.ref.name': name },
  });
  const { platform: _, ...image } = manifests[0] ?? { platform: null, ...index };
  writeFileSync(join(dir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(
    join(dir, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [named(image, 'image'), named(index, 'index')] }),
  );
  return {
    image: `oci:${dir}:image`,
    index: `oci:${dir}:index`,
    imageDigest: image.digest,
    indexDigest: index.digest,
    instances: instances as Record<Platform, string>,
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** One file as ustar: a header of 512 octets, the padded content, two empty records. */
function tar(name: string, content: string): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(bytes.length, 12) + octal(0, 12), 100);
  header.write(`${' '.repeat(8)}0`, 148); // the checksum counts itself as spaces
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, octet) => total + octet, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  return Buffer.concat([header, bytes, padding, Buffer.alloc(1024)]);
}
