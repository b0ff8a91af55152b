// A new alias, or another target for one: in one step, so that nobody who reads meanwhile finds nothing.
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import type { Alias } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { PlainTextField } from '../../parts/plain-text-field.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { type Faults, useFaults } from '../../parts/use-faults.ts';
import { sentence } from './columns.tsx';

type AliasFormProps = {
  /** Null: a new one. */
  readonly now: Alias | null;
  readonly onClose: () => void;
};

const PATH_HELP = 'What addresses begin with, as clients have it: the registry and path of a mirror, or an old base.';
const TARGET_HELP = 'A registry, or a namespace or repository of one, by its full name.';

/** A refusal begins with what it is about. */
function faultsOf({ code, detail }: ApiError, path: string, target: string): Faults<'path' | 'target'> {
  if (code !== 'ALIAS_EXISTS' && code !== 'ALIAS_INVALID') return {};
  if (detail.startsWith('/') || detail.startsWith(JSON.stringify(path))) return { path: detail };
  return detail.startsWith(JSON.stringify(target)) ? { target: detail } : {};
}

export function AliasForm({ now, onClose }: AliasFormProps) {
  const [path, setPath] = useState(now?.path ?? '');
  const [target, setTarget] = useState(now?.target ?? '');
  const add = useChange('addAlias');
  const toast = useToast();
  const [asked, meant] = [path.trim(), target.trim()];
  const { faults, forget, take } = useFaults((error) => faultsOf(error, asked, meant));
  const confirm = async () => {
    forget();
    const alias = await add.mutateAsync({ body: { path: asked, target: meant, replace: now !== null } });
    toast.success(`${alias.path} stands for ${alias.target}`, alias.warnings.map(sentence).join(' ') || undefined);
  };
  return (
    <ConfirmDialog
      title={now === null ? 'Add an alias' : 'Change what the path stands for'}
      action={now === null ? 'Add' : 'Change'}
      hasReason={false}
      isReady={asked !== '' && meant !== '' && meant !== now?.target}
      onConfirm={confirm}
      onError={take}
      onClose={onClose}
    >
      <PlainTextField
        label="Path"
        value={path}
        onChange={setPath}
        example="/mirror.example.com/hub"
        help={PATH_HELP}
        fault={faults.path}
        isRequired={now === null}
        isFixed={now !== null}
      />
      <PlainTextField
        label="Stands for"
        value={target}
        onChange={setTarget}
        example="docker.io"
        help={TARGET_HELP}
        fault={faults.target}
        isRequired
      />
    </ConfirmDialog>
  );
}
