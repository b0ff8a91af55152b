// Single requests, for looking at what a server answers before it is measured.
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';

export type Answer = { readonly status: number; readonly bytes: Buffer };

/** Over a connection of its own; whose certificate it is does not matter to a bench. */
export function get(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }));
    };
    const request = url.startsWith('https:')
      ? httpsGet(url, { agent: false, rejectUnauthorized: false }, take)
      : httpGet(url, { agent: false }, take);
    request.once('error', reject);
  });
}
