// The file that a bundle becomes.
import { writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError, quote, toAppError } from '../../domain/errors.ts';
import { isDiskFull } from '../../ops/disk-full.ts';
import { writeWhole } from '../../ops/whole-file.ts';
import type { World } from '../../ops/world.ts';

/** What `use` has written is there when this resolves, and nothing of it otherwise. */
export async function writeBundleFile<T>(
  { file, force }: { readonly file: string; readonly force: boolean },
  world: World,
  use: (write: (bytes: Uint8Array) => void) => Promise<T>,
): Promise<T> {
  const target = resolve(file);
  try {
    return await writeWhole({ target, kind: 'bundle', mode: 0o644, force }, world, ({ fd }) =>
      use((bytes) => {
        for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      }),
    );
  } catch (error) {
    throw failed(error, dirname(target));
  }
}

function failed(thrown: unknown, folder: string): AppError {
  if (!isDiskFull(thrown)) return toAppError(thrown);
  const message = `no bundle was made: there is no room for it in ${quote(folder)}`;
  return new AppError('OUTPUT_FULL', message, { cause: thrown });
}
