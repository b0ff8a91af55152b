// What the commands work with. Apart from the server, of which a command that lists tokens needs nothing.
import type { Config } from '../config.ts';
import type { Log } from '../ops/log.ts';
import { realWorld, type World } from '../ops/world.ts';
import { createAliases } from '../services/aliases.ts';
import { createAuditLog } from '../services/audit.ts';
import { createClientConfig } from '../services/client-config/client-config.ts';
import { createKeyLifecycle } from '../services/key-lifecycle.ts';
import { createKeyRegistry } from '../services/key-registry.ts';
import { createOpenPgpTasks } from '../services/openpgp-tasks.ts';
import { createPasswords } from '../services/passwords.ts';
import { createRuntimeVerdicts } from '../services/runtime-verdict.ts';
import { createSignatures } from '../services/signatures.ts';
import { createTokens } from '../services/tokens.ts';
import { createUsers } from '../services/users.ts';
import { MIGRATIONS } from '../store/migrate.ts';
import { openStore } from '../store/sqlite-store.ts';
import { composeOidc } from './oidc.ts';

export type LocalOptions = { readonly world?: World; readonly mustExist?: boolean };

/** On the database itself; safe while a server runs on it. */
export async function composeLocal(
  config: Config,
  log: Log,
  { world = realWorld, mustExist = false }: LocalOptions = {},
) {
  const path = config.databasePath;
  const store = await openStore({ path, migrations: MIGRATIONS, writer: 'local', mustExist });
  const openPgp = createOpenPgpTasks();
  const publicUrl = () => config.publicUrl;
  return {
    clientConfig: createClientConfig({ store, openPgp, world, publicUrl, access: config }),
    keys: createKeyRegistry({ store, openPgp, world, log }),
    lifecycle: createKeyLifecycle(store, world),
    tokens: createTokens(store, world),
    signatures: createSignatures(store, world, log),
    aliases: createAliases({ store, defaultRegistry: config.defaultRegistry, world }),
    audit: createAuditLog(store, world),
    users: createUsers(store, createPasswords(), world),
    verdicts: createRuntimeVerdicts({ store, openPgp, world }),
    ...composeOidc(config, { store, world, log }),
    close: () => store.close(),
  };
}

export type Local = Awaited<ReturnType<typeof composeLocal>>;
