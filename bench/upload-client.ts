// The process that uploads: one signature a request, on connections that are kept, so many at a time. What it asks
// for next is not sent before the last was answered, so it goes as fast as the server takes it.
import { Agent, request } from 'node:http';
import { readCorpus } from './corpus.ts';
import { percentile } from './statistics.ts';

export type UploadJob = {
  readonly url: string;
  readonly token: string;
  readonly file: string;
  readonly first: number;
  readonly count: number;
  readonly lanes: number;
  /** Ends early after this time. */
  readonly seconds?: number;
};

export type UploadResult = {
  readonly stored: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

const job: UploadJob = JSON.parse(process.argv[2] ?? '');
const signatures = readCorpus(job.file, job.first, job.count);
const agent = new Agent({ keepAlive: true, maxSockets: job.lanes });
const times: number[] = [];
let next = 0;
const start = performance.now();
const until = start + (job.seconds ?? Number.POSITIVE_INFINITY) * 1000;
await Promise.all(Array.from({ length: job.lanes }, lane));
const took = (performance.now() - start) / 1000;
agent.destroy();
const result: UploadResult = {
  stored: times.length,
  perSecond: times.length / took,
  p50Ms: percentile(times, 0.5),
  p99Ms: percentile(times, 0.99),
};
process.stdout.write(JSON.stringify(result));

async function lane(): Promise<void> {
  for (let bytes = signatures[next++]; bytes && performance.now() < until; bytes = signatures[next++]) {
    const began = performance.now();
    await upload(bytes);
    times.push(performance.now() - began);
  }
}

function upload(bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${job.token}`,
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
    };
    const sending = request(`${job.url}/api/v1/signatures`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () =>
        text.includes('"status":"stored"') ? resolve() : reject(new Error(`${response.statusCode}: ${text}`)),
      );
    });
    sending.once('error', reject);
    sending.end(bytes);
  });
}
