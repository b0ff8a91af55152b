// A pipeline that signs what it has pushed: `lookaside sign-and-push`, as a process with a place of its own for what is
// private, beside all that test/support/registry-scene.ts has.
import { readdirSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { type Exit, runCli } from '../support/processes.ts';
import { createScene, type Scene } from '../support/registry-scene.ts';
import { tempDir } from '../support/temp-dir.ts';

export type SigningScene = Scene & {
  readonly token: string;
  /** What the command has in its environment. */
  readonly environment: Environment;
  /** Signs with the scene's key unless told otherwise. */
  sign(image: string, options?: readonly string[], more?: { env?: Environment; input?: string }): Promise<Exit>;
  /** What is left where the command keeps what is private. */
  left(): string[];
};

export async function signingScene(t: TestContext, settings: Environment = {}): Promise<SigningScene> {
  const scene = await createScene(t, settings);
  const token = await scene.server.createToken(['upload']);
  const place = tempDir(t);
  const environment = {
    ...scene.signer.environment,
    XDG_RUNTIME_DIR: place,
    LOOKASIDE_SERVER: scene.server.url,
    LOOKASIDE_TOKEN: token,
  };
  return {
    ...scene,
    token,
    environment,
    sign: (image, options = ['--sign-by', scene.key.fingerprint], { env = {}, input = '' } = {}) =>
      runCli(['sign-and-push', image, ...options], { env: { ...environment, ...env }, input }),
    left: () => readdirSync(place),
  };
}
