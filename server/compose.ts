// The composition root: the only file that knows every part. Commands take the services; `serve` starts the rest.
import { fileURLToPath } from 'node:url';
import { composeOidc } from './compose/oidc.ts';
import { placesOf, requirePublicUrl } from './compose/places.ts';
import { composeReads, imageIndexOf, learnAside } from './compose-reads.ts';
import type { Config } from './config.ts';
import { describeCause, toAppError } from './domain/errors.ts';
import { createAdminRoutes } from './http/admin-routes.ts';
import { createAliasRoutes } from './http/alias-routes.ts';
import { createApp } from './http/app.ts';
import { createConfigRoutes } from './http/config-routes.ts';
import { boundConnections, mostConnections } from './http/connections.ts';
import { createAuthenticate, createAuthenticateRequest, createRequirePrincipal } from './http/credentials.ts';
import { createKeyLifecycleRoutes } from './http/key-lifecycle-routes.ts';
import { listenOn, type Taken } from './http/listening.ts';
import { createLookasideHandler } from './http/lookaside-handler.ts';
import { createOpenRoutes } from './http/open-routes.ts';
import { createExchangeRoutes, createPublisherRoutes } from './http/publisher-routes.ts';
import { createUploadReaders } from './http/read-upload.ts';
import { createReadWorkers, type ReadOptions } from './http/read-workers.ts';
import { createRecordRoutes } from './http/record-routes.ts';
import { createOriginGuard } from './http/same-origin.ts';
import { close, createMetricsServer, createStoreServer, endIdle, KEEP_ALIVE_MS } from './http/server.ts';
import { createSessionRoutes } from './http/session-routes.ts';
import { createPutHandler, createSignatureRoutes } from './http/signature-routes.ts';
import { connectionFigures, figuresOf, memoryFigures, together } from './http/thread-figures.ts';
import { certificateFigure, keepTlsCurrent, readTls, type TlsMaterial } from './http/tls.ts';
import { createUi } from './http/ui.ts';
import { createUserRoutes } from './http/user-routes.ts';
import { createVerdictRoutes } from './http/verdict-routes.ts';
import { createLog, type Log } from './ops/log.ts';
import { createMetrics } from './ops/metrics.ts';
import { openFilesLimit } from './ops/open-files.ts';
import { createTurns } from './ops/turns.ts';
import { version } from './ops/version.ts';
import { realWorld, type World } from './ops/world.ts';
import { createAliases } from './services/aliases.ts';
import { createAuditLog } from './services/audit.ts';
import { createCatalogue } from './services/catalogue.ts';
import { createClientConfig } from './services/client-config/client-config.ts';
import { createCountFailedToken } from './services/failed-tokens.ts';
import { createIntake } from './services/intake.ts';
import { createKeyLifecycle } from './services/key-lifecycle.ts';
import { createKeyRegistry } from './services/key-registry.ts';
import { createOpenPgpPool } from './services/openpgp-pool.ts';
import { createPasswords } from './services/passwords.ts';
import { createReadiness } from './services/readiness.ts';
import { createRefusals } from './services/refusals.ts';
import { createRefusedSignIns } from './services/refused-sign-ins.ts';
import { createRuntimeVerdicts } from './services/runtime-verdict.ts';
import { createSessions } from './services/sessions.ts';
import { createSignInAttempts } from './services/sign-in-attempts.ts';
import { createSignatures } from './services/signatures.ts';
import { storeFigures } from './services/store-figures.ts';
import { createTokens } from './services/tokens.ts';
import { createUsers, type FirstAdmin } from './services/users.ts';
import { MIGRATIONS } from './store/migrate.ts';
import type { Store } from './store/port.ts';
import { openStore } from './store/sqlite-store.ts';

const UI = fileURLToPath(new URL('../web/dist', import.meta.url));
const READ_WORKER = new URL('./read-worker.ts', import.meta.url);
/** How often the last uses of tokens and sessions are written. */
const FLUSH_MS = 30_000;
/** How long refused uploads wait to be written together. */
const REFUSALS_MS = 1_000;
/** How long a request under way may take at shutdown. */
const GRACE_MS = 10_000;

export type RunningServer = {
  /** What the server is reached at from this machine. */
  readonly url: string;
  readonly metricsUrl: string;
  /** Where this start has made the first user with a password of its own making: for whoever started it, once. */
  readonly firstAdmin: FirstAdmin | null;
  stop(): Promise<void>;
};

export async function startServer(
  config: Config,
  log: Log = createLog(config.logLevel),
  world: World = realWorld,
): Promise<RunningServer> {
  const tls = config.tls && readTls(config.tls);
  const { databasePath, host, workers } = config;
  const readOptions: ReadOptions = {
    readAccess: config.readAccess,
    publicScopes: config.publicScopes,
    defaultRegistry: config.defaultRegistry,
    memoryBytes: config.cacheBytes / workers,
    seed: world.randomBytes(4).readInt32LE(),
    keepAliveMs: KEEP_ALIVE_MS,
  };
  const imageIndex = imageIndexOf(readOptions);
  const store = await openStore({ path: databasePath, migrations: MIGRATIONS, writer: 'thread', imageIndex });
  let url = '';
  const publicUrl = () => config.publicUrl ?? url;
  const parts = composeServices(config, { store, log, world, publicUrl });
  const { tokens, sessions, users, refusals, openPgp, metrics } = parts;

  const reads = composeReads({
    ...readOptions,
    live: store,
    metrics: parts.metrics,
    noteUse: tokens.use,
    now: world.now,
  });
  const http = composeHttp(config, {
    ...parts,
    ...reads,
    log,
    publicUrl,
  });
  const most = mostConnections(openFilesLimit(), workers);
  const listener = createStoreServer({ ...http, plainReads: reads.plainReads, inTurn: parts.inTurn, tls });
  const readWorkers = createReadWorkers({
    entry: READ_WORKER,
    count: workers - 1,
    data: { ...readOptions, databasePath, host, tls, mostConnections: most },
    behind: (connection) => listener.front?.behind(connection),
    endIdle: () => listener.server.closeIdleConnections(),
    metrics,
    noteUse: tokens.use,
    log,
  });
  const connections = boundConnections(listener.server, most, () => endIdle(listener));
  const threads = async () => together([await figuresOf(connections, reads.lookaside), readWorkers.figures()]);
  metrics.watch([
    ...connectionFigures({ all: threads, mostConnections: most * workers, readWorkers: readWorkers.count }),
    ...memoryFigures(threads),
  ]);
  let inUse = tls;
  if (tls) metrics.watch([certificateFigure(() => inUse ?? tls)]);
  const use = (material: TlsMaterial) => {
    if ('setSecureContext' in listener.server) listener.server.setSecureContext(material);
    inUse = material;
    readWorkers.renew(material);
  };
  const stopLooking = config.tls && keepTlsCurrent({ files: config.tls, use, log });
  const metricsListener = createMetricsServer(metrics);
  // A last use is worth neither a failed request nor a failed shutdown.
  const flushFailed = (error: unknown) => log.warn('tokens.flush_failed', { cause: String(error) });
  const flush = () => Promise.all([tokens.flush(), sessions.flush()]).catch(flushFailed);
  const flushing = setInterval(() => void flush(), FLUSH_MS).unref();
  const noting = setInterval(() => void refusals.flush(), REFUSALS_MS).unref();

  const stopLearning = learnAside(store, (error) =>
    log.warn('images.not_learned', { cause: describeCause(toAppError(error)) }),
  );

  const taken: Taken[] = [];
  async function stop(): Promise<void> {
    stopLearning();
    stopLooking?.();
    clearInterval(flushing);
    clearInterval(noting);
    await Promise.all([readWorkers.close(GRACE_MS), close(listener, GRACE_MS), close(metricsListener, GRACE_MS)]);
    for (const { release } of taken) release();
    await openPgp.close();
    await flush();
    await refusals.flush();
    await store.close();
  }

  try {
    const [place, metricsPlace] = placesOf(config);
    const at = await listenOn(listener, place);
    taken.push(at);
    requirePublicUrl(config, at);
    url = at.url;
    if (at.port !== null) await readWorkers.start(at.port);
    const metricsAt = await listenOn(metricsListener, metricsPlace);
    taken.push(metricsAt);
    const metricsUrl = `${metricsAt.url}/metrics`;
    // Last, so that a start that fails has not made a password that nobody is told.
    const firstAdmin = await users.ensureAdmin(config.adminPassword);
    return { url, metricsUrl, firstAdmin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type ServiceParts = { store: Store; log: Log; world: World; publicUrl: () => string };

function composeServices(config: Config, { store, log, world, publicUrl }: ServiceParts) {
  const { defaultRegistry, maxSignatureBytes, databasePath } = config;
  const metrics = createMetrics();
  const ready = createReadiness(store, world);
  const observe = (seconds: number) => metrics.verification(seconds);
  const openPgp = createOpenPgpPool({ databasePath, observe, log });
  metrics.watch(storeFigures({ store, world, databasePath, ready, queueLength: openPgp.queueLength }));
  const refusals = createRefusals(store, world, log);
  const inTurn = createTurns();
  const passwords = createPasswords();
  const attempts = createSignInAttempts(world);
  const refused = createRefusedSignIns(store, world, log);
  return {
    metrics,
    ready,
    openPgp,
    inTurn,
    intake: createIntake({ store, openPgp, defaultRegistry, maxSignatureBytes, refusals, metrics, inTurn, log, world }),
    refusals,
    catalogue: createCatalogue(store, refusals, world),
    clientConfig: createClientConfig({ store, openPgp, world, publicUrl, access: config }),
    signatures: createSignatures(store, world, log),
    keys: createKeyRegistry({ store, openPgp, world, log }),
    lifecycle: createKeyLifecycle(store, world),
    tokens: createTokens(store, world),
    countFailedToken: createCountFailedToken(world),
    verdicts: createRuntimeVerdicts({ store, openPgp, world }),
    users: createUsers(store, passwords, world),
    ...composeOidc(config, { store, world, log }),
    aliases: createAliases({ store, defaultRegistry, world }),
    sessions: createSessions({ store, passwords, attempts, refused, metrics, world }),
    audit: createAuditLog(store, world),
  };
}

type Reads = ReturnType<typeof composeReads>;
type HttpParts = ReturnType<typeof composeServices> &
  Pick<Reads, 'answers' | 'lookaside'> & {
    readonly log: Log;
    readonly publicUrl: () => string;
  };

function composeHttp(config: Config, parts: HttpParts) {
  const { defaultRegistry, readAccess, publicScopes, trustProxy } = config;
  const reading = { readAccess, publicScopes: [...publicScopes], defaultRegistry };
  const authenticateRead = createAuthenticate(parts.tokens);
  const authenticate = createAuthenticateRequest(authenticateRead, parts.countFailedToken);
  const guard = createOriginGuard(config.publicUrl);
  const requirePrincipal = createRequirePrincipal({ authenticate, sessions: parts.sessions, guard });
  const storeFacts = () => ({ publicUrl: parts.publicUrl(), version: version(), ...reading });
  const readers = createUploadReaders(config.maxSignatureBytes);
  const routes = { ...parts, ...reading, authenticate, readers };
  return {
    lookaside: createLookasideHandler({ ...parts, ...reading, authenticate: authenticateRead }),
    app: createApp({
      ...parts,
      trustProxy,
      openApi: [
        createOpenRoutes(version()),
        createExchangeRoutes(parts),
        createSessionRoutes({ ...parts, guard, requirePrincipal, storeFacts }),
      ],
      requirePrincipal,
      api: [
        createSignatureRoutes(routes),
        createKeyLifecycleRoutes(routes),
        createAdminRoutes(routes),
        createUserRoutes(routes),
        createPublisherRoutes(routes),
        createConfigRoutes(routes),
        createAliasRoutes(routes),
        createVerdictRoutes(routes),
        createRecordRoutes(routes),
      ],
      ui: createUi(UI),
      put: createPutHandler(routes),
    }),
  };
}
