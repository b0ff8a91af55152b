// Connections to a TLS server that have not finished their handshake. Node.js closes the idle connections of a server
// that ends, but these it waits for, as long as a handshake may take.
import type { Server, Socket } from 'node:net';

export type Handshakes = {
  /** Ends those that have been under way for longer than a client needs. */
  endSlow(): void;
};

/** A client that means it is done in a few round trips. */
const SLOW_MS = 1_000;

export function watchHandshakes(server: Server): Handshakes {
  const pending = new Map<string, { readonly socket: Socket; readonly since: number }>();
  // The TLS socket is another one than the plain one below it, with the same client.
  const clientOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;

  server.on('connection', (socket: Socket) => {
    const client = clientOf(socket);
    const handshake = { socket, since: performance.now() };
    pending.set(client, handshake);
    socket.on('close', () => pending.get(client) === handshake && pending.delete(client));
  });
  server.on('secureConnection', (socket: Socket) => pending.delete(clientOf(socket)));

  return {
    endSlow() {
      const past = performance.now() - SLOW_MS;
      for (const { socket, since } of pending.values()) if (since < past) socket.destroy();
    },
  };
}
