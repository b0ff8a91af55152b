// A runner of GitHub Actions, as far as a job sees it that wants an ID token.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** What GitHub's runner has for a job that may ask for ID tokens. */
export async function githubRunner(t: TestContext, idToken: (audience: string) => string, failures = 0) {
  const secret = randomUUID();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://runner');
    asked.push(url.searchParams.get('audience') ?? '');
    const known = request.headers.authorization === `Bearer ${secret}` && url.searchParams.get('api-version') === '2.0';
    if (!known || asked.length <= failures) return response.writeHead(known ? 500 : 401).end('{}');
    return response.end(JSON.stringify({ count: 1, value: idToken(asked.at(-1) ?? '') }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return {
    asked,
    env: {
      GITHUB_ACTIONS: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret,
    },
  };
}
