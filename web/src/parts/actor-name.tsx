// Who did it: a person, a machine's token, or somebody at the command line of the server.
import { KeyIcon, TerminalIcon, UserIcon } from '@patternfly/react-icons';
import type { ReactNode } from 'react';
import type { Actor } from '../api/schema.ts';
import { UserText } from './user-text.tsx';

const LOOK: Record<Actor['kind'], { readonly icon: ReactNode; readonly word: string }> = {
  user: { icon: <UserIcon />, word: 'User' },
  token: { icon: <KeyIcon />, word: 'Token' },
  local: { icon: <TerminalIcon />, word: 'Command line, as' },
};

export function ActorName({ actor }: { actor: Actor }) {
  const { icon, word } = LOOK[actor.kind];
  return (
    <span className="lks-actor" title={word}>
      {icon} <span className="pf-v6-screen-reader">{word} </span>
      <UserText>{actor.name}</UserText>
    </span>
  );
}
