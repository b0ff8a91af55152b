// Documents of an issuer, over the network: HTTPS, one answer, bounded in time and size, no redirect. The name is looked
// up once, and the connection goes to the address that was looked at: a name that stands for a public address when it is
// checked and for a neighbour when it is used gains nothing.
import { type LookupAddress, lookup } from 'node:dns';
import { get } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { AppError } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isNeighbour } from './neighbours.ts';

export type IssuerNetwork = {
  /** `host` or `host:port` of issuers that may be neighbours. */
  readonly privateHosts: readonly string[];
  /** PEM, beside the authorities that the system knows. */
  readonly authorities: string | null;
};

/** All addresses of a name, as `dns.lookup` gives them. */
export type Resolve = (
  name: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** The parsed document. Throws ISSUER_UNAVAILABLE. */
export type FetchDocument = (url: string) => Promise<unknown>;

const fromSystem: Resolve = (name, answer) => lookup(name, { all: true }, (error, found) => answer(error, found ?? []));

export function createFetchDocument(
  { privateHosts, authorities }: IssuerNetwork,
  resolve: Resolve = fromSystem,
  timeoutMs: number = LIMITS.issuerRequestMs,
): FetchDocument {
  return async (text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
      throw unavailable('an address of it is no https URL without user');
    const mayBeNeighbour = privateHosts.includes(url.host);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    // Of a literal address, in whatever spelling, nothing is looked up.
    if (isIP(host) !== 0 && isNeighbour(host) && !mayBeNeighbour) throw neighbour(url.host);
    const body = await read(url, {
      lookup: lookupWith(resolve, (address) => {
        if (isNeighbour(address) && !mayBeNeighbour) throw neighbour(url.host);
      }),
      authorities,
      timeoutMs,
    });
    try {
      return JSON.parse(body) as unknown;
    } catch {
      throw unavailable(`${url.host} answered with something that is not JSON`);
    }
  };
}

/** What node:https calls for the address of a name. One neighbour among the answers is enough to refuse them all. */
function lookupWith(resolve: Resolve, requireAllowed: (address: string) => void): LookupFunction {
  return (name, options, callback) =>
    resolve(name, (error, addresses) => {
      const [first] = addresses;
      try {
        if (error) throw error;
        if (!first) throw new Error('the name has no address');
        for (const { address } of addresses) requireAllowed(address);
      } catch (refused) {
        return callback(refused as NodeJS.ErrnoException, []);
      }
      if (options.all) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
}

type Reading = {
  readonly lookup: LookupFunction;
  readonly authorities: string | null;
  readonly timeoutMs: number;
};

function read(url: URL, { lookup, authorities, timeoutMs }: Reading): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: unknown) => {
      reject(why instanceof AppError ? why : unavailable(`${url.host} could not be reached`, why));
      request.destroy();
    };
    const options = {
      lookup,
      agent: false,
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs), // of the whole, whatever trickles in
      ...(authorities === null ? {} : { ca: [...getCACertificates('default'), authorities] }),
    };
    const request = get(url, options, (response) => {
      const { statusCode = 0, headers } = response;
      if (statusCode !== 200) return fail(unavailable(`${url.host} answered ${statusCode}, not 200`));
      if ((headers['content-encoding'] ?? 'identity') !== 'identity')
        return fail(unavailable(`${url.host} answered with a compressed document that nobody asked for`));
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > LIMITS.issuerDocumentBytes)
          fail(unavailable(`${url.host} answered with more than ${LIMITS.issuerDocumentBytes} bytes`));
      });
      response.on('error', fail);
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    request.on('error', fail);
  });
}

function neighbour(host: string): AppError {
  return unavailable(`${host} is at a private address; if it is meant to be, name it in LOOKASIDE_OIDC_PRIVATE_HOSTS`);
}

export function unavailable(why: string, cause?: unknown): AppError {
  return new AppError('ISSUER_UNAVAILABLE', `the keys of the issuer cannot be had: ${why}`, { cause });
}
