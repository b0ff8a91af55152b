// What is wrong with the fields of a form, as far as the server's refusal is about one of them.
import { useState } from 'react';
import type { ApiError } from '../api/api-error.ts';

export type Faults<Field extends string> = { readonly [Each in Field]?: string };

export function useFaults<Field extends string>(find: (error: ApiError) => Faults<Field>) {
  const [faults, setFaults] = useState<Faults<Field>>({});
  return {
    faults,
    forget: () => setFaults({}),
    /** As `onError` of a dialog wants it: true when the error is shown at a field. */
    take(error: ApiError): boolean {
      const found = find(error);
      setFaults(found);
      return Object.keys(found).length > 0;
    },
  };
}
