// Before anything is measured: the peers must say the same, or their costs are not those of the same work.
import { requirePullable } from './connections.ts';
import { type Dataset, directoryOf, imageOf } from './dataset.ts';
import type { Peer } from './peers.ts';
import { get } from './requests.ts';

const LOOKS = 20;

export async function requireAlike(peers: readonly Peer[], { count }: Pick<Dataset, 'count'>): Promise<void> {
  for (const peer of peers) {
    const { name, url } = peer;
    for (let look = 0; look < LOOKS; look++) {
      const image = imageOf(Math.floor((look * count) / LOOKS));
      const address = `${url}/${directoryOf(image)}/signature-`;
      const [hit, miss] = [await get(`${address}1`), await get(`${address}2`)];
      const never = await get(`${url}/${image.repository}@sha256=${'0'.repeat(64)}/signature-1`);
      if (hit.status !== 200 || !hit.bytes.equals(image.bytes))
        throw new Error(`${name} does not serve ${address}1 as it was stored`);
      if (miss.status !== 404 || never.status !== 404) throw new Error(`${name} does not answer a miss with 404`);
    }
    if (url.startsWith('http:')) await requirePullable(peer, `/${directoryOf(imageOf(0))}/signature-`);
  }
}
