// What an Authorization field holds: a token as it is (Bearer), or as the password of anybody (Basic).

/** Null where none is offered; an empty Basic user and password is how clients say nobody. */
export function readCredential(
  authorization: string | undefined,
): { scheme: 'bearer' | 'basic'; secret: string } | null {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return { scheme: 'bearer', secret: value };
  if (scheme.toLowerCase() !== 'basic') return null;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const secret = pair.slice(pair.indexOf(':') + 1);
  return secret === '' ? null : { scheme: 'basic', secret };
}
