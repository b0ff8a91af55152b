// A server process with tokens, keys and people, and the one way in which everything here calls its API.
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { type Answer, bearer, type Sent, send } from '../http/wire.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { type ServerProcess, serverProcess } from '../support/processes.ts';
import { preparedStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { createModel, type Model, type ModelKey } from './model.ts';
import type { Options } from './options.ts';
import { createRecord, type SoakRecord } from './record.ts';

export const PASSWORD = 'of nobody, for a soak';
const UPLOADERS = 4;
const KEYS = 6;
export const KEYS_PER_SECOND = 1 / 20;
/** Small, so that it is full before the warm-up is over: what grows after that is not the memory for reads. */
const CACHE_MB = '8';

const UNIT = new URL('../../deploy/systemd/lookaside.service', import.meta.url);
/** What a server that runs for long tells the C library. */
const AS_INSTALLED = readFileSync(UNIT, 'utf8').match(/\bMALLOC_\w+=\d+/g) ?? [];

export type Called = Sent & { readonly expected: readonly number[]; readonly token?: string };

export type Scene = {
  readonly server: ServerProcess;
  readonly metricsUrl: string;
  readonly databasePath: string;
  readonly dataDir: string;
  readonly model: Model;
  readonly record: SoakRecord;
  /** Made before the load, which must not wait for that. */
  readonly nextKeys: ModelKey[];
  /** May upload below `registry.example.com/team-0`, `…/team-1` and so on. */
  readonly uploaders: readonly string[];
  /** May withdraw, read and administer. */
  readonly admin: string;
  /** Null for an answer that was not expected, which is on record. */
  call(kind: string, path: string, options: Called): Promise<Answer | null>;
};

export const teamOf = (index: number) => `registry.example.com/team-${index % UPLOADERS}`;

export async function createScene(t: Pick<TestContext, 'after'>, { workers, minutes }: Options): Promise<Scene> {
  const dataDir = tempDir(t);
  const model = createModel();
  for (let index = 0; index < KEYS; index++) model.keys.push(await newKey());
  const { uploaders, admin, config } = await preparedStore({ LOOKASIDE_DATA_DIR: dataDir }, async (store) => {
    await store.registerKeys(...model.keys.map(({ signer }) => signer.publicKey));
    const uploaders: string[] = [];
    for (let index = 0; index < UPLOADERS; index++)
      uploaders.push(await store.createToken(['upload'], [teamOf(index)]));
    return { uploaders, admin: await store.createToken(['withdraw', 'read', 'admin']) };
  });

  const server = await serverProcess(t, {
    LOOKASIDE_DATA_DIR: dataDir,
    LOOKASIDE_WORKERS: String(workers),
    LOOKASIDE_CACHE_MB: CACHE_MB,
    LOOKASIDE_ADMIN_PASSWORD: PASSWORD,
    LOOKASIDE_LOG_LEVEL: 'info',
    ...Object.fromEntries(AS_INSTALLED.map((setting) => setting.split('=', 2))),
  });
  const [metricsUrl = ''] = (await server.line(/(?<="metrics":")[^"]+/)) ?? [];
  const record = createRecord();
  const nextKeys: ModelKey[] = [];
  while (nextKeys.length < minutes * 60 * KEYS_PER_SECOND) nextKeys.push(await newKey());
  const { databasePath } = config;
  const scene = { server, metricsUrl, databasePath, dataDir, model, record, nextKeys, uploaders, admin };
  return { ...scene, call: createCall(server.url, record) };
}

async function newKey(): Promise<ModelKey> {
  return { signer: await createFastSigner(), state: 'active' };
}

function createCall(url: string, record: SoakRecord): Scene['call'] {
  return async (kind, path, { expected, token, headers, ...sent }) => {
    const began = performance.now();
    try {
      const authorization = token === undefined ? {} : bearer(token);
      const answer = await send(url, path, { ...sent, headers: { ...authorization, ...headers } });
      if (expected.includes(answer.status)) {
        record.done(kind, answer.status, performance.now() - began);
        return answer;
      }
      record.wrong(`${kind}: ${path.slice(0, 120)} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
    } catch (error) {
      record.wrong(`${kind}: ${path.slice(0, 120)} failed: ${error}`);
    }
    return null;
  };
}

export const JSON_TYPE = { 'content-type': 'application/json' } as const;
export const RAW_TYPE = { 'content-type': 'application/octet-stream' } as const;
