// The live signatures of OpenShift releases, as their images are named on a command line.
import { AppError, quote } from '../../domain/errors.ts';
import { DOCKER_HUB } from '../../domain/repository-name.ts';
import { formatImage, parseTarget } from '../../domain/slot.ts';
import type { Store } from '../../store/port.ts';
import type { ReleaseSignatures } from './release-signatures.ts';

export function releaseSignatures(store: Pick<Store, 'live'>, images: readonly string[]): ReleaseSignatures[] {
  if (images.length === 0)
    throw new AppError('REQUEST_INVALID', 'name the images of the releases, REPOSITORY@sha256:HEX');
  return images.map((text) => {
    const image = parseTarget(text.replace('@sha256:', '@sha256='), DOCKER_HUB);
    const signatures = store.live(image).map(({ content }) => Buffer.from(content, 'latin1'));
    if (signatures.length === 0)
      throw new AppError('REQUEST_INVALID', `${quote(formatImage(image))} has no live signature in this store`);
    return { digest: image.digest, signatures };
  });
}
