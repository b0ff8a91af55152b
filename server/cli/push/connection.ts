// Which store a command talks to, and with what token: one that was handed over, or one that the CI system vouches for.
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import { AppError, quoteUrl } from '../../domain/errors.ts';
import { type Context, repeated } from '../context.ts';
import { readTokenFile } from '../given-file.ts';
import type { OnRetry } from './answer.ts';
import { createRenewingToken } from './exchange.ts';
import { findIdTokens } from './id-tokens.ts';

export type OidcOptions = {
  readonly server?: string;
  readonly audience?: string;
  readonly idTokenEnv?: readonly string[];
  readonly publisher?: string;
};
export type ConnectionOptions = OidcOptions & { readonly tokenFile?: string; readonly oidc?: true };

export function addConnectionOptions(command: Command): Command {
  return addOidcOptions(
    command
      .option('--server <url>', 'the store (default: LOOKASIDE_SERVER)')
      .option(
        '--token-file <file>',
        'file with the token, - for standard input (default: LOOKASIDE_TOKEN, or LOOKASIDE_TOKEN_FILE)',
      )
      .option('--oidc', 'without a token: with what the CI system says about this job'),
  );
}

export function addOidcOptions(command: Command): Command {
  return command
    .option('--id-token-env <name>', 'variable with an ID token; repeatable, one for each 12 minutes', repeated)
    .option('--audience <url>', 'public URL of the store, where --server is another one')
    .option('--publisher <name>', 'which publisher, where several match');
}

export function serverOf({ server }: OidcOptions, config: Config): string {
  const url = server ?? config.server;
  if (!url) throw new AppError('USAGE_INVALID', 'which store? give --server URL or set LOOKASIDE_SERVER');
  if (!/^https?:\/\/[^/?#@]+[^?#@]*$/.test(url))
    throw new AppError('USAGE_INVALID', `--server ${quoteUrl(url)} is not an http or https URL`);
  return url.replace(/\/+$/, '');
}

/** What to exchange, and where. */
export function exchangeOf(options: OidcOptions, { loadConfig }: Context, onRetry: OnRetry) {
  const server = serverOf(options, loadConfig());
  const idTokens = findIdTokens({
    audience: options.audience ?? server,
    variables: options.idTokenEnv ?? [],
    configured: () => loadConfig().idToken, // anew each time: Kubernetes replaces the file
    environment: process.env,
  });
  return { server, idTokens, publisher: options.publisher ?? null, onRetry };
}

/** The token for each request. */
export async function tokenOf(
  options: ConnectionOptions,
  context: Context,
  onRetry: OnRetry,
): Promise<() => Promise<string>> {
  if (options.oidc) {
    if (options.tokenFile !== undefined) throw new AppError('USAGE_INVALID', 'give --oidc or --token-file, not both');
    return createRenewingToken(exchangeOf(options, context, onRetry));
  }
  const token = await handedOver(options, context.loadConfig());
  return async () => token;
}

async function handedOver({ tokenFile }: ConnectionOptions, config: Config): Promise<string> {
  if (tokenFile === undefined) {
    if (config.token) return config.token;
    throw new AppError(
      'USAGE_INVALID',
      'a token is needed: set LOOKASIDE_TOKEN or give --token-file FILE (`lookaside token create --allow upload`), or --oidc in a trusted pipeline',
    );
  }
  return readTokenFile(tokenFile);
}
