// Commands that check a signature without this store's word for it: skopeo, the key, and the manifest from the registry.
import type { Key } from '../domain/key.ts';
import type { StoredSignature } from '../store/port.ts';
import { shellText } from './shell-text.ts';

type Checked = {
  readonly signature: StoredSignature;
  readonly key: Key;
  readonly url: string;
  /** Whether reading needs a token, which is then taken from the environment. */
  readonly privately: boolean;
};

/** Ready to paste into a shell; the keyring of whoever does is left alone. */
export function checkCommands({ signature, key, url, privately }: Checked): string {
  const { repository, digest, reference, signingKey } = signature;
  const material = Buffer.from(key.material).toString('base64').replace(/.{76}/g, '$&\n').trimEnd();
  return [
    'cd "$(mktemp -d)"',
    'export GNUPGHOME="$PWD"',
    `base64 -d <<'KEY' | gpg --batch --quiet --import`,
    material,
    'KEY',
    `curl -fsS${privately ? ' -u "lookaside:$LOOKASIDE_TOKEN"' : ''} -o signature ${shellText(url)}`,
    `skopeo inspect --raw ${shellText(`docker://${repository}@${digest}`)} > manifest.json`,
    `skopeo standalone-verify manifest.json ${shellText(reference)} ${signingKey} signature`,
    '',
  ].join('\n');
}
