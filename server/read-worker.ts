// Entry point of a read worker: a thread that accepts connections beside the main one and answers plain reads, with a
// memory and a database connection of its own. Everything else it carries to the main thread, byte by byte.
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { MessageChannel, parentPort, workerData } from 'node:worker_threads';
import { composeReads, imageIndexOf, learnAside } from './compose-reads.ts';
import { AppError, toFailure } from './domain/errors.ts';
import type { Instant } from './domain/instant.ts';
import { boundConnections } from './http/connections.ts';
import { createFront } from './http/front.ts';
import { watchHandshakes } from './http/handshakes.ts';
import { BACKLOG } from './http/listen.ts';
import { createPortStream } from './http/port-stream.ts';
import type { FromWorker, ReadWorkerData, ToWorker } from './http/read-workers.ts';
import { HANDSHAKE_MS, ROUND_TRIP_MS } from './http/server.ts';
import { NO_FIGURES, type ThreadFigures, threadFigures } from './http/thread-figures.ts';
import { formatAuthority } from './ops/address.ts';
import { realWorld } from './ops/world.ts';
import { openReads } from './store/sqlite-store.ts';

/** How often the counts of reads are handed over. */
const COUNT_MS = 500;

type Main = NonNullable<typeof parentPort>;

if (parentPort) serve(parentPort, workerData as ReadWorkerData);

function serve(main: Main, data: ReadWorkerData): void {
  const { databasePath, tls, host, port } = data;
  const send = (message: FromWorker) => main.postMessage(message);
  const reading = openReads(databasePath, imageIndexOf(data));
  const counts = { hit: 0, miss: 0 };
  const uses = new Map<string, Instant>();
  const took: number[] = [];
  const { plainReads, lookaside } = composeReads({
    ...data,
    live: reading.live,
    metrics: { reads: counts, readTook: (seconds) => void took.push(seconds) },
    noteUse: (id, at) => void uses.set(id, at),
    now: realWorld.now,
  });
  const idleMs = data.keepAliveMs + ROUND_TRIP_MS;
  const behind = (socket: Socket) => carry(socket, main, idleMs);
  const front = createFront({ reads: plainReads, idleMs, behind, polled: tls === null });
  const server: Server | TlsServer = tls
    ? createTlsServer({ ...tls, handshakeTimeout: HANDSHAKE_MS, ALPNProtocols: ['http/1.1'], noDelay: true })
    : createServer({ noDelay: true, allowHalfOpen: true });
  server.on(tls ? 'secureConnection' : 'connection', front.accept);
  const handshakes = tls && watchHandshakes(server);
  // node:https ends a connection whose handshake takes too long; node:tls only says so, and would keep it for ever.
  if (tls) server.on('tlsClientError', (_, socket: Socket) => void socket.destroy());
  server.on('error', (cause: NodeJS.ErrnoException) => {
    const message = `a read worker cannot listen on ${formatAuthority(host, port)}: ${cause.code ?? cause.message}`;
    send({ kind: 'failed', failure: toFailure(new AppError('CONFIG_INVALID', message, { cause })) });
  });
  server.listen({ host, port, reusePort: true, backlog: BACKLOG }, () => send({ kind: 'listening' }));

  const connections = boundConnections(server, data.mostConnections, front.endIdle);
  let told: ThreadFigures = NO_FIGURES;
  const handOver = (open: number) => {
    const figures = threadFigures(open, connections.refused(), lookaside.memory);
    if (counts.hit + counts.miss === 0 && isDeepStrictEqual(figures, told)) return;
    send({ kind: 'reads', ...counts, uses, took, figures });
    told = figures;
    counts.hit = counts.miss = took.length = 0;
    uses.clear();
  };
  const counting = setInterval(() => void connections.open().then(handOver), COUNT_MS);

  function stop(): void {
    stopLearning();
    const endIdle = () => {
      front.endIdle();
      handshakes?.endSlow();
    };
    const idle = setInterval(endIdle, 50);
    server.close(() => {
      clearInterval(idle);
      clearInterval(counting);
      handOver(0);
      reading.close();
      main.close();
    });
    endIdle();
  }

  main.on('message', (message: ToWorker) => {
    if (message === 'stop') stop();
    else if ('setSecureContext' in server) server.setSecureContext(message.tls);
  });
  // Reads find the same fault, if it lasts, and the main thread tells it.
  const stopLearning = learnAside(reading.live, () => {});
}

function carry(socket: Socket, main: Main, idleMs: number): void {
  const { port1, port2 } = new MessageChannel();
  const encrypted = 'encrypted' in socket;
  const connection: FromWorker = { kind: 'connection', port: port2, remoteAddress: socket.remoteAddress, encrypted };
  main.postMessage(connection, [port2]);
  const stream = createPortStream(port1);
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('error', () => {}).on('close', () => stream.destroy());
  // What has come from there was sent, as far as the main thread knows: it goes out before the socket is closed.
  stream.on('error', () => {}).on('close', () => socket.destroySoon());
  socket.pipe(stream);
  stream.pipe(socket);
}
